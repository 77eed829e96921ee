/* A program of somebody else's: it only knows the installed library. It asks a port that nobody listens on, and expects
 * to be told so. */
#include <xhr.h>

#include <stdio.h>

#include "closed_port.h"

static void on_event(const xhr_event *event, void *user) {
  (void)event;
  ++*(int *)user;
}

int main(void) {
  unsigned port = 0;
  char url[64];
  int errors = 0;
  xhr_session *session = NULL;
  xhr_context *context = NULL;
  xhr *request = NULL;

  if (!closed_port(&port)) {
    perror("socket");
    return 1;
  }
  snprintf(url, sizeof url, "http://127.0.0.1:%u/", port);
  if (xhr_session_new(NULL, &session) != XHR_OK ||
      xhr_context_new(session, NULL, xhr_str(NULL), &context) != XHR_OK ||
      xhr_new(context, &request) != XHR_OK ||
      xhr_add_event_listener(xhr_get_event_target(request), XHR_EVENT_ERROR, on_event, &errors) !=
          XHR_OK ||
      xhr_open(request, xhr_str("GET"), xhr_str(url)) != XHR_OK ||
      xhr_send(request, NULL) != XHR_OK || xhr_loop_run(xhr_context_loop(context)) != XHR_OK) {
    fprintf(stderr, "a call failed\n");
    return 1;
  }
  const xhr_failure_info *failure = xhr_failure(request);
  if (errors != 1 || !failure || failure->code != XHR_FAILURE_CONNECT_REFUSED) {
    fprintf(stderr, "%d error events, failure %s\n", errors,
            failure ? xhr_failure_code_name(failure->code) : "none");
    return 1;
  }
  xhr_unref(request);
  xhr_context_unref(context);
  xhr_session_unref(session);
  printf("libxhr %s\n", xhr_version());
  return 0;
}
