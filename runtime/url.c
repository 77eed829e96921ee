/* https://url.spec.whatwg.org/#url-class */
#include "runtime/blob_url.h"
#include "runtime/convert.h"
#include "runtime/url_binding.h"
#include "url/origin.h"

typedef struct url_object {
  xhr__platform_object object;
  xhr__query_record *query; /* counted */
  JSValue query_object;     /* JS_UNDEFINED until somebody asks for it */
} url_object;

static void finalize(JSRuntime *runtime, void *object) {
  url_object *self = object;
  JS_FreeValueRT(runtime, self->query_object);
  xhr__query_record_unref(self->query);
  xhr__free(self);
}

static void mark(JSRuntime *runtime, void *object, JS_MarkFunc *mark_func) {
  JS_MarkValue(runtime, ((url_object *)object)->query_object, mark_func);
}

static xhr__url *url_of(void *self) {
  return &((url_object *)self)->query->url;
}

const xhr__url *xhr__url_of(JSValueConst value) {
  url_object *self = xhr__platform_object_of(value, &xhr__url_interface);
  return self ? url_of(self) : NULL;
}

/* ---- making one ------------------------------------------------------------------------------------------------- */

/* https://url.spec.whatwg.org/#api-url-parser: XHR_SYNTAX_ERR for failure. `base` may be NULL. */
static xhr_status api_parse(xhr__str url, const xhr__str *base, xhr__url *out) {
  xhr__url parsed_base = {0};
  /* 1 to 2. */
  xhr_status status = base ? xhr__url_parse(*base, NULL, &parsed_base) : XHR_OK;
  /* 3. */
  if (status == XHR_OK)
    status = xhr__url_parse(url, base ? &parsed_base : NULL, out);
  xhr__url_free(&parsed_base);
  return status;
}

/* The same of the arguments (url, optional base). False where it threw, which failure to parse does not. */
static bool parse_arguments(xhr__realm *realm, int argc, JSValueConst *argv, xhr__bytes *text,
                            xhr_status *status, xhr__url *out) {
  xhr__bytes base = {0};
  bool has_base = argc > 1 && !JS_IsUndefined(argv[1]);
  bool done = xhr__to_usv_string(realm, argv[0], text) &&
              (!has_base || xhr__to_usv_string(realm, argv[1], &base));
  if (done) {
    xhr__str base_text = xhr__bytes_str(&base);
    *status = api_parse(xhr__bytes_str(text), has_base ? &base_text : NULL, out);
  }
  xhr__bytes_free(&base);
  if (done && *status == XHR_OUT_OF_MEMORY) {
    JS_ThrowOutOfMemory(realm->js);
    return false;
  }
  return done;
}

/* https://url.spec.whatwg.org/#url-initialize: a new object; takes over `url`. */
static JSValue initialize(xhr__realm *realm, JSValueConst new_target, xhr__url *url) {
  url_object *self = XHR__NEW(url_object);
  xhr__query_record *query = XHR__NEW(xhr__query_record);
  if (!self || !query) {
    xhr__free(self);
    xhr__free(query);
    xhr__url_free(url);
    return JS_ThrowOutOfMemory(realm->js);
  }
  query->references = 1;
  query->has_url = true;
  query->url = *url;
  self->query = query;
  self->query_object = JS_UNDEFINED;
  return xhr__platform_object_new(realm, &xhr__url_interface, new_target, self);
}

/* Throws the TypeError of a URL that does not parse. */
static JSValue throw_invalid(xhr__realm *realm, xhr__str text) {
  return JS_ThrowTypeError(realm->js, "Invalid URL: '%.*s'", text.len > 160 ? 160 : (int)text.len,
                           text.data);
}

/* https://url.spec.whatwg.org/#dom-url-url */
static JSValue construct(xhr__realm *realm, JSValueConst new_target, int argc, JSValueConst *argv) {
  xhr__bytes text = {0};
  xhr__url url;
  xhr_status status;
  JSValue value = JS_EXCEPTION;
  if (parse_arguments(realm, argc, argv, &text, &status, &url))
    value = status == XHR_OK ? initialize(realm, new_target, &url)
                             : throw_invalid(realm, xhr__bytes_str(&text));
  xhr__bytes_free(&text);
  return value;
}

/* https://url.spec.whatwg.org/#dom-url-parse */
static JSValue parse(xhr__realm *realm, void *self, JSValueConst this_value, int argc,
                     JSValueConst *argv) {
  xhr__bytes text = {0};
  xhr__url url;
  xhr_status status;
  JSValue value = JS_EXCEPTION;
  (void)self, (void)this_value;
  if (parse_arguments(realm, argc, argv, &text, &status, &url))
    value = status == XHR_OK ? initialize(realm, JS_UNDEFINED, &url) : JS_NULL;
  xhr__bytes_free(&text);
  return value;
}

