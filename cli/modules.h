/* https://html.spec.whatwg.org/#hostloadimportedmodule: ECMAScript modules, from files. */
#ifndef XHR__CLI_MODULES_H
#define XHR__CLI_MODULES_H

#include <quickjs.h>
#include <stdbool.h>

#include "infra/bytes.h"

/* Lets scripts of the runtime import files. */
void cli_modules_install(JSRuntime *runtime);
/* What a file is called as a module, which is how errors name it: its real path, from the working directory where it lies
 * below that. 0, or the system's error number. */
int cli_module_name(const char *path, xhr__bytes *name);
/* Appends the file: URL of a file, or of the working directory, with a slash behind it, where `path` is NULL; of what is no
 * file, its name. False for want of memory. */
bool cli_file_url(const char *path, xhr__bytes *url);
/* Sets import.meta.url and .main of a compiled module. False where it threw. */
bool cli_module_set_meta(JSContext *js, JSValueConst module, bool main);
/* Without a byte order mark: UTF-8's, which is all that scripts are read in. */
xhr__str cli_source_text(const xhr__bytes *bytes);

#endif
