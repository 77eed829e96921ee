#include "xhr/xml_encoding.h"

/* Whether the bytes start with the signature, or may yet. */
static bool may_start_with(xhr__str bytes, xhr__str signature) {
  size_t len = bytes.len < signature.len ? bytes.len : signature.len;
  return memcmp(bytes.data, signature.data, len) == 0;
}

static bool is_space(uint8_t c) {
  return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static void skip_space(xhr__str s, size_t *at) {
  while (*at < s.len && is_space(xhr__str_at(s, *at)))
    ++*at;
}

/* One `name = "value"` of a declaration: false where there is none. */
static bool next_attribute(xhr__str s, size_t *at, xhr__str *name, xhr__str *value) {
  size_t start = *at;
  skip_space(s, at);
  size_t name_start = *at;
  if (name_start == start)
    return false;
  while (*at < s.len && xhr__is_ascii_lower(xhr__str_at(s, *at)))
    ++*at;
  *name = xhr__str_slice(s, name_start, *at);
  skip_space(s, at);
  if (*at >= s.len || s.data[*at] != '=')
    return false;
  ++*at;
  skip_space(s, at);
  if (*at >= s.len || (s.data[*at] != '"' && s.data[*at] != '\''))
    return false;
  size_t value_start = *at + 1, value_end = xhr__str_find(s, value_start, s.data[*at]);
  if (value_end == s.len)
    return false;
  *value = xhr__str_slice(s, value_start, value_end);
  *at = value_end + 1;
  return true;
}

/* https://www.w3.org/TR/xml/#NT-XMLDecl, between "<?xml" and "?>". */
static xhr__encoding declared_encoding(xhr__str declaration) {
  size_t at = 0;
  xhr__str name, value;
  while (next_attribute(declaration, &at, &name, &value)) {
    if (!xhr__str_equals(name, XHR__STR("encoding")))
      continue;
    xhr__encoding encoding = xhr__encoding_get(value);
    /* A declaration that could be read byte by byte is not in UTF-16. */
    return encoding == XHR__ENCODING_UTF_16BE || encoding == XHR__ENCODING_UTF_16LE
               ? XHR__ENCODING_UTF_8
               : encoding;
  }
  return XHR__ENCODING_NONE;
}

bool xhr__xml_encoding(xhr__str bytes, bool complete, xhr__encoding *encoding) {
  static const xhr__str ascii = {"<?xml", 5}, little_endian = {"<\0?\0", 4},
                        big_endian = {"\0<\0?", 4};
  *encoding = XHR__ENCODING_NONE;
  if (bytes.len < ascii.len && !complete &&
      (may_start_with(bytes, ascii) || may_start_with(bytes, little_endian) ||
       may_start_with(bytes, big_endian))) {
    return false;
  }
  if (xhr__str_starts_with(bytes, little_endian))
    *encoding = XHR__ENCODING_UTF_16LE;
  else if (xhr__str_starts_with(bytes, big_endian))
    *encoding = XHR__ENCODING_UTF_16BE;
  if (!xhr__str_starts_with(bytes, ascii))
    return true;
  xhr__str head = bytes.len > XHR__XML_DECLARATION_MAX
                      ? xhr__str_slice(bytes, 0, XHR__XML_DECLARATION_MAX)
                      : bytes;
  size_t end = xhr__str_find_str(head, ascii.len, XHR__STR("?>"));
  if (end == head.len)
    return complete || head.len == XHR__XML_DECLARATION_MAX;
  *encoding = declared_encoding(xhr__str_slice(head, ascii.len, end));
  return true;
}
