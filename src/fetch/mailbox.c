#include "fetch/mailbox.h"

#include <pthread.h>

#include "fetch/controller_record.h"
#include "infra/alloc.h"

struct xhr__mailbox {
  _Atomic uint32_t references;
  pthread_mutex_t lock;
  pthread_cond_t woken; /* signalled when no wake is under way any more */
  xhr__list news;       /* of xhr__news_item */
  unsigned waking;
  bool closed;
  const xhr__list *waker; /* the list that wake_node is in, or NULL */
  xhr__list wake_node;
  void (*wake)(void *user);
  void *wake_user;
};

xhr_status xhr__mailbox_new(void (*wake)(void *user), void *user, xhr__mailbox **out) {
  xhr__mailbox *mailbox = XHR__NEW(xhr__mailbox);
  if (!mailbox)
    return XHR_OUT_OF_MEMORY;
  if (pthread_mutex_init(&mailbox->lock, NULL) != 0)
    goto no_lock;
  if (pthread_cond_init(&mailbox->woken, NULL) != 0)
    goto no_condition;
  mailbox->references = 1;
  xhr__list_init(&mailbox->news);
  xhr__list_init(&mailbox->wake_node);
  mailbox->wake = wake;
  mailbox->wake_user = user;
  *out = mailbox;
  return XHR_OK;
no_condition:
  pthread_mutex_destroy(&mailbox->lock);
no_lock:
  xhr__free(mailbox);
  return XHR_SYSTEM;
}

xhr__mailbox *xhr__mailbox_ref(xhr__mailbox *mailbox) {
  atomic_fetch_add_explicit(&mailbox->references, 1, memory_order_relaxed);
  return mailbox;
}

void xhr__mailbox_unref(xhr__mailbox *mailbox) {
  if (!mailbox)
    return;
  if (atomic_fetch_sub_explicit(&mailbox->references, 1, memory_order_acq_rel) != 1)
    return;
  pthread_cond_destroy(&mailbox->woken);
  pthread_mutex_destroy(&mailbox->lock);
  xhr__free(mailbox);
}

/* The first news of a queue, taken off it; its controller with the queue's reference, which becomes the caller's, or NULL
 * where there is none. The lock is held. */
static xhr__fetch_controller *take_news(xhr__list *queue, xhr__news *news) {
  xhr__list *node = xhr__list_take_first(queue);
  if (!node)
    return NULL;
  xhr__news_item *item = XHR__OWNER(node, xhr__news_item, node);
  xhr__fetch_controller *controller = item->controller;
  *news = controller->news;
  news->what = item->what;
  controller->news.what &= ~item->what;
  if (item->what & XHR__NEWS_RESPONSE)
    controller->news.response = NULL;
  else
    news->response = NULL;
  return controller;
}

void xhr__mailbox_close(xhr__mailbox *mailbox) {
  pthread_mutex_lock(&mailbox->lock);
  mailbox->closed = true;
  while (mailbox->waking > 0)
    pthread_cond_wait(&mailbox->woken, &mailbox->lock);
  for (;;) {
    xhr__news news;
    xhr__fetch_controller *controller = take_news(&mailbox->news, &news);
    if (!controller)
      break;
    /* The last reference of a controller drops one of the mailbox, so no lock may be held. */
    pthread_mutex_unlock(&mailbox->lock);
    xhr__response_free(news.response);
    xhr__fetch_controller_unref(controller);
    pthread_mutex_lock(&mailbox->lock);
  }
  pthread_mutex_unlock(&mailbox->lock);
}

/* Merges `news` into what has not been delivered yet. */
static void merge(xhr__news *into, const xhr__news *news) {
  into->what |= news->what;
  if (news->what & (XHR__NEWS_REQUEST_BYTES | XHR__NEWS_REQUEST_END)) {
    into->transmitted = news->transmitted;
  }
  if (news->what & XHR__NEWS_RESPONSE)
    into->response = news->response;
  if (news->what & XHR__NEWS_BODY)
    into->received = news->received;
  if (news->what & XHR__NEWS_END_OF_BODY)
    into->received_in_all = news->received_in_all;
}

/* Which item is for that kind of news. */
static xhr__news_item *item_for(xhr__fetch_controller *controller, unsigned what) {
  size_t i = 0;
  while (i < XHR__NEWS_ITEMS - 1 && !(what & 1u << i))
    i++;
  return &controller->items[i];
}

/* Queues news of a kind that is not queued yet: in the last item, where that is the same fetch's. The lock is held. */
static void enqueue(xhr__mailbox *mailbox, xhr__fetch_controller *controller, unsigned what) {
  if (!xhr__list_empty(&mailbox->news)) {
    xhr__news_item *last = XHR__OWNER(mailbox->news.prev, xhr__news_item, node);
    if (last->controller == controller) {
      last->what |= what;
      return;
    }
  }
  xhr__news_item *item = item_for(controller, what);
  item->what = what;
  item->controller = xhr__fetch_controller_ref(controller);
  xhr__list_append(&mailbox->news, &item->node);
}

