/* Debian's nginx as a real server for tests: own configuration and directory, free ports, a test CA; gone when the test
 * is. It answers:
 *
 *   /          "connection C request R METHOD LENGTH", from the connection's number and the request's on it
 *   /large     4 MiB; byte i is i modulo 251
 *   /client    the client certificate's subject, or "none"
 *   /missing   404
 */
#ifndef TESTS_NGINX_H
#define TESTS_NGINX_H

#include <stddef.h>
#include <sys/types.h>

enum { NGINX_LARGE = 4 << 20 };

typedef struct nginx {
  pid_t pid;
  char directory[64];
  /* Ports. HTTP/2 where that is said, else HTTP/1.1; https and http2 take client certificates. */
  unsigned http, https, http2;
  unsigned expired, wrong_host; /* with those certificates */
} nginx;

/* Fails the program, saying why, where it cannot be started: scripts/deps installs it. */
void nginx_start(nginx *server);
void nginx_stop(nginx *server);
/* A file of the test CA, such as "ca.pem"; see tests/support/test-ca. */
const char *nginx_file(const nginx *server, const char *name, char buffer[256]);

#endif
