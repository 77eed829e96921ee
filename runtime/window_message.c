/* https://html.spec.whatwg.org/#posting-messages */
#include "infra/alloc.h"
#include "runtime/convert.h"
#include "runtime/event_target.h"
#include "runtime/global_task.h"
#include "runtime/message_event.h"
#include "runtime/structured_serialize.h"
#include "runtime/window.h"

typedef struct message_task {
  xhr__global_task task;
  xhr__serialized *message;
  bool any_origin;           /* the target origin is "*" */
  xhr__origin target_origin; /* else this one */
} message_task;

static void free_message(message_task *message) {
  xhr__serialized_free(message->message);
  xhr__origin_free(&message->target_origin);
  xhr__free(message);
}

static void drop(xhr__global_task *task) {
  free_message(XHR__OWNER(task, message_task, task));
}

/* Step 8's task. */
static void deliver(xhr__global_task *task) {
  message_task *message = XHR__OWNER(task, message_task, task);
  xhr__realm *realm = task->realm;
  const xhr__origin *own = &realm->context->client->origin;
  /* 8.1. */
  if (!message->any_origin && !xhr__same_origin(own, &message->target_origin)) {
    free_message(message);
    return;
  }
  /* 8.2. - 8.3. the window is its own source */
  xhr__str origin = xhr__origin_serialization(own);
  /* 8.4. */
  JSValue ports = JS_UNDEFINED;
  JSValue data = xhr__structured_deserialize(realm, message->message, &ports);
  message->message = NULL;
  free_message(message);
  JSValue event;
  if (JS_IsException(data)) {
    JS_FreeValue(realm->js, JS_GetException(realm->js));
    event =
        xhr__message_event_new(realm, "messageerror", JS_NULL, origin, realm->global, JS_UNDEFINED);
  } else {
    /* 8.5. - 8.7. */
    event = xhr__message_event_new(realm, "message", data, origin, realm->global, ports);
  }
  JS_FreeValue(realm->js, ports);
  JS_FreeValue(realm->js, data);
  (void)xhr__dispatch_new(realm, realm->global, event);
}

/* Steps 3 to 5 of https://html.spec.whatwg.org/#window-post-message-steps. False where it threw. */
static bool read_origin(xhr__realm *realm, xhr__str text, message_task *message) {
  xhr__url url;
  /* 4. */
  if (xhr__str_equals(text, XHR__STR("/"))) {
    if (xhr__origin_copy(&realm->context->client->origin, &message->target_origin) == XHR_OK)
      return true;
    JS_ThrowOutOfMemory(realm->js);
    return false;
  }
  message->any_origin = xhr__str_equals(text, XHR__STR("*"));
  if (message->any_origin)
    return true;
  /* 5. */
  xhr_status status = xhr__url_parse(text, NULL, &url);
  if (status == XHR_OK) {
    status = xhr__url_origin(&url, &message->target_origin);
    xhr__url_free(&url);
  }
  if (status != XHR_OK)
    (void)xhr__throw_status(realm, status, "postMessage: the target origin");
  return status == XHR_OK;
}

/* The two overloads: a target origin and perhaps objects to be transferred, or WindowPostMessageOptions. False where it
 * threw. */
static bool read_arguments(xhr__realm *realm, int argc, JSValueConst *argv, xhr__bytes *origin,
                           xhr__transfer_list *transfer) {
  JSValueConst second = argc > 1 ? argv[1] : JS_UNDEFINED;
  if (argc > 2 || (!JS_IsUndefined(second) && !JS_IsNull(second) && !JS_IsObject(second)))
    return xhr__to_usv_string(realm, second, origin) &&
           (argc < 3 || JS_IsUndefined(argv[2]) ||
            xhr__transfer_sequence_of(realm, argv[2], transfer));
  /* Members in the order of the dictionaries: StructuredSerializeOptions' first. */
  JSValue target_origin;
  if (!xhr__transfer_option_of(realm, second, transfer) ||
      !xhr__dictionary_get(realm, second, "targetOrigin", &target_origin))
    return false;
  bool done = JS_IsUndefined(target_origin) ? xhr__bytes_append(origin, XHR__STR("/")) == XHR_OK
                                            : xhr__to_usv_string(realm, target_origin, origin);
  JS_FreeValue(realm->js, target_origin);
  return done;
}

/* https://html.spec.whatwg.org/#dom-window-postmessage */
JSValue xhr__window_post_message(xhr__realm *realm, void *self, JSValueConst this_value, int argc,
                                 JSValueConst *argv) {
  xhr__bytes origin = {0};
  xhr__transfer_list transfer = {0};
  message_task *message = XHR__NEW(message_task);
  (void)self, (void)this_value;
  if (!message)
    return JS_ThrowOutOfMemory(realm->js);
  bool done = read_arguments(realm, argc, argv, &origin, &transfer) &&
              read_origin(realm, xhr__bytes_str(&origin), message);
  if (done) {
    /* 6. - 7. */
    message->message = xhr__structured_serialize(realm, argv[0], transfer.items, transfer.count);
    done = message->message != NULL;
  }
  xhr__transfer_list_free(realm, &transfer);
  xhr__bytes_free(&origin);
  if (!done) {
    free_message(message);
    return JS_EXCEPTION;
  }
  /* 8. */
  xhr__global_task_queue(realm, &message->task, deliver, drop);
  return JS_UNDEFINED;
}
