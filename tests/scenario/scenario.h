/* A scenario as its case file says it. See README.md for the files' form. */
#ifndef TESTS_SCENARIO_SCENARIO_H
#define TESTS_SCENARIO_SCENARIO_H

#include "net/scripted.h"
#include "scenario/text.h"
#include "xhr/event.h"

typedef enum driver { DRIVER_SCRIPTED, DRIVER_INLINE, DRIVER_THREADED, DRIVERS } driver;

extern const char *const driver_names[DRIVERS];

typedef enum action_kind {
  ACTION_XHR,         /* goes on with the XHR of that name */
  ACTION_OPEN,        /* words: method, URL, user, password */
  ACTION_HEADER,      /* words: name, value */
  ACTION_TIMEOUT,     /* number: ms */
  ACTION_CREDENTIALS, /* number: 0 or 1 */
  ACTION_TYPE,        /* number: xhr_response_type */
  ACTION_MIME,        /* words: MIME type */
  ACTION_LISTEN,      /* logs the upload object's events from now on */
  ACTION_UNLISTEN,    /* and no more */
  ACTION_SEND,        /* number: 1 with a body, whose bytes and type follow */
  ACTION_ABORT,
  ACTION_SHOW,    /* words: what, header name */
  ACTION_RELEASE, /* drops the reference to the XHR */
  ACTION_DESTROY, /* destroys the context */
  ACTION_ON,      /* a block, at events */
  ACTION_AFTER    /* a block, at a time (number: ms) */
} action_kind;

typedef struct action {
  action_kind kind;
  unsigned line;
  xhr__str source; /* as it stands in the file */
  xhr__str words[4];
  text bytes;
  bool has_type; /* of the body: words[0] */
  uint64_t number;
  /* of a block: */
  bool upload;
  xhr_event_type event;
  int state;           /* readystatechange of that state only; -1: any */
  unsigned which;      /* that one only; 0: each */
  size_t first, count; /* its actions are scenario->actions[first], and so on */
} action;

typedef struct server_connection {
  xhr_failure_code failure;
  xhr__script_step *steps;
  text *bytes; /* of each step */
  size_t count;
} server_connection;

typedef struct scenario {
  text source; /* the file, placeholders replaced */
  bool drivers[DRIVERS];
  bool no_alloc_fail; /* it is not to be played with failing allocations */
  bool whole;         /* the server's bytes are not to be cut */
  uint64_t header_bytes, response_bytes, decompression_ratio; /* limits; UINT64_MAX: the default */
  xhr__str origin; /* of the context; empty: a system context */
  server_connection *connections;
  size_t connection_count;
  action *actions; /* top-level ones and those in blocks, in the file's order */
  bool *nested;    /* which of them are in a block */
  size_t action_count;
  text *requests;
  size_t request_count;
  bool has_requests;
  text events; /* the expected log */
} scenario;

/* What stands for {port} and {closed} in a case file. */
typedef struct ports {
  unsigned port, closed;
} ports;

/* Reads a case file; false with messages, each with a line number, on stderr. Free with scenario_free either way. */
bool scenario_read(const char *path, ports p, scenario *s);
void scenario_free(scenario *s);

#endif
