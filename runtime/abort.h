/* https://dom.spec.whatwg.org/#aborting-ongoing-activities */
#ifndef XHR__RUNTIME_ABORT_H
#define XHR__RUNTIME_ABORT_H

#include "infra/list.h"
#include "runtime/realm.h"

extern const xhr__interface xhr__abort_controller_interface;
extern const xhr__interface xhr__abort_signal_interface;

/* https://dom.spec.whatwg.org/#abortsignal-abort-algorithms: embedded by its owner, who removes it before it goes, and
 * does not keep the signal alive by it. */
typedef struct xhr__abort_algorithm {
  xhr__list node;                   /* to be initialised with xhr__list_init */
  struct xhr__abort_signal *signal; /* borrowed; NULL: in no signal's list */
  /* The algorithm is in no list any more when it runs. It must not throw. */
  void (*run)(xhr__realm *realm, struct xhr__abort_algorithm *algorithm);
} xhr__abort_algorithm;

typedef struct xhr__abort_signal xhr__abort_signal;

/* Whether it is aborted. */
bool xhr__abort_signal_aborted(const xhr__abort_signal *signal);
/* https://dom.spec.whatwg.org/#abortsignal-add: where it is aborted already, nothing happens. */
void xhr__abort_signal_add(xhr__realm *realm, xhr__abort_signal *signal,
                           xhr__abort_algorithm *algorithm);
/* https://dom.spec.whatwg.org/#abortsignal-remove; harmless where it is in no list. */
void xhr__abort_signal_remove(JSRuntime *runtime, xhr__abort_algorithm *algorithm);

#endif
