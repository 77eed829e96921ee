#include "session/loop.h"

#include <limits.h>
#include <pthread.h>
#include <stdatomic.h>

#include "infra/alloc.h"
#include "infra/poller.h"

/* An engine with the inline driver that this loop pumps. */
typedef struct pumped {
  xhr__engine *engine;
  size_t contexts;
} pumped;

struct xhr_loop {
  uint32_t references;
  pthread_t owner;
  xhr__poller *poller;
  xhr__mailbox *mailbox;
  xhr_wakeup wakeup;
  void *wakeup_user;
  size_t in_flight;
  size_t kept; /* timers that hold, and what xhr__loop_keep counts */
  xhr__clock clock;
  xhr__timers timers;
  xhr__list due; /* of xhr__loop_timer.due: what this dispatch has still to fire */
  xhr__task_queue *tasks;
  bool dispatching;
  pumped *pumped;
  size_t pumped_count;
  size_t pumped_capacity;
  xhr__time armed;     /* what the poller's timer is set to */
  atomic_bool watched; /* xhr_loop_fd has been given out: the descriptor must tell of everything */
  atomic_bool waiting; /* in the poller's wait, or in the turn before it */
  atomic_bool stopped;
};

bool xhr__loop_is_current(const xhr_loop *loop) {
  return pthread_equal(loop->owner, pthread_self()) != 0;
}

/* Tells the loop's thread, or its program's own loop, that there is something to do. Any thread. */
static void wake(void *user) {
  xhr_loop *loop = user;
  /* What the loop's own listeners order is done before the dispatch ends. */
  if (xhr__loop_is_current(loop) && loop->dispatching)
    return;
  if (loop->wakeup)
    loop->wakeup(loop->wakeup_user);
  if (atomic_load(&loop->watched) || atomic_load(&loop->waiting))
    xhr__poller_wake(loop->poller);
}

xhr_status xhr_loop_new(xhr_wakeup wakeup, void *user, xhr_loop **out) {
  if (!out)
    return XHR_INVALID_ARGUMENT;
  xhr_loop *loop = XHR__NEW(xhr_loop);
  if (!loop)
    return XHR_OUT_OF_MEMORY;
  loop->references = 1;
  loop->owner = pthread_self();
  loop->wakeup = wakeup;
  loop->wakeup_user = user;
  loop->armed = XHR__NEVER;
  loop->clock = xhr__monotonic_clock;
  xhr__list_init(&loop->due);
  xhr_status status = xhr__poller_new(&loop->poller);
  if (status == XHR_OK)
    status = xhr__mailbox_new(wake, loop, &loop->mailbox);
  if (status == XHR_OK)
    status = xhr__task_queue_new(wake, loop, &loop->tasks);
  if (status != XHR_OK) {
    xhr__mailbox_unref(loop->mailbox);
    xhr__poller_unref(loop->poller);
    xhr__free(loop);
    return status;
  }
  *out = loop;
  return XHR_OK;
}

xhr_loop *xhr_loop_ref(xhr_loop *loop) {
  if (loop && xhr__loop_is_current(loop))
    loop->references++;
  return loop;
}

void xhr_loop_unref(xhr_loop *loop) {
  if (!loop || !xhr__loop_is_current(loop) || --loop->references > 0)
    return;
  xhr__mailbox_close(loop->mailbox);
  xhr__mailbox_unref(loop->mailbox);
  xhr__task_queue_close(loop->tasks);
  xhr__task_queue_unref(loop->tasks);
  xhr__timers_free(&loop->timers);
  xhr__poller_unref(loop->poller);
  xhr__free(loop->pumped);
  xhr__free(loop);
}

xhr__mailbox *xhr__loop_mailbox(xhr_loop *loop) {
  return loop->mailbox;
}

void xhr__loop_hold(xhr_loop *loop) {
  loop->in_flight++;
  loop->references++;
}

void xhr__loop_release(xhr_loop *loop) {
  loop->in_flight--;
  xhr_loop_unref(loop);
}

size_t xhr_loop_in_flight(const xhr_loop *loop) {
  return loop && xhr__loop_is_current(loop) ? loop->in_flight : 0;
}

