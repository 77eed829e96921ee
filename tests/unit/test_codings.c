/* Tests of src/fetch/codings.c and the codings' own files: what the libraries' encoders made comes back, cut anywhere;
 * what is broken is an error. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include <brotli/encode.h>
#include <zlib.h>
#include <zstd.h>

#include "fetch/codings.h"
#include "support/failing_allocator.h"
#include "support/leftovers.h"
#include "support/text_file.h"
#include "support/wpt.h"

/* ---- encoding -------------------------------------------------------------------------------------------- */

enum { RAW = -MAX_WBITS, ZLIB = MAX_WBITS, GZIP = MAX_WBITS + 16 };

/* All of these append, and take the memory of libraries, not of the failing allocator. */
static void make_room(xhr__bytes *out, size_t more) {
  assert_int_equal(xhr__bytes_reserve(out, more), XHR_OK);
}

static void put_zlib(xhr__bytes *out, xhr__str data, int window_bits) {
  z_stream zlib = {0};
  assert_int_equal(deflateInit2(&zlib, 6, Z_DEFLATED, window_bits, 8, Z_DEFAULT_STRATEGY), Z_OK);
  size_t bound = deflateBound(&zlib, data.len) + 32;
  make_room(out, bound);
  zlib.next_in = (z_const Bytef *)data.data;
  zlib.avail_in = (uInt)data.len;
  zlib.next_out = (Bytef *)out->data + out->len;
  zlib.avail_out = (uInt)bound;
  assert_int_equal(deflate(&zlib, Z_FINISH), Z_STREAM_END);
  out->len += zlib.total_out;
  deflateEnd(&zlib);
}

static void put_gzip(xhr__bytes *out, xhr__str data) {
  put_zlib(out, data, GZIP);
}

static void put_deflate(xhr__bytes *out, xhr__str data) {
  put_zlib(out, data, ZLIB);
}

static void put_raw_deflate(xhr__bytes *out, xhr__str data) {
  put_zlib(out, data, RAW);
}

static void put_br(xhr__bytes *out, xhr__str data) {
  size_t len = BrotliEncoderMaxCompressedSize(data.len) + 32;
  make_room(out, len);
  assert_true(BrotliEncoderCompress(5, BROTLI_DEFAULT_WINDOW, BROTLI_MODE_GENERIC, data.len,
                                    (const uint8_t *)data.data, &len,
                                    (uint8_t *)out->data + out->len));
  out->len += len;
}

static void put_zstd(xhr__bytes *out, xhr__str data) {
  size_t bound = ZSTD_compressBound(data.len);
  make_room(out, bound);
  size_t len = ZSTD_compress(out->data + out->len, bound, data.data, data.len, 3);
  assert_false(ZSTD_isError(len));
  out->len += len;
}

typedef void (*encoder)(xhr__bytes *, xhr__str);

static const struct {
  const char *name;
  encoder put;
} encoders[] = {
    {"gzip", put_gzip},           {"X-GZip", put_gzip}, {"deflate", put_deflate},
    {"deflate", put_raw_deflate}, {"br", put_br},       {"zstd", put_zstd},
};
enum { ENCODERS = sizeof encoders / sizeof *encoders };

/* Text with repetitions, and bytes that do not shrink. */
static void make_body(xhr__bytes *body, size_t len) {
  uint32_t seed = 12345;
  while (body->len < len) {
    seed = seed * 1103515245u + 12345u;
    if (seed >> 28 & 1) {
      assert_int_equal(xhr__bytes_append(body, XHR__STR("The quick brown fox. ")), XHR_OK);
    } else {
      assert_int_equal(xhr__bytes_append_byte(body, (char)(seed >> 16)), XHR_OK);
    }
  }
  body->len = len;
}

/* ---- decoding -------------------------------------------------------------------------------------------- */

typedef struct collector {
  xhr__bytes bytes;
  size_t stop_after; /* pieces; 0: never */
  size_t pieces;
} collector;