/* https://url.spec.whatwg.org/#dom-url-canparse */
static JSValue can_parse(xhr__realm *realm, void *self, JSValueConst this_value, int argc,
                         JSValueConst *argv) {
  xhr__bytes text = {0};
  xhr__url url = {0};
  xhr_status status;
  (void)self, (void)this_value;
  bool done = parse_arguments(realm, argc, argv, &text, &status, &url);
  if (done)
    xhr__url_free(&url);
  xhr__bytes_free(&text);
  return done ? JS_NewBool(realm->js, status == XHR_OK) : JS_EXCEPTION;
}

/* ---- members ---------------------------------------------------------------------------------------------------- */

/* Before, a string and behind it, as one value. */
static JSValue join(xhr__realm *realm, const char *before, xhr__str text, const char *behind) {
  xhr__bytes joined = {0};
  JSValue value;
  if (xhr__bytes_append(&joined, xhr__str_c(before)) == XHR_OK &&
      xhr__bytes_append(&joined, text) == XHR_OK &&
      xhr__bytes_append(&joined, xhr__str_c(behind)) == XHR_OK)
    value = xhr__from_usv_string(realm, xhr__bytes_str(&joined));
  else
    value = JS_ThrowOutOfMemory(realm->js);
  xhr__bytes_free(&joined);
  return value;
}

#define GETTER(name, expression)                                                                   \
  static JSValue get_##name(xhr__realm *realm, void *self, JSValueConst this_value) {              \
    const xhr__url *url = url_of(self);                                                            \
    (void)this_value;                                                                              \
    return expression;                                                                             \
  }
GETTER(href, xhr__from_usv_string(realm, xhr__url_href(url, false)))
GETTER(protocol, join(realm, "", xhr__url_scheme(url), ":"))
GETTER(username, xhr__from_usv_string(realm, xhr__url_username(url)))
GETTER(password, xhr__from_usv_string(realm, xhr__url_password(url)))
GETTER(host, xhr__from_usv_string(realm, xhr__url_host_and_port(url)))
GETTER(hostname, xhr__from_usv_string(realm, xhr__url_host(url)))
GETTER(pathname, xhr__from_usv_string(realm, xhr__url_path(url)))
GETTER(search, join(realm, xhr__url_query(url).len ? "?" : "", xhr__url_query(url), ""))
GETTER(hash, join(realm, xhr__url_fragment(url).len ? "#" : "", xhr__url_fragment(url), ""))
#undef GETTER

static JSValue get_port(xhr__realm *realm, void *self, JSValueConst this_value) {
  int32_t port = xhr__url_port(url_of(self));
  (void)this_value;
  if (port == XHR__PORT_NULL)
    return JS_NewString(realm->js, "");
  JSValue number = JS_NewInt32(realm->js, port);
  return JS_ToString(realm->js, number);
}

static JSValue get_origin(xhr__realm *realm, void *self, JSValueConst this_value) {
  xhr__origin origin;
  (void)this_value;
  if (xhr__url_origin(url_of(self), &origin) != XHR_OK)
    return JS_ThrowOutOfMemory(realm->js);
  JSValue value = xhr__from_usv_string(realm, xhr__origin_serialization(&origin));
  xhr__origin_free(&origin);
  return value;
}

static JSValue get_search_params(xhr__realm *realm, void *object, JSValueConst this_value) {
  url_object *self = object;
  (void)this_value;
  if (JS_IsUndefined(self->query_object)) {
    self->query->references++;
    JSValue query_object = xhr__url_search_params_new(realm, self->query);
    if (JS_IsException(query_object))
      return query_object;
    self->query_object = query_object;
  }
  return JS_DupValue(realm->js, self->query_object);
}

/* The list is no longer what the URL's query says. */
static void forget_list(xhr__query_record *query) {
  xhr__name_values_free(&query->list);
  query->list = (xhr__name_values){0};
  query->has_list = false;
}

static bool set_href(xhr__realm *realm, void *self, JSValueConst this_value, JSValueConst value) {
  xhr__bytes text = {0};
  (void)this_value;
  bool done = xhr__to_usv_string(realm, value, &text);
  if (done) {
    /* 1 and 3. */
    xhr_status status = xhr__url_set_href(url_of(self), xhr__bytes_str(&text));
    /* 4 to 6, once the list is asked for. */
    if (status == XHR_OK)
      forget_list(((url_object *)self)->query);
    /* 2. */
    else if (status == XHR_SYNTAX_ERR)
      throw_invalid(realm, xhr__bytes_str(&text));
    else
      JS_ThrowOutOfMemory(realm->js);
    done = status == XHR_OK;
  }
  xhr__bytes_free(&text);
  return done;
}

