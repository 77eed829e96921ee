/* The smallest program: fetches one URL and prints what came, or why nothing did. The README shows it. */
#include <stdio.h>
#include <xhr.h>

static void on_loadend(const xhr_event *event, void *user) {
  (void)user;
  xhr_string text;
  const xhr_failure_info *failure = xhr_failure(event->xhr);
  if (failure)
    printf("failed: %s (%s)\n", failure->message.data, xhr_phase_name(failure->phase));
  else if (xhr_get_response_text(event->xhr, &text) == XHR_OK)
    printf("%u: %.*s\n", xhr_get_status(event->xhr), (int)text.len, text.data);
}

int main(int argc, char **argv) {
  xhr_session *session = NULL;
  xhr_context *context = NULL;
  xhr *request = NULL;
  xhr_status status = xhr_session_new(NULL, &session);
  if (status == XHR_OK)
    status = xhr_context_new(session, NULL, xhr_str(NULL), &context);
  if (status == XHR_OK)
    status = xhr_new(context, &request);
  if (status == XHR_OK)
    status = xhr_open(request, xhr_str("GET"), xhr_str(argc > 1 ? argv[1] : "http://localhost/"));
  if (status == XHR_OK)
    status =
        xhr_add_event_listener(xhr_get_event_target(request), XHR_EVENT_LOADEND, on_loadend, NULL);
  if (status == XHR_OK)
    status = xhr_send(request, NULL);
  if (status == XHR_OK)
    status = xhr_loop_run(xhr_context_loop(context));
  if (status != XHR_OK)
    fprintf(stderr, "%s\n", xhr_status_text(status));
  xhr_unref(request);
  xhr_context_unref(context);
  xhr_session_unref(session);
  return status == XHR_OK ? 0 : 1;
}
