#include "scenario/player.h"

#include <stdio.h>
#include <stdlib.h>

static xhr_string to_public(xhr__str s) {
  return xhr_strn(s.data, s.len);
}

/* From the public form; null is empty. */
static xhr__str from_public(xhr_string s) {
  return xhr__str_of(s.data ? s.data : "", s.data ? s.len : 0);
}

/* ---- the log --------------------------------------------------------------------------------------- */

static void begin_line(player *p, const player_xhr *x) {
  for (unsigned i = 0; i < p->depth; i++)
    text_append_c(&p->log, "  ");
  if (x && p->names) {
    text_append(&p->log, x->name);
    text_append_c(&p->log, ": ");
  }
}

static void log_quoted(player *p, const char *word, xhr_string s) {
  text_append_c(&p->log, word);
  text_append_byte(&p->log, ' ');
  if (s.data)
    text_append_quoted(&p->log, from_public(s));
  else
    text_append_c(&p->log, "null");
}

static void log_status(player *p, xhr_status status) {
  p->told = p->told || status == XHR_OUT_OF_MEMORY;
  text_printf(&p->log, " -> %s\n", xhr_status_name(status));
}

/* ---- show ------------------------------------------------------------------------------------------ */

static void show_failure(player *p, const player_xhr *x) {
  const xhr_failure_info *failure = xhr_failure(x->request);
  if (!failure) {
    text_append_c(&p->log, "failure none");
    return;
  }
  text_printf(&p->log, "failure %s, phase %s, host %.*s", xhr_failure_code_name(failure->code),
              xhr_phase_name(failure->phase), (int)failure->host.len,
              failure->host.data ? failure->host.data : "");
  if (failure->message.len == 0 || failure->code == XHR_FAILURE_NONE)
    text_append_c(&p->log, ", WITHOUT A REASON");
}

static void show_response(player *p, const player_xhr *x) {
  static const char *const names[] = {"text", "arraybuffer", "blob", "?", "json", "text"};
  xhr_string value = {NULL, 0};
  xhr_status status = xhr_get_response(x->request, &value);
  xhr_response_type type = xhr_get_response_type(x->request);
  if (status != XHR_OK)
    text_printf(&p->log, "response -> %s", xhr_status_name(status));
  else
    log_quoted(p, names[type], value);
}

static void show_text(player *p, const player_xhr *x) {
  xhr_string value = {NULL, 0};
  xhr_status status = xhr_get_response_text(x->request, &value);
  if (status != XHR_OK)
    text_printf(&p->log, "text -> %s", xhr_status_name(status));
  else
    log_quoted(p, "text", value);
}

static void show_status(player *p, const player_xhr *x) {
  text_printf(&p->log, "status %u ", xhr_get_status(x->request));
  text_append_quoted(&p->log, from_public(xhr_get_status_text(x->request)));
}

static void show_header(player *p, const player_xhr *x, xhr__str name) {
  xhr_string value = {NULL, 0};
  xhr_status status;
  if (name.len) {
    status = xhr_get_response_header(x->request, to_public(name), &value);
    text_printf(&p->log, "header %.*s", (int)name.len, name.data);
  } else {
    status = xhr_get_all_response_headers(x->request, &value);
    text_append_c(&p->log, "headers");
  }
  if (status != XHR_OK)
    text_printf(&p->log, " -> %s", xhr_status_name(status));
  else
    log_quoted(p, "", value);
}

static void show_mime(player *p, const player_xhr *x) {
  xhr_string value = {NULL, 0};
  xhr_status status = xhr_get_response_mime_type(x->request, &value);
  if (status != XHR_OK)
    text_printf(&p->log, "mime -> %s", xhr_status_name(status));
  else
    log_quoted(p, "mime", value);
}

static void show(player *p, const player_xhr *x, const action *a) {
  xhr__str what = a->words[0];
  begin_line(p, x);
  if (xhr__str_equals(what, XHR__STR("state")))
    text_printf(&p->log, "state %d", (int)xhr_get_ready_state(x->request));
  else if (xhr__str_equals(what, XHR__STR("status")))
    show_status(p, x);
  else if (xhr__str_equals(what, XHR__STR("url")))
    log_quoted(p, "url", xhr_get_response_url(x->request));
  else if (xhr__str_equals(what, XHR__STR("headers")) || xhr__str_equals(what, XHR__STR("header")))
    show_header(p, x, a->words[1]);
  else if (xhr__str_equals(what, XHR__STR("text")))
    show_text(p, x);
  else if (xhr__str_equals(what, XHR__STR("response")))
    show_response(p, x);
  else if (xhr__str_equals(what, XHR__STR("failure")))
    show_failure(p, x);
  else if (xhr__str_equals(what, XHR__STR("mime")))
    show_mime(p, x);
  else
    text_printf(&p->log, "timeout %u", xhr_get_timeout(x->request));
  text_append_byte(&p->log, '\n');
}

/* ---- events ---------------------------------------------------------------------------------------- */

static void run_block(player *p, const action *block, size_t current);

