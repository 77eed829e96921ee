#include "url/idna.h"

#include <lexbor/punycode/punycode.h>
#include <lexbor/unicode/unicode.h>

#include "infra/utf8.h"

/* Punycode takes quadratic time. A name of the DNS has 253 bytes, so what is longer than this is none. It goes for the
 * result as well, which is the next parser's input: what is parsed must serialize to what can be parsed.
 * DEVIATION: the standard has no limit, and would take a longer one that no resolver takes. */
#define MAX_DOMAIN_BYTES 4096

#define DOT 0x2Eu

void xhr__code_points_free(xhr__code_points *list) {
  xhr__free(list->data);
  *list = (xhr__code_points){0};
}

xhr_status xhr__code_points_append(xhr__code_points *list, const uint32_t *data, size_t len) {
  void *array = list->data;
  size_t want;
  if (!xhr__size_add(list->len, len, &want) ||
      !xhr__grow(&array, &list->capacity, want, sizeof list->data[0]))
    return XHR_OUT_OF_MEMORY;
  list->data = array;
  if (len)
    memcpy(list->data + list->len, data, len * sizeof data[0]);
  list->len += len;
  return XHR_OK;
}

/* lexbor's status as ours; whatever else it has against the input is a failure. */
static xhr_status from_lexbor(lxb_status_t status) {
  if (status == LXB_STATUS_OK)
    return XHR_OK;
  return status == LXB_STATUS_ERROR_MEMORY_ALLOCATION ? XHR_OUT_OF_MEMORY : XHR_SYNTAX_ERR;
}

/* lexbor's callback: `ctx` is the list to append to. */
static lxb_status_t append_code_points(const lxb_codepoint_t *data, size_t len, void *ctx) {
  return xhr__code_points_append(ctx, data, len) == XHR_OK ? LXB_STATUS_OK
                                                           : LXB_STATUS_ERROR_MEMORY_ALLOCATION;
}

xhr_status xhr__nfc(xhr__code_points *list) {
  lxb_unicode_normalizer_t normalizer = {0};
  lxb_unicode_normalization_form_set(&normalizer, LXB_UNICODE_NFC);
  if (!lxb_unicode_quick_check_cp(&normalizer, list->data, list->len, true))
    return XHR_OK;
  lxb_status_t status = lxb_unicode_normalizer_init(&normalizer, LXB_UNICODE_NFC);
  if (status != LXB_STATUS_OK)
    return from_lexbor(status);
  xhr__code_points normalized = {0};
  status = lxb_unicode_normalize_cp(&normalizer, list->data, list->len, append_code_points,
                                    &normalized, true);
  lxb_unicode_normalizer_destroy(&normalizer, false);
  if (status != LXB_STATUS_OK) {
    xhr__code_points_free(&normalized);
    return from_lexbor(status);
  }
  xhr__code_points_free(list);
  *list = normalized;
  return XHR_OK;
}

/* https://www.unicode.org/reports/tr46/#Processing, step 1: map each code point. */
static xhr_status map(xhr__str domain, xhr__code_points *out) {
  xhr_status status = XHR_OK;
  for (size_t position = 0; position < domain.len && status == XHR_OK;) {
    uint32_t cp = xhr__utf8_next(domain, &position);
    switch (lxb_unicode_idna_type(cp)) {
      case LXB_UNICODE_IDNA_IGNORED: break;
      case LXB_UNICODE_IDNA_MAPPED: {
        size_t len;
        const lxb_codepoint_t *mapping =
            lxb_unicode_idna_map(lxb_unicode_idna_entry_by_cp(cp), &len);
        status = xhr__code_points_append(out, mapping, len);
        break;
      }
      default: status = xhr__code_points_append(out, &cp, 1); break;
    }
  }
  return status;
}

static bool is_ascii(const uint32_t *label, size_t len) {
  for (size_t i = 0; i < len; i++) {
    if (label[i] >= 0x80)
      return false;
  }
  return true;
}

/* Step 4.1: appends what the label behind its "xn--" decodes to. */
static xhr_status decode_label(const uint32_t *label, size_t len, xhr__code_points *out) {
  size_t before = out->len;
  /* 4.1.1. Only ASCII may be decoded. */
  if (!is_ascii(label, len))
    return XHR_SYNTAX_ERR;
  /* 4.1.2. */
  lxb_status_t lexbor_status = lxb_punycode_decode_cp(label + 4, len - 4, append_code_points, out);
  if (lexbor_status != LXB_STATUS_OK)
    return from_lexbor(lexbor_status);
  /* 4.1.3. Something that needed it must come out. */
  if (out->len == before)
    return XHR_SYNTAX_ERR;
  const uint32_t *decoded = out->data + before;
  size_t decoded_len = out->len - before;
  if (is_ascii(decoded, decoded_len))
    return XHR_SYNTAX_ERR;
  /* 4.1.4. The criteria, the first of which is NFC. */
  if (!xhr__idna_label_is_valid(decoded, decoded_len))
    return XHR_SYNTAX_ERR;
  xhr__code_points normalized = {0};
  xhr_status status = xhr__code_points_append(&normalized, decoded, decoded_len);
  if (status == XHR_OK)
    status = xhr__nfc(&normalized);
  if (status == XHR_OK && (normalized.len != decoded_len ||
                           memcmp(normalized.data, decoded, decoded_len * sizeof decoded[0]) != 0))
    status = XHR_SYNTAX_ERR;
  xhr__code_points_free(&normalized);
  return status;
}

