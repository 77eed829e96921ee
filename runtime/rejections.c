#include "runtime/rejections.h"

#include "infra/alloc.h"
#include "infra/list.h"
#include "runtime/convert.h"
#include "runtime/event.h"
#include "runtime/event_target.h"
#include "runtime/report_exception.h"

/* ---- PromiseRejectionEvent: https://html.spec.whatwg.org/#promiserejectionevent --------------------------------- */

typedef struct rejection_event {
  xhr__js_event event;
  JSValue promise, reason;
} rejection_event;

static void finalize(JSRuntime *runtime, void *object) {
  rejection_event *event = object;
  JS_FreeValueRT(runtime, event->promise);
  JS_FreeValueRT(runtime, event->reason);
  xhr__js_event_free(runtime, &event->event);
  xhr__free(event);
}

static void mark(JSRuntime *runtime, void *object, JS_MarkFunc *mark_func) {
  JS_MarkValue(runtime, ((rejection_event *)object)->promise, mark_func);
  JS_MarkValue(runtime, ((rejection_event *)object)->reason, mark_func);
  xhr__js_event_mark(runtime, object, mark_func);
}

static rejection_event *new_event(void) {
  rejection_event *event = XHR__NEW(rejection_event);
  if (event)
    event->promise = event->reason = JS_UNDEFINED;
  return event;
}

/* https://html.spec.whatwg.org/#promiserejectioneventinit */
static bool read_init(xhr__realm *realm, rejection_event *event, JSValueConst init) {
  JSValue promise, reason;
  if (!xhr__dictionary_get(realm, init, "promise", &promise))
    return false;
  event->promise = promise;
  if (!JS_IsObject(promise)) {
    JS_ThrowTypeError(realm->js, "new PromiseRejectionEvent: promise is %s",
                      JS_IsUndefined(promise) ? "missing" : "no object");
    return false;
  }
  if (!xhr__dictionary_get(realm, init, "reason", &reason))
    return false;
  event->reason = reason;
  return true;
}

static JSValue construct(xhr__realm *realm, JSValueConst new_target, int argc, JSValueConst *argv) {
  rejection_event *event = new_event();
  bool done =
      xhr__js_event_construct(realm, event, &xhr__promise_rejection_event_interface, argc, argv) &&
      read_init(realm, event, argv[1]);
  return xhr__js_event_value(realm, done, new_target, event);
}

static JSValue rejection_event_new(xhr__realm *realm, const char *type, bool cancelable,
                                   JSValueConst promise, JSValueConst reason) {
  rejection_event *event = new_event();
  bool done = xhr__js_event_create(realm, event, &xhr__promise_rejection_event_interface, type,
                                   false, cancelable);
  if (done) {
    event->promise = JS_DupValue(realm->js, promise);
    event->reason = JS_DupValue(realm->js, reason);
  }
  return xhr__js_event_value(realm, done, JS_UNDEFINED, event);
}

static JSValue get_promise(xhr__realm *realm, void *self, JSValueConst this_value) {
  (void)this_value;
  return JS_DupValue(realm->js, ((rejection_event *)self)->promise);
}

static JSValue get_reason(xhr__realm *realm, void *self, JSValueConst this_value) {
  (void)this_value;
  return JS_DupValue(realm->js, ((rejection_event *)self)->reason);
}

static const xhr__member members[] = {
    XHR__DEFINE_READONLY("promise", get_promise),
    XHR__DEFINE_READONLY("reason", get_reason),
};

const xhr__interface xhr__promise_rejection_event_interface = {
    .name = "PromiseRejectionEvent",
    .inherits = &xhr__event_interface,
    .construct = construct,
    .construct_length = 2,
    .members = members,
    .member_count = sizeof members / sizeof *members,
    .finalize = finalize,
    .mark = mark,
};

/* ---- the lists -------------------------------------------------------------------------------------------------- */

/* So many promises are remembered as outstanding; of older ones rejectionhandled is not told. */
enum { MAX_OUTSTANDING = 1000 };

typedef struct rejection {
  xhr__list node;
  JSValue promise, reason;
  bool handled; /* it got a handler while it was told of */
} rejection;

