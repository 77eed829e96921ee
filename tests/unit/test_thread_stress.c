/* Chance: many XHRs on several threads and loops, with both drivers, over libcurl and over the scripted transport; and
 * whatever a program may do at a bad moment, done at random: abort, open, send, timeouts, releases, ends of contexts and
 * sessions, inside listeners and between dispatches. All must end, nothing may be left, and the sanitizers must be
 * silent. XHR_STRESS_SEED repeats a run, as far as threads and networks can be repeated. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "support/leftovers.h"
#include "support/scripted_session.h"

enum {
  WORKERS = 4,
  RUN_MS = 900,      /* of each test */
  CONTEXTS = 3,      /* of a world */
  REQUESTS = 6,      /* of a world */
  SENDS = 30,        /* of a world, in all */
  TIMEOUT_MS = 60,   /* every request has one, at most this */
  PATIENCE_MS = 5000 /* nobody has to wait so long for a wake-up */
};

/* ---- memory, which is short at times ---- */

enum { SCARCITY = 300 }; /* one allocation in so many fails */

static atomic_bool scarce;
static atomic_uint allocations;
static atomic_size_t live_blocks;

static bool refused(void) {
  return atomic_load(&scarce) && atomic_fetch_add(&allocations, 1) % SCARCITY == SCARCITY - 1;
}

static void *scarce_malloc(size_t size, void *user) {
  (void)user;
  void *block = refused() ? NULL : malloc(size);
  if (block)
    atomic_fetch_add(&live_blocks, 1);
  return block;
}

static void *scarce_realloc(void *block, size_t size, void *user) {
  if (!block)
    return scarce_malloc(size, user);
  return refused() ? NULL : realloc(block, size);
}

static void scarce_free(void *block, void *user) {
  (void)user;
  if (block)
    atomic_fetch_sub(&live_blocks, 1);
  free(block);
}

static atomic_uint problems;

static void problem(const char *what) {
  (void)fprintf(stderr, "%s\n", what);
  atomic_fetch_add(&problems, 1);
}

/* A problem, unless memory is short. */
static void lack(const char *what) {
  if (!atomic_load(&scarce))
    problem(what);
}

static uint64_t now_ms(void) {
  return xhr__clock_now(&xhr__monotonic_clock) / XHR__MILLISECOND;
}

/* ---- what happens to be ---- */

typedef struct chance {
  uint64_t state;
} chance;

/* xorshift64* */
static unsigned below(chance *c, unsigned bound) {
  c->state ^= c->state >> 12;
  c->state ^= c->state << 25;
  c->state ^= c->state >> 27;
  return (unsigned)((c->state * 2685821657736338717u) >> 33) % bound;
}

static bool one_in(chance *c, unsigned bound) {
  return below(c, bound) == 0;
}

/* ---- what is asked of the server, and what is sent ---- */

static const char scripted_url[] = "http://user:pass@h/";
static char base_url[64];
static char file_path[] = "/tmp/xhr-stress-XXXXXX";

static const char *const paths[] = {"bytes/0",
                                    "bytes/1",
                                    "bytes/20000",
                                    "bytes/300000",
                                    "json",
                                    "delay/5",
                                    "delay/1000",
                                    "drip?n=3&ms=3",
                                    "gzip?bytes=50000",
                                    "redirect/302?to=/bytes/1",
                                    "redirect/307?to=/echo%3Fraw",
                                    "redirect-chain/5",
                                    "close",
                                    "close?reset",
                                    "garbage",
                                    "short",
                                    "status/204",
                                    "upload",
                                    "upload?slow=2",
                                    "upload?stall=1000",
                                    "echo?raw"};
enum { PATHS = sizeof paths / sizeof *paths, KNOWN_LENGTHS = 4 };
static const size_t lengths[KNOWN_LENGTHS] = {0, 1, 20000, 300000};

static xhr_body *some_body(chance *c) {
  static const char bytes[30000];
  xhr_body *body = NULL;
  switch (below(c, 4)) {
    case 0: break;
    case 1: (void)xhr_body_new_bytes("", 0, NULL, NULL, xhr_str(NULL), &body); break;
    case 2: (void)xhr_body_new_bytes(bytes, sizeof bytes, NULL, NULL, xhr_str("a/b"), &body); break;
    default:
      if (xhr_body_new_file(xhr_str(file_path), xhr_str(NULL), &body) != XHR_OK)
        lack("the file cannot be sent");
  }
  return body;
}

