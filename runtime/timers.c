#include "runtime/timers.h"

#include "infra/alloc.h"
#include "runtime/convert.h"
#include "session/loop.h"

/* One entry of "map of setTimeout and setInterval IDs", with what its task needs. */
typedef struct timer {
  xhr__loop_timer timer;
  xhr__teardown teardown;
  xhr__realm *realm;
  struct timer *next; /* of the same bucket */
  int32_t id;
  bool repeat;
  bool running; /* its callback is on the stack: freed behind it */
  bool cleared;
  int32_t timeout;        /* milliseconds */
  unsigned nesting_level; /* the task's "timer nesting level" */
  JSValue handler;        /* a function or a string */
  int argc;
  JSValue arguments[]; /* argc of them */
} timer;

/* The map, of one realm. */
typedef struct xhr__timer_table {
  xhr__teardown teardown; /* frees the table */
  timer **buckets;
  size_t bucket_count; /* a power of two */
  size_t count;
  int32_t last_id;
} xhr__timer_table;

/* ---- the map ---------------------------------------------------------------------------------------------------- */

static timer **bucket_of(const xhr__timer_table *table, int32_t id) {
  return &table->buckets[(uint32_t)id & (table->bucket_count - 1)];
}

/* Where the timer hangs, or NULL at the end of its bucket. */
static timer **find(const xhr__timer_table *table, int32_t id) {
  timer **place = table->bucket_count ? bucket_of(table, id) : NULL;
  while (place && *place && (*place)->id != id)
    place = &(*place)->next;
  return place && *place ? place : NULL;
}

/* Room for one more. */
static bool grow(xhr__timer_table *table) {
  if (table->count < table->bucket_count)
    return true;
  size_t bucket_count = table->bucket_count ? table->bucket_count * 2 : 16;
  timer **buckets = xhr__calloc(bucket_count, sizeof *buckets), **old = table->buckets;
  if (!buckets)
    return false;
  size_t old_count = table->bucket_count;
  table->buckets = buckets;
  table->bucket_count = bucket_count;
  for (size_t i = 0; i < old_count; i++) {
    for (timer *t = old[i], *next; t; t = next) {
      next = t->next;
      t->next = *bucket_of(table, t->id);
      *bucket_of(table, t->id) = t;
    }
  }
  xhr__free(old);
  return true;
}

static void free_timer(timer *t) {
  JSContext *js = t->realm->js;
  JS_FreeValue(js, t->handler);
  for (int i = 0; i < t->argc; i++)
    JS_FreeValue(js, t->arguments[i]);
  xhr__free(t);
}

/* Takes it out of the map and stops it. */
static void clear(xhr__timer_table *table, timer **place) {
  timer *t = *place;
  *place = t->next;
  table->count--;
  xhr__loop_timer_stop(t->realm->context->loop, &t->timer);
  xhr__list_remove(&t->teardown.node);
  t->cleared = true;
  if (!t->running)
    free_timer(t);
}

static void end_timer(xhr__teardown *teardown) {
  timer *t = XHR__OWNER(teardown, timer, teardown);
  clear(t->realm->timers, find(t->realm->timers, t->id));
}

static void end_table(xhr__teardown *teardown) {
  xhr__timer_table *table = XHR__OWNER(teardown, xhr__timer_table, teardown);
  for (size_t i = 0; i < table->bucket_count; i++) {
    while (table->buckets[i])
      clear(table, &table->buckets[i]);
  }
  xhr__list_remove(&teardown->node);
  xhr__free(table->buckets);
  xhr__free(table);
}

/* The realm's table, made where there is none yet; NULL for want of memory. */
static xhr__timer_table *need_table(xhr__realm *realm) {
  if (realm->timers)
    return realm->timers;
  xhr__timer_table *table = XHR__NEW(xhr__timer_table);
  if (!table)
    return NULL;
  table->teardown.idle = true;
  table->teardown.end = end_table;
  xhr__list_append(&realm->teardown, &table->teardown.node);
  realm->timers = table;
  return table;
}

/* ---- running one ------------------------------------------------------------------------------------------------ */

/* Step 9.6 of the timer initialization steps: a string as a classic script. */
static void run_string(xhr__realm *realm, JSValueConst handler) {
  xhr__bytes code = {0};
  if (xhr__realm_is_closing(realm))
    return;
  realm->depth++;
  JSValue result = JS_EXCEPTION;
  if (xhr__to_dom_string(realm, handler, &code)) {
    xhr__str text = xhr__bytes_str(&code);
    result = JS_Eval(realm->js, text.data, text.len, "<timer>", JS_EVAL_TYPE_GLOBAL);
  }
  xhr__bytes_free(&code);
  if (JS_IsException(result))
    xhr__realm_report_pending(realm);
  JS_FreeValue(realm->js, result);
  realm->depth--;
  if (realm->depth == 0)
    xhr__realm_checkpoint(realm);
}

static xhr_status start(timer *t);

