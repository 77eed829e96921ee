/* A server for transport tests: it runs on the test's own poller, so that one thread sees both ends, and gives prepared
 * answers, right or wrong. */
#ifndef TESTS_PEER_H
#define TESTS_PEER_H

#include <stdbool.h>

#include "infra/bytes.h"
#include "infra/poller.h"

typedef struct peer peer;

/* What is done once an answer's bytes are out. */
typedef enum peer_end {
  PEER_KEEP,  /* waits for the next request */
  PEER_CLOSE, /* closes in good order */
  PEER_RESET, /* closes with a reset */
} peer_end;

/* The answer to one request, in the order in which requests are complete. */
typedef struct peer_answer {
  xhr__str bytes;
  peer_end end;
  bool at_head; /* not after the request's body, but as soon as its head is there */
} peer_answer;

/* Listens on a free port of 127.0.0.1. Answers are borrowed; requests beyond the last one are never answered. */
peer *peer_new(xhr__poller *poller, const peer_answer *answers, size_t count);
void peer_free(peer *server);
unsigned peer_port(const peer *server);
/* Connections accepted so far, and still open. */
size_t peer_accepted(const peer *server);
size_t peer_open(const peer *server);
/* Requests whose head (and body, unless answered at_head) is there; each as it came. */
size_t peer_request_count(const peer *server);
xhr__str peer_request(const peer *server, size_t index);
/* Closes all connections, as servers do with idle ones. */
void peer_close_all(peer *server);
/* The same with resets. */
void peer_reset_all(peer *server);
/* Sends this on each new connection before it reads; borrowed. */
void peer_set_greeting(peer *server, const char *greeting);
/* Sends so many bytes at a time; 0, the start: all. */
void peer_set_piece(peer *server, size_t piece);
/* Reads nothing (or again). */
void peer_set_deaf(peer *server, bool deaf);
/* Bytes read from all connections. */
size_t peer_received(const peer *server);

#endif
