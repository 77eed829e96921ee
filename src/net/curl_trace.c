#include "net/curl_trace.h"

static int on_debug(CURL *easy, curl_infotype type, char *data, size_t size, void *user) {
  const xhr__trace *trace = user;
  (void)easy;
  xhr__str text = xhr__str_of(data, size);
  switch (type) {
    case CURLINFO_TEXT: trace->tell(trace->user, XHR__TRACE_NOTE, text); break;
    case CURLINFO_HEADER_OUT: trace->tell(trace->user, XHR__TRACE_SENT, text); break;
    case CURLINFO_HEADER_IN: trace->tell(trace->user, XHR__TRACE_RECEIVED, text); break;
    default: break;
  }
  return 0;
}

bool xhr__curl_trace(CURL *easy, const xhr__trace *trace) {
  if (!trace)
    return true;
  return curl_easy_setopt(easy, CURLOPT_DEBUGFUNCTION, on_debug) == CURLE_OK &&
         curl_easy_setopt(easy, CURLOPT_DEBUGDATA, trace) == CURLE_OK &&
         curl_easy_setopt(easy, CURLOPT_VERBOSE, 1L) == CURLE_OK;
}
