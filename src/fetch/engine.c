#include "fetch/engine.h"

#include <signal.h>

#include "fetch/controller_record.h"
#include "fetch/engine_record.h"
#include "fetch/fetch_params.h"
#include "fetch/response_pool.h"
#include "infra/alloc.h"

/* Makes the engine's next wait short. Any thread; the inbox lock is not held. */
static void wake_engine(void *user) {
  xhr__engine *engine = user;
  if (engine->threaded) {
    xhr__poller_wake(engine->poller);
    return;
  }
  /* Under the lock, so that xhr__engine_detach waits for it. */
  pthread_mutex_lock(&engine->inbox_lock);
  if (engine->wake)
    engine->wake(engine->wake_user);
  pthread_mutex_unlock(&engine->inbox_lock);
}

/* A wake for each answer would have two threads run in step, one answer at a time: half of the cost of a request. */
xhr__list *xhr__engine_put_off_wakes(xhr__engine *engine) {
  return engine->threaded ? &engine->put_off : NULL;
}

/* Queues a controller that has new orders; the lock is held. True where the engine has to be woken. */
static bool queue_orders(xhr__engine *engine, xhr__fetch_controller *controller) {
  if (!xhr__list_empty(&controller->order_node))
    return false;
  bool first = xhr__list_empty(&engine->inbox);
  xhr__fetch_controller_ref(controller);
  xhr__list_append(&engine->inbox, &controller->order_node);
  bool wake = engine->threaded ? engine->sleeping : first;
  engine->sleeping = false;
  return wake;
}

void xhr__engine_order(xhr__fetch_controller *controller, unsigned orders) {
  xhr__engine *engine = controller->engine;
  pthread_mutex_lock(&engine->inbox_lock);
  controller->orders |= orders;
  bool wake = queue_orders(engine, controller);
  pthread_mutex_unlock(&engine->inbox_lock);
  if (wake)
    wake_engine(engine);
}

void xhr__engine_order_timeout(xhr__fetch_controller *controller, uint32_t timeout_ms) {
  xhr__engine *engine = controller->engine;
  pthread_mutex_lock(&engine->inbox_lock);
  controller->timeout_ms = timeout_ms;
  controller->orders |= XHR__ORDER_TIMEOUT;
  bool wake = queue_orders(engine, controller);
  pthread_mutex_unlock(&engine->inbox_lock);
  if (wake)
    wake_engine(engine);
}

/* Carries out what one controller orders. */
static void obey(xhr__engine *engine, xhr__fetch_controller *controller, unsigned orders,
                 uint32_t timeout_ms) {
  if (orders & XHR__ORDER_TERMINATE) {
    if (controller->params)
      xhr__fetch_params_free(controller->params);
    return;
  }
  if ((orders & XHR__ORDER_FETCH) && !engine->closing)
    xhr__fetch_begin(engine, controller);
  if (controller->params)
    xhr__fetch_arm_timeout(controller->params, timeout_ms);
}

static void take_orders(xhr__engine *engine) {
  xhr__list inbox;
  xhr__list_init(&inbox);
  pthread_mutex_lock(&engine->inbox_lock);
  xhr__list_splice(&inbox, &engine->inbox);
  for (;;) {
    xhr__list *node = xhr__list_take_first(&inbox);
    if (!node)
      break;
    xhr__fetch_controller *controller = XHR__OWNER(node, xhr__fetch_controller, order_node);
    unsigned orders = controller->orders;
    uint32_t timeout_ms = controller->timeout_ms;
    controller->orders = 0;
    pthread_mutex_unlock(&engine->inbox_lock);
    obey(engine, controller, orders, timeout_ms);
    xhr__fetch_controller_unref(controller);
    pthread_mutex_lock(&engine->inbox_lock);
  }
  pthread_mutex_unlock(&engine->inbox_lock);
}

static void run_timers(xhr__engine *engine) {
  if (engine->timers.count == 0)
    return;
  xhr__time now = xhr__clock_now(&engine->clock);
  for (;;) {
    xhr__timer *timer = xhr__timers_take_due(&engine->timers, now);
    if (!timer)
      return;
    xhr__fetch_timer_due(XHR__OWNER(timer, xhr__fetch_params, timer));
  }
}

static void run_deferred(xhr__engine *engine) {
  for (;;) {
    xhr__list *node = xhr__list_take_first(&engine->deferred);
    if (!node)
      return;
    xhr__http_network_fetch_stop_discarding(XHR__OWNER(node, xhr__fetch_params, deferred_node));
  }
}

