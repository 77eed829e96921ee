/* Keeps what the server read: the requests, each as its bytes on the wire. Any thread. */
#ifndef TESTS_SCENARIO_RECORDER_H
#define TESTS_SCENARIO_RECORDER_H

#include <pthread.h>
#include <stdbool.h>

#include "scenario/scenario.h"

typedef struct recorder {
  pthread_mutex_t lock;
  struct recorded {
    size_t connection;
    text bytes;
  } * requests;
  size_t count;
  text trouble; /* what no script provides for, in words */
} recorder;

void recorder_init(recorder *r);
void recorder_free(recorder *r);
/* As xhr__script's `received`. */
void recorder_received(void *r, size_t connection, bool begins, xhr__str bytes);
/* Something that no script provides for. */
void recorder_trouble(recorder *r, size_t connection, const char *what);
/* Whether all is as the scenario expects; where not and `print`, says what is different. */
bool recorder_check(const recorder *r, const scenario *s, bool print);

#endif
