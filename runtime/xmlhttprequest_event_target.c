/* https://xhr.spec.whatwg.org/#xmlhttprequesteventtarget and https://xhr.spec.whatwg.org/#xmlhttprequestupload */
#include "infra/alloc.h"
#include "runtime/xmlhttprequest.h"

static void finalize(JSRuntime *runtime, void *object) {
  xhr__js_event_target_free(runtime, object);
  xhr__free(object);
}

static void mark(JSRuntime *runtime, void *object, JS_MarkFunc *mark_func) {
  xhr__js_event_target_mark(runtime, object, mark_func);
}

static const xhr__member members[] = {
    XHR__DEFINE_HANDLER("onloadstart"), XHR__DEFINE_HANDLER("onprogress"),
    XHR__DEFINE_HANDLER("onabort"),     XHR__DEFINE_HANDLER("onerror"),
    XHR__DEFINE_HANDLER("onload"),      XHR__DEFINE_HANDLER("ontimeout"),
    XHR__DEFINE_HANDLER("onloadend"),
};

const xhr__interface xhr__xml_http_request_event_target_interface = {
    .name = "XMLHttpRequestEventTarget",
    .inherits = &xhr__event_target_interface,
    .members = members,
    .member_count = sizeof members / sizeof *members,
    .finalize = finalize,
    .mark = mark,
};

const xhr__interface xhr__xml_http_request_upload_interface = {
    .name = "XMLHttpRequestUpload",
    .inherits = &xhr__xml_http_request_event_target_interface,
    .finalize = finalize,
    .mark = mark,
};
