/* What stands in a fetch controller: for the three files that are the seam (fetch_controller, mailbox, engine) only. */
#ifndef XHR__FETCH_CONTROLLER_RECORD_H
#define XHR__FETCH_CONTROLLER_RECORD_H

#include <stdatomic.h>

#include "fetch/fetch_controller.h"
#include "infra/list.h"

/* What the thread that asked orders of the engine. */
#define XHR__ORDER_FETCH     1u
#define XHR__ORDER_TERMINATE 2u
#define XHR__ORDER_TIMEOUT   4u

/* What the engine tells the thread that asked, in the order in which it is delivered where nobody else's came between. */
#define XHR__NEWS_REQUEST_BYTES 1u
#define XHR__NEWS_REQUEST_END   2u
#define XHR__NEWS_RESPONSE      4u
#define XHR__NEWS_BODY          8u
#define XHR__NEWS_END_OF_BODY   16u
#define XHR__NEWS_NETWORK_ERROR 32u
#define XHR__NEWS_BODY_ERROR    64u
#define XHR__NEWS_TIMEOUT       128u
#define XHR__NEWS_LAST                                                                             \
  (XHR__NEWS_END_OF_BODY | XHR__NEWS_NETWORK_ERROR | XHR__NEWS_BODY_ERROR | XHR__NEWS_TIMEOUT)

/* What is new, with the values that go with it. Posting a value again before it was delivered replaces it. */
typedef struct xhr__news {
  unsigned what;
  uint64_t transmitted;
  xhr__response *response; /* owned */
  uint64_t received;       /* as process_body_chunk is told */
  uint64_t received_in_all;
} xhr__news;

/* A place in a mailbox's queue. */
typedef struct xhr__news_item {
  xhr__list node;
  xhr__fetch_controller *controller; /* counted while it is queued */
  unsigned what;                     /* of the controller's news: what is delivered here */
} xhr__news_item;

/* One for each of the first four, and one for the last. */
#define XHR__NEWS_ITEMS 5

struct xhr__fetch_controller {
  _Atomic uint32_t references; /* the caller's, the engine's, and one for each queue it stands in */
  uint64_t id;
  struct xhr__engine *engine; /* outlives the caller's part */
  xhr__mailbox *mailbox;      /* counted */

  /* The caller's thread. NULL once terminated or told the last news. */
  const xhr__fetch_client *client;
  void *client_data;

  /* Under the engine's inbox lock. */
  xhr__list order_node;
  unsigned orders;
  uint32_t timeout_ms;

  /* Set before the order to fetch, the engine's thread's from then on. */
  xhr__request *request;
  xhr__time started;
  bool report_upload;
  struct xhr__fetch_params *params;

  /* Under the mailbox's lock. */
  xhr__news news; /* all that is queued */
  xhr__news_item items[XHR__NEWS_ITEMS];
  /* Written by the engine before it posts an error, then constant. */
  xhr__failure failure;
};

/* The engine's thread: marks one piece of news, queues it behind all others' and wakes the mailbox where that is needed.
 * `news` is copied; a response is taken over. */
void xhr__mailbox_post(xhr__fetch_controller *controller, const xhr__news *news);
/* The engine's thread: wakes the owners of all mailboxes in the list, which is empty after. */
void xhr__mailbox_wake_all(xhr__list *put_off);
/* The engine's thread: the list of mailboxes to wake when the turn ends; NULL: wake at once. */
xhr__list *xhr__engine_put_off_wakes(struct xhr__engine *engine);

/* Any thread: queues orders for the engine. */
void xhr__engine_order(xhr__fetch_controller *controller, unsigned orders);
/* Any thread: orders a new timeout. */
void xhr__engine_order_timeout(xhr__fetch_controller *controller, uint32_t timeout_ms);

xhr__fetch_controller *xhr__fetch_controller_ref(xhr__fetch_controller *controller);

#endif
