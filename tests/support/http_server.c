#include "support/http_server.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
  HEAD_MAX = 64 * 1024,
  SCRATCH_SIZE = 256 * 1024,
  PATTERN_PERIOD = 251,
  PATTERN_SIZE = PATTERN_PERIOD * 1024,
  EVENTS = 256
};

struct http_server {
  const http_routes *routes;
  int epoll, listener, signals;
  unsigned port;
  bool accepting, until_stdin_ends, stopped;
  xhr__list connections, timers;
  xhr__list doomed; /* closed while an event of theirs may still be in hand */
  char scratch[SCRATCH_SIZE];
  char pattern[PATTERN_SIZE + PATTERN_PERIOD];
};

/* ---- connections ---------------------------------------------------------------------------------- */

static void watch(http_connection *connection) {
  uint32_t want = EPOLLRDHUP;
  if (connection->state == HTTP_SENDING)
    want = EPOLLOUT;
  else if (connection->state != HTTP_WAITING)
    want = EPOLLIN;
  if (want == connection->interest || connection->dead)
    return;
  struct epoll_event event = {.events = want, .data.ptr = connection};
  epoll_ctl(connection->server->epoll, EPOLL_CTL_MOD, connection->fd, &event);
  connection->interest = want;
}

static void accept_again(http_server *server) {
  if (server->accepting)
    return;
  struct epoll_event event = {.events = EPOLLIN, .data.ptr = &server->listener};
  server->accepting = epoll_ctl(server->epoll, EPOLL_CTL_ADD, server->listener, &event) == 0;
}

/* The memory goes at the end of the turn: epoll may have told of it already. */
static void kill_connection(http_connection *connection) {
  if (connection->dead)
    return;
  connection->dead = true;
  connection->server->routes->gone(connection);
  xhr__list_remove(&connection->timer);
  xhr__list_remove(&connection->held);
  close(connection->fd);
  xhr__list_remove(&connection->node);
  xhr__list_append(&connection->server->doomed, &connection->node);
  accept_again(connection->server);
}

static void free_connection(http_connection *connection) {
  xhr__bytes_free(&connection->in);
  xhr__bytes_free(&connection->out);
  xhr__bytes_free(&connection->head);
  xhr__bytes_free(&connection->body);
  free(connection);
}

static void free_doomed(http_server *server) {
  xhr__list *node;
  while ((node = xhr__list_take_first(&server->doomed)))
    free_connection(XHR__OWNER(node, http_connection, node));
}

static void new_connection(http_server *server, int fd) {
  http_connection *connection = calloc(1, sizeof *connection);
  struct epoll_event event = {.events = EPOLLIN, .data.ptr = connection};
  if (!connection || epoll_ctl(server->epoll, EPOLL_CTL_ADD, fd, &event) != 0) {
    free(connection);
    close(fd);
    return;
  }
  int on = 1;
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  connection->server = server;
  connection->fd = fd;
  connection->interest = EPOLLIN;
  xhr__list_init(&connection->timer);
  xhr__list_init(&connection->held);
  xhr__list_append(&server->connections, &connection->node);
}

