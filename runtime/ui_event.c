#include "runtime/ui_event_record.h"

#include "infra/alloc.h"

/* ---- UIEvent ---------------------------------------------------------------------------------------------------- */

void xhr__ui_event_finalize(JSRuntime *runtime, void *object) {
  JS_FreeValueRT(runtime, ((xhr__ui_event *)object)->view);
  xhr__js_event_free(runtime, object);
  xhr__free(object);
}

void xhr__ui_event_mark(JSRuntime *runtime, void *object, JS_MarkFunc *mark_func) {
  JS_MarkValue(runtime, ((xhr__ui_event *)object)->view, mark_func);
  xhr__js_event_mark(runtime, object, mark_func);
}

/* A Window or nothing is what a value has to be. False where it threw; undefined becomes null. */
static bool check_view(xhr__realm *realm, JSValue *view) {
  if (JS_IsUndefined(*view))
    *view = JS_NULL;
  if (JS_IsNull(*view) ||
      (JS_IsObject(*view) && JS_VALUE_GET_PTR(*view) == JS_VALUE_GET_PTR(realm->global)))
    return true;
  JS_ThrowTypeError(realm->js, "the view is no Window");
  return false;
}

/* UIEventInit, behind EventInit. */
bool xhr__ui_event_read(xhr__realm *realm, xhr__ui_event *event, JSValueConst init) {
  static const xhr__dictionary_member members[] = {
      {"detail", XHR__IDL_UNSIGNED_LONG, offsetof(xhr__ui_event, detail)},
      {"view", XHR__IDL_ANY, offsetof(xhr__ui_event, view)},
      {"which", XHR__IDL_UNSIGNED_LONG, offsetof(xhr__ui_event, which)},
  };
  return xhr__dictionary_read(realm, init, members, sizeof members / sizeof *members, event) &&
         check_view(realm, &event->view);
}

static JSValue construct_ui(xhr__realm *realm, JSValueConst new_target, int argc,
                            JSValueConst *argv) {
  xhr__ui_event *event = XHR__NEW(xhr__ui_event);
  if (event)
    event->view = JS_NULL;
  bool done = xhr__js_event_construct(realm, event, &xhr__ui_event_interface, argc, argv) &&
              xhr__ui_event_read(realm, event, argc > 1 ? argv[1] : JS_UNDEFINED);
  return xhr__js_event_value(realm, done, new_target, event);
}

static JSValue get_view(xhr__realm *realm, void *self, JSValueConst this_value) {
  (void)this_value;
  return JS_DupValue(realm->js, ((xhr__ui_event *)self)->view);
}

static JSValue get_detail(xhr__realm *realm, void *self, JSValueConst this_value) {
  (void)this_value;
  return JS_NewInt32(realm->js, (int32_t)((xhr__ui_event *)self)->detail);
}

static JSValue get_which(xhr__realm *realm, void *self, JSValueConst this_value) {
  (void)this_value;
  return JS_NewUint32(realm->js, ((xhr__ui_event *)self)->which);
}

bool xhr__ui_event_initialize(xhr__realm *realm, xhr__ui_event *event, int argc, JSValueConst *argv,
                              bool has_detail) {
  xhr__bytes type = {0};
  bool bubbles = false, cancelable = false;
  JSValue view = argc > 3 ? JS_DupValue(realm->js, argv[3]) : JS_NULL;
  uint32_t detail = 0;
  bool done = xhr__to_dom_string(realm, argv[0], &type) &&
              (argc < 2 || xhr__to_boolean(realm, argv[1], &bubbles)) &&
              (argc < 3 || xhr__to_boolean(realm, argv[2], &cancelable)) &&
              check_view(realm, &view) &&
              (!has_detail || argc < 5 || xhr__to_unsigned_long(realm, argv[4], &detail));
  if (done && xhr__js_event_initialize(realm, &event->event, &type, bubbles, cancelable)) {
    JSValue old = event->view;
    event->view = view;
    view = old;
    event->detail = detail;
  }
  JS_FreeValue(realm->js, view);
  xhr__bytes_free(&type);
  return done;
}

/* https://w3c.github.io/uievents/#dom-uievent-inituievent */
static JSValue init_ui_event(xhr__realm *realm, void *self, JSValueConst this_value, int argc,
                             JSValueConst *argv) {
  (void)this_value;
  return xhr__ui_event_initialize(realm, self, argc, argv, true) ? JS_UNDEFINED : JS_EXCEPTION;
}

