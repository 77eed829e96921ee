#include "fetch/codings.h"

#include "fetch/coding.h"

struct xhr__codings {
  xhr__codings_limits limits;
  size_t count;
  xhr__coding chain[XHR__CODINGS_MAX]; /* the one to undo first, first */
  char *piece;                         /* xhr__codings_feed's */
  const char *message;
};

/* ---- the header ------------------------------------------------------------------------------------------ */

static const xhr__coding_class *find_class(xhr__str name) {
  static const xhr__coding_class *const classes[] = {&xhr__coding_gzip, &xhr__coding_deflate,
                                                     &xhr__coding_br, &xhr__coding_zstd};
  if (xhr__str_equals_ci(name, XHR__STR("x-gzip")))
    return &xhr__coding_gzip;
  for (size_t i = 0; i < sizeof classes / sizeof *classes; i++) {
    if (xhr__str_equals_ci(name, xhr__str_c(classes[i]->name)))
      return classes[i];
  }
  return NULL;
}

/* https://fetch.spec.whatwg.org/#extract-header-values for Content-Encoding: a list of tokens, in which empty items
 * do not count. XHR_NOT_FOUND for failure and for codings that are not supported. Those found are added in the order
 * they were applied in. */
static xhr_status parse_value(xhr__codings *codings, xhr__str value) {
  for (size_t at = 0; at <= value.len;) {
    size_t comma = xhr__str_find(value, at, ',');
    xhr__str name = xhr__str_trim_http_tab_or_space(xhr__str_slice(value, at, comma));
    at = comma + 1;
    if (name.len == 0 || xhr__str_equals_ci(name, XHR__STR("identity")))
      continue;
    const xhr__coding_class *class = find_class(name);
    if (!class)
      return XHR_NOT_FOUND;
    /* Counted on, so that an unknown one behind them still has its say. */
    if (codings->count < XHR__CODINGS_MAX)
      codings->chain[codings->count].class = class;
    codings->count++;
  }
  return XHR_OK;
}

static void reverse(xhr__codings *codings) {
  for (size_t i = 0; i < codings->count / 2; i++) {
    xhr__coding *other = &codings->chain[codings->count - 1 - i];
    const xhr__coding_class *class = codings->chain[i].class;
    codings->chain[i].class = other->class;
    other->class = class;
  }
}

/* ---- making and freeing ---------------------------------------------------------------------------------- */

void xhr__codings_free(xhr__codings *codings) {
  if (!codings)
    return;
  for (size_t i = 0; i < codings->count; i++) {
    codings->chain[i].class->end(&codings->chain[i]);
    xhr__free(codings->chain[i].buffer);
  }
  xhr__free(codings->piece);
  xhr__free(codings);
}

/* Makes the decoders. On a failure `count` is how many of them are to be ended. */
static xhr_status init_all(xhr__codings *codings) {
  size_t count = codings->count;
  for (codings->count = 0; codings->count < count;) {
    xhr__coding *coding = &codings->chain[codings->count];
    coding->state = coding->class->choose ? XHR__CODING_CHOOSING : XHR__CODING_OPEN;
    if (codings->count > 0) {
      coding->buffer = xhr__malloc(XHR__CODINGS_PIECE);
      if (!coding->buffer)
        return XHR_OUT_OF_MEMORY;
    }
    xhr_status status = coding->class->init(coding);
    if (status != XHR_OK) {
      xhr__free(coding->buffer);
      return status;
    }
    codings->count++;
  }
  return XHR_OK;
}

xhr_status xhr__codings_new(const xhr__str *values, size_t count, const xhr__codings_limits *limits,
                            xhr__codings **codings) {
  *codings = NULL;
  if (count == 0)
    return XHR_OK;
  xhr__codings *fresh = XHR__NEW(xhr__codings);
  if (!fresh)
    return XHR_OUT_OF_MEMORY;
  if (limits)
    fresh->limits = *limits;
  xhr_status status = XHR_OK;
  for (size_t i = 0; i < count && status == XHR_OK; i++)
    status = parse_value(fresh, values[i]);
  if (status == XHR_NOT_FOUND || fresh->count == 0) {
    xhr__free(fresh);
    return XHR_OK;
  }
  if (fresh->count > XHR__CODINGS_MAX) {
    xhr__free(fresh);
    return XHR_LIMIT;
  }
  reverse(fresh);
  status = init_all(fresh);
  if (status != XHR_OK) {
    xhr__codings_free(fresh);
    return status;
  }
  *codings = fresh;
  return XHR_OK;
}

