#include "runtime/worker_options.h"

#include "runtime/convert.h"

void xhr__worker_options_free(xhr__worker_options *options) {
  xhr__bytes_free(&options->script_url);
  xhr__bytes_free(&options->name);
}

/* https://webidl.spec.whatwg.org/#js-enumeration: the member's place in `values`; where it is missing *index stays as it
 * is. */
static bool read_enumeration(xhr__realm *realm, JSValueConst dictionary, const char *name,
                             const char *const *values, size_t count, size_t *index) {
  JSValue value;
  xhr__bytes text = {0};
  if (!xhr__dictionary_get(realm, dictionary, name, &value))
    return false;
  bool done = JS_IsUndefined(value);
  if (!done && xhr__to_dom_string(realm, value, &text)) {
    size_t i = 0;
    while (i < count && !xhr__str_equals(xhr__bytes_str(&text), xhr__str_c(values[i])))
      i++;
    done = i < count;
    if (done)
      *index = i;
    else
      JS_ThrowTypeError(realm->js, "WorkerOptions: '%s' is no %s", text.data ? text.data : "",
                        name);
  }
  xhr__bytes_free(&text);
  JS_FreeValue(realm->js, value);
  return done;
}

static bool read_name(xhr__realm *realm, JSValueConst dictionary, xhr__bytes *name) {
  JSValue value;
  if (!xhr__dictionary_get(realm, dictionary, "name", &value))
    return false;
  bool done = JS_IsUndefined(value) || xhr__to_dom_string(realm, value, name);
  JS_FreeValue(realm->js, value);
  return done;
}

/* In the order of the members' names. */
static bool read_dictionary(xhr__realm *realm, JSValueConst value, xhr__worker_options *options) {
  static const char *const credentials[] = {"omit", "same-origin", "include"};
  static const xhr__credentials_mode modes[] = {XHR__CREDENTIALS_OMIT, XHR__CREDENTIALS_SAME_ORIGIN,
                                                XHR__CREDENTIALS_INCLUDE};
  static const char *const types[] = {"classic", "module"};
  size_t mode = 1, type = 0;
  bool done = read_enumeration(realm, value, "credentials", credentials, 3, &mode) &&
              read_name(realm, value, &options->name) &&
              read_enumeration(realm, value, "type", types, 2, &type);
  options->credentials = modes[mode];
  options->module = type == 1;
  return done;
}

bool xhr__worker_options_read(xhr__realm *realm, int argc, JSValueConst *argv, bool name_alone,
                              xhr__worker_options *options) {
  JSValueConst value = argc > 1 ? argv[1] : JS_UNDEFINED;
  *options = (xhr__worker_options){.credentials = XHR__CREDENTIALS_SAME_ORIGIN};
  if (!xhr__to_usv_string(realm, argv[0], &options->script_url))
    return false;
  if (name_alone && !JS_IsObject(value) && !JS_IsUndefined(value) && !JS_IsNull(value))
    return xhr__to_dom_string(realm, value, &options->name);
  return read_dictionary(realm, value, options);
}

bool xhr__worker_options_url(xhr__realm *realm, const xhr__worker_options *options, xhr__url *url) {
  const xhr__url *base = &realm->context->api_base_url;
  if (!xhr__url_is_set(base))
    base = &realm->script_url;
  xhr_status status = xhr__url_parse(xhr__bytes_str(&options->script_url),
                                     xhr__url_is_set(base) ? base : NULL, url);
  if (status == XHR_SYNTAX_ERR)
    xhr__throw(realm, "SyntaxError", "the worker's script URL '%s' cannot be parsed",
               options->script_url.data ? options->script_url.data : "");
  else if (status != XHR_OK)
    JS_ThrowOutOfMemory(realm->js);
  return status == XHR_OK;
}
