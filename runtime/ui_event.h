/* https://w3c.github.io/uievents/#interface-uievent and https://w3c.github.io/uievents/#interface-mouseevent, and those of
 * input devices. */
#ifndef XHR__RUNTIME_UI_EVENT_H
#define XHR__RUNTIME_UI_EVENT_H

#include "runtime/realm.h"

extern const xhr__interface xhr__ui_event_interface;
extern const xhr__interface xhr__mouse_event_interface;
extern const xhr__interface xhr__wheel_event_interface;
extern const xhr__interface xhr__focus_event_interface;
extern const xhr__interface xhr__keyboard_event_interface;
extern const xhr__interface xhr__composition_event_interface;

/* https://html.spec.whatwg.org/#fire-a-synthetic-pointer-event, as a MouseEvent that is not trusted (element.click()). The caller's. */
JSValue xhr__synthetic_click_new(xhr__realm *realm);

#endif