/* The setters that are the URL's alone. */
static bool set_by(xhr__realm *realm, void *self, JSValueConst value,
                   xhr_status (*set)(xhr__url *url, xhr__str value)) {
  xhr__bytes text = {0};
  bool done = xhr__to_usv_string(realm, value, &text);
  if (done && set(url_of(self), xhr__bytes_str(&text)) != XHR_OK) {
    JS_ThrowOutOfMemory(realm->js);
    done = false;
  }
  xhr__bytes_free(&text);
  return done;
}

#define SETTER(name)                                                                               \
  static bool set_##name(xhr__realm *realm, void *self, JSValueConst this_value,                   \
                         JSValueConst value) {                                                     \
    (void)this_value;                                                                              \
    return set_by(realm, self, value, xhr__url_set_##name);                                        \
  }
SETTER(protocol)
SETTER(username)
SETTER(password)
SETTER(host)
SETTER(hostname)
SETTER(port)
SETTER(pathname)
SETTER(hash)
#undef SETTER

/* 2 and 6 of the setter: the list is parsed from what was given, not from the URL's query, in which tabs and newlines
 * are gone. */
static xhr_status set_search_and_list(xhr__query_record *query, xhr__str value) {
  xhr__name_values list = {0};
  bool has_mark = value.len > 0 && value.data[0] == '?';
  xhr_status status = xhr__urlencoded_parse(xhr__str_from(value, has_mark), &list);
  if (status == XHR_OK)
    status = xhr__url_set_search(&query->url, value);
  if (status != XHR_OK) {
    xhr__name_values_free(&list);
    return status;
  }
  forget_list(query);
  query->list = list;
  query->has_list = true;
  return XHR_OK;
}

static bool set_search(xhr__realm *realm, void *self, JSValueConst this_value, JSValueConst value) {
  xhr__bytes text = {0};
  (void)this_value;
  bool done = xhr__to_usv_string(realm, value, &text);
  if (done && set_search_and_list(((url_object *)self)->query, xhr__bytes_str(&text)) != XHR_OK) {
    JS_ThrowOutOfMemory(realm->js);
    done = false;
  }
  xhr__bytes_free(&text);
  return done;
}

static JSValue to_string(xhr__realm *realm, void *self, JSValueConst this_value, int argc,
                         JSValueConst *argv) {
  (void)argc, (void)argv;
  return get_href(realm, self, this_value);
}

/* NOTE: webkitURL is a Window's. */
static const xhr__member members[] = {
    XHR__DEFINE_STATIC("parse", 1, parse),
    XHR__DEFINE_STATIC("canParse", 1, can_parse),
    XHR__DEFINE_STATIC("createObjectURL", 1, xhr__create_object_url),
    XHR__DEFINE_STATIC("revokeObjectURL", 1, xhr__revoke_object_url),
    XHR__DEFINE_ATTRIBUTE("href", get_href, set_href),
    XHR__DEFINE_OPERATION("toString", 0, to_string),
    XHR__DEFINE_READONLY("origin", get_origin),
    XHR__DEFINE_ATTRIBUTE("protocol", get_protocol, set_protocol),
    XHR__DEFINE_ATTRIBUTE("username", get_username, set_username),
    XHR__DEFINE_ATTRIBUTE("password", get_password, set_password),
    XHR__DEFINE_ATTRIBUTE("host", get_host, set_host),
    XHR__DEFINE_ATTRIBUTE("hostname", get_hostname, set_hostname),
    XHR__DEFINE_ATTRIBUTE("port", get_port, set_port),
    XHR__DEFINE_ATTRIBUTE("pathname", get_pathname, set_pathname),
    XHR__DEFINE_ATTRIBUTE("search", get_search, set_search),
    XHR__DEFINE_READONLY("searchParams", get_search_params),
    XHR__DEFINE_ATTRIBUTE("hash", get_hash, set_hash),
    XHR__DEFINE_OPERATION("toJSON", 0, to_string),
};

const xhr__interface xhr__url_interface = {
    .name = "URL",
    .construct = construct,
    .construct_length = 1,
    .members = members,
    .member_count = sizeof members / sizeof *members,
    .finalize = finalize,
    .mark = mark,
};