/* ---- a world: a loop, its contexts, their XHRs, and chance ---- */

typedef struct world world;

typedef struct slot {
  world *world;
  xhr *request;     /* NULL once it is let go of */
  size_t path;      /* of its last send */
  unsigned pending; /* loadstart without loadend */
} slot;

struct world {
  chance chance;
  xhr_session *session; /* these too */
  xhr_context *contexts[CONTEXTS];
  slot slots[REQUESTS];
  unsigned sends;
  bool calm; /* no more of it: all that goes on may come to its end */
  pthread_mutex_t lock;
  pthread_cond_t awake;
  bool woken;
};

static void send_some(slot *s) {
  world *w = s->world;
  char url[128];
  if (!s->request || w->sends == 0)
    return;
  w->sends--;
  size_t path = below(&w->chance, PATHS);
  bool post = one_in(&w->chance, 2);
  (void)snprintf(url, sizeof url, "%s%s", base_url, paths[path]);
  xhr *request = xhr_ref(s->request);
  xhr_status status = xhr_open(request, xhr_str(post ? "POST" : "GET"), xhr_str(url));
  if (status == XHR_OK) {
    (void)xhr_set_response_type(request, XHR_RESPONSE_TYPE_ARRAYBUFFER);
    (void)xhr_set_timeout(request, 1 + below(&w->chance, TIMEOUT_MS));
    xhr_body *body = post ? some_body(&w->chance) : NULL;
    s->path = path;
    status = xhr_send(request, body);
    xhr_body_unref(body);
  }
  if (status != XHR_OK && status != XHR_CLOSED && status != XHR_INVALID_STATE_ERR)
    lack(xhr_status_name(status));
  xhr_unref(request);
}

static void unref_request(slot *s) {
  xhr *request = s->request;
  s->request = NULL;
  xhr_unref(request);
}

static void unref_context(world *w, unsigned i) {
  xhr_context *context = w->contexts[i];
  w->contexts[i] = NULL;
  xhr_context_unref(context);
}

static void unref_session(world *w) {
  xhr_session *session = w->session;
  w->session = NULL;
  xhr_session_unref(session);
}

/* One thing that a program may do at any moment. */
static void act(world *w) {
  slot *s = &w->slots[below(&w->chance, REQUESTS)];
  unsigned context = below(&w->chance, CONTEXTS);
  switch (below(&w->chance, 12)) {
    case 0:
    case 1:
    case 2: send_some(s); break;
    case 3:
      if (s->request)
        (void)xhr_abort(s->request);
      break;
    case 4:
      if (s->request)
        (void)xhr_open(s->request, xhr_str("GET"), xhr_str(base_url));
      break;
    case 5:
    case 6:
      if (s->request)
        (void)xhr_set_timeout(s->request, 1 + below(&w->chance, 30));
      break;
    case 7: unref_request(s); break;
    case 8: unref_context(w, context); break;
    case 9: unref_session(w); break;
    case 10: xhr_context_destroy(w->contexts[context]); break;
    default: break;
  }
}

/* A body that was promised whole is whole. */
static void check_body(const slot *s, xhr *request) {
  xhr_string bytes, url = xhr_get_response_url(request);
  const char *path = paths[s->path];
  /* A listener of open's event may have opened another URL. */
  if (strcmp(base_url, scripted_url) == 0 || s->path >= KNOWN_LENGTHS || url.len < strlen(path) ||
      memcmp(url.data + url.len - strlen(path), path, strlen(path)) != 0)
    return;
  if (xhr_get_response(request, &bytes) != XHR_OK || bytes.len != lengths[s->path])
    problem("a body of another length");
  for (size_t i = 0; i < bytes.len; i++) {
    if ((unsigned char)bytes.data[i] != i % 251) {
      problem("other bytes than were sent");
      return;
    }
  }
}

static void on_event(const xhr_event *event, void *user) {
  slot *s = user;
  world *w = s->world;
  if (event->type == XHR_EVENT_LOADSTART)
    s->pending++;
  if (event->type == XHR_EVENT_LOADEND)
    s->pending--;
  if (event->type == XHR_EVENT_LOAD && s->pending == 1)
    check_body(s, event->xhr);
  if (!w->calm && one_in(&w->chance, 6))
    act(w);
}

