#include "cli/modules.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/file.h"
#include "url/url.h"

xhr__str cli_source_text(const xhr__bytes *bytes) {
  xhr__str text = xhr__bytes_str(bytes);
  return xhr__str_starts_with(text, XHR__STR("\xef\xbb\xbf")) ? xhr__str_from(text, 3) : text;
}

int cli_module_name(const char *path, xhr__bytes *name) {
  char *real = realpath(path, NULL);
  if (!real)
    return errno;
  char *directory = getcwd(NULL, 0);
  xhr__str shown = xhr__str_c(real), below = xhr__str_c(directory);
  if (below.len > 1 && shown.len > below.len && xhr__str_starts_with(shown, below) &&
      shown.data[below.len] == '/')
    shown = xhr__str_from(shown, below.len + 1);
  xhr_status status = xhr__bytes_append(name, shown);
  free(directory);
  free(real);
  return status == XHR_OK ? 0 : ENOMEM;
}

/* ---- import.meta ------------------------------------------------------------------------------------------------ */

bool cli_file_url(const char *path, xhr__bytes *url) {
  char *real = realpath(path ? path : ".", NULL);
  bool done = real ? xhr__bytes_append(url, XHR__STR("file://")) == XHR_OK &&
                         xhr__utf8_percent_encode(xhr__str_c(real), XHR__PATH_PERCENT_ENCODE_SET,
                                                  url) == XHR_OK
                   : xhr__bytes_append(url, xhr__str_c(path)) == XHR_OK;
  if (done && !path && url->data[url->len - 1] != '/')
    done = xhr__bytes_append_byte(url, '/') == XHR_OK;
  free(real);
  return done;
}

bool cli_module_set_meta(JSContext *js, JSValueConst module, bool main) {
  JSModuleDef *definition = JS_VALUE_GET_PTR(module);
  xhr__bytes url = {0};
  JSAtom atom = JS_GetModuleName(js, definition);
  const char *name = JS_AtomToCString(js, atom);
  JS_FreeAtom(js, atom);
  bool done = name && cli_file_url(name, &url);
  if (name && !done)
    JS_ThrowOutOfMemory(js);
  JS_FreeCString(js, name);
  if (done) {
    JSValue meta = JS_GetImportMeta(js, definition);
    done = !JS_IsException(meta) &&
           JS_DefinePropertyValueStr(js, meta, "url", JS_NewStringLen(js, url.data, url.len),
                                     JS_PROP_C_W_E) >= 0 &&
           JS_DefinePropertyValueStr(js, meta, "main", JS_NewBool(js, main), JS_PROP_C_W_E) >= 0;
    JS_FreeValue(js, meta);
  }
  xhr__bytes_free(&url);
  return done;
}

/* ---- resolving -------------------------------------------------------------------------------------------------- */

/* On which line of the importing file the specifier stands first, in quotes; 0: nobody knows. The engine does not tell. */
static unsigned line_of_import(const char *importer, xhr__str specifier) {
  xhr__bytes bytes = {0};
  unsigned line = 0;
  if (cli_read_file(importer, &bytes) == 0) {
    xhr__str text = xhr__bytes_str(&bytes);
    for (size_t at = 0; (at = xhr__str_find_str(text, at, specifier)) < text.len; at++) {
      size_t end = at + specifier.len;
      if (at == 0 || end >= text.len || text.data[at - 1] != text.data[end] ||
          (text.data[end] != '"' && text.data[end] != '\''))
        continue;
      line = 1;
      for (size_t i = 0; i < at; i++)
        line += text.data[i] == '\n';
      break;
    }
  }
  xhr__bytes_free(&bytes);
  return line;
}

/* Throws: "cannot import 'x' from app.js:3: why". */
static void refuse(JSContext *js, const char *importer, const char *specifier, const char *why) {
  unsigned line = importer[0] == '<' ? 0 : line_of_import(importer, xhr__str_c(specifier));
  if (line)
    JS_ThrowReferenceError(js, "cannot import '%s' from %s:%u: %s", specifier, importer, line, why);
  else
    JS_ThrowReferenceError(js, "cannot import '%s' from %s: %s", specifier, importer, why);
}

/* The path that a specifier stands for, from the working directory. False: there is none, and `why` says so. */
static bool path_of(xhr__str importer, xhr__str specifier, xhr__bytes *path, const char **why) {
  *why = "out of memory";
  if (xhr__str_starts_with(specifier, XHR__STR("file:"))) {
    xhr__url url;
    xhr_status status = xhr__url_parse(specifier, NULL, &url);
    if (status == XHR_OK)
      status = xhr__percent_decode(xhr__url_path(&url), path);
    else if (status == XHR_SYNTAX_ERR)
      *why = "this is no URL";
    xhr__url_free(&url);
    return status == XHR_OK;
  }
  if (xhr__str_starts_with(specifier, XHR__STR("/")))
    return xhr__bytes_append(path, specifier) == XHR_OK;
  if (!xhr__str_starts_with(specifier, XHR__STR("./")) &&
      !xhr__str_starts_with(specifier, XHR__STR("../"))) {
    *why = xhr__str_find(specifier, 0, ':') < specifier.len
               ? "modules come from files only"
               : "a module is named by its path, which begins with './', '../' or '/'";
    return false;
  }
  size_t len = importer.len;
  while (len > 0 && importer.data[len - 1] != '/')
    len--;
  return xhr__bytes_append(path, xhr__str_slice(importer, 0, len)) == XHR_OK &&
         xhr__bytes_append(path, specifier) == XHR_OK;
}

/* The name of the module that lies there, if one can. 0, or the system's error number. */
static int find_module(const char *path, xhr__bytes *name) {
  struct stat info;
  if (stat(path, &info) != 0 || access(path, R_OK) != 0)
    return errno;
  return S_ISDIR(info.st_mode) ? EISDIR : cli_module_name(path, name);
}

/* A module's name from the importer's and the specifier; NULL where it threw. The engine frees it. */
static char *normalize(JSContext *js, const char *importer, const char *specifier, void *opaque) {
  xhr__bytes path = {0}, name = {0};
  const char *why;
  char *result = NULL;
  (void)opaque;
  if (path_of(xhr__str_c(importer), xhr__str_c(specifier), &path, &why)) {
    int error = find_module(path.data, &name);
    if (error == 0)
      result = js_strndup(js, name.data, name.len);
    else
      refuse(js, importer, specifier, strerror(error));
  } else {
    refuse(js, importer, specifier, why);
  }
  xhr__bytes_free(&path);
  xhr__bytes_free(&name);
  return result;
}

static JSModuleDef *load(JSContext *js, const char *name, void *opaque) {
  xhr__bytes bytes = {0};
  JSModuleDef *definition = NULL;
  (void)opaque;
  int error = cli_read_file(name, &bytes);
  if (error) {
    JS_ThrowReferenceError(js, "cannot import %s: %s", name, strerror(error));
  } else {
    xhr__str text = cli_source_text(&bytes);
    JSValue module =
        JS_Eval(js, text.data, text.len, name, JS_EVAL_TYPE_MODULE | JS_EVAL_FLAG_COMPILE_ONLY);
    if (!JS_IsException(module)) {
      /* The engine's list of modules holds it. */
      if (cli_module_set_meta(js, module, false))
        definition = JS_VALUE_GET_PTR(module);
      JS_FreeValue(js, module);
    }
  }
  xhr__bytes_free(&bytes);
  return definition;
}

void cli_modules_install(JSRuntime *runtime) {
  JS_SetModuleLoaderFunc(runtime, normalize, load, NULL);
}
