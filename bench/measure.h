/* What the bench's clients share: arguments, time, processor time, memory, and the line that scripts/bench reads. */
#ifndef BENCH_MEASURE_H
#define BENCH_MEASURE_H

#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

typedef struct measure {
  uint64_t wall_ns, cpu_ns;
} measure;

static inline uint64_t measure_timespec(struct timespec time) {
  return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}

/* Wall clock and the process's processor time, user and system, of all threads. */
static inline measure measure_now(void) {
  struct timespec wall;
  struct rusage usage;
  clock_gettime(CLOCK_MONOTONIC, &wall);
  getrusage(RUSAGE_SELF, &usage);
  struct timeval user = usage.ru_utime, system = usage.ru_stime;
  uint64_t cpu_us = (uint64_t)(user.tv_sec + system.tv_sec) * 1000000u +
                    (uint64_t)(user.tv_usec + system.tv_usec);
  return (measure){measure_timespec(wall), cpu_us * 1000};
}

/* The most memory that the process ever held, in KiB; 0 where the system does not say. */
static inline uint64_t measure_peak_kib(void) {
  char line[256];
  uint64_t peak = 0;
  FILE *status = fopen("/proc/self/status", "r");
  if (!status)
    return 0;
  while (fgets(line, sizeof line, status)) {
    if (strncmp(line, "VmHWM:", 6) == 0)
      peak = strtoull(line + 6, NULL, 10);
  }
  fclose(status);
  return peak;
}

static inline void measure_report(measure since, uint64_t answered, uint64_t failed,
                                  uint64_t bytes) {
  measure now = measure_now();
  printf("wall_ns=%" PRIu64 " cpu_ns=%" PRIu64 " answered=%" PRIu64 " failed=%" PRIu64
         " bytes=%" PRIu64 " peak_kib=%" PRIu64 "\n",
         now.wall_ns - since.wall_ns, now.cpu_ns - since.cpu_ns, answered, failed, bytes,
         measure_peak_kib());
}

/* As many descriptors as the system lets us have. */
static inline void measure_raise_descriptors(void) {
  struct rlimit limit;
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
    return;
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
}

static inline void measure_die(const char *what) {
  fprintf(stderr, "bench: %s\n", what);
  exit(1);
}

/* A positive number. */
static inline uint64_t measure_number(const char *text) {
  char *end;
  uint64_t value = strtoull(text, &end, 10);
  if (*end || value == 0)
    measure_die("not a positive number");
  return value;
}

#endif
