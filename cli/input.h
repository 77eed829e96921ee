/* Whether source text goes on on the next line. */
#ifndef XHR__CLI_INPUT_H
#define XHR__CLI_INPUT_H

#include <stdbool.h>

#include "infra/str.h"

/* Whether a bracket, template or comment is open at the end. For text that does not parse: then it is why. */
bool cli_input_is_open(xhr__str text);

#endif
