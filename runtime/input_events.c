/* https://w3c.github.io/uievents/#events-focusevent, #events-wheelevents, #events-keyboardevents, #events-compositionevents */
#include "infra/alloc.h"
#include "runtime/ui_event_record.h"

/* ---- FocusEvent ------------------------------------------------------------------------------------------------- */

typedef struct focus_event {
  xhr__ui_event ui;
  JSValue related_target; /* JS_NULL: none */
} focus_event;

static void finalize_focus(JSRuntime *runtime, void *object) {
  JS_FreeValueRT(runtime, ((focus_event *)object)->related_target);
  xhr__ui_event_finalize(runtime, object);
}

static void mark_focus(JSRuntime *runtime, void *object, JS_MarkFunc *mark_func) {
  JS_MarkValue(runtime, ((focus_event *)object)->related_target, mark_func);
  xhr__ui_event_mark(runtime, object, mark_func);
}

static JSValue construct_focus(xhr__realm *realm, JSValueConst new_target, int argc,
                               JSValueConst *argv) {
  static const xhr__dictionary_member members[] = {
      {"relatedTarget", XHR__IDL_ANY, offsetof(focus_event, related_target)},
  };
  focus_event *event = XHR__NEW(focus_event);
  JSValueConst init = argc > 1 ? argv[1] : JS_UNDEFINED;
  if (event)
    event->ui.view = event->related_target = JS_NULL;
  bool done = xhr__js_event_construct(realm, event, &xhr__focus_event_interface, argc, argv) &&
              xhr__ui_event_read(realm, &event->ui, init) &&
              xhr__dictionary_read(realm, init, members, 1, event) &&
              xhr__check_event_target(realm, &event->related_target);
  return xhr__js_event_value(realm, done, new_target, event);
}

static JSValue get_related_target(xhr__realm *realm, void *self, JSValueConst this_value) {
  (void)this_value;
  return JS_DupValue(realm->js, ((focus_event *)self)->related_target);
}

static const xhr__member focus_members[] = {
    XHR__DEFINE_READONLY("relatedTarget", get_related_target),
};

/* What the interfaces of this file have in common. */
#define INPUT_EVENT(name_, inherits_, construct_, members_)                                        \
  .name = (name_), .inherits = (inherits_), .exposed = XHR__EXPOSED_WINDOW,                        \
  .construct = (construct_), .construct_length = 1, .members = (members_),                         \
  .member_count = sizeof(members_) / sizeof *(members_)

const xhr__interface xhr__focus_event_interface = {
    INPUT_EVENT("FocusEvent", &xhr__ui_event_interface, construct_focus, focus_members),
    .finalize = finalize_focus,
    .mark = mark_focus,
};

/* ---- WheelEvent ------------------------------------------------------------------------------------------------- */

typedef struct wheel_event {
  xhr__mouse_event mouse;
  double delta_x, delta_y, delta_z;
  uint32_t delta_mode;
} wheel_event;

static JSValue construct_wheel(xhr__realm *realm, JSValueConst new_target, int argc,
                               JSValueConst *argv) {
  static const xhr__dictionary_member members[] = {
      {"deltaMode", XHR__IDL_UNSIGNED_LONG, offsetof(wheel_event, delta_mode)},
      {"deltaX", XHR__IDL_DOUBLE, offsetof(wheel_event, delta_x)},
      {"deltaY", XHR__IDL_DOUBLE, offsetof(wheel_event, delta_y)},
      {"deltaZ", XHR__IDL_DOUBLE, offsetof(wheel_event, delta_z)},
  };
  wheel_event *event = XHR__NEW(wheel_event);
  JSValueConst init = argc > 1 ? argv[1] : JS_UNDEFINED;
  if (event)
    event->mouse.ui.view = event->mouse.related_target = JS_NULL;
  bool done = xhr__js_event_construct(realm, event, &xhr__wheel_event_interface, argc, argv) &&
              xhr__ui_event_read(realm, &event->mouse.ui, init) &&
              xhr__modifiers_read(realm, event->mouse.modifiers, init) &&
              xhr__mouse_event_read(realm, &event->mouse, init) &&
              xhr__dictionary_read(realm, init, members, sizeof members / sizeof *members, event);
  return xhr__js_event_value(realm, done, new_target, event);
}

#define DELTA_GETTER(name_)                                                                        \
  static JSValue get_##name_(xhr__realm *realm, void *self, JSValueConst this_value) {             \
    (void)this_value;                                                                              \
    return JS_NewFloat64(realm->js, ((wheel_event *)self)->name_);                                 \
  }
DELTA_GETTER(delta_x)
DELTA_GETTER(delta_y)
DELTA_GETTER(delta_z)
DELTA_GETTER(delta_mode)

static const xhr__member wheel_members[] = {
    XHR__DEFINE_CONSTANT("DOM_DELTA_PIXEL", 0),        XHR__DEFINE_CONSTANT("DOM_DELTA_LINE", 1),
    XHR__DEFINE_CONSTANT("DOM_DELTA_PAGE", 2),         XHR__DEFINE_READONLY("deltaX", get_delta_x),
    XHR__DEFINE_READONLY("deltaY", get_delta_y),       XHR__DEFINE_READONLY("deltaZ", get_delta_z),
    XHR__DEFINE_READONLY("deltaMode", get_delta_mode),
};

