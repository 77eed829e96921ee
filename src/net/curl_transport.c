#include <pthread.h>

#include "net/curl_internal.h"

/* Idle easy handles are kept up to here. */
enum { IDLE_TRANSFERS = 256 };
/* A lane of https: may hold an HTTP/2 connection's streams, up to as many as libcurl puts onto one. */
enum { STREAMS_PER_CONNECTION = 100 };
/* A turn goes round this often before it lets others work. */
enum { ROUNDS = 8 };

static xhr__curl_transport *own(xhr__transport *transport) {
  return (xhr__curl_transport *)transport;
}

/* ---- making, attaching ---- */

static pthread_once_t global_once = PTHREAD_ONCE_INIT;
static CURLcode global_result;

/* Never undone: another part of the program may use libcurl too. */
static void global_init(void) {
  global_result = curl_global_init(CURL_GLOBAL_DEFAULT);
}

/* How many exchanges may run at once. http: takes a connection each. Of https: nobody knows before whether a connection
 * will take many: so the lane lets in as many streams as the connections could take, and for HTTP/1.1 libcurl makes
 * those that find no connection wait. Under a limit by host, libcurl alone knows who may go on, so all are let in. */
static uint64_t lane_bound(const xhr__curl_settings *settings, unsigned lane) {
  uint64_t bound = settings->max_connections;
  if (settings->max_connections_per_host)
    return UINT64_MAX;
  return lane == XHR__LANE_HTTPS ? bound * STREAMS_PER_CONNECTION : bound;
}

static bool set_limits(CURLM *multi, const xhr__curl_settings *settings) {
  long connections = (long)settings->max_connections;
  long per_host = (long)settings->max_connections_per_host;
  return curl_multi_setopt(multi, CURLMOPT_MAX_TOTAL_CONNECTIONS, connections) == CURLM_OK &&
         curl_multi_setopt(multi, CURLMOPT_MAXCONNECTS, connections) == CURLM_OK &&
         curl_multi_setopt(multi, CURLMOPT_MAX_HOST_CONNECTIONS, per_host) == CURLM_OK;
}

static xhr_status attach(xhr__transport *base, xhr__poller *poller, const xhr__clock *clock) {
  xhr__curl_transport *transport = own(base);
  transport->poller = poller;
  transport->clock = *clock;
  pthread_once(&global_once, global_init);
  if (global_result != CURLE_OK)
    return XHR_SYSTEM;
  xhr_status status = xhr__curl_settings_find_certificates(&transport->settings);
  if (status != XHR_OK)
    return status;
  if (!transport->pool.multi)
    transport->pool.multi = curl_multi_init();
  if (!transport->pool.multi)
    return XHR_OUT_OF_MEMORY;
  if (!set_limits(transport->pool.multi, &transport->settings) ||
      !xhr__curl_sockets_install(&transport->pool))
    return XHR_SYSTEM;
  return XHR_OK;
}

static void move(xhr__transport *base, xhr__poller *poller) {
  xhr__curl_sockets_move(own(base), poller);
}

/* ---- exchanges and transfers ---- */

static xhr_status start(xhr__transport *base, xhr__exchange *exchange) {
  unsigned lane = xhr__url_scheme_is(exchange->url, "https") ? XHR__LANE_HTTPS : XHR__LANE_HTTP;
  exchange->transport_data = NULL;
  xhr__list_append(&own(base)->lanes[lane].waiting, &exchange->transport_node);
  return XHR_OK;
}

static void cancel(xhr__transport *base, xhr__exchange *exchange) {
  xhr__transfer *transfer = exchange->transport_data;
  if (!transfer) {
    xhr__list_remove(&exchange->transport_node);
    return;
  }
  transfer->exchange = NULL;
  xhr__list_remove(&transfer->resume_node);
  xhr__list_remove(&transfer->node);
  xhr__list_append(&own(base)->leaving, &transfer->node);
}

static void resume(xhr__transport *base, xhr__exchange *exchange) {
  xhr__transfer *transfer = exchange->transport_data;
  if (!transfer || transfer->answered)
    return;
  xhr__list_remove(&transfer->resume_node);
  xhr__list_append(&own(base)->resuming, &transfer->resume_node);
}

