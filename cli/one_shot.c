#include "cli/one_shot.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/connect.h"
#include "cli/output.h"
#include "cli/progress.h"
#include "cli/request_body.h"
#include "cli/signals.h"
#include "cli/verbose.h"
#include "fetch/forbidden_header.h"
#include "fetch/header_list.h"
#include "xhr/xmlhttprequest.h"

/* The progress bar is drawn anew this often, in milliseconds, also where nothing comes. */
enum { REDRAW = 250 };

typedef struct shot {
  const cli_options *options;
  xhr *request;
  cli_output output;
  cli_progress progress;
  cli_verbose verbose;
  size_t written;  /* of the response body */
  bool head_done;  /* what goes before the body has been written, or need not be */
  bool refused;    /* --fail, and the status says so */
  cli_exit result; /* as it would be now */
} shot;

/* ---- the response ----------------------------------------------------------------------------------------------- */

/* -i: the status and the headers. NOTE: the version of HTTP is nothing that an XMLHttpRequest tells. */
static bool write_head(shot *s) {
  xhr__bytes head = {0};
  xhr_string headers, reason = xhr_get_status_text(s->request);
  bool good = xhr__bytes_append(&head, XHR__STR("HTTP ")) == XHR_OK &&
              xhr__bytes_append_u64(&head, xhr_get_status(s->request)) == XHR_OK &&
              xhr__bytes_append(&head, XHR__STR(" ")) == XHR_OK &&
              xhr__bytes_append(&head, xhr__argument(reason)) == XHR_OK &&
              xhr__bytes_append(&head, XHR__STR("\r\n")) == XHR_OK &&
              xhr_get_all_response_headers(s->request, &headers) == XHR_OK &&
              xhr__bytes_append(&head, xhr__argument(headers)) == XHR_OK &&
              xhr__bytes_append(&head, XHR__STR("\r\n")) == XHR_OK;
  if (!good) {
    cli_say("out of memory");
    s->output.failed = CLI_UNCAUGHT;
  }
  good = good && cli_output_write(&s->output, xhr__bytes_str(&head));
  xhr__bytes_free(&head);
  return good;
}

/* Writes what has come since, as it comes. An XMLHttpRequest gives bytes when it is done; its buffer has them before. */
static void write_response(shot *s) {
  if (s->refused || s->output.failed)
    return;
  xhr__str received = xhr__received_bytes(s->request);
  bool good = true;
  if (s->written < received.len && !s->progress.stays)
    cli_progress_clear(&s->progress);
  if (!s->head_done) {
    s->head_done = true;
    good = !s->options->include || write_head(s);
  }
  if (good && s->written < received.len) {
    good = cli_output_write(&s->output, xhr__str_from(received, s->written));
    s->written = received.len;
  }
  if (!good)
    (void)xhr_abort(s->request);
}

static void on_head(shot *s) {
  unsigned status = xhr_get_status(s->request);
  s->refused = s->options->fail && status >= 400;
}

/* ---- events ----------------------------------------------------------------------------------------------------- */

static void on_readystatechange(const xhr_event *event, void *user) {
  shot *s = user;
  cli_verbose_event(&s->verbose, event);
  switch (xhr_get_ready_state(event->xhr)) {
    case XHR_HEADERS_RECEIVED: on_head(s); break;
    case XHR_LOADING: write_response(s); break;
    case XHR_DONE:
      /* Also after a failure: then there is no status, and nothing left to write. */
      if (xhr_get_status(event->xhr))
        write_response(s);
      break;
    default: break;
  }
}

static void on_progress(const xhr_event *event, void *user) {
  shot *s = user;
  bool upload = event->target == xhr_get_upload(event->xhr);
  cli_verbose_event(&s->verbose, event);
  if (!upload)
    write_response(s);
  cli_progress_update(&s->progress, upload, event);
}

static void say_failure(const shot *s, const char *what) {
  const xhr_failure_info *failure = xhr_failure(s->request);
  if (failure)
    cli_say("%s: %.*s (%s, phase %s)", s->options->url, (int)failure->message.len,
            failure->message.data, xhr_failure_code_name(failure->code),
            xhr_phase_name(failure->phase));
  else
    cli_say("%s: %s", s->options->url, what);
}

