#include <sys/socket.h>
#include <unistd.h>

#include "net/curl_internal.h"

/* libcurl before 8.0 waits for a socket to be writable when it is HTTP/2's flow control that keeps it from sending an
 * upload, and so turns without end (curl#10449). A socket that was writable so often with nothing to show for it rests
 * from that for a while, or until there is something to receive. */
enum { FRUITLESS = 64 };
#define REST (10 * XHR__MILLISECOND)

/* A socket of libcurl's. Those that we opened stay registered with the poller between requests, because libcurl asks
 * for each to be taken out at the end of a request and put back with the next: two system calls saved for each. */
typedef struct xhr__curl_socket {
  xhr__watcher watcher;
  xhr__curl_transport *transport;
  bool opened;      /* by us: libcurl says when it is closed */
  bool watched;     /* registered with the poller */
  unsigned wanted;  /* what libcurl waits for; 0 between requests */
  xhr__list broken; /* in broken_sockets where it could not be registered */
  unsigned fruitless;
  xhr__list resting; /* in resting_sockets, by rest_ends */
  xhr__time rest_ends;
} xhr__curl_socket;

static xhr__curl_socket *find(xhr__curl_transport *transport, int fd) {
  return (size_t)fd < transport->socket_capacity ? transport->sockets[fd] : NULL;
}

static void unwatch(xhr__curl_socket *socket) {
  if (socket->watched)
    xhr__poller_unwatch(socket->transport->poller, &socket->watcher);
  socket->watched = false;
}

static bool want(xhr__curl_socket *socket, unsigned interest) {
  xhr__poller *poller = socket->transport->poller;
  socket->wanted = interest;
  if (!xhr__list_empty(&socket->resting))
    interest &= ~XHR__POLL_OUT;
  if (socket->watched && xhr__poller_change(poller, &socket->watcher, interest) == XHR_OK)
    return true;
  unwatch(socket);
  socket->watched = xhr__poller_watch(poller, &socket->watcher, interest) == XHR_OK;
  return socket->watched;
}

static void end_rest(xhr__curl_socket *socket) {
  xhr__list_remove(&socket->resting);
  want(socket, socket->wanted);
}

static void note_activity(xhr__curl_socket *socket, unsigned events, unsigned before) {
  if (socket->transport->activity != before || events != XHR__POLL_OUT) {
    socket->fruitless = 0;
    if (!xhr__list_empty(&socket->resting))
      end_rest(socket);
  } else if (++socket->fruitless >= FRUITLESS && xhr__list_empty(&socket->resting)) {
    /* The next time, once is enough. */
    socket->fruitless = FRUITLESS - 1;
    socket->rest_ends = xhr__clock_now(&socket->transport->clock) + REST;
    xhr__list_append(&socket->transport->resting_sockets, &socket->resting);
    want(socket, socket->wanted);
  }
}

/* libcurl is called from here; what it finishes is told in turn(). */
static void socket_ready(xhr__watcher *watcher, unsigned events) {
  xhr__curl_socket *socket = XHR__OWNER(watcher, xhr__curl_socket, watcher);
  xhr__curl_transport *transport = socket->transport;
  int fd = watcher->fd, running;
  if (!socket->wanted) {
    /* Between requests: the server closes, or speaks unasked. libcurl looks when it wants to use the connection; until
     * then a level-triggered poller would report it again and again. */
    unwatch(socket);
    return;
  }
  /* Of an error libcurl learns more from the call that fails, so it is told to do what it waits for. */
  if (events & XHR__POLL_ERROR)
    events |= socket->wanted;
  int mask = ((events & XHR__POLL_IN) ? CURL_CSELECT_IN : 0) |
             ((events & XHR__POLL_OUT) ? CURL_CSELECT_OUT : 0);
  unsigned before = transport->activity;
  curl_multi_socket_action(transport->pool.multi, fd, mask, &running);
  /* It may be closed by now, and another be open under its number: then a count is lost, no more. */
  if (find(transport, fd) == socket)
    note_activity(socket, events, before);
}

/* The record of a descriptor, made where there is none; NULL: out of memory. */
static xhr__curl_socket *obtain(xhr__curl_transport *transport, int fd) {
  size_t old = transport->socket_capacity;
  if ((size_t)fd >= old) {
    void *array = transport->sockets;
    if (!xhr__grow(&array, &transport->socket_capacity, (size_t)fd + 1, sizeof *transport->sockets))
      return NULL;
    transport->sockets = array;
    for (size_t i = old; i < transport->socket_capacity; i++)
      transport->sockets[i] = NULL;
  }
  xhr__curl_socket *socket = transport->sockets[fd];
  if (!socket) {
    socket = XHR__NEW(xhr__curl_socket);
    if (!socket)
      return NULL;
    socket->watcher.ready = socket_ready;
    socket->watcher.fd = fd;
    socket->transport = transport;
    xhr__list_init(&socket->broken);
    xhr__list_init(&socket->resting);
    transport->sockets[fd] = socket;
  }
  return socket;
}

static void forget(xhr__curl_socket *socket) {
  unwatch(socket);
  xhr__list_remove(&socket->broken);
  xhr__list_remove(&socket->resting);
  socket->transport->sockets[socket->watcher.fd] = NULL;
  xhr__free(socket);
}

/* libcurl waits no more for this socket. Kept registered only where that is for input: one that is still connecting may
 * be closed without a word (libcurl's happy eyeballs), and a writable one would be reported at once. */
static void let_go(xhr__curl_socket *socket) {
  socket->wanted = 0;
  socket->fruitless = 0;
  xhr__list_remove(&socket->resting);
  if (!socket->opened)
    forget(socket);
  else if (socket->watcher.interest != XHR__POLL_IN)
    unwatch(socket);
}

