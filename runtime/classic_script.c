#include "runtime/classic_script.h"

#include "runtime/report_exception.h"
#include "session/loop.h"

void xhr__run_classic_script(xhr__realm *realm, xhr__str source, const char *name,
                             bool muted_errors) {
  JSContext *js = realm->js;
  /* 2. https://html.spec.whatwg.org/#check-if-we-can-run-script: not once the loop is to end */
  if (xhr__loop_is_stopping(realm->context->loop))
    return;
  /* 3. */
  realm->depth++;
  /* 5. - 6. */
  JSValue result = JS_Eval(js, source.data, source.len, name, JS_EVAL_TYPE_GLOBAL);
  /* 7. - 8. DEVIATION: what its functions throw later is not muted, since the engine does not tell whose they are. */
  if (JS_IsException(result)) {
    if (muted_errors)
      xhr__report_muted(realm, JS_GetException(js));
    else
      xhr__realm_report_pending(realm);
  }
  JS_FreeValue(js, result);
  /* https://html.spec.whatwg.org/#clean-up-after-running-script */
  if (--realm->depth == 0)
    xhr__realm_checkpoint(realm);
}