/* Wakes the owner. The caller has counted it in `waking`, and holds no lock. */
static void wake_owner(xhr__mailbox *mailbox) {
  mailbox->wake(mailbox->wake_user);
  pthread_mutex_lock(&mailbox->lock);
  if (--mailbox->waking == 0 && mailbox->closed)
    pthread_cond_broadcast(&mailbox->woken);
  pthread_mutex_unlock(&mailbox->lock);
}

/* Leaves the wake to the end of the engine's turn, where that may be; the lock is held. One engine at a time has the
 * mailbox in its list, others that share it wake at once. */
static bool put_off_wake(xhr__mailbox *mailbox, xhr__list *put_off) {
  if (!put_off || (mailbox->waker && mailbox->waker != put_off))
    return false;
  if (!mailbox->waker) {
    mailbox->waker = put_off;
    xhr__mailbox_ref(mailbox);
    xhr__list_append(put_off, &mailbox->wake_node);
  }
  return true;
}

void xhr__mailbox_post(xhr__fetch_controller *controller, const xhr__news *news) {
  xhr__mailbox *mailbox = controller->mailbox;
  xhr__list *put_off = xhr__engine_put_off_wakes(controller->engine);
  unsigned kind = news->what & XHR__NEWS_LAST ? XHR__NEWS_LAST : news->what;
  pthread_mutex_lock(&mailbox->lock);
  bool is_queued = controller->news.what & kind, wake = false;
  merge(&controller->news, news);
  if (!mailbox->closed && !is_queued) {
    wake = xhr__list_empty(&mailbox->news) && !put_off_wake(mailbox, put_off);
    enqueue(mailbox, controller, news->what);
  }
  if (wake)
    mailbox->waking++;
  pthread_mutex_unlock(&mailbox->lock);
  if (wake)
    wake_owner(mailbox);
}

void xhr__mailbox_wake_all(xhr__list *put_off) {
  while (!xhr__list_empty(put_off)) {
    xhr__mailbox *mailbox = XHR__OWNER(put_off->next, xhr__mailbox, wake_node);
    pthread_mutex_lock(&mailbox->lock);
    xhr__list_remove(&mailbox->wake_node);
    mailbox->waker = NULL;
    bool wake = !mailbox->closed && !xhr__list_empty(&mailbox->news);
    if (wake)
      mailbox->waking++;
    pthread_mutex_unlock(&mailbox->lock);
    if (wake)
      wake_owner(mailbox);
    xhr__mailbox_unref(mailbox);
  }
}

/* Calls the client for everything in `news`, as long as it has not terminated the fetch. */
static void tell(xhr__fetch_controller *controller, xhr__news *news) {
  if (controller->client && (news->what & XHR__NEWS_REQUEST_BYTES)) {
    controller->client->process_request_body_chunk_length(controller->client_data,
                                                          news->transmitted);
  }
  if (controller->client && (news->what & XHR__NEWS_REQUEST_END)) {
    controller->client->process_request_end_of_body(controller->client_data, news->transmitted);
  }
  if (controller->client && (news->what & XHR__NEWS_RESPONSE)) {
    xhr__response *response = news->response;
    news->response = NULL;
    controller->client->process_response(controller->client_data, response);
  }
  if (controller->client && (news->what & XHR__NEWS_BODY)) {
    controller->client->process_body_chunk(controller->client_data, news->received);
  }
  if (!controller->client || !(news->what & XHR__NEWS_LAST))
    return;

  const xhr__fetch_client *client = controller->client;
  void *data = controller->client_data;
  controller->client = NULL;
  if (news->what & XHR__NEWS_END_OF_BODY) {
    client->process_end_of_body(data, news->received_in_all);
  } else if (news->what & XHR__NEWS_NETWORK_ERROR) {
    client->process_response(data, NULL);
  } else if (news->what & XHR__NEWS_BODY_ERROR) {
    client->process_body_error(data);
  } else {
    client->process_timeout(data);
  }
}

bool xhr__mailbox_deliver(xhr__mailbox *mailbox) {
  xhr__list queue;
  xhr__list_init(&queue);
  pthread_mutex_lock(&mailbox->lock);
  xhr__list_splice(&queue, &mailbox->news);
  bool any = !xhr__list_empty(&queue);
  for (;;) {
    xhr__news news;
    xhr__fetch_controller *controller = take_news(&queue, &news);
    if (!controller)
      break;
    pthread_mutex_unlock(&mailbox->lock);
    tell(controller, &news);
    xhr__response_free(news.response);
    xhr__fetch_controller_unref(controller);
    pthread_mutex_lock(&mailbox->lock);
  }
  pthread_mutex_unlock(&mailbox->lock);
  return any;
}

bool xhr__mailbox_has_news(xhr__mailbox *mailbox) {
  pthread_mutex_lock(&mailbox->lock);
  bool any = !xhr__list_empty(&mailbox->news);
  pthread_mutex_unlock(&mailbox->lock);
  return any;
}
