/*
 * libxhr in one file: seven things that programs do with XMLHttpRequest.
 *
 *   quickstart http://127.0.0.1:8080     (the address of tests/servers/test_server.c; scripts/run starts it)
 *
 * The pattern is always the same: xhr_new, xhr_add_event_listener, xhr_open, xhr_send, and then the loop, which calls
 * your listeners. A failed request is an event too, and xhr_failure says why.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <xhr.h>

#define MIB (1024u * 1024u)

/* One request, and what came of it. */
typedef struct job {
  xhr *request;
  double started_at, ended_at;
  unsigned progress_events;
  xhr_event_type outcome; /* load, error, timeout or abort */
  uint64_t bytes;         /* of the response, or of the upload */
} job;

static int wrong; /* how many rows were not as expected */

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

/* Every call that can fail returns an xhr_status. */
static void check(xhr_status status, const char *call) {
  if (status == XHR_OK)
    return;
  fprintf(stderr, "%s: %s\n", call, xhr_status_text(status));
  exit(1);
}

/* ---- listeners ------------------------------------------------------------------------------------ */

static void on_progress(const xhr_event *event, void *user) {
  job *j = user;
  j->progress_events++;
  if (isatty(STDERR_FILENO) && event->length_computable)
    fprintf(stderr, "\r  %3.0f %% of %" PRIu64 " MiB ",
            100.0 * (double)event->loaded / (double)event->total, event->total / MIB);
}

/* load, error, timeout and abort: exactly one of them comes, and then loadend. */
static void on_outcome(const xhr_event *event, void *user) {
  job *j = user;
  j->outcome = event->type;
  j->bytes = event->loaded;
}

static void on_loadend(const xhr_event *event, void *user) {
  job *j = user;
  (void)event;
  j->ended_at = now();
  if (j->progress_events && isatty(STDERR_FILENO))
    fprintf(stderr, "\r%40s\r", "");
}

/* ---- requests ------------------------------------------------------------------------------------- */

/* Makes a request with its listeners. */
static void prepare(job *j, xhr_context *context) {
  static const xhr_event_type outcomes[] = {XHR_EVENT_LOAD, XHR_EVENT_ERROR, XHR_EVENT_TIMEOUT,
                                            XHR_EVENT_ABORT};
  memset(j, 0, sizeof *j);
  check(xhr_new(context, &j->request), "xhr_new");
  xhr_event_target *target = xhr_get_event_target(j->request);
  for (size_t i = 0; i < sizeof outcomes / sizeof outcomes[0]; i++)
    check(xhr_add_event_listener(target, outcomes[i], on_outcome, j), "xhr_add_event_listener");
  check(xhr_add_event_listener(target, XHR_EVENT_LOADEND, on_loadend, j), "xhr_add_event_listener");
}

/* A URL that is not absolute is resolved against the context's base URL. */
static void start(job *j, const char *method, const char *url, xhr_body *body) {
  j->started_at = now();
  check(xhr_open(j->request, xhr_str(method), xhr_str(url)), "xhr_open");
  check(xhr_send(j->request, body), "xhr_send");
}

/* Calls the listeners until no request is in flight. */
static void run(xhr_context *context) {
  check(xhr_loop_run(xhr_context_loop(context)), "xhr_loop_run");
}

/* ---- the table ------------------------------------------------------------------------------------ */

static void head_of_table(void) {
  printf("%-13s %-34s %-46s %6s %9s %8s\n", "name", "asked for", "what happened", "status", "bytes",
         "time");
}

static void row(const char *name, const char *asked, const char *happened, const job *j,
                int as_expected) {
  char status[16] = "-";
  if (xhr_get_status(j->request))
    snprintf(status, sizeof status, "%u", xhr_get_status(j->request));
  printf("%-13s %-34s %-46s %6s %9" PRIu64 " %5.0f ms%s\n", name, asked, happened, status, j->bytes,
         (j->ended_at - j->started_at) * 1e3, as_expected ? "" : "  UNEXPECTED");
  fflush(stdout);
  wrong += !as_expected;
}

