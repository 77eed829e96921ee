/* Drives a transport by hand: a poller, the loop, and exchanges that record what they are told. */
#ifndef TESTS_EXCHANGES_H
#define TESTS_EXCHANGES_H

#include <stdbool.h>

#include "fetch/transport.h"

typedef struct exchanges {
  xhr__poller *poller;
  xhr__transport *transport;
  size_t open; /* started and neither done nor cancelled */
} exchanges;

/* Where a recorder calls its hook. */
typedef enum recorder_moment {
  RECORDER_READ_BODY,
  RECORDER_REWIND,
  RECORDER_HEAD,
  RECORDER_BODY,
  RECORDER_DONE
} recorder_moment;

typedef struct recorder recorder;
struct recorder {
  xhr__exchange exchange; /* first */
  exchanges *all;
  xhr__url url;
  xhr__header_list headers;

  /* What is sent. `later`: so many times read_body answers LATER, each resumed by the test. */
  xhr__str to_send;
  size_t sent, piece; /* piece 0: as much as there is room for */
  unsigned later;
  bool read_fails, ends_early;

  /* What came. */
  unsigned status, http_version;
  xhr__bytes reason, body;
  xhr__header_list response_headers;
  unsigned heads, bodies, rewinds, reads, laters;
  uint64_t body_bytes;
  bool keep_nothing; /* only counts the body */
  bool done, cancelled;
  xhr__failure failure;

  void (*hook)(recorder *r, recorder_moment moment);
  void *user;
};

/* Options with the defaults of a session. */
xhr__transport_options exchanges_options(void);
/* On the libcurl transport. Fails the test where that cannot be. */
void exchanges_begin(exchanges *all, const xhr__transport_options *options);
/* The same on a poller that is there already; a reference is taken. */
void exchanges_begin_on(exchanges *all, const xhr__transport_options *options, xhr__poller *poller);
void exchanges_end(exchanges *all);
/* One turn and one wait of at most `ms`. */
void exchanges_step(exchanges *all, unsigned ms);
/* Until nothing is open; fails the test after 30 seconds. */
void exchanges_run(exchanges *all);
/* Until `*flag`. */
void exchanges_run_until(exchanges *all, const bool *flag);

/* A request for `url`, not started. Free with recorder_free. */
void recorder_init(recorder *r, exchanges *all, const char *method, const char *url);
void recorder_header(recorder *r, const char *name, const char *value);
void recorder_send(recorder *r, xhr__str body);
void recorder_start(recorder *r);
void recorder_cancel(recorder *r);
void recorder_free(recorder *r);
/* init, start, run. */
void recorder_get(recorder *r, exchanges *all, const char *url);
/* The value of a response header, "" where there is none. */
xhr__str recorder_value(const recorder *r, const char *name);

#endif