static void log_event(player *p, const player_xhr *x, const xhr_event *event, bool upload) {
  begin_line(p, x);
  text_printf(&p->log, "%s%s ", upload ? "upload " : "", xhr_event_type_name(event->type));
  if (event->type == XHR_EVENT_READYSTATECHANGE)
    text_printf(&p->log, "%d", (int)xhr_get_ready_state(x->request));
  else if (event->length_computable)
    text_printf(&p->log, "%llu/%llu", (unsigned long long)event->loaded,
                (unsigned long long)event->total);
  else
    text_printf(&p->log, "%llu", (unsigned long long)event->loaded);
  if (event->length_computable ? event->loaded > event->total : event->total != 0)
    text_append_c(&p->log, ", WHICH CANNOT BE");
  text_append_byte(&p->log, '\n');
}

static bool wants(const player *p, size_t index, const player_xhr *x, const xhr_event *event,
                  bool upload) {
  const action *a = &p->scenario->actions[index];
  const struct player_block *block = &p->blocks[index];
  return a->kind == ACTION_ON && block->armed && &p->xhrs[block->xhr] == x && a->upload == upload &&
         a->event == event->type &&
         (a->state < 0 || a->state == (int)xhr_get_ready_state(x->request));
}

static void on_event(const xhr_event *event, void *user) {
  player_xhr *x = user;
  player *p = x->player;
  bool upload = event->target != xhr_get_event_target(event->xhr);
  /* A released XHR still fires; while it does it is there. */
  xhr *before = x->request;
  x->request = event->xhr;
  log_event(p, x, event, upload);
  const xhr_failure_info *failure = xhr_failure(event->xhr);
  p->told = p->told || (failure && failure->code == XHR_FAILURE_OUT_OF_MEMORY);
  for (size_t i = 0; i < p->scenario->action_count; i++) {
    if (!wants(p, i, x, event, upload))
      continue;
    const action *a = &p->scenario->actions[i];
    unsigned fired = ++p->blocks[i].fired;
    if (a->which == 0 || a->which == fired)
      run_block(p, a, (size_t)(x - p->xhrs));
  }
  if (!before)
    x->request = NULL;
}

/* ---- actions --------------------------------------------------------------------------------------- */

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

/* Goes on with the XHR of that name, making it where it is new. */
static xhr_status choose(player *p, xhr__str name) {
  for (size_t i = 0; i < p->xhr_count; i++) {
    if (xhr__str_equals(p->xhrs[i].name, name)) {
      p->current = i;
      return XHR_OK;
    }
  }
  if (p->xhr_count == PLAYER_XHRS)
    return XHR_LIMIT;
  player_xhr *x = &p->xhrs[p->xhr_count];
  *x = (player_xhr){.player = p, .name = name};
  p->current = p->xhr_count++;
  xhr_status status = xhr_new(p->context, &x->request);
  return status == XHR_OK ? listen_to_all(x, xhr_get_event_target(x->request)) : status;
}

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

/* What an action does; a block only starts to wait. */
static xhr_status perform(player *p, player_xhr *x, const action *a) {
  struct player_block *block = &p->blocks[a - p->scenario->actions];
  xhr *request = x->request;
  switch (a->kind) {
    case ACTION_XHR: return choose(p, a->words[0]);
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
    case ACTION_SHOW: show(p, x, a); return XHR_OK;
    case ACTION_RELEASE:
      x->request = NULL;
      xhr_unref(request);
      return XHR_OK;
    case ACTION_DESTROY: xhr_context_destroy(p->context); return XHR_OK;
    case ACTION_ON:
    case ACTION_AFTER:
      block->armed = true;
      block->xhr = p->current;
      return XHR_OK;
  }
  return XHR_INVALID_ARGUMENT;
}

/* The action itself is logged where it is in a block, its result where it is no success. */
static void act(player *p, const action *a, bool in_block) {
  player_xhr *x = &p->xhrs[p->current];
  if (in_block && a->kind != ACTION_SHOW) {
    begin_line(p, NULL);
    text_printf(&p->log, "> %.*s\n", (int)a->source.len, a->source.data);
  }
  xhr_status status = perform(p, x, a);
  if (status == XHR_OK)
    return;
  begin_line(p, NULL);
  text_printf(&p->log, "%.*s", (int)a->source.len, a->source.data);
  log_status(p, status);
}

static void run_block(player *p, const action *block, size_t current) {
  size_t before = p->current;
  p->current = current;
  p->depth++;
  for (size_t i = 0; i < block->count; i++)
    act(p, &p->scenario->actions[block->first + i], true);
  p->depth--;
  p->current = before;
}

void player_begin(player *p) {
  xhr_status status = p->names ? XHR_OK : choose(p, XHR__STR("a"));
  if (status != XHR_OK) {
    text_append_c(&p->log, "xhr a");
    log_status(p, status);
  }
  for (size_t i = 0; i < p->scenario->action_count; i++) {
    if (!p->scenario->nested[i])
      act(p, &p->scenario->actions[i], false);
  }
}