/* ---- one coding ------------------------------------------------------------------------------------------ */

/* Moves input into the head, byte by byte, until the class knows what it is. MAYBE: more input is needed. */
static xhr__verdict look(xhr__coding *coding,
                         xhr__verdict (*ask)(xhr__coding *, const uint8_t *, size_t)) {
  xhr__verdict verdict = ask ? XHR__MAYBE : XHR__NO;
  while (verdict == XHR__MAYBE && coding->input.len > 0) {
    coding->head[coding->head_len++] = xhr__str_at(coding->input, 0);
    coding->input = xhr__str_from(coding->input, 1);
    verdict = ask(coding, coding->head, coding->head_len);
  }
  return verdict;
}

/* Inside a stream: decodes into `out` from the head, then from the input, until something came of it or both are
 * used up. */
static xhr_status decode_open(xhr__coding *coding, char *out, size_t capacity, size_t *len) {
  xhr_status status = XHR_OK;
  bool ended = false;
  do {
    bool head = coding->head_at < coding->head_len;
    xhr__coding_io io = {.in = (const uint8_t *)coding->input.data,
                         .in_len = coding->input.len,
                         .out = (uint8_t *)out,
                         .out_len = capacity};
    if (head) {
      io.in = coding->head + coding->head_at;
      io.in_len = (size_t)(coding->head_len - coding->head_at);
    }
    size_t offered = io.in_len;
    status = coding->class->decode(coding, &io, &ended);
    size_t used = offered - io.in_len;
    if (head)
      coding->head_at = (uint8_t)(coding->head_at + used);
    else
      coding->input = xhr__str_from(coding->input, used);
    *len = capacity - io.out_len;
    coding->full = io.out_len == 0;
    /* A decoder that neither takes nor gives would go on for ever. */
    if (status == XHR_OK && !ended && used == 0 && *len == 0 && offered > 0)
      status = XHR_ENCODING_ERR;
  } while (status == XHR_OK && !ended && *len == 0 && coding->input.len > 0);
  if (ended) {
    coding->state = XHR__CODING_BETWEEN;
    coding->full = false;
    /* What of the head is left over (a stream shorter than it) is behind the end: it cannot begin another one. */
    if (coding->head_at < coding->head_len)
      coding->state = XHR__CODING_IGNORING;
    coding->head_len = coding->head_at = 0;
  }
  if (status == XHR_ENCODING_ERR && !coding->message)
    coding->message = coding->class->corrupt;
  return status;
}

/* Decodes into `out` until something came of it, or the input is used up. */
static xhr_status decode_some(xhr__coding *coding, char *out, size_t capacity, size_t *len) {
  xhr_status status = XHR_OK;
  *len = 0;
  coding->touched = coding->touched || coding->input.len > 0;
  while (status == XHR_OK && *len == 0 && (coding->input.len > 0 || coding->full)) {
    size_t before = coding->input.len;
    switch (coding->state) {
      case XHR__CODING_CHOOSING: {
        xhr__verdict verdict = look(coding, coding->class->choose);
        if (verdict == XHR__NO) {
          coding->message = coding->class->corrupt;
          status = XHR_ENCODING_ERR;
        }
        if (verdict == XHR__YES)
          coding->state = XHR__CODING_OPEN;
        coding->full = verdict == XHR__YES; /* the head may be all there is */
        break;
      }
      case XHR__CODING_OPEN: status = decode_open(coding, out, capacity, len); break;
      case XHR__CODING_BETWEEN: {
        xhr__verdict verdict = look(coding, coding->class->another);
        if (verdict == XHR__NO)
          coding->state = XHR__CODING_IGNORING;
        if (verdict == XHR__YES)
          coding->state = XHR__CODING_OPEN;
        coding->full = coding->state == XHR__CODING_OPEN;
        break;
      }
      case XHR__CODING_IGNORING:
        coding->input = xhr__str_from(coding->input, coding->input.len);
        coding->full = false;
        break;
    }
    coding->in_total += before - coding->input.len;
  }
  coding->out_total += *len;
  return status;
}

