/* What IDNA's validity criteria need of the Unicode Character Database and lexbor's tables do not have. */
#ifndef XHR__URL_IDNA_TABLES_H
#define XHR__URL_IDNA_TABLES_H

#include <stddef.h>
#include <stdint.h>

/* Bidi_Class: those that RFC 5893 names. */
enum {
  XHR__BIDI_L,
  XHR__BIDI_R,
  XHR__BIDI_AL,
  XHR__BIDI_AN,
  XHR__BIDI_EN,
  XHR__BIDI_ES,
  XHR__BIDI_CS,
  XHR__BIDI_ET,
  XHR__BIDI_ON,
  XHR__BIDI_BN,
  XHR__BIDI_NSM,
  XHR__BIDI_OTHER,
  XHR__BIDI_MASK = 15
};

/* Joining_Type: those that RFC 5892, appendix A.1, names. */
enum {
  XHR__JOINING_U = 0,
  XHR__JOINING_L = 1 << 4,
  XHR__JOINING_D = 2 << 4,
  XHR__JOINING_R = 3 << 4,
  XHR__JOINING_T = 4 << 4,
  XHR__JOINING_MASK = 7 << 4
};

/* General_Category is Mn, Mc or Me. */
enum { XHR__IDNA_MARK = 1 << 7 };

/* Code points above ASCII from first to last, in order. Those of no range are XHR__BIDI_L | XHR__JOINING_U. */
typedef struct xhr__idna_range {
  uint32_t first;
  uint32_t last;
  uint8_t properties;
} xhr__idna_range;

extern const xhr__idna_range xhr__idna_ranges[];
extern const size_t xhr__idna_range_count;

#endif
