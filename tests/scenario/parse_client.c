/* The [client] section of a case file. */
#include <stdlib.h>

#include "scenario/parse.h"
#include "xhr/request.h"

static action *add_action(parser *p, action_kind kind, xhr__str source, bool nested) {
  scenario *s = p->scenario;
  s->actions = need(realloc(s->actions, (s->action_count + 1) * sizeof *s->actions));
  s->nested = need(realloc(s->nested, (s->action_count + 1) * sizeof *s->nested));
  action *a = &s->actions[s->action_count];
  *a = (action){.kind = kind, .line = p->line, .source = source, .state = -1};
  s->nested[s->action_count++] = nested;
  return a;
}

/* "NAME", "NAME=STATE" or "NAME#N", before the colon. */
static bool parse_event(parser *p, action *a, xhr__str name) {
  uint64_t number;
  size_t mark = xhr__str_find(name, 0, '#');
  if (mark < name.len) {
    if (!xhr__str_to_u64(xhr__str_from(name, mark + 1), &number) || number == 0)
      return parse_error(p, "EVENT#N: which of them");
    a->which = (unsigned)number;
    name = xhr__str_slice(name, 0, mark);
  }
  mark = xhr__str_find(name, 0, '=');
  if (mark < name.len) {
    if (!xhr__str_to_u64(xhr__str_from(name, mark + 1), &number) || number > 4)
      return parse_error(p, "readystatechange=STATE");
    a->state = (int)number;
    name = xhr__str_slice(name, 0, mark);
  }
  for (int type = XHR_EVENT_READYSTATECHANGE; type <= XHR_EVENT_LOADEND; type++) {
    if (xhr__str_equals(name, xhr__str_c(xhr_event_type_name((xhr_event_type)type)))) {
      a->event = (xhr_event_type)type;
      return true;
    }
  }
  return parse_error(p, "no such event");
}

static bool parse_on(parser *p, action *a, xhr__str rest) {
  if (!xhr__str_ends_with(rest, XHR__STR(":")))
    return parse_error(p, "on [upload] EVENT:");
  rest.len--;
  if (xhr__str_starts_with(rest, XHR__STR("upload "))) {
    a->upload = true;
    take_word(&rest);
  }
  return parse_event(p, a, rest);
}

static bool parse_after(parser *p, action *a, xhr__str rest) {
  if (xhr__str_ends_with(rest, XHR__STR("ms:")) &&
      xhr__str_to_u64(xhr__str_slice(rest, 0, rest.len - 3), &a->number))
    return true;
  return parse_error(p, "after Nms:");
}

static bool parse_body(parser *p, action *a, xhr__str rest) {
  a->number = rest.len > 0;
  while (rest.len) {
    text type = {0};
    if (!xhr__str_starts_with(rest, XHR__STR("type "))) {
      const char *wrong = literal_read(&a->bytes, &rest);
      if (wrong)
        return parse_error(p, wrong);
      continue;
    }
    take_word(&rest);
    xhr__str quoted = rest;
    const char *wrong = literal_read(&type, &rest);
    text_free(&type);
    if (wrong || rest.len || quoted.len < 2)
      return parse_error(p, "type \"MIME TYPE\" stands at the end");
    a->has_type = true;
    a->words[0] = xhr__str_slice(quoted, 1, quoted.len - 1);
    return true;
  }
  return true;
}

static bool parse_header(parser *p, action *a, xhr__str rest) {
  size_t colon = xhr__str_find(rest, 0, ':');
  if (colon == rest.len)
    return parse_error(p, "header NAME: VALUE");
  a->words[0] = xhr__str_slice(rest, 0, colon);
  xhr__str value = xhr__str_from(rest, colon + 1);
  if (value.len && value.data[0] == ' ')
    value = xhr__str_from(value, 1);
  /* A quoted value may hold any byte. */
  if (value.len && value.data[0] == '"') {
    const char *wrong = literals_read(&a->bytes, value);
    a->has_type = true;
    return !wrong || parse_error(p, wrong);
  }
  a->words[1] = value;
  return true;
}

