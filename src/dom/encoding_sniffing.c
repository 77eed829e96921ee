#include "dom/encoding_sniffing.h"

#include "infra/bytes.h"

xhr__encoding xhr__encoding_from_meta(xhr__str s) {
  /* 1. - 2. */
  size_t i = 0;
  for (;;) {
    while (i < s.len && !xhr__str_starts_with_ci(xhr__str_from(s, i), XHR__STR("charset")))
      i++;
    if (i >= s.len)
      return XHR__ENCODING_NONE;
    i += 7;
    /* 3. */
    while (i < s.len && xhr__is_ascii_whitespace(xhr__str_at(s, i)))
      i++;
    /* 4. */
    if (i < s.len && s.data[i] == '=')
      break;
  }
  /* 5. */
  i++;
  while (i < s.len && xhr__is_ascii_whitespace(xhr__str_at(s, i)))
    i++;
  /* 6. */
  if (i >= s.len)
    return XHR__ENCODING_NONE;
  char quote = s.data[i];
  if (quote == '"' || quote == '\'') {
    size_t end = xhr__str_find(s, i + 1, quote);
    return end < s.len ? xhr__encoding_get(xhr__str_slice(s, i + 1, end)) : XHR__ENCODING_NONE;
  }
  size_t end = i;
  while (end < s.len && !xhr__is_ascii_whitespace(xhr__str_at(s, end)) && s.data[end] != ';')
    end++;
  return xhr__encoding_get(xhr__str_slice(s, i, end));
}

/* The bytes and how far they have been read. */
typedef struct byte_scan {
  xhr__str s;
  size_t at;
} byte_scan;

static bool at_end(const byte_scan *scan) {
  return scan->at >= scan->s.len;
}

static bool is_space_or_slash(uint8_t byte) {
  return xhr__is_ascii_whitespace(byte) || byte == '/';
}

typedef struct sniffed_attribute {
  xhr__bytes name, value;
} sniffed_attribute;

static void free_attribute(sniffed_attribute *attribute) {
  xhr__bytes_free(&attribute->name);
  xhr__bytes_free(&attribute->value);
}

/* Want of memory shortens what is stored, so that no encoding is found. */
static void append_lower(xhr__bytes *to, char byte) {
  (void)xhr__bytes_append_byte(to, xhr__ascii_lower(byte));
}

static void skip_spaces(byte_scan *scan) {
  while (!at_end(scan) && xhr__is_ascii_whitespace(xhr__str_at(scan->s, scan->at)))
    scan->at++;
}

/* Steps 9 to 12, the value; behind it is the next byte that is to be read. */
static void read_value(byte_scan *scan, sniffed_attribute *attribute) {
  /* 8. - 9. */
  skip_spaces(scan);
  if (at_end(scan))
    return;
  char first = scan->s.data[scan->at];
  /* 10. */
  if (first == '"' || first == '\'') {
    for (scan->at++; !at_end(scan) && scan->s.data[scan->at] != first; scan->at++)
      append_lower(&attribute->value, scan->s.data[scan->at]);
    if (!at_end(scan))
      scan->at++;
    return;
  }
  /* 10. ">": - 12. */
  for (; !at_end(scan); scan->at++) {
    uint8_t byte = xhr__str_at(scan->s, scan->at);
    if (byte == '>' || xhr__is_ascii_whitespace(byte))
      return;
    append_lower(&attribute->value, (char)byte);
  }
}

/* https://html.spec.whatwg.org/#concept-get-attributes-when-sniffing: false where there is none. */
static bool get_attribute(byte_scan *scan, sniffed_attribute *attribute) {
  *attribute = (sniffed_attribute){0};
  /* 1. */
  while (!at_end(scan) && is_space_or_slash(xhr__str_at(scan->s, scan->at)))
    scan->at++;
  /* 2. */
  if (at_end(scan) || scan->s.data[scan->at] == '>')
    return false;
  /* 3. - 5. */
  for (; !at_end(scan); scan->at++) {
    uint8_t byte = xhr__str_at(scan->s, scan->at);
    if (byte == '=' && attribute->name.len > 0) {
      scan->at++;
      read_value(scan, attribute);
      return true;
    }
    if (xhr__is_ascii_whitespace(byte))
      break;
    if (byte == '/' || byte == '>')
      return true;
    append_lower(&attribute->name, (char)byte);
  }
  /* 6. - 7. */
  skip_spaces(scan);
  if (at_end(scan) || scan->s.data[scan->at] != '=')
    return true;
  scan->at++;
  read_value(scan, attribute);
  return true;
}