const xhr__interface xhr__wheel_event_interface = {
    INPUT_EVENT("WheelEvent", &xhr__mouse_event_interface, construct_wheel, wheel_members),
    .finalize = xhr__mouse_event_finalize,
    .mark = xhr__mouse_event_mark,
};

/* ---- KeyboardEvent ---------------------------------------------------------------------------------------------- */

typedef struct keyboard_event {
  xhr__ui_event ui;
  xhr__bytes key, code; /* DOMString */
  uint32_t location, char_code, key_code;
  bool repeat, is_composing;
  bool modifiers[XHR__MODIFIER_COUNT];
} keyboard_event;

static void finalize_keyboard(JSRuntime *runtime, void *object) {
  keyboard_event *event = object;
  xhr__bytes_free(&event->key);
  xhr__bytes_free(&event->code);
  xhr__ui_event_finalize(runtime, object);
}

static JSValue construct_keyboard(xhr__realm *realm, JSValueConst new_target, int argc,
                                  JSValueConst *argv) {
  static const xhr__dictionary_member members[] = {
      {"charCode", XHR__IDL_UNSIGNED_LONG, offsetof(keyboard_event, char_code)},
      {"code", XHR__IDL_DOM_STRING, offsetof(keyboard_event, code)},
      {"isComposing", XHR__IDL_BOOLEAN, offsetof(keyboard_event, is_composing)},
      {"key", XHR__IDL_DOM_STRING, offsetof(keyboard_event, key)},
      {"keyCode", XHR__IDL_UNSIGNED_LONG, offsetof(keyboard_event, key_code)},
      {"location", XHR__IDL_UNSIGNED_LONG, offsetof(keyboard_event, location)},
      {"repeat", XHR__IDL_BOOLEAN, offsetof(keyboard_event, repeat)},
  };
  keyboard_event *event = XHR__NEW(keyboard_event);
  JSValueConst init = argc > 1 ? argv[1] : JS_UNDEFINED;
  if (event)
    event->ui.view = JS_NULL;
  bool done = xhr__js_event_construct(realm, event, &xhr__keyboard_event_interface, argc, argv) &&
              xhr__ui_event_read(realm, &event->ui, init) &&
              xhr__modifiers_read(realm, event->modifiers, init) &&
              xhr__dictionary_read(realm, init, members, sizeof members / sizeof *members, event);
  return xhr__js_event_value(realm, done, new_target, event);
}

static JSValue get_key(xhr__realm *realm, void *self, JSValueConst this_value) {
  (void)this_value;
  return xhr__from_dom_string(realm, xhr__bytes_str(&((keyboard_event *)self)->key));
}

static JSValue get_code(xhr__realm *realm, void *self, JSValueConst this_value) {
  (void)this_value;
  return xhr__from_dom_string(realm, xhr__bytes_str(&((keyboard_event *)self)->code));
}

#define NUMBER_GETTER(name_)                                                                       \
  static JSValue get_##name_(xhr__realm *realm, void *self, JSValueConst this_value) {             \
    (void)this_value;                                                                              \
    return JS_NewUint32(realm->js, ((keyboard_event *)self)->name_);                               \
  }
NUMBER_GETTER(location)
NUMBER_GETTER(char_code)
NUMBER_GETTER(key_code)

#define BOOLEAN_GETTER(name_, member_)                                                             \
  static JSValue get_##name_(xhr__realm *realm, void *self, JSValueConst this_value) {             \
    (void)this_value;                                                                              \
    return JS_NewBool(realm->js, ((keyboard_event *)self)->member_);                               \
  }
BOOLEAN_GETTER(repeat, repeat)
BOOLEAN_GETTER(is_composing, is_composing)
BOOLEAN_GETTER(ctrl_key, modifiers[XHR__MODIFIER_CTRL])
BOOLEAN_GETTER(shift_key, modifiers[XHR__MODIFIER_SHIFT])
BOOLEAN_GETTER(alt_key, modifiers[XHR__MODIFIER_ALT])
BOOLEAN_GETTER(meta_key, modifiers[XHR__MODIFIER_META])

static JSValue get_modifier_state(xhr__realm *realm, void *self, JSValueConst this_value, int argc,
                                  JSValueConst *argv) {
  (void)this_value, (void)argc;
  return xhr__modifier_state(realm, ((keyboard_event *)self)->modifiers, argv[0]);
}

