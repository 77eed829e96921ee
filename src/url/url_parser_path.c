/* The basic URL parser's states for path, query and fragment. */
#include "url/url_parser.h"

/* https://url.spec.whatwg.org/#path-start-state */
xhr_status xhr__url_path_start_state(xhr__url_parser *p) {
  int c = xhr__url_c(p);
  /* 1. */
  if (xhr__url_p_is_special(p)) {
    p->state = XHR__PATH_STATE;
    if (c != '/' && c != '\\')
      p->pointer--;
    return XHR_OK;
  }
  /* 2. */
  if (!xhr__url_override_given(p) && c == '?') {
    p->state = XHR__QUERY_STATE;
    return xhr__url_start_query(p);
  }
  /* 3. */
  if (!xhr__url_override_given(p) && c == '#') {
    p->state = XHR__FRAGMENT_STATE;
    return xhr__url_start_fragment(p);
  }
  /* 4. */
  if (c != XHR__EOF) {
    p->state = XHR__PATH_STATE;
    if (c != '/')
      p->pointer--;
    return XHR_OK;
  }
  /* 5. */
  if (xhr__url_override_given(p) && p->url.host_kind == XHR__HOST_NULL)
    return xhr__bytes_append_byte(&p->url.href, '/');
  return XHR_OK;
}

/* How many dots a segment stands for: https://url.spec.whatwg.org/#single-dot-path-segment is 1,
 * https://url.spec.whatwg.org/#double-dot-path-segment 2, everything else 0. */
static int dots(xhr__str segment) {
  int count = 0;
  if (segment.len > 6)
    return 0;
  for (size_t i = 0; i < segment.len; count++) {
    if (segment.data[i] == '.')
      i++;
    else if (xhr__str_starts_with_ci(xhr__str_from(segment, i), XHR__STR("%2e")))
      i += 3;
    else
      return 0;
  }
  return count <= 2 ? count : 0;
}

/* Path state, step 1.4: one more segment. */
static xhr_status append_segment(xhr__url_parser *p, xhr__str buffer) {
  xhr__bytes *href = &p->url.href;
  bool path_is_empty = href->len == p->url.path_start;
  xhr_status status = xhr__bytes_append_byte(href, '/');
  if (status != XHR_OK)
    return status;
  /* 1.4.1. A drive is written with a colon. */
  if (xhr__url_p_is_file(p) && path_is_empty && xhr__is_windows_drive_letter(buffer)) {
    char drive[2] = {buffer.data[0], ':'};
    return xhr__bytes_append(href, xhr__str_of(drive, sizeof drive));
  }
  /* 1.4.2, and step 2 for each code point of the buffer. */
  return xhr__utf8_percent_encode(buffer, XHR__PATH_PERCENT_ENCODE_SET, href);
}

/* Path state, steps 1.2 to 1.4, at the end of a segment. */
static xhr_status end_segment(xhr__url_parser *p, xhr__str buffer, bool slash) {
  int count = dots(buffer);
  /* 1.4. */
  if (count == 0)
    return append_segment(p, buffer);
  /* 1.2.1. */
  if (count == 2)
    xhr__url_shorten_path(p);
  /* 1.2.2 and 1.3. An empty segment where nothing follows. */
  return slash ? XHR_OK : xhr__bytes_append_byte(&p->url.href, '/');
}

/* https://url.spec.whatwg.org/#path-state */
xhr_status xhr__url_path_state(xhr__url_parser *p) {
  bool override = xhr__url_override_given(p), special = xhr__url_p_is_special(p);
  xhr__url_open_buffer(p);
  /* 2. */
  int c = xhr__url_c(p);
  while (c != XHR__EOF && c != '/' && !(c == '\\' && special) &&
         !((c == '?' || c == '#') && !override)) {
    p->pointer++;
    c = xhr__url_c(p);
  }
  /* 1.2 to 1.4. */
  xhr_status status = end_segment(p, xhr__url_buffer(p), c == '/' || c == '\\');
  if (status != XHR_OK)
    return status;
  /* 1.5. */
  xhr__url_clear_buffer(p);
  /* 1.6. */
  if (c == '?') {
    p->state = XHR__QUERY_STATE;
    return xhr__url_start_query(p);
  }
  /* 1.7. */
  if (c == '#') {
    p->state = XHR__FRAGMENT_STATE;
    return xhr__url_start_fragment(p);
  }
  return XHR_OK;
}

/* Opaque path state, step 3.2 to 3.3: a space is kept, but not where it would be the last of the path. */
static xhr_status append_space(xhr__url_parser *p) {
  int next = xhr__url_next_c(p);
  bool last = next == '?' || next == '#';
  return xhr__bytes_append(&p->url.href, last ? XHR__STR("%20") : XHR__STR(" "));
}

/* https://url.spec.whatwg.org/#cannot-be-a-base-url-path-state */
xhr_status xhr__url_opaque_path_state(xhr__url_parser *p) {
  /* 4. As many as do the same. */
  ptrdiff_t start = p->pointer;
  int c = xhr__url_c(p);
  while (c != XHR__EOF && c != '?' && c != '#' && c != ' ') {
    p->pointer++;
    c = xhr__url_c(p);
  }
  xhr_status status =
      xhr__utf8_percent_encode(xhr__str_slice(p->input, (size_t)start, (size_t)p->pointer),
                               XHR__C0_CONTROL_PERCENT_ENCODE_SET, &p->url.href);
  if (status != XHR_OK)
    return status;
  switch (c) {
    case '?':
      /* 1. */
      p->state = XHR__QUERY_STATE;
      return xhr__url_start_query(p);
    case '#':
      /* 2. */
      p->state = XHR__FRAGMENT_STATE;
      return xhr__url_start_fragment(p);
    case ' ':
      /* 3. */
      return append_space(p);
    default: return XHR_OK;
  }
}

/* https://url.spec.whatwg.org/#query-state */
xhr_status xhr__url_query_state(xhr__url_parser *p) {
  uint8_t scheme = p->url.scheme_type;
  /* 1. Other encodings are for the web's own pages only. */
  if (scheme == XHR__SCHEME_NOT_SPECIAL || scheme == XHR__SCHEME_WS || scheme == XHR__SCHEME_WSS)
    p->encoding = NULL;
  /* 3. */
  size_t start = (size_t)p->pointer;
  size_t end = xhr__url_override_given(p) ? p->input.len : xhr__str_find(p->input, start, '#');
  /* 2.1. */
  xhr__percent_encode_set set = xhr__url_p_is_special(p) ? XHR__SPECIAL_QUERY_PERCENT_ENCODE_SET
                                                         : XHR__QUERY_PERCENT_ENCODE_SET;
  /* 2.2 to 2.3. */
  xhr_status status = xhr__percent_encode_after_encoding(
      p->encoding, xhr__str_slice(p->input, start, end), set, &p->url.href);
  p->pointer = (ptrdiff_t)end;
  if (status != XHR_OK || xhr__url_c(p) != '#')
    return status;
  /* 2.4. */
  p->state = XHR__FRAGMENT_STATE;
  return xhr__url_start_fragment(p);
}

/* https://url.spec.whatwg.org/#fragment-state */
xhr_status xhr__url_fragment_state(xhr__url_parser *p) {
  /* 1. All the rest. */
  xhr__str rest = xhr__str_from(p->input, (size_t)p->pointer);
  p->pointer = (ptrdiff_t)p->input.len;
  return xhr__utf8_percent_encode(rest, XHR__FRAGMENT_PERCENT_ENCODE_SET, &p->url.href);
}
