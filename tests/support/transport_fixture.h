/* What the tests of the libcurl transport share: a transport and a peer on one poller. */
#ifndef TESTS_TRANSPORT_FIXTURE_H
#define TESTS_TRANSPORT_FIXTURE_H

#include "support/exchanges.h"
#include "support/peer.h"

#define ANSWER(text)                                                                               \
  { .bytes = {text, sizeof(text) - 1}, .end = PEER_KEEP }
#define ANSWER_CLOSE(text)                                                                         \
  { .bytes = {text, sizeof(text) - 1}, .end = PEER_CLOSE }
#define ANSWER_RESET(text)                                                                         \
  { .bytes = {text, sizeof(text) - 1}, .end = PEER_RESET }
#define ANSWER_AT_HEAD(text)                                                                       \
  { .bytes = {text, sizeof(text) - 1}, .end = PEER_KEEP, .at_head = true }
#define COUNT(array) (sizeof(array) / sizeof *(array))

typedef struct fixture {
  exchanges all;
  peer *server;
  char url[256]; /* the peer's */
} fixture;

/* 200 OK, "hi". */
extern const peer_answer ok_answer;

/* With a session's default options, or with these. */
void begin(fixture *f, const peer_answer *answers, size_t count);
void begin_with(fixture *f, const xhr__transport_options *options, const peer_answer *answers,
                size_t count);
void end(fixture *f);
/* "http://127.0.0.1:port" + path, in a buffer of the caller's. */
const char *url_of(const peer *server, const char *path, char buffer[256]);

void assert_text(xhr__str text, const char *expected);
/* Done, with this body; or with this failure and a message. */
void assert_good(const recorder *r, const char *body);
void assert_failed(const recorder *r, xhr_failure_code code);

#endif