xhr_status xhr__loop_adopt(xhr_loop *loop, xhr__engine *engine) {
  for (size_t i = 0; i < loop->pumped_count; i++) {
    if (loop->pumped[i].engine == engine) {
      loop->pumped[i].contexts++;
      return XHR_OK;
    }
  }
  void *array = loop->pumped;
  if (!xhr__grow(&array, &loop->pumped_capacity, loop->pumped_count + 1, sizeof *loop->pumped)) {
    return XHR_OUT_OF_MEMORY;
  }
  loop->pumped = array;
  xhr_status status = xhr__engine_attach(engine, loop->poller, wake, loop);
  if (status == XHR_OK)
    loop->pumped[loop->pumped_count++] = (pumped){engine, 1};
  return status;
}

void xhr__loop_disown(xhr_loop *loop, xhr__engine *engine) {
  for (size_t i = 0; i < loop->pumped_count; i++) {
    if (loop->pumped[i].engine != engine || --loop->pumped[i].contexts > 0)
      continue;
    loop->pumped[i] = loop->pumped[--loop->pumped_count];
    /* Terminations that were ordered last are carried out: nobody may ever pump again. */
    xhr__engine_turn(engine);
    xhr__engine_detach(engine);
    return;
  }
}

xhr_status xhr__loop_part_with(xhr_loop *loop, xhr__engine *engine) {
  xhr_status status = xhr__engine_start_thread(engine);
  for (size_t i = 0; status == XHR_OK && i < loop->pumped_count; i++) {
    if (loop->pumped[i].engine == engine)
      loop->pumped[i] = loop->pumped[--loop->pumped_count];
  }
  return status;
}

static void turn_engines(xhr_loop *loop) {
  for (size_t i = 0; i < loop->pumped_count; i++)
    xhr__engine_turn(loop->pumped[i].engine);
}

/* How long until a timer or task is due: 0 at once; XHR__NEVER. */
static xhr__time until_timer(const xhr_loop *loop) {
  if (xhr__task_queue_has_tasks(loop->tasks))
    return 0;
  xhr__time deadline = xhr__timers_next(&loop->timers);
  if (deadline == XHR__NEVER)
    return XHR__NEVER;
  xhr__time now = xhr__loop_now(loop);
  return deadline > now ? deadline - now : 0;
}

/* How long until an engine's turn is due: 0 at once; XHR__NEVER. */
static xhr__time until_engine(const xhr_loop *loop) {
  xhr__time least = XHR__NEVER;
  for (size_t i = 0; i < loop->pumped_count; i++) {
    xhr__engine *engine = loop->pumped[i].engine;
    xhr__time deadline = xhr__engine_deadline(engine);
    if (deadline == XHR__NEVER)
      continue;
    xhr__time now = deadline ? xhr__clock_now(xhr__engine_clock(engine)) : 0;
    xhr__time left = deadline > now ? deadline - now : 0;
    if (left < least)
      least = left;
  }
  return least;
}

/* How long until there is something to do by time: 0 at once; XHR__NEVER. */
static xhr__time until_turn(const xhr_loop *loop) {
  xhr__time timer = until_timer(loop), engine = until_engine(loop);
  return timer < engine ? timer : engine;
}

/* For those who watch the descriptor: makes it readable when something is due. */
static void arm(xhr_loop *loop) {
  if (!atomic_load(&loop->watched))
    return;
  xhr__time left = until_turn(loop);
  if (left == XHR__NEVER && loop->armed == XHR__NEVER)
    return;
  loop->armed = left;
  /* Without a timer (no descriptors left) the loop is woken at once, again and again: slow, but nothing is lost. */
  if (xhr__poller_arm(loop->poller, left) != XHR_OK)
    xhr__poller_wake(loop->poller);
}

/* ---- timers and tasks ------------------------------------------------------------------------------------------- */

xhr__task_queue *xhr__loop_tasks(xhr_loop *loop) {
  return loop->tasks;
}

void xhr__loop_keep(xhr_loop *loop) {
  loop->kept++;
}

void xhr__loop_let_go(xhr_loop *loop) {
  loop->kept--;
}

xhr__time xhr__loop_now(const xhr_loop *loop) {
  return xhr__clock_now(&loop->clock);
}

