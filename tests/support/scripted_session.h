/* A session, loop and context on the scripted transport, for tests of XHRs without a network.
 *
 *   static const xhr__script_step steps[] = {SCRIPT_READ, SCRIPT_SEND("HTTP/1.1 200 OK\r\n…")};
 *   scripted_session s;
 *   scripted_session_begin(&s, SCRIPTED_FAKE_CLOCK, steps, 2);
 *   …
 *   scripted_session_run(&s);
 *   scripted_session_end(&s);
 */
#ifndef TESTS_SCRIPTED_SESSION_H
#define TESTS_SCRIPTED_SESSION_H

#include "net/scripted.h"
#include "session/context.h"
#include "xhr.h"

#define SCRIPT_READ                                                                                \
  { .kind = XHR__STEP_READ_HEAD }
#define SCRIPT_READ_REST                                                                           \
  { .kind = XHR__STEP_READ_REST }
#define SCRIPT_SEND(literal)                                                                       \
  {                                                                                                \
    .kind = XHR__STEP_SEND, .bytes = { literal, sizeof(literal) - 1 }                              \
  }
#define SCRIPT_WAIT(ms)                                                                            \
  { .kind = XHR__STEP_WAIT, .amount = (ms) }
#define SCRIPT_RESET                                                                               \
  { .kind = XHR__STEP_RESET }
#define SCRIPT_CLOSE                                                                               \
  { .kind = XHR__STEP_CLOSE }
#define SCRIPT_STALL                                                                               \
  { .kind = XHR__STEP_STALL }

typedef enum scripted_driver {
  SCRIPTED_FAKE_CLOCK, /* inline; time passes only in scripted_session_run and _advance */
  SCRIPTED_INLINE,     /* inline, real time */
  SCRIPTED_THREADED,   /* on a thread of its own, real time */
  SCRIPTED_DRIVERS
} scripted_driver;

enum { SCRIPTED_CONNECTIONS = 104 };

typedef struct scripted_session {
  scripted_driver driver;
  xhr__script_connection connections[SCRIPTED_CONNECTIONS];
  xhr__script script;
  xhr__clock clock;
  xhr__time now; /* the fake clock's */
  /* Each with a reference of the test's, dropped by scripted_session_end unless NULL by then. */
  xhr_session *session;
  xhr__engine *engine; /* the session's: there as long as the session or a request in flight is */
  xhr_loop *loop;
  xhr_context *context;
} scripted_session;

/* Every connection follows the same steps. Fails the test where it cannot be made. */
void scripted_session_begin(scripted_session *s, scripted_driver driver,
                            const xhr__script_step *steps, size_t count);
/* The same with what `s->script` and `s->connections` say, which the caller has filled in. XHR_OK or why not: then
 * there is nothing to end. */
xhr_status scripted_session_try(scripted_session *s, scripted_driver driver);
void scripted_session_end(scripted_session *s);
/* Dispatches until nothing is in flight, or (with the fake clock) until nothing would ever happen again. The loop may
 * be released meanwhile. */
void scripted_session_run(scripted_session *s);
/* Fake clock only: dispatches what is due within the next `ms`, and lets so much time pass. */
void scripted_session_advance(scripted_session *s, uint64_t ms);

#endif
