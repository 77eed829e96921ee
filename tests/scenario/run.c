#include "scenario/run.h"

#include <stdio.h>
#include <stdlib.h>

#include "fetch/engine.h"
#include "scenario/log.h"
#include "scenario/player.h"
#include "scenario/recorder.h"
#include "scenario/socket_server.h"
#include "session/session.h"
#include "support/failing_allocator.h"

enum {
  SCRIPTED_PORT = 8000,
  SCRIPTED_CLOSED = 8001,
  TURNS_MAX = 20 * 1000 * 1000, /* of a scripted run, which has no other end */
  SOCKET_SECONDS = 10,
  CUTS_MAX = 400 /* places to cut at */
};

static const ports scripted_ports = {SCRIPTED_PORT, SCRIPTED_CLOSED};

/* ---- a fake clock ---------------------------------------------------------------------------------- */

static xhr__time fake_now(void *user) {
  return *(const xhr__time *)user;
}

/* ---- one run on the scripted transport ------------------------------------------------------------- */

typedef struct scripted_run {
  const scenario *scenario;
  xhr__script script;
  text log; /* what came of it */
  recorder requests;
  bool could_begin, told;
} scripted_run;

/* Turns until nothing is left to do, moving the clock when only time helps. */
static void turn_until_done(player *p, xhr__engine *engine, xhr__time *now) {
  for (unsigned turns = 0; turns < TURNS_MAX; turns++) {
    player_run_due(p);
    xhr_loop_dispatch(p->loop);
    if (player_is_done(p))
      return;
    xhr__time next = xhr__engine_deadline(engine), due = player_next_due(p);
    next = due < next ? due : next;
    if (next == XHR__NEVER) {
      text_printf(&p->log, "STUCK: %zu in flight\n", xhr_loop_in_flight(p->loop));
      return;
    }
    if (next > *now)
      *now = next;
  }
  text_append_c(&p->log, "STUCK: it turns without end\n");
}

/* A session on the scripted transport; NULL where memory ends. */
static xhr_session *scripted_session(const scripted_run *run, const xhr__clock *clock) {
  xhr_session_options *options = NULL;
  xhr__transport *transport = NULL;
  xhr_session *session = NULL;
  if (player_options(run->scenario, DRIVER_SCRIPTED, (ports){0, 0}, &options) != XHR_OK)
    return NULL;
  if (xhr__scripted_transport_new(&run->script, &transport) != XHR_OK ||
      xhr__session_new_with(options, transport, clock, &session) != XHR_OK)
    session = NULL;
  xhr_session_options_free(options);
  return session;
}

static void play_scripted(void *user) {
  scripted_run *run = user;
  xhr__time now = 1000 * XHR__MILLISECOND;
  const xhr__clock clock = {fake_now, &now};
  player p;
  text_clear(&run->log);
  recorder_free(&run->requests);
  recorder_init(&run->requests);
  run->script.user = &run->requests;
  run->could_begin = run->told = false;
  xhr_session *session = scripted_session(run, &clock);
  if (!session)
    return;
  run->could_begin = player_init(&p, run->scenario, &clock, session, SCRIPTED_PORT);
  if (run->could_begin) {
    player_begin(&p);
    turn_until_done(&p, xhr__session_engine(session), &now);
    player_end(&p);
    text_append(&run->log, text_str(&p.log));
    run->told = p.told;
  }
  player_free(&p);
  text_free(&p.log);
}

/* The script as the transport takes it; `connections` is the caller's to free. */
static void make_script(scripted_run *run, const scenario *s,
                        xhr__script_connection **connections) {
  *run = (scripted_run){.scenario = s};
  recorder_init(&run->requests);
  *connections = need(calloc(s->connection_count + 1, sizeof **connections));
  for (size_t i = 0; i < s->connection_count; i++)
    (*connections)[i] = (xhr__script_connection){s->connections[i].failure, s->connections[i].steps,
                                                 s->connections[i].count};
  run->script = (xhr__script){.connections = *connections,
                              .count = s->connection_count,
                              .max_header_bytes =
                                  s->header_bytes == UINT64_MAX ? 256 * 1024 : s->header_bytes,
                              .received = recorder_received};
}

