/* Pipes between ports (runtime/port_pipe.h), and what travels in them between the engines of two threads. */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "runtime/message_port.h"
#include "support/leftovers.h"
#include "test_runtime_fixture.h"

enum { MESSAGES = 2000, PATIENCE_MS = 5000 };

/* ---- letters with a number -------------------------------------------------------------------------------------- */

static atomic_int alive; /* messages that were made and not freed */

static void drop_item(void *pointer) {
  (void)pointer;
  atomic_fetch_sub(&alive, 1);
}

static xhr__serialized *numbered(size_t number) {
  static int something;
  xhr__serialized *message = XHR__NEW(xhr__serialized);
  assert_non_null(message);
  message->items = xhr__calloc(1, sizeof *message->items);
  assert_non_null(message->items);
  message->items[0] = (xhr__serialized_item){&something, number, drop_item};
  message->item_count = 1;
  atomic_fetch_add(&alive, 1);
  return message;
}

typedef struct inbox {
  char name;
  char log[64]; /* the names of the inboxes in the order of their letters, in the first one */
  struct inbox *first;
  size_t expected; /* the next letter's number */
  unsigned closed;
} inbox;

static void deliver(void *user, xhr__serialized *message) {
  inbox *to = user;
  assert_int_equal(message->items[0].len, to->expected);
  to->expected++;
  xhr__serialized_free(message);
  size_t len = to->first ? strlen(to->first->log) : sizeof to->log;
  if (len + 1 < sizeof to->log)
    to->first->log[len] = to->name;
}

static void closed(void *user) {
  ((inbox *)user)->closed++;
}

static const xhr__port_client client = {deliver, closed};

static void make_pipe(xhr__port_end *ends[2]) {
  assert_int_equal(xhr__port_pipe_new(&ends[0], &ends[1]), XHR_OK);
}

static xhr_loop *new_loop(void) {
  xhr_loop *loop;
  assert_int_equal(xhr_loop_new(NULL, NULL, &loop), XHR_OK);
  return loop;
}

static void post(xhr__port_end *end, size_t number) {
  assert_int_equal(xhr__port_end_post(end, numbered(number)), XHR_OK);
}

static void attach(xhr__port_end *end, xhr_loop *loop, inbox *to, bool enabled) {
  assert_int_equal(xhr__port_end_attach(end, loop, &client, to, enabled), XHR_OK);
}

/* ---- one thread ------------------------------------------------------------------------------------------------- */

static void test_waits_until_enabled(void **state) {
  xhr__port_end *ends[2];
  inbox to = {0};
  (void)state;
  xhr_loop *loop = new_loop();
  make_pipe(ends);
  post(ends[0], 0);
  attach(ends[1], loop, &to, false);
  post(ends[0], 1);
  assert_int_equal(xhr_loop_run(loop), XHR_OK);
  assert_int_equal(to.expected, 0);
  assert_false(xhr__port_end_has_deliveries(ends[1]));
  assert_int_equal(xhr__port_end_enable(ends[1]), XHR_OK);
  assert_int_equal(xhr__port_end_enable(ends[1]), XHR_OK);
  assert_true(xhr__port_end_has_deliveries(ends[1]));
  post(ends[0], 2);
  assert_true(xhr__loop_is_alive(loop));
  assert_int_equal(xhr_loop_run(loop), XHR_OK);
  assert_int_equal(to.expected, 3);
  /* Attached, but nothing that would have to be waited for. */
  assert_false(xhr__loop_is_alive(loop));
  /* What comes while it is detached waits. */
  xhr__port_end_detach(ends[1]);
  post(ends[0], 3);
  assert_int_equal(xhr_loop_run(loop), XHR_OK);
  attach(ends[1], loop, &to, true);
  /* What was on its way when it is detached waits, too. */
  xhr__port_end_detach(ends[1]);
  post(ends[0], 4);
  attach(ends[1], loop, &to, true);
  assert_int_equal(xhr_loop_run(loop), XHR_OK);
  assert_int_equal(to.expected, 5);
  xhr__port_end_detach(ends[1]);
  xhr__port_end_unref(ends[0]);
  xhr__port_end_unref(ends[1]);
  xhr_loop_unref(loop);
  assert_int_equal(atomic_load(&alive), 0);
}

