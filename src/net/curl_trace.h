/* What libcurl tells of its work, for people who look for a fault. */
#ifndef XHR__NET_CURL_TRACE_H
#define XHR__NET_CURL_TRACE_H

#include <curl/curl.h>

#include "fetch/transport.h"

/* Passes on what libcurl's debug callback is told. */
void xhr__curl_trace_tell(const xhr__trace *trace, curl_infotype type, xhr__str text);

#endif
