#include "scenario/client.h"

#include <stdio.h>
#include <stdlib.h>

/* ---- the log --------------------------------------------------------------------------------------- */

static void begin_line(player *p, const player_xhr *x) {
  for (unsigned i = 0; i < p->depth; i++)
    text_append_c(&p->log, "  ");
  if (x && p->names) {
    text_append(&p->log, x->name);
    text_append_c(&p->log, ": ");
  }
}

/* `word`, and a value that a getter gave. */
static void log_value(player *p, const char *word, xhr_status status, const client_value *value) {
  text_append_c(&p->log, word);
  if (status != XHR_OK) {
    text_printf(&p->log, " -> %s", xhr_status_name(status));
    return;
  }
  text_append_byte(&p->log, ' ');
  if (value->null)
    text_append_c(&p->log, "null");
  else
    text_append_quoted(&p->log, text_str(&value->text));
}

static void log_status(player *p, xhr_status status) {
  p->told = p->told || status == XHR_OUT_OF_MEMORY;
  text_printf(&p->log, " -> %s\n", xhr_status_name(status));
}

/* ---- show ------------------------------------------------------------------------------------------ */

static void show_failure(player *p, const player_xhr *x) {
  client_failure failure = {0};
  if (!client_get_failure(x, &failure)) {
    text_append_c(&p->log, "failure none");
    return;
  }
  text_printf(&p->log, "failure %s, phase %s", failure.code, failure.phase);
  if (failure.host.len > 0)
    text_printf(&p->log, ", host %.*s", (int)failure.host.len, failure.host.data);
  if (failure.reason.len == 0)
    text_append_c(&p->log, ", WITHOUT A REASON");
  text_free(&failure.host);
  text_free(&failure.reason);
}

static void show_why(player *p, const player_xhr *x) {
  client_failure failure = {0};
  bool failed = client_get_failure(x, &failure);
  text_append_c(&p->log, "why ");
  if (failed)
    text_append_quoted(&p->log, text_str(&failure.reason));
  else
    text_append_c(&p->log, "none");
  text_free(&failure.host);
  text_free(&failure.reason);
}

static void show_response(player *p, const player_xhr *x) {
  client_value value = {0};
  const char *type;
  xhr_status status = client_get_response(x, &type, &value);
  log_value(p, status == XHR_OK ? type : "response", status, &value);
  text_free(&value.text);
}

static void show_status(player *p, const player_xhr *x) {
  client_value message = {0};
  (void)client_get(x, CLIENT_STATUS_TEXT, XHR__STR_EMPTY, &message);
  text_printf(&p->log, "status %u ", client_number(x, CLIENT_STATUS));
  text_append_quoted(&p->log, text_str(&message.text));
  text_free(&message.text);
}

static void show_value(player *p, const player_xhr *x, client_getter getter, const char *word,
                       xhr__str name) {
  client_value value = {0};
  xhr_status status = client_get(x, getter, name, &value);
  log_value(p, word, status, &value);
  text_free(&value.text);
}

static void show_header(player *p, const player_xhr *x, xhr__str name) {
  text word = {0};
  text_printf(&word, "header %.*s", (int)name.len, name.data);
  show_value(p, x, CLIENT_HEADER, word.data, name);
  text_free(&word);
}

static void show(player *p, const player_xhr *x, const action *a) {
  xhr__str what = a->words[0], name = a->words[1];
  begin_line(p, x);
  if (xhr__str_equals(what, XHR__STR("state")))
    text_printf(&p->log, "state %u", client_number(x, CLIENT_STATE));
  else if (xhr__str_equals(what, XHR__STR("status")))
    show_status(p, x);
  else if (xhr__str_equals(what, XHR__STR("url")))
    show_value(p, x, CLIENT_URL, "url", name);
  else if (xhr__str_equals(what, XHR__STR("headers")) ||
           (xhr__str_equals(what, XHR__STR("header")) && name.len == 0))
    show_value(p, x, CLIENT_HEADERS, "headers", name);
  else if (xhr__str_equals(what, XHR__STR("header")))
    show_header(p, x, name);
  else if (xhr__str_equals(what, XHR__STR("text")))
    show_value(p, x, CLIENT_TEXT, "text", name);
  else if (xhr__str_equals(what, XHR__STR("response")))
    show_response(p, x);
  else if (xhr__str_equals(what, XHR__STR("failure")))
    show_failure(p, x);
  else if (xhr__str_equals(what, XHR__STR("why")))
    show_why(p, x);
  else if (xhr__str_equals(what, XHR__STR("mime")))
    show_value(p, x, CLIENT_MIME, "mime", name);
  else
    text_printf(&p->log, "timeout %u", client_number(x, CLIENT_TIMEOUT));
  text_append_byte(&p->log, '\n');
}