static bool parse_type(parser *p, action *a, xhr__str rest) {
  static const struct {
    const char *name;
    xhr_response_type type;
  } types[] = {{"empty", XHR_RESPONSE_TYPE_EMPTY},
               {"arraybuffer", XHR_RESPONSE_TYPE_ARRAYBUFFER},
               {"blob", XHR_RESPONSE_TYPE_BLOB},
               {"json", XHR_RESPONSE_TYPE_JSON},
               {"text", XHR_RESPONSE_TYPE_TEXT}};
  for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
    if (xhr__str_equals(rest, xhr__str_c(types[i].name))) {
      a->number = types[i].type;
      return true;
    }
  }
  return parse_error(p, "type empty|arraybuffer|blob|json|text");
}

static bool parse_show(parser *p, action *a, xhr__str rest) {
  static const char *const what[] = {"state",    "status",  "url", "headers", "header", "text",
                                     "response", "failure", "why", "mime",    "timeout"};
  a->words[0] = take_word(&rest);
  a->words[1] = rest;
  for (size_t i = 0; i < sizeof what / sizeof what[0]; i++) {
    if (xhr__str_equals(a->words[0], xhr__str_c(what[i])))
      return true;
  }
  return parse_error(p, "show state|status|url|headers|header NAME|text|response|failure|why|"
                        "mime|timeout");
}

static bool parse_words(action *a, xhr__str rest) {
  for (size_t i = 0; i < 4 && rest.len; i++)
    a->words[i] = take_word(&rest);
  return true;
}

/* What stands behind the action's word. */
static bool parse_operands(parser *p, action *a, xhr__str rest) {
  switch (a->kind) {
    case ACTION_ON: return parse_on(p, a, rest);
    case ACTION_AFTER: return parse_after(p, a, rest);
    case ACTION_SEND: return parse_body(p, a, rest);
    case ACTION_HEADER: return parse_header(p, a, rest);
    case ACTION_TYPE: return parse_type(p, a, rest);
    case ACTION_SHOW: return parse_show(p, a, rest);
    case ACTION_MIME: a->words[0] = rest; return true;
    case ACTION_CREDENTIALS: a->number = xhr__str_equals(rest, XHR__STR("on")); return true;
    case ACTION_TIMEOUT: return xhr__str_to_u64(rest, &a->number) || parse_error(p, "timeout MS");
    case ACTION_XHR:
    case ACTION_OPEN:
    case ACTION_LISTEN:
    case ACTION_UNLISTEN:
    case ACTION_ABORT:
    case ACTION_RELEASE:
    case ACTION_DESTROY: break;
  }
  return parse_words(a, rest);
}

bool parse_client_line(parser *p, xhr__str line) {
  static const struct {
    const char *word;
    action_kind kind;
  } kinds[] = {{"xhr", ACTION_XHR},         {"open", ACTION_OPEN},
               {"header", ACTION_HEADER},   {"timeout", ACTION_TIMEOUT},
               {"type", ACTION_TYPE},       {"credentials", ACTION_CREDENTIALS},
               {"mime", ACTION_MIME},       {"listen", ACTION_LISTEN},
               {"send", ACTION_SEND},       {"unlisten", ACTION_UNLISTEN},
               {"abort", ACTION_ABORT},     {"show", ACTION_SHOW},
               {"release", ACTION_RELEASE}, {"destroy", ACTION_DESTROY},
               {"on", ACTION_ON},           {"after", ACTION_AFTER}};
  bool nested = line.data[0] == ' ';
  while (line.data[0] == ' ')
    line = xhr__str_from(line, 1);
  xhr__str rest = line;
  xhr__str word = take_word(&rest);
  for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
    if (!xhr__str_equals(word, xhr__str_c(kinds[i].word)))
      continue;
    bool is_block = kinds[i].kind == ACTION_ON || kinds[i].kind == ACTION_AFTER;
    if (nested && (p->block == SIZE_MAX || is_block))
      return parse_error(p, "an indented line belongs to an `on` or `after` above");
    action *a = add_action(p, kinds[i].kind, line, nested);
    if (nested) {
      p->scenario->actions[p->block].count++;
    } else {
      p->block = is_block ? p->scenario->action_count - 1 : SIZE_MAX;
      a->first = p->scenario->action_count;
    }
    return parse_operands(p, a, rest);
  }
  return parse_error(p, "no such step of a client");
}