typedef struct xhr__rejections {
  xhr__list about_to_be_notified;
  xhr__list being_notified; /* the one whose event is fired */
  xhr__list handled;        /* those that rejectionhandled is to be fired for */
  bool notifying;
  /* Notifies where no checkpoint of ours follows: scripts that the embedder itself runs. */
  xhr__task task;
  xhr__realm *realm;
  /* https://html.spec.whatwg.org/#outstanding-rejected-promises-weak-set. A promise is known by where it lies: one that
   * lies in the place of another has been rejected since, and that forgets the other. */
  const void *outstanding[MAX_OUTSTANDING];
  size_t outstanding_count;
  size_t oldest;
} rejections;

static void free_rejection(JSRuntime *runtime, rejection *one) {
  xhr__list_remove(&one->node);
  JS_FreeValueRT(runtime, one->promise);
  JS_FreeValueRT(runtime, one->reason);
  xhr__free(one);
}

static void free_list(JSRuntime *runtime, xhr__list *list) {
  while (!xhr__list_empty(list))
    free_rejection(runtime, XHR__OWNER(list->next, rejection, node));
}

static rejection *find(xhr__list *list, JSValueConst promise) {
  for (xhr__list *node = list->next; node != list; node = node->next) {
    rejection *one = XHR__OWNER(node, rejection, node);
    if (JS_VALUE_GET_PTR(one->promise) == JS_VALUE_GET_PTR(promise))
      return one;
  }
  return NULL;
}

/* Takes a promise out of the outstanding ones; false where it was none. */
static bool forget_outstanding(rejections *all, JSValueConst promise) {
  for (size_t i = 0; i < all->outstanding_count; i++) {
    if (all->outstanding[i] == JS_VALUE_GET_PTR(promise)) {
      all->outstanding[i] = all->outstanding[--all->outstanding_count];
      return true;
    }
  }
  return false;
}

static void remember_outstanding(rejections *all, JSValueConst promise) {
  size_t at = all->outstanding_count;
  if (at == MAX_OUTSTANDING) {
    at = all->oldest;
    all->oldest = (all->oldest + 1) % MAX_OUTSTANDING;
  } else {
    all->outstanding_count++;
  }
  all->outstanding[at] = JS_VALUE_GET_PTR(promise);
}

static void tell_developer(xhr__realm *realm, JSValueConst reason) {
  xhr__error_information information;
  xhr__error_information_extract(realm, reason, &information);
  xhr__report_to_developer(realm, "Uncaught (in promise) ", &information);
  xhr__error_information_free(&information);
}

/* For want of memory to list it the rejection is told of at once, to the developer alone. */
static void list_rejection(xhr__realm *realm, xhr__list *list, JSValueConst promise,
                           JSValueConst reason) {
  rejection *one = XHR__NEW(rejection);
  if (!one) {
    tell_developer(realm, reason);
    return;
  }
  one->promise = JS_DupValue(realm->js, promise);
  one->reason = JS_DupValue(realm->js, reason);
  xhr__list_append(list, &one->node);
  xhr__task *task = &realm->rejections->task;
  if (realm->depth == 0 && xhr__list_empty(&task->node))
    (void)xhr__task_queue_post(xhr__loop_tasks(realm->context->loop), task);
}

/* https://html.spec.whatwg.org/#the-hostpromiserejectiontracker-implementation. One function for all realms of a runtime:
 * the engine's context says which one it is. */
static void track(JSContext *js, JSValueConst promise, JSValueConst reason, JS_BOOL is_handled,
                  void *opaque) {
  xhr__realm *realm = xhr__realm_of(js);
  rejections *all = realm ? realm->rejections : NULL;
  (void)opaque;
  /* 1. - 4. muted errors: there are none */
  if (!all)
    return;
  /* 5. "reject" */
  if (!is_handled) {
    (void)forget_outstanding(all, promise);
    list_rejection(realm, &all->about_to_be_notified, promise, reason);
    return;
  }
  /* 6. "handle" */
  rejection *one = find(&all->about_to_be_notified, promise);
  if (one) {
    /* 6.1. */
    free_rejection(JS_GetRuntime(js), one);
  } else if ((one = find(&all->being_notified, promise))) {
    one->handled = true;
  } else if (forget_outstanding(all, promise)) {
    /* 6.2. - 6.4. */
    list_rejection(realm, &all->handled, promise, reason);
  }
}