/* Step 4 for one label; appends its Unicode form. */
static xhr_status convert_label(const uint32_t *label, size_t len, xhr__code_points *out) {
  if (len >= 4 && label[0] == 'x' && label[1] == 'n' && label[2] == '-' && label[3] == '-')
    return decode_label(label, len, out);
  /* 4.2. */
  if (!xhr__idna_label_is_valid(label, len))
    return XHR_SYNTAX_ERR;
  return xhr__code_points_append(out, label, len);
}

/* The label that starts at `start`: its length. */
static size_t label_len(const xhr__code_points *list, size_t start) {
  size_t end = start;
  while (end < list->len && list->data[end] != DOT)
    end++;
  return end - start;
}

/* Steps 3 to 4: every label of `list`, into Unicode labels with dots between them. */
static xhr_status convert(const xhr__code_points *list, xhr__code_points *out) {
  const uint32_t dot = DOT;
  for (size_t start = 0;;) {
    size_t len = label_len(list, start);
    xhr_status status = convert_label(list->data + start, len, out);
    if (status != XHR_OK)
      return status;
    start += len + 1;
    if (start > list->len)
      return XHR_OK;
    status = xhr__code_points_append(out, &dot, 1);
    if (status != XHR_OK)
      return status;
  }
}

/* https://www.unicode.org/reports/tr46/#Validity_Criteria, CheckBidi: all labels, if one of them asks for it. */
static bool passes_check_bidi(const xhr__code_points *labels) {
  if (!xhr__idna_label_is_bidi(labels->data, labels->len))
    return true;
  for (size_t start = 0; start < labels->len;) {
    size_t len = label_len(labels, start);
    if (!xhr__idna_follows_bidi_rule(labels->data + start, len))
      return false;
    start += len + 1;
  }
  return true;
}

/* lexbor's callback: `ctx` is the xhr__bytes to append to. */
static lxb_status_t append_ascii(const lxb_char_t *data, size_t len, void *ctx, bool unchanged) {
  xhr_status status = XHR_OK;
  if (!unchanged)
    status = xhr__bytes_append(ctx, XHR__STR("xn--"));
  if (status == XHR_OK)
    status = xhr__bytes_append(ctx, xhr__str_of((const char *)data, len));
  return status == XHR_OK ? LXB_STATUS_OK : LXB_STATUS_ERROR_MEMORY_ALLOCATION;
}

/* https://www.unicode.org/reports/tr46/#ToASCII, steps 2 to 3: Punycode for the labels that are not ASCII. */
static xhr_status encode(const xhr__code_points *labels, xhr__bytes *out) {
  for (size_t start = 0; start <= labels->len;) {
    size_t len = label_len(labels, start);
    xhr_status status = XHR_OK;
    if (start > 0)
      status = xhr__bytes_append_byte(out, '.');
    if (status == XHR_OK && len > 0)
      status = from_lexbor(lxb_punycode_encode_cp(labels->data + start, len, append_ascii, out));
    if (status != XHR_OK)
      return status;
    start += len + 1;
  }
  return XHR_OK;
}

/* https://url.spec.whatwg.org/#domain-parser-toascii */
xhr_status xhr__domain_parser_to_ascii(xhr__str domain, xhr__bytes *out) {
  size_t before = out->len;
  xhr__code_points mapped = {0}, labels = {0};
  xhr_status status = domain.len > MAX_DOMAIN_BYTES ? XHR_SYNTAX_ERR : map(domain, &mapped);
  /* Nothing is left of it: the domain parser fails on the empty string. */
  if (status == XHR_OK && mapped.len == 0)
    status = XHR_SYNTAX_ERR;
  /* Processing, step 2. */
  if (status == XHR_OK)
    status = xhr__nfc(&mapped);
  if (status == XHR_OK)
    status = convert(&mapped, &labels);
  if (status == XHR_OK && !passes_check_bidi(&labels))
    status = XHR_SYNTAX_ERR;
  if (status == XHR_OK)
    status = encode(&labels, out);
  if (status == XHR_OK && out->len - before > MAX_DOMAIN_BYTES)
    status = XHR_SYNTAX_ERR;
  xhr__code_points_free(&mapped);
  xhr__code_points_free(&labels);
  if (status != XHR_OK)
    out->len = before;
  return status;
}