/* Steps 9 and 4 to 11 of the timer initialization steps: its task. */
static void fire(xhr__loop_timer *loop_timer) {
  timer *t = XHR__OWNER(loop_timer, timer, timer);
  xhr__realm *realm = t->realm;
  xhr__timer_table *table = realm->timers;
  t->running = true;
  realm->timer_nesting_level = t->nesting_level;
  /* 9.5 to 9.6. */
  if (JS_IsFunction(realm->js, t->handler))
    (void)xhr__realm_call(realm, t->handler, realm->global, t->argc, t->arguments, NULL);
  else
    run_string(realm, t->handler);
  t->running = false;
  /* The microtasks behind it were none of this task's. */
  realm->timer_nesting_level = t->nesting_level;
  /* 9.7 to 9.8: cleared meanwhile. */
  if (t->cleared) {
    free_timer(t);
  } else if (!t->repeat) {
    /* 9.10. */
    clear(table, find(table, t->id));
  } else if (start(t) != XHR_OK) {
    /* 9.9. */
    JS_ThrowOutOfMemory(realm->js);
    xhr__realm_report_pending(realm);
    clear(table, find(table, t->id));
  }
  realm->timer_nesting_level = 0;
}

/* Sets the time of a timer: the timer initialization steps 3 to 5 and 10 to 12. XHR_OUT_OF_MEMORY. */
static xhr_status start(timer *t) {
  xhr_loop *loop = t->realm->context->loop;
  /* 3. */
  unsigned nesting_level = t->realm->timer_nesting_level;
  /* 4 to 5. */
  int32_t timeout = t->timeout < 0 ? 0 : t->timeout;
  if (nesting_level > 5 && timeout < 4)
    timeout = 4;
  /* 10 to 11; the clamp looks no further. */
  t->nesting_level = nesting_level < 10 ? nesting_level + 1 : nesting_level;
  /* 12. https://html.spec.whatwg.org/#run-steps-after-a-timeout: the loop keeps equal ones in order. */
  return xhr__loop_timer_set(loop, &t->timer,
                             xhr__time_after_ms(xhr__loop_now(loop), (uint64_t)timeout));
}

/* ---- members ---------------------------------------------------------------------------------------------------- */

/* The timer's handler: a function as it is, else a string. */
static JSValue to_handler(JSContext *js, JSValueConst value) {
  return JS_IsFunction(js, value) ? JS_DupValue(js, value) : JS_ToString(js, value);
}

/* A timer with all but its id; NULL where it threw. */
static timer *new_timer(xhr__realm *realm, int argc, JSValueConst *argv, bool repeat) {
  JSContext *js = realm->js;
  int32_t timeout = 0, extra = argc > 2 ? argc - 2 : 0;
  JSValue handler = to_handler(js, argv[0]);
  if (JS_IsException(handler))
    return NULL;
  if (argc > 1 && !JS_IsUndefined(argv[1]) && JS_ToInt32(js, &timeout, argv[1]) != 0) {
    JS_FreeValue(js, handler);
    return NULL;
  }
  timer *t = xhr__calloc(1, sizeof *t + (size_t)extra * sizeof *t->arguments);
  if (!t) {
    JS_FreeValue(js, handler);
    JS_ThrowOutOfMemory(js);
    return NULL;
  }
  t->timer.fire = fire;
  t->timer.holds = true;
  xhr__list_init(&t->teardown.node);
  t->teardown.end = end_timer;
  t->realm = realm;
  t->repeat = repeat;
  t->timeout = timeout;
  t->handler = handler;
  t->argc = extra;
  for (int i = 0; i < extra; i++)
    t->arguments[i] = JS_DupValue(js, argv[i + 2]);
  return t;
}

/* https://html.spec.whatwg.org/#timer-initialisation-steps, but for a repeated one: its steps are in fire() and start(). */
static JSValue initialize(xhr__realm *realm, int argc, JSValueConst *argv, bool repeat) {
  timer *t = new_timer(realm, argc, argv, repeat);
  if (!t)
    return JS_EXCEPTION;
  xhr__timer_table *table = need_table(realm);
  if (!table || !grow(table) || start(t) != XHR_OK) {
    free_timer(t);
    return JS_ThrowOutOfMemory(realm->js);
  }
  /* 2. */
  do
    table->last_id = table->last_id == INT32_MAX ? 1 : table->last_id + 1;
  while (find(table, table->last_id));
  t->id = table->last_id;
  /* 13. */
  timer **bucket = bucket_of(table, t->id);
  t->next = *bucket;
  *bucket = t;
  table->count++;
  xhr__list_append(&realm->teardown, &t->teardown.node);
  return JS_NewInt32(realm->js, t->id);
}

/* https://html.spec.whatwg.org/#dom-settimeout */
JSValue xhr__set_timeout(xhr__realm *realm, void *self, JSValueConst this_value, int argc,
                         JSValueConst *argv) {
  (void)self, (void)this_value;
  return initialize(realm, argc, argv, false);
}

/* https://html.spec.whatwg.org/#dom-setinterval */
JSValue xhr__set_interval(xhr__realm *realm, void *self, JSValueConst this_value, int argc,
                          JSValueConst *argv) {
  (void)self, (void)this_value;
  return initialize(realm, argc, argv, true);
}

/* https://html.spec.whatwg.org/#dom-cleartimeout and https://html.spec.whatwg.org/#dom-clearinterval */
JSValue xhr__clear_timeout(xhr__realm *realm, void *self, JSValueConst this_value, int argc,
                           JSValueConst *argv) {
  int32_t id = 0;
  (void)self, (void)this_value;
  if (argc > 0 && !JS_IsUndefined(argv[0]) && JS_ToInt32(realm->js, &id, argv[0]) != 0)
    return JS_EXCEPTION;
  timer **place = realm->timers ? find(realm->timers, id) : NULL;
  if (place)
    clear(realm->timers, place);
  return JS_UNDEFINED;
}
