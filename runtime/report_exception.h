/* https://html.spec.whatwg.org/#runtime-script-errors */
#ifndef XHR__RUNTIME_REPORT_EXCEPTION_H
#define XHR__RUNTIME_REPORT_EXCEPTION_H

#include "infra/bytes.h"
#include "runtime/realm.h"

/* What can be said of a thrown value. */
typedef struct xhr__error_information {
  xhr__bytes message;  /* "TypeError: not a function": name and message, or the value as a string */
  xhr__bytes filename; /* where it was thrown, as far as it says so */
  uint32_t line, column;
  xhr__bytes stack; /* "" for what is no error */
  bool muted;       /* the message is what scripts are told instead of all that */
} xhr__error_information;

/* https://html.spec.whatwg.org/#extract-error-information: what cannot be told stays empty. May run script. */
void xhr__error_information_extract(xhr__realm *realm, JSValueConst exception,
                                    xhr__error_information *information);
void xhr__error_information_free(xhr__error_information *information);

/* Fires an ErrorEvent of it at `target`. True where that was canceled. */
bool xhr__error_event_fire(xhr__realm *realm, JSValueConst target,
                           const xhr__error_information *information, JSValueConst error);
/* https://html.spec.whatwg.org/#report-an-exception from step 6. on; `error` is borrowed. */
void xhr__realm_report_information(xhr__realm *realm, const xhr__error_information *information,
                                   JSValueConst error);

/* Tells the developer, by the option `report` or on stderr: "PREFIX MESSAGE", and the stack below. */
void xhr__report_to_developer(xhr__realm *realm, const char *prefix,
                              const xhr__error_information *information);

/* https://html.spec.whatwg.org/#report-an-exception of a script whose errors are muted: scripts hear that there was one, the
 * developer hears all. Takes over `exception`. */
void xhr__report_muted(xhr__realm *realm, JSValue exception);

#endif
