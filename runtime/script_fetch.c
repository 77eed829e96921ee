#include "runtime/script_fetch.h"

#include "encoding/decode.h"
#include "fetch/extract_mime_type.h"
#include "infra/alloc.h"
#include "mime/mime_type_groups.h"
#include "session/resource_fetch.h"

typedef struct pending {
  xhr__script_type_rule rule;
  xhr__fetched_script *script;
  xhr_status status;
} pending;

void xhr__fetched_script_free(xhr__fetched_script *script) {
  xhr__url_free(&script->url);
  xhr__bytes_free(&script->source);
  xhr__bytes_free(&script->failure);
}

static xhr_status fail(xhr__fetched_script *script, xhr__str why) {
  return xhr__bytes_assign(&script->failure, why);
}

/* https://fetch.spec.whatwg.org/#concept-header-extract-mime-type: whether it is a JavaScript MIME type. */
static xhr_status has_javascript_type(const xhr__response *response, bool *result) {
  xhr__mime_type type = {0};
  xhr__str *values;
  size_t count;
  *result = false;
  xhr_status status =
      xhr__header_list_values(&response->header_list, XHR__STR("Content-Type"), &values, &count);
  if (status != XHR_OK)
    return status;
  status = xhr__extract_mime_type(values, count, &type);
  xhr__free(values);
  *result = status == XHR_OK && xhr__is_javascript_mime_type(&type);
  xhr__mime_type_free(&type);
  return status == XHR_SYNTAX_ERR ? XHR_OK : status;
}

static xhr_status bad_status(xhr__fetched_script *script, unsigned status) {
  xhr__bytes text = {0};
  xhr_status done = xhr__bytes_append(&text, XHR__STR("the server answered with status "));
  if (done == XHR_OK)
    done = xhr__bytes_append_u64(&text, status);
  if (done == XHR_OK)
    done = fail(script, xhr__bytes_str(&text));
  xhr__bytes_free(&text);
  return done;
}

xhr_status xhr__fetched_script_of(const xhr__resource *resource, xhr__script_type_rule rule,
                                  xhr__fetched_script *script) {
  const xhr__response *response = resource->response;
  bool is_script;
  /* no response or body */
  if (!response || resource->failure)
    return fail(script, resource->failure ? xhr__str_c(resource->failure->message)
                                          : XHR__STR("there was no response"));
  /* its status is not an ok status */
  if (response->status < 200 || response->status > 299)
    return bad_status(script, response->status);
  /* its type is none of a script. NOTE: other schemes are exempt from that for workers' own scripts */
  xhr_status status = has_javascript_type(response, &is_script);
  bool exempt = rule == XHR__SCRIPT_TYPE_ALWAYS ? xhr__url_scheme_is(&response->url, "file")
                                                : !xhr__url_is_http(&response->url);
  if (status == XHR_OK && !is_script && !exempt)
    return fail(script, XHR__STR("its MIME type is not that of a script, such as text/javascript"));
  /* UTF-8 decode */
  if (status == XHR_OK)
    status = xhr__utf_8_decode(resource->body, &script->source);
  if (status == XHR_OK)
    status = xhr__bytes_reserve(&script->source, 1);
  if (status == XHR_OK)
    status = xhr__url_copy(&response->url, &script->url);
  script->muted_errors = response->type == XHR__RESPONSE_OPAQUE;
  script->fetched = status == XHR_OK;
  return status;
}

static void done(void *user, const xhr__resource *resource) {
  pending *self = user;
  self->status = xhr__fetched_script_of(resource, self->rule, self->script);
}

/* Takes over the request. */
static xhr_status fetch_and_wait(xhr_context *context, xhr__request *request,
                                 xhr__script_type_rule rule, xhr__fetched_script *script) {
  pending self = {.rule = rule, .script = script, .status = XHR_OK};
  xhr_status status = xhr__resource_fetch_wait(context, request, done, &self);
  return status == XHR_OK ? self.status : status;
}

xhr_status xhr__fetch_classic_worker_script(xhr_context *outside, const xhr__url *url,
                                            xhr__request_destination destination,
                                            xhr__fetched_script *script) {
  xhr__request *request;
  /* 1. */
  xhr_status status = xhr__resource_request_new(outside, url, destination, XHR__MODE_SAME_ORIGIN,
                                                XHR__CREDENTIALS_SAME_ORIGIN, &request);
  /* 2. - 3. */
  return status == XHR_OK ? fetch_and_wait(outside, request, XHR__SCRIPT_TYPE_OF_HTTP, script)
                          : status;
}

xhr_status xhr__fetch_classic_worker_imported_script(xhr_context *context, const xhr__url *url,
                                                     xhr__fetched_script *script) {
  xhr__request *request;
  /* 3. */
  xhr_status status =
      xhr__resource_request_new(context, url, XHR__DESTINATION_SCRIPT, XHR__MODE_NO_CORS,
                                XHR__CREDENTIALS_SAME_ORIGIN, &request);
  /* 4. - 8. */
  return status == XHR_OK ? fetch_and_wait(context, request, XHR__SCRIPT_TYPE_ALWAYS, script)
                          : status;
}

xhr_status xhr__fetch_module_script(xhr_context *context, const xhr__url *url,
                                    const xhr__module_request *as, xhr__fetched_script *script) {
  xhr__request *request;
  /* 5. - 8. */
  xhr_status status = xhr__resource_request_new(
      context, url, as->destination, as->is_top_level ? XHR__MODE_SAME_ORIGIN : XHR__MODE_CORS,
      as->credentials_mode, &request);
  if (status != XHR_OK)
    return status;
  if (as->has_client) {
    xhr__client_snapshot_unref(request->client);
    request->client = xhr__client_snapshot_ref(as->client);
  }
  /* 9. - 13. NOTE: a module is never muted: it was fetched with CORS */
  return fetch_and_wait(context, request, XHR__SCRIPT_TYPE_ALWAYS, script);
}
