/* Timers of one thread: a heap of deadlines, of equal ones in the order in which they were set. A timer is embedded by
 * its owner; only making room can fail. */
#ifndef XHR__INFRA_TIMERS_H
#define XHR__INFRA_TIMERS_H

#include <stdbool.h>
#include <stddef.h>

#include "infra/clock.h"
#include "xhr/status.h"

/* Zero-initialise. */
typedef struct xhr__timer {
  xhr__time deadline;
  uint64_t order; /* of being set */
  size_t index;   /* place in the heap + 1; 0: not set */
} xhr__timer;

/* Zero-initialise ({0}); free with xhr__timers_free. */
typedef struct xhr__timers {
  xhr__timer **heap;
  size_t count;
  size_t capacity;
  uint64_t last_order;
} xhr__timers;

void xhr__timers_free(xhr__timers *timers);
/* Makes room for `count` timers in all; after it setting that many cannot fail. */
xhr_status xhr__timers_reserve(xhr__timers *timers, size_t count);
/* Sets a timer, or moves one that is set; XHR__NEVER stops it. */
void xhr__timers_set(xhr__timers *timers, xhr__timer *timer, xhr__time deadline);
static inline void xhr__timers_stop(xhr__timers *timers, xhr__timer *timer) {
  xhr__timers_set(timers, timer, XHR__NEVER);
}
/* The earliest deadline, or XHR__NEVER. */
xhr__time xhr__timers_next(const xhr__timers *timers);
/* Takes out a timer whose deadline is `now` or earlier; NULL where there is none. */
xhr__timer *xhr__timers_take_due(xhr__timers *timers, xhr__time now);

#endif
