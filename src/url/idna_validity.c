#include "url/idna.h"

#include <lexbor/unicode/unicode.h>

#include "url/idna_tables.h"

#define ZWNJ   0x200Cu
#define ZWJ    0x200Du
#define VIRAMA 9 /* Canonical_Combining_Class */

/* Bidi class, joining type and XHR__IDNA_MARK of a code point. */
static unsigned properties(uint32_t cp) {
  /* ASCII that may stand in a host: digits, "+" and "-", "." and ",", letters, and the rest. */
  if (cp < 0x80) {
    if (xhr__is_ascii_digit((uint8_t)cp))
      return XHR__BIDI_EN;
    if (xhr__is_ascii_alpha((uint8_t)cp))
      return XHR__BIDI_L;
    if (cp == '+' || cp == '-')
      return XHR__BIDI_ES;
    if (cp == '$' || cp == '#' || cp == '%')
      return XHR__BIDI_ET;
    if (cp == '.' || cp == ',' || cp == '/' || cp == ':')
      return XHR__BIDI_CS;
    return cp > ' ' && cp < 0x7F ? XHR__BIDI_ON : XHR__BIDI_OTHER;
  }
  size_t low = 0, high = xhr__idna_range_count;
  while (low < high) {
    size_t middle = low + (high - low) / 2;
    const xhr__idna_range *range = &xhr__idna_ranges[middle];
    if (cp < range->first)
      high = middle;
    else if (cp > range->last)
      low = middle + 1;
    else
      return range->properties;
  }
  return XHR__BIDI_L | XHR__JOINING_U;
}

static unsigned joining_type(uint32_t cp) {
  return properties(cp) & XHR__JOINING_MASK;
}

static unsigned bidi_class(uint32_t cp) {
  return properties(cp) & XHR__BIDI_MASK;
}

static bool is_virama(uint32_t cp) {
  return lxb_unicode_normalization_entry_by_cp(cp)->ccc == VIRAMA;
}

/* The joining context of https://www.rfc-editor.org/rfc/rfc5892#appendix-A.1: one of L, D before and one of R, D
 * behind, with only T between. */
static bool joins(const uint32_t *label, size_t len, size_t at) {
  size_t before = at, behind = at + 1;
  while (before > 0 && joining_type(label[before - 1]) == XHR__JOINING_T)
    before--;
  while (behind < len && joining_type(label[behind]) == XHR__JOINING_T)
    behind++;
  if (before == 0 || behind == len)
    return false;
  unsigned left = joining_type(label[before - 1]), right = joining_type(label[behind]);
  return (left == XHR__JOINING_L || left == XHR__JOINING_D) &&
         (right == XHR__JOINING_R || right == XHR__JOINING_D);
}

/* CheckJoiners: the ContextJ rules of RFC 5892, appendix A.1 and A.2. */
static bool passes_check_joiners(const uint32_t *label, size_t len) {
  for (size_t i = 0; i < len; i++) {
    if (label[i] != ZWNJ && label[i] != ZWJ)
      continue;
    if (i > 0 && is_virama(label[i - 1]))
      continue;
    if (label[i] == ZWJ || !joins(label, len, i))
      return false;
  }
  return true;
}

/* https://www.unicode.org/reports/tr46/#Validity_Criteria */
bool xhr__idna_label_is_valid(const uint32_t *label, size_t len) {
  if (len == 0)
    return true;
  /* 1. NFC is the caller's. 2 to 3. CheckHyphens is false. 4. So the label may not begin with "xn--". */
  if (len >= 4 && label[0] == 'x' && label[1] == 'n' && label[2] == '-' && label[3] == '-')
    return false;
  /* 6. No combining mark at the start. */
  if (properties(label[0]) & XHR__IDNA_MARK)
    return false;
  for (size_t i = 0; i < len; i++) {
    /* 5. No dot. */
    if (label[i] == 0x2E || label[i] > 0x10FFFF)
      return false;
    /* 7. Valid, or a deviation, because the processing is nontransitional. */
    lxb_unicode_idna_type_t type = lxb_unicode_idna_type(label[i]);
    if (type != LXB_UNICODE_IDNA_VALID && type != LXB_UNICODE_IDNA_DEVIATION)
      return false;
  }
  /* 8. 9. CheckBidi needs all labels. */
  return passes_check_joiners(label, len);
}

bool xhr__idna_label_is_bidi(const uint32_t *label, size_t len) {
  for (size_t i = 0; i < len; i++) {
    unsigned class = bidi_class(label[i]);
    if (class == XHR__BIDI_R || class == XHR__BIDI_AL || class == XHR__BIDI_AN)
      return true;
  }
  return false;
}

#define CLASS(name) (1u << XHR__BIDI_##name)

/* https://www.rfc-editor.org/rfc/rfc5893#section-2 */
bool xhr__idna_follows_bidi_rule(const uint32_t *label, size_t len) {
  const unsigned neutral =
      CLASS(EN) | CLASS(ES) | CLASS(CS) | CLASS(ET) | CLASS(ON) | CLASS(BN) | CLASS(NSM);
  if (len == 0)
    return true;
  /* 1. The first says the direction. */
  unsigned first = bidi_class(label[0]);
  bool rtl = first == XHR__BIDI_R || first == XHR__BIDI_AL;
  if (!rtl && first != XHR__BIDI_L)
    return false;
  /* 2 and 5. What may be in it. */
  unsigned allowed = neutral | (rtl ? CLASS(R) | CLASS(AL) | CLASS(AN) : CLASS(L));
  unsigned seen = 0;
  for (size_t i = 0; i < len; i++)
    seen |= 1u << bidi_class(label[i]);
  if (seen & ~allowed)
    return false;
  /* 3 and 6. What may end it, but for marks. */
  size_t end = len;
  while (end > 1 && bidi_class(label[end - 1]) == XHR__BIDI_NSM)
    end--;
  unsigned ending = rtl ? CLASS(R) | CLASS(AL) | CLASS(EN) | CLASS(AN) : CLASS(L) | CLASS(EN);
  if (!(ending & 1u << bidi_class(label[end - 1])))
    return false;
  /* 4. European and Arabic numbers do not mix. */
  return !rtl || (seen & (CLASS(EN) | CLASS(AN))) != (CLASS(EN) | CLASS(AN));
}