static void on_upload_event(const xhr_event *event, void *user) {
  slot *s = user;
  if (event->total != 0 && event->loaded > event->total)
    problem("more sent than there is");
  if (!s->world->calm && one_in(&s->world->chance, 6))
    act(s->world);
}

static void add_request(world *w, unsigned i) {
  slot *s = &w->slots[i];
  *s = (slot){.world = w};
  if (xhr_new(w->contexts[below(&w->chance, CONTEXTS)], &s->request) != XHR_OK) {
    lack("no XHR");
    return;
  }
  for (xhr_event_type type = XHR_EVENT_READYSTATECHANGE; type <= XHR_EVENT_LOADEND; type++) {
    (void)xhr_add_event_listener(xhr_get_event_target(s->request), type, on_event, s);
    if (i % 2)
      (void)xhr_add_event_listener(xhr_get_upload(s->request), type, on_upload_event, s);
  }
}

/* ---- ways to drive a loop ---- */

typedef enum way { BY_RUN, BY_WAIT, BY_DESCRIPTOR, BY_WAKEUP, WAYS } way;

static void wakeup(void *user) {
  world *w = user;
  (void)pthread_mutex_lock(&w->lock);
  w->woken = true;
  (void)pthread_cond_signal(&w->awake);
  (void)pthread_mutex_unlock(&w->lock);
}

/* False where no wake-up came. */
static bool await_wakeup(world *w) {
  struct timespec until;
  int error = 0;
  (void)clock_gettime(CLOCK_REALTIME, &until);
  until.tv_sec += PATIENCE_MS / 1000;
  (void)pthread_mutex_lock(&w->lock);
  while (!w->woken && error == 0)
    error = pthread_cond_timedwait(&w->awake, &w->lock, &until);
  bool woken = w->woken;
  w->woken = false;
  (void)pthread_mutex_unlock(&w->lock);
  return woken;
}

/* Waits and dispatches, once or (by run) until nothing is in flight. Every request has a timeout, so that something
 * must come in time. */
static bool drive_once(world *w, xhr_loop *loop, way by) {
  struct pollfd fd = {.events = POLLIN};
  uint64_t before = now_ms();
  switch (by) {
    case BY_RUN: (void)xhr_loop_run(loop); break;
    case BY_WAIT: (void)xhr_loop_wait(loop, PATIENCE_MS); break;
    case BY_DESCRIPTOR:
      fd.fd = xhr_loop_fd(loop);
      (void)poll(&fd, 1, PATIENCE_MS);
      (void)xhr_loop_dispatch(loop);
      break;
    default: (void)await_wakeup(w); (void)xhr_loop_dispatch(loop);
  }
  if (by == BY_RUN || now_ms() - before < PATIENCE_MS)
    return true;
  problem("a wake-up was lost");
  return false;
}

/* One world from its beginning to its end. Takes over the references to the sessions; `other` may be NULL. */
static void live(uint64_t seed, xhr_session *session, xhr_session *other, way by) {
  world w = {.chance = {seed}, .session = session, .sends = SENDS};
  xhr_loop *loop;
  (void)pthread_mutex_init(&w.lock, NULL);
  (void)pthread_cond_init(&w.awake, NULL);
  if (xhr_loop_new(by == BY_WAKEUP ? wakeup : NULL, &w, &loop) != XHR_OK) {
    lack("no loop");
    xhr_session_unref(session);
    xhr_session_unref(other);
    goto done;
  }
  for (unsigned i = 0; i < CONTEXTS; i++) {
    xhr_session *one = i == 0 && other ? other : session;
    if (xhr_context_new(one, loop, xhr_str(NULL), &w.contexts[i]) != XHR_OK)
      lack("no context");
  }
  xhr_session_unref(other);
  for (unsigned i = 0; i < REQUESTS; i++)
    add_request(&w, i);
  for (unsigned i = 0; i < REQUESTS; i++)
    send_some(&w.slots[i]);
  for (unsigned turns = below(&w.chance, 60); turns > 0; turns--) {
    if (one_in(&w.chance, 4))
      act(&w);
    if (xhr_loop_in_flight(loop) > 0 && !drive_once(&w, loop, by))
      break;
  }
  w.calm = true;
  if (one_in(&w.chance, 2)) {
    for (unsigned i = 0; i < CONTEXTS; i++)
      xhr_context_destroy(w.contexts[i]);
  }
  while (xhr_loop_in_flight(loop) > 0 && drive_once(&w, loop, by))
    continue;
  for (unsigned i = 0; i < REQUESTS; i++)
    unref_request(&w.slots[i]);
  for (unsigned i = 0; i < CONTEXTS; i++)
    unref_context(&w, i);
  if (one_in(&w.chance, 2)) { /* the session may outlive the loop */
    unref_session(&w);
    xhr_loop_unref(loop);
  } else {
    xhr_loop_unref(loop);
    unref_session(&w);
  }
done:
  (void)pthread_cond_destroy(&w.awake);
  (void)pthread_mutex_destroy(&w.lock);
}

