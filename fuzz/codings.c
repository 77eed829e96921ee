/* Content codings: hostile bytes, pushed whole, pushed in pieces and pulled, must come to the same end, within the
 * limits. Input: codings, size of the pieces, bytes. */
#include "fuzz.h"

#include "fetch/codings.h"

#define MAX_BYTES ((uint64_t)8 << 20)

typedef struct result {
  uint64_t len;
  uint32_t hash;
} result;

static xhr_status collect(void *user, xhr__str piece) {
  result *to = user;
  HOLDS(piece.len <= XHR__CODINGS_PIECE);
  to->len += piece.len;
  HOLDS(to->len <= MAX_BYTES);
  for (size_t i = 0; i < piece.len; i++) {
    to->hash = to->hash * 31 + xhr__str_at(piece, i);
  }
  return XHR_OK;
}

static xhr_status push(xhr__codings *codings, xhr__str bytes, size_t piece, result *to) {
  xhr_status status = XHR_OK;
  while (bytes.len > 0 && status == XHR_OK) {
    size_t len = piece < bytes.len ? piece : bytes.len;
    status = xhr__codings_feed(codings, xhr__str_slice(bytes, 0, len), collect, to);
    bytes = xhr__str_from(bytes, len);
  }
  return status == XHR_OK ? xhr__codings_finish(codings) : status;
}

static xhr_status pull(xhr__codings *codings, xhr__str bytes, size_t piece, result *to) {
  char buffer[256];
  size_t capacity = piece < sizeof buffer ? piece : sizeof buffer;
  xhr__codings_input(codings, bytes);
  for (;;) {
    size_t len = 0;
    xhr_status status = xhr__codings_read(codings, buffer, capacity, &len);
    HOLDS(len <= capacity);
    if (status != XHR_OK)
      return status;
    if (len == 0)
      return xhr__codings_finish(codings);
    collect(to, xhr__str_of(buffer, len));
  }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  static const char *const headers[] = {"gzip", "deflate",  "br",
                                        "zstd", "gzip, br", "zstd, deflate"};
  const xhr__codings_limits limits = {.max_bytes = MAX_BYTES, .max_ratio = 0};
  xhr__str input = fuzz_input(data, size);
  const char *header = headers[fuzz_take_byte(&input) % (sizeof headers / sizeof *headers)];
  size_t piece = 1 + fuzz_take_byte(&input);
  const xhr__str value = xhr__str_c(header);
  result results[3] = {{0, 0}, {0, 0}, {0, 0}};
  xhr_status statuses[3];

  for (int way = 0; way < 3; way++) {
    xhr__codings *codings = NULL;
    HOLDS(xhr__codings_new(&value, 1, &limits, &codings) == XHR_OK && codings);
    statuses[way] = way == 2 ? pull(codings, input, piece, &results[way])
                             : push(codings, input, way == 0 ? SIZE_MAX : piece, &results[way]);
    HOLDS((statuses[way] == XHR_OK) == (xhr__codings_message(codings) == NULL));
    xhr__codings_free(codings);
  }
  for (int way = 1; way < 3; way++) {
    HOLDS((statuses[way] == XHR_OK) == (statuses[0] == XHR_OK));
    if (statuses[0] == XHR_OK)
      HOLDS(results[way].len == results[0].len && results[way].hash == results[0].hash);
  }
  return 0;
}
