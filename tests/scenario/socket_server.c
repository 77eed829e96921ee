#include "scenario/socket_server.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

typedef struct served {
  socket_server *server;
  pthread_t thread;
  size_t index;
  const server_connection *script; /* NULL: one too many */
  int fd;
  text in;            /* read ahead of the steps */
  uint64_t body_left; /* of the present request */
} served;

struct socket_server {
  const scenario *scenario;
  recorder *recorder;
  int listener, refusing;
  int stop; /* an eventfd: readable once all is to end */
  pthread_t thread;
  bool runs;
  served **connections; /* the accepting thread's, until it is joined */
  size_t count;
};

/* How long the drain of a closed connection may take. */
enum { DRAIN_MS = 500 };

static int must(int result, const char *what) {
  if (result < 0) {
    perror(what);
    abort();
  }
  return result;
}

static int bind_any(unsigned *port) {
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  socklen_t size = sizeof address;
  int fd = must(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), "socket");
  must(bind(fd, (struct sockaddr *)&address, sizeof address), "bind");
  must(getsockname(fd, (struct sockaddr *)&address, &size), "getsockname");
  *port = ntohs(address.sin_port);
  return fd;
}

socket_server *socket_server_new(ports *at) {
  socket_server *server = need(calloc(1, sizeof *server));
  server->listener = bind_any(&at->port);
  server->refusing = bind_any(&at->closed); /* bound, not listening */
  server->stop = must(eventfd(0, EFD_CLOEXEC), "eventfd");
  must(listen(server->listener, 64), "listen");
  return server;
}

/* Waits for `events` on the connection; false where all is to end, or after `ms`. */
static bool wait_for(const served *c, short events, int ms) {
  struct pollfd fds[2] = {{c->fd, events, 0}, {c->server->stop, POLLIN, 0}};
  for (;;) {
    int count = poll(fds, 2, ms);
    if (count < 0 && errno == EINTR)
      continue;
    return count > 0 && !(fds[1].revents & POLLIN);
  }
}

/* More bytes into c->in; false at the end. */
static bool read_more(served *c) {
  char buffer[65536];
  if (!wait_for(c, POLLIN, -1))
    return false;
  ssize_t count = recv(c->fd, buffer, sizeof buffer, 0);
  if (count <= 0)
    return false;
  text_append(&c->in, xhr__str_of(buffer, (size_t)count));
  return true;
}

static void take(served *c, bool begins, size_t count) {
  recorder_received(c->server->recorder, c->index, begins,
                    xhr__str_slice(text_str(&c->in), 0, count));
  memmove(c->in.data, c->in.data + count, c->in.len - count);
  c->in.len -= count;
}

static uint64_t content_length(xhr__str head) {
  uint64_t length = 0;
  for (size_t at = 0; at < head.len;) {
    size_t end = xhr__str_find(head, at, '\n');
    xhr__str line = xhr__str_slice(head, at, end);
    at = end + 1;
    if (xhr__str_starts_with_ci(line, XHR__STR("content-length:")) &&
        !xhr__str_to_u64(xhr__str_trim_http_whitespace(xhr__str_from(line, 15)), &length))
      length = 0;
  }
  return length;
}

static bool read_head(served *c) {
  size_t end;
  while ((end = xhr__str_find_str(text_str(&c->in), 0, XHR__STR("\r\n\r\n"))) == c->in.len) {
    if (!read_more(c))
      return false;
  }
  c->body_left = content_length(xhr__str_slice(text_str(&c->in), 0, end + 4));
  take(c, true, end + 4);
  return true;
}

static bool read_body(served *c, uint64_t wanted) {
  while (wanted) {
    if (c->in.len == 0 && !read_more(c))
      return false;
    size_t count = wanted < c->in.len ? (size_t)wanted : c->in.len;
    take(c, false, count);
    wanted -= count;
    c->body_left -= count < c->body_left ? count : c->body_left;
  }
  return true;
}