static void test_closing(void **state) {
  xhr__port_end *ends[2];
  inbox to[2] = {0};
  void *user;
  (void)state;
  xhr_loop *loop = new_loop();
  make_pipe(ends);
  attach(ends[0], loop, &to[0], true);
  attach(ends[1], loop, &to[1], true);
  assert_int_equal(xhr__port_end_peer(ends[0], &user), XHR__PORT_PEER_LOCAL);
  assert_ptr_equal(user, &to[1]);
  post(ends[0], 0);
  post(ends[1], 0);
  xhr__port_end_close(ends[0]);
  xhr__port_end_close(ends[0]);
  assert_int_equal(xhr__port_end_peer(ends[1], &user), XHR__PORT_PEER_CLOSED);
  assert_null(user);
  post(ends[0], 1);
  post(ends[1], 1);
  assert_int_equal(xhr_loop_run(loop), XHR_OK);
  /* What was posted to the other one before arrives there, and then the close; here nothing does. */
  assert_int_equal(to[1].expected, 1);
  assert_int_equal(to[1].closed, 1);
  assert_int_equal(to[0].expected, 0);
  assert_int_equal(to[0].closed, 0);
  for (int i = 0; i < 2; i++) {
    xhr__port_end_detach(ends[i]);
    xhr__port_end_unref(ends[i]);
  }
  /* One that is attached only after the other was dropped; and one that is not enabled hears of it, too. */
  for (int enabled = 0; enabled < 2; enabled++) {
    inbox late = {0};
    make_pipe(ends);
    post(ends[0], 0);
    xhr__port_end_unref(ends[0]);
    attach(ends[1], loop, &late, enabled);
    assert_int_equal(xhr_loop_run(loop), XHR_OK);
    assert_int_equal(late.expected, enabled);
    assert_int_equal(late.closed, 1);
    xhr__port_end_detach(ends[1]);
    xhr__port_end_unref(ends[1]);
  }
  xhr_loop_unref(loop);
  assert_int_equal(atomic_load(&alive), 0);
}

/* Letters of several ports arrive in the order of posting, whichever port they are for. */
static void test_fair(void **state) {
  xhr__port_end *a[2], *b[2];
  inbox to_a = {.name = 'a'}, to_b = {.name = 'b', .first = &to_a};
  (void)state;
  to_a.first = &to_a;
  xhr_loop *loop = new_loop();
  make_pipe(a);
  make_pipe(b);
  attach(a[1], loop, &to_a, true);
  attach(b[1], loop, &to_b, true);
  for (size_t i = 0; i < 3; i++) {
    post(a[0], 2 * i);
    post(a[0], 2 * i + 1);
    post(b[0], i);
  }
  assert_int_equal(xhr_loop_run(loop), XHR_OK);
  assert_string_equal(to_a.log, "aabaabaab");
  xhr__port_end_detach(a[1]);
  xhr__port_end_detach(b[1]);
  for (int i = 0; i < 2; i++) {
    xhr__port_end_unref(a[i]);
    xhr__port_end_unref(b[i]);
  }
  xhr_loop_unref(loop);
}

/* The loop goes first: what is on its way there waits in the end. */
static void test_loop_goes(void **state) {
  xhr__port_end *ends[2];
  inbox to = {0};
  (void)state;
  xhr_loop *loop = new_loop();
  make_pipe(ends);
  attach(ends[1], loop, &to, true);
  post(ends[0], 0);
  xhr_loop_unref(loop);
  post(ends[0], 1);
  xhr__port_end_detach(ends[1]);
  loop = new_loop();
  attach(ends[1], loop, &to, true);
  assert_int_equal(xhr_loop_run(loop), XHR_OK);
  assert_int_equal(to.expected, 2);
  xhr__port_end_detach(ends[1]);
  xhr__port_end_unref(ends[0]);
  xhr__port_end_unref(ends[1]);
  xhr_loop_unref(loop);
}

static void release_end(void *pointer) {
  xhr__port_end_unref(pointer);
}

/* A port in a message in a port in a message … */
static void test_nested_ports(void **state) {
  xhr__port_end *inner = NULL;
  (void)state;
  for (int i = 0; i < 100000; i++) {
    xhr__port_end *ends[2];
    make_pipe(ends);
    xhr__serialized *message = numbered(0);
    if (inner) {
      xhr__free(message->items);
      message->items = xhr__calloc(1, sizeof *message->items);
      message->items[0] = (xhr__serialized_item){inner, 0, release_end};
      atomic_fetch_sub(&alive, 1);
    }
    assert_int_equal(xhr__port_end_post(ends[0], message), XHR_OK);
    xhr__port_end_unref(ends[0]);
    inner = ends[1];
  }
  xhr__port_end_unref(inner);
  assert_int_equal(atomic_load(&alive), 0);
}

/* ---- several threads -------------------------------------------------------------------------------------------- */

static void *post_many(void *user) {
  xhr__port_end *end = user;
  for (size_t i = 0; i < MESSAGES; i++)
    post(end, i);
  xhr__port_end_unref(end);
  return NULL;
}

