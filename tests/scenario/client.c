#include "scenario/client.h"

static xhr_string to_public(xhr__str s) {
  return xhr_strn(s.data, s.len);
}

/* Of an XHR that was released while it fires, the event says it; player_xhr is const for getters only. */
static xhr *request_of(const player_xhr *x) {
  return x->held;
}

xhr_status client_begin(player *p) {
  (void)p;
  return XHR_OK;
}

void client_end(player *p) {
  (void)p;
}

static void on_event(const xhr_event *event, void *user) {
  player_xhr *x = user;
  const client_event told = {
      .type = event->type,
      .upload = event->target != xhr_get_event_target(event->xhr),
      .length_computable = event->length_computable,
      .loaded = event->loaded,
      .total = event->total,
  };
  /* A released XHR still fires; while it does it is there. */
  bool released = !x->held;
  x->held = event->xhr;
  player_on_event(x, &told);
  if (released)
    x->held = NULL;
}

static xhr_status listen_to_all(player_xhr *x, xhr_event_target *target) {
  xhr_status status = XHR_OK;
  for (int type = XHR_EVENT_READYSTATECHANGE; type <= XHR_EVENT_LOADEND; type++) {
    if (status == XHR_OK)
      status = xhr_add_event_listener(target, (xhr_event_type)type, on_event, x);
  }
  return status;
}

static xhr_status unlisten(player_xhr *x, xhr_event_target *target) {
  xhr_status status = XHR_OK;
  for (int type = XHR_EVENT_READYSTATECHANGE; type <= XHR_EVENT_LOADEND; type++)
    status = xhr_remove_event_listener(target, (xhr_event_type)type, on_event, x);
  return status;
}

xhr_status client_new(player_xhr *x) {
  xhr *request = NULL;
  xhr_status status = xhr_new(x->player->context, &request);
  x->held = request;
  return status == XHR_OK ? listen_to_all(x, xhr_get_event_target(request)) : status;
}

void client_release(player_xhr *x) {
  xhr *request = request_of(x);
  x->held = NULL;
  xhr_unref(request);
}

bool client_is_held(const player_xhr *x) {
  return x->held != NULL;
}

/* ---- calls ----------------------------------------------------------------------------------------- */

static xhr_status send(const action *a, xhr *request) {
  xhr_body *body = NULL;
  xhr_status status = XHR_OK;
  if (a->number)
    status = xhr_body_new_bytes(a->bytes.data ? a->bytes.data : "", a->bytes.len, NULL, NULL,
                                a->has_type ? to_public(a->words[0]) : xhr_str(NULL), &body);
  if (status == XHR_OK)
    status = xhr_send(request, body);
  xhr_body_unref(body);
  return status;
}

static xhr_status open_request(const action *a, xhr *request) {
  if (a->words[2].len == 0)
    return xhr_open(request, to_public(a->words[0]),
                    xhr_strn(a->words[1].len ? a->words[1].data : "", a->words[1].len));
  return xhr_open_with_credentials(request, to_public(a->words[0]), to_public(a->words[1]),
                                   to_public(a->words[2]), to_public(a->words[3]));
}

static xhr_status set_header(const action *a, xhr *request) {
  xhr__str value = a->has_type ? text_str(&a->bytes) : a->words[1];
  return xhr_set_request_header(request, to_public(a->words[0]),
                                xhr_strn(value.len ? value.data : "", value.len));
}

xhr_status client_call(player_xhr *x, const action *a) {
  xhr *request = request_of(x);
  switch (a->kind) {
    case ACTION_OPEN: return open_request(a, request);
    case ACTION_HEADER: return set_header(a, request);
    case ACTION_TIMEOUT: return xhr_set_timeout(request, (uint32_t)a->number);
    case ACTION_CREDENTIALS: return xhr_set_with_credentials(request, a->number != 0);
    case ACTION_TYPE: return xhr_set_response_type(request, (xhr_response_type)a->number);
    case ACTION_MIME: return xhr_override_mime_type(request, to_public(a->words[0]));
    case ACTION_LISTEN: return listen_to_all(x, xhr_get_upload(request));
    case ACTION_UNLISTEN: return unlisten(x, xhr_get_upload(request));
    case ACTION_SEND: return send(a, request);
    case ACTION_ABORT: return xhr_abort(request);
    case ACTION_RELEASE: client_release(x); return XHR_OK;
    default: return XHR_INVALID_ARGUMENT;
  }
}

/* ---- getters --------------------------------------------------------------------------------------- */

/* Takes a value over; the null string is null. */
static void take(client_value *value, xhr_string s) {
  value->null = !s.data;
  if (s.data)
    text_append(&value->text, xhr__str_of(s.data, s.len));
}

unsigned client_number(const player_xhr *x, client_integer which) {
  switch (which) {
    case CLIENT_STATE: return (unsigned)xhr_get_ready_state(request_of(x));
    case CLIENT_STATUS: return xhr_get_status(request_of(x));
    case CLIENT_TIMEOUT: break;
  }
  return xhr_get_timeout(request_of(x));
}

xhr_status client_get(const player_xhr *x, client_getter getter, xhr__str name,
                      client_value *value) {
  xhr *request = request_of(x);
  xhr_string s = {NULL, 0};
  xhr_status status = XHR_OK;
  switch (getter) {
    case CLIENT_STATUS_TEXT: s = xhr_get_status_text(request); break;
    case CLIENT_URL: s = xhr_get_response_url(request); break;
    case CLIENT_HEADER: status = xhr_get_response_header(request, to_public(name), &s); break;
    case CLIENT_HEADERS: status = xhr_get_all_response_headers(request, &s); break;
    case CLIENT_TEXT: status = xhr_get_response_text(request, &s); break;
    case CLIENT_MIME: status = xhr_get_response_mime_type(request, &s); break;
  }
  take(value, s);
  return status;
}

xhr_status client_get_response(const player_xhr *x, const char **type, client_value *value) {
  static const char *const names[] = {"text", "arraybuffer", "blob", "?", "json", "text"};
  xhr_string s = {NULL, 0};
  xhr_status status = xhr_get_response(request_of(x), &s);
  *type = names[xhr_get_response_type(request_of(x))];
  take(value, s);
  return status;
}

bool client_get_failure(const player_xhr *x, client_failure *failure) {
  const xhr_failure_info *info = xhr_failure(request_of(x));
  if (!info)
    return false;
  failure->code = xhr_failure_code_name(info->code);
  failure->phase = xhr_phase_name(info->phase);
  text_append(&failure->host, xhr__str_of(info->host.data ? info->host.data : "", info->host.len));
  if (info->message.data)
    text_append(&failure->reason, xhr__str_of(info->message.data, info->message.len));
  return true;
}

bool client_failed_for_memory(const player_xhr *x) {
  const xhr_failure_info *failure = xhr_failure(request_of(x));
  return failure && failure->code == XHR_FAILURE_OUT_OF_MEMORY;
}
