/* https://xhr.spec.whatwg.org/#interface-xmlhttprequest: the JavaScript objects around src/xhr's. */
#ifndef XHR__RUNTIME_XMLHTTPREQUEST_H
#define XHR__RUNTIME_XMLHTTPREQUEST_H

#include "runtime/event_target.h"
#include "xhr/request.h"

extern const xhr__interface xhr__xml_http_request_event_target_interface;
extern const xhr__interface xhr__xml_http_request_upload_interface;
extern const xhr__interface xhr__xml_http_request_interface;

typedef struct xhr__js_xhr {
  xhr__js_event_target target;
  xhr__realm *
      realm; /* borrowed: the relevant one. There while `request` has its sink_data: the realm's end takes that */
  JSValue self;           /* borrowed: its own value */
  xhr *request;           /* counted; its events come here */
  JSValue upload;         /* JS_UNDEFINED: nobody has asked for it */
  xhr__teardown teardown; /* in the realm's list */
  bool pinned;            /* from send() to the last event: the object holds itself */
  /* responseType "document": there are none yet.
   * FIXME: documents. */
  bool document;
  /* What the getters have made of the response whose number `response` is. */
  uint64_t response;
  JSValue text;            /* as far as it is read */
  uint32_t text_len;       /* in code units */
  bool text_too_long;      /* for the engine */
  JSValue response_object; /* JS_UNDEFINED: none; JS_NULL: failure, or a null body's JSON */
} xhr__js_xhr;

/* ---- xmlhttprequest_response.c ---------------------------------------------------------------------------------- */

xhr__getter xhr__xhr_get_response;
xhr__getter xhr__xhr_get_response_text;
xhr__getter xhr__xhr_get_response_xml;
xhr__getter xhr__xhr_get_response_type;
xhr__setter xhr__xhr_set_response_type;
/* What failed, as an object; null where nothing did. NOTE: nothing of the standard's: in system contexts only. */
xhr__getter xhr__xhr_get_failure;

#endif