/* ---- sessions ---- */

static xhr_session *new_session(xhr_driver driver, const xhr__script *script) {
  xhr_session_options *options;
  xhr_session *session = NULL;
  xhr__transport *transport;
  if (xhr_session_options_new(&options) != XHR_OK)
    return NULL;
  (void)xhr_session_options_set_driver(options, driver);
  (void)xhr_session_options_set_proxy(options, xhr_str(""), xhr_str(NULL));
  (void)xhr_session_options_set_limit(options, XHR_LIMIT_CONNECTIONS, 8);
  if (!script)
    (void)xhr_session_new(options, &session);
  else if (xhr__scripted_transport_new(script, &transport) == XHR_OK)
    (void)xhr__session_new_with(options, transport, NULL, &session);
  xhr_session_options_free(options);
  return session;
}

/* Inline sessions cannot be driven by wake-ups alone. */
static way some_way(chance *c, bool is_inline) {
  return (way)below(c, is_inline ? BY_WAKEUP : WAYS);
}

typedef struct worker {
  pthread_t thread;
  uint64_t seed;
  uint64_t until;
  xhr_session *shared; /* borrowed; NULL: each world has its own */
  unsigned worlds;
} worker;

static void *work_on_curl(void *user) {
  worker *self = user;
  chance c = {self->seed};
  while (now_ms() < self->until) {
    bool is_inline = one_in(&c, 3), other_is_inline = false;
    bool own = is_inline || one_in(&c, 4);
    xhr_session *other = NULL;
    xhr_session *session =
        own ? new_session(is_inline ? XHR_DRIVER_INLINE : XHR_DRIVER_THREAD, NULL)
            : xhr_session_ref(self->shared);
    if (!session) {
      lack("no session");
      continue;
    }
    if (one_in(&c, 3)) { /* two on one loop */
      other_is_inline = one_in(&c, 2);
      other = new_session(other_is_inline ? XHR_DRIVER_INLINE : XHR_DRIVER_THREAD, NULL);
    }
    way by = some_way(&c, is_inline || other_is_inline);
    live(1 + below(&c, 1u << 30), session, other, by);
    self->worlds++;
  }
  return NULL;
}

#define ANSWER "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 5\r\n\r\nhello"

static const xhr__script_step answers[] = {SCRIPT_READ, SCRIPT_READ_REST, SCRIPT_SEND(ANSWER)};
static const xhr__script_step early[] = {SCRIPT_READ, SCRIPT_SEND(ANSWER)};
static const xhr__script_step late[] = {SCRIPT_READ, SCRIPT_WAIT(7), SCRIPT_SEND(ANSWER)};
static const xhr__script_step resets[] = {SCRIPT_READ, SCRIPT_RESET};
static const xhr__script_step stalls[] = {SCRIPT_READ, SCRIPT_STALL};
static const xhr__script_step redirects[] = {
    SCRIPT_READ, SCRIPT_SEND("HTTP/1.1 307 T\r\nLocation: /b\r\nContent-Length: 3\r\n\r\nabc")};
static const xhr__script_step misdirects[] = {
    SCRIPT_READ, SCRIPT_SEND("HTTP/1.1 421 M\r\nContent-Length: 0\r\n\r\n")};