static const xhr__member ui_members[] = {
    XHR__DEFINE_READONLY("view", get_view),
    XHR__DEFINE_READONLY("detail", get_detail),
    XHR__DEFINE_OPERATION("initUIEvent", 1, init_ui_event),
    XHR__DEFINE_READONLY("which", get_which),
};

const xhr__interface xhr__ui_event_interface = {
    .name = "UIEvent",
    .inherits = &xhr__event_interface,
    .exposed = XHR__EXPOSED_WINDOW,
    .construct = construct_ui,
    .construct_length = 1,
    .members = ui_members,
    .member_count = sizeof ui_members / sizeof *ui_members,
    .finalize = xhr__ui_event_finalize,
    .mark = xhr__ui_event_mark,
};

/* ---- MouseEvent ------------------------------------------------------------------------------------------------- */

void xhr__mouse_event_finalize(JSRuntime *runtime, void *object) {
  JS_FreeValueRT(runtime, ((xhr__mouse_event *)object)->related_target);
  xhr__ui_event_finalize(runtime, object);
}

void xhr__mouse_event_mark(JSRuntime *runtime, void *object, JS_MarkFunc *mark_func) {
  JS_MarkValue(runtime, ((xhr__mouse_event *)object)->related_target, mark_func);
  xhr__ui_event_mark(runtime, object, mark_func);
}

/* An EventTarget or nothing is what a value has to be. */
bool xhr__check_event_target(xhr__realm *realm, JSValue *target) {
  if (JS_IsUndefined(*target))
    *target = JS_NULL;
  if (JS_IsNull(*target) || xhr__js_event_target_of(realm, *target))
    return true;
  JS_ThrowTypeError(realm->js, "relatedTarget is no EventTarget");
  return false;
}

bool xhr__modifiers_read(xhr__realm *realm, bool modifiers[XHR__MODIFIER_COUNT],
                         JSValueConst init) {
#define MODIFIER(name_, modifier_)                                                                 \
  { (name_), XHR__IDL_BOOLEAN, (modifier_) * sizeof(bool) }
  static const xhr__dictionary_member members[] = {
      MODIFIER("altKey", XHR__MODIFIER_ALT),
      MODIFIER("ctrlKey", XHR__MODIFIER_CTRL),
      MODIFIER("metaKey", XHR__MODIFIER_META),
      MODIFIER("modifierAltGraph", XHR__MODIFIER_ALT_GRAPH),
      MODIFIER("modifierCapsLock", XHR__MODIFIER_CAPS_LOCK),
      MODIFIER("modifierFn", XHR__MODIFIER_FN),
      MODIFIER("modifierFnLock", XHR__MODIFIER_FN_LOCK),
      MODIFIER("modifierHyper", XHR__MODIFIER_HYPER),
      MODIFIER("modifierNumLock", XHR__MODIFIER_NUM_LOCK),
      MODIFIER("modifierScrollLock", XHR__MODIFIER_SCROLL_LOCK),
      MODIFIER("modifierSuper", XHR__MODIFIER_SUPER),
      MODIFIER("modifierSymbol", XHR__MODIFIER_SYMBOL),
      MODIFIER("modifierSymbolLock", XHR__MODIFIER_SYMBOL_LOCK),
      MODIFIER("shiftKey", XHR__MODIFIER_SHIFT),
  };
#undef MODIFIER
  return xhr__dictionary_read(realm, init, members, sizeof members / sizeof *members, modifiers);
}

bool xhr__mouse_event_read(xhr__realm *realm, xhr__mouse_event *event, JSValueConst init) {
  static const xhr__dictionary_member members[] = {
      {"button", XHR__IDL_UNSIGNED_LONG, offsetof(xhr__mouse_event, button)},
      {"buttons", XHR__IDL_UNSIGNED_LONG, offsetof(xhr__mouse_event, buttons)},
      {"clientX", XHR__IDL_DOUBLE, offsetof(xhr__mouse_event, client_x)},
      {"clientY", XHR__IDL_DOUBLE, offsetof(xhr__mouse_event, client_y)},
      {"relatedTarget", XHR__IDL_ANY, offsetof(xhr__mouse_event, related_target)},
      {"screenX", XHR__IDL_DOUBLE, offsetof(xhr__mouse_event, screen_x)},
      {"screenY", XHR__IDL_DOUBLE, offsetof(xhr__mouse_event, screen_y)},
  };
  return xhr__dictionary_read(realm, init, members, sizeof members / sizeof *members, event) &&
         xhr__check_event_target(realm, &event->related_target);
}

