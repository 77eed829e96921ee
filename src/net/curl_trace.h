/* What libcurl tells of its work, for people who look for a fault. */
#ifndef XHR__NET_CURL_TRACE_H
#define XHR__NET_CURL_TRACE_H

#include <curl/curl.h>

#include "fetch/transport.h"

/* Has a handle tell; `trace` is borrowed as long as the handle lives. NULL: it tells nothing. False for want of memory. */
bool xhr__curl_trace(CURL *easy, const xhr__trace *trace);

#endif
