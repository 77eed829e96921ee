#include "runtime/module_loader.h"

#include "infra/alloc.h"
#include "runtime/convert.h"
#include "runtime/rejections.h"
#include "runtime/script_fetch.h"

/* What the engine does not know of a module. */
typedef struct module_entry {
  xhr__list node;
  xhr__url base_url;
  xhr__credentials_mode credentials_mode;
  JSValue module; /* once it is made; else JS_UNDEFINED */
  char name[];
} module_entry;

/* The entries of a realm. */
typedef struct xhr__module_entries {
  xhr__teardown teardown;
  xhr__realm *realm;
  xhr__list entries;
} module_entries;

/* ---- the entries ------------------------------------------------------------------------------------------------ */

static void free_entry(xhr__realm *realm, module_entry *entry) {
  JS_FreeValue(realm->js, entry->module);
  xhr__url_free(&entry->base_url);
  xhr__free(entry);
}

static void end_entries(xhr__teardown *teardown) {
  module_entries *all = XHR__OWNER(teardown, module_entries, teardown);
  xhr__list *node;
  while ((node = xhr__list_take_first(&all->entries))) {
    module_entry *entry = XHR__OWNER(node, module_entry, node);
    free_entry(all->realm, entry);
  }
  all->realm->modules = NULL;
  xhr__list_remove(&teardown->node);
  xhr__free(all);
}

/* The realm's, made where there are none yet; NULL for want of memory. */
static module_entries *need_entries(xhr__realm *realm) {
  if (realm->modules)
    return realm->modules;
  module_entries *all = XHR__NEW(module_entries);
  if (!all)
    return NULL;
  all->realm = realm;
  all->teardown.idle = true;
  all->teardown.end = end_entries;
  xhr__list_init(&all->entries);
  xhr__list_append(&realm->teardown, &all->teardown.node);
  realm->modules = all;
  return all;
}

static module_entry *find(const xhr__realm *realm, xhr__str name) {
  const xhr__list *all = realm->modules ? &realm->modules->entries : NULL;
  for (xhr__list *node = all ? all->next : NULL; node && node != all; node = node->next) {
    module_entry *entry = XHR__OWNER(node, module_entry, node);
    if (xhr__str_equals(xhr__str_c(entry->name), name))
      return entry;
  }
  return NULL;
}

/* Replaces what there was of that name. XHR_OUT_OF_MEMORY. */
static xhr_status keep(xhr__realm *realm, const char *name, const xhr__url *base,
                       xhr__credentials_mode credentials_mode) {
  xhr__str text = xhr__str_c(name);
  module_entry *old = find(realm, text);
  module_entries *all = need_entries(realm);
  module_entry *entry = all ? xhr__calloc(1, sizeof *entry + text.len + 1) : NULL;
  if (!entry || xhr__url_copy(base, &entry->base_url) != XHR_OK) {
    xhr__free(entry);
    return XHR_OUT_OF_MEMORY;
  }
  memcpy(entry->name, text.data, text.len);
  entry->credentials_mode = credentials_mode;
  entry->module = JS_UNDEFINED;
  xhr__list_append(&all->entries, &entry->node);
  if (old) {
    xhr__list_remove(&old->node);
    free_entry(realm, old);
  }
  return XHR_OK;
}

/* ---- resolving -------------------------------------------------------------------------------------------------- */

/* https://html.spec.whatwg.org/#resolve-a-module-specifier: XHR_SYNTAX_ERR for what is no URL. */
static xhr_status resolve(const xhr__url *base, xhr__str specifier, xhr__url *url) {
  /* 8. https://html.spec.whatwg.org/#resolving-a-url-like-module-specifier */
  bool relative = xhr__str_starts_with(specifier, XHR__STR("/")) ||
                  xhr__str_starts_with(specifier, XHR__STR("./")) ||
                  xhr__str_starts_with(specifier, XHR__STR("../"));
  /* 1. - 7., 9. - 12. import maps: there are none */
  return xhr__url_parse(specifier, relative ? base : NULL, url);
}

static void throw_unresolved(JSContext *js, xhr_status status, const char *specifier) {
  if (status == XHR_SYNTAX_ERR)
    JS_ThrowTypeError(js,
                      "cannot import '%s': a module is named by a URL, or by a path which begins "
                      "with './', '../' or '/'",
                      specifier);
  else
    JS_ThrowOutOfMemory(js);
}

/* What specifiers of a module of that name are resolved against. */
static const xhr__url *base_of(const xhr__realm *realm, const char *name) {
  const module_entry *entry = find(realm, xhr__str_c(name));
  return entry ? &entry->base_url : &realm->context->api_base_url;
}

/* The importer is a module, or a classic script with import(). */
static xhr__credentials_mode credentials_of(const xhr__realm *realm, const char *name) {
  const module_entry *entry = find(realm, xhr__str_c(name));
  return entry ? entry->credentials_mode : XHR__CREDENTIALS_SAME_ORIGIN;
}