static xhr_status collect(void *user, xhr__str piece) {
  collector *to = user;
  assert_in_range(piece.len, 1, XHR__CODINGS_PIECE);
  if (++to->pieces == to->stop_after)
    return XHR_ABORT_ERR;
  return xhr__bytes_append(&to->bytes, piece);
}

static xhr__codings *make(const char *header, const xhr__codings_limits *limits) {
  xhr__str value = xhr__str_c(header);
  xhr__codings *codings = NULL;
  assert_int_equal(xhr__codings_new(&value, 1, limits, &codings), XHR_OK);
  assert_non_null(codings);
  return codings;
}

/* In pieces of that size, and to the end. */
static xhr_status decode(const char *header, xhr__str body, size_t piece, collector *to) {
  xhr__codings *codings = make(header, NULL);
  xhr_status status = XHR_OK;
  for (size_t at = 0; at < body.len && status == XHR_OK; at += piece) {
    size_t end = body.len - at < piece ? body.len : at + piece;
    status = xhr__codings_feed(codings, xhr__str_slice(body, at, end), collect, to);
  }
  if (status == XHR_OK)
    status = xhr__codings_finish(codings);
  assert_int_equal(status == XHR_OK, xhr__codings_message(codings) == NULL);
  xhr__codings_free(codings);
  return status;
}

static void assert_decodes(const char *header, xhr__str body, size_t piece, xhr__str expected) {
  collector to = {0};
  assert_int_equal(decode(header, body, piece, &to), XHR_OK);
  assert_true(xhr__str_equals(xhr__bytes_str(&to.bytes), expected));
  xhr__bytes_free(&to.bytes);
}

static void assert_fails(const char *header, xhr__str body) {
  for (size_t piece = 1; piece <= body.len; piece += body.len > 1 ? body.len - 1 : 1) {
    collector to = {0};
    assert_int_equal(decode(header, body, piece, &to), XHR_ENCODING_ERR);
    xhr__bytes_free(&to.bytes);
  }
}

static void test_each(void **state) {
  (void)state;
  static const size_t sizes[] = {0, 1, 2, 100, 70000, 1000000};
  static const size_t pieces[] = {1, 7, 1000, 65536, SIZE_MAX};
  for (size_t i = 0; i < ENCODERS; i++) {
    for (size_t j = 0; j < sizeof sizes / sizeof *sizes; j++) {
      xhr__bytes body = {0}, encoded = {0};
      make_body(&body, sizes[j]);
      encoders[i].put(&encoded, xhr__bytes_str(&body));
      for (size_t k = 0; k < sizeof pieces / sizeof *pieces; k++)
        assert_decodes(encoders[i].name, xhr__bytes_str(&encoded), pieces[k],
                       xhr__bytes_str(&body));
      xhr__bytes_free(&body);
      xhr__bytes_free(&encoded);
    }
  }
}

/* Each two pieces; and each beginning of it, which is an error but for none at all. */
static void test_every_cut(void **state) {
  (void)state;
  for (size_t i = 0; i < ENCODERS; i++) {
    xhr__bytes body = {0}, encoded = {0};
    make_body(&body, 300);
    encoders[i].put(&encoded, xhr__bytes_str(&body));
    xhr__str all = xhr__bytes_str(&encoded);
    for (size_t cut = 0; cut <= all.len; cut++) {
      collector to = {0};
      xhr__codings *codings = make(encoders[i].name, NULL);
      assert_int_equal(xhr__codings_feed(codings, xhr__str_slice(all, 0, cut), collect, &to),
                       XHR_OK);
      xhr_status status = xhr__codings_finish(codings);
      assert_int_equal(status, cut == 0 || cut == all.len ? XHR_OK : XHR_ENCODING_ERR);
      assert_int_equal(xhr__codings_feed(codings, xhr__str_from(all, cut), collect, &to), XHR_OK);
      assert_int_equal(xhr__codings_finish(codings), XHR_OK);
      assert_true(xhr__str_equals(xhr__bytes_str(&to.bytes), xhr__bytes_str(&body)));
      xhr__codings_free(codings);
      xhr__bytes_free(&to.bytes);
    }
    xhr__bytes_free(&body);
    xhr__bytes_free(&encoded);
  }
}