/* https://w3c.github.io/uievents/#dom-keyboardevent-initkeyboardevent */
static JSValue init_keyboard_event(xhr__realm *realm, void *self, JSValueConst this_value, int argc,
                                   JSValueConst *argv) {
  static const xhr__modifier keys[] = {XHR__MODIFIER_CTRL, XHR__MODIFIER_ALT, XHR__MODIFIER_SHIFT,
                                       XHR__MODIFIER_META};
  keyboard_event *event = self;
  xhr__bytes key = {0};
  uint32_t location = 0;
  bool held[4] = {false};
  (void)this_value;
  bool done = (argc < 5 || xhr__to_dom_string(realm, argv[4], &key)) &&
              (argc < 6 || xhr__to_unsigned_long(realm, argv[5], &location));
  for (int i = 0; done && i < 4 && 6 + i < argc; i++)
    done = xhr__to_boolean(realm, argv[6 + i], &held[i]);
  done = done && xhr__ui_event_initialize(realm, &event->ui, argc, argv, false);
  if (done && !event->ui.event.dispatch) {
    xhr__bytes_move(&event->key, &key);
    event->location = location;
    for (int i = 0; i < 4; i++)
      event->modifiers[keys[i]] = held[i];
  }
  xhr__bytes_free(&key);
  return done ? JS_UNDEFINED : JS_EXCEPTION;
}

static const xhr__member keyboard_members[] = {
    XHR__DEFINE_CONSTANT("DOM_KEY_LOCATION_STANDARD", 0),
    XHR__DEFINE_CONSTANT("DOM_KEY_LOCATION_LEFT", 1),
    XHR__DEFINE_CONSTANT("DOM_KEY_LOCATION_RIGHT", 2),
    XHR__DEFINE_CONSTANT("DOM_KEY_LOCATION_NUMPAD", 3),
    XHR__DEFINE_READONLY("key", get_key),
    XHR__DEFINE_READONLY("code", get_code),
    XHR__DEFINE_READONLY("location", get_location),
    XHR__DEFINE_READONLY("ctrlKey", get_ctrl_key),
    XHR__DEFINE_READONLY("shiftKey", get_shift_key),
    XHR__DEFINE_READONLY("altKey", get_alt_key),
    XHR__DEFINE_READONLY("metaKey", get_meta_key),
    XHR__DEFINE_READONLY("repeat", get_repeat),
    XHR__DEFINE_READONLY("isComposing", get_is_composing),
    XHR__DEFINE_OPERATION("getModifierState", 1, get_modifier_state),
    XHR__DEFINE_OPERATION("initKeyboardEvent", 1, init_keyboard_event),
    XHR__DEFINE_READONLY("charCode", get_char_code),
    XHR__DEFINE_READONLY("keyCode", get_key_code),
};

const xhr__interface xhr__keyboard_event_interface = {
    INPUT_EVENT("KeyboardEvent", &xhr__ui_event_interface, construct_keyboard, keyboard_members),
    .finalize = finalize_keyboard,
    .mark = xhr__ui_event_mark,
};

/* ---- CompositionEvent ------------------------------------------------------------------------------------------- */

typedef struct composition_event {
  xhr__ui_event ui;
  xhr__bytes data; /* DOMString */
} composition_event;

static void finalize_composition(JSRuntime *runtime, void *object) {
  xhr__bytes_free(&((composition_event *)object)->data);
  xhr__ui_event_finalize(runtime, object);
}

static JSValue construct_composition(xhr__realm *realm, JSValueConst new_target, int argc,
                                     JSValueConst *argv) {
  static const xhr__dictionary_member members[] = {
      {"data", XHR__IDL_DOM_STRING, offsetof(composition_event, data)},
  };
  composition_event *event = XHR__NEW(composition_event);
  JSValueConst init = argc > 1 ? argv[1] : JS_UNDEFINED;
  if (event)
    event->ui.view = JS_NULL;
  bool done =
      xhr__js_event_construct(realm, event, &xhr__composition_event_interface, argc, argv) &&
      xhr__ui_event_read(realm, &event->ui, init) &&
      xhr__dictionary_read(realm, init, members, 1, event);
  return xhr__js_event_value(realm, done, new_target, event);
}

static JSValue get_data(xhr__realm *realm, void *self, JSValueConst this_value) {
  (void)this_value;
  return xhr__from_dom_string(realm, xhr__bytes_str(&((composition_event *)self)->data));
}

/* https://w3c.github.io/uievents/#dom-compositionevent-initcompositionevent */
static JSValue init_composition_event(xhr__realm *realm, void *self, JSValueConst this_value,
                                      int argc, JSValueConst *argv) {
  composition_event *event = self;
  xhr__bytes data = {0};
  (void)this_value;
  bool done = (argc < 5 || xhr__to_dom_string(realm, argv[4], &data)) &&
              xhr__ui_event_initialize(realm, &event->ui, argc, argv, false);
  if (done && !event->ui.event.dispatch)
    xhr__bytes_move(&event->data, &data);
  xhr__bytes_free(&data);
  return done ? JS_UNDEFINED : JS_EXCEPTION;
}

static const xhr__member composition_members[] = {
    XHR__DEFINE_READONLY("data", get_data),
    XHR__DEFINE_OPERATION("initCompositionEvent", 1, init_composition_event),
};

const xhr__interface xhr__composition_event_interface = {
    INPUT_EVENT("CompositionEvent", &xhr__ui_event_interface, construct_composition,
                composition_members),
    .finalize = finalize_composition,
    .mark = xhr__ui_event_mark,
};