/* A module's name from the importer's and the specifier; NULL where it threw. The engine frees it. */
static char *normalize(JSContext *js, const char *importer, const char *specifier, void *opaque) {
  xhr__realm *realm = xhr__realm_of(js);
  xhr__url url;
  char *name = NULL;
  (void)opaque;
  if (!realm) {
    JS_ThrowTypeError(js, "libxhr has been uninstalled from this realm");
    return NULL;
  }
  xhr_status status = resolve(base_of(realm, importer), xhr__str_c(specifier), &url);
  if (status != XHR_OK) {
    throw_unresolved(js, status, specifier);
    return NULL;
  }
  xhr__str href = xhr__url_href(&url, false);
  name = js_strndup(js, href.data, href.len);
  /* Known from now on, so that what it imports in turn is asked for in the same way. */
  if (name && !find(realm, href) &&
      keep(realm, name, &url, credentials_of(realm, importer)) != XHR_OK) {
    JS_ThrowOutOfMemory(js);
    js_free(js, name);
    name = NULL;
  }
  xhr__url_free(&url);
  return name;
}

/* ---- import.meta ------------------------------------------------------------------------------------------------ */

/* https://html.spec.whatwg.org/#import-meta-resolve */
static JSValue meta_resolve(JSContext *js, JSValueConst this_value, int argc, JSValueConst *argv,
                            int magic, JSValue *data) {
  xhr__realm *realm = xhr__realm_of(js);
  xhr__bytes specifier = {0}, base_text = {0};
  xhr__url base, url;
  JSValue value = JS_EXCEPTION;
  (void)this_value, (void)argc, (void)magic;
  if (!realm)
    return JS_ThrowTypeError(js, "libxhr has been uninstalled from this realm");
  if (xhr__to_usv_string(realm, argv[0], &specifier) &&
      xhr__to_usv_string(realm, data[0], &base_text)) {
    xhr_status status = xhr__url_parse(xhr__bytes_str(&base_text), NULL, &base);
    if (status == XHR_OK) {
      status = resolve(&base, xhr__bytes_str(&specifier), &url);
      xhr__url_free(&base);
    }
    if (status == XHR_OK) {
      value = xhr__from_usv_string(realm, xhr__url_href(&url, false));
      xhr__url_free(&url);
    } else {
      throw_unresolved(js, status, specifier.data ? specifier.data : "");
    }
  }
  xhr__bytes_free(&base_text);
  xhr__bytes_free(&specifier);
  return value;
}

/* https://html.spec.whatwg.org/#hostgetimportmetaproperties. False where it threw. */
static bool set_meta(xhr__realm *realm, JSModuleDef *module, const char *name) {
  JSContext *js = realm->js;
  JSValue meta = JS_GetImportMeta(js, module);
  /* 5. */
  JSValue url = xhr__from_usv_string(realm, xhr__url_href(base_of(realm, name), false));
  /* 6. */
  JSValueConst data = url;
  JSValue function = JS_NewCFunctionData(js, meta_resolve, 1, 0, 1, (JSValue *)&data);
  bool done = !JS_IsException(meta) && !JS_IsException(url) && !JS_IsException(function) &&
              JS_DefinePropertyValueStr(js, function, "name", JS_NewString(js, "resolve"),
                                        JS_PROP_CONFIGURABLE) >= 0;
  if (done)
    done = JS_DefinePropertyValueStr(js, meta, "url", JS_DupValue(js, url), JS_PROP_C_W_E) >= 0 &&
           JS_DefinePropertyValueStr(js, meta, "resolve", JS_DupValue(js, function),
                                     JS_PROP_C_W_E) >= 0;
  JS_FreeValue(js, function);
  JS_FreeValue(js, url);
  JS_FreeValue(js, meta);
  return done;
}

/* ---- loading ---------------------------------------------------------------------------------------------------- */

bool xhr__module_source_of(const xhr__resource *resource, xhr__bytes *source, xhr__bytes *why) {
  xhr__fetched_script script = {0};
  xhr_status status = xhr__fetched_script_of(resource, XHR__SCRIPT_TYPE_ALWAYS, &script);
  bool done = status == XHR_OK && script.fetched;
  if (done)
    xhr__bytes_move(source, &script.source);
  else
    (void)xhr__bytes_append(why, status == XHR_OK ? xhr__bytes_str(&script.failure)
                                                  : xhr__str_c(xhr_status_text(status)));
  xhr__fetched_script_free(&script);
  return done;
}

bool xhr__module_know(xhr__realm *realm, const char *name, const xhr__url *base,
                      xhr__credentials_mode credentials_mode) {
  if (keep(realm, name, base, credentials_mode) == XHR_OK)
    return true;
  JS_ThrowOutOfMemory(realm->js);
  return false;
}

