/* libxhr: how the public functions are declared. */
#ifndef XHR_API_H
#define XHR_API_H

/** Marks a public function: the only symbols that libxhr.so exports. */
#if defined(__GNUC__)
#define XHR_API __attribute__((visibility("default")))
#else
#define XHR_API
#endif

#ifdef __cplusplus
#define XHR_BEGIN_DECLS extern "C" {
#define XHR_END_DECLS   }
#else
#define XHR_BEGIN_DECLS
#define XHR_END_DECLS
#endif

#endif
