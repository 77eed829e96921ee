/* What a player does XHRs with: C's functions (client.c), or scripts of a QuickJS (js/client.c). A program has one of
 * them. */
#ifndef TESTS_SCENARIO_CLIENT_H
#define TESTS_SCENARIO_CLIENT_H

#include "scenario/player.h"

/* What its getters give; `text` is freed by the caller. */
typedef struct client_value {
  text text;
  bool null;
} client_value;

typedef struct client_failure {
  const char *code, *phase; /* constant */
  text host, reason;        /* freed by the caller */
} client_failure;

typedef struct client_event {
  xhr_event_type type;
  bool upload, length_computable;
  uint64_t loaded, total;
} client_event;

typedef enum client_getter {
  CLIENT_STATUS_TEXT,
  CLIENT_URL,
  CLIENT_HEADER,
  CLIENT_HEADERS,
  CLIENT_TEXT,
  CLIENT_MIME
} client_getter;

typedef enum client_integer { CLIENT_STATE, CLIENT_STATUS, CLIENT_TIMEOUT } client_integer;

/* Once the player has a context; and before it goes. */
xhr_status client_begin(player *p);
void client_end(player *p);

/* Makes an XHR, and listens to all its events but those of the upload object. */
xhr_status client_new(player_xhr *x);
/* Drops it, where it is held. */
void client_release(player_xhr *x);
bool client_is_held(const player_xhr *x);
/* A call that an action stands for. */
xhr_status client_call(player_xhr *x, const action *a);

/* All of these also inside an event of an XHR that was released. */
unsigned client_number(const player_xhr *x, client_integer which);
xhr_status client_get(const player_xhr *x, client_getter getter, xhr__str name,
                      client_value *value);
/* `type`: what the log calls the value. */
xhr_status client_get_response(const player_xhr *x, const char **type, client_value *value);
bool client_get_failure(const player_xhr *x, client_failure *failure);
/* Whether the request has failed for want of memory. */
bool client_failed_for_memory(const player_xhr *x);

/* The player's: logs the event and runs the blocks that wait for it. */
void player_on_event(player_xhr *x, const client_event *event);

#endif