/* The event, or for a request that failed the cause as well. */
static void describe(char *text, size_t size, const job *j) {
  const xhr_failure_info *failure = xhr_failure(j->request);
  if (failure)
    snprintf(text, size, "%s: %s (phase %s)", xhr_event_type_name(j->outcome),
             xhr_failure_code_name(failure->code), xhr_phase_name(failure->phase));
  else
    snprintf(text, size, "%s", xhr_event_type_name(j->outcome));
}

/* ---- the seven ------------------------------------------------------------------------------------ */

static void get_json(xhr_context *context) {
  job j;
  char happened[64];
  xhr_string text;
  prepare(&j, context);
  start(&j, "GET", "/json", NULL);
  run(context);
  check(xhr_get_response_text(j.request, &text), "xhr_get_response_text");
  describe(happened, sizeof happened, &j);
  if (j.outcome == XHR_EVENT_LOAD)
    snprintf(happened, sizeof happened, "%.*s...", text.len < 40 ? (int)text.len : 40, text.data);
  row("JSON", "GET /json", happened, &j, j.outcome == XHR_EVENT_LOAD && text.len > 40);
  xhr_unref(j.request);
}

static void download(xhr_context *context) {
  job j;
  char happened[64];
  xhr_string body;
  prepare(&j, context);
  check(
      xhr_add_event_listener(xhr_get_event_target(j.request), XHR_EVENT_PROGRESS, on_progress, &j),
      "xhr_add_event_listener");
  check(xhr_set_response_type(j.request, XHR_RESPONSE_TYPE_ARRAYBUFFER), "xhr_set_response_type");
  start(&j, "GET", "/bytes/67108864", NULL);
  run(context);
  check(xhr_get_response(j.request, &body), "xhr_get_response");
  describe(happened, sizeof happened, &j);
  if (j.outcome == XHR_EVENT_LOAD)
    snprintf(happened, sizeof happened, "64 MiB in memory, %u progress events", j.progress_events);
  /* The server's byte i is i modulo 251. */
  int good = body.len == 64 * MIB && (unsigned char)body.data[body.len - 1] == (64 * MIB - 1) % 251;
  row("download", "GET /bytes/67108864", happened, &j, good);
  xhr_unref(j.request);
}

/* Called when libxhr no longer needs the bytes that xhr_body_new_bytes was given. */
static void release(void *user) {
  free(user);
}

static void upload(xhr_context *context) {
  enum { SIZE = 16 * MIB };
  job j;
  char happened[64];
  xhr_body *body;
  xhr_string answer;
  char *bytes = calloc(1, SIZE);
  if (!bytes)
    exit(1);
  check(xhr_body_new_bytes(bytes, SIZE, release, bytes, xhr_str("application/octet-stream"), &body),
        "xhr_body_new_bytes");
  prepare(&j, context);
  /* Events of the upload object tell of the request's body. */
  check(xhr_add_event_listener(xhr_get_upload(j.request), XHR_EVENT_PROGRESS, on_progress, &j),
        "xhr_add_event_listener");
  start(&j, "POST", "/upload", body);
  xhr_body_unref(body);
  run(context);
  check(xhr_get_response_text(j.request, &answer), "xhr_get_response_text");
  static const char expected[] = "{\"received\": 16777216}";
  int good = j.outcome == XHR_EVENT_LOAD && j.progress_events > 0 &&
             answer.len >= sizeof expected - 1 &&
             memcmp(answer.data, expected, sizeof expected - 1) == 0; /* no NUL ends a string */
  describe(happened, sizeof happened, &j);
  if (good)
    snprintf(happened, sizeof happened, "all counted by the server, %u progress events",
             j.progress_events);
  row("upload", "POST /upload, 16 MiB", happened, &j, good);
  xhr_unref(j.request);
}

