/* Tasks that other threads post to a loop: order, wake-ups, the loop's end. */
#include <poll.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "infra/alloc.h"
#include "session/loop.h"
#include "support/leftovers.h"

enum { POSTERS = 4, TASKS = 500, PATIENCE_MS = 5000 };

typedef struct numbered {
  xhr__task task;
  unsigned poster, number;
} numbered;

static unsigned ran[POSTERS], dropped;

static void run_numbered(xhr__task *task) {
  numbered *n = XHR__OWNER(task, numbered, task);
  /* Each poster's in its order. */
  assert_int_equal(n->number, ran[n->poster]);
  ran[n->poster]++;
  xhr__free(n);
}

static void drop_numbered(xhr__task *task) {
  dropped++;
  xhr__free(XHR__OWNER(task, numbered, task));
}

static unsigned total(void) {
  unsigned sum = 0;
  for (int i = 0; i < POSTERS; i++)
    sum += ran[i];
  return sum;
}

static bool post_numbered(xhr__task_queue *queue, unsigned poster, unsigned number) {
  numbered *n = XHR__NEW(numbered);
  if (!n)
    return false;
  xhr__task_init(&n->task, run_numbered, drop_numbered);
  n->poster = poster;
  n->number = number;
  bool posted = xhr__task_queue_post(queue, &n->task);
  if (!posted)
    xhr__free(n);
  return posted;
}

typedef struct poster {
  xhr__task_queue *queue; /* counted */
  unsigned index;
  unsigned posted;
  atomic_bool *go_on; /* NULL: TASKS of them */
} poster;

static void *post_all(void *user) {
  poster *p = user;
  while (p->go_on ? atomic_load(p->go_on) : p->posted < TASKS) {
    if (!post_numbered(p->queue, p->index, p->posted))
      break;
    p->posted++;
  }
  xhr__task_queue_unref(p->queue);
  return NULL;
}

static void start(poster *p, pthread_t *thread, xhr_loop *loop, unsigned index,
                  atomic_bool *go_on) {
  *p = (poster){xhr__task_queue_ref(xhr__loop_tasks(loop)), index, 0, go_on};
  assert_int_equal(pthread_create(thread, NULL, post_all, p), 0);
}

static void reset(void) {
  for (int i = 0; i < POSTERS; i++)
    ran[i] = 0;
  dropped = 0;
}

/* By xhr_loop_run: which ends when nothing keeps it, so it is kept until the last one is there. */
static void test_run(void **state) {
  (void)state;
  xhr_loop *loop;
  pthread_t threads[POSTERS];
  poster posters[POSTERS];
  reset();
  assert_int_equal(xhr_loop_new(NULL, NULL, &loop), XHR_OK);
  for (unsigned i = 0; i < POSTERS; i++)
    start(&posters[i], &threads[i], loop, i, NULL);
  xhr__loop_keep(loop);
  while (total() < POSTERS * TASKS)
    assert_int_equal(xhr_loop_wait(loop, PATIENCE_MS), XHR_OK);
  assert_true(xhr__loop_is_alive(loop));
  xhr__loop_let_go(loop);
  assert_false(xhr__loop_is_alive(loop));
  assert_int_equal(xhr_loop_run(loop), XHR_OK);
  for (int i = 0; i < POSTERS; i++)
    assert_int_equal(pthread_join(threads[i], NULL), 0);
  xhr_loop_unref(loop);
}

static void test_descriptor(void **state) {
  (void)state;
  xhr_loop *loop;
  pthread_t thread;
  poster p;
  reset();
  assert_int_equal(xhr_loop_new(NULL, NULL, &loop), XHR_OK);
  start(&p, &thread, loop, 0, NULL);
  while (total() < TASKS) {
    struct pollfd fd = {.fd = xhr_loop_fd(loop), .events = POLLIN};
    assert_int_equal(poll(&fd, 1, PATIENCE_MS), 1);
    assert_int_equal(xhr_loop_dispatch(loop), XHR_OK);
  }
  assert_int_equal(pthread_join(thread, NULL), 0);
  xhr_loop_unref(loop);
}

static void count_wakeup(void *user) {
  atomic_fetch_add((atomic_uint *)user, 1);
}

static void test_wakeup(void **state) {
  (void)state;
  xhr_loop *loop;
  pthread_t thread;
  poster p;
  atomic_uint wakeups = 0;
  reset();
  assert_int_equal(xhr_loop_new(count_wakeup, &wakeups, &loop), XHR_OK);
  start(&p, &thread, loop, 0, NULL);
  unsigned seen = 0, dispatches = 0;
  while (total() < TASKS) {
    unsigned now = atomic_load(&wakeups);
    if (now == seen) {
      (void)poll(NULL, 0, 1);
      continue;
    }
    seen = now;
    dispatches++;
    assert_int_equal(xhr_loop_dispatch(loop), XHR_OK);
  }
  assert_int_equal(pthread_join(thread, NULL), 0);
  assert_true(dispatches <= TASKS);
  xhr_loop_unref(loop);
}

