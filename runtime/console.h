/* https://console.spec.whatwg.org/ */
#ifndef XHR__RUNTIME_CONSOLE_H
#define XHR__RUNTIME_CONSOLE_H

#include "infra/bytes.h"
#include "runtime/realm.h"

/* Defines the namespace object `console` on the global object. False where it threw. */
bool xhr__console_define(xhr__realm *realm);
/* Frees what the realm holds for it. */
void xhr__console_free(xhr__realm *realm);

/* Prints text the way console does, `level` as in xhr_quickjs_options.print: 'e' is console.error's. With the
 * indentation of the groups that are open, and a newline behind. UTF-8. */
void xhr__console_print(xhr__realm *realm, char level, xhr__str text);

/* ---- between runtime/console*.c --------------------------------------------------------------------------------- */

/* https://console.spec.whatwg.org/#logger without the printing: appends the arguments as one text. False where it
 * threw. */
bool xhr__console_format(xhr__realm *realm, int argc, JSValueConst *argv, xhr__bytes *out);
/* https://console.spec.whatwg.org/#table: appends a table of `data`, with the columns that `columns` lists, or all for
 * undefined. False where it threw. `*is_table` is false, and nothing appended, where the data make none. */
bool xhr__console_table(xhr__realm *realm, JSValueConst data, JSValueConst columns, xhr__bytes *out,
                        bool *is_table);

#endif