static void follow_redirect(xhr_context *context) {
  job j;
  char happened[64];
  prepare(&j, context);
  start(&j, "GET", "/redirect/302?to=/text", NULL);
  run(context);
  xhr_string url = xhr_get_response_url(j.request);
  describe(happened, sizeof happened, &j);
  if (j.outcome == XHR_EVENT_LOAD)
    snprintf(happened, sizeof happened, "came to %.*s", (int)url.len, url.data);
  row("redirect", "GET /redirect/302?to=/text", happened, &j,
      j.outcome == XHR_EVENT_LOAD && strstr(happened, "/text") != NULL);
  xhr_unref(j.request);
}

static void time_out(xhr_context *context) {
  job j;
  char happened[64];
  prepare(&j, context);
  check(xhr_set_timeout(j.request, 250), "xhr_set_timeout");
  start(&j, "GET", "/delay/60000", NULL);
  run(context);
  describe(happened, sizeof happened, &j);
  row("timeout", "GET /delay/60000, timeout 250 ms", happened, &j, j.outcome == XHR_EVENT_TIMEOUT);
  xhr_unref(j.request);
}

static void be_refused(xhr_context *context) {
  job j;
  char happened[64];
  prepare(&j, context);
  start(&j, "GET", "http://127.0.0.1:2/", NULL);
  run(context);
  const xhr_failure_info *failure = xhr_failure(j.request);
  describe(happened, sizeof happened, &j);
  row("refused", "GET http://127.0.0.1:2/", happened, &j,
      j.outcome == XHR_EVENT_ERROR && failure && failure->code == XHR_FAILURE_CONNECT_REFUSED);
  if (failure)
    printf("%-13s why: host %.*s: %.*s\n", "", (int)failure->host.len, failure->host.data,
           (int)failure->message.len, failure->message.data);
  xhr_unref(j.request);
}

static void ten_at_once(xhr_context *context) {
  enum { COUNT = 10 };
  job jobs[COUNT];
  job all = {0};
  char happened[64];
  unsigned answered = 0;
  for (int i = 0; i < COUNT; i++) {
    prepare(&jobs[i], context);
    start(&jobs[i], "GET", "/delay/200", NULL);
  }
  run(context);
  all.request = jobs[0].request;
  all.started_at = jobs[0].started_at;
  for (int i = 0; i < COUNT; i++) {
    answered += jobs[i].outcome == XHR_EVENT_LOAD;
    all.bytes += jobs[i].bytes;
    if (jobs[i].ended_at > all.ended_at)
      all.ended_at = jobs[i].ended_at;
  }
  snprintf(happened, sizeof happened, "%u of %d answered, side by side", answered, COUNT);
  row("ten at once", "10 times GET /delay/200", happened, &all, answered == COUNT);
  for (int i = 0; i < COUNT; i++)
    xhr_unref(jobs[i].request);
}

int main(int argc, char **argv) {
  if (argc != 2) {
    fprintf(stderr, "usage: %s http://HOST:PORT (of the test server; scripts/run does it all)\n",
            argv[0]);
    return 2;
  }
  xhr_session_options *options; /* instead of NULL, which means the defaults */
  xhr_session *session;         /* what requests share: connections, limits, trust */
  xhr_context *context;         /* where they are made: a base URL and a loop */
  check(xhr_session_options_new(&options), "xhr_session_options_new");
  /* The server is on this machine: whatever proxy the environment names is not asked. */
  check(xhr_session_options_set_proxy(options, xhr_str(""), xhr_str(NULL)),
        "xhr_session_options_set_proxy");
  check(xhr_session_new(options, &session), "xhr_session_new");
  xhr_session_options_free(options);
  check(xhr_context_new(session, NULL, xhr_str(argv[1]), &context), "xhr_context_new");

  printf("libxhr %s and %s\n\n", xhr_version(), argv[1]);
  head_of_table();
  get_json(context);
  download(context);
  upload(context);
  follow_redirect(context);
  time_out(context);
  be_refused(context);
  ten_at_once(context);
  printf("\n%s\n", wrong ? "Not all went as expected." : "All went as expected.");

  xhr_context_unref(context);
  xhr_session_unref(session);
  return wrong ? 1 : 0;
}