/* All arrive, in order, and then the close, while the receiver detaches and attaches again and again. */
static void test_moving_receiver(void **state) {
  (void)state;
  for (int moves = 0; moves < 2; moves++) {
    xhr__port_end *ends[2];
    inbox to = {0};
    pthread_t thread;
    xhr_loop *loop = new_loop();
    make_pipe(ends);
    attach(ends[1], loop, &to, true);
    assert_int_equal(pthread_create(&thread, NULL, post_many, ends[0]), 0);
    while (to.closed == 0) {
      assert_int_equal(xhr_loop_wait(loop, moves ? 1 : PATIENCE_MS), XHR_OK);
      if (moves) {
        xhr__port_end_detach(ends[1]);
        attach(ends[1], loop, &to, to.expected % 2 == 0);
        assert_int_equal(xhr__port_end_enable(ends[1]), XHR_OK);
      }
    }
    assert_int_equal(to.expected, MESSAGES);
    assert_int_equal(to.closed, 1);
    assert_int_equal(pthread_join(thread, NULL), 0);
    xhr__port_end_detach(ends[1]);
    xhr__port_end_unref(ends[1]);
    xhr_loop_unref(loop);
    assert_int_equal(atomic_load(&alive), 0);
  }
}

typedef struct racer {
  xhr__port_end *end;
  size_t letters;
  bool drops; /* its reference, without closing */
} racer;

static void *post_and_close(void *user) {
  racer *self = user;
  xhr_loop *loop = new_loop();
  inbox to = {0};
  attach(self->end, loop, &to, true);
  for (size_t i = 0; i < self->letters; i++) {
    post(self->end, i);
    assert_int_equal(xhr_loop_dispatch(loop), XHR_OK);
  }
  if (!self->drops)
    xhr__port_end_close(self->end);
  xhr__port_end_detach(self->end);
  xhr__port_end_unref(self->end);
  xhr_loop_unref(loop);
  return NULL;
}

static void test_both_close(void **state) {
  (void)state;
  for (size_t round = 0; round < 200; round++) {
    xhr__port_end *ends[2];
    pthread_t threads[2];
    make_pipe(ends);
    racer racers[2] = {{ends[0], round % 7, round % 2}, {ends[1], round % 5, round % 3 == 0}};
    for (int i = 0; i < 2; i++)
      assert_int_equal(pthread_create(&threads[i], NULL, post_and_close, &racers[i]), 0);
    for (int i = 0; i < 2; i++)
      assert_int_equal(pthread_join(threads[i], NULL), 0);
  }
  assert_int_equal(atomic_load(&alive), 0);
}

/* ---- two engines ------------------------------------------------------------------------------------------------ */

/* A script with a MessagePort, `port`; it is over when nothing keeps the loop going any more. */
typedef struct agent {
  xhr__port_end *end;
  const char *code;
  bool shares;       /* memory */
  char result[2048]; /* of the global variable `result`, and what was reported */
} agent;

static void *run_agent(void *user) {
  agent *self = user;
  js_fixture f = {0};
  js_fixture_begin(&f, SCRIPTED_INLINE, NULL, 0);
  if (self->shares)
    assert_int_equal(xhr_quickjs_share_memory(f.runtime), XHR_OK);
  xhr__realm *realm = xhr__realm_of(f.js);
  JSValue port = xhr__message_port_value(realm, self->end);
  JSValue global = JS_GetGlobalObject(f.js);
  assert_true(JS_SetPropertyStr(f.js, global, "port", port) >= 0);
  js_fixture_eval(&f, self->code);
  assert_int_equal(xhr_loop_run(f.s.loop), XHR_OK);
  JSValue result = JS_GetPropertyStr(f.js, global, "result");
  const char *text = JS_ToCString(f.js, result);
  (void)snprintf(self->result, sizeof self->result, "%s%s", text, f.reports);
  JS_FreeCString(f.js, text);
  JS_FreeValue(f.js, result);
  JS_FreeValue(f.js, global);
  js_fixture_end(&f);
  return NULL;
}

/* `shares`: how many of them share memory. */
static void run_agents(const char *one, const char *other, int shares, agent agents[2]) {
  xhr__port_end *ends[2];
  pthread_t threads[2];
  make_pipe(ends);
  agents[0] = (agent){.end = ends[0], .code = one, .shares = shares > 0};
  agents[1] = (agent){.end = ends[1], .code = other, .shares = shares > 1};
  for (int i = 0; i < 2; i++)
    assert_int_equal(pthread_create(&threads[i], NULL, run_agent, &agents[i]), 0);
  for (int i = 0; i < 2; i++)
    assert_int_equal(pthread_join(threads[i], NULL), 0);
}

static const char echo[] = "globalThis.result = '';"
                           "port.onmessage = ({data, ports}) => {"
                           "  result += data.what ?? data;"
                           "  if (data === 'end') port.close();"
                           "  else (ports[0] ?? port).postMessage(data);"
                           "};";

