/* The bench's subject: libxhr through its public functions. XMLHttpRequests are used again and again: open and send from
 * inside loadend.
 *
 *   libxhr inline|thread URL IN_FLIGHT REQUESTS [small|sync|large [CONNECTIONS]]
 *
 * sync: one synchronous request after the other. large: bodies as ArrayBuffers, and no warm-up. CONNECTIONS: the session's limit; the default is the library's, or as
 * many as are in flight. */
#include <xhr.h>

#include "measure.h"

static const char *url;
static uint64_t started, wanted, answered, failed, received;
static bool synchronous;

static void check(xhr_status status) {
  if (status != XHR_OK)
    measure_die(xhr_status_text(status));
}

static void start(xhr *request) {
  if (started == wanted)
    return;
  started++;
  if (synchronous)
    check(
        xhr_open_synchronous(request, xhr_str("GET"), xhr_str(url), xhr_str(NULL), xhr_str(NULL)));
  else
    check(xhr_open(request, xhr_str("GET"), xhr_str(url)));
  check(xhr_send(request, NULL));
}

static void on_loadend(const xhr_event *event, void *user) {
  (void)user;
  xhr_string body;
  if (xhr_get_status(event->xhr) == 200) {
    check(xhr_get_response(event->xhr, &body));
    received += body.len;
    answered++;
  } else {
    const xhr_failure_info *failure = xhr_failure(event->xhr);
    if (failed++ == 0)
      fprintf(stderr, "bench: %s\n", failure ? failure->message.data : "not 200");
  }
  if (!synchronous)
    start(event->xhr);
}

static void run(xhr_loop *loop, xhr **requests, uint64_t in_flight, uint64_t count) {
  wanted = count;
  started = answered = failed = received = 0;
  for (uint64_t i = 0; i < in_flight; i++)
    start(requests[i]);
  while (synchronous && started < count)
    start(requests[0]);
  while (answered + failed < count)
    check(xhr_loop_run(loop));
}

int main(int argc, char **argv) {
  if (argc < 5)
    measure_die(
        "usage: libxhr inline|thread URL IN_FLIGHT REQUESTS [small|sync|large [CONNECTIONS]]");
  url = argv[2];
  uint64_t in_flight = measure_number(argv[3]), count = measure_number(argv[4]);
  uint64_t connections = argc > 6 ? measure_number(argv[6]) : in_flight;
  bool large = argc > 5 && strcmp(argv[5], "large") == 0;
  synchronous = argc > 5 && strcmp(argv[5], "sync") == 0;
  measure_raise_descriptors();
  xhr_session_options *options;
  xhr_session *session;
  xhr_loop *loop;
  xhr_context *context;
  check(xhr_session_options_new(&options));
  check(xhr_session_options_set_driver(
      options, strcmp(argv[1], "inline") == 0 ? XHR_DRIVER_INLINE : XHR_DRIVER_THREAD));
  check(xhr_session_options_set_proxy(options, xhr_str(""), xhr_str("")));
  if (connections > 256)
    check(xhr_session_options_set_limit(options, XHR_LIMIT_CONNECTIONS, connections));
  check(xhr_session_new(options, &session));
  check(xhr_loop_new(NULL, NULL, &loop));
  check(xhr_context_new(session, loop, xhr_str(NULL), &context));
  xhr **requests = calloc(in_flight, sizeof *requests);
  if (!requests)
    measure_die("out of memory");
  for (uint64_t i = 0; i < in_flight; i++) {
    check(xhr_new(context, &requests[i]));
    check(xhr_add_event_listener(xhr_get_event_target(requests[i]), XHR_EVENT_LOADEND, on_loadend,
                                 NULL));
    if (large)
      check(xhr_set_response_type(requests[i], XHR_RESPONSE_TYPE_ARRAYBUFFER));
  }
  if (!large)
    run(loop, requests, in_flight, 2 * in_flight); /* connections, handles and caches warm */
  measure before = measure_now();
  run(loop, requests, in_flight, count);
  measure_report(before, answered, failed, received);
  for (uint64_t i = 0; i < in_flight; i++)
    xhr_unref(requests[i]);
  free(requests);
  xhr_context_unref(context);
  xhr_loop_unref(loop);
  xhr_session_unref(session);
  xhr_session_options_free(options);
  return failed ? 1 : 0;
}
