/* Reads a case file: placeholders, sections, lines. Its client section is in parse_client.c. */
#include "scenario/parse.h"

#include <stdio.h>
#include <stdlib.h>

const char *const driver_names[DRIVERS] = {"scripted", "inline", "threaded"};

bool parse_error(parser *p, const char *what) {
  fprintf(stderr, "%s:%u: %s\n", p->path, p->line, what);
  p->failed = true;
  return false;
}

/* ---- the file -------------------------------------------------------------------------------------- */

static bool read_file(const char *path, text *out) {
  char buffer[16384];
  FILE *file = fopen(path, "rb");
  if (!file) {
    perror(path);
    return false;
  }
  size_t count;
  while ((count = fread(buffer, 1, sizeof buffer, file)) > 0)
    text_append(out, xhr__str_of(buffer, count));
  bool good = !ferror(file);
  fclose(file);
  return good;
}

/* The headers that Fetch adds to every request, as far as no case says otherwise. */
#define COMMON                                                                                     \
  "Accept: */*\r\n"                                                                                \
  "Accept-Language: *\r\n"                                                                         \
  "User-Agent: scenario\r\n"                                                                       \
  "Accept-Encoding: gzip, deflate, br, zstd\r\n"

static void replace_placeholders(text *out, xhr__str in, ports p) {
  for (size_t at = 0; at < in.len;) {
    xhr__str rest = xhr__str_from(in, at);
    if (xhr__str_starts_with(rest, XHR__STR("{port}"))) {
      text_printf(out, "%u", p.port);
      at += 6;
    } else if (xhr__str_starts_with(rest, XHR__STR("{closed}"))) {
      text_printf(out, "%u", p.closed);
      at += 8;
    } else {
      text_append_byte(out, in.data[at++]);
    }
  }
}

/* ---- [scenario] ------------------------------------------------------------------------------------ */

static bool parse_only(parser *p, xhr__str rest) {
  for (int i = 0; i < DRIVERS; i++)
    p->scenario->drivers[i] = false;
  for (;;) {
    xhr__str word = take_word(&rest);
    if (xhr__str_equals(word, XHR__STR("because")))
      return rest.len > 0 || parse_error(p, "say why");
    bool known = false;
    for (int i = 0; i < DRIVERS; i++) {
      if (xhr__str_equals(word, xhr__str_c(driver_names[i])))
        known = p->scenario->drivers[i] = true;
    }
    if (!known)
      return parse_error(p, "only DRIVER... because REASON");
  }
}

static bool parse_limit(parser *p, xhr__str rest) {
  scenario *s = p->scenario;
  xhr__str name = take_word(&rest);
  uint64_t *limit = xhr__str_equals(name, XHR__STR("header-bytes"))     ? &s->header_bytes
                    : xhr__str_equals(name, XHR__STR("response-bytes")) ? &s->response_bytes
                    : xhr__str_equals(name, XHR__STR("decompression-ratio"))
                        ? &s->decompression_ratio
                        : NULL;
  if (!limit || !xhr__str_to_u64(rest, limit))
    return parse_error(p, "limit header-bytes|response-bytes|decompression-ratio N");
  return true;
}

static bool parse_scenario_line(parser *p, xhr__str line) {
  xhr__str word = take_word(&line);
  if (xhr__str_equals(word, XHR__STR("only")))
    return parse_only(p, line);
  if (xhr__str_equals(word, XHR__STR("limit")))
    return parse_limit(p, line);
  if (xhr__str_equals(word, XHR__STR("origin"))) {
    p->scenario->origin = line;
    return line.len > 0 || parse_error(p, "origin ORIGIN");
  }
  bool *flag = xhr__str_equals(word, XHR__STR("whole"))           ? &p->scenario->whole
               : xhr__str_equals(word, XHR__STR("no-alloc-fail")) ? &p->scenario->no_alloc_fail
                                                                  : NULL;
  if (!flag)
    return parse_error(p, "here stands only, limit, origin, whole or no-alloc-fail");
  word = take_word(&line);
  if (!xhr__str_equals(word, XHR__STR("because")) || line.len == 0)
    return parse_error(p, "say why: because REASON");
  return *flag = true;
}

/* ---- [server] -------------------------------------------------------------------------------------- */

