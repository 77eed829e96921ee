#include "encoding/encoding.h"

#include "encoding/lexbor_encoding.h"

/* In the order of xhr__encoding. */
static const lxb_encoding_t lexbor_ids[] = {LXB_ENCODING_UNDEFINED,
#define LEXBOR_ID(id, name) LXB_ENCODING_##id,
                                            XHR__ENCODING_MAP(LEXBOR_ID)
#undef LEXBOR_ID
};

const lxb_encoding_data_t *xhr__lexbor_encoding(xhr__encoding encoding) {
  return lxb_encoding_data(lexbor_ids[encoding]);
}

/* Labels that the standard has and lexbor 3.0 has not. */
static const struct {
  const char *label;
  xhr__encoding encoding;
} more_labels[] = {
    {"csunicode", XHR__ENCODING_UTF_16LE},    {"iso-10646-ucs-2", XHR__ENCODING_UTF_16LE},
    {"ucs-2", XHR__ENCODING_UTF_16LE},        {"unicode", XHR__ENCODING_UTF_16LE},
    {"unicode11utf8", XHR__ENCODING_UTF_8},   {"unicode20utf8", XHR__ENCODING_UTF_8},
    {"unicodefeff", XHR__ENCODING_UTF_16LE},  {"unicodefffe", XHR__ENCODING_UTF_16BE},
    {"x-unicode20utf8", XHR__ENCODING_UTF_8},
};

/* https://encoding.spec.whatwg.org/#concept-encoding-get */
xhr__encoding xhr__encoding_get(xhr__str label) {
  /* 1. without ASCII whitespace around it */
  label = xhr__str_trim_ascii_whitespace(label);
  if (label.len == 0)
    return XHR__ENCODING_NONE;
  /* 2. the label's encoding, any case; else failure */
  for (size_t i = 0; i < sizeof more_labels / sizeof *more_labels; i++) {
    if (xhr__str_equals_ci(label, xhr__str_c(more_labels[i].label)))
      return more_labels[i].encoding;
  }
  const lxb_encoding_data_t *found =
      lxb_encoding_data_by_name((const lxb_char_t *)label.data, label.len);
  for (int i = 1; found && i < XHR__ENCODING_COUNT; i++) {
    if (lexbor_ids[i] == found->encoding)
      return (xhr__encoding)i;
  }
  return XHR__ENCODING_NONE;
}

xhr__str xhr__encoding_name(xhr__encoding encoding) {
  static const xhr__str names[] = {{"", 0},
#define NAME(id, name) {name, sizeof(name) - 1},
                                   XHR__ENCODING_MAP(NAME)
#undef NAME
  };
  return names[encoding];
}

/* https://encoding.spec.whatwg.org/#get-an-output-encoding */
xhr__encoding xhr__encoding_output(xhr__encoding encoding) {
  switch (encoding) {
    /* 1. those without encoder: UTF-8 */
    case XHR__ENCODING_REPLACEMENT:
    case XHR__ENCODING_UTF_16BE:
    case XHR__ENCODING_UTF_16LE: return XHR__ENCODING_UTF_8;
    /* 2. */
    default: return encoding;
  }
}
