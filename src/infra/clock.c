#include "infra/clock.h"

#include <stddef.h>
#include <time.h>

static xhr__time monotonic_now(void *user) {
  (void)user;
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (xhr__time)now.tv_sec * 1000000000u + (xhr__time)now.tv_nsec;
}

const xhr__clock xhr__monotonic_clock = {monotonic_now, NULL};
