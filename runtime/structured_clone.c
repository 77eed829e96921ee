#include "runtime/structured_clone.h"

#include "runtime/structured_serialize.h"

/* https://html.spec.whatwg.org/#dom-structuredclone */
JSValue xhr__structured_clone(xhr__realm *realm, void *self, JSValueConst this_value, int argc,
                              JSValueConst *argv) {
  xhr__transfer_list transfer;
  (void)self, (void)this_value;
  if (!xhr__transfer_option_of(realm, argc > 1 ? argv[1] : JS_UNDEFINED, &transfer))
    return JS_EXCEPTION;
  /* 1. - 3. */
  JSValue copy = xhr__structured_copy(realm, argv[0], transfer.items, transfer.count);
  xhr__transfer_list_free(realm, &transfer);
  return copy;
}