static void on_outcome(const xhr_event *event, void *user) {
  shot *s = user;
  cli_verbose_event(&s->verbose, event);
  if (event->type == XHR_EVENT_LOAD) {
    s->result = CLI_OK;
    /* The last of it may have come without a progress event. */
    if (s->progress.current == &s->progress.parts[1] || event->loaded > 0)
      cli_progress_update(&s->progress, false, event);
    cli_progress_end(&s->progress, true);
    if (s->refused) {
      xhr_string reason = xhr_get_status_text(event->xhr);
      cli_say("%s: the server answered %u %.*s", s->options->url, xhr_get_status(event->xhr),
              (int)reason.len, reason.data);
      s->result = CLI_HTTP;
    }
    return;
  }
  cli_progress_end(&s->progress, false);
  if (event->type != XHR_EVENT_ABORT)
    say_failure(s, xhr_event_type_name(event->type));
  s->result = CLI_NETWORK;
}

static void on_other(const xhr_event *event, void *user) {
  shot *s = user;
  cli_verbose_event(&s->verbose, event);
}

static xhr_status listen(shot *s) {
  static const struct {
    xhr_event_type type;
    xhr_listener listener;
  } listeners[] = {
      {XHR_EVENT_READYSTATECHANGE, on_readystatechange},
      {XHR_EVENT_LOADSTART, on_other},
      {XHR_EVENT_PROGRESS, on_progress},
      {XHR_EVENT_LOAD, on_outcome},
      {XHR_EVENT_ERROR, on_outcome},
      {XHR_EVENT_TIMEOUT, on_outcome},
      {XHR_EVENT_ABORT, on_outcome},
      {XHR_EVENT_LOADEND, on_other},
  };
  xhr_event_target *target = xhr_get_event_target(s->request);
  xhr_event_target *upload = xhr_get_upload(s->request);
  xhr_status status = XHR_OK;
  for (size_t i = 0; i < sizeof listeners / sizeof *listeners && status == XHR_OK; i++) {
    status = xhr_add_event_listener(target, listeners[i].type, listeners[i].listener, s);
    /* With an origin nobody listens to the upload: that alone would have the server asked for permission first. */
    if (status == XHR_OK && listeners[i].type != XHR_EVENT_READYSTATECHANGE && !s->options->origin)
      status = xhr_add_event_listener(
          upload, listeners[i].type,
          listeners[i].type == XHR_EVENT_PROGRESS ? on_progress : on_other, s);
  }
  return status;
}

/* ---- the request ------------------------------------------------------------------------------------------------ */

static const char *method_of(const cli_options *options) {
  if (options->method)
    return options->method;
  if (options->upload_file)
    return "PUT";
  return options->data.count > 0 || options->form.count > 0 ? "POST" : "GET";
}

static cli_exit complain_about_open(const cli_options *options, xhr_status status) {
  const char *method = method_of(options);
  if (status == XHR_SECURITY_ERR)
    cli_say("-X %s: XMLHttpRequest does not send that method", method);
  else if (status == XHR_SYNTAX_ERR && !xhr__is_http_token(xhr__str_c(method)))
    cli_say("-X '%s' is no method", method);
  else if (status == XHR_SYNTAX_ERR && !options->base && !strstr(options->url, ":"))
    cli_say("'%s' is no URL without --base; is https://%s meant?", options->url, options->url);
  else if (status == XHR_SYNTAX_ERR)
    cli_say("'%s' is no URL", options->url);
  else
    cli_say("open: %s", xhr_status_text(status));
  return CLI_USAGE;
}

/* -u: the URL's own credentials. */
static xhr_status open_request(const shot *s) {
  const cli_options *options = s->options;
  xhr_string method = xhr_str(method_of(options)), url = xhr_str(options->url);
  if (!options->user)
    return xhr_open(s->request, method, url);
  const char *colon = strchr(options->user, ':');
  size_t len = colon ? (size_t)(colon - options->user) : strlen(options->user);
  return xhr_open_with_credentials(s->request, method, url, xhr_strn(options->user, len),
                                   xhr_str(colon ? colon + 1 : NULL));
}

