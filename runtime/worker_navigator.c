/* https://html.spec.whatwg.org/#the-workernavigator-object */
#include "runtime/navigator_mixins.h"
#include "runtime/worker_global_scope.h"

static const xhr__mixin *const includes[] = {
    &xhr__navigator_id,
    &xhr__navigator_language,
    &xhr__navigator_on_line,
    &xhr__navigator_concurrent_hardware,
    NULL,
};

const xhr__interface xhr__worker_navigator_interface = {
    .name = "WorkerNavigator",
    .exposed = XHR__EXPOSED_WORKER,
    .includes = includes,
    .finalize = xhr__navigator_languages_finalize,
    .mark = xhr__navigator_languages_mark,
};

JSValue xhr__worker_navigator_new(xhr__realm *realm) {
  return xhr__navigator_languages_new(realm, &xhr__worker_navigator_interface);
}