static void end_run(scripted_run *run, xhr__script_connection *connections) {
  recorder_free(&run->requests);
  text_free(&run->log);
  free(connections);
}

/* ---- verdicts -------------------------------------------------------------------------------------- */

/* Whether log and requests are as expected; prints where not, below a title. */
static bool check(const char *title, const scenario *s, xhr__str expected, xhr__str actual,
                  const recorder *requests) {
  bool log_good = xhr__str_equals(expected, actual);
  bool requests_good = recorder_check(requests, s, false);
  if (log_good && requests_good)
    return true;
  printf("  %s:\n", title);
  if (!log_good)
    log_print_difference(expected, actual);
  recorder_check(requests, s, true);
  return false;
}

static bool check_collapsed(const char *title, const scenario *s, xhr__str log,
                            const recorder *requests) {
  text expected = {0}, actual = {0};
  log_collapse(text_str(&s->events), &expected);
  log_collapse(log, &actual);
  bool good = check(title, s, text_str(&expected), text_str(&actual), requests);
  text_free(&expected);
  text_free(&actual);
  return good;
}

/* All bytes that the scenario's server sends. */
static uint64_t server_bytes(const scenario *s) {
  uint64_t count = 0;
  for (size_t i = 0; i < s->connection_count; i++) {
    for (size_t j = 0; j < s->connections[i].count; j++)
      count += s->connections[i].bytes[j].len;
  }
  return count;
}

static bool run_cut(scripted_run *run, const char *title) {
  play_scripted(run);
  return check_collapsed(title, run->scenario, text_str(&run->log), &run->requests);
}

verdict run_scripted(const char *path) {
  scenario s;
  scripted_run run;
  xhr__script_connection *connections;
  if (!scenario_read(path, scripted_ports, &s)) {
    scenario_free(&s);
    return VERDICT_FAILED;
  }
  if (!s.drivers[DRIVER_SCRIPTED]) {
    scenario_free(&s);
    return VERDICT_SKIPPED;
  }
  make_script(&run, &s, &connections);
  play_scripted(&run);
  bool good =
      check("the server's bytes whole", &s, text_str(&s.events), text_str(&run.log), &run.requests);
  if (good && !s.whole) {
    run.script.cut = XHR__CUT_EVERY_BYTE;
    good = run_cut(&run, "each of the server's bytes alone");
  }
  uint64_t bytes = s.whole ? 0 : server_bytes(&s);
  run.script.cut = XHR__CUT_AT;
  for (run.script.cut_at = 1; good && run.script.cut_at < bytes && run.script.cut_at <= CUTS_MAX;
       run.script.cut_at++) {
    text title = {0};
    text_printf(&title, "the server's bytes cut behind byte %llu",
                (unsigned long long)run.script.cut_at);
    good = run_cut(&run, title.data);
    text_free(&title);
  }
  end_run(&run, connections);
  scenario_free(&s);
  return good ? VERDICT_PASSED : VERDICT_FAILED;
}

/* ---- failing allocations --------------------------------------------------------------------------- */

typedef struct alloc_run {
  scripted_run run;
  bool good;
} alloc_run;

static void play_failing(void *user) {
  alloc_run *a = user;
  play_scripted(&a->run);
}

static bool says(xhr__str log, const char *words) {
  return xhr__str_find_str(log, 0, xhr__str_c(words)) < log.len;
}

/* Whether a server of the scenario leaves it to the client to end things, which a listener that could not be added does
 * not do. */
static bool stalls(const scenario *s) {
  for (size_t i = 0; i < s->connection_count; i++) {
    for (size_t j = 0; j < s->connections[i].count; j++) {
      if (s->connections[i].steps[j].kind == XHR__STEP_STALL)
        return true;
    }
  }
  return false;
}

