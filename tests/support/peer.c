#include "support/peer.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "infra/list.h"

enum { MAX_REQUESTS = 256 };

typedef struct connection {
  xhr__list node;
  xhr__watcher watcher;
  peer *server;
  xhr__bytes in;
  bool answered_head; /* the request's head was answered, its body is passed over */
  const peer_answer *answer;
  size_t sent;
} connection;

struct peer {
  xhr__poller *poller;
  xhr__watcher listener;
  unsigned port;
  const peer_answer *answers;
  size_t answer_count;
  xhr__list connections;
  size_t accepted, open, received, piece;
  bool deaf;
  const char *greeting;
  xhr__bytes requests[MAX_REQUESTS];
  size_t request_count;
};

static void die(const char *what) {
  perror(what);
  abort();
}

static void drop(connection *c, bool reset) {
  if (reset) {
    struct linger linger = {1, 0};
    setsockopt(c->watcher.fd, SOL_SOCKET, SO_LINGER, &linger, sizeof linger);
  }
  xhr__poller_unwatch(c->server->poller, &c->watcher);
  close(c->watcher.fd);
  xhr__list_remove(&c->node);
  xhr__bytes_free(&c->in);
  c->server->open--;
  free(c);
}

static size_t content_length(xhr__str head) {
  xhr__str name = XHR__STR("\r\nContent-Length: ");
  size_t at = xhr__str_find_str(head, 0, name);
  uint64_t length = 0;
  if (at == head.len)
    return 0;
  at += name.len;
  if (!xhr__str_to_u64(xhr__str_slice(head, at, xhr__str_find(head, at, '\r')), &length))
    abort();
  return (size_t)length;
}

/* Length of the first request in the buffer once it is to be answered; 0 before. */
static size_t request_length(const connection *c) {
  xhr__str in = xhr__bytes_str(&c->in);
  size_t end = xhr__str_find_str(in, 0, XHR__STR("\r\n\r\n"));
  if (end == in.len)
    return 0;
  end += 4;
  size_t next = c->server->request_count;
  if (next < c->server->answer_count && c->server->answers[next].at_head)
    return end;
  size_t length = content_length(xhr__str_slice(in, 0, end));
  return in.len - end >= length ? end + length : 0;
}

static void wait_for(connection *c) {
  unsigned interest = c->server->deaf ? 0 : XHR__POLL_IN;
  if (c->answer)
    interest |= XHR__POLL_OUT;
  xhr__poller_change(c->server->poller, &c->watcher, interest);
}

static void take_request(connection *c) {
  peer *server = c->server;
  size_t length = request_length(c);
  if (c->answer || length == 0 || c->answered_head)
    return;
  size_t index = server->request_count++;
  if (index >= MAX_REQUESTS ||
      xhr__bytes_assign(&server->requests[index],
                        xhr__str_slice(xhr__bytes_str(&c->in), 0, length)) != XHR_OK)
    abort();
  xhr__bytes_consume(&c->in, length);
  if (index >= server->answer_count)
    return;
  c->answer = &server->answers[index];
  c->answered_head = c->answer->at_head;
  c->sent = 0;
}

/* False: the connection is gone. */
static bool send_answer(connection *c) {
  while (c->answer) {
    size_t left = c->answer->bytes.len - c->sent;
    size_t piece = c->server->piece && c->server->piece < left ? c->server->piece : left;
    ssize_t n = send(c->watcher.fd, c->answer->bytes.data + c->sent, piece, MSG_NOSIGNAL);
    if (n < 0 && errno == EAGAIN)
      return true;
    if (n < 0) {
      drop(c, false);
      return false;
    }
    c->sent += (size_t)n;
    if (c->sent < c->answer->bytes.len) {
      if (c->server->piece)
        return true;
      continue;
    }
    peer_end end = c->answer->end;
    c->answer = NULL;
    if (end != PEER_KEEP) {
      drop(c, end == PEER_RESET);
      return false;
    }
    take_request(c);
  }
  return true;
}