static xhr__mouse_event *new_mouse_event(void) {
  xhr__mouse_event *event = XHR__NEW(xhr__mouse_event);
  if (event)
    event->ui.view = event->related_target = JS_NULL;
  return event;
}

static JSValue construct_mouse(xhr__realm *realm, JSValueConst new_target, int argc,
                               JSValueConst *argv) {
  xhr__mouse_event *event = new_mouse_event();
  JSValueConst init = argc > 1 ? argv[1] : JS_UNDEFINED;
  bool done = xhr__js_event_construct(realm, event, &xhr__mouse_event_interface, argc, argv) &&
              xhr__ui_event_read(realm, &event->ui, init) &&
              xhr__modifiers_read(realm, event->modifiers, init) &&
              xhr__mouse_event_read(realm, event, init);
  return xhr__js_event_value(realm, done, new_target, event);
}

JSValue xhr__synthetic_click_new(xhr__realm *realm) {
  xhr__mouse_event *event = new_mouse_event();
  bool done = xhr__js_event_create(realm, event, &xhr__mouse_event_interface, "click", true, true);
  if (done) {
    event->ui.event.is_trusted = false;
    event->ui.event.composed = true;
    event->ui.view = JS_DupValue(realm->js, realm->global);
  }
  return xhr__js_event_value(realm, done, JS_UNDEFINED, event);
}

#define DOUBLE_GETTER(name_)                                                                       \
  static JSValue get_##name_(xhr__realm *realm, void *self, JSValueConst this_value) {             \
    (void)this_value;                                                                              \
    return JS_NewFloat64(realm->js, ((xhr__mouse_event *)self)->name_);                            \
  }
DOUBLE_GETTER(screen_x)
DOUBLE_GETTER(screen_y)
DOUBLE_GETTER(client_x)
DOUBLE_GETTER(client_y)

#define MODIFIER_GETTER(name_, modifier_)                                                          \
  static JSValue get_##name_(xhr__realm *realm, void *self, JSValueConst this_value) {             \
    (void)this_value;                                                                              \
    return JS_NewBool(realm->js, ((xhr__mouse_event *)self)->modifiers[modifier_]);                \
  }
MODIFIER_GETTER(ctrl_key, XHR__MODIFIER_CTRL)
MODIFIER_GETTER(shift_key, XHR__MODIFIER_SHIFT)
MODIFIER_GETTER(alt_key, XHR__MODIFIER_ALT)
MODIFIER_GETTER(meta_key, XHR__MODIFIER_META)

static JSValue get_button(xhr__realm *realm, void *self, JSValueConst this_value) {
  (void)this_value;
  return JS_NewInt32(realm->js, (int16_t)((xhr__mouse_event *)self)->button);
}

static JSValue get_buttons(xhr__realm *realm, void *self, JSValueConst this_value) {
  (void)this_value;
  return JS_NewUint32(realm->js, (uint16_t)((xhr__mouse_event *)self)->buttons);
}

static JSValue get_related_target(xhr__realm *realm, void *self, JSValueConst this_value) {
  (void)this_value;
  return JS_DupValue(realm->js, ((xhr__mouse_event *)self)->related_target);
}

JSValue xhr__modifier_state(xhr__realm *realm, const bool modifiers[XHR__MODIFIER_COUNT],
                            JSValueConst value) {
  static const char *const names[XHR__MODIFIER_COUNT] = {
      [XHR__MODIFIER_CTRL] = "Control",
      [XHR__MODIFIER_SHIFT] = "Shift",
      [XHR__MODIFIER_ALT] = "Alt",
      [XHR__MODIFIER_META] = "Meta",
      [XHR__MODIFIER_ALT_GRAPH] = "AltGraph",
      [XHR__MODIFIER_CAPS_LOCK] = "CapsLock",
      [XHR__MODIFIER_FN] = "Fn",
      [XHR__MODIFIER_FN_LOCK] = "FnLock",
      [XHR__MODIFIER_HYPER] = "Hyper",
      [XHR__MODIFIER_NUM_LOCK] = "NumLock",
      [XHR__MODIFIER_SCROLL_LOCK] = "ScrollLock",
      [XHR__MODIFIER_SUPER] = "Super",
      [XHR__MODIFIER_SYMBOL] = "Symbol",
      [XHR__MODIFIER_SYMBOL_LOCK] = "SymbolLock",
  };
  xhr__bytes name = {0};
  bool state = false;
  bool done = xhr__to_dom_string(realm, value, &name);
  for (int i = 0; done && i < XHR__MODIFIER_COUNT; i++)
    state = state || (modifiers[i] && xhr__str_equals(xhr__bytes_str(&name), xhr__str_c(names[i])));
  xhr__bytes_free(&name);
  return done ? JS_NewBool(realm->js, state) : JS_EXCEPTION;
}