/* Reads on in bodies that come from no network; what is left waits for the next turn. */
static void read_local(xhr__engine *engine) {
  xhr__list local;
  xhr__list_init(&local);
  xhr__list_splice(&local, &engine->local);
  for (;;) {
    xhr__list *node = xhr__list_take_first(&local);
    if (!node)
      return;
    xhr__local_response_read(XHR__OWNER(node, xhr__fetch_params, local_node));
  }
}

void xhr__engine_turn(xhr__engine *engine) {
  take_orders(engine);
  if (engine->attached != XHR_OK)
    return;
  xhr__file_reader_collect(engine->file_reader);
  engine->transport->methods->turn(engine->transport);
  run_timers(engine);
  run_deferred(engine);
  read_local(engine);
}

xhr__time xhr__engine_deadline(xhr__engine *engine) {
  pthread_mutex_lock(&engine->inbox_lock);
  bool orders = !xhr__list_empty(&engine->inbox);
  pthread_mutex_unlock(&engine->inbox_lock);
  if (orders || !xhr__list_empty(&engine->local))
    return 0;
  if (engine->attached != XHR_OK)
    return XHR__NEVER;
  xhr__time transport = engine->transport->methods->deadline(engine->transport);
  xhr__time timers = xhr__timers_next(&engine->timers);
  return transport < timers ? transport : timers;
}

const xhr__clock *xhr__engine_clock(const xhr__engine *engine) {
  return &engine->clock;
}

bool xhr__engine_is_inline(const xhr__engine *engine) {
  return !engine->threaded;
}

/* What must be there before the first fetch, on the thread that will run it. */
static void attach(xhr__engine *engine) {
  engine->attached =
      engine->transport->methods->attach(engine->transport, engine->poller, &engine->clock);
}

/* Ends all fetches without a word; the engine's thread. */
static void end_fetches(xhr__engine *engine) {
  engine->closing = true;
  take_orders(engine);
  while (!xhr__list_empty(&engine->fetches)) {
    xhr__fetch_params_free(XHR__OWNER(engine->fetches.next, xhr__fetch_params, node));
  }
}

/* Ends everything that belongs to the engine's thread. */
static void shut_down(xhr__engine *engine) {
  end_fetches(engine);
  xhr__mailbox_wake_all(&engine->put_off);
  engine->transport->methods->destroy(engine->transport);
  engine->transport = NULL;
}

/* How long the thread may wait; marks it as sleeping where it may. */
static xhr__time prepare_to_wait(xhr__engine *engine) {
  xhr__time deadline = xhr__engine_deadline(engine);
  xhr__time timeout = XHR__NEVER;
  if (deadline != XHR__NEVER) {
    xhr__time now = deadline ? xhr__clock_now(&engine->clock) : 0;
    timeout = deadline > now ? deadline - now : 0;
  }
  pthread_mutex_lock(&engine->inbox_lock);
  if (engine->stopping || !xhr__list_empty(&engine->inbox))
    timeout = 0;
  engine->sleeping = timeout != 0;
  pthread_mutex_unlock(&engine->inbox_lock);
  return timeout;
}

/* True where the thread is to end. */
static bool wait_ended(xhr__engine *engine) {
  pthread_mutex_lock(&engine->inbox_lock);
  engine->sleeping = false;
  bool stopping = engine->stopping;
  pthread_mutex_unlock(&engine->inbox_lock);
  return stopping;
}

static void *run(void *user) {
  xhr__engine *engine = user;
  if (engine->attached != XHR_OK)
    attach(engine);
  do {
    xhr__engine_turn(engine);
    xhr__mailbox_wake_all(&engine->put_off);
    xhr__poller_wait(engine->poller, prepare_to_wait(engine));
  } while (!wait_ended(engine));
  shut_down(engine);
  return NULL;
}

/* Starts the thread with all signals blocked: they are the program's own. */
static xhr_status start_thread(xhr__engine *engine) {
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  int error = pthread_create(&engine->thread, NULL, run, engine);
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  if (error != 0)
    return XHR_SYSTEM;
  engine->thread_runs = true;
  return XHR_OK;
}