static void test_agents_talk(void **state) {
  agent agents[2];
  (void)state;
  run_agents(
      "globalThis.result = '';"
      "port.postMessage({what: 'object', list: [1, , 'two'], map: new Map([[1, new Date(5)]]),"
      "                  error: new TypeError('wrong', {cause: 10n ** 30n})});"
      "port.onmessage = async ({data}) => {"
      "  const {list, map, error} = data;"
      "  result += [1 in list, list[2], map.get(1).getTime(), error.message, error.cause,"
      "             error instanceof TypeError];"
      "  port.postMessage('end');"
      "};"
      "port.onclose = () => result += ' closed';",
      echo, 2, agents);
  assert_string_equal(agents[0].result,
                      "false,two,5,wrong,1000000000000000000000000000000,true closed");
  assert_string_equal(agents[1].result, "objectend");
}

static void test_agents_transfer(void **state) {
  agent agents[2];
  (void)state;
  run_agents("globalThis.result = '';"
             "const {port1, port2} = new MessageChannel();"
             "const buffer = new Uint8Array(100000).fill(7).buffer;"
             "port.postMessage({what: 'buffer', buffer}, [buffer, port2]);"
             "result += [buffer.byteLength, '|'];"
             "port1.onmessage = ({data, ports}) => {"
             "  const bytes = new Uint8Array(data.buffer);"
             "  result += [bytes.length, bytes[99999], ports.length];"
             "  port1.close();"
             "  port.postMessage({what: 'blob', blob: new Blob(['text'], {type: 'a/b'})});"
             "  port.onmessage = async ({data}) => {"
             "    result += ' ' + await data.blob.text() + data.blob.type;"
             "    port.postMessage('end');"
             "  };"
             "};",
             echo, 2, agents);
  assert_string_equal(agents[0].result, "0,|100000,7,0 texta/b");
  assert_string_equal(agents[1].result, "bufferblobend");
}

static void test_agents_share(void **state) {
  agent agents[2];
  (void)state;
  run_agents("globalThis.result = '';"
             "const shared = new Int32Array(new SharedArrayBuffer(8));"
             "port.postMessage(shared);"
             "port.onmessage = () => {"
             "  result += [shared[0], Atomics.load(shared, 1)];"
             "  port.close();"
             "};",
             "globalThis.result = '';"
             "port.onmessage = ({data}) => {"
             "  data[0] = 5;"
             "  Atomics.store(data, 1, 6);"
             "  result += [data.buffer instanceof SharedArrayBuffer, data.length];"
             "  port.postMessage(1);"
             "};",
             2, agents);
  assert_string_equal(agents[0].result, "5,6");
  assert_string_equal(agents[1].result, "true,2");
}

/* What cannot be made on the other side is an event there, and the ports that came with it are lost. */
static void test_agent_cannot_receive(void **state) {
  agent agents[2];
  (void)state;
  run_agents(
      "globalThis.result = '';"
      "const {port1, port2} = new MessageChannel();"
      "port1.onmessage = () => {};"
      "port1.onclose = () => result += 'closed';"
      "port.postMessage({a: [new SharedArrayBuffer(8)]}, [port2]);"
      "port.postMessage('next');",
      "globalThis.result = '';"
      "port.onmessageerror = ({type, data, ports, constructor: {name}}) =>"
      "  result += [name, type, data, ports.length];"
      "port.onmessage = ({data}) => {"
      "  result += data;"
      "  try { port.postMessage(new SharedArrayBuffer(8)); } catch ({name}) { result += name; }"
      "  port.close();"
      "};",
      1, agents);
  assert_string_equal(agents[0].result, "closed");
  assert_string_equal(agents[1].result, "MessageEvent,messageerror,,0nextDataCloneError");
}

/* Messages that were on their way when their sender ended arrive; and an agent that waits for more is told, and ends. */
static void test_agent_ends(void **state) {
  agent agents[2];
  (void)state;
  run_agents("globalThis.result = 'sent';"
             "for (let i = 0; i < 5; i++) port.postMessage(i);",
             "globalThis.result = '';"
             "port.onmessage = ({data}) => result += data;"
             "port.addEventListener('close', () => result += 'closed');",
             2, agents);
  assert_string_equal(agents[1].result, "01234closed");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_waits_until_enabled),
      cmocka_unit_test(test_closing),
      cmocka_unit_test(test_fair),
      cmocka_unit_test(test_loop_goes),
      cmocka_unit_test(test_nested_ports),
      cmocka_unit_test(test_moving_receiver),
      cmocka_unit_test(test_both_close),
      cmocka_unit_test(test_agents_talk),
      cmocka_unit_test(test_agents_transfer),
      cmocka_unit_test(test_agents_share),
      cmocka_unit_test(test_agent_cannot_receive),
      cmocka_unit_test(test_agent_ends),
  };
  return cmocka_run_group_tests(tests, leftovers_note, leftovers_check);
}
