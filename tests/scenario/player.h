/* Plays the client's part of a scenario and writes the event log. */
#ifndef TESTS_SCENARIO_PLAYER_H
#define TESTS_SCENARIO_PLAYER_H

#include "infra/clock.h"
#include "scenario/scenario.h"
#include "xhr.h"

typedef struct player player;

/* One XHR of the scenario. */
typedef struct player_xhr {
  player *player;
  xhr__str name;
  void *held; /* the client's; NULL once released, and where it could not be made */
} player_xhr;

enum { PLAYER_XHRS = 32 };

struct player {
  const scenario *scenario;
  const xhr__clock *clock;
  xhr_session *session;
  xhr_loop *loop;
  xhr_context *context;
  void *client; /* the client's own */
  xhr__time started;
  text log;
  unsigned depth;
  bool names; /* log lines name their XHR */
  bool told;  /* a call or a failure has said that memory ended */
  player_xhr xhrs[PLAYER_XHRS];
  size_t xhr_count, current;
  /* Of each action that is a block: */
  struct player_block {
    bool armed, done;
    size_t xhr;
    unsigned fired;
  } * blocks;
};

/* Makes loop and context on `session`, which is handed over. False where that fails. */
bool player_init(player *p, const scenario *s, const xhr__clock *clock, xhr_session *session,
                 unsigned port);
/* The actions that are in no block. */
void player_begin(player *p);
/* Blocks whose time has come. */
void player_run_due(player *p);
/* When the next such block is due; XHR__NEVER. */
xhr__time player_next_due(const player *p);
/* Nothing is in flight and no block waits for its time. */
bool player_is_done(const player *p);
/* Logs how each XHR ended. */
void player_end(player *p);
/* Frees all but the log. */
void player_free(player *p);

/* The session's options for a scenario; `port` and `closed`: where one.test and two.test are (0: nowhere). */
xhr_status player_options(const scenario *s, driver d, ports at, xhr_session_options **options);

#endif