/* ---- events ---------------------------------------------------------------------------------------- */

static void run_block(player *p, const action *block, size_t current);

static void log_event(player *p, const player_xhr *x, const client_event *event) {
  begin_line(p, x);
  text_printf(&p->log, "%s%s ", event->upload ? "upload " : "", xhr_event_type_name(event->type));
  if (event->type == XHR_EVENT_READYSTATECHANGE)
    text_printf(&p->log, "%u", client_number(x, CLIENT_STATE));
  else if (event->length_computable)
    text_printf(&p->log, "%llu/%llu", (unsigned long long)event->loaded,
                (unsigned long long)event->total);
  else
    text_printf(&p->log, "%llu", (unsigned long long)event->loaded);
  if (event->length_computable ? event->loaded > event->total : event->total != 0)
    text_append_c(&p->log, ", WHICH CANNOT BE");
  text_append_byte(&p->log, '\n');
}

static bool wants(const player *p, size_t index, const player_xhr *x, const client_event *event) {
  const action *a = &p->scenario->actions[index];
  const struct player_block *block = &p->blocks[index];
  return a->kind == ACTION_ON && block->armed && &p->xhrs[block->xhr] == x &&
         a->upload == event->upload && a->event == event->type &&
         (a->state < 0 || a->state == (int)client_number(x, CLIENT_STATE));
}

void player_on_event(player_xhr *x, const client_event *event) {
  player *p = x->player;
  log_event(p, x, event);
  p->told = p->told || client_failed_for_memory(x);
  for (size_t i = 0; i < p->scenario->action_count; i++) {
    if (!wants(p, i, x, event))
      continue;
    const action *a = &p->scenario->actions[i];
    unsigned fired = ++p->blocks[i].fired;
    if (a->which == 0 || a->which == fired)
      run_block(p, a, (size_t)(x - p->xhrs));
  }
}

/* ---- actions --------------------------------------------------------------------------------------- */

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
  return client_new(x);
}

/* What an action does; a block only starts to wait. */
static xhr_status perform(player *p, player_xhr *x, const action *a) {
  struct player_block *block = &p->blocks[a - p->scenario->actions];
  switch (a->kind) {
    case ACTION_XHR: return choose(p, a->words[0]);
    case ACTION_SHOW: show(p, x, a); return XHR_OK;
    case ACTION_DESTROY: xhr_context_destroy(p->context); return XHR_OK;
    case ACTION_ON:
    case ACTION_AFTER:
      block->armed = true;
      block->xhr = p->current;
      return XHR_OK;
    default: return client_call(x, a);
  }
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
    if (!client_is_held(x))
      continue;
    begin_line(p, x);
    client_failure failure = {0};
    text_printf(&p->log, "end: state %u, ", client_number(x, CLIENT_STATE));
    show_status(p, x);
    text_append_c(&p->log, ", ");
    show_response(p, x);
    if (client_get_failure(x, &failure)) {
      text_append_c(&p->log, ", ");
      show_failure(p, x);
      text_free(&failure.host);
      text_free(&failure.reason);
    }
    text_append_byte(&p->log, '\n');
  }
}

static xhr_status new_context(player *p, xhr_string base) {
  xhr__str origin = p->scenario->origin;
  if (origin.len == 0)
    return xhr_context_new(p->session, p->loop, base, &p->context);
  return xhr_context_new_web(p->session, p->loop, xhr_strn(origin.data, origin.len), base,
                             &p->context);
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
    status = new_context(p, xhr_strn(base.data, base.len));
  if (status == XHR_OK)
    status = client_begin(p);
  text_free(&base);
  return status == XHR_OK;
}

void player_free(player *p) {
  /* Requests that are stuck keep themselves alive. */
  if (p->loop && xhr_loop_in_flight(p->loop) > 0)
    xhr_context_destroy(p->context);
  for (size_t i = 0; i < p->xhr_count; i++)
    client_release(&p->xhrs[i]);
  client_end(p);
  xhr_context_unref(p->context);
  xhr_loop_unref(p->loop);
  xhr_session_unref(p->session);
  free(p->blocks);
  p->blocks = NULL;
}
