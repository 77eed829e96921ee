#include "runtime/console.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <unistd.h>

#include "infra/alloc.h"
#include "runtime/convert.h"
#include "runtime/inspect.h"
#include "session/loop.h"

/* An entry of the count map or the timer table. */
typedef struct labelled {
  xhr__bytes label;
  uint64_t value; /* how often; when */
} labelled;

typedef struct label_map {
  labelled *items;
  size_t count, capacity;
} label_map;

typedef struct xhr__console {
  size_t groups; /* that are open */
  label_map counts, timers;
} xhr__console;

static labelled *find(const label_map *map, const xhr__bytes *label) {
  for (size_t i = 0; i < map->count; i++) {
    if (xhr__str_equals(xhr__bytes_str(&map->items[i].label), xhr__bytes_str(label)))
      return &map->items[i];
  }
  return NULL;
}

/* A new one, which takes the label over; NULL for want of memory. */
static labelled *add(label_map *map, xhr__bytes *label) {
  void *items = map->items;
  if (!xhr__grow(&items, &map->capacity, map->count + 1, sizeof *map->items))
    return NULL;
  map->items = items;
  map->items[map->count] = (labelled){.label = *label};
  *label = (xhr__bytes){0};
  return &map->items[map->count++];
}

static void drop(label_map *map, labelled *item) {
  xhr__bytes_free(&item->label);
  *item = map->items[--map->count];
}

static void free_map(label_map *map) {
  while (map->count > 0)
    drop(map, &map->items[map->count - 1]);
  xhr__free(map->items);
}

void xhr__console_free(xhr__realm *realm) {
  if (!realm->console)
    return;
  free_map(&realm->console->counts);
  free_map(&realm->console->timers);
  xhr__free(realm->console);
  realm->console = NULL;
}

/* ---- printing --------------------------------------------------------------------------------------------------- */

/* All of it, as far as somebody reads. */
static void write_out(int fd, xhr__str text) {
  while (text.len > 0) {
    ssize_t written = write(fd, text.data, text.len);
    if (written < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) {
      struct pollfd ready = {.fd = fd, .events = POLLOUT};
      (void)poll(&ready, 1, -1);
    } else if (written < 0 && errno != EINTR) {
      return;
    } else if (written > 0) {
      text = xhr__str_from(text, (size_t)written);
    }
  }
}

/* Every line behind the groups' two spaces each, and a newline at the end. */
static xhr_status indent(size_t groups, xhr__str text, xhr__bytes *out) {
  xhr_status status = XHR_OK;
  for (size_t start = 0, end; status == XHR_OK && start <= text.len; start = end + 1) {
    end = xhr__str_find(text, start, '\n');
    for (size_t i = 0; status == XHR_OK && i < groups; i++)
      status = xhr__bytes_append(out, XHR__STR("  "));
    if (status == XHR_OK)
      status = xhr__bytes_append(out, xhr__str_slice(text, start, end));
    if (status == XHR_OK)
      status = xhr__bytes_append_byte(out, '\n');
  }
  return status;
}

void xhr__console_print(xhr__realm *realm, char level, xhr__str text) {
  xhr__bytes lines = {0};
  size_t groups = realm->console ? realm->console->groups : 0;
  if (indent(groups, text, &lines) == XHR_OK) {
    if (realm->options.print)
      realm->options.print(realm->js, level, lines.data, lines.len, realm->options.user);
    else
      write_out(level == 'e' || level == 'w' ? STDERR_FILENO : STDOUT_FILENO,
                xhr__bytes_str(&lines));
  }
  xhr__bytes_free(&lines);
}

/* Prints the text, frees it, and says what the member returns. `done` is false where it threw. */
static JSValue print(xhr__realm *realm, bool done, char level, xhr__bytes *text) {
  if (done)
    xhr__console_print(realm, level, xhr__bytes_str(text));
  xhr__bytes_free(text);
  return done ? JS_UNDEFINED : JS_EXCEPTION;
}

/* ---- logging ---------------------------------------------------------------------------------------------------- */

typedef enum method {
  ASSERT,
  CLEAR,
  DEBUG,
  ERROR,
  INFO,
  LOG,
  TABLE,
  TRACE,
  WARN,
  DIR,
  DIRXML,
  COUNT,
  COUNT_RESET,
  GROUP,
  GROUP_COLLAPSED,
  GROUP_END,
  TIME,
  TIME_LOG,
  TIME_END
} method;

/* https://console.spec.whatwg.org/#logger */
static JSValue log_at(xhr__realm *realm, char level, int argc, JSValueConst *argv) {
  xhr__bytes text = {0};
  if (argc == 0)
    return JS_UNDEFINED;
  bool done = xhr__console_format(realm, argc, argv, &text);
  return print(realm, done, level, &text);
}

