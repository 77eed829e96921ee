/* One content coding of a chain, for codings.c and the files that hold a library each. */
#ifndef XHR__FETCH_CODING_H
#define XHR__FETCH_CODING_H

#define ZSTD_STATIC_LINKING_ONLY /* for an allocator of our own */
#include <brotli/decode.h>
#include <zlib.h>
#include <zstd.h>

#include "infra/bytes.h"

typedef struct xhr__coding xhr__coding;

typedef enum xhr__verdict { XHR__NO, XHR__MAYBE, XHR__YES } xhr__verdict;

/* What the library's decoder takes and gives; it moves all four on. */
typedef struct xhr__coding_io {
  const uint8_t *in;
  size_t in_len;
  uint8_t *out;
  size_t out_len;
} xhr__coding_io;

typedef struct xhr__coding_class {
  const char *name;
  const char *corrupt; /* messages */
  const char *truncated;
  /* XHR_OK or XHR_OUT_OF_MEMORY; then `end` is not called. */
  xhr_status (*init)(xhr__coding *coding);
  void (*end)(xhr__coding *coding);
  /* Decodes some; `*ended` where the stream (or a member of it) ends here. XHR_OK; XHR_ENCODING_ERR;
   * XHR_OUT_OF_MEMORY. */
  xhr_status (*decode)(xhr__coding *coding, xhr__coding_io *io, bool *ended);
  /* Before the first byte, where the format shows only then: told the first `len` bytes, YES when it has seen enough, NO
   * when they are corrupt. NULL where there is nothing to choose. */
  xhr__verdict (*choose)(xhr__coding *coding, const uint8_t *head, size_t len);
  /* Behind an ended stream: whether the `len` bytes there begin another one; on YES it is ready for it. NULL where
   * only one can be. What is not another one is ignored, as browsers do. */
  xhr__verdict (*another)(xhr__coding *coding, const uint8_t *head, size_t len);
} xhr__coding_class;

typedef enum xhr__coding_state {
  XHR__CODING_CHOOSING, /* no byte is decoded yet */
  XHR__CODING_OPEN,     /* inside a stream */
  XHR__CODING_BETWEEN,  /* behind one */
  XHR__CODING_IGNORING  /* behind the last one */
} xhr__coding_state;

struct xhr__coding {
  const xhr__coding_class *class;
  xhr__coding_state state;
  bool touched;    /* at least one byte came */
  bool full;       /* the last output was filled: there may be more without input */
  xhr__str input;  /* not decoded yet */
  uint8_t head[4]; /* bytes looked at first, which are decoded before the input */
  uint8_t head_len, head_at;
  uint64_t in_total, out_total;
  char *buffer; /* holds the input, but the first coding's */
  const char *message;
  union {
    z_stream zlib;
    BrotliDecoderState *br;
    ZSTD_DCtx *zstd;
  } u;
};

extern const xhr__coding_class xhr__coding_gzip;
extern const xhr__coding_class xhr__coding_deflate;
extern const xhr__coding_class xhr__coding_br;
extern const xhr__coding_class xhr__coding_zstd;

#endif