/* ---- the chain ------------------------------------------------------------------------------------------- */

/* The ratio is asked of each coding, so that a bomb inside another one is met; the total of the last one only. */
static xhr_status check_limits(xhr__codings *codings, size_t index) {
  const xhr__codings_limits *limits = &codings->limits;
  uint64_t decoded = codings->chain[index].out_total, allowed;
  if (limits->max_bytes != 0 && index + 1 == codings->count && decoded > limits->max_bytes) {
    codings->message = "content codings: the decoded body is larger than allowed";
    return XHR_LIMIT;
  }
  if (limits->max_ratio == 0 || decoded <= XHR__CODINGS_GRACE)
    return XHR_OK;
  if (__builtin_mul_overflow(codings->chain[0].in_total, limits->max_ratio, &allowed) ||
      decoded <= allowed)
    return XHR_OK;
  codings->message = "content codings: the body grows more than allowed when decoded";
  return XHR_LIMIT;
}

/* Some of what coding `index` gives, fed by those before it; nothing where the first one has no input left. */
static xhr_status pull(xhr__codings *codings, size_t index, char *out, size_t capacity,
                       size_t *len) {
  xhr__coding *coding = &codings->chain[index];
  for (;;) {
    xhr_status status = decode_some(coding, out, capacity, len);
    if (status == XHR_OK && *len > 0)
      status = check_limits(codings, index);
    if (status == XHR_ENCODING_ERR)
      codings->message = coding->message;
    if (status != XHR_OK)
      *len = 0;
    if (status != XHR_OK || *len > 0 || index == 0)
      return status;
    size_t got;
    status = pull(codings, index - 1, coding->buffer, XHR__CODINGS_PIECE, &got);
    if (status != XHR_OK || got == 0)
      return status;
    coding->input = xhr__str_of(coding->buffer, got);
  }
}

void xhr__codings_input(xhr__codings *codings, xhr__str bytes) {
  codings->chain[0].input = bytes;
}

xhr__str xhr__codings_unread(const xhr__codings *codings) {
  return codings->chain[0].input;
}

xhr_status xhr__codings_read(xhr__codings *codings, char *buffer, size_t capacity, size_t *len) {
  *len = 0;
  if (capacity == 0)
    return XHR_INVALID_ARGUMENT;
  /* Limits are looked at in between. */
  if (capacity > XHR__CODINGS_PIECE)
    capacity = XHR__CODINGS_PIECE;
  return pull(codings, codings->count - 1, buffer, capacity, len);
}

xhr_status xhr__codings_feed(xhr__codings *codings, xhr__str bytes, xhr__codings_sink sink,
                             void *user) {
  if (!codings->piece)
    codings->piece = xhr__malloc(XHR__CODINGS_PIECE);
  if (!codings->piece)
    return XHR_OUT_OF_MEMORY;
  xhr__codings_input(codings, bytes);
  for (;;) {
    size_t len;
    xhr_status status = xhr__codings_read(codings, codings->piece, XHR__CODINGS_PIECE, &len);
    if (status == XHR_OK && len > 0)
      status = sink(user, xhr__str_of(codings->piece, len));
    if (status != XHR_OK || len == 0)
      return status;
  }
}

xhr_status xhr__codings_finish(xhr__codings *codings) {
  for (size_t i = 0; i < codings->count; i++) {
    xhr__coding *coding = &codings->chain[i];
    bool open = coding->state == XHR__CODING_OPEN || coding->state == XHR__CODING_CHOOSING;
    if (coding->touched && open) {
      codings->message = coding->class->truncated;
      return XHR_ENCODING_ERR;
    }
  }
  return XHR_OK;
}

const char *xhr__codings_message(const xhr__codings *codings) {
  return codings->message;
}
