#include "runtime/report_exception.h"

#include <stdio.h>

#include "runtime/convert.h"
#include "runtime/dom_exception.h"
#include "runtime/event.h"
#include "runtime/event_target.h"
#include "runtime/global_scope.h"
#include "runtime/worker_agent.h"

/* ---- what can be said ------------------------------------------------------------------------------------------- */

static void forget_exception(JSContext *js) {
  JS_FreeValue(js, JS_GetException(js));
}

/* Appends a property that is a string, or can be made one; nothing where there is none. */
static void append_property(xhr__realm *realm, JSValueConst object, const char *name,
                            xhr__bytes *out) {
  JSValue value = JS_GetPropertyStr(realm->js, object, name);
  if (JS_IsException(value) || (!JS_IsUndefined(value) && !xhr__to_usv_string(realm, value, out)))
    forget_exception(realm->js);
  JS_FreeValue(realm->js, value);
}

/* "NAME: MESSAGE", as Error.prototype.toString has it. */
static void append_error(xhr__realm *realm, JSValueConst error, xhr__bytes *out) {
  xhr__bytes message = {0};
  append_property(realm, error, "name", out);
  append_property(realm, error, "message", &message);
  if (out->len > 0 && message.len > 0)
    (void)xhr__bytes_append(out, XHR__STR(": "));
  (void)xhr__bytes_append(out, xhr__bytes_str(&message));
  xhr__bytes_free(&message);
}

/* Cuts a number that ":" stands before off the end of `place`; false where there is none. */
static bool cut_number(xhr__str *place, uint32_t *number) {
  uint64_t value;
  size_t start = place->len;
  while (start > 0 && xhr__is_ascii_digit(xhr__str_at(*place, start - 1)))
    start--;
  if (start == 0 || place->data[start - 1] != ':' ||
      !xhr__str_to_u64(xhr__str_from(*place, start), &value))
    return false;
  *number = value > UINT32_MAX ? UINT32_MAX : (uint32_t)value;
  place->len = start - 1;
  return true;
}

/* One line of the engine's stacks: "    at name (file:line:column)" or "    at file:line:column". */
static bool read_frame(xhr__str line, xhr__error_information *information) {
  uint32_t last, first;
  xhr__str place = xhr__str_trim_ascii_whitespace(line);
  if (!xhr__str_starts_with(place, XHR__STR("at ")))
    return false;
  place = xhr__str_from(place, 3);
  if (xhr__str_ends_with(place, XHR__STR(")"))) {
    size_t open = xhr__str_find_str(place, 0, XHR__STR(" ("));
    if (open == place.len)
      return false;
    place = xhr__str_slice(place, open + 2, place.len - 1);
  }
  if (!cut_number(&place, &last))
    return false;
  bool both = cut_number(&place, &first);
  information->line = both ? first : last;
  information->column = both ? last : 0;
  (void)xhr__bytes_assign(&information->filename, place);
  return true;
}

/* The place of the first line that names one. */
static void find_place(xhr__error_information *information) {
  xhr__str stack = xhr__bytes_str(&information->stack);
  while (stack.len > 0) {
    size_t end = xhr__str_find(stack, 0, '\n');
    if (read_frame(xhr__str_slice(stack, 0, end), information))
      return;
    stack = xhr__str_from(stack, end < stack.len ? end + 1 : end);
  }
}

void xhr__error_information_extract(xhr__realm *realm, JSValueConst exception,
                                    xhr__error_information *information) {
  const char *name, *message;
  *information = (xhr__error_information){0};
  realm->depth++;
  if (JS_IsError(realm->js, exception) || xhr__dom_exception_parts(exception, &name, &message)) {
    append_error(realm, exception, &information->message);
    append_property(realm, exception, "stack", &information->stack);
    find_place(information);
  } else if (!xhr__to_usv_string(realm, exception, &information->message)) {
    forget_exception(realm->js);
    (void)xhr__bytes_append(&information->message, XHR__STR("a value that is no string"));
  }
  /* NOTE: what is no Error does not say where it was thrown; in a worker that is most often its own script. */
  if (information->filename.len == 0 && realm->worker)
    (void)xhr__bytes_assign(&information->filename,
                            xhr__url_href(&realm->context->api_base_url, false));
  realm->depth--;
}