/* Step 2's meta, from its attributes on. */
static xhr__encoding read_meta(byte_scan *scan) {
  /* 1. - 5. */
  bool got_pragma = false, has_name[3] = {false};
  enum { UNKNOWN, NEEDED, NOT_NEEDED } need_pragma = UNKNOWN;
  xhr__encoding charset = XHR__ENCODING_NONE;
  bool has_charset = false;
  sniffed_attribute attribute;
  /* 6. - 10. */
  while (get_attribute(scan, &attribute)) {
    static const char *const names[] = {"http-equiv", "content", "charset"};
    xhr__str name = xhr__bytes_str(&attribute.name), value = xhr__bytes_str(&attribute.value);
    int which = 0;
    while (which < 3 && !xhr__str_equals(name, xhr__str_c(names[which])))
      which++;
    if (which < 3 && !has_name[which]) {
      has_name[which] = true;
      if (which == 0 && xhr__str_equals(value, XHR__STR("content-type")))
        got_pragma = true;
      if (which == 1 && !has_charset && xhr__encoding_from_meta(value) != XHR__ENCODING_NONE) {
        charset = xhr__encoding_from_meta(value);
        has_charset = true;
        need_pragma = NEEDED;
      }
      if (which == 2) {
        charset = xhr__encoding_get(value);
        has_charset = true;
        need_pragma = NOT_NEEDED;
      }
    }
    free_attribute(&attribute);
  }
  /* 11. - 13. */
  if (need_pragma == UNKNOWN || (need_pragma == NEEDED && !got_pragma))
    return XHR__ENCODING_NONE;
  /* 14. - 15. */
  if (charset == XHR__ENCODING_UTF_16BE || charset == XHR__ENCODING_UTF_16LE)
    return XHR__ENCODING_UTF_8;
  if (charset == XHR__ENCODING_X_USER_DEFINED)
    return XHR__ENCODING_WINDOWS_1252;
  /* 16. */
  return charset;
}

/* What stands at "<"; NONE where it is no meta that says an encoding. Then the scan is at the last byte that was read. */
static xhr__encoding read_markup(byte_scan *scan) {
  xhr__str rest = xhr__str_from(scan->s, scan->at);
  if (xhr__str_starts_with(rest, XHR__STR("<!--"))) {
    /* The two dashes may be those of "<!--": "<!-->" is one. */
    scan->at += 2 + xhr__str_find_str(xhr__str_from(rest, 2), 0, XHR__STR("-->")) + 2;
    return XHR__ENCODING_NONE;
  }
  if (xhr__str_starts_with_ci(rest, XHR__STR("<meta")) && rest.len > 5 &&
      is_space_or_slash(xhr__str_at(rest, 5))) {
    scan->at += 5;
    return read_meta(scan);
  }
  size_t name = rest.len > 1 && rest.data[1] == '/' ? 2 : 1;
  if (rest.len > name && xhr__is_ascii_alpha(xhr__str_at(rest, name))) {
    while (!at_end(scan) && scan->s.data[scan->at] != '>' &&
           !xhr__is_ascii_whitespace(xhr__str_at(scan->s, scan->at)))
      scan->at++;
    sniffed_attribute attribute;
    while (get_attribute(scan, &attribute))
      free_attribute(&attribute);
  } else if (rest.len > 1 && strchr("!/?", rest.data[1]) && rest.data[1]) {
    scan->at = xhr__str_find(scan->s, scan->at, '>');
  }
  return XHR__ENCODING_NONE;
}

xhr__encoding xhr__prescan(xhr__str bytes) {
  byte_scan scan = {bytes, 0};
  if (scan.s.len > XHR__PRESCAN_LENGTH)
    scan.s.len = XHR__PRESCAN_LENGTH;
  /* 1. UTF-16 XML declarations */
  if (scan.s.len >= 6 && memcmp(scan.s.data, "<\0?\0x\0", 6) == 0)
    return XHR__ENCODING_UTF_16LE;
  if (scan.s.len >= 6 && memcmp(scan.s.data, "\0<\0?\0x", 6) == 0)
    return XHR__ENCODING_UTF_16BE;
  /* 2. - 3. */
  for (; !at_end(&scan); scan.at++) {
    if (scan.s.data[scan.at] != '<')
      continue;
    xhr__encoding encoding = read_markup(&scan);
    if (encoding != XHR__ENCODING_NONE)
      return encoding;
  }
  return XHR__ENCODING_NONE;
}