/* Takes the transfer out of libcurl and of its lane. One that ended well is kept for another exchange. */
static void retire(xhr__curl_transport *transport, xhr__transfer *transfer, bool keep) {
  curl_multi_remove_handle(transport->pool.multi, transfer->easy);
  transport->lanes[transfer->lane].running--;
  xhr__list_remove(&transfer->node);
  xhr__list_remove(&transfer->resume_node);
  transfer->exchange = NULL;
  if (!keep || transport->idle_count >= IDLE_TRANSFERS) {
    xhr__transfer_free(transfer);
    return;
  }
  xhr__list_append(&transport->idle, &transfer->node);
  transport->idle_count++;
}

static xhr__transfer *obtain_transfer(xhr__curl_transport *transport) {
  /* The last one, whose memory is the warmest. */
  xhr__list *node = transport->idle.prev;
  if (node == &transport->idle)
    return xhr__transfer_new(transport);
  xhr__list_remove(node);
  transport->idle_count--;
  return XHR__OWNER(node, xhr__transfer, node);
}

/* An exchange ends before it began. */
static void end_early(xhr__exchange *exchange, xhr_failure_code code, const char *detail) {
  xhr__failure failure = {0};
  xhr__failure_set(&failure, code, xhr__str_c(detail));
  exchange->events->done(exchange, &failure);
}

static void begin(xhr__curl_transport *transport, xhr__exchange *exchange) {
  xhr__transfer *transfer = obtain_transfer(transport);
  if (!transfer) {
    end_early(exchange, XHR_FAILURE_OUT_OF_MEMORY, "");
    return;
  }
  if (!xhr__transfer_prepare(transfer, exchange)) {
    xhr__failure failure = transfer->failure;
    xhr__transfer_free(transfer);
    exchange->events->done(exchange, &failure);
    return;
  }
  CURLMcode result = curl_multi_add_handle(transport->pool.multi, transfer->easy);
  if (result != CURLM_OK) {
    xhr__transfer_free(transfer);
    end_early(exchange,
              result == CURLM_OUT_OF_MEMORY ? XHR_FAILURE_OUT_OF_MEMORY : XHR_FAILURE_INTERNAL,
              curl_multi_strerror(result));
    return;
  }
  exchange->transport_data = transfer;
  transfer->exchange = exchange;
  xhr__list_append(&transport->running, &transfer->node);
  transport->lanes[transfer->lane].running++;
}

/* Over HTTP/2, libcurl before 8.0 fails without a word when it goes on to send to a stream that has ended well. */
static bool ended_well(const xhr__transfer *transfer, CURLcode result) {
  return transfer->head_told && !transfer->failed &&
         (result == CURLE_OK || transfer->answered ||
          (result == CURLE_HTTP2_STREAM && transfer->exchange->has_body && !transfer->error[0]));
}

static void finish(xhr__curl_transport *transport, xhr__transfer *transfer, CURLcode result) {
  xhr__exchange *exchange = transfer->exchange;
  if (!exchange)
    return; /* cancelled, and among those that leave */
  result = xhr__transfer_end_head(transfer, result);
  if (!transfer->exchange)
    return;
  if (ended_well(transfer, result)) {
    retire(transport, transfer, result == CURLE_OK);
    exchange->events->done(exchange, NULL);
    return;
  }
  if (!transfer->failed)
    xhr__curl_failure(transfer, result, &transfer->failure);
  xhr__failure failure = transfer->failure;
  retire(transport, transfer, false);
  exchange->events->done(exchange, &failure);
}

/* ---- turns ---- */

static bool may_begin(const xhr__curl_lane *lane) {
  return !xhr__list_empty(&lane->waiting) && lane->running < lane->bound;
}

static void let_leave(xhr__curl_transport *transport) {
  xhr__list *node;
  while ((node = xhr__list_take_first(&transport->leaving)))
    retire(transport, XHR__OWNER(node, xhr__transfer, node), false);
}

static void let_resume(xhr__curl_transport *transport) {
  xhr__list resuming, *node;
  xhr__list_init(&resuming);
  xhr__list_splice(&resuming, &transport->resuming);
  while ((node = xhr__list_take_first(&resuming))) {
    xhr__transfer *transfer = XHR__OWNER(node, xhr__transfer, resume_node);
    if (!transfer->paused)
      continue;
    transfer->paused = false;
    curl_easy_pause(transfer->easy, CURLPAUSE_CONT);
  }
}