/* Whether setRequestHeader() ignores it in a page; `end` is that of the name. */
static bool is_forbidden(const char *item, size_t end) {
  return xhr__is_forbidden_request_header(xhr__str_of(item, end),
                                          xhr__header_value_normalize(xhr__str_c(item + end + 1)));
}

/* "Name: value"; "Name:" and "Name;" are empty ones. */
static cli_exit set_headers(const shot *s) {
  for (size_t i = 0; i < s->options->headers.count; i++) {
    const char *item = s->options->headers.items[i];
    size_t end = strcspn(item, ":;");
    xhr_status status = XHR_SYNTAX_ERR;
    if (item[end] == ':' || (item[end] == ';' && item[end + 1] == '\0'))
      status = xhr_set_request_header(s->request, xhr_strn(item, end), xhr_str(item + end + 1));
    if (status == XHR_SYNTAX_ERR)
      cli_usage("-H takes 'NAME: VALUE', and not '%s'", item);
    else if (status == XHR_OK && s->options->origin && is_forbidden(item, end))
      cli_say("-H '%s' is left out: pages may not set that header", item);
    else if (status != XHR_OK)
      cli_say("-H '%s': %s", item, xhr_status_text(status));
    if (status != XHR_OK)
      return CLI_USAGE;
  }
  return CLI_OK;
}

static cli_exit prepare(shot *s, xhr_context *context, xhr_body **body) {
  xhr_status status = xhr_new(context, &s->request);
  if (status == XHR_OK)
    status = xhr_set_response_type(s->request, XHR_RESPONSE_TYPE_ARRAYBUFFER);
  if (status == XHR_OK)
    status = xhr_set_timeout(s->request, s->options->timeout_ms);
  if (status == XHR_OK)
    status = listen(s);
  if (status != XHR_OK) {
    cli_say("%s", xhr_status_text(status));
    return CLI_UNCAUGHT;
  }
  cli_verbose_note(&s->verbose, "open: %s %s", method_of(s->options), s->options->url);
  status = open_request(s);
  if (status != XHR_OK)
    return complain_about_open(s->options, status);
  cli_exit code = set_headers(s);
  if (code == CLI_OK)
    code = cli_request_body(s->options, body);
  if (code == CLI_OK)
    code = cli_output_open(&s->output, s->options);
  return code;
}

/* Sends it, and waits until it is over, however it ends. */
static cli_exit carry_out(shot *s, xhr_context *context, xhr_body *body) {
  xhr_loop *loop = xhr_context_loop(context);
  cli_verbose_send(&s->verbose, body);
  s->result = CLI_NETWORK;
  xhr_status status = xhr_send(s->request, body);
  if (status != XHR_OK) {
    cli_say("send: %s", xhr_status_text(status));
    return CLI_UNCAUGHT;
  }
  cli_signals_wake(loop);
  while (xhr_loop_in_flight(loop) > 0 && !cli_signals_caught()) {
    xhr_loop_wait(loop, s->progress.shown ? REDRAW : -1);
    cli_progress_draw(&s->progress);
  }
  cli_signals_wake(NULL);
  if (xhr_loop_in_flight(loop) > 0)
    (void)xhr_abort(s->request);
  return s->output.failed ? s->output.failed : s->result;
}

cli_exit cli_one_shot(const cli_options *options) {
  shot s = {.options = options, .output = {.fd = -1}};
  xhr_context *context = NULL;
  xhr_body *body = NULL;
  cli_verbose_init(&s.verbose, options);
  cli_exit code = cli_connect(options, options->verbose ? &s.verbose.trace : NULL, &context);
  if (code == CLI_OK)
    code = prepare(&s, context, &body);
  if (code == CLI_OK) {
    bool to_file = s.output.is_file;
    cli_progress_init(&s.progress, !options->silent && !options->verbose,
                      to_file || !isatty(STDOUT_FILENO));
    code = carry_out(&s, context, body);
  }
  cli_output_close(&s.output, code == CLI_OK);
  if (code == CLI_OK)
    code = s.output.failed;
  xhr_body_unref(body);
  xhr_unref(s.request);
  xhr_context_unref(context);
  return code;
}
