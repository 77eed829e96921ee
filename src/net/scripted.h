/* A transport without a network: a script says what each connection's server reads and sends. For tests: all time is
 * the clock's, and the server's bytes can be cut anywhere. It speaks HTTP/1.1 and reports failures as libcurl's does. */
#ifndef XHR__NET_SCRIPTED_H
#define XHR__NET_SCRIPTED_H

#include "fetch/transport.h"

typedef enum xhr__script_step_kind {
  XHR__STEP_READ_HEAD, /* waits for a request's head and reads it */
  XHR__STEP_READ_BODY, /* reads `amount` bytes of the request's body */
  XHR__STEP_READ_REST, /* reads what is left of it */
  XHR__STEP_SEND,      /* sends `bytes` */
  XHR__STEP_WAIT,      /* waits `amount` milliseconds */
  XHR__STEP_CLOSE,     /* closes the connection */
  XHR__STEP_RESET,     /* breaks it */
  XHR__STEP_STALL      /* does nothing more */
} xhr__script_step_kind;

typedef struct xhr__script_step {
  xhr__script_step_kind kind;
  xhr__str bytes;
  uint64_t amount;
} xhr__script_step;

/* What one connection does. Behind its last step the server only waits. */
typedef struct xhr__script_connection {
  xhr_failure_code failure; /* not XHR_FAILURE_NONE: it cannot be made */
  const xhr__script_step *steps;
  size_t count;
} xhr__script_connection;

typedef enum xhr__script_cut {
  XHR__CUT_NOWHERE,    /* each step's bytes arrive at once */
  XHR__CUT_EVERY_BYTE, /* each byte arrives alone */
  XHR__CUT_AT          /* there is a cut before the `cut_at`th byte that the transport delivers */
} xhr__script_cut;

/* Connections are used in order, as the exchanges need new ones. Borrowed, until the transport is destroyed. */
typedef struct xhr__script {
  const xhr__script_connection *connections;
  size_t count;
  xhr__script_cut cut;
  uint64_t cut_at;
  uint64_t max_header_bytes;
  /* What the server has read; `begins`: of a new request. */
  void (*received)(void *user, size_t connection, bool begins, xhr__str bytes);
  void *user;
} xhr__script;

/* Request bytes that are on their way before the server reads them. */
#define XHR__SCRIPTED_SOCKET_BYTES ((size_t)64 << 10)

/* XHR_OK, XHR_OUT_OF_MEMORY. The engine that takes it destroys it. */
xhr_status xhr__scripted_transport_new(const xhr__script *script, xhr__transport **transport);

#endif