static void test_chains(void **state) {
  (void)state;
  static const struct {
    const char *header;
    encoder first, second, third;
  } chains[] = {
      {"gzip, br", put_gzip, put_br, NULL},
      {"br, zstd", put_br, put_zstd, NULL},
      {"identity, deflate,, gzip , identity", put_deflate, put_gzip, NULL},
      {"zstd, gzip, br", put_zstd, put_gzip, put_br},
  };
  for (size_t i = 0; i < sizeof chains / sizeof *chains; i++) {
    xhr__bytes body = {0}, one = {0}, two = {0}, three = {0};
    make_body(&body, 300000);
    chains[i].first(&one, xhr__bytes_str(&body));
    chains[i].second(&two, xhr__bytes_str(&one));
    if (chains[i].third)
      chains[i].third(&three, xhr__bytes_str(&two));
    xhr__str last = xhr__bytes_str(chains[i].third ? &three : &two);
    assert_decodes(chains[i].header, last, 1, xhr__bytes_str(&body));
    assert_decodes(chains[i].header, last, SIZE_MAX, xhr__bytes_str(&body));
    assert_fails(chains[i].header, xhr__str_slice(last, 0, last.len - 1));
    assert_decodes(chains[i].header, XHR__STR_EMPTY, 1, XHR__STR_EMPTY);
    xhr__bytes_free(&body);
    xhr__bytes_free(&one);
    xhr__bytes_free(&two);
    xhr__bytes_free(&three);
  }
}

/* Several header lines are one list. */
static void test_header(void **state) {
  (void)state;
  static const struct {
    const char *values[3];
    bool decodes;
  } cases[] = {
      {{NULL}, false},
      {{""}, false},
      {{"identity"}, false},
      {{"Identity, ,identity"}, false},
      {{"compress"}, false},
      {{"dcb"}, false},
      {{"gzip, unknown"}, false},
      {{"unknown", "gzip"}, false},
      {{"gzip", "no token"}, false},
      {{"gzip;q=1"}, false},
      {{"\"gzip\""}, false},
      {{"gzip,gzip,gzip,gzip,gzip,gzip,unknown"}, false},
      {{"gzip"}, true},
      {{" \tGZIP\t"}, true},
      {{",gzip,"}, true},
      {{"identity", "br"}, true},
      {{"gzip,gzip", "gzip", "gzip,gzip"}, true},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    xhr__str values[3];
    size_t count = 0;
    for (; count < 3 && cases[i].values[count]; count++)
      values[count] = xhr__str_c(cases[i].values[count]);
    xhr__codings *codings = NULL;
    assert_int_equal(xhr__codings_new(values, count, NULL, &codings), XHR_OK);
    assert_int_equal(codings != NULL, cases[i].decodes);
    xhr__codings_free(codings);
  }
  xhr__str many = XHR__STR("gzip,gzip,gzip,gzip,gzip,gzip");
  xhr__codings *codings = NULL;
  assert_int_equal(xhr__codings_new(&many, 1, NULL, &codings), XHR_LIMIT);
  assert_null(codings);
}

