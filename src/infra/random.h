/* Randomness that cannot be guessed. */
#ifndef XHR__INFRA_RANDOM_H
#define XHR__INFRA_RANDOM_H

#include <stddef.h>
#include <stdint.h>

#include "xhr/status.h"

/* Fills `bytes`. XHR_OK; XHR_SYSTEM where the system has none. */
xhr_status xhr__random_bytes(uint8_t *bytes, size_t size);

#endif