static void accept_all(http_server *server) {
  for (;;) {
    int fd = accept4(server->listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (fd >= 0) {
      new_connection(server, fd);
      continue;
    }
    if (errno == EMFILE || errno == ENFILE || errno == ENOMEM || errno == ENOBUFS) {
      /* Until a connection goes: a descriptor that stays readable would keep the loop spinning. */
      epoll_ctl(server->epoll, EPOLL_CTL_DEL, server->listener, NULL);
      server->accepting = false;
    }
    if (errno != EINTR && errno != ECONNABORTED)
      return;
  }
}

/* ---- sending -------------------------------------------------------------------------------------- */

/* False where the connection is gone. */
static bool sent(http_connection *connection, ssize_t count, size_t *total) {
  if (count >= 0) {
    *total = (size_t)count;
    return true;
  }
  *total = 0;
  if (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR)
    return true;
  kill_connection(connection);
  return false;
}

/* True where everything is out. */
static bool flush_connection(http_connection *connection) {
  const http_server *server = connection->server;
  while (connection->out_at < connection->out.len || connection->pattern_left) {
    size_t count;
    if (connection->out_at < connection->out.len) {
      size_t left = connection->out.len - connection->out_at;
      int flags = MSG_NOSIGNAL | (connection->pattern_left ? MSG_MORE : 0);
      ssize_t result = send(connection->fd, connection->out.data + connection->out_at, left, flags);
      if (!sent(connection, result, &count))
        return false;
      connection->out_at += count;
    } else {
      size_t left =
          connection->pattern_left < PATTERN_SIZE ? connection->pattern_left : PATTERN_SIZE;
      const char *at = server->pattern + connection->pattern_at % PATTERN_PERIOD;
      if (!sent(connection, send(connection->fd, at, left, MSG_NOSIGNAL), &count))
        return false;
      connection->pattern_at += count;
      connection->pattern_left -= count;
    }
    if (count == 0)
      return false;
  }
  xhr__bytes_clear(&connection->out);
  connection->out_at = 0;
  return true;
}

static void end_of_response(http_connection *connection) {
  if (!connection->keep_alive || connection->close_when_sent) {
    shutdown(connection->fd, SHUT_WR);
    kill_connection(connection);
    return;
  }
  connection->state = HTTP_HEAD;
  connection->route = NULL;
  xhr__bytes_clear(&connection->body);
}

void http_write(http_connection *connection, xhr__str bytes) {
  if (connection->dead)
    return;
  if (xhr__bytes_append(&connection->out, bytes) != XHR_OK) {
    kill_connection(connection);
    return;
  }
  if (connection->state == HTTP_WAITING)
    flush_connection(connection);
}

void http_finish(http_connection *connection, bool keep) {
  if (connection->dead)
    return;
  connection->state = HTTP_SENDING;
  connection->close_when_sent = !keep;
  xhr__list_remove(&connection->timer);
}

static void append(http_connection *connection, xhr__str s) {
  if (!connection->dead && xhr__bytes_append(&connection->out, s) != XHR_OK)
    kill_connection(connection);
}

static void begin_response(http_connection *connection, unsigned status, xhr__str reason,
                           xhr__str headers, uint64_t length) {
  append(connection, XHR__STR("HTTP/1.1 "));
  xhr__bytes_append_u64(&connection->out, status);
  append(connection, XHR__STR(" "));
  append(connection, reason);
  append(connection, XHR__STR("\r\n"));
  append(connection, headers);
  if (!connection->keep_alive)
    append(connection, XHR__STR("Connection: close\r\n"));
  if (status != 204 && status != 304) {
    append(connection, XHR__STR("Content-Length: "));
    xhr__bytes_append_u64(&connection->out, length);
    append(connection, XHR__STR("\r\n"));
  }
  append(connection, XHR__STR("\r\n"));
}

static bool has_body(const http_connection *connection, unsigned status) {
  return status != 204 && status != 304 && !xhr__str_equals(connection->method, XHR__STR("HEAD"));
}

void http_respond(http_connection *connection, unsigned status, xhr__str reason, xhr__str headers,
                  xhr__str body) {
  begin_response(connection, status, reason, headers, body.len);
  if (has_body(connection, status))
    append(connection, body);
  http_finish(connection, true);
}

void http_respond_pattern(http_connection *connection, xhr__str headers, uint64_t length) {
  begin_response(connection, 200, XHR__STR("OK"), headers, length);
  connection->pattern_at = 0;
  connection->pattern_left = has_body(connection, 200) ? length : 0;
  http_finish(connection, true);
}

void http_drop(http_connection *connection, bool reset) {
  if (connection->dead)
    return;
  if (reset) {
    struct linger linger = {.l_onoff = 1, .l_linger = 0};
    setsockopt(connection->fd, SOL_SOCKET, SO_LINGER, &linger, sizeof linger);
  }
  kill_connection(connection);
}

/* ---- timers --------------------------------------------------------------------------------------- */

void http_timer(http_connection *connection, unsigned ms) {
  if (connection->dead)
    return;
  xhr__list *timers = &connection->server->timers;
  connection->due = xhr__time_after_ms(xhr__clock_now(&xhr__monotonic_clock), ms);
  xhr__list_remove(&connection->timer);
  /* Most delays are equal, so that the new one belongs near the end. */
  xhr__list *before = timers->prev;
  while (before != timers && XHR__OWNER(before, http_connection, timer)->due > connection->due)
    before = before->prev;
  xhr__list_append(before->next, &connection->timer);
}

void http_pause(http_connection *connection) {
  if (connection->state == HTTP_WAITING)
    return;
  connection->resume_state = connection->state;
  connection->state = HTTP_WAITING;
}

static int next_timeout(const http_server *server) {
  if (xhr__list_empty(&server->timers))
    return -1;
  xhr__time due = XHR__OWNER(server->timers.next, http_connection, timer)->due;
  xhr__time now = xhr__clock_now(&xhr__monotonic_clock);
  if (due <= now)
    return 0;
  xhr__time ms = (due - now + XHR__MILLISECOND - 1) / XHR__MILLISECOND;
  return ms > 1000000 ? 1000000 : (int)ms;
}

/* ---- reading -------------------------------------------------------------------------------------- */

static void refuse(http_connection *connection, unsigned status, xhr__str reason) {
  connection->keep_alive = false;
  connection->method = XHR__STR_EMPTY;
  http_respond(connection, status, reason, XHR__STR("Content-Type: text/plain\r\n"), reason);
}

static bool next_line(xhr__str s, size_t *at, xhr__str *line) {
  size_t end = xhr__str_find(s, *at, '\n');
  if (end >= s.len)
    return false;
  *line = xhr__str_slice(s, *at, end);
  if (line->len && line->data[line->len - 1] == '\r')
    line->len--;
  *at = end + 1;
  return true;
}

/* Where the head ends behind its empty line; 0: not yet. */
static size_t head_end(xhr__str s) {
  size_t at = 0;
  xhr__str line;
  while (next_line(s, &at, &line)) {
    if (line.len == 0)
      return at;
  }
  return 0;
}

static bool split_request_line(http_connection *connection, xhr__str line) {
  size_t first = xhr__str_find(line, 0, ' ');
  size_t second = first < line.len ? xhr__str_find(line, first + 1, ' ') : line.len;
  if (second >= line.len)
    return false;
  xhr__str version = xhr__str_from(line, second + 1);
  xhr__str target = xhr__str_slice(line, first + 1, second);
  connection->method = xhr__str_slice(line, 0, first);
  if (!xhr__is_http_token(connection->method) || target.len == 0 || target.data[0] != '/' ||
      version.len != 8 || !xhr__str_starts_with(version, XHR__STR("HTTP/1.")))
    return false;
  size_t mark = xhr__str_find(target, 0, '?');
  connection->path = xhr__str_slice(target, 0, mark);
  connection->query = xhr__str_from(target, mark < target.len ? mark + 1 : mark);
  connection->keep_alive = version.data[7] != '0';
  return true;
}

/* Decides how the body is read; false for one that cannot be. */
static bool frame_body(http_connection *connection) {
  xhr__str value;
  connection->left = 0;
  if (http_header(connection, XHR__STR("Connection"), &value) &&
      xhr__str_equals_ci(value, XHR__STR("close")))
    connection->keep_alive = false;
  if (http_header(connection, XHR__STR("Transfer-Encoding"), &value)) {
    connection->state = HTTP_CHUNK_SIZE;
    return xhr__str_equals_ci(value, XHR__STR("chunked"));
  }
  connection->state = HTTP_BODY;
  return !http_header(connection, XHR__STR("Content-Length"), &value) ||
         xhr__str_to_u64(value, &connection->left);
}

static void begin_request(http_connection *connection, xhr__str head) {
  xhr__str line = XHR__STR_EMPTY, value;
  size_t at = 0;
  connection->body_bytes = connection->count = connection->amount = 0;
  connection->ms = 0;
  connection->flag = false;
  if (xhr__bytes_assign(&connection->head, head) != XHR_OK) {
    kill_connection(connection);
    return;
  }
  head = xhr__bytes_str(&connection->head);
  if (!next_line(head, &at, &line) || !split_request_line(connection, line)) {
    refuse(connection, 400, XHR__STR("Bad Request"));
    return;
  }
  connection->headers = xhr__str_from(head, at);
  if (!frame_body(connection)) {
    refuse(connection, 400, XHR__STR("Bad Request"));
    return;
  }
  if (http_header(connection, XHR__STR("Expect"), &value) &&
      xhr__str_equals_ci(value, XHR__STR("100-continue"))) {
    append(connection, XHR__STR("HTTP/1.1 100 Continue\r\n\r\n"));
    flush_connection(connection);
  }
  if (!connection->dead)
    connection->server->routes->begin(connection);
}

static bool parse_hex(xhr__str s, uint64_t *value) {
  size_t i = 0;
  *value = 0;
  for (; i < s.len && xhr__is_ascii_hex_digit(xhr__str_at(s, i)); i++) {
    if (*value >> 56)
      return false;
    *value = *value * 16 + xhr__hex_value(xhr__str_at(s, i));
  }
  return i > 0;
}

static void complete(http_connection *connection) {
  connection->state = HTTP_WAITING;
  connection->server->routes->complete(connection);
}

/* The lines of a chunked body's frame. False: more bytes are needed. */
static bool feed_chunk_line(http_connection *connection, xhr__str s, size_t *at) {
  xhr__str line;
  if (!next_line(s, at, &line)) {
    if (s.len - *at > HEAD_MAX)
      refuse(connection, 400, XHR__STR("Bad Request"));
    return false;
  }
  if (connection->state == HTTP_CHUNK_SIZE) {
    if (!parse_hex(line, &connection->left))
      refuse(connection, 400, XHR__STR("Bad Request"));
    else
      connection->state = connection->left ? HTTP_CHUNK_DATA : HTTP_TRAILER;
  } else if (connection->state == HTTP_CHUNK_END) {
    if (line.len)
      refuse(connection, 400, XHR__STR("Bad Request"));
    else
      connection->state = HTTP_CHUNK_SIZE;
  } else if (line.len == 0) {
    complete(connection);
  }
  return true;
}

/* Bytes of the body's data. False: more are needed. */
static bool feed_data(http_connection *connection, xhr__str s, size_t *at) {
  size_t count = s.len - *at < connection->left ? s.len - *at : (size_t)connection->left;
  connection->left -= count;
  connection->body_bytes += count;
  http_state state = connection->state;
  if (count)
    connection->server->routes->body(connection, xhr__str_slice(s, *at, *at + count));
  *at += count;
  if (connection->left)
    return false;
  http_state next = HTTP_CHUNK_END;
  if (connection->state == HTTP_WAITING) /* paused by the route */
    connection->resume_state = state == HTTP_CHUNK_DATA ? next : state;
  else if (connection->state == HTTP_CHUNK_DATA)
    connection->state = next;
  else if (connection->state == HTTP_BODY)
    complete(connection);
  return true;
}

/* Uses up what it can of `s`; how much that was. */
static size_t feed(http_connection *connection, xhr__str s) {
  size_t at = 0;
  for (;;) {
    size_t end;
    if (connection->dead)
      return at;
    switch (connection->state) {
      case HTTP_HEAD:
        while (at < s.len && (s.data[at] == '\r' || s.data[at] == '\n'))
          at++;
        end = head_end(xhr__str_from(s, at));
        if (end == 0 || end > HEAD_MAX) {
          if (s.len - at > HEAD_MAX)
            refuse(connection, 431, XHR__STR("Request Header Fields Too Large"));
          return at;
        }
        at += end;
        begin_request(connection, xhr__str_slice(s, at - end, at));
        break;
      case HTTP_BODY:
      case HTTP_CHUNK_DATA:
        if (!feed_data(connection, s, &at))
          return at;
        break;
      case HTTP_CHUNK_SIZE:
      case HTTP_CHUNK_END:
      case HTTP_TRAILER:
        if (!feed_chunk_line(connection, s, &at))
          return at;
        break;
      case HTTP_WAITING: return at;
      case HTTP_SENDING:
        if (!flush_connection(connection))
          return at;
        end_of_response(connection);
        break;
    }
  }
}

/* Goes on with what was read before. */
static void advance(http_connection *connection) {
  if (!connection->dead)
    xhr__bytes_consume(&connection->in, feed(connection, xhr__bytes_str(&connection->in)));
  if (!connection->dead)
    watch(connection);
}

void http_resume(http_connection *connection) {
  connection->state = connection->resume_state;
  advance(connection);
}

static void readable(http_connection *connection) {
  http_server *server = connection->server;
  ssize_t count = recv(connection->fd, server->scratch, SCRATCH_SIZE, 0);
  if (count <= 0) {
    if (count == 0 || (errno != EAGAIN && errno != EINTR))
      kill_connection(connection);
    return;
  }
  xhr__str s = {server->scratch, (size_t)count};
  if (connection->in.len == 0)
    s = xhr__str_from(s, feed(connection, s));
  if (connection->dead)
    return;
  if (s.len && xhr__bytes_append(&connection->in, s) != XHR_OK) {
    kill_connection(connection);
    return;
  }
  advance(connection);
}

static void ready(http_connection *connection, uint32_t events) {
  if (connection->dead)
    return;
  if (events & (EPOLLERR | EPOLLHUP))
    kill_connection(connection);
  else if (connection->state == HTTP_WAITING)
    kill_connection(connection); /* EPOLLRDHUP: nobody waits for the answer */
  else if (connection->state == HTTP_SENDING)
    advance(connection);
  else
    readable(connection);
}

/* ---- the server ----------------------------------------------------------------------------------- */

static void fire_timers(http_server *server) {
  xhr__time now = xhr__clock_now(&xhr__monotonic_clock);
  while (!xhr__list_empty(&server->timers)) {
    http_connection *connection = XHR__OWNER(server->timers.next, http_connection, timer);
    if (connection->due > now)
      return;
    xhr__list_remove(&connection->timer);
    server->routes->timer(connection);
    advance(connection);
  }
}

static void drain_stdin(http_server *server) {
  char bytes[256];
  ssize_t count = read(STDIN_FILENO, bytes, sizeof bytes);
  if (count == 0 || (count < 0 && errno != EINTR && errno != EAGAIN))
    server->stopped = true;
}

static void watch_stdin(http_server *server) {
  struct epoll_event event = {.events = EPOLLIN, .data.ptr = &server->until_stdin_ends};
  server->until_stdin_ends = true;
  /* Files and /dev/null cannot be waited for, but end. */
  if (epoll_ctl(server->epoll, EPOLL_CTL_ADD, STDIN_FILENO, &event) != 0)
    while (!server->stopped)
      drain_stdin(server);
}

void http_server_run(http_server *server, bool until_stdin_ends) {
  struct epoll_event events[EVENTS];
  if (until_stdin_ends)
    watch_stdin(server);
  while (!server->stopped) {
    int count = epoll_wait(server->epoll, events, EVENTS, next_timeout(server));
    for (int i = 0; i < count; i++) {
      void *what = events[i].data.ptr;
      if (what == &server->listener)
        accept_all(server);
      else if (what == &server->signals)
        server->stopped = true;
      else if (what == &server->until_stdin_ends)
        drain_stdin(server);
      else
        ready(what, events[i].events);
    }
    fire_timers(server);
    free_doomed(server);
  }
}

static int listen_on(unsigned port) {
  int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  int on = 1;
  struct sockaddr_in address = {.sin_family = AF_INET,
                                .sin_port = htons((uint16_t)port),
                                .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  if (fd < 0)
    return -1;
  setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (bind(fd, (struct sockaddr *)&address, sizeof address) != 0 || listen(fd, SOMAXCONN) != 0) {
    close(fd);
    return -1;
  }
  return fd;
}

static int signal_descriptor(void) {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGTERM);
  sigaddset(&set, SIGINT);
  sigprocmask(SIG_BLOCK, &set, NULL);
  return signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
}

/* For 10,000 connections at once. */
static void raise_descriptor_limit(void) {
  struct rlimit limit;
  if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
  }
}