void xhr__error_information_free(xhr__error_information *information) {
  xhr__bytes_free(&information->message);
  xhr__bytes_free(&information->filename);
  xhr__bytes_free(&information->stack);
}

/* ---- reporting -------------------------------------------------------------------------------------------------- */

void xhr__report_to_developer(xhr__realm *realm, const char *prefix,
                              const xhr__error_information *information) {
  xhr__bytes text = {0};
  xhr__str stack = xhr__bytes_str(&information->stack);
  if (xhr__realm_is_terminated(realm))
    return;
  while (stack.len > 0 && stack.data[stack.len - 1] == '\n')
    stack.len--;
  (void)xhr__bytes_append(&text, xhr__str_c(prefix));
  (void)xhr__bytes_append(&text, xhr__bytes_str(&information->message));
  if (stack.len > 0) {
    (void)xhr__bytes_append_byte(&text, '\n');
    (void)xhr__bytes_append(&text, stack);
  }
  const char *said = text.data ? text.data : "Uncaught exception (out of memory)";
  if (realm->options.report)
    realm->options.report(realm->js, said, realm->options.user);
  else
    (void)fprintf(stderr, "%s\n", said);
  xhr__bytes_free(&text);
}

bool xhr__error_event_fire(xhr__realm *realm, JSValueConst target,
                           const xhr__error_information *information, JSValueConst error) {
  xhr__bytes message = {0};
  /* NOTE: a message says "Uncaught", as that of the browsers does. */
  if (!information->muted)
    (void)xhr__bytes_append(&message, XHR__STR("Uncaught "));
  (void)xhr__bytes_append(&message, xhr__bytes_str(&information->message));
  JSValue event = xhr__error_event_new(realm, message.data, information->filename.data,
                                       information->line, information->column, error);
  bool not_canceled = xhr__dispatch_new(realm, target, event);
  xhr__bytes_free(&message);
  return !not_canceled;
}

/* Step 6: fires error at the global object. True where that was canceled. */
static bool is_handled(xhr__realm *realm, const xhr__error_information *information,
                       JSValueConst error) {
  /* 6. an exception of a handler of exceptions is not handed to it again */
  if (!realm->global_object ||
      !xhr__js_event_target_has_listeners((xhr__js_event_target *)(void *)realm->global_object,
                                          "error") ||
      xhr__global_scope_set_reporting(realm, true))
    return false;
  /* 6.1. - 6.3. */
  bool handled = xhr__error_event_fire(realm, realm->global, information, error);
  /* 6.4. */
  (void)xhr__global_scope_set_reporting(realm, false);
  return handled;
}

void xhr__realm_report_information(xhr__realm *realm, const xhr__error_information *information,
                                   JSValueConst error) {
  if (xhr__realm_is_terminated(realm) || is_handled(realm, information, error))
    return;
  /* 7. a dedicated worker's owner is told, else the developer */
  if (realm->worker && !realm->worker->shared)
    xhr__worker_agent_tell_error(realm->worker, information);
  else
    xhr__report_to_developer(realm, "Uncaught ", information);
}

void xhr__report_muted(xhr__realm *realm, JSValue exception) {
  xhr__error_information information, muted = {.muted = true};
  xhr__error_information_extract(realm, exception, &information);
  /* 5. */
  if (xhr__bytes_append(&muted.message, XHR__STR("Script error.")) != XHR_OK ||
      !is_handled(realm, &muted, JS_NULL))
    xhr__report_to_developer(realm, "Uncaught ", &information);
  xhr__error_information_free(&muted);
  xhr__error_information_free(&information);
  JS_FreeValue(realm->js, exception);
}

void xhr__realm_report(xhr__realm *realm, JSValue exception) {
  xhr__error_information information;
  /* 1. - 5. no muted errors: see xhr__report_muted */
  xhr__error_information_extract(realm, exception, &information);
  xhr__realm_report_information(realm, &information, exception);
  xhr__error_information_free(&information);
  JS_FreeValue(realm->js, exception);
}
