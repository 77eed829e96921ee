/* For the consumers. */
#ifndef TESTS_CLOSED_PORT_H
#define TESTS_CLOSED_PORT_H

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

/* Binds a free port without listening: connections to it are refused while the socket is there. */
static inline int closed_port(unsigned *port) {
  struct sockaddr_in address;
  socklen_t size = sizeof address;
  int fd = socket(AF_INET, SOCK_STREAM, 0);
  memset(&address, 0, sizeof address);
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (fd < 0 || bind(fd, (struct sockaddr *)&address, sizeof address) != 0 ||
      getsockname(fd, (struct sockaddr *)&address, &size) != 0)
    return 0;
  *port = ntohs(address.sin_port);
  return 1;
}

#endif