/* ---- time ------------------------------------------------------------------------------------------ */

static bool waits(const player *p, size_t index) {
  return p->scenario->actions[index].kind == ACTION_AFTER && p->blocks[index].armed &&
         !p->blocks[index].done;
}

xhr__time player_next_due(const player *p) {
  xhr__time earliest = XHR__NEVER;
  for (size_t i = 0; i < p->scenario->action_count; i++) {
    xhr__time due = xhr__time_after_ms(p->started, p->scenario->actions[i].number);
    if (waits(p, i) && due < earliest)
      earliest = due;
  }
  return earliest;
}

void player_run_due(player *p) {
  xhr__time now = xhr__clock_now(p->clock);
  for (size_t i = 0; i < p->scenario->action_count; i++) {
    const action *a = &p->scenario->actions[i];
    if (!waits(p, i) || xhr__time_after_ms(p->started, a->number) > now)
      continue;
    p->blocks[i].done = true;
    text_printf(&p->log, "after %llums\n", (unsigned long long)a->number);
    run_block(p, a, p->blocks[i].xhr);
  }
}

bool player_is_done(const player *p) {
  return xhr_loop_in_flight(p->loop) == 0 && player_next_due(p) == XHR__NEVER;
}

/* ---- beginning and end ----------------------------------------------------------------------------- */

void player_end(player *p) {
  for (size_t i = 0; i < p->xhr_count; i++) {
    const player_xhr *x = &p->xhrs[i];
    if (!x->request)
      continue;
    begin_line(p, x);
    text_printf(&p->log, "end: state %d, ", (int)xhr_get_ready_state(x->request));
    show_status(p, x);
    text_append_c(&p->log, ", ");
    show_response(p, x);
    if (xhr_failure(x->request)) {
      text_append_c(&p->log, ", ");
      show_failure(p, x);
    }
    text_append_byte(&p->log, '\n');
  }
}

bool player_init(player *p, const scenario *s, const xhr__clock *clock, xhr_session *session,
                 unsigned port) {
  text base = {0};
  *p = (player){.scenario = s, .clock = clock, .session = session};
  p->started = xhr__clock_now(clock);
  p->blocks = need(calloc(s->action_count + 1, sizeof *p->blocks));
  for (size_t i = 0; i < s->action_count; i++)
    p->names = p->names || s->actions[i].kind == ACTION_XHR;
  text_printf(&base, "http://one.test:%u/", port);
  xhr_status status = xhr_loop_new(NULL, NULL, &p->loop);
  if (status == XHR_OK)
    status = xhr_context_new(session, p->loop, to_public(text_str(&base)), &p->context);
  text_free(&base);
  return status == XHR_OK;
}

void player_free(player *p) {
  /* Requests that are stuck keep themselves alive. */
  if (p->loop && xhr_loop_in_flight(p->loop) > 0)
    xhr_context_destroy(p->context);
  for (size_t i = 0; i < p->xhr_count; i++)
    xhr_unref(p->xhrs[i].request);
  xhr_context_unref(p->context);
  xhr_loop_unref(p->loop);
  xhr_session_unref(p->session);
  free(p->blocks);
  p->blocks = NULL;
}

static xhr_status resolve(xhr_session_options *options, unsigned port) {
  static const char *const names[] = {"one.test", "two.test"};
  xhr_status status = XHR_OK;
  for (size_t i = 0; i < 2 && status == XHR_OK && port; i++)
    status =
        xhr_session_options_add_resolve(options, xhr_str(names[i]), port, xhr_str("127.0.0.1"));
  return status;
}

xhr_status player_options(const scenario *s, driver d, ports at, xhr_session_options **out) {
  const struct {
    xhr_limit limit;
    uint64_t value;
  } limits[] = {{XHR_LIMIT_HEADER_BYTES, s->header_bytes},
                {XHR_LIMIT_RESPONSE_BYTES, s->response_bytes},
                {XHR_LIMIT_DECOMPRESSION_RATIO, s->decompression_ratio}};
  xhr_session_options *options = NULL;
  xhr_status status = xhr_session_options_new(&options);
  if (status == XHR_OK)
    status = xhr_session_options_set_driver(options, d == DRIVER_THREADED ? XHR_DRIVER_THREAD
                                                                          : XHR_DRIVER_INLINE);
  if (status == XHR_OK)
    status = xhr_session_options_set_user_agent(options, xhr_str("scenario"));
  if (status == XHR_OK)
    status = xhr_session_options_set_proxy(options, xhr_str(""), xhr_str(NULL));
  for (size_t i = 0; i < 3 && status == XHR_OK; i++) {
    if (limits[i].value != UINT64_MAX)
      status = xhr_session_options_set_limit(options, limits[i].limit, limits[i].value);
  }
  if (status == XHR_OK)
    status = resolve(options, at.port);
  if (status == XHR_OK)
    status = resolve(options, at.closed);
  if (status != XHR_OK) {
    xhr_session_options_free(options);
    return status;
  }
  *out = options;
  return XHR_OK;
}