/* "PREFIX: rest", or the prefix alone. A first argument that is a format stays one. */
static JSValue log_with_prefix(xhr__realm *realm, char level, const char *prefix, int argc,
                               JSValueConst *argv) {
  xhr__bytes text = {0};
  xhr_status status = xhr__bytes_append(&text, xhr__str_c(prefix));
  if (status == XHR_OK && argc > 0)
    status = xhr__bytes_append(&text, XHR__STR(": "));
  if (status != XHR_OK)
    JS_ThrowOutOfMemory(realm->js);
  bool done = status == XHR_OK && xhr__console_format(realm, argc, argv, &text);
  return print(realm, done, level, &text);
}

/* https://console.spec.whatwg.org/#assert */
static JSValue do_assert(xhr__realm *realm, int argc, JSValueConst *argv) {
  if (argc > 0 && JS_ToBool(realm->js, argv[0]))
    return JS_UNDEFINED;
  return log_with_prefix(realm, 'e', "Assertion failed", argc > 1 ? argc - 1 : 0,
                         argc > 1 ? argv + 1 : argv);
}

/* https://console.spec.whatwg.org/#table */
static JSValue do_table(xhr__realm *realm, int argc, JSValueConst *argv) {
  xhr__bytes text = {0};
  bool is_table = false;
  bool done = argc == 0 || xhr__console_table(realm, argv[0], argc > 1 ? argv[1] : JS_UNDEFINED,
                                              &text, &is_table);
  if (done && !is_table) {
    xhr__bytes_free(&text);
    return log_at(realm, 'l', argc > 0 ? 1 : 0, argv);
  }
  return print(realm, done, 'l', &text);
}

/* The engine's stack of calls, without this one. */
static bool append_stack(xhr__realm *realm, xhr__bytes *text) {
  JSContext *js = realm->js;
  xhr__bytes stack = {0};
  JSValue error = xhr__construct_intrinsic(realm, XHR__INTRINSIC_ERROR, 0, NULL);
  JSValue value = JS_IsException(error) ? JS_EXCEPTION : JS_GetPropertyStr(js, error, "stack");
  bool done = !JS_IsException(value) && xhr__to_usv_string(realm, value, &stack);
  JS_FreeValue(js, value);
  JS_FreeValue(js, error);
  xhr__str lines = xhr__bytes_str(&stack);
  /* The frames of libxhr itself have no place in a file: "(native)". */
  while (lines.len > 0) {
    size_t end = xhr__str_find(lines, 0, '\n');
    if (xhr__str_find_str(xhr__str_slice(lines, 0, end), 0, XHR__STR("(native)")) == end)
      break;
    lines = xhr__str_from(lines, end < lines.len ? end + 1 : end);
  }
  while (lines.len > 0 && lines.data[lines.len - 1] == '\n')
    lines.len--;
  if (done && lines.len > 0 &&
      (xhr__bytes_append_byte(text, '\n') != XHR_OK || xhr__bytes_append(text, lines) != XHR_OK)) {
    JS_ThrowOutOfMemory(js);
    done = false;
  }
  xhr__bytes_free(&stack);
  return done;
}

/* https://console.spec.whatwg.org/#trace */
static JSValue do_trace(xhr__realm *realm, int argc, JSValueConst *argv) {
  xhr__bytes text = {0};
  xhr_status status = xhr__bytes_append(&text, argc > 0 ? XHR__STR("Trace: ") : XHR__STR("Trace"));
  if (status != XHR_OK)
    JS_ThrowOutOfMemory(realm->js);
  bool done = status == XHR_OK && xhr__console_format(realm, argc, argv, &text) &&
              append_stack(realm, &text);
  return print(realm, done, 'e', &text);
}

/* https://console.spec.whatwg.org/#dir */
static JSValue do_dir(xhr__realm *realm, int argc, JSValueConst *argv) {
  xhr__bytes text = {0};
  if (argc == 0)
    return JS_UNDEFINED;
  bool done = xhr__inspect(realm, argv[0], XHR__INSPECT_DEPTH, &text) == XHR_OK;
  if (!done)
    JS_ThrowOutOfMemory(realm->js);
  return print(realm, done, 'l', &text);
}

/* ---- counting, grouping, timing --------------------------------------------------------------------------------- */

