#include "runtime/port_pipe.h"

#include <pthread.h>
#include <stdatomic.h>

#include "infra/alloc.h"

/* A message that waits in an end. */
typedef struct letter {
  xhr__list node;
  xhr__serialized *message;
} letter;

/* The task of one delivery. Tokens of one attachment are alike: each takes what is the first letter when it runs, so that none
 * belongs to a letter, which would have to be taken back out of another thread's queue. */
typedef struct token {
  xhr__task task;
  xhr__port_end *end;  /* counted */
  uint64_t attachment; /* another one by now: nothing to be done */
  bool tells_close;
} token;

struct xhr__port_end {
  _Atomic uint32_t references;
  struct port_pipe *pipe;
  /* All below under the pipe's lock. */
  bool closed;
  bool peer_closed;  /* and the client has not been told */
  xhr__list letters; /* of letter */
  token closing;     /* so that closing cannot fail for want of memory */
  /* Where it is attached. */
  uint64_t attachment; /* its number: of this one, or the next */
  xhr_loop *loop;      /* NULL: nowhere. Only to be compared */
  xhr__task_queue *tasks;
  const xhr__port_client *client;
  void *user;
  bool enabled;
  /* Under the enclosure lock: where the message waits, or is to wait, that it lies in. Counts that one's pipe. */
  xhr__port_end *enclosing;
};

typedef struct port_pipe {
  _Atomic uint32_t
      references; /* of its ends that are in use, and of those that an end of it encloses */
  pthread_mutex_t lock;
  xhr__port_end ends[2];
} port_pipe;

static void lock(const xhr__port_end *end) {
  pthread_mutex_lock(&end->pipe->lock);
}

static void unlock(const xhr__port_end *end) {
  pthread_mutex_unlock(&end->pipe->lock);
}

static xhr__port_end *peer_of(const xhr__port_end *end) {
  port_pipe *pipe = end->pipe;
  return end == &pipe->ends[0] ? &pipe->ends[1] : &pipe->ends[0];
}

/* ---- life ------------------------------------------------------------------------------------------------------- */

xhr_status xhr__port_pipe_new(xhr__port_end **one, xhr__port_end **other) {
  port_pipe *pipe = XHR__NEW(port_pipe);
  if (!pipe)
    return XHR_OUT_OF_MEMORY;
  if (pthread_mutex_init(&pipe->lock, NULL) != 0) {
    xhr__free(pipe);
    return XHR_SYSTEM;
  }
  pipe->references = 2;
  for (int i = 0; i < 2; i++) {
    pipe->ends[i].references = 1;
    pipe->ends[i].pipe = pipe;
    xhr__list_init(&pipe->ends[i].letters);
  }
  *one = &pipe->ends[0];
  *other = &pipe->ends[1];
  return XHR_OK;
}

xhr__port_end *xhr__port_end_ref(xhr__port_end *end) {
  atomic_fetch_add_explicit(&end->references, 1, memory_order_relaxed);
  return end;
}

/* For those who hold no reference but the lock: false where the last one is being dropped. */
static bool try_ref(xhr__port_end *end) {
  uint32_t count = atomic_load_explicit(&end->references, memory_order_relaxed);
  while (count > 0) {
    if (atomic_compare_exchange_weak_explicit(&end->references, &count, count + 1,
                                              memory_order_relaxed, memory_order_relaxed))
      return true;
  }
  return false;
}

static void unref_pipe(port_pipe *pipe) {
  if (atomic_fetch_sub_explicit(&pipe->references, 1, memory_order_acq_rel) != 1)
    return;
  pthread_mutex_destroy(&pipe->lock);
  xhr__free(pipe);
}

void xhr__port_end_unref(xhr__port_end *end) {
  if (!end || atomic_fetch_sub_explicit(&end->references, 1, memory_order_acq_rel) != 1)
    return;
  xhr__port_end_close(end);
  xhr__port_end_detach(end);
  unref_pipe(end->pipe);
}

/* Drops letters, which are in no end's list any more. Ports travel in messages, and further messages wait in those: what comes
 * to light meanwhile is put behind the rest, so that the stack stays flat. */
static void discard(xhr__list *letters) {
  static _Thread_local xhr__list *discarding;
  if (discarding) {
    xhr__list_splice(discarding, letters);
    return;
  }
  xhr__list *node;
  discarding = letters;
  while ((node = xhr__list_take_first(letters))) {
    letter *one = XHR__OWNER(node, letter, node);
    xhr__serialized_free(one->message);
    xhr__free(one);
  }
  discarding = NULL;
}

