/* What the fuzzers share. */
#ifndef FUZZ_FUZZ_H
#define FUZZ_FUZZ_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "infra/bytes.h"
#include "infra/str.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A property that must hold for every input. */
#define HOLDS(condition)                                                                           \
  do {                                                                                             \
    if (!(condition)) {                                                                            \
      fprintf(stderr, "%s:%d: does not hold: %s\n", __FILE__, __LINE__, #condition);               \
      abort();                                                                                     \
    }                                                                                              \
  } while (0)

/* The first byte, which chooses a variant; 0 where there is none. */
static inline uint8_t fuzz_take_byte(xhr__str *input) {
  uint8_t byte = 0;
  if (input->len > 0) {
    byte = xhr__str_at(*input, 0);
    *input = xhr__str_from(*input, 1);
  }
  return byte;
}

/* What lies before the first NUL; the rest stays behind. */
static inline xhr__str fuzz_take_string(xhr__str *input) {
  size_t end = xhr__str_find(*input, 0, '\0');
  xhr__str taken = xhr__str_slice(*input, 0, end);
  *input = xhr__str_from(*input, end < input->len ? end + 1 : end);
  return taken;
}

static inline xhr__str fuzz_input(const uint8_t *data, size_t size) {
  return xhr__str_of(size > 0 ? (const char *)data : "", size);
}

#endif
