#include "support/leftovers.h"

#include <dirent.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

enum { PATIENCE_MS = 2000 };

static unsigned threads_before, descriptors_before;

/* Entries of a directory of /proc/self, but for "." and "..". */
static unsigned count(const char *path) {
  DIR *directory = opendir(path);
  unsigned entries = 0;
  if (!directory) {
    perror(path);
    exit(1);
  }
  for (struct dirent *entry; (entry = readdir(directory));)
    entries += entry->d_name[0] != '.';
  closedir(directory);
  return entries;
}

static void list_descriptors(void) {
  for (int fd = 0; fd < 4096; fd++) {
    char path[64], target[256];
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    ssize_t len = readlink(path, target, sizeof target);
    if (len > 0)
      fprintf(stderr, "  descriptor %d: %.*s\n", fd, (int)len, target);
  }
}

static void *do_nothing(void *argument) {
  return argument;
}

int leftovers_note(void **state) {
  (void)state;
  /* ThreadSanitizer starts a thread of its own with the first of ours. */
  pthread_t thread;
  if (pthread_create(&thread, NULL, do_nothing, NULL) != 0 || pthread_join(thread, NULL) != 0)
    return 1;
  threads_before = count("/proc/self/task");
  descriptors_before = count("/proc/self/fd");
  return 0;
}

int leftovers_check(void **state) {
  (void)state;
  unsigned threads = count("/proc/self/task");
  for (int ms = 0; threads > threads_before && ms < PATIENCE_MS; ms++) {
    nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
    threads = count("/proc/self/task");
  }
  unsigned descriptors = count("/proc/self/fd");
  if (threads > threads_before)
    fprintf(stderr, "threads left: %u, at the start %u\n", threads, threads_before);
  if (descriptors > descriptors_before) {
    fprintf(stderr, "descriptors left: %u, at the start %u\n", descriptors, descriptors_before);
    list_descriptors();
  }
  return threads > threads_before || descriptors > descriptors_before;
}