/* The loop goes while others post: what waits is dropped, what comes later is refused. */
static void test_loop_goes(void **state) {
  (void)state;
  for (int round = 0; round < 20; round++) {
    xhr_loop *loop;
    pthread_t threads[POSTERS];
    poster posters[POSTERS];
    atomic_bool go_on = true;
    unsigned posted = 0;
    reset();
    assert_int_equal(xhr_loop_new(NULL, NULL, &loop), XHR_OK);
    for (unsigned i = 0; i < POSTERS; i++)
      start(&posters[i], &threads[i], loop, i, &go_on);
    while (total() < 50)
      assert_int_equal(xhr_loop_wait(loop, PATIENCE_MS), XHR_OK);
    xhr_loop_unref(loop);
    for (int i = 0; i < POSTERS; i++) {
      assert_int_equal(pthread_join(threads[i], NULL), 0);
      posted += posters[i].posted;
    }
    assert_int_equal(total() + dropped, posted);
  }
}

/* ---- on the loop's own thread ----------------------------------------------------------------------------------- */

typedef struct chained {
  xhr__task task;
  xhr_loop *loop;
  xhr__task *other;
  unsigned runs, again;
} chained;

static void run_chained(xhr__task *task) {
  chained *c = XHR__OWNER(task, chained, task);
  c->runs++;
  if (c->other)
    xhr__task_queue_cancel(xhr__loop_tasks(c->loop), c->other);
  if (c->again > 0) {
    c->again--;
    assert_true(xhr__task_queue_post(xhr__loop_tasks(c->loop), task));
  }
}

/* A task that a task posts waits for the next dispatch, and every way to wait tells of it. */
static void test_posted_by_a_task(void **state) {
  (void)state;
  xhr_loop *loop;
  atomic_uint wakeups = 0;
  assert_int_equal(xhr_loop_new(count_wakeup, &wakeups, &loop), XHR_OK);
  chained c = {.loop = loop, .again = 3};
  xhr__task_init(&c.task, run_chained, NULL);
  assert_true(xhr__task_queue_post(xhr__loop_tasks(loop), &c.task));
  assert_int_equal(atomic_load(&wakeups), 1);
  assert_int_equal(xhr_loop_dispatch(loop), XHR_OK);
  assert_int_equal(c.runs, 1);
  assert_int_equal(atomic_load(&wakeups), 2);
  assert_int_equal(xhr_loop_timeout(loop), 0);
  struct pollfd fd = {.fd = xhr_loop_fd(loop), .events = POLLIN};
  assert_int_equal(xhr_loop_dispatch(loop), XHR_OK);
  assert_int_equal(c.runs, 2);
  assert_int_equal(poll(&fd, 1, PATIENCE_MS), 1);
  assert_int_equal(xhr_loop_run(loop), XHR_OK);
  assert_int_equal(c.runs, 4);
  assert_int_equal(xhr_loop_timeout(loop), -1);
  xhr_loop_unref(loop);
}

static void test_cancelled(void **state) {
  (void)state;
  xhr_loop *loop;
  assert_int_equal(xhr_loop_new(NULL, NULL, &loop), XHR_OK);
  chained a = {.loop = loop}, b = {.loop = loop};
  xhr__task_init(&a.task, run_chained, NULL);
  xhr__task_init(&b.task, run_chained, NULL);
  xhr__task_queue *queue = xhr__loop_tasks(loop);
  a.other = &b.task;
  assert_true(xhr__task_queue_post(queue, &a.task));
  assert_true(xhr__task_queue_post(queue, &b.task));
  /* Within the dispatch in which both are due. */
  assert_int_equal(xhr_loop_dispatch(loop), XHR_OK);
  assert_int_equal(a.runs, 1);
  assert_int_equal(b.runs, 0);
  assert_true(xhr__task_queue_post(queue, &b.task));
  xhr__task_queue_cancel(queue, &b.task);
  xhr__task_queue_cancel(queue, &b.task);
  assert_false(xhr__loop_is_alive(loop));
  assert_int_equal(xhr_loop_run(loop), XHR_OK);
  assert_int_equal(b.runs, 0);
  xhr_loop_unref(loop);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_run),
      cmocka_unit_test(test_descriptor),
      cmocka_unit_test(test_wakeup),
      cmocka_unit_test(test_loop_goes),
      cmocka_unit_test(test_posted_by_a_task),
      cmocka_unit_test(test_cancelled),
  };
  return cmocka_run_group_tests(tests, leftovers_note, leftovers_check);
}
