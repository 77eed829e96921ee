/* https://html.spec.whatwg.org/#animation-frames: nothing is drawn here, but time goes on: a frame every 16 ms, where
 * somebody asked for it. */
#include "infra/alloc.h"
#include "runtime/convert.h"
#include "runtime/performance.h"
#include "runtime/window.h"
#include "session/loop.h"

enum { FRAME_MS = 16 };

/* One entry of the "map of animation frame callbacks". */
typedef struct callback {
  uint32_t handle;
  JSValue function; /* JS_UNDEFINED: it was removed, or has been called */
} callback;

typedef struct xhr__animation_frames {
  xhr__teardown teardown;
  xhr__loop_timer timer;
  xhr__realm *realm;
  callback *callbacks; /* in order */
  size_t count, capacity;
  uint32_t identifier; /* the "animation frame callback identifier" */
} xhr__animation_frames;

void xhr__animation_frames_mark(JSRuntime *runtime, xhr__animation_frames *frames,
                                JS_MarkFunc *mark_func) {
  for (size_t i = 0; frames && i < frames->count; i++)
    JS_MarkValue(runtime, frames->callbacks[i].function, mark_func);
}

static void end(xhr__teardown *teardown) {
  xhr__animation_frames *frames = XHR__OWNER(teardown, xhr__animation_frames, teardown);
  xhr__loop_timer_stop(frames->realm->context->loop, &frames->timer);
  xhr__window_of(frames->realm)->animation_frames = NULL;
  for (size_t i = 0; i < frames->count; i++)
    JS_FreeValue(frames->realm->js, frames->callbacks[i].function);
  xhr__list_remove(&teardown->node);
  xhr__free(frames->callbacks);
  xhr__free(frames);
}

/* Takes the first `count` entries out; they are undefined all. */
static void drop(xhr__animation_frames *frames, size_t count) {
  for (size_t i = count; i < frames->count; i++)
    frames->callbacks[i - count] = frames->callbacks[i];
  frames->count -= count;
}

/* https://html.spec.whatwg.org/#run-the-animation-frame-callbacks */
static void fire(xhr__loop_timer *timer) {
  xhr__animation_frames *frames = XHR__OWNER(timer, xhr__animation_frames, timer);
  xhr__realm *realm = frames->realm;
  /* 1. - 2. those that are added from here on wait for the next frame */
  size_t count = frames->count;
  JSValue now = JS_NewFloat64(realm->js, xhr__performance_now(realm));
  /* 3. */
  for (size_t i = 0; i < count; i++) {
    JSValue function = frames->callbacks[i].function;
    frames->callbacks[i].function = JS_UNDEFINED;
    JSValueConst argument = now;
    if (!JS_IsUndefined(function))
      (void)xhr__realm_call(realm, function, realm->global, 1, &argument, NULL);
    JS_FreeValue(realm->js, function);
  }
  drop(frames, count);
}

/* The window's, made where there are none yet; NULL for want of memory. */
static xhr__animation_frames *need_frames(xhr__realm *realm, xhr__window *window) {
  if (window->animation_frames)
    return window->animation_frames;
  xhr__animation_frames *frames = XHR__NEW(xhr__animation_frames);
  if (!frames)
    return NULL;
  frames->realm = realm;
  frames->timer.fire = fire;
  frames->timer.holds = true;
  frames->teardown.idle = true;
  frames->teardown.end = end;
  xhr__list_append(&realm->teardown, &frames->teardown.node);
  window->animation_frames = frames;
  return frames;
}

/* Where none is due yet: the next frame. */
static bool set_timer(xhr__animation_frames *frames) {
  xhr_loop *loop = frames->realm->context->loop;
  return xhr__loop_timer_is_set(&frames->timer) ||
         xhr__loop_timer_set(loop, &frames->timer,
                             xhr__time_after_ms(xhr__loop_now(loop), FRAME_MS)) == XHR_OK;
}

JSValue xhr__request_animation_frame(xhr__realm *realm, void *self, JSValueConst this_value,
                                     int argc, JSValueConst *argv) {
  (void)this_value, (void)argc;
  if (!JS_IsFunction(realm->js, argv[0]))
    return JS_ThrowTypeError(realm->js, "requestAnimationFrame: the callback is no function");
  /* 1. a window is supported always */
  xhr__animation_frames *frames = need_frames(realm, self);
  if (!frames)
    return JS_ThrowOutOfMemory(realm->js);
  /* 2. - 4. */
  void *callbacks = frames->callbacks;
  if (!xhr__grow(&callbacks, &frames->capacity, frames->count + 1, sizeof(callback)))
    return JS_ThrowOutOfMemory(realm->js);
  frames->callbacks = callbacks;
  if (!set_timer(frames))
    return JS_ThrowOutOfMemory(realm->js);
  uint32_t handle = ++frames->identifier;
  frames->callbacks[frames->count++] =
      (callback){.handle = handle, .function = JS_DupValue(realm->js, argv[0])};
  /* 5. */
  return JS_NewUint32(realm->js, handle);
}

JSValue xhr__cancel_animation_frame(xhr__realm *realm, void *self, JSValueConst this_value,
                                    int argc, JSValueConst *argv) {
  xhr__animation_frames *frames = ((xhr__window *)self)->animation_frames;
  uint32_t handle;
  (void)this_value, (void)argc;
  if (!xhr__to_unsigned_long(realm, argv[0], &handle))
    return JS_EXCEPTION;
  /* 1. - 2. */
  bool any = false;
  for (size_t i = 0; frames && i < frames->count; i++) {
    callback *entry = &frames->callbacks[i];
    if (entry->handle == handle && !JS_IsUndefined(entry->function)) {
      JSValue function = entry->function;
      entry->function = JS_UNDEFINED;
      JS_FreeValue(realm->js, function);
    }
    any = any || !JS_IsUndefined(entry->function);
  }
  /* A frame that nobody waits for any more keeps no program. */
  if (frames && !any)
    xhr__loop_timer_stop(realm->context->loop, &frames->timer);
  return JS_UNDEFINED;
}