static void run_task(xhr__task *task) {
  xhr__realm_checkpoint(XHR__OWNER(task, rejections, task)->realm);
}

bool xhr__rejections_init(xhr__realm *realm) {
  rejections *all = XHR__NEW(rejections);
  if (!all)
    return false;
  all->realm = realm;
  xhr__task_init(&all->task, run_task, NULL);
  xhr__list_init(&all->about_to_be_notified);
  xhr__list_init(&all->being_notified);
  xhr__list_init(&all->handled);
  realm->rejections = all;
  /* It stays when the realm goes: other realms of the runtime may want it, and without one it does nothing. */
  JS_SetHostPromiseRejectionTracker(JS_GetRuntime(realm->js), track, NULL);
  return true;
}

void xhr__rejections_free(xhr__realm *realm) {
  rejections *all = realm->rejections;
  JSRuntime *runtime = JS_GetRuntime(realm->js);
  if (!all)
    return;
  realm->rejections = NULL;
  xhr__task_queue_cancel(xhr__loop_tasks(realm->context->loop), &all->task);
  free_list(runtime, &all->about_to_be_notified);
  free_list(runtime, &all->being_notified);
  free_list(runtime, &all->handled);
  xhr__free(all);
}

void xhr__rejections_forget_evaluation(xhr__realm *realm, JSValueConst promise) {
  xhr__list *list = &realm->rejections->about_to_be_notified;
  if (JS_PromiseState(realm->js, promise) != JS_PROMISE_REJECTED)
    return;
  JSValue reason = JS_PromiseResult(realm->js, promise);
  for (xhr__list *node = list->next, *next; node != list; node = next) {
    rejection *one = XHR__OWNER(node, rejection, node);
    next = node->next;
    if (JS_StrictEq(realm->js, one->reason, reason))
      free_rejection(JS_GetRuntime(realm->js), one);
  }
  JS_FreeValue(realm->js, reason);
}

/* ---- telling ---------------------------------------------------------------------------------------------------- */

/* Fires an event of a rejection at the global object; false where it was canceled. */
static bool fire(xhr__realm *realm, const char *type, bool cancelable, const rejection *one) {
  if (!xhr__js_event_target_has_listeners((xhr__js_event_target *)(void *)realm->global_object,
                                          type))
    return true;
  JSValue event = rejection_event_new(realm, type, cancelable, one->promise, one->reason);
  return xhr__dispatch_new(realm, realm->global, event);
}

/* Step 4 for one promise: nobody has handled it so far. */
static void notify(xhr__realm *realm, rejections *all, rejection *one) {
  /* 4.1. */
  if (fire(realm, "unhandledrejection", true, one)) {
    /* 4.2. */
    tell_developer(realm, one->reason);
  }
  /* 4.3. */
  if (!one->handled)
    remember_outstanding(all, one->promise);
}

/* NOTE: the standard queues a task for each; here they are told of at once, where such a task would run at the earliest. */
void xhr__rejections_notify(xhr__realm *realm) {
  rejections *all = realm->rejections;
  JSRuntime *runtime = JS_GetRuntime(realm->js);
  if (!all || all->notifying || !realm->global_object)
    return;
  all->notifying = true;
  for (;;) {
    xhr__list *node = xhr__list_take_first(&all->about_to_be_notified);
    if (node) {
      rejection *one = XHR__OWNER(node, rejection, node);
      xhr__list_append(&all->being_notified, node);
      notify(realm, all, one);
      free_rejection(runtime, one);
      continue;
    }
    node = xhr__list_take_first(&all->handled);
    if (!node)
      break;
    rejection *one = XHR__OWNER(node, rejection, node);
    (void)fire(realm, "rejectionhandled", false, one);
    free_rejection(runtime, one);
  }
  all->notifying = false;
}