static bool failure_by_name(xhr__str name, xhr_failure_code *code) {
#define FAILURE(word, phase, said)                                                                 \
  if (xhr__str_equals(name, XHR__STR(#word))) {                                                    \
    *code = XHR_FAILURE_##word;                                                                    \
    return true;                                                                                   \
  }
  XHR_FAILURE_MAP(FAILURE)
#undef FAILURE
  return false;
}

static server_connection *add_connection(parser *p) {
  scenario *s = p->scenario;
  s->connections =
      need(realloc(s->connections, (s->connection_count + 1) * sizeof *s->connections));
  server_connection *c = &s->connections[s->connection_count++];
  *c = (server_connection){0};
  p->cut = true;
  return c;
}

static void add_step(parser *p, xhr__script_step_kind kind, uint64_t amount, xhr__str bytes) {
  scenario *s = p->scenario;
  server_connection *c =
      s->connection_count ? &s->connections[s->connection_count - 1] : add_connection(p);
  if (kind == XHR__STEP_SEND && !p->cut && c->count &&
      c->steps[c->count - 1].kind == XHR__STEP_SEND) {
    text_append(&c->bytes[c->count - 1], bytes);
    return;
  }
  c->steps = need(realloc(c->steps, (c->count + 1) * sizeof *c->steps));
  c->bytes = need(realloc(c->bytes, (c->count + 1) * sizeof *c->bytes));
  c->steps[c->count] = (xhr__script_step){kind, XHR__STR_EMPTY, amount};
  c->bytes[c->count] = (text){0};
  text_append(&c->bytes[c->count], bytes);
  c->count++;
  p->cut = false;
}

/* A line as it is, but for escapes. */
static const char *read_line(text *bytes, xhr__str line) {
  text quoted = {0};
  text_append_byte(&quoted, '"');
  for (size_t i = 0; i < line.len; i++) {
    if (line.data[i] == '"')
      text_append_byte(&quoted, '\\');
    text_append_byte(&quoted, line.data[i]);
  }
  text_append_c(&quoted, "\"");
  const char *wrong = literals_read(bytes, text_str(&quoted));
  text_append_c(bytes, "\r\n");
  text_free(&quoted);
  return wrong;
}

static bool parse_send(parser *p, xhr__str s, bool is_line) {
  text bytes = {0};
  const char *wrong = is_line ? read_line(&bytes, s) : literals_read(&bytes, s);
  if (wrong)
    parse_error(p, wrong);
  else if (bytes.len)
    add_step(p, XHR__STEP_SEND, 0, text_str(&bytes));
  text_free(&bytes);
  return !wrong;
}

static bool parse_connection(parser *p, xhr__str rest) {
  server_connection *c = add_connection(p);
  if (rest.len && !failure_by_name(rest, &c->failure))
    return parse_error(p, "no such failure");
  return true;
}

static bool parse_wait(parser *p, xhr__str line) {
  uint64_t ms;
  if (!xhr__str_ends_with(line, XHR__STR("ms")) ||
      !xhr__str_to_u64(xhr__str_slice(line, 1, line.len - 2), &ms))
    return parse_error(p, "a wait is @Nms");
  add_step(p, XHR__STEP_WAIT, ms, XHR__STR_EMPTY);
  return true;
}

/* The steps that are one word. */
static bool parse_server_word(parser *p, xhr__str word) {
  static const struct {
    const char *word;
    xhr__script_step_kind kind;
  } steps[] = {{"head", XHR__STEP_READ_HEAD},
               {"rest", XHR__STEP_READ_REST},
               {"close", XHR__STEP_CLOSE},
               {"reset", XHR__STEP_RESET},
               {"stall", XHR__STEP_STALL}};
  if (xhr__str_equals(word, XHR__STR("request"))) {
    add_step(p, XHR__STEP_READ_HEAD, 0, XHR__STR_EMPTY);
    add_step(p, XHR__STEP_READ_REST, 0, XHR__STR_EMPTY);
    return true;
  }
  for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
    if (xhr__str_equals(word, xhr__str_c(steps[i].word))) {
      add_step(p, steps[i].kind, 0, XHR__STR_EMPTY);
      return true;
    }
  }
  return parse_error(p, "no such step of a server");
}

static bool parse_server_line(parser *p, xhr__str line) {
  uint64_t amount;
  if (line.data[0] == '|')
    return parse_send(p, xhr__str_from(line, line.len > 1 ? 2 : 1), true);
  if (line.data[0] == '@')
    return parse_wait(p, line);
  xhr__str rest = line;
  xhr__str word = take_word(&rest);
  if (xhr__str_equals(word, XHR__STR("send")))
    return parse_send(p, rest, false);
  if (xhr__str_equals(word, XHR__STR("connection")))
    return parse_connection(p, rest);
  if (xhr__str_equals(word, XHR__STR("cut")))
    return p->cut = true;
  if (xhr__str_equals(word, XHR__STR("body"))) {
    if (!xhr__str_to_u64(rest, &amount))
      return parse_error(p, "body N");
    add_step(p, XHR__STEP_READ_BODY, amount, XHR__STR_EMPTY);
    return true;
  }
  return parse_server_word(p, line);
}

/* ---- [request] ------------------------------------------------------------------------------------- */

static void add_request(parser *p) {
  scenario *s = p->scenario;
  s->requests = need(realloc(s->requests, (s->request_count + 1) * sizeof *s->requests));
  s->requests[s->request_count++] = (text){0};
  p->in_body = false;
}

static bool parse_request_line(parser *p, xhr__str line) {
  text *request = &p->scenario->requests[p->scenario->request_count - 1];
  if (p->in_body) {
    const char *wrong = literals_read(request, line);
    return !wrong || parse_error(p, wrong);
  }
  if (xhr__str_equals(line, XHR__STR("{common}"))) {
    text_append_c(request, COMMON);
    return true;
  }
  const char *wrong = read_line(request, line);
  return !wrong || parse_error(p, wrong);
}

/* Once: behind the head's last line comes an empty one. */
static void end_request_head(parser *p) {
  if (p->in_body || p->scenario->request_count == 0)
    return;
  text_append_c(&p->scenario->requests[p->scenario->request_count - 1], "\r\n");
  p->in_body = true;
}

/* ---- lines and sections ---------------------------------------------------------------------------- */

static bool begin_section(parser *p, xhr__str line) {
  static const struct {
    const char *name;
    section section;
  } names[] = {{"[scenario]", SECTION_SCENARIO},
               {"[server]", SECTION_SERVER},
               {"[client]", SECTION_CLIENT},
               {"[request]", SECTION_REQUEST},
               {"[events]", SECTION_EVENTS}};
  for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
    if (!xhr__str_equals(line, xhr__str_c(names[i].name)))
      continue;
    if (p->seen[names[i].section] && names[i].section != SECTION_REQUEST)
      return parse_error(p, "this section is here a second time");
    p->seen[names[i].section] = true;
    if (p->section == SECTION_REQUEST)
      end_request_head(p);
    p->section = names[i].section;
    p->cut = true;
    if (p->section == SECTION_REQUEST)
      add_request(p);
    return true;
  }
  return parse_error(p, "no such section");
}