void xhr__loop_set_clock(xhr_loop *loop, const xhr__clock *clock) {
  loop->clock = *clock;
}

static bool is_due(const xhr__loop_timer *timer) {
  return timer->due.next && !xhr__list_empty(&timer->due);
}

bool xhr__loop_timer_is_set(const xhr__loop_timer *timer) {
  return timer->timer.index != 0 || is_due(timer);
}

xhr_status xhr__loop_timer_set(xhr_loop *loop, xhr__loop_timer *timer, xhr__time deadline) {
  if (timer->timer.index == 0) {
    xhr_status status = xhr__timers_reserve(&loop->timers, loop->timers.count + 1);
    if (status != XHR_OK)
      return status;
  }
  xhr__loop_timer_stop(loop, timer);
  if (deadline == XHR__NEVER)
    return XHR_OK;
  xhr__timers_set(&loop->timers, &timer->timer, deadline);
  loop->kept += timer->holds;
  /* A new earliest one: who waits for the loop has to know. */
  if (!loop->dispatching && xhr__timers_next(&loop->timers) == deadline) {
    arm(loop);
    if (loop->wakeup)
      loop->wakeup(loop->wakeup_user);
  }
  return XHR_OK;
}

void xhr__loop_timer_stop(xhr_loop *loop, xhr__loop_timer *timer) {
  if (!xhr__loop_timer_is_set(timer))
    return;
  loop->kept -= timer->holds;
  if (is_due(timer))
    xhr__list_remove(&timer->due);
  else
    xhr__timers_stop(&loop->timers, &timer->timer);
}

/* Fires what is due now; what that sets waits for the next dispatch. */
static void fire_timers(xhr_loop *loop) {
  xhr__timer *due;
  xhr__time now = loop->timers.count ? xhr__loop_now(loop) : 0;
  while ((due = xhr__timers_take_due(&loop->timers, now)))
    xhr__list_append(&loop->due, &XHR__OWNER(due, xhr__loop_timer, timer)->due);
  xhr__list *node;
  while ((node = xhr__list_take_first(&loop->due))) {
    xhr__loop_timer *timer = XHR__OWNER(node, xhr__loop_timer, due);
    loop->kept -= timer->holds;
    timer->fire(timer);
  }
}

xhr__time xhr__loop_deadline(xhr_loop *loop) {
  xhr__time least = xhr__task_queue_has_tasks(loop->tasks) ? 0 : xhr__timers_next(&loop->timers);
  for (size_t i = 0; i < loop->pumped_count; i++) {
    xhr__time deadline = xhr__engine_deadline(loop->pumped[i].engine);
    if (deadline < least)
      least = deadline;
  }
  return least;
}

/* ---- dispatch --------------------------------------------------------------------------------------------------- */

/* Waits up to `timeout` and then does what is to be done. */
static void iterate(xhr_loop *loop, xhr__time timeout) {
  loop->references++;
  loop->dispatching = true;
  /* Before the turn: a file that is read while it goes on must not find a loop that is not to be woken. */
  atomic_store(&loop->waiting, timeout > 0);
  turn_engines(loop);
  if (timeout > 0) {
    xhr__time left = until_turn(loop);
    if (left < timeout)
      timeout = left;
    /* News that came before `waiting` was set woke nobody. */
    if (xhr__mailbox_has_news(loop->mailbox) || atomic_load(&loop->stopped))
      timeout = 0;
  }
  if (timeout > 0 || loop->pumped_count > 0 || atomic_load(&loop->watched)) {
    xhr__poller_wait(loop->poller, timeout);
  }
  atomic_store(&loop->waiting, false);
  turn_engines(loop);
  xhr__task_queue_run(loop->tasks);
  fire_timers(loop);
  xhr__mailbox_deliver(loop->mailbox);
  loop->dispatching = false;
  arm(loop);
  /* Tasks that were posted meanwhile on this thread woke nobody. */
  if (loop->wakeup && xhr__task_queue_has_tasks(loop->tasks))
    loop->wakeup(loop->wakeup_user);
  xhr_loop_unref(loop);
}