static const xhr__script_step challenges[] = {
    SCRIPT_READ,
    SCRIPT_SEND("HTTP/1.1 401 U\r\nWWW-Authenticate: Basic realm=a\r\nWWW-Authenticate: b\r\n"
                "Content-Length: 3\r\n\r\nabc")};

static const xhr__script_connection kinds[] = {
    {.steps = answers, .count = 3},    {.steps = early, .count = 2},
    {.steps = late, .count = 3},       {.steps = resets, .count = 2},
    {.steps = stalls, .count = 2},     {.steps = redirects, .count = 2},
    {.steps = misdirects, .count = 2}, {.failure = XHR_FAILURE_CONNECT_REFUSED},
    {.steps = challenges, .count = 2},
};

static void *work_on_script(void *user) {
  worker *self = user;
  chance c = {self->seed};
  while (now_ms() < self->until) {
    xhr__script_connection connections[2 * SENDS];
    xhr__script script = {connections, 2 * SENDS, .max_header_bytes = 4096};
    for (unsigned i = 0; i < 2 * SENDS; i++)
      connections[i] = kinds[below(&c, sizeof kinds / sizeof *kinds)];
    script.cut = one_in(&c, 2) ? XHR__CUT_EVERY_BYTE : XHR__CUT_NOWHERE;
    bool is_inline = one_in(&c, 2);
    xhr_session *session = new_session(is_inline ? XHR_DRIVER_INLINE : XHR_DRIVER_THREAD, &script);
    if (!session) {
      lack("no session");
      continue;
    }
    way by = some_way(&c, is_inline);
    live(1 + below(&c, 1u << 30), session, NULL, by);
    self->worlds++;
  }
  return NULL;
}

static void run_workers(void *(*work)(void *), xhr_session *shared) {
  worker workers[WORKERS];
  const char *seed = getenv("XHR_STRESS_SEED");
  uint64_t first = seed ? strtoull(seed, NULL, 10) : 20240607;
  unsigned worlds = 0;
  for (unsigned i = 0; i < WORKERS; i++) {
    workers[i] =
        (worker){.seed = first * 1000 + i + 1, .until = now_ms() + RUN_MS, .shared = shared};
    assert_int_equal(pthread_create(&workers[i].thread, NULL, work, &workers[i]), 0);
  }
  for (unsigned i = 0; i < WORKERS; i++) {
    assert_int_equal(pthread_join(workers[i].thread, NULL), 0);
    worlds += workers[i].worlds;
  }
  print_message("%u worlds\n", worlds);
  assert_int_equal(atomic_load(&problems), 0);
}

static void test_scripted(void **state) {
  (void)state;
  (void)snprintf(base_url, sizeof base_url, "%s", scripted_url);
  run_workers(work_on_script, NULL);
}

/* Runs with memory that is short, of which nothing may stay in use. */
static void run_short_of_memory(void *(*work)(void *), xhr_session *shared) {
  size_t before = atomic_load(&live_blocks);
  atomic_store(&scarce, true);
  run_workers(work, shared);
  atomic_store(&scarce, false);
  if (!shared)
    assert_int_equal(atomic_load(&live_blocks), before);
}

static void test_scripted_short_of_memory(void **state) {
  (void)state;
  (void)snprintf(base_url, sizeof base_url, "%s", scripted_url);
  run_short_of_memory(work_on_script, NULL);
}

/* ---- the test server, a program of its own beside this one ---- */

typedef struct server {
  pid_t pid;
  int in;
} server;

static void server_start(server *self) {
  char path[4096], line[64] = "";
  int to[2], from[2];
  ssize_t len = readlink("/proc/self/exe", path, sizeof path - 16);
  assert_true(len > 0);
  while (len > 0 && path[len - 1] != '/')
    len--;
  (void)snprintf(path + len, 16, "test-server");
  assert_int_equal(pipe2(to, O_CLOEXEC), 0);
  assert_int_equal(pipe2(from, O_CLOEXEC), 0);
  posix_spawn_file_actions_t actions;
  assert_int_equal(posix_spawn_file_actions_init(&actions), 0);
  assert_int_equal(posix_spawn_file_actions_adddup2(&actions, to[0], 0), 0);
  assert_int_equal(posix_spawn_file_actions_adddup2(&actions, from[1], 1), 0);
  char *arguments[] = {path, NULL}, *environment[] = {NULL};
  assert_int_equal(posix_spawn(&self->pid, path, &actions, NULL, arguments, environment), 0);
  assert_int_equal(posix_spawn_file_actions_destroy(&actions), 0);
  close(to[0]);
  close(from[1]);
  assert_true(read(from[0], line, sizeof line - 1) > 0);
  close(from[0]);
  unsigned port;
  assert_int_equal(sscanf(line, "listening 127.0.0.1:%u", &port), 1);
  (void)snprintf(base_url, sizeof base_url, "http://127.0.0.1:%u/", port);
  self->in = to[1];
}

