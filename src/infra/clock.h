/* Monotonic time, replaceable: the fake clock of the tests. */
#ifndef XHR__INFRA_CLOCK_H
#define XHR__INFRA_CLOCK_H

#include <stdint.h>

/* Nanoseconds since some fixed moment. XHR__NEVER as a deadline: none. */
typedef uint64_t xhr__time;
#define XHR__NEVER       UINT64_MAX
#define XHR__MILLISECOND ((xhr__time)1000000)

/* Reads the time; `user` is the clock's own. A session and its loop must use the same one. */
typedef struct xhr__clock {
  xhr__time (*now)(void *user);
  void *user;
} xhr__clock;

/* The system's monotonic clock. */
extern const xhr__clock xhr__monotonic_clock;

static inline xhr__time xhr__clock_now(const xhr__clock *clock) {
  return clock->now(clock->user);
}
/* `time` + `ms`, never past XHR__NEVER. */
static inline xhr__time xhr__time_after_ms(xhr__time time, uint64_t ms) {
  xhr__time span, sum;
  if (__builtin_mul_overflow(ms, XHR__MILLISECOND, &span))
    return XHR__NEVER;
  return __builtin_add_overflow(time, span, &sum) ? XHR__NEVER : sum;
}

#endif