/* What every way to dispatch checks first. */
static xhr_status may_dispatch(const xhr_loop *loop) {
  if (!loop)
    return XHR_INVALID_ARGUMENT;
  if (!xhr__loop_is_current(loop))
    return XHR_WRONG_THREAD;
  return loop->dispatching ? XHR_REENTRANT : XHR_OK;
}

int xhr_loop_fd(xhr_loop *loop) {
  if (!loop || !xhr__loop_is_current(loop))
    return -1;
  if (!atomic_exchange(&loop->watched, true)) {
    /* What happened before nobody was told of. */
    xhr__poller_wake(loop->poller);
  }
  return xhr__poller_fd(loop->poller);
}

xhr_status xhr_loop_dispatch(xhr_loop *loop) {
  xhr_status status = may_dispatch(loop);
  if (status == XHR_OK)
    iterate(loop, 0);
  return status;
}

xhr_status xhr_loop_wait(xhr_loop *loop, int timeout_ms) {
  xhr_status status = may_dispatch(loop);
  if (status != XHR_OK)
    return status;
  loop->references++;
  iterate(loop, timeout_ms < 0 ? XHR__NEVER : (xhr__time)timeout_ms * XHR__MILLISECOND);
  atomic_store(&loop->stopped, false);
  xhr_loop_unref(loop);
  return XHR_OK;
}

int xhr_loop_timeout(const xhr_loop *loop) {
  if (!loop || !xhr__loop_is_current(loop))
    return -1;
  xhr__time left = until_turn(loop);
  if (left == XHR__NEVER)
    return -1;
  xhr__time ms = left / XHR__MILLISECOND + (left % XHR__MILLISECOND != 0);
  return ms > INT_MAX ? INT_MAX : (int)ms;
}

bool xhr__loop_is_alive(const xhr_loop *loop) {
  return loop->in_flight > 0 || loop->kept > 0 || xhr__task_queue_has_tasks(loop->tasks);
}

xhr_status xhr_loop_run(xhr_loop *loop) {
  xhr_status status = may_dispatch(loop);
  if (status != XHR_OK)
    return status;
  loop->references++;
  while (xhr__loop_is_alive(loop) && !atomic_load(&loop->stopped))
    iterate(loop, XHR__NEVER);
  atomic_store(&loop->stopped, false);
  xhr_loop_unref(loop);
  return XHR_OK;
}

/* ---- pausing ---------------------------------------------------------------------------------------------------- */

/* What a private mailbox calls. The loop's own thread looks before it waits. */
static void rouse(void *user) {
  xhr_loop *loop = user;
  if (!xhr__loop_is_current(loop))
    xhr__poller_wake(loop->poller);
}

xhr_status xhr__loop_private_mailbox(xhr_loop *loop, xhr__mailbox **mailbox) {
  return xhr__mailbox_new(rouse, loop, mailbox);
}

/* Tells again of what has come for the loop meanwhile: the pause has used up the wakes. */
static void tell_again(xhr_loop *loop) {
  bool any = xhr__mailbox_has_news(loop->mailbox) || xhr__task_queue_has_tasks(loop->tasks);
  arm(loop);
  if (any && loop->wakeup)
    loop->wakeup(loop->wakeup_user);
  if (atomic_load(&loop->watched))
    xhr__poller_wake(loop->poller);
}

bool xhr__loop_pause(xhr_loop *loop, xhr__mailbox *mailbox, const bool *over) {
  /* Before the first turn, as in a dispatch. */
  atomic_store(&loop->waiting, true);
  while (!*over && !atomic_load(&loop->stopped)) {
    turn_engines(loop);
    if (!xhr__mailbox_deliver(mailbox))
      xhr__poller_wait(loop->poller, until_engine(loop));
  }
  atomic_store(&loop->waiting, false);
  tell_again(loop);
  return *over;
}

bool xhr__loop_is_stopping(const xhr_loop *loop) {
  return atomic_load(&loop->stopped);
}

void xhr__loop_forget_stop(xhr_loop *loop) {
  atomic_store(&loop->stopped, false);
}

void xhr_loop_stop(xhr_loop *loop) {
  if (!loop)
    return;
  atomic_store(&loop->stopped, true);
  xhr__poller_wake(loop->poller);
}