/* A run that no failure touched ends as ever. Any other ends, and where it is different says why. */
static void check_failing(bool failed, void *user) {
  alloc_run *a = user;
  const scripted_run *run = &a->run;
  xhr__str log = text_str(&run->log), expected = text_str(&run->scenario->events);
  if (!a->good)
    return;
  if (!failed) {
    a->good = check("no allocation failed", run->scenario, expected, log, &run->requests);
    return;
  }
  bool same =
      xhr__str_equals(log, expected) && recorder_check(&run->requests, run->scenario, false);
  bool told = run->told || says(log, "OUT_OF_MEMORY");
  bool stuck = says(log, "STUCK") && !stalls(run->scenario);
  a->good = !run->could_begin || same || (told && !stuck && !says(log, "WITHOUT A REASON"));
  if (!a->good)
    check("an allocation failed, and nothing says so", run->scenario, expected, log,
          &run->requests);
}

verdict run_alloc_fail(const char *path, size_t *runs) {
  scenario s;
  alloc_run a = {.good = true};
  xhr__script_connection *connections;
  if (!scenario_read(path, scripted_ports, &s)) {
    scenario_free(&s);
    return VERDICT_FAILED;
  }
  if (s.no_alloc_fail || !s.drivers[DRIVER_SCRIPTED]) {
    scenario_free(&s);
    return VERDICT_SKIPPED;
  }
  make_script(&a.run, &s, &connections);
  *runs += failing_allocator_loop(play_failing, check_failing, &a);
  end_run(&a.run, connections);
  scenario_free(&s);
  return a.good ? VERDICT_PASSED : VERDICT_FAILED;
}

/* ---- sockets --------------------------------------------------------------------------------------- */

static void wait_until_done(player *p) {
  xhr__time end = xhr__time_after_ms(xhr__clock_now(&xhr__monotonic_clock), SOCKET_SECONDS * 1000);
  for (;;) {
    player_run_due(p);
    if (player_is_done(p))
      return;
    xhr__time now = xhr__clock_now(&xhr__monotonic_clock), due = player_next_due(p);
    if (now >= end) {
      text_printf(&p->log, "STUCK: %zu in flight\n", xhr_loop_in_flight(p->loop));
      return;
    }
    due = due < end ? due : end;
    if (due > now)
      xhr_loop_wait(p->loop, (int)((due - now) / XHR__MILLISECOND) + 1);
  }
}

static bool play_socket(const scenario *s, driver d, ports at, text *log) {
  player p;
  xhr_session_options *options = NULL;
  xhr_session *session = NULL;
  if (player_options(s, d, at, &options) != XHR_OK ||
      xhr_session_new(options, &session) != XHR_OK ||
      !player_init(&p, s, &xhr__monotonic_clock, session, at.port)) {
    puts("  no session could be made");
    return false;
  }
  xhr_session_options_free(options);
  player_begin(&p);
  wait_until_done(&p);
  player_end(&p);
  text_append(log, text_str(&p.log));
  player_free(&p);
  text_free(&p.log);
  return true;
}

verdict run_socket(const char *path, driver d) {
  scenario s;
  ports at;
  text log = {0};
  recorder requests;
  socket_server *server = socket_server_new(&at);
  bool readable = scenario_read(path, at, &s);
  if (!readable || !s.drivers[d]) {
    scenario_free(&s);
    socket_server_free(server);
    return readable ? VERDICT_SKIPPED : VERDICT_FAILED;
  }
  recorder_init(&requests);
  socket_server_start(server, &s, &requests);
  bool good = play_socket(&s, d, at, &log);
  socket_server_free(server);
  good = good && check_collapsed("over a socket", &s, text_str(&log), &requests);
  recorder_free(&requests);
  text_free(&log);
  scenario_free(&s);
  return good ? VERDICT_PASSED : VERDICT_FAILED;
}