/* Takes over the module of that name, if that is known. */
static void remember(xhr__realm *realm, const char *name, JSValue module) {
  module_entry *entry = find(realm, xhr__str_c(name));
  if (entry) {
    JSValue old = entry->module;
    entry->module = module;
    module = old;
  }
  JS_FreeValue(realm->js, module);
}

JSValue xhr__module_new(xhr__realm *realm, xhr__str source, const char *name) {
  JSContext *js = realm->js;
  JSValue module =
      JS_Eval(js, source.data, source.len, name, JS_EVAL_TYPE_MODULE | JS_EVAL_FLAG_COMPILE_ONLY);
  if (JS_IsException(module))
    return module;
  if (!set_meta(realm, JS_VALUE_GET_PTR(module), name)) {
    JS_FreeValue(js, module);
    return JS_EXCEPTION;
  }
  remember(realm, name, JS_DupValue(js, module));
  return module;
}

JSValue xhr__module_of_name(xhr__realm *realm, const char *name) {
  const module_entry *entry = find(realm, xhr__str_c(name));
  return entry ? JS_DupValue(realm->js, entry->module) : JS_UNDEFINED;
}

void xhr__module_forget(xhr__realm *realm, const char *name) {
  remember(realm, name, JS_UNDEFINED);
}

/* https://html.spec.whatwg.org/#fetch-a-single-module-script for what a module imports; `script` is to be freed. False where
 * it threw. */
static bool fetch(xhr__realm *realm, const char *name, xhr__fetched_script *script) {
  xhr__url url;
  xhr_status status = xhr__url_parse(xhr__str_c(name), NULL, &url);
  if (status == XHR_OK) {
    xhr__module_request as = {.destination = XHR__DESTINATION_SCRIPT};
    if (realm->module_request)
      as = *realm->module_request;
    as.credentials_mode = credentials_of(realm, name);
    status = xhr__fetch_module_script(realm->context, &url, &as, script);
    xhr__url_free(&url);
  }
  if (status == XHR_OK && script->fetched)
    return xhr__module_know(realm, name, &script->url, credentials_of(realm, name));
  JS_ThrowTypeError(realm->js, "cannot import '%s': %s", name,
                    status == XHR_OK ? script->failure.data : xhr_status_text(status));
  return false;
}

static JSModuleDef *load(JSContext *js, const char *name, void *opaque) {
  xhr__realm *realm = xhr__realm_of(js);
  xhr__fetched_script script = {0};
  JSModuleDef *definition = NULL;
  (void)opaque;
  if (fetch(realm, name, &script)) {
    JSValue module = xhr__module_new(realm, xhr__bytes_str(&script.source), name);
    /* The engine's list of modules holds it. */
    if (!JS_IsException(module))
      definition = JS_VALUE_GET_PTR(module);
    JS_FreeValue(js, module);
  }
  xhr__fetched_script_free(&script);
  return definition;
}

void xhr__module_loader_install(JSRuntime *runtime) {
  JS_SetModuleLoaderFunc(runtime, normalize, load, NULL);
}

bool xhr__module_load(xhr__realm *realm, JSValueConst module) {
  realm->depth++;
  bool done = JS_ResolveModule(realm->js, module) >= 0;
  realm->depth--;
  return done;
}

/* ---- running ---------------------------------------------------------------------------------------------------- */

/* Step 8: upon rejection of the evaluation's promise. */
static JSValue on_rejected(JSContext *js, JSValueConst this_value, int argc, JSValueConst *argv) {
  xhr__realm *realm = xhr__realm_of(js);
  (void)this_value, (void)argc;
  if (realm)
    xhr__realm_report(realm, JS_DupValue(js, argv[0]));
  return JS_UNDEFINED;
}

/* Has what the evaluation comes to reported. */
static void watch(xhr__realm *realm, JSValueConst promise) {
  JSContext *js = realm->js;
  xhr__rejections_forget_evaluation(realm, promise);
  JSValue handlers[2] = {JS_UNDEFINED, JS_NewCFunction(js, on_rejected, "", 1)};
  JSValue result = JS_EXCEPTION;
  if (!JS_IsException(handlers[1]))
    result = xhr__call_intrinsic(realm, XHR__INTRINSIC_PROMISE_THEN, promise, 2,
                                 (JSValueConst *)handlers);
  if (JS_IsException(result))
    xhr__realm_report_pending(realm);
  JS_FreeValue(js, result);
  JS_FreeValue(js, handlers[1]);
}

bool xhr__module_link_and_run(xhr__realm *realm, JSValue module) {
  realm->depth++;
  JSValue promise = JS_EvalFunction(realm->js, module);
  bool linked = !JS_IsException(promise);
  if (linked)
    watch(realm, promise);
  JS_FreeValue(realm->js, promise);
  realm->depth--;
  return linked;
}

void xhr__module_run(xhr__realm *realm, JSValue module) {
  realm->depth++;
  if (!xhr__module_link_and_run(realm, module))
    xhr__realm_report_pending(realm);
  if (--realm->depth == 0)
    xhr__realm_checkpoint(realm);
}
