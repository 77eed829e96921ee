/* What stands in an engine: for src/fetch only. */
#ifndef XHR__FETCH_ENGINE_RECORD_H
#define XHR__FETCH_ENGINE_RECORD_H

#include <pthread.h>
#include <stdatomic.h>

#include "fetch/authentication_entries.h"
#include "fetch/cors_preflight_cache.h"
#include "fetch/engine.h"
#include "fetch/file_reader.h"
#include "infra/list.h"
#include "infra/timers.h"

struct xhr__engine {
  atomic_bool threaded; /* becomes true once, where an inline engine starts a thread */
  xhr__clock clock;
  xhr__bytes user_agent;
  bool file_urls;
  uint64_t max_response_bytes;
  uint64_t max_decompression_ratio;

  pthread_t thread;
  bool thread_runs;
  xhr__poller *poller; /* counted: its own, or the pumping loop's once it is attached */
  xhr__transport *transport;
  xhr_status attached;      /* what the transport's attach said; XHR_INVALID_STATE_ERR before */
  void (*wake)(void *user); /* inline: tells the pumping loop that a turn is due */
  void *wake_user;

  pthread_mutex_t inbox_lock;
  xhr__list inbox; /* of xhr__fetch_controller.order_node */
  bool sleeping;   /* threaded: wants a wake */
  bool stopping;

  /* The engine's thread. */
  bool closing;       /* no fetch begins any more */
  xhr__list fetches;  /* of xhr__fetch_params.node */
  size_t fetch_count; /* timers have room for as many */
  xhr__list put_off;  /* threaded: mailboxes whose owners are woken when the turn ends */
  xhr__timers timers;
  xhr__list deferred; /* of xhr__fetch_params.deferred_node */
  xhr__list local;    /* of xhr__fetch_params.local_node: bodies that can be read on */
  xhr__file_reader *file_reader;
  xhr__preflight_cache preflight_cache;
  xhr__authentication_entries authentication_entries;
  struct xhr__response_pool *response_pool; /* counted */
};

#endif
