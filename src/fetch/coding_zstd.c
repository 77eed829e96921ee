/* zstd, by libzstd. */
#include "fetch/coding.h"

#include <zstd_errors.h>

/* https://www.rfc-editor.org/rfc/rfc9659#section-3: no window above 8 MiB. */
#define WINDOW_LOG_MAX 23

static void *allocate(void *opaque, size_t size) {
  (void)opaque;
  return xhr__malloc(size);
}

static void release(void *opaque, void *address) {
  (void)opaque;
  xhr__free(address);
}

static xhr_status init(xhr__coding *coding) {
  ZSTD_customMem memory = {allocate, release, NULL};
  coding->u.zstd = ZSTD_createDCtx_advanced(memory);
  if (!coding->u.zstd)
    return XHR_OUT_OF_MEMORY;
  (void)ZSTD_DCtx_setParameter(coding->u.zstd, ZSTD_d_windowLogMax, WINDOW_LOG_MAX);
  return XHR_OK;
}

static void end(xhr__coding *coding) {
  (void)ZSTD_freeDCtx(coding->u.zstd);
}

static xhr_status decode(xhr__coding *coding, xhr__coding_io *io, bool *ended) {
  ZSTD_inBuffer in = {.src = io->in, .size = io->in_len};
  ZSTD_outBuffer out = {.dst = io->out, .size = io->out_len};
  size_t result = ZSTD_decompressStream(coding->u.zstd, &out, &in);
  io->in += in.pos;
  io->in_len -= in.pos;
  io->out += out.pos;
  io->out_len -= out.pos;
  *ended = result == 0;
  if (!ZSTD_isError(result))
    return XHR_OK;
  switch (ZSTD_getErrorCode(result)) {
    case ZSTD_error_memory_allocation: return XHR_OUT_OF_MEMORY;
    case ZSTD_error_frameParameter_windowTooLarge:
      coding->message = "content coding zstd: a window above 8 MiB";
      return XHR_ENCODING_ERR;
    default: return XHR_ENCODING_ERR;
  }
}

/* https://www.rfc-editor.org/rfc/rfc8878#section-3: frames, skippable ones too, follow each other. The decoder is
 * ready for the next one by itself. It must not see any other beginning: it may have been built to take the formats
 * from before the RFC as well, by old decoders, where it gets a whole frame at once. */
static xhr__verdict begins_frame(xhr__coding *coding, const uint8_t *head, size_t len) {
  static const uint8_t frame[4] = {0x28, 0xB5, 0x2F, 0xFD};
  static const uint8_t skippable[4] = {0x50, 0x2A, 0x4D, 0x18};
  (void)coding;
  bool is_frame = true, is_skippable = true;
  for (size_t i = 0; i < len; i++) {
    is_frame = is_frame && head[i] == frame[i];
    /* The lower half of its first byte is free. */
    is_skippable = is_skippable && (i == 0 ? head[i] & 0xF0 : head[i]) == skippable[i];
  }
  if (!is_frame && !is_skippable)
    return XHR__NO;
  return len < sizeof frame ? XHR__MAYBE : XHR__YES;
}

const xhr__coding_class xhr__coding_zstd = {
    .name = "zstd",
    .corrupt = "content coding zstd: the data is corrupt",
    .truncated = "content coding zstd: the body ends too early",
    .init = init,
    .end = end,
    .decode = decode,
    .choose = begins_frame,
    .another = begins_frame,
};
