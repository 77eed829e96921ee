/* https://html.spec.whatwg.org/#workeroptions, and the arguments that Worker and SharedWorker have in common */
#ifndef XHR__RUNTIME_WORKER_OPTIONS_H
#define XHR__RUNTIME_WORKER_OPTIONS_H

#include "fetch/request.h"
#include "infra/bytes.h"
#include "runtime/realm.h"

typedef struct xhr__worker_options {
  xhr__bytes script_url; /* USVString */
  bool module;
  xhr__credentials_mode credentials;
  xhr__bytes name; /* DOMString */
} xhr__worker_options;

/* Reads scriptURL and options; `name_alone`: a string stands for the name, as SharedWorker has it. False where it threw;
 * to be freed in either case. */
bool xhr__worker_options_read(xhr__realm *realm, int argc, JSValueConst *argv, bool name_alone,
                              xhr__worker_options *options);
void xhr__worker_options_free(xhr__worker_options *options);
/* https://html.spec.whatwg.org/#encoding-parsing-a-url of the script's; throws a SyntaxError. The caller frees `url`. */
bool xhr__worker_options_url(xhr__realm *realm, const xhr__worker_options *options, xhr__url *url);

#endif
