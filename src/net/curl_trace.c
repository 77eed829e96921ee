#include "net/curl_trace.h"

void xhr__curl_trace_tell(const xhr__trace *trace, curl_infotype type, xhr__str text) {
  switch (type) {
    case CURLINFO_TEXT: trace->tell(trace->user, XHR__TRACE_NOTE, text); break;
    case CURLINFO_HEADER_OUT: trace->tell(trace->user, XHR__TRACE_SENT, text); break;
    case CURLINFO_HEADER_IN: trace->tell(trace->user, XHR__TRACE_RECEIVED, text); break;
    default: break;
  }
}