static bool send_bytes(served *c, xhr__str bytes) {
  while (bytes.len) {
    if (!wait_for(c, POLLOUT, -1))
      return false;
    ssize_t count = send(c->fd, bytes.data, bytes.len, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (count < 0 && errno != EAGAIN && errno != EINTR)
      return false;
    if (count > 0)
      bytes = xhr__str_from(bytes, (size_t)count);
  }
  return true;
}

/* Closes so that nothing that was sent is lost: what comes meanwhile is read, else the kernel sends a reset. */
static void close_gently(served *c) {
  char buffer[4096];
  shutdown(c->fd, SHUT_WR);
  while (wait_for(c, POLLIN, DRAIN_MS) && recv(c->fd, buffer, sizeof buffer, 0) > 0)
    continue;
}

static void reset(const served *c) {
  struct linger linger = {.l_onoff = 1, .l_linger = 0};
  setsockopt(c->fd, SOL_SOCKET, SO_LINGER, &linger, sizeof linger);
}

/* One step; false: the connection is over. */
static bool play(served *c, const xhr__script_step *step) {
  switch (step->kind) {
    case XHR__STEP_READ_HEAD: return read_head(c);
    case XHR__STEP_READ_BODY: return read_body(c, step->amount);
    case XHR__STEP_READ_REST: return read_body(c, c->body_left);
    case XHR__STEP_SEND: return send_bytes(c, step->bytes);
    case XHR__STEP_WAIT: {
      struct pollfd stop = {c->server->stop, POLLIN, 0};
      return poll(&stop, 1, (int)step->amount) == 0;
    }
    case XHR__STEP_CLOSE: close_gently(c); return false;
    case XHR__STEP_RESET: reset(c); return false;
    case XHR__STEP_STALL: wait_for(c, POLLRDHUP, -1); return false;
  }
  return false;
}

static void *serve(void *user) {
  served *c = user;
  bool goes_on = c->script != NULL;
  if (!goes_on)
    recorder_trouble(c->server->recorder, c->index, "one more than the scenario has");
  for (size_t i = 0; goes_on && i < c->script->count; i++)
    goes_on = play(c, &c->script->steps[i]);
  if (goes_on && (c->in.len || read_more(c)))
    recorder_trouble(c->server->recorder, c->index, "bytes that no step reads");
  close(c->fd);
  return NULL;
}

/* The script of the next connection that is made; NULL: none is left. */
static const server_connection *next_script(const scenario *s, size_t *index) {
  while (*index < s->connection_count && s->connections[*index].failure != XHR_FAILURE_NONE)
    ++*index;
  return *index < s->connection_count ? &s->connections[*index] : NULL;
}

static void *accept_all(void *user) {
  socket_server *server = user;
  size_t index = 0;
  struct pollfd fds[2] = {{server->listener, POLLIN, 0}, {server->stop, POLLIN, 0}};
  while (poll(fds, 2, -1) < 0 || !(fds[1].revents & POLLIN)) {
    int fd = accept4(server->listener, NULL, NULL, SOCK_CLOEXEC);
    int on = 1;
    if (fd < 0)
      continue;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    served *c = need(calloc(1, sizeof *c));
    c->server = server;
    c->fd = fd;
    c->script = next_script(server->scenario, &index);
    c->index = index++;
    server->connections =
        need(realloc(server->connections, (server->count + 1) * sizeof *server->connections));
    server->connections[server->count++] = c;
    if (pthread_create(&c->thread, NULL, serve, c) != 0)
      need(NULL);
  }
  return NULL;
}

void socket_server_start(socket_server *server, const scenario *s, recorder *r) {
  server->scenario = s;
  server->recorder = r;
  server->runs = true;
  if (pthread_create(&server->thread, NULL, accept_all, server) != 0)
    need(NULL);
}

void socket_server_free(socket_server *server) {
  uint64_t one = 1;
  must((int)write(server->stop, &one, sizeof one), "eventfd");
  if (server->runs)
    pthread_join(server->thread, NULL);
  for (size_t i = 0; i < server->count; i++) {
    pthread_join(server->connections[i]->thread, NULL);
    text_free(&server->connections[i]->in);
    free(server->connections[i]);
  }
  free(server->connections);
  close(server->listener);
  close(server->refusing);
  close(server->stop);
  free(server);
}
