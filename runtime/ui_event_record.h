/* What the files of UIEvent and the interfaces that inherit from it share. */
#ifndef XHR__RUNTIME_UI_EVENT_RECORD_H
#define XHR__RUNTIME_UI_EVENT_RECORD_H

#include "runtime/convert.h"
#include "runtime/event.h"
#include "runtime/event_target.h"
#include "runtime/ui_event.h"

typedef struct xhr__ui_event {
  xhr__js_event event;
  JSValue view;    /* JS_NULL: none */
  uint32_t detail; /* a long */
  uint32_t which;
} xhr__ui_event;

/* The modifiers that events of keys and pointers share. */
typedef enum xhr__modifier {
  XHR__MODIFIER_CTRL,
  XHR__MODIFIER_SHIFT,
  XHR__MODIFIER_ALT,
  XHR__MODIFIER_META,
  XHR__MODIFIER_ALT_GRAPH,
  XHR__MODIFIER_CAPS_LOCK,
  XHR__MODIFIER_FN,
  XHR__MODIFIER_FN_LOCK,
  XHR__MODIFIER_HYPER,
  XHR__MODIFIER_NUM_LOCK,
  XHR__MODIFIER_SCROLL_LOCK,
  XHR__MODIFIER_SUPER,
  XHR__MODIFIER_SYMBOL,
  XHR__MODIFIER_SYMBOL_LOCK,
  XHR__MODIFIER_COUNT
} xhr__modifier;

typedef struct xhr__mouse_event {
  xhr__ui_event ui;
  double screen_x, screen_y, client_x, client_y;
  uint32_t button; /* a short */
  uint32_t buttons;
  JSValue related_target; /* JS_NULL: none */
  bool modifiers[XHR__MODIFIER_COUNT];
} xhr__mouse_event;

/* For `finalize` and `mark`: the structures begin with these; the first frees them. */
void xhr__ui_event_finalize(JSRuntime *runtime, void *object);
void xhr__ui_event_mark(JSRuntime *runtime, void *object, JS_MarkFunc *mark_func);
void xhr__mouse_event_finalize(JSRuntime *runtime, void *object);
void xhr__mouse_event_mark(JSRuntime *runtime, void *object, JS_MarkFunc *mark_func);

/* UIEventInit, EventModifierInit and MouseEventInit, each without what it inherits. They throw and give false. */
bool xhr__ui_event_read(xhr__realm *realm, xhr__ui_event *event, JSValueConst init);
bool xhr__modifiers_read(xhr__realm *realm, bool modifiers[XHR__MODIFIER_COUNT], JSValueConst init);
bool xhr__mouse_event_read(xhr__realm *realm, xhr__mouse_event *event, JSValueConst init);
/* The first arguments, four or five (`has_detail`), of initUIEvent and its like. */
bool xhr__ui_event_initialize(xhr__realm *realm, xhr__ui_event *event, int argc, JSValueConst *argv,
                              bool has_detail);
/* getModifierState's result. */
JSValue xhr__modifier_state(xhr__realm *realm, const bool modifiers[XHR__MODIFIER_COUNT],
                            JSValueConst name);
/* An EventTarget or nothing is what a value has to be; undefined becomes null. False where it threw. */
bool xhr__check_event_target(xhr__realm *realm, JSValue *target);

#endif
