/* https://html.spec.whatwg.org/#dedicated-worker-agent and shared-worker-agent: a worker as its own thread and those of its
 * owners know it. The thread has a loop, a context, a JSRuntime and a realm of its own; what others tell it are messages
 * through port pipes, that it is to end, and (a shared worker) that somebody connects. */
#ifndef XHR__RUNTIME_WORKER_AGENT_H
#define XHR__RUNTIME_WORKER_AGENT_H

#include <pthread.h>
#include <stdatomic.h>

#include "fetch/request.h"
#include "runtime/port_pipe.h"
#include "runtime/report_exception.h"

typedef struct xhr__worker_agent xhr__worker_agent;

/* What a worker tells an owner. */
typedef enum xhr__worker_news_kind {
  XHR__WORKER_READY, /* of a shared worker: its script has been run, and those who wait connect */
  XHR__WORKER_FAILED, /* its script could not be had or parsed: `information.message` says why, for the developer */
  XHR__WORKER_ERROR, /* of a dedicated worker: an exception that nobody there has handled */
  XHR__WORKER_ENDED  /* the last news: its thread has nothing to do any more and may be joined */
} xhr__worker_news_kind;

typedef struct xhr__worker_news {
  xhr__worker_news_kind kind;
  xhr__error_information information; /* of the two in the middle */
} xhr__worker_news;

/* An owner, as the worker's thread knows it. Atomically counted: news that are on their way hold one reference each. */
typedef struct xhr__worker_owner {
  _Atomic uint32_t references;
  xhr__list node;         /* under the agent's lock: among its owners */
  xhr__task_queue *tasks; /* counted: of the owner's loop */
  xhr__task ended;        /* so that the last news need no memory */
  /* The owner's thread, inside a dispatch. `user` is NULL once it is gone: then nothing is told. */
  void (*hear)(void *user, const xhr__worker_news *news);
  void *user;
} xhr__worker_owner;

/* How far a worker is. */
typedef enum xhr__worker_state {
  XHR__WORKER_LOADING,
  XHR__WORKER_RUNNING, /* its script has been run */
  XHR__WORKER_OVER     /* there was no script, or its realm has ended */
} xhr__worker_state;

/* Atomically counted: the thread, and each owner. */
struct xhr__worker_agent {
  _Atomic uint32_t references;
  /* What https://html.spec.whatwg.org/#run-a-worker is given: constant once the thread runs. */
  bool shared;
  bool module; /* WorkerOptions' type */
  xhr__credentials_mode credentials;
  xhr__bytes name; /* DOMString */
  xhr__url url;
  /* The outside settings. */
  xhr_session *session; /* counted */
  xhr__context_kind outside_kind;
  xhr__client_snapshot *client; /* counted; NULL: a system context's */
  xhr_quickjs_options options;
  xhr__port_end *inside; /* a dedicated worker's inside port */

  pthread_t thread;
  atomic_bool terminated; /* https://html.spec.whatwg.org/#terminate-a-worker */
  atomic_bool closing;    /* https://html.spec.whatwg.org/#dom-workerglobalscope-closing */
  pthread_mutex_t lock;
  /* Under the lock. */
  xhr_loop *loop;   /* as long as the thread has one */
  xhr__list owners; /* of xhr__worker_owner */
  xhr__worker_state state;
  xhr__list connections; /* of a shared worker: see runtime/shared_worker.h */
  xhr__task connect;     /* fires connect for each of these */
  bool connecting;       /* it is posted, or runs */
  bool joined;           /* somebody sees to the thread's end */

  xhr__realm *realm; /* the worker's thread: borrowed */
};

/* With one reference, the settings those of the realm, and a copy of `url`; it runs once it is started. XHR_OK,
 * XHR_OUT_OF_MEMORY, XHR_SYSTEM. */
xhr_status xhr__worker_agent_new(xhr__realm *realm, const xhr__url *url, xhr__worker_agent **agent);
xhr__worker_agent *xhr__worker_agent_ref(xhr__worker_agent *agent);
/* NULL is allowed. */
void xhr__worker_agent_unref(xhr__worker_agent *agent);

/* Starts the thread. XHR_OK, XHR_SYSTEM. */
xhr_status xhr__worker_agent_start(xhr__worker_agent *agent);
/* Any thread but the worker's: https://html.spec.whatwg.org/#terminate-a-worker. It ends soon, whatever it does, and is not waited
 * for. */
void xhr__worker_agent_terminate(xhr__worker_agent *agent);

/* A new owner, on the thread of `realm`; the agent holds a reference to it, the caller has another. NULL for want of
 * memory, and for a worker that is over. */
xhr__worker_owner *xhr__worker_owner_new(xhr__worker_agent *agent, xhr__realm *realm,
                                         void (*hear)(void *user, const xhr__worker_news *news),
                                         void *user);
/* The owner's thread: it is gone; drops the caller's reference. NULL is allowed. */
void xhr__worker_owner_leave(xhr__worker_agent *agent, xhr__worker_owner *owner);

/* ---- the worker's thread ---------------------------------------------------------------------------------------- */

/* The whole of it: https://html.spec.whatwg.org/#run-a-worker, in runtime/run_worker.c. */
void xhr__worker_run(xhr__worker_agent *agent);
/* Tells all owners. */
void xhr__worker_agent_tell(xhr__worker_agent *agent, const xhr__worker_news *news);
/* The same of an exception that nobody has handled. */
void xhr__worker_agent_tell_error(xhr__worker_agent *agent,
                                  const xhr__error_information *information);
/* How far it is; of a failure all owners are told in the same moment, so that later ones know of it. */
void xhr__worker_agent_set_state(xhr__worker_agent *agent, xhr__worker_state state,
                                 const xhr__worker_news *news);
/* The loop that xhr__worker_agent_terminate stops; NULL: none any more. */
void xhr__worker_agent_set_loop(xhr__worker_agent *agent, xhr_loop *loop);

#endif