/* ---- deliveries ------------------------------------------------------------------------------------------------- */

static void end_token(token *self) {
  xhr__port_end *end = self->end;
  if (self != &end->closing)
    xhr__free(self);
  xhr__port_end_unref(end);
}

/* Under the lock: the first letter's message, taken out; NULL. */
static xhr__serialized *take_message(xhr__port_end *end) {
  xhr__list *node = xhr__list_take_first(&end->letters);
  if (!node)
    return NULL;
  letter *first = XHR__OWNER(node, letter, node);
  xhr__serialized *message = first->message;
  xhr__free(first);
  return message;
}

static void run_token(xhr__task *task) {
  token *self = XHR__OWNER(task, token, task);
  xhr__port_end *end = self->end;
  xhr__serialized *message = NULL;
  bool tell = false;
  lock(end);
  const xhr__port_client *client = self->attachment == end->attachment ? end->client : NULL;
  void *user = end->user;
  /* A letter's token, which another thread has still to post, is overtaken by that of the closing: it waits for it. */
  bool early = client && self->tells_close && end->enabled && !xhr__list_empty(&end->letters);
  if (client && self->tells_close && !early) {
    tell = end->peer_closed;
    end->peer_closed = false;
  } else if (client && !early) {
    message = take_message(end);
  }
  unlock(end);
  if (early && xhr__task_queue_post(end->tasks, task))
    return;
  if (message)
    client->deliver(user, message);
  else if (tell)
    client->closed(user);
  end_token(self);
}

static void drop_token(xhr__task *task) {
  end_token(XHR__OWNER(task, token, task));
}

/* Under the lock of an end that the caller holds, or has just counted: a token for its attachment. NULL for want of
 * memory. Takes over one reference to the end, on success only. */
static token *prepare(token *at, xhr__port_end *end, bool tells_close) {
  if (!at)
    at = XHR__NEW(token);
  if (!at)
    return NULL;
  xhr__task_init(&at->task, run_token, drop_token);
  at->end = end;
  at->attachment = end->attachment;
  at->tells_close = tells_close;
  return at;
}

/* Not under the lock. */
static void post(xhr__task_queue *queue, token *one) {
  if (!xhr__task_queue_post(queue, &one->task))
    end_token(one);
}

xhr_status xhr__port_end_post(xhr__port_end *end, xhr__serialized *message) {
  xhr__port_end *to = peer_of(end);
  letter *one = XHR__NEW(letter);
  token *delivery = NULL;
  xhr__task_queue *tasks = NULL;
  xhr_status status = one ? XHR_OK : XHR_OUT_OF_MEMORY;
  lock(end);
  bool wanted = one && !end->closed && !to->closed && try_ref(to);
  if (wanted && to->enabled) {
    delivery = prepare(NULL, to, false);
    status = delivery ? XHR_OK : XHR_OUT_OF_MEMORY;
    tasks = delivery ? xhr__task_queue_ref(to->tasks) : NULL;
  }
  if (wanted && status == XHR_OK) {
    one->message = message;
    xhr__list_append(&to->letters, &one->node);
    message = NULL;
    one = NULL;
  }
  unlock(end);
  if (delivery)
    post(tasks, delivery);
  else if (wanted)
    xhr__port_end_unref(to);
  xhr__task_queue_unref(tasks);
  xhr__serialized_free(message);
  xhr__free(one);
  return status;
}

/* ---- ports in messages -------------------------------------------------------------------------------------------- */

/* Which port lies in whose messages: of all pipes at once, since that is what makes a circle. */
static pthread_mutex_t enclosure = PTHREAD_MUTEX_INITIALIZER;

bool xhr__port_end_put_in(xhr__port_end *port, xhr__port_end *end) {
  xhr__port_end *to = peer_of(end);
  pthread_mutex_lock(&enclosure);
  bool circle = to == port;
  for (const xhr__port_end *around = to->enclosing; around && !circle; around = around->enclosing)
    circle = around == port;
  if (!circle) {
    port->enclosing = to;
    atomic_fetch_add_explicit(&to->pipe->references, 1, memory_order_relaxed);
  }
  pthread_mutex_unlock(&enclosure);
  return !circle;
}

void xhr__port_end_take_out(xhr__port_end *port) {
  pthread_mutex_lock(&enclosure);
  const xhr__port_end *around = port->enclosing;
  port->enclosing = NULL;
  pthread_mutex_unlock(&enclosure);
  if (around)
    unref_pipe(around->pipe);
}