static void server_stop(server *self) {
  int status;
  close(self->in);
  assert_int_equal(waitpid(self->pid, &status, 0), self->pid);
}

static void test_curl(void **state) {
  (void)state;
  server s;
  server_start(&s);
  xhr_session *shared = new_session(XHR_DRIVER_THREAD, NULL);
  assert_non_null(shared);
  run_workers(work_on_curl, shared);
  run_short_of_memory(work_on_curl, shared);
  xhr_session_unref(shared);
  server_stop(&s);
  assert_int_equal(atomic_load(&live_blocks), 0);
}

/* ---- two loops want one inline session ---- */

typedef struct rival {
  pthread_t thread;
  atomic_uint *ready;
  pthread_barrier_t *over;
  xhr_session *session; /* with a reference of its own */
  xhr_status status;
} rival;

static void *contend(void *user) {
  rival *self = user;
  xhr_loop *loop = NULL;
  xhr_context *context = NULL;
  if (xhr_loop_new(NULL, NULL, &loop) != XHR_OK)
    problem("no loop");
  /* Relaxed, so that nothing orders what the two do from here on. */
  atomic_fetch_add_explicit(self->ready, 1, memory_order_relaxed);
  while (atomic_load_explicit(self->ready, memory_order_relaxed) < 2)
    continue;
  self->status = xhr_context_new(self->session, loop, xhr_str(NULL), &context);
  (void)pthread_barrier_wait(self->over);
  xhr_context_unref(context);
  xhr_loop_unref(loop);
  xhr_session_unref(self->session);
  return NULL;
}

static void test_rivals(void **state) {
  (void)state;
  for (unsigned round = 0; round < 100; round++) {
    static const xhr__script script = {.max_header_bytes = 4096};
    rival rivals[2];
    pthread_barrier_t over;
    atomic_uint ready = 0;
    xhr_session *session = new_session(XHR_DRIVER_INLINE, &script);
    assert_non_null(session);
    assert_int_equal(pthread_barrier_init(&over, NULL, 2), 0);
    for (int i = 0; i < 2; i++) {
      rivals[i] = (rival){.ready = &ready, .over = &over, .session = xhr_session_ref(session)};
      assert_int_equal(pthread_create(&rivals[i].thread, NULL, contend, &rivals[i]), 0);
    }
    for (int i = 0; i < 2; i++)
      assert_int_equal(pthread_join(rivals[i].thread, NULL), 0);
    assert_int_equal((rivals[0].status == XHR_OK) + (rivals[1].status == XHR_OK), 1);
    assert_int_equal((rivals[0].status == XHR_INVALID_STATE_ERR) +
                         (rivals[1].status == XHR_INVALID_STATE_ERR),
                     1);
    xhr_session_unref(session);
    assert_int_equal(pthread_barrier_destroy(&over), 0);
  }
}

static int make_file(void **state) {
  const xhr_allocator allocator = {scarce_malloc, scarce_realloc, scarce_free, NULL};
  if (xhr_set_allocator(&allocator) != XHR_OK)
    return 1;
  int fd = mkstemp(file_path);
  if (fd < 0 || ftruncate(fd, 700000) != 0)
    return 1;
  close(fd);
  return leftovers_note(state);
}

static int remove_file(void **state) {
  (void)unlink(file_path);
  return leftovers_check(state);
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(test_rivals), cmocka_unit_test(test_scripted),
                                     cmocka_unit_test(test_scripted_short_of_memory),
                                     cmocka_unit_test(test_curl)};
  return cmocka_run_group_tests(tests, make_file, remove_file);
}