/* Members and frames that follow each other; what is behind the last one. */
static void test_several(void **state) {
  (void)state;
  static const char skippable[] = "\x5F\x2A\x4D\x18\x03\0\0\0abc";
  static const char *const behind[] = {"",         "garbage",       "\x1F", "\x1F?",
                                       "\x28\xB5", "\x28\xB5\x2F?", "\n"};
  for (size_t i = 0; i < ENCODERS; i++) {
    bool gzip = encoders[i].put == put_gzip, zstd = encoders[i].put == put_zstd;
    for (size_t j = 0; j < sizeof behind / sizeof *behind; j++) {
      xhr__bytes encoded = {0};
      encoders[i].put(&encoded, XHR__STR("one, "));
      if (zstd)
        assert_int_equal(xhr__bytes_append(&encoded, xhr__str_of(skippable, sizeof skippable - 1)),
                         XHR_OK);
      encoders[i].put(&encoded, XHR__STR("two"));
      encoders[i].put(&encoded, XHR__STR(""));
      assert_int_equal(xhr__bytes_append(&encoded, xhr__str_c(behind[j])), XHR_OK);
      xhr__str expected = gzip || zstd ? XHR__STR("one, two") : XHR__STR("one, ");
      for (size_t piece = 1; piece <= encoded.len; piece++)
        assert_decodes(encoders[i].name, xhr__bytes_str(&encoded), piece, expected);
      xhr__bytes_free(&encoded);
    }
  }
  assert_decodes("zstd", xhr__str_of(skippable, sizeof skippable - 1), 1, XHR__STR_EMPTY);
  /* A second member that is broken or cut short is an error. */
  xhr__bytes encoded = {0};
  put_gzip(&encoded, XHR__STR("one"));
  assert_int_equal(xhr__bytes_append(&encoded, XHR__STR("\x1F\x8B?????????????????")), XHR_OK);
  assert_fails("gzip", xhr__bytes_str(&encoded));
  xhr__bytes_clear(&encoded);
  put_gzip(&encoded, XHR__STR("one"));
  put_gzip(&encoded, XHR__STR("two"));
  assert_fails("gzip", xhr__str_slice(xhr__bytes_str(&encoded), 0, encoded.len - 1));
  xhr__bytes_free(&encoded);
}

static void test_corrupt(void **state) {
  (void)state;
  static const xhr__str not_actually = {"not actually encoded, is it?", 28};
  for (size_t i = 0; i < ENCODERS; i++) {
    assert_fails(encoders[i].name, not_actually);
    /* One byte changed: whatever comes of it, no crash, and gzip's and zlib's sums find it. */
    xhr__bytes body = {0}, encoded = {0};
    make_body(&body, 500);
    encoders[i].put(&encoded, xhr__bytes_str(&body));
    for (size_t at = 0; at < encoded.len; at++) {
      collector to = {0};
      encoded.data[at] ^= 0x10;
      xhr_status status = decode(encoders[i].name, xhr__bytes_str(&encoded), SIZE_MAX, &to);
      encoded.data[at] ^= 0x10;
      assert_true(status == XHR_OK || status == XHR_ENCODING_ERR);
      /* gzip's header has fields that no sum covers. */
      if (encoders[i].put == put_deflate || (encoders[i].put == put_gzip && at >= 10))
        assert_int_equal(status, XHR_ENCODING_ERR);
      xhr__bytes_free(&to.bytes);
    }
    xhr__bytes_free(&body);
    xhr__bytes_free(&encoded);
  }
  /* A preset dictionary that nobody has. */
  assert_fails("deflate", XHR__STR("\x78\x20\0\0\0\1\3\0\0\0\0\1"));
}

