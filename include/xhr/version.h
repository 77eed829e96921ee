/* libxhr: the version, at compile time and at run time. */
#ifndef XHR_VERSION_H
#define XHR_VERSION_H

#include "xhr/api.h"

/** Compile-time version. The same major version keeps the ABI (from 1.0 on). */
#define XHR_VERSION_MAJOR 0
#define XHR_VERSION_MINOR 1
#define XHR_VERSION_PATCH 0

XHR_BEGIN_DECLS

/**
 * The version of the library that is loaded, such as "0.1.0".
 *
 * @return a constant string; never NULL. Any thread.
 */
XHR_API const char *xhr_version(void);

XHR_END_DECLS

#endif