static bool open_all(http_server *server, unsigned port) {
  struct sockaddr_in address;
  socklen_t size = sizeof address;
  server->listener = listen_on(port);
  server->epoll = epoll_create1(EPOLL_CLOEXEC);
  server->signals = signal_descriptor();
  if (server->listener < 0 || server->epoll < 0 || server->signals < 0 ||
      getsockname(server->listener, (struct sockaddr *)&address, &size) != 0)
    return false;
  server->port = ntohs(address.sin_port);
  accept_again(server);
  struct epoll_event event = {.events = EPOLLIN, .data.ptr = &server->signals};
  return server->accepting && epoll_ctl(server->epoll, EPOLL_CTL_ADD, server->signals, &event) == 0;
}

http_server *http_server_new(unsigned port, const http_routes *routes) {
  http_server *server = calloc(1, sizeof *server);
  if (!server) {
    fputs("out of memory\n", stderr);
    return NULL;
  }
  raise_descriptor_limit();
  server->routes = routes;
  server->listener = server->epoll = server->signals = -1;
  xhr__list_init(&server->connections);
  xhr__list_init(&server->timers);
  xhr__list_init(&server->doomed);
  for (size_t i = 0; i < sizeof server->pattern; i++)
    server->pattern[i] = (char)(i % PATTERN_PERIOD);
  if (!open_all(server, port)) {
    fprintf(stderr, "cannot listen on 127.0.0.1:%u: %s\n", port, strerror(errno));
    http_server_free(server);
    return NULL;
  }
  return server;
}

unsigned http_server_port(const http_server *server) {
  return server->port;
}

void http_server_free(http_server *server) {
  if (!server)
    return;
  while (!xhr__list_empty(&server->connections))
    kill_connection(XHR__OWNER(server->connections.next, http_connection, node));
  free_doomed(server);
  const int descriptors[] = {server->listener, server->epoll, server->signals};
  for (size_t i = 0; i < sizeof descriptors / sizeof descriptors[0]; i++) {
    if (descriptors[i] >= 0)
      close(descriptors[i]);
  }
  free(server);
}