static void test_limits(void **state) {
  (void)state;
  for (size_t i = 0; i < ENCODERS; i++) {
    xhr__bytes body = {0}, encoded = {0};
    make_room(&body, 4 << 20);
    memset(body.data, 'x', 4 << 20);
    body.len = 4 << 20;
    encoders[i].put(&encoded, xhr__bytes_str(&body));
    const struct {
      xhr__codings_limits limits;
      xhr_status status;
    } cases[] = {
        {{0, 0}, XHR_OK},       {{4 << 20, 0}, XHR_OK}, {{(4 << 20) - 1, 0}, XHR_LIMIT},
        {{1, 0}, XHR_LIMIT},    {{0, 10}, XHR_LIMIT},   {{0, UINT64_MAX}, XHR_OK},
        {{0, 4 << 20}, XHR_OK},
    };
    for (size_t j = 0; j < sizeof cases / sizeof *cases; j++) {
      collector to = {0};
      xhr__codings *codings = make(encoders[i].name, &cases[j].limits);
      assert_int_equal(xhr__codings_feed(codings, xhr__bytes_str(&encoded), collect, &to),
                       cases[j].status);
      assert_int_equal(xhr__codings_message(codings) != NULL, cases[j].status != XHR_OK);
      if (cases[j].limits.max_bytes)
        assert_true(to.bytes.len <= cases[j].limits.max_bytes);
      if (cases[j].limits.max_ratio == 10)
        assert_true(to.bytes.len <= XHR__CODINGS_GRACE);
      xhr__codings_free(codings);
      xhr__bytes_free(&to.bytes);
    }
    /* Small bodies may grow as they like. */
    xhr__bytes_clear(&encoded);
    encoders[i].put(&encoded, xhr__str_slice(xhr__bytes_str(&body), 0, 100000));
    collector to = {0};
    xhr__codings *codings = make(encoders[i].name, &(xhr__codings_limits){0, 2});
    assert_int_equal(xhr__codings_feed(codings, xhr__bytes_str(&encoded), collect, &to), XHR_OK);
    assert_int_equal(to.bytes.len, 100000);
    xhr__codings_free(codings);
    xhr__bytes_free(&to.bytes);
    xhr__bytes_free(&body);
    xhr__bytes_free(&encoded);
  }
}

/* A bomb inside a coding that would hide it: 64 MiB that decode to a few bytes. */
static void test_hidden_bomb(void **state) {
  (void)state;
  xhr__bytes member = {0}, inner = {0}, outer = {0};
  collector to = {0};
  put_gzip(&member, XHR__STR_EMPTY);
  while (inner.len < 8 << 20)
    assert_int_equal(xhr__bytes_append(&inner, xhr__bytes_str(&member)), XHR_OK);
  put_gzip(&outer, xhr__bytes_str(&inner));
  xhr__codings *codings = make("gzip, gzip", &(xhr__codings_limits){0, 20});
  assert_int_equal(xhr__codings_feed(codings, xhr__bytes_str(&outer), collect, &to), XHR_LIMIT);
  assert_int_equal(to.bytes.len, 0);
  xhr__codings_free(codings);
  xhr__bytes_free(&member);
  xhr__bytes_free(&inner);
  xhr__bytes_free(&outer);
}

/* What libzstd may know besides the RFC's frames, is none: whole and in pieces. */
static void test_zstd_legacy(void **state) {
  (void)state;
  for (unsigned char magic = 0x1E; magic <= 0x27; magic++) {
    char frame[] = "?\xB5\x2F\xFD\x04\xFF\x01\x00";
    frame[0] = (char)magic;
    for (size_t piece = 1; piece < sizeof frame; piece++) {
      collector to = {0};
      xhr__str body = xhr__str_of(frame, sizeof frame - 1);
      assert_int_equal(decode("zstd", body, piece, &to), XHR_ENCODING_ERR);
      assert_int_equal(to.bytes.len, 0);
      xhr__bytes_free(&to.bytes);
    }
  }
  assert_fails("zstd", XHR__STR("\x28\xB5\x2F"));
}