/* ---- attaching -------------------------------------------------------------------------------------------------- */

/* Under the lock: prepares, in a list, a token for each letter that waits, and one that tells of the peer's closing where that
 * is asked for. False for want of memory. */
static bool prepare_all(xhr__port_end *end, bool letters, bool closing, xhr__list *tokens) {
  xhr__list *node = end->letters.next;
  while ((letters && node != &end->letters) || closing) {
    bool tells_close = !letters || node == &end->letters;
    token *one = prepare(NULL, xhr__port_end_ref(end), tells_close);
    if (!one) {
      xhr__port_end_unref(end);
      return false;
    }
    xhr__list_append(tokens, &one->task.node);
    if (tells_close)
      break;
    node = node->next;
  }
  return true;
}

/* Not under the lock. */
static void post_all(xhr__task_queue *queue, xhr__list *tokens) {
  xhr__list *node;
  while ((node = xhr__list_take_first(tokens)))
    post(queue, XHR__OWNER(node, token, task.node));
}

static void drop_all(xhr__list *tokens) {
  xhr__list *node;
  while ((node = xhr__list_take_first(tokens)))
    end_token(XHR__OWNER(node, token, task.node));
}

xhr_status xhr__port_end_attach(xhr__port_end *end, xhr_loop *loop, const xhr__port_client *client,
                                void *user, bool enabled) {
  xhr__list tokens;
  xhr__list_init(&tokens);
  lock(end);
  bool tell = end->peer_closed && client->closed;
  bool done = prepare_all(end, enabled, tell, &tokens);
  if (done) {
    end->loop = loop;
    end->tasks = xhr__task_queue_ref(xhr__loop_tasks(loop));
    end->client = client;
    end->user = user;
    end->enabled = enabled;
  }
  unlock(end);
  if (done)
    post_all(xhr__loop_tasks(loop), &tokens);
  else
    drop_all(&tokens);
  return done ? XHR_OK : XHR_OUT_OF_MEMORY;
}

xhr_status xhr__port_end_enable(xhr__port_end *end) {
  xhr__list tokens;
  xhr__list_init(&tokens);
  lock(end);
  bool change = end->loop && !end->enabled;
  bool done = !change || prepare_all(end, true, false, &tokens);
  if (done && change)
    end->enabled = true;
  unlock(end);
  if (done && change)
    post_all(end->tasks, &tokens);
  else
    drop_all(&tokens);
  return done ? XHR_OK : XHR_OUT_OF_MEMORY;
}

void xhr__port_end_detach(xhr__port_end *end) {
  lock(end);
  xhr__task_queue *tasks = end->tasks;
  end->attachment++;
  end->loop = NULL;
  end->tasks = NULL;
  end->client = NULL;
  end->user = NULL;
  end->enabled = false;
  unlock(end);
  xhr__task_queue_unref(tasks);
}

void xhr__port_end_close(xhr__port_end *end) {
  xhr__port_end *peer = peer_of(end);
  xhr__task_queue *tasks = NULL;
  xhr__list letters;
  xhr__list_init(&letters);
  lock(end);
  if (!end->closed) {
    end->closed = true;
    end->peer_closed = false;
    xhr__list_splice(&letters, &end->letters);
    peer->peer_closed = !peer->closed;
    if (!peer->closed && peer->loop && peer->client->closed && try_ref(peer)) {
      (void)prepare(&peer->closing, peer, true);
      tasks = xhr__task_queue_ref(peer->tasks);
    }
  }
  unlock(end);
  if (tasks)
    post(tasks, &peer->closing);
  xhr__task_queue_unref(tasks);
  discard(&letters);
}

/* ---- asking ----------------------------------------------------------------------------------------------------- */

xhr__port_peer xhr__port_end_peer(xhr__port_end *end, void **user) {
  const xhr__port_end *peer = peer_of(end);
  xhr__port_peer where = XHR__PORT_PEER_REMOTE;
  *user = NULL;
  lock(end);
  if (peer->closed || end->closed) {
    where = XHR__PORT_PEER_CLOSED;
  } else if (end->loop && peer->loop == end->loop) {
    where = XHR__PORT_PEER_LOCAL;
    *user = peer->client == end->client ? peer->user : NULL;
  }
  unlock(end);
  return where;
}

bool xhr__port_end_has_deliveries(xhr__port_end *end) {
  lock(end);
  bool any = (end->enabled && !xhr__list_empty(&end->letters)) ||
             (end->peer_closed && end->client && end->client->closed);
  unlock(end);
  return any;
}