/* `optional DOMString label = "default"`, the caller's. */
static bool read_label(xhr__realm *realm, int argc, JSValueConst *argv, xhr__bytes *label) {
  if (argc > 0 && !JS_IsUndefined(argv[0]))
    return xhr__to_usv_string(realm, argv[0], label);
  if (xhr__bytes_append(label, XHR__STR("default")) == XHR_OK)
    return true;
  JS_ThrowOutOfMemory(realm->js);
  return false;
}

/* Prints "BEFORE LABEL BEHIND". */
static JSValue print_label(xhr__realm *realm, char level, const char *before, xhr__str label,
                           const char *behind) {
  xhr__bytes text = {0};
  bool done = xhr__bytes_append(&text, xhr__str_c(before)) == XHR_OK &&
              xhr__bytes_append(&text, label) == XHR_OK &&
              xhr__bytes_append(&text, xhr__str_c(behind)) == XHR_OK;
  if (!done)
    JS_ThrowOutOfMemory(realm->js);
  return print(realm, done, level, &text);
}

/* https://console.spec.whatwg.org/#count and https://console.spec.whatwg.org/#countreset */
static JSValue do_count(xhr__realm *realm, bool reset, xhr__bytes *label) {
  char number[32];
  label_map *counts = &realm->console->counts;
  labelled *item = find(counts, label);
  if (reset && !item)
    return print_label(realm, 'w', "Count for '", xhr__bytes_str(label), "' does not exist");
  if (reset) {
    item->value = 0;
    return JS_UNDEFINED;
  }
  if (!item)
    item = add(counts, label);
  if (!item)
    return JS_ThrowOutOfMemory(realm->js);
  item->value++;
  (void)snprintf(number, sizeof number, ": %llu", (unsigned long long)item->value);
  return print_label(realm, 'i', "", xhr__bytes_str(&item->label), number);
}

/* https://console.spec.whatwg.org/#time */
static JSValue do_time(xhr__realm *realm, xhr__bytes *label) {
  label_map *timers = &realm->console->timers;
  if (find(timers, label))
    return print_label(realm, 'w', "Timer '", xhr__bytes_str(label), "' already exists");
  labelled *item = add(timers, label);
  if (!item)
    return JS_ThrowOutOfMemory(realm->js);
  item->value = xhr__loop_now(realm->context->loop);
  return JS_UNDEFINED;
}

/* "LABEL: 1.234ms" and what else is given. */
static bool format_timer(xhr__realm *realm, const labelled *item, int argc, JSValueConst *argv,
                         xhr__bytes *text) {
  char number[64];
  xhr__time passed = xhr__loop_now(realm->context->loop) - item->value;
  double ms = (double)passed / (double)XHR__MILLISECOND;
  (void)snprintf(number, sizeof number, ms >= 1000 ? ": %.3fs%s" : ": %.3fms%s",
                 ms >= 1000 ? ms / 1000 : ms, argc > 0 ? " " : "");
  if (xhr__bytes_append(text, xhr__bytes_str(&item->label)) != XHR_OK ||
      xhr__bytes_append(text, xhr__str_c(number)) != XHR_OK) {
    JS_ThrowOutOfMemory(realm->js);
    return false;
  }
  for (int i = 0; i < argc; i++) {
    if (i > 0 && xhr__bytes_append_byte(text, ' ') != XHR_OK)
      return false;
    /* Each by itself: none is a format. */
    if (!xhr__console_format(realm, 1, argv + i, text))
      return false;
  }
  return true;
}

/* https://console.spec.whatwg.org/#timelog and https://console.spec.whatwg.org/#timeend */
static JSValue do_time_log(xhr__realm *realm, bool end, xhr__bytes *label, int argc,
                           JSValueConst *argv) {
  xhr__bytes text = {0};
  labelled *item = find(&realm->console->timers, label);
  if (!item)
    return print_label(realm, 'w', "Timer '", xhr__bytes_str(label), "' does not exist");
  bool done = format_timer(realm, item, argc, argv, &text);
  /* What was described may have run script. */
  item = find(&realm->console->timers, label);
  if (end && item)
    drop(&realm->console->timers, item);
  return print(realm, done, end ? 'i' : 'l', &text);
}

static JSValue do_labelled(xhr__realm *realm, method which, int argc, JSValueConst *argv) {
  xhr__bytes label = {0};
  JSValue result = JS_EXCEPTION;
  if (read_label(realm, argc, argv, &label)) {
    if (which == COUNT || which == COUNT_RESET)
      result = do_count(realm, which == COUNT_RESET, &label);
    else if (which == TIME)
      result = do_time(realm, &label);
    else if (which == TIME_END)
      result = do_time_log(realm, true, &label, 0, argv);
    else
      result =
          do_time_log(realm, false, &label, argc > 1 ? argc - 1 : 0, argc > 1 ? argv + 1 : argv);
  }
  xhr__bytes_free(&label);
  return result;
}