xhr_status xhr__engine_new(xhr__transport *transport, const xhr__engine_options *options,
                           xhr__engine **out) {
  xhr__engine *engine = XHR__NEW(xhr__engine);
  if (!engine) {
    transport->methods->destroy(transport);
    return XHR_OUT_OF_MEMORY;
  }
  engine->transport = transport;
  engine->threaded = options->threaded;
  engine->clock = options->clock;
  engine->max_response_bytes = options->max_response_bytes;
  engine->max_decompression_ratio = options->max_decompression_ratio;
  engine->file_urls = options->file_urls;
  engine->attached = XHR_INVALID_STATE_ERR;
  xhr__list_init(&engine->inbox);
  xhr__list_init(&engine->put_off);
  xhr__list_init(&engine->fetches);
  xhr__list_init(&engine->deferred);
  xhr__list_init(&engine->local);
  /* On Linux a mutex of the default kind needs no resource and cannot be refused. */
  pthread_mutex_init(&engine->inbox_lock, NULL);

  xhr_status status = xhr__bytes_append(&engine->user_agent, options->user_agent);
  engine->response_pool = xhr__response_pool_new();
  if (status == XHR_OK && !engine->response_pool)
    status = XHR_OUT_OF_MEMORY;
  if (status == XHR_OK)
    status = xhr__file_reader_new(wake_engine, engine, &engine->file_reader);
  if (status == XHR_OK && engine->threaded)
    status = xhr__poller_new(&engine->poller);
  if (status == XHR_OK && engine->threaded)
    status = start_thread(engine);
  if (status != XHR_OK) {
    xhr__engine_free(engine);
    return status;
  }
  *out = engine;
  return XHR_OK;
}

static void stop_thread(xhr__engine *engine) {
  pthread_mutex_lock(&engine->inbox_lock);
  engine->stopping = true;
  pthread_mutex_unlock(&engine->inbox_lock);
  xhr__poller_wake(engine->poller);
  pthread_join(engine->thread, NULL);
}

void xhr__engine_free(xhr__engine *engine) {
  if (!engine)
    return;
  if (engine->thread_runs) {
    stop_thread(engine);
  } else {
    shut_down(engine);
  }
  /* Orders that came since the thread ended can only be terminations. */
  take_orders(engine);
  xhr__file_reader_free(engine->file_reader);
  xhr__response_pool_unref(engine->response_pool);
  xhr__poller_unref(engine->poller);
  xhr__timers_free(&engine->timers);
  xhr__preflight_cache_free(&engine->preflight_cache);
  xhr__authentication_entries_free(&engine->authentication_entries);
  xhr__bytes_free(&engine->user_agent);
  pthread_mutex_destroy(&engine->inbox_lock);
  xhr__free(engine);
}

/* Whether the engine is that poller's, which it becomes where it was nobody's. Two loops may ask at once. */
static bool claim(xhr__engine *engine, xhr__poller *poller) {
  pthread_mutex_lock(&engine->inbox_lock);
  if (!engine->poller)
    engine->poller = xhr__poller_ref(poller);
  bool ours = engine->poller == poller;
  pthread_mutex_unlock(&engine->inbox_lock);
  return ours;
}

xhr_status xhr__engine_attach(xhr__engine *engine, xhr__poller *poller, void (*wake)(void *user),
                              void *wake_user) {
  if (!claim(engine, poller))
    return XHR_INVALID_STATE_ERR;
  if (engine->attached != XHR_OK)
    attach(engine);
  pthread_mutex_lock(&engine->inbox_lock);
  if (engine->attached == XHR_OK) {
    engine->wake = wake;
    engine->wake_user = wake_user;
  } else { /* nobody's again: it may be tried once more, from another loop too */
    xhr__poller_unref(engine->poller);
    engine->poller = NULL;
  }
  pthread_mutex_unlock(&engine->inbox_lock);
  return engine->attached;
}

void xhr__engine_detach(xhr__engine *engine) {
  pthread_mutex_lock(&engine->inbox_lock);
  engine->wake = NULL;
  pthread_mutex_unlock(&engine->inbox_lock);
}

/* Makes another poller the engine's and its transport's; `wake` is what tells a pumping loop. */
static void change_poller(xhr__engine *engine, xhr__poller *poller, void (*wake)(void *user)) {
  engine->transport->methods->move(engine->transport, poller);
  pthread_mutex_lock(&engine->inbox_lock);
  engine->poller = poller;
  engine->wake = wake;
  pthread_mutex_unlock(&engine->inbox_lock);
}

xhr_status xhr__engine_start_thread(xhr__engine *engine) {
  xhr__poller *before = engine->poller, *own;
  void (*wake)(void *user) = engine->wake;
  xhr_status status = xhr__poller_new(&own);
  if (status != XHR_OK)
    return status;
  change_poller(engine, own, NULL);
  /* Whoever still takes it for an inline one has queued what there is to do; the thread begins with a turn. */
  engine->threaded = true;
  status = start_thread(engine);
  if (status != XHR_OK) {
    engine->threaded = false;
    change_poller(engine, before, wake);
    before = own;
  }
  xhr__poller_unref(before);
  return status;
}
