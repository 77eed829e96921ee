#include "runtime/navigator_mixins.h"

#include <stdio.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "infra/alloc.h"
#include "runtime/realm.h"
#include "runtime/sequence.h"
#include "xhr/version.h"

/* ---- https://html.spec.whatwg.org/#client-identification --------------------------------------------------------- */

/* NOTE: the navigator compatibility mode is "Gecko". */
#define CONSTANT(name_, text_)                                                                     \
  static JSValue get_##name_(xhr__realm *realm, void *self, JSValueConst this_value) {             \
    (void)self, (void)this_value;                                                                  \
    return JS_NewString(realm->js, text_);                                                         \
  }
CONSTANT(app_code_name, "Mozilla")
CONSTANT(app_name, "Netscape")
CONSTANT(app_version, "5.0")
CONSTANT(product, "Gecko")
CONSTANT(product_sub, "20100101")
CONSTANT(empty, "")
#undef CONSTANT

/* "Linux x86_64" */
static JSValue get_platform(xhr__realm *realm, void *self, JSValueConst this_value) {
  struct utsname system;
  char text[sizeof system.sysname + sizeof system.machine + 1];
  (void)self, (void)this_value;
  if (uname(&system) != 0)
    return JS_NewString(realm->js, "");
  (void)snprintf(text, sizeof text, "%s %s", system.sysname, system.machine);
  return JS_NewString(realm->js, text);
}

static JSValue get_user_agent(xhr__realm *realm, void *self, JSValueConst this_value) {
  char text[64];
  (void)self, (void)this_value;
  (void)snprintf(text, sizeof text, "libxhr/%s", xhr_version());
  return JS_NewString(realm->js, text);
}

static JSValue taint_enabled(xhr__realm *realm, void *self, JSValueConst this_value, int argc,
                             JSValueConst *argv) {
  (void)self, (void)this_value, (void)argc, (void)argv;
  return JS_NewBool(realm->js, false);
}

#define WINDOWS_ONLY(name_, get_)                                                                  \
  { .name = (name_), .kind = XHR__ATTRIBUTE, .get = (get_), .exposed = XHR__EXPOSED_WINDOW }

static const xhr__member id_members[] = {
    XHR__DEFINE_READONLY("appCodeName", get_app_code_name),
    XHR__DEFINE_READONLY("appName", get_app_name),
    XHR__DEFINE_READONLY("appVersion", get_app_version),
    XHR__DEFINE_READONLY("platform", get_platform),
    XHR__DEFINE_READONLY("product", get_product),
    WINDOWS_ONLY("productSub", get_product_sub),
    XHR__DEFINE_READONLY("userAgent", get_user_agent),
    WINDOWS_ONLY("vendor", get_empty),
    WINDOWS_ONLY("vendorSub", get_empty),
    {.name = "taintEnabled",
     .kind = XHR__OPERATION,
     .call = taint_enabled,
     .exposed = XHR__EXPOSED_WINDOW},
    WINDOWS_ONLY("oscpu", get_platform),
};

const xhr__mixin xhr__navigator_id = {
    .members = id_members,
    .member_count = sizeof id_members / sizeof *id_members,
};

/* ---- https://html.spec.whatwg.org/#language-preferences ---------------------------------------------------------- */

#define LANGUAGE "en-US"

static JSValue get_language(xhr__realm *realm, void *self, JSValueConst this_value) {
  (void)self, (void)this_value;
  return JS_NewString(realm->js, LANGUAGE);
}

/* The same frozen array each time. */
static JSValue get_languages(xhr__realm *realm, void *self, JSValueConst this_value) {
  xhr__navigator_languages *navigator = self;
  (void)this_value;
  if (JS_IsUndefined(navigator->languages)) {
    JSValue array = JS_NewArray(realm->js);
    if (JS_IsException(array))
      return array;
    if (!xhr__array_append(realm, array, JS_NewString(realm->js, LANGUAGE)) ||
        !xhr__array_freeze(realm, array)) {
      JS_FreeValue(realm->js, array);
      return JS_EXCEPTION;
    }
    navigator->languages = array;
  }
  return JS_DupValue(realm->js, navigator->languages);
}

static const xhr__member language_members[] = {
    XHR__DEFINE_READONLY("language", get_language),
    XHR__DEFINE_READONLY("languages", get_languages),
};

const xhr__mixin xhr__navigator_language = {
    .members = language_members,
    .member_count = sizeof language_members / sizeof *language_members,
};

/* ---- the machine ------------------------------------------------------------------------------------------------- */

/* https://html.spec.whatwg.org/#dom-navigator-online: whether there is a network is not asked, so it may be. */
static JSValue get_on_line(xhr__realm *realm, void *self, JSValueConst this_value) {
  (void)self, (void)this_value;
  return JS_NewBool(realm->js, true);
}

static const xhr__member on_line_members[] = {XHR__DEFINE_READONLY("onLine", get_on_line)};

const xhr__mixin xhr__navigator_on_line = {.members = on_line_members, .member_count = 1};

/* https://html.spec.whatwg.org/#dom-navigator-hardwareconcurrency */
static JSValue get_hardware_concurrency(xhr__realm *realm, void *self, JSValueConst this_value) {
  long count = sysconf(_SC_NPROCESSORS_ONLN);
  (void)self, (void)this_value;
  return JS_NewInt64(realm->js, count > 0 ? count : 1);
}

static const xhr__member hardware_members[] = {
    XHR__DEFINE_READONLY("hardwareConcurrency", get_hardware_concurrency)};

const xhr__mixin xhr__navigator_concurrent_hardware = {.members = hardware_members,
                                                       .member_count = 1};

/* ---- the structure ----------------------------------------------------------------------------------------------- */

JSValue xhr__navigator_languages_new(xhr__realm *realm, const xhr__interface *interface) {
  xhr__navigator_languages *self = XHR__NEW(xhr__navigator_languages);
  if (!self)
    return JS_ThrowOutOfMemory(realm->js);
  self->languages = JS_UNDEFINED;
  return xhr__platform_object_new(realm, interface, JS_UNDEFINED, self);
}

void xhr__navigator_languages_finalize(JSRuntime *runtime, void *object) {
  JS_FreeValueRT(runtime, ((xhr__navigator_languages *)object)->languages);
  xhr__free(object);
}

void xhr__navigator_languages_mark(JSRuntime *runtime, void *object, JS_MarkFunc *mark_func) {
  JS_MarkValue(runtime, ((xhr__navigator_languages *)object)->languages, mark_func);
}