/* https://w3c.github.io/uievents/#dom-mouseevent-getmodifierstate */
static JSValue get_modifier_state(xhr__realm *realm, void *self, JSValueConst this_value, int argc,
                                  JSValueConst *argv) {
  (void)this_value, (void)argc;
  return xhr__modifier_state(realm, ((xhr__mouse_event *)self)->modifiers, argv[0]);
}

/* https://w3c.github.io/uievents/#dom-mouseevent-initmouseevent */
static JSValue init_mouse_event(xhr__realm *realm, void *self, JSValueConst this_value, int argc,
                                JSValueConst *argv) {
  xhr__mouse_event *event = self;
  double *const numbers[] = {&event->screen_x, &event->screen_y, &event->client_x,
                             &event->client_y};
  uint32_t values[4] = {0}, button = 0;
  bool keys[4] = {false};
  JSValue related = argc > 14 ? JS_DupValue(realm->js, argv[14]) : JS_NULL;
  (void)this_value;
  bool done = xhr__check_event_target(realm, &related);
  for (int i = 0; done && i < 4 && 5 + i < argc; i++)
    done = xhr__to_unsigned_long(realm, argv[5 + i], &values[i]);
  for (int i = 0; done && i < 4 && 9 + i < argc; i++)
    done = xhr__to_boolean(realm, argv[9 + i], &keys[i]);
  done = done && (argc < 14 || xhr__to_unsigned_long(realm, argv[13], &button)) &&
         xhr__ui_event_initialize(realm, &event->ui, argc, argv, true);
  if (done && !event->ui.event.dispatch) {
    for (int i = 0; i < 4; i++)
      *numbers[i] = (int32_t)values[i];
    event->modifiers[XHR__MODIFIER_CTRL] = keys[0];
    event->modifiers[XHR__MODIFIER_ALT] = keys[1];
    event->modifiers[XHR__MODIFIER_SHIFT] = keys[2];
    event->modifiers[XHR__MODIFIER_META] = keys[3];
    event->button = button;
    JSValue old = event->related_target;
    event->related_target = related;
    related = old;
  }
  JS_FreeValue(realm->js, related);
  return done ? JS_UNDEFINED : JS_EXCEPTION;
}

static const xhr__member mouse_members[] = {
    XHR__DEFINE_READONLY("screenX", get_screen_x),
    XHR__DEFINE_READONLY("screenY", get_screen_y),
    XHR__DEFINE_READONLY("clientX", get_client_x),
    XHR__DEFINE_READONLY("clientY", get_client_y),
    XHR__DEFINE_READONLY("ctrlKey", get_ctrl_key),
    XHR__DEFINE_READONLY("shiftKey", get_shift_key),
    XHR__DEFINE_READONLY("altKey", get_alt_key),
    XHR__DEFINE_READONLY("metaKey", get_meta_key),
    XHR__DEFINE_READONLY("button", get_button),
    XHR__DEFINE_READONLY("buttons", get_buttons),
    XHR__DEFINE_READONLY("relatedTarget", get_related_target),
    XHR__DEFINE_OPERATION("getModifierState", 1, get_modifier_state),
    XHR__DEFINE_OPERATION("initMouseEvent", 1, init_mouse_event),
};

const xhr__interface xhr__mouse_event_interface = {
    .name = "MouseEvent",
    .inherits = &xhr__ui_event_interface,
    .exposed = XHR__EXPOSED_WINDOW,
    .construct = construct_mouse,
    .construct_length = 1,
    .members = mouse_members,
    .member_count = sizeof mouse_members / sizeof *mouse_members,
    .finalize = xhr__mouse_event_finalize,
    .mark = xhr__mouse_event_mark,
};