static void test_zstd_window(void **state) {
  (void)state;
  for (int log = 22; log <= 25; log++) {
    ZSTD_CCtx *context = ZSTD_createCCtx();
    assert_false(ZSTD_isError(ZSTD_CCtx_setParameter(context, ZSTD_c_windowLog, log)));
    char encoded[200];
    ZSTD_outBuffer out = {encoded, sizeof encoded, 0};
    ZSTD_inBuffer in = {"hello", 5, 0};
    /* Flushed once, so that the size is not known when the header is written. */
    assert_false(ZSTD_isError(ZSTD_compressStream2(context, &out, &in, ZSTD_e_flush)));
    assert_int_equal(ZSTD_compressStream2(context, &out, &in, ZSTD_e_end), 0);
    ZSTD_freeCCtx(context);
    collector to = {0};
    xhr__codings *codings = make("zstd", NULL);
    xhr_status status = xhr__codings_feed(codings, xhr__str_of(encoded, out.pos), collect, &to);
    assert_int_equal(status, log <= 23 ? XHR_OK : XHR_ENCODING_ERR);
    if (log > 23)
      assert_string_equal(xhr__codings_message(codings),
                          "content coding zstd: a window above 8 MiB");
    xhr__codings_free(codings);
    xhr__bytes_free(&to.bytes);
  }
}

/* A sink that stops; reading on from there; reading into small memory. */
static void test_stop_and_pull(void **state) {
  (void)state;
  for (size_t i = 0; i < ENCODERS; i++) {
    xhr__bytes body = {0}, encoded = {0};
    make_body(&body, 400000);
    encoders[i].put(&encoded, xhr__bytes_str(&body));
    collector to = {.stop_after = 3};
    xhr__codings *codings = make(encoders[i].name, NULL);
    assert_int_equal(xhr__codings_feed(codings, xhr__bytes_str(&encoded), collect, &to),
                     XHR_ABORT_ERR);
    assert_int_equal(to.pieces, 3);
    assert_null(xhr__codings_message(codings));
    xhr__codings_free(codings);
    xhr__bytes_clear(&to.bytes);

    char buffer[1000];
    size_t len;
    codings = make(encoders[i].name, NULL);
    assert_int_equal(xhr__codings_read(codings, buffer, sizeof buffer, &len), XHR_OK);
    assert_int_equal(len, 0);
    assert_int_equal(xhr__codings_read(codings, buffer, 0, &len), XHR_INVALID_ARGUMENT);
    xhr__codings_input(codings, xhr__bytes_str(&encoded));
    size_t reads = 0;
    do {
      /* What is left may move meanwhile. */
      xhr__bytes moved = {0};
      assert_int_equal(xhr__bytes_assign(&moved, xhr__codings_unread(codings)), XHR_OK);
      xhr__codings_input(codings, xhr__bytes_str(&moved));
      assert_int_equal(xhr__codings_read(codings, buffer, 1 + reads++ % sizeof buffer, &len),
                       XHR_OK);
      assert_int_equal(xhr__bytes_append(&to.bytes, xhr__str_of(buffer, len)), XHR_OK);
      xhr__str left = xhr__codings_unread(codings);
      xhr__codings_input(codings, xhr__str_from(xhr__bytes_str(&encoded), encoded.len - left.len));
      xhr__bytes_free(&moved);
    } while (len > 0);
    assert_int_equal(xhr__codings_finish(codings), XHR_OK);
    assert_true(xhr__str_equals(xhr__bytes_str(&to.bytes), xhr__bytes_str(&body)));
    xhr__codings_free(codings);
    xhr__bytes_free(&to.bytes);
    xhr__bytes_free(&body);
    xhr__bytes_free(&encoded);
  }
}

/* ---- web-platform-tests ---------------------------------------------------------------------------------- */

typedef struct total {
  uint64_t len;
} total;

static xhr_status count_bytes(void *user, xhr__str piece) {
  ((total *)user)->len += piece.len;
  return XHR_OK;
}

