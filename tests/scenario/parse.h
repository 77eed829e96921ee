/* What the two parts of the case files' parser share. */
#ifndef TESTS_SCENARIO_PARSE_H
#define TESTS_SCENARIO_PARSE_H

#include "scenario/scenario.h"

typedef enum section {
  SECTION_DESCRIPTION,
  SECTION_SCENARIO,
  SECTION_SERVER,
  SECTION_CLIENT,
  SECTION_REQUEST,
  SECTION_EVENTS,
  SECTIONS
} section;

typedef struct parser {
  const char *path;
  unsigned line;
  scenario *scenario;
  section section;
  bool seen[SECTIONS];
  bool described;
  bool cut;     /* the server's next bytes are a piece of their own */
  bool in_body; /* of a [request] */
  size_t block; /* the action whose block indented lines belong to; SIZE_MAX: none */
  bool failed;
} parser;

/* Says what is wrong with the present line; false. */
bool parse_error(parser *p, const char *what);
bool parse_client_line(parser *p, xhr__str line);

#endif
