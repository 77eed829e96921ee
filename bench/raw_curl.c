/* The bench's yardstick: libcurl by itself. curl_multi_socket_action on epoll as libcurl's own examples do it, easy
 * handles reused with their options.
 *
 *   raw_curl URL IN_FLIGHT REQUESTS [small|large]
 *
 * large: bodies are collected into a growing buffer instead of being counted, and there is no warm-up. */
#include <curl/curl.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "measure.h"

static CURLM *multi;
static int epoll;
static long timeout_ms = -1;
static uint64_t started, wanted, answered, failed, received;

typedef struct request {
  CURL *easy;
  bool collect;
  char *data;
  size_t len, capacity;
} request;

static int on_timer(CURLM *handle, long ms, void *user) {
  (void)handle;
  (void)user;
  timeout_ms = ms;
  return 0;
}

static int on_socket(CURL *easy, curl_socket_t fd, int what, void *user, void *known) {
  (void)easy;
  (void)user;
  struct epoll_event event = {.data.fd = fd};
  if (what == CURL_POLL_REMOVE) {
    epoll_ctl(epoll, EPOLL_CTL_DEL, fd, NULL);
    return 0;
  }
  event.events = ((what & CURL_POLL_IN) ? EPOLLIN : 0u) | ((what & CURL_POLL_OUT) ? EPOLLOUT : 0u);
  epoll_ctl(epoll, known ? EPOLL_CTL_MOD : EPOLL_CTL_ADD, fd, &event);
  if (!known)
    curl_multi_assign(multi, fd, &epoll);
  return 0;
}

static size_t on_body(char *data, size_t size, size_t count, void *user) {
  request *r = user;
  size_t len = size * count;
  received += len;
  if (!r->collect)
    return len;
  if (r->capacity - r->len < len) {
    size_t capacity = r->capacity ? 2 * r->capacity : 1 << 16;
    char *grown = realloc(r->data, capacity);
    if (!grown)
      return 0;
    r->data = grown;
    r->capacity = capacity;
  }
  memcpy(r->data + r->len, data, len);
  r->len += len;
  return len;
}

static void start(request *r) {
  if (started == wanted)
    return;
  started++;
  r->len = 0;
  curl_multi_add_handle(multi, r->easy);
}

static void finish(CURLMsg *message) {
  char *user;
  long status = 0;
  CURL *easy = message->easy_handle;
  CURLcode result = message->data.result;
  curl_easy_getinfo(easy, CURLINFO_PRIVATE, &user);
  curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
  if (result == CURLE_OK && status == 200)
    answered++;
  else
    failed++;
  curl_multi_remove_handle(multi, easy);
  start((request *)(void *)user);
}

static void step(void) {
  struct epoll_event events[256];
  int running, left, n = epoll_wait(epoll, events, 256, (int)timeout_ms);
  if (n <= 0) {
    timeout_ms = -1;
    curl_multi_socket_action(multi, CURL_SOCKET_TIMEOUT, 0, &running);
  }
  for (int i = 0; i < n; i++) {
    int mask = ((events[i].events & EPOLLIN) ? CURL_CSELECT_IN : 0) |
               ((events[i].events & EPOLLOUT) ? CURL_CSELECT_OUT : 0) |
               ((events[i].events & (EPOLLERR | EPOLLHUP)) ? CURL_CSELECT_ERR : 0);
    curl_multi_socket_action(multi, events[i].data.fd, mask, &running);
  }
  CURLMsg *message;
  while ((message = curl_multi_info_read(multi, &left))) {
    if (message->msg == CURLMSG_DONE)
      finish(message);
  }
}

static void run(request *requests, uint64_t in_flight, uint64_t count) {
  wanted = count;
  started = answered = failed = received = 0;
  for (uint64_t i = 0; i < in_flight; i++)
    start(&requests[i]);
  while (answered + failed < count)
    step();
}

int main(int argc, char **argv) {
  if (argc < 4)
    measure_die("usage: raw_curl URL IN_FLIGHT REQUESTS [small|large]");
  uint64_t in_flight = measure_number(argv[2]), count = measure_number(argv[3]);
  bool large = argc > 4 && strcmp(argv[4], "large") == 0;
  measure_raise_descriptors();
  curl_global_init(CURL_GLOBAL_DEFAULT);
  multi = curl_multi_init();
  epoll = epoll_create1(EPOLL_CLOEXEC);
  curl_multi_setopt(multi, CURLMOPT_SOCKETFUNCTION, on_socket);
  curl_multi_setopt(multi, CURLMOPT_TIMERFUNCTION, on_timer);
  curl_multi_setopt(multi, CURLMOPT_MAXCONNECTS, (long)in_flight);
  request *requests = calloc(in_flight, sizeof *requests);
  if (!multi || epoll < 0 || !requests)
    measure_die("out of memory");
  for (uint64_t i = 0; i < in_flight; i++) {
    CURL *easy = requests[i].easy = curl_easy_init();
    requests[i].collect = large;
    curl_easy_setopt(easy, CURLOPT_URL, argv[1]);
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_body);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, &requests[i]);
    curl_easy_setopt(easy, CURLOPT_PRIVATE, &requests[i]);
  }
  if (!large)
    run(requests, in_flight, 2 * in_flight); /* connections, handles and caches warm */
  measure before = measure_now();
  run(requests, in_flight, count);
  measure_report(before, answered, failed, received);
  for (uint64_t i = 0; i < in_flight; i++) {
    curl_easy_cleanup(requests[i].easy);
    free(requests[i].data);
  }
  free(requests);
  curl_multi_cleanup(multi);
  close(epoll);
  curl_global_cleanup();
  return failed ? 1 : 0;
}
