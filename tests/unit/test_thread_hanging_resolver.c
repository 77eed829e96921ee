/* A name look-up that hangs delays nothing else: the program's own getaddrinfo, which libcurl calls on a thread of its
 * own, sleeps for one host. */
#include <dlfcn.h>
#include <netdb.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <time.h>
#include <cmocka.h>

#include "support/exchanges.h"
#include "support/leftovers.h"
#include "support/peer.h"

enum { HANG_MS = 1500, LIMIT_MS = 50 };

static const peer_answer ok_answer = {
    .bytes = {"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi", 40}, .end = PEER_KEEP};

static atomic_uint hanging;

__attribute__((visibility("default"))) int getaddrinfo(const char *restrict node,
                                                       const char *restrict service,
                                                       const struct addrinfo *restrict hints,
                                                       struct addrinfo **restrict result) {
  if (node && strcmp(node, "hang.test") == 0) {
    atomic_fetch_add(&hanging, 1);
    nanosleep(&(struct timespec){HANG_MS / 1000, HANG_MS % 1000 * 1000000L}, NULL);
    atomic_fetch_sub(&hanging, 1);
    return EAI_NONAME;
  }
  int (*real)(const char *, const char *, const struct addrinfo *, struct addrinfo **);
  *(void **)&real = dlsym(RTLD_NEXT, "getaddrinfo");
  return real(node, service, hints, result);
}

static uint64_t now_ms(void) {
  return xhr__clock_now(&xhr__monotonic_clock) / XHR__MILLISECOND;
}

static void assert_quick(uint64_t since) {
  uint64_t took = now_ms() - since;
  if (took > LIMIT_MS)
    fail_msg("took %u ms", (unsigned)took);
}

/* Starts a look-up that hangs, and waits until it does. */
static void start_hanging(exchanges *all, recorder *r) {
  unsigned before = atomic_load(&hanging);
  recorder_init(r, all, "GET", "http://hang.test/");
  recorder_start(r);
  while (atomic_load(&hanging) == before)
    exchanges_step(all, 1);
}

static void test_others_go_on(void **state) {
  (void)state;
  exchanges all;
  recorder hangs, r;
  char url[64];
  exchanges_begin(&all, NULL);
  peer *server = peer_new(all.poller, &ok_answer, 1);
  snprintf(url, sizeof url, "http://127.0.0.1:%u/", peer_port(server));
  start_hanging(&all, &hangs);
  uint64_t start = now_ms();
  recorder_init(&r, &all, "GET", url);
  recorder_start(&r);
  exchanges_run_until(&all, &r.done);
  assert_quick(start);
  assert_int_equal(r.status, 200);
  recorder_free(&r);
  /* In the end it is told that there is no such host. */
  exchanges_run(&all);
  assert_int_equal(hangs.failure.code, XHR_FAILURE_DNS);
  assert_true(now_ms() - start >= HANG_MS / 2);
  recorder_free(&hangs);
  peer_free(server);
  exchanges_end(&all);
}

static void test_cancel(void **state) {
  (void)state;
  exchanges all;
  recorder hangs;
  exchanges_begin(&all, NULL);
  start_hanging(&all, &hangs);
  uint64_t start = now_ms();
  recorder_cancel(&hangs);
  recorder_free(&hangs);
  all.transport->methods->turn(all.transport);
  assert_quick(start);
  /* The late answer finds nobody. */
  while (now_ms() - start < HANG_MS + 100)
    exchanges_step(&all, 100);
  exchanges_end(&all);
}

static void test_destroy(void **state) {
  (void)state;
  exchanges all;
  recorder hangs[3];
  exchanges_begin(&all, NULL);
  for (int i = 0; i < 3; i++)
    start_hanging(&all, &hangs[i]);
  uint64_t start = now_ms();
  for (int i = 0; i < 3; i++) {
    recorder_cancel(&hangs[i]);
    recorder_free(&hangs[i]);
  }
  exchanges_end(&all);
  assert_quick(start);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_others_go_on),
      cmocka_unit_test(test_cancel),
      cmocka_unit_test(test_destroy),
  };
  return cmocka_run_group_tests(tests, leftovers_note, leftovers_check);
}