static void let_begin(xhr__curl_transport *transport) {
  for (unsigned i = 0; i < XHR__LANES; i++) {
    xhr__curl_lane *lane = &transport->lanes[i];
    while (may_begin(lane)) {
      xhr__list *node = xhr__list_take_first(&lane->waiting);
      begin(transport, XHR__OWNER(node, xhr__exchange, transport_node));
    }
  }
}

static void let_work(xhr__curl_transport *transport) {
  xhr__curl_pool *pool = &transport->pool;
  int running;
  xhr__curl_sockets_turn(transport);
  if (pool->due != XHR__NEVER && pool->due <= xhr__clock_now(&transport->clock)) {
    pool->due = XHR__NEVER;
    curl_multi_socket_action(pool->multi, CURL_SOCKET_TIMEOUT, 0, &running);
  }
}

static void let_finish(xhr__curl_transport *transport) {
  CURLMsg *message;
  int left;
  while ((message = curl_multi_info_read(transport->pool.multi, &left))) {
    char *transfer = NULL;
    if (message->msg == CURLMSG_DONE &&
        curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &transfer) == CURLE_OK)
      finish(transport, (xhr__transfer *)(void *)transfer, message->data.result);
  }
}

/* What libcurl has not ended itself. */
static void let_end_early(xhr__curl_transport *transport) {
  xhr__list *node;
  while ((node = xhr__list_take_first(&transport->answered)))
    finish(transport, XHR__OWNER(node, xhr__transfer, resume_node), CURLE_HTTP2_STREAM);
}

static bool has_work(const xhr__curl_transport *transport) {
  return !xhr__list_empty(&transport->leaving) || !xhr__list_empty(&transport->resuming) ||
         !xhr__list_empty(&transport->broken_sockets) || !xhr__list_empty(&transport->answered) ||
         may_begin(&transport->lanes[XHR__LANE_HTTP]) ||
         may_begin(&transport->lanes[XHR__LANE_HTTPS]);
}

static void turn(xhr__transport *base) {
  xhr__curl_transport *transport = own(base);
  if (!transport->pool.multi)
    return;
  for (int round = 0; round < ROUNDS; round++) {
    let_finish(transport);
    let_end_early(transport);
    let_leave(transport);
    let_resume(transport);
    let_begin(transport);
    let_work(transport);
    let_finish(transport);
    let_end_early(transport);
    if (!has_work(transport))
      return;
  }
}

static xhr__time deadline(xhr__transport *base) {
  xhr__curl_transport *transport = own(base);
  xhr__time rest = xhr__curl_sockets_deadline(transport);
  if (has_work(transport))
    return 0;
  return rest < transport->pool.due ? rest : transport->pool.due;
}

/* ---- the end ---- */

static void destroy(xhr__transport *base) {
  xhr__curl_transport *transport = own(base);
  xhr__list *node;
  if (transport->pool.multi) {
    let_leave(transport);
    while ((node = xhr__list_take_first(&transport->idle)))
      xhr__transfer_free(XHR__OWNER(node, xhr__transfer, node));
    curl_multi_cleanup(transport->pool.multi);
    xhr__curl_sockets_free(transport);
  }
  xhr__curl_settings_free(&transport->settings);
  xhr__free(transport);
}

static const xhr__transport_methods methods = {
    .attach = attach,
    .move = move,
    .start = start,
    .cancel = cancel,
    .resume = resume,
    .turn = turn,
    .deadline = deadline,
    .destroy = destroy,
};

xhr_status xhr__curl_transport_new(const xhr__transport_options *options,
                                   xhr__transport **transport) {
  xhr__curl_transport *made = XHR__NEW(xhr__curl_transport);
  if (!made)
    return XHR_OUT_OF_MEMORY;
  xhr_status status = xhr__curl_settings_init(&made->settings, options);
  if (status != XHR_OK) {
    xhr__free(made);
    return status;
  }
  made->base.methods = &methods;
  made->pool.transport = made;
  made->pool.due = XHR__NEVER;
  xhr__list_init(&made->running);
  xhr__list_init(&made->leaving);
  xhr__list_init(&made->idle);
  xhr__list_init(&made->resuming);
  xhr__list_init(&made->answered);
  xhr__list_init(&made->broken_sockets);
  xhr__list_init(&made->resting_sockets);
  for (unsigned i = 0; i < XHR__LANES; i++) {
    xhr__list_init(&made->lanes[i].waiting);
    made->lanes[i].bound = lane_bound(&made->settings, i);
  }
  *transport = &made->base;
  return XHR_OK;
}