static void parse_line(parser *p, xhr__str line) {
  while (line.len && line.data[line.len - 1] == ' ')
    line.len--;
  if (line.len && line.data[0] == '[') {
    begin_section(p, line);
    return;
  }
  bool empty = line.len == 0, comment = line.len && line.data[0] == '#';
  switch (p->section) {
    case SECTION_DESCRIPTION: p->described = p->described || !empty; break;
    case SECTION_SCENARIO:
      if (!empty && !comment)
        parse_scenario_line(p, line);
      break;
    case SECTION_SERVER:
      if (!empty && !comment)
        parse_server_line(p, line);
      break;
    case SECTION_CLIENT:
      if (!empty && !comment)
        parse_client_line(p, line);
      break;
    case SECTION_REQUEST:
      if (empty)
        end_request_head(p);
      else if (!comment)
        parse_request_line(p, line);
      break;
    case SECTION_EVENTS:
      if (!empty && !comment) {
        text_append(&p->scenario->events, line);
        text_append_byte(&p->scenario->events, '\n');
      }
      break;
    case SECTIONS: break;
  }
}

/* What is known once all lines are: heads end in an empty line; steps know their bytes, which move no more. */
static void finish(parser *p) {
  scenario *s = p->scenario;
  if (p->section == SECTION_REQUEST)
    end_request_head(p);
  p->line = 1;
  if (!p->described)
    parse_error(p, "the file starts with a line that says what it shows");
  if (!p->seen[SECTION_CLIENT] || !p->seen[SECTION_EVENTS])
    parse_error(p, "[client] and [events] must be there");
  s->has_requests = s->request_count > 0;
  for (size_t i = 0; i < s->connection_count; i++) {
    for (size_t j = 0; j < s->connections[i].count; j++)
      s->connections[i].steps[j].bytes = text_str(&s->connections[i].bytes[j]);
  }
}

bool scenario_read(const char *path, ports ports_, scenario *s) {
  parser p = {.path = path, .scenario = s, .block = SIZE_MAX};
  text file = {0};
  *s = (scenario){.drivers = {true, true, true},
                  .header_bytes = UINT64_MAX,
                  .response_bytes = UINT64_MAX,
                  .decompression_ratio = UINT64_MAX};
  if (!read_file(path, &file)) {
    text_free(&file);
    return false;
  }
  replace_placeholders(&s->source, text_str(&file), ports_);
  text_free(&file);
  xhr__str rest = text_str(&s->source);
  for (size_t at = 0; at < rest.len;) {
    size_t end = xhr__str_find(rest, at, '\n');
    p.line++;
    parse_line(&p, xhr__str_slice(rest, at, end));
    at = end + 1;
  }
  finish(&p);
  return !p.failed;
}

void scenario_free(scenario *s) {
  for (size_t i = 0; i < s->connection_count; i++) {
    for (size_t j = 0; j < s->connections[i].count; j++)
      text_free(&s->connections[i].bytes[j]);
    free(s->connections[i].bytes);
    free(s->connections[i].steps);
  }
  for (size_t i = 0; i < s->action_count; i++)
    text_free(&s->actions[i].bytes);
  for (size_t i = 0; i < s->request_count; i++)
    text_free(&s->requests[i]);
  free(s->connections);
  free(s->actions);
  free(s->nested);
  free(s->requests);
  text_free(&s->events);
  text_free(&s->source);
  *s = (scenario){0};
}
