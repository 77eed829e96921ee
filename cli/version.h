/* The engine's version, which its header does not tell: the build passes it. */
#ifndef XHR__CLI_VERSION_H
#define XHR__CLI_VERSION_H

#ifdef XHR_QUICKJS_VERSION
#define CLI_QUICKJS_VERSION XHR_QUICKJS_VERSION
#else
#define CLI_QUICKJS_VERSION "(API of 2025-04-26)"
#endif

#endif
