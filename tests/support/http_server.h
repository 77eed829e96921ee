/* A small HTTP/1.1 server for demos, tests and the bench: one thread, epoll, keep-alive, plain HTTP. What it answers is
 * the routes' business (tests/servers/test_server.c). Bad input gets an error answer or a closed connection. */
#ifndef TESTS_HTTP_SERVER_H
#define TESTS_HTTP_SERVER_H

#include <stdbool.h>
#include <stdint.h>

#include "infra/bytes.h"
#include "infra/clock.h"
#include "infra/list.h"

typedef struct http_server http_server;

typedef enum http_state {
  HTTP_HEAD,       /* reading a request's head, or idle */
  HTTP_BODY,       /* reading so many bytes of its body */
  HTTP_CHUNK_SIZE, /* reading a chunked body: the line of the size, */
  HTTP_CHUNK_DATA, /* the data, */
  HTTP_CHUNK_END,  /* the line behind the data, */
  HTTP_TRAILER,    /* the trailer's lines */
  HTTP_WAITING,    /* the route answers later, or reads on later */
  HTTP_SENDING
} http_state;

/* One connection, and the request on it. The first part is the server's own, the second the routes' to read, the third
 * theirs to use; it is zero at the start of each request. */
typedef struct http_connection {
  http_server *server;
  int fd;
  uint32_t interest; /* what epoll watches for */
  http_state state;
  http_state resume_state; /* where http_pause found it */
  xhr__bytes in;           /* read, not yet used */
  xhr__bytes out;          /* to be sent */
  size_t out_at;
  uint64_t pattern_at, pattern_left; /* of http_respond_pattern */
  uint64_t left;                     /* of the body or chunk */
  bool keep_alive, close_when_sent, dead;
  xhr__time due;
  xhr__list timer; /* among the server's, by due */
  xhr__list node;  /* among the server's connections */

  xhr__bytes head; /* the request's head, which the strings below lie in */
  xhr__str method, path, query;
  xhr__str headers;    /* the lines, each with its end */
  xhr__bytes body;     /* where the route collects it */
  uint64_t body_bytes; /* read so far */

  const void *route;
  uint64_t count, amount;
  unsigned ms;
  bool flag;
  xhr__list held;
} http_connection;

typedef struct http_routes {
  /* A request's head is there. */
  void (*begin)(http_connection *connection);
  /* A piece of its body. */
  void (*body)(http_connection *connection, xhr__str bytes);
  /* All of it: now, or after a timer, one of http_respond... or http_drop... is due. */
  void (*complete)(http_connection *connection);
  /* The time of http_timer has come. */
  void (*timer)(http_connection *connection);
  /* The connection goes away; the request, if there is one, is not answered. */
  void (*gone)(http_connection *connection);
} http_routes;

/* Listens on 127.0.0.1 (port 0: a free one). NULL with a message on stderr where it cannot. */
http_server *http_server_new(unsigned port, const http_routes *routes);
unsigned http_server_port(const http_server *server);
/* Serves until SIGTERM or SIGINT, or, with `until_stdin_ends`, until standard input is at its end. */
void http_server_run(http_server *server, bool until_stdin_ends);
void http_server_free(http_server *server);

/* The answer: status, header lines (each ended by CR LF; may be empty), body. HEAD, 204 and 304 send no body. */
void http_respond(http_connection *connection, unsigned status, xhr__str reason, xhr__str headers,
                  xhr__str body);
/* 200 with `length` bytes, of which byte i is i modulo 251. */
void http_respond_pattern(http_connection *connection, xhr__str headers, uint64_t length);
/* The answer in pieces: what is given here goes out as it is. */
void http_write(http_connection *connection, xhr__str bytes);
/* The answer's end; `keep` false closes the connection behind it. */
void http_finish(http_connection *connection, bool keep);
/* Closes without more, with a reset where asked. */
void http_drop(http_connection *connection, bool reset);
/* Calls the routes' timer in `ms` milliseconds. */
void http_timer(http_connection *connection, unsigned ms);
/* In begin or body: reads nothing more before http_resume. */
void http_pause(http_connection *connection);
void http_resume(http_connection *connection);

/* A request header's value; false where there is none. */
bool http_header(const http_connection *connection, xhr__str name, xhr__str *value);
/* A query parameter's value, percent-decoded, appended to `value` (which may be NULL); false where there is none. */
bool http_query(const http_connection *connection, xhr__str name, xhr__bytes *value);
/* The same as a number; `otherwise` where there is none. */
uint64_t http_query_number(const http_connection *connection, xhr__str name, uint64_t otherwise);
/* The next `name=value` of a query, from `*at` on, both decoded into empty buffers; false at the end. */
bool http_query_next(xhr__str query, size_t *at, xhr__bytes *name, xhr__bytes *value);

#endif
