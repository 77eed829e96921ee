#include "runtime/module_loader.h"

#include "encoding/decode.h"
#include "fetch/extract_mime_type.h"
#include "infra/alloc.h"
#include "mime/mime_type_groups.h"
#include "runtime/rejections.h"

/* ---- resolving --------------------------------------------------------------------------------------------------- */

static bool is_relative(xhr__str specifier) {
  return xhr__str_starts_with(specifier, XHR__STR("/")) ||
         xhr__str_starts_with(specifier, XHR__STR("./")) ||
         xhr__str_starts_with(specifier, XHR__STR("../"));
}

/* https://html.spec.whatwg.org/#resolve-a-url-like-module-specifier: what imports it may have no URL for its name, and then the
 * realm's base URL is meant. */
static xhr_status resolve(const xhr__realm *realm, const char *importer, xhr__str specifier,
                          xhr__url *url) {
  xhr__url base;
  if (!is_relative(specifier))
    return xhr__url_parse(specifier, NULL, url);
  xhr_status status = xhr__url_parse(xhr__str_c(importer), NULL, &base);
  if (status == XHR_SYNTAX_ERR)
    return xhr__url_parse(specifier, &realm->context->api_base_url, url);
  if (status == XHR_OK)
    status = xhr__url_parse(specifier, &base, url);
  xhr__url_free(&base);
  return status;
}

/* A module's name from the importer's and the specifier; NULL where it threw. The engine frees it. */
static char *normalize(JSContext *js, const char *importer, const char *specifier, void *opaque) {
  xhr__realm *realm = xhr__realm_of(js);
  xhr__url url = {0};
  (void)opaque;
  if (!realm) {
    JS_ThrowTypeError(js, "libxhr has been uninstalled from this realm");
    return NULL;
  }
  xhr_status status = resolve(realm, importer, xhr__str_c(specifier), &url);
  char *name = NULL;
  if (status == XHR_OK)
    name = js_strndup(js, url.href.data, url.href.len);
  else if (status == XHR_SYNTAX_ERR)
    JS_ThrowTypeError(js,
                      "cannot import '%s': it is neither a URL nor begins with '/', './' or '../'",
                      specifier);
  else
    JS_ThrowOutOfMemory(js);
  xhr__url_free(&url);
  return name;
}

/* ---- fetching ---------------------------------------------------------------------------------------------------- */

static bool is_javascript(const xhr__response *response) {
  xhr__mime_type type = {0};
  xhr__str *values;
  size_t count;
  if (xhr__header_list_values(&response->header_list, XHR__STR("Content-Type"), &values, &count) !=
      XHR_OK)
    return false;
  bool is =
      xhr__extract_mime_type(values, count, &type) == XHR_OK && xhr__is_javascript_mime_type(&type);
  xhr__free(values);
  xhr__mime_type_free(&type);
  return is;
}

bool xhr__module_source_of(const xhr__resource *resource, xhr__bytes *source, xhr__bytes *why) {
  const xhr__response *response = resource->response;
  /* 13.1. NOTE: what is not fetched by HTTP has the status 200 */
  if (!response || resource->failure) {
    (void)xhr__bytes_append(why, resource->failure ? xhr__str_c(resource->failure->message)
                                                   : XHR__STR("there was no answer"));
    return false;
  }
  if (response->status < 200 || response->status > 299) {
    (void)xhr__bytes_append(why, XHR__STR("the server answered with status "));
    (void)xhr__bytes_append_u64(why, response->status);
    return false;
  }
  /* 13.2. - 13.3. NOTE: nobody says of what type a file is */
  if (!is_javascript(response) && !xhr__url_scheme_is(&response->url, "file")) {
    (void)xhr__bytes_append(why, XHR__STR("its MIME type is not that of a script"));
    return false;
  }
  /* 13.4. */
  if (xhr__utf_8_decode(resource->body, source) == XHR_OK &&
      xhr__bytes_reserve(source, 1) == XHR_OK) {
    source->data[source->len] = '\0';
    return true;
  }
  (void)xhr__bytes_append(why, XHR__STR("out of memory"));
  return false;
}

typedef struct wanted {
  bool fetched;
  xhr__bytes source, why;
} wanted;

static void process_response(void *user, const xhr__resource *resource) {
  wanted *module = user;
  module->fetched = xhr__module_source_of(resource, &module->source, &module->why);
}