/* CURLMOPT_SOCKETFUNCTION. It never fails, which would be the end of the whole multi handle. */
static int on_socket(CURL *easy, curl_socket_t fd, int what, void *user, void *unused) {
  (void)easy;
  (void)unused;
  xhr__curl_transport *transport = ((xhr__curl_pool *)user)->transport;
  xhr__curl_socket *socket = find(transport, fd);
  transport->activity++;
  if (what == CURL_POLL_REMOVE) {
    if (socket)
      let_go(socket);
    return 0;
  }
  unsigned interest =
      ((what & CURL_POLL_IN) ? XHR__POLL_IN : 0) | ((what & CURL_POLL_OUT) ? XHR__POLL_OUT : 0);
  if (!socket)
    socket = obtain(transport, fd); /* a resolver's: where it fails, libcurl looks by its timer */
  if (socket && !want(socket, interest) && xhr__list_empty(&socket->broken))
    xhr__list_append(&transport->broken_sockets, &socket->broken);
  return 0;
}

/* CURLOPT_OPENSOCKETFUNCTION: registered from the start, so that waiting for it cannot fail later. */
static curl_socket_t on_open(void *user, curlsocktype purpose, struct curl_sockaddr *address) {
  (void)purpose;
  xhr__curl_transport *transport = user;
  int fd = socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
  if (fd < 0)
    return CURL_SOCKET_BAD;
  xhr__curl_socket *old = find(transport, fd);
  if (old)
    forget(old); /* closed behind our back */
  xhr__curl_socket *socket = obtain(transport, fd);
  if (!socket || xhr__poller_watch(transport->poller, &socket->watcher, 0) != XHR_OK) {
    if (socket)
      forget(socket);
    close(fd);
    return CURL_SOCKET_BAD;
  }
  socket->watched = true;
  socket->opened = true;
  return fd;
}

/* CURLOPT_CLOSESOCKETFUNCTION */
static int on_close(void *user, curl_socket_t fd) {
  xhr__curl_socket *socket = find(user, fd);
  if (socket)
    forget(socket);
  return close(fd);
}

/* CURLMOPT_TIMERFUNCTION */
static int on_timer(CURLM *multi, long timeout_ms, void *user) {
  (void)multi;
  xhr__curl_pool *pool = user;
  pool->due = timeout_ms < 0 ? XHR__NEVER
                             : xhr__time_after_ms(xhr__clock_now(&pool->transport->clock),
                                                  (uint64_t)timeout_ms);
  return 0;
}

bool xhr__curl_sockets_install(xhr__curl_pool *pool) {
  return curl_multi_setopt(pool->multi, CURLMOPT_SOCKETFUNCTION, on_socket) == CURLM_OK &&
         curl_multi_setopt(pool->multi, CURLMOPT_SOCKETDATA, pool) == CURLM_OK &&
         curl_multi_setopt(pool->multi, CURLMOPT_TIMERFUNCTION, on_timer) == CURLM_OK &&
         curl_multi_setopt(pool->multi, CURLMOPT_TIMERDATA, pool) == CURLM_OK;
}

bool xhr__curl_sockets_install_easy(xhr__curl_transport *transport, CURL *easy) {
  return curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, on_open) == CURLE_OK &&
         curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, transport) == CURLE_OK &&
         curl_easy_setopt(easy, CURLOPT_CLOSESOCKETFUNCTION, on_close) == CURLE_OK &&
         curl_easy_setopt(easy, CURLOPT_CLOSESOCKETDATA, transport) == CURLE_OK;
}

static xhr__curl_socket *first_resting(const xhr__curl_transport *transport) {
  const xhr__list *list = &transport->resting_sockets;
  return xhr__list_empty(list) ? NULL : XHR__OWNER(list->next, xhr__curl_socket, resting);
}

void xhr__curl_sockets_turn(xhr__curl_transport *transport) {
  xhr__list *node;
  while ((node = xhr__list_take_first(&transport->broken_sockets))) {
    xhr__curl_socket *socket = XHR__OWNER(node, xhr__curl_socket, broken);
    int running;
    if (socket->wanted && !socket->watched)
      curl_multi_socket_action(transport->pool.multi, socket->watcher.fd, CURL_CSELECT_ERR,
                               &running);
  }
  xhr__curl_socket *rested = first_resting(transport);
  if (!rested)
    return;
  xhr__time now = xhr__clock_now(&transport->clock);
  for (; rested && rested->rest_ends <= now; rested = first_resting(transport))
    end_rest(rested);
}

xhr__time xhr__curl_sockets_deadline(const xhr__curl_transport *transport) {
  const xhr__curl_socket *socket = first_resting(transport);
  return socket ? socket->rest_ends : XHR__NEVER;
}

void xhr__curl_sockets_move(xhr__curl_transport *transport, xhr__poller *poller) {
  xhr__poller *before = transport->poller;
  transport->poller = poller;
  for (size_t i = 0; i < transport->socket_capacity; i++) {
    xhr__curl_socket *socket = transport->sockets[i];
    if (!socket || !socket->watched)
      continue;
    unsigned interest = socket->watcher.interest;
    xhr__poller_unwatch(before, &socket->watcher);
    socket->watched = xhr__poller_watch(poller, &socket->watcher, interest) == XHR_OK;
    if (!socket->watched && xhr__list_empty(&socket->broken))
      xhr__list_append(&transport->broken_sockets, &socket->broken);
  }
}

void xhr__curl_sockets_free(xhr__curl_transport *transport) {
  for (size_t i = 0; i < transport->socket_capacity; i++) {
    if (transport->sockets[i])
      forget(transport->sockets[i]);
  }
  xhr__free(transport->sockets);
  transport->sockets = NULL;
  transport->socket_capacity = 0;
}