/* https://console.spec.whatwg.org/#group and https://console.spec.whatwg.org/#groupcollapsed */
static JSValue do_group(xhr__realm *realm, int argc, JSValueConst *argv) {
  JSValue result = log_at(realm, 'l', argc, argv);
  if (!JS_IsException(result))
    realm->console->groups++;
  return result;
}

/* ---- the namespace object --------------------------------------------------------------------------------------- */

static JSValue run(xhr__realm *realm, method which, int argc, JSValueConst *argv) {
  switch (which) {
    case ASSERT: return do_assert(realm, argc, argv);
    case CLEAR: realm->console->groups = 0; return JS_UNDEFINED;
    case DEBUG: return log_at(realm, 'd', argc, argv);
    case ERROR: return log_at(realm, 'e', argc, argv);
    case INFO: return log_at(realm, 'i', argc, argv);
    case LOG:
    case DIRXML: return log_at(realm, 'l', argc, argv);
    case WARN: return log_at(realm, 'w', argc, argv);
    case TABLE: return do_table(realm, argc, argv);
    case TRACE: return do_trace(realm, argc, argv);
    case DIR: return do_dir(realm, argc, argv);
    case GROUP:
    case GROUP_COLLAPSED: return do_group(realm, argc, argv);
    case GROUP_END: realm->console->groups -= realm->console->groups > 0; return JS_UNDEFINED;
    default: return do_labelled(realm, which, argc, argv);
  }
}

static JSValue call(JSContext *js, JSValueConst this_value, int argc, JSValueConst *argv,
                    int magic) {
  xhr__realm *realm = xhr__realm_of(js);
  (void)this_value;
  if (!realm)
    return JS_UNDEFINED;
  realm->depth++;
  JSValue result = run(realm, (method)magic, argc, argv);
  realm->depth--;
  return result;
}

/* https://webidl.spec.whatwg.org/#create-a-namespace-object
 * NOTE: its prototype is an object of its own, which the Console Standard asks for. */
static JSValue new_namespace(xhr__realm *realm) {
  static const struct {
    const char *name;
    method method;
  } methods[] = {{"assert", ASSERT},
                 {"clear", CLEAR},
                 {"debug", DEBUG},
                 {"error", ERROR},
                 {"info", INFO},
                 {"log", LOG},
                 {"table", TABLE},
                 {"trace", TRACE},
                 {"warn", WARN},
                 {"dir", DIR},
                 {"dirxml", DIRXML},
                 {"count", COUNT},
                 {"countReset", COUNT_RESET},
                 {"group", GROUP},
                 {"groupCollapsed", GROUP_COLLAPSED},
                 {"groupEnd", GROUP_END},
                 {"time", TIME},
                 {"timeLog", TIME_LOG},
                 {"timeEnd", TIME_END}};
  JSContext *js = realm->js;
  JSValue prototype = JS_NewObject(js);
  JSValue object = JS_IsException(prototype) ? JS_EXCEPTION : JS_NewObjectProto(js, prototype);
  JS_FreeValue(js, prototype);
  bool done = !JS_IsException(object);
  for (size_t i = 0; done && i < sizeof methods / sizeof *methods; i++) {
    JSValue function = JS_NewCFunctionMagic(js, call, methods[i].name, 0, JS_CFUNC_generic_magic,
                                            (int)methods[i].method);
    done = !JS_IsException(function) &&
           JS_DefinePropertyValueStr(js, object, methods[i].name, function, JS_PROP_C_W_E) >= 0;
  }
  if (done) {
    JSAtom tag = JS_ValueToAtom(js, realm->intrinsics->functions[XHR__INTRINSIC_TO_STRING_TAG]);
    done = JS_DefinePropertyValue(js, object, tag, JS_NewString(js, "console"),
                                  JS_PROP_CONFIGURABLE) >= 0;
    JS_FreeAtom(js, tag);
  }
  if (done)
    return object;
  JS_FreeValue(js, object);
  return JS_EXCEPTION;
}

bool xhr__console_define(xhr__realm *realm) {
  realm->console = XHR__NEW(xhr__console);
  if (!realm->console) {
    JS_ThrowOutOfMemory(realm->js);
    return false;
  }
  JSValue console = new_namespace(realm);
  return !JS_IsException(console) &&
         JS_DefinePropertyValueStr(realm->js, realm->global, "console", console,
                                   JS_PROP_WRITABLE | JS_PROP_CONFIGURABLE) >= 0;
}
