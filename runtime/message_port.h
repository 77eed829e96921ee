/* https://html.spec.whatwg.org/#message-ports */
#ifndef XHR__RUNTIME_MESSAGE_PORT_H
#define XHR__RUNTIME_MESSAGE_PORT_H

#include "runtime/event_target.h"
#include "runtime/port_pipe.h"
#include "runtime/structured_data.h"

extern const xhr__interface xhr__message_port_interface;
extern const xhr__interface xhr__message_channel_interface;
extern const xhr__transferable xhr__message_port_transferable;

/* A new MessagePort around an end of a pipe, whose reference it takes over (on failure too). JS_EXCEPTION. */
JSValue xhr__message_port_value(xhr__realm *realm, xhr__port_end *end);

#endif