static void ready(xhr__watcher *watcher, unsigned events) {
  connection *c = XHR__OWNER(watcher, connection, watcher);
  static char buffer[1 << 16];
  if (!c->server->deaf && (events & (XHR__POLL_IN | XHR__POLL_ERROR))) {
    ssize_t n = recv(watcher->fd, buffer, sizeof buffer, 0);
    if (n == 0 || (n < 0 && errno != EAGAIN)) {
      drop(c, false);
      return;
    }
    if (n > 0) {
      c->server->received += (size_t)n;
      if (!c->answered_head && xhr__bytes_append(&c->in, xhr__str_of(buffer, (size_t)n)) != XHR_OK)
        abort();
    }
    take_request(c);
  }
  if (send_answer(c))
    wait_for(c);
}

static void accept_ready(xhr__watcher *watcher, unsigned events) {
  (void)events;
  peer *server = XHR__OWNER(watcher, peer, listener);
  int fd = accept4(watcher->fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
  if (fd < 0)
    return;
  int one = 1;
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  connection *c = calloc(1, sizeof *c);
  if (!c)
    abort();
  c->server = server;
  c->watcher.fd = fd;
  c->watcher.ready = ready;
  xhr__list_append(&server->connections, &c->node);
  if (server->greeting && send(fd, server->greeting, strlen(server->greeting), MSG_NOSIGNAL) < 0)
    die("send");
  server->accepted++;
  server->open++;
  if (xhr__poller_watch(server->poller, &c->watcher, server->deaf ? 0 : XHR__POLL_IN) != XHR_OK)
    die("epoll_ctl");
}

peer *peer_new(xhr__poller *poller, const peer_answer *answers, size_t count) {
  peer *server = calloc(1, sizeof *server);
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
  socklen_t len = sizeof address;
  if (!server)
    abort();
  server->poller = poller;
  server->answers = answers;
  server->answer_count = count;
  xhr__list_init(&server->connections);
  int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (fd < 0 || bind(fd, (struct sockaddr *)&address, len) != 0 || listen(fd, 512) != 0 ||
      getsockname(fd, (struct sockaddr *)&address, &len) != 0)
    die("listen");
  server->port = ntohs(address.sin_port);
  server->listener.fd = fd;
  server->listener.ready = accept_ready;
  if (xhr__poller_watch(poller, &server->listener, XHR__POLL_IN) != XHR_OK)
    die("epoll_ctl");
  return server;
}

void peer_free(peer *server) {
  peer_close_all(server);
  xhr__poller_unwatch(server->poller, &server->listener);
  close(server->listener.fd);
  for (size_t i = 0; i < MAX_REQUESTS; i++)
    xhr__bytes_free(&server->requests[i]);
  free(server);
}

unsigned peer_port(const peer *server) {
  return server->port;
}

size_t peer_accepted(const peer *server) {
  return server->accepted;
}

size_t peer_open(const peer *server) {
  return server->open;
}

size_t peer_request_count(const peer *server) {
  return server->request_count;
}

xhr__str peer_request(const peer *server, size_t index) {
  return xhr__bytes_str(&server->requests[index]);
}

void peer_close_all(peer *server) {
  while (!xhr__list_empty(&server->connections))
    drop(XHR__OWNER(server->connections.next, connection, node), false);
}

void peer_reset_all(peer *server) {
  while (!xhr__list_empty(&server->connections))
    drop(XHR__OWNER(server->connections.next, connection, node), true);
}

void peer_set_greeting(peer *server, const char *greeting) {
  server->greeting = greeting;
}

void peer_set_piece(peer *server, size_t piece) {
  server->piece = piece;
}

void peer_set_deaf(peer *server, bool deaf) {
  server->deaf = deaf;
  for (xhr__list *node = server->connections.next; node != &server->connections; node = node->next)
    wait_for(XHR__OWNER(node, connection, node));
}

size_t peer_received(const peer *server) {
  return server->received;
}
