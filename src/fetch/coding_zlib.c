/* gzip and deflate, by zlib. */
#include "fetch/coding.h"

/* inflateInit2's windowBits for each wrapping. */
enum { ZLIB = MAX_WBITS, RAW = -MAX_WBITS, GZIP = MAX_WBITS + 16 };

static voidpf allocate(voidpf opaque, uInt items, uInt size) {
  size_t total;
  (void)opaque;
  return xhr__size_mul(items, size, &total) ? xhr__malloc(total) : NULL;
}

static void release(voidpf opaque, voidpf address) {
  (void)opaque;
  xhr__free(address);
}

static xhr_status init(xhr__coding *coding, int window_bits) {
  coding->u.zlib = (z_stream){.zalloc = allocate, .zfree = release};
  return inflateInit2(&coding->u.zlib, window_bits) == Z_OK ? XHR_OK : XHR_OUT_OF_MEMORY;
}

static xhr_status init_gzip(xhr__coding *coding) {
  return init(coding, GZIP);
}

static xhr_status init_deflate(xhr__coding *coding) {
  return init(coding, ZLIB);
}

static void end(xhr__coding *coding) {
  (void)inflateEnd(&coding->u.zlib);
}

static uInt at_most(size_t len) {
  return len < UINT32_MAX ? (uInt)len : UINT32_MAX;
}

static xhr_status decode(xhr__coding *coding, xhr__coding_io *io, bool *ended) {
  z_stream *zlib = &coding->u.zlib;
  uInt in = at_most(io->in_len), out = at_most(io->out_len);
  zlib->next_in = (z_const Bytef *)io->in;
  zlib->avail_in = in;
  zlib->next_out = io->out;
  zlib->avail_out = out;
  int result = inflate(zlib, Z_NO_FLUSH);
  io->in += in - zlib->avail_in;
  io->in_len -= in - zlib->avail_in;
  io->out += out - zlib->avail_out;
  io->out_len -= out - zlib->avail_out;
  *ended = result == Z_STREAM_END;
  switch (result) {
    case Z_OK:
    case Z_BUF_ERROR: /* more input or output is needed */
    case Z_STREAM_END: return XHR_OK;
    case Z_MEM_ERROR: return XHR_OUT_OF_MEMORY;
    default: return XHR_ENCODING_ERR;
  }
}

/* https://www.rfc-editor.org/rfc/rfc1952#section-2.2: members follow each other. */
static xhr__verdict another_member(xhr__coding *coding, const uint8_t *head, size_t len) {
  if (head[0] != 0x1F || (len > 1 && head[1] != 0x8B))
    return XHR__NO;
  if (len < 2)
    return XHR__MAYBE;
  (void)inflateReset(&coding->u.zlib);
  return XHR__YES;
}

/* https://www.rfc-editor.org/rfc/rfc9110#section-8.4.1.2: zlib's wrapping, and servers that leave it out. Two bytes
 * tell: its header is a multiple of 31 with method 8, which deflate data begins with only by spoilt padding. */
static xhr__verdict choose_wrapping(xhr__coding *coding, const uint8_t *head, size_t len) {
  if (len < 2)
    return XHR__MAYBE;
  bool wrapped = (head[0] & 0x0F) == Z_DEFLATED && head[0] >> 4 <= 7 &&
                 ((unsigned)head[0] << 8 | head[1]) % 31 == 0;
  (void)inflateReset2(&coding->u.zlib, wrapped ? ZLIB : RAW);
  return XHR__YES;
}

const xhr__coding_class xhr__coding_gzip = {
    .name = "gzip",
    .corrupt = "content coding gzip: the data is corrupt",
    .truncated = "content coding gzip: the body ends too early",
    .init = init_gzip,
    .end = end,
    .decode = decode,
    .another = another_member,
};

const xhr__coding_class xhr__coding_deflate = {
    .name = "deflate",
    .corrupt = "content coding deflate: the data is corrupt",
    .truncated = "content coding deflate: the body ends too early",
    .init = init_deflate,
    .end = end,
    .decode = decode,
    .choose = choose_wrapping,
};
