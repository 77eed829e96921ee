#include <stdio.h>

#include "dom/node.h"
#include "encoding/decode.h"
#include "fetch/extract_mime_type.h"
#include "fetch/referrer.h"
#include "infra/alloc.h"
#include "runtime/console.h"
#include "runtime/html_script_element.h"
#include "runtime/module_loader.h"

void xhr__script_run_tell(const xhr__script_run *run, xhr__str why) {
  xhr__bytes text = {0};
  if (xhr__bytes_append(&text, XHR__STR("script ")) == XHR_OK &&
      xhr__bytes_append(&text, xhr__bytes_str(&run->url)) == XHR_OK &&
      xhr__bytes_append(&text, XHR__STR(": ")) == XHR_OK && xhr__bytes_append(&text, why) == XHR_OK)
    xhr__console_print(run->page->realm, 'e', xhr__bytes_str(&text));
  xhr__bytes_free(&text);
}

/* Steps 5.3 to 5.5: the encoding, and the source text in UTF-8. */
static xhr_status decode(xhr__script_run *run, const xhr__resource *resource) {
  xhr__mime_type type = {0};
  xhr__str *values;
  size_t count;
  xhr_status status = xhr__header_list_values(&resource->response->header_list,
                                              XHR__STR("Content-Type"), &values, &count);
  if (status != XHR_OK)
    return status;
  status = xhr__extract_mime_type(values, count, &type);
  xhr__free(values);
  if (status == XHR_OK || status == XHR_SYNTAX_ERR)
    status = xhr__decode(
        resource->body,
        xhr__legacy_extract_encoding(status == XHR_OK ? &type : NULL, run->encoding), &run->source);
  xhr__mime_type_free(&type);
  return status;
}

/* https://html.spec.whatwg.org/#concept-script-base-url of a classic script, which what it imports is relative to; where its
 * errors are muted that is about:blank. */
static xhr_status keep_base_url(const xhr__script_run *run, const xhr__url *url) {
  xhr__realm *realm = run->page->realm;
  xhr__url blank = {0};
  xhr_status status = XHR_OK;
  if (run->muted_errors)
    status = xhr__url_parse(XHR__STR("about:blank"), NULL, &blank);
  if (status == XHR_OK && !xhr__module_know(realm, run->url.data, run->muted_errors ? &blank : url,
                                            XHR__CREDENTIALS_SAME_ORIGIN)) {
    JS_FreeValue(realm->js, JS_GetException(realm->js));
    status = XHR_OUT_OF_MEMORY;
  }
  xhr__url_free(&blank);
  return status;
}

/* Step 5: what comes of the fetch of a classic script. */
static xhr__script_result take_classic(xhr__script_run *run, const xhr__resource *resource) {
  char status_text[64];
  const xhr__response *response = resource->response;
  /* 5.2. */
  if (!response || resource->failure) {
    xhr__script_run_tell(run, resource->failure ? xhr__str_c(resource->failure->message)
                                                : XHR__STR("there was no answer"));
    return XHR__SCRIPT_FAILED;
  }
  /* NOTE: what is not fetched by HTTP has the status 200. */
  if (response->status < 200 || response->status > 299) {
    (void)snprintf(status_text, sizeof status_text, "the server answered with status %u",
                   response->status);
    xhr__script_run_tell(run, xhr__str_c(status_text));
    return XHR__SCRIPT_FAILED;
  }
  /* 5.6. */
  run->muted_errors = response->type == XHR__RESPONSE_OPAQUE;
  /* 5.3. - 5.5. */
  if (decode(run, resource) == XHR_OK && keep_base_url(run, &response->url) == XHR_OK)
    return XHR__SCRIPT_READY;
  xhr__script_run_tell(run, XHR__STR("out of memory"));
  return XHR__SCRIPT_FAILED;
}

/* The same of a module script, with what it imports. */
static xhr__script_result take_module(xhr__script_run *run, const xhr__resource *resource) {
  xhr__bytes why = {0};
  bool fetched = xhr__module_source_of(resource, &run->source, &why) &&
                 xhr__url_copy(&resource->response->url, &run->base_url) == XHR_OK;
  if (!fetched)
    xhr__script_run_tell(run, xhr__bytes_str(&why));
  xhr__bytes_free(&why);
  return fetched ? xhr__script_run_make_module(run) : XHR__SCRIPT_FAILED;
}

static void process_response(void *user, const xhr__resource *resource) {
  xhr__script_run *run = user;
  run->fetch = NULL;
  /* 5.7. - 5.8. */
  xhr__script_run_mark_as_ready(run, run->type == XHR__SCRIPT_CLASSIC ? take_classic(run, resource)
                                                                      : take_module(run, resource));
}

xhr__credentials_mode xhr__script_run_credentials(const xhr__script_run *run) {
  xhr__str value;
  if (!xhr__element_attribute(run->element, XHR__STR("crossorigin"), &value))
    return run->type == XHR__SCRIPT_MODULE ? XHR__CREDENTIALS_SAME_ORIGIN
                                           : XHR__CREDENTIALS_INCLUDE;
  return xhr__str_equals_ci(value, XHR__STR("use-credentials")) ? XHR__CREDENTIALS_INCLUDE
                                                                : XHR__CREDENTIALS_SAME_ORIGIN;
}

/* https://html.spec.whatwg.org/#create-a-potential-cors-request */
static xhr_status new_request(const xhr__script_run *run, const xhr_context *client,
                              const xhr__url *url, xhr__request **request) {
  xhr__str value;
  bool no_cors = run->type == XHR__SCRIPT_CLASSIC &&
                 !xhr__element_attribute(run->element, XHR__STR("crossorigin"), &value);
  /* 1. - 4. */
  xhr__request_mode mode = no_cors ? XHR__MODE_NO_CORS : XHR__MODE_CORS;
  xhr__credentials_mode credentials = xhr__script_run_credentials(run);
  /* 5. */
  xhr_status status =
      xhr__resource_request_new(client, url, XHR__DESTINATION_SCRIPT, mode, credentials, request);
  /* Step 27 of preparing it. */
  if (status == XHR_OK && xhr__element_attribute(run->element, XHR__STR("referrerpolicy"), &value))
    (*request)->referrer_policy = xhr__referrer_policy_by_name(value);
  return status;
}

/* Whose request it is. DEVIATION: a local page has the scripts that lie beside it, though its origin is opaque and it may read no
 * file: as browsers have it, so that such pages work. */
static xhr_context *client_of(const xhr__script_run *run, const xhr__url *url) {
  const xhr__page *page = run->page;
  bool local = xhr__url_scheme_is(url, "file") &&
               xhr__url_scheme_is(&run->preparation_document->url, "file");
  return local ? page->opener : page->context;
}

xhr_status xhr__fetch_script(xhr__script_run *run, const xhr__url *url) {
  xhr_context *client = client_of(run, url);
  xhr__request *request;
  xhr_status status = xhr__url_serialize(url, true, &run->url);
  /* 1. - 4. */
  if (status == XHR_OK)
    status = new_request(run, client, url, &request);
  /* 5. */
  if (status == XHR_OK)
    status = xhr__resource_fetch_start(client, request, process_response, run, &run->fetch);
  return status;
}