static void test_wpt(void **state) {
  (void)state;
  static const struct {
    const char *header, *file;
    uint64_t len;
    xhr_status status;
  } files[] = {
      {"gzip", "gzip/resources/big.text.gz", 27000000, XHR_OK},
      {"br", "br/resources/big.text.br", 27000000, XHR_OK},
      {"zstd", "zstd/resources/big.text.zst", 27000000, XHR_OK},
      {"zstd", "zstd/resources/big.window.zst", 0, XHR_ENCODING_ERR},
  };
  for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
    xhr__bytes name = {0};
    assert_int_equal(xhr__bytes_append(&name, XHR__STR("fetch/content-encoding/")), XHR_OK);
    assert_int_equal(xhr__bytes_append(&name, xhr__str_c(files[i].file)), XHR_OK);
    const char *path = wpt_path(name.data);
    xhr__bytes_free(&name);
    if (!path)
      skip();
    xhr__str file = text_file_read(path);
    assert_non_null(file.data);
    total sum = {0};
    xhr__codings *codings = make(files[i].header, NULL);
    assert_int_equal(xhr__codings_feed(codings, file, count_bytes, &sum), files[i].status);
    assert_true(sum.len == files[i].len);
    xhr__codings_free(codings);
    free((char *)file.data);
  }
}

/* ---- allocation failure ---------------------------------------------------------------------------------- */

typedef struct oom_case {
  const char *header;
  xhr__str body;
} oom_case;

static void decode_counting(void *user) {
  const oom_case *of = user;
  xhr__str value = xhr__str_c(of->header);
  xhr__codings *codings = NULL;
  total sum = {0};
  xhr_status status = xhr__codings_new(&value, 1, NULL, &codings);
  for (size_t at = 0; at < of->body.len && status == XHR_OK; at += 1000) {
    size_t end = of->body.len - at < 1000 ? of->body.len : at + 1000;
    status = xhr__codings_feed(codings, xhr__str_slice(of->body, at, end), count_bytes, &sum);
  }
  if (status == XHR_OK)
    status = xhr__codings_finish(codings);
  assert_true(status == XHR_OK || (status == XHR_OUT_OF_MEMORY && failing_allocator_failed()));
  assert_true(status != XHR_OK || sum.len == 200000);
  xhr__codings_free(codings);
}

static void test_out_of_memory(void **state) {
  (void)state;
  xhr__bytes body = {0}, encoded[ENCODERS + 1] = {{0}};
  make_body(&body, 200000);
  for (size_t i = 0; i < ENCODERS; i++)
    encoders[i].put(&encoded[i], xhr__bytes_str(&body));
  put_br(&encoded[ENCODERS], xhr__bytes_str(&encoded[0]));
  /* The failing allocator must find nothing in use: copies by malloc. */
  oom_case cases[ENCODERS + 1];
  for (size_t i = 0; i <= ENCODERS; i++) {
    char *copy = malloc(encoded[i].len);
    assert_non_null(copy);
    memcpy(copy, encoded[i].data, encoded[i].len);
    cases[i] =
        (oom_case){i < ENCODERS ? encoders[i].name : "gzip, br", xhr__str_of(copy, encoded[i].len)};
    xhr__bytes_free(&encoded[i]);
  }
  xhr__bytes_free(&body);
  for (size_t i = 0; i <= ENCODERS; i++) {
    /* The codings, the piece and the library's own: all go through our allocator. */
    assert_true(failing_allocator_loop(decode_counting, NULL, &cases[i]) >= 6);
    free((char *)cases[i].body.data);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_each),        cmocka_unit_test(test_every_cut),
      cmocka_unit_test(test_chains),      cmocka_unit_test(test_header),
      cmocka_unit_test(test_several),     cmocka_unit_test(test_corrupt),
      cmocka_unit_test(test_limits),      cmocka_unit_test(test_hidden_bomb),
      cmocka_unit_test(test_zstd_window), cmocka_unit_test(test_stop_and_pull),
      cmocka_unit_test(test_wpt),         cmocka_unit_test(test_out_of_memory),
      cmocka_unit_test(test_zstd_legacy),
  };
  return cmocka_run_group_tests(tests, leftovers_note, leftovers_check);
}