static xhr_status fetch_and_wait(const xhr__realm *realm, const char *name, wanted *module) {
  xhr__url url;
  xhr__request *request;
  xhr_status status = xhr__url_parse(xhr__str_c(name), NULL, &url);
  if (status != XHR_OK)
    return status;
  status = xhr__resource_request_new(realm->context, &url, XHR__DESTINATION_SCRIPT, XHR__MODE_CORS,
                                     XHR__CREDENTIALS_SAME_ORIGIN, &request);
  xhr__url_free(&url);
  if (status == XHR_OK)
    status = xhr__resource_fetch_wait(realm->context, request, process_response, module);
  return status;
}

static JSModuleDef *load(JSContext *js, const char *name, void *opaque) {
  xhr__realm *realm = xhr__realm_of(js);
  wanted module = {0};
  JSModuleDef *definition = NULL;
  (void)opaque;
  xhr_status status = fetch_and_wait(realm, name, &module);
  if (status != XHR_OK) {
    (void)xhr__throw_status(realm, status, "import");
  } else if (!module.fetched) {
    JS_ThrowTypeError(js, "cannot import %s: %s", name, module.why.data ? module.why.data : "");
  } else {
    JSValue value = xhr__module_new(realm, xhr__bytes_str(&module.source), name);
    /* The engine's list of modules holds it. */
    if (!JS_IsException(value))
      definition = JS_VALUE_GET_PTR(value);
    JS_FreeValue(js, value);
  }
  xhr__bytes_free(&module.source);
  xhr__bytes_free(&module.why);
  return definition;
}

void xhr__module_loader_install(JSRuntime *runtime) {
  JS_SetModuleLoaderFunc(runtime, normalize, load, NULL);
}

/* ---- running ----------------------------------------------------------------------------------------------------- */

/* https://html.spec.whatwg.org/#hostgetimportmetaproperties */
static bool set_meta(JSContext *js, JSValueConst module, const char *url) {
  JSValue meta = JS_GetImportMeta(js, JS_VALUE_GET_PTR(module));
  bool done = !JS_IsException(meta) &&
              JS_DefinePropertyValueStr(js, meta, "url", JS_NewString(js, url), JS_PROP_C_W_E) >= 0;
  JS_FreeValue(js, meta);
  return done;
}

JSValue xhr__module_new(xhr__realm *realm, xhr__str source, const char *url) {
  JSContext *js = realm->js;
  JSValue module =
      JS_Eval(js, source.data, source.len, url, JS_EVAL_TYPE_MODULE | JS_EVAL_FLAG_COMPILE_ONLY);
  if (JS_IsException(module) || set_meta(js, module, url))
    return module;
  JS_FreeValue(js, module);
  return JS_EXCEPTION;
}

bool xhr__module_load(xhr__realm *realm, JSValueConst module) {
  realm->depth++;
  bool done = JS_ResolveModule(realm->js, module) >= 0;
  realm->depth--;
  return done;
}

/* Step 8: upon rejection of the evaluation's promise. */
static JSValue on_rejected(JSContext *js, JSValueConst this_value, int argc, JSValueConst *argv) {
  xhr__realm *realm = xhr__realm_of(js);
  (void)this_value, (void)argc;
  if (realm)
    xhr__realm_report(realm, JS_DupValue(js, argv[0]));
  return JS_UNDEFINED;
}

void xhr__module_run(xhr__realm *realm, JSValue module) {
  JSContext *js = realm->js;
  realm->depth++;
  JSValue promise = JS_EvalFunction(js, module);
  if (!JS_IsException(promise))
    xhr__rejections_forget_evaluation(realm, promise);
  JSValue then = JS_IsException(promise) ? JS_EXCEPTION : JS_GetPropertyStr(js, promise, "then");
  JSValue handlers[2] = {JS_UNDEFINED, JS_NewCFunction(js, on_rejected, "", 1)};
  JSValue result = JS_IsException(then) || JS_IsException(handlers[1])
                       ? JS_EXCEPTION
                       : JS_Call(js, then, promise, 2, handlers);
  if (JS_IsException(result))
    xhr__realm_report_pending(realm);
  JS_FreeValue(js, result);
  JS_FreeValue(js, handlers[1]);
  JS_FreeValue(js, then);
  JS_FreeValue(js, promise);
  if (--realm->depth == 0)
    xhr__realm_checkpoint(realm);
}
