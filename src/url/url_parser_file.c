/* The basic URL parser's states for file: URLs. */
#include "url/url_parser.h"

/* https://url.spec.whatwg.org/#start-with-a-windows-drive-letter */
bool xhr__starts_with_windows_drive_letter(xhr__str s) {
  if (s.len < 2 || !xhr__is_windows_drive_letter(xhr__str_slice(s, 0, 2)))
    return false;
  return s.len == 2 || s.data[2] == '/' || s.data[2] == '\\' || s.data[2] == '?' ||
         s.data[2] == '#';
}

static bool base_is_file(const xhr__url_parser *p) {
  return p->base && p->base->scheme_type == XHR__SCHEME_FILE;
}

/* The input from the pointer on. */
static xhr__str from_pointer(const xhr__url_parser *p) {
  return xhr__str_from(p->input, (size_t)p->pointer);
}

/* Steps 1 to 2 of the file state: "file://". */
static xhr_status write_file(xhr__url_parser *p) {
  xhr_status status = xhr__url_write_scheme(p, XHR__STR("file"));
  return status == XHR_OK ? xhr__url_write_empty_host(p) : status;
}

/* File state, step 4: relative to a file: URL. */
static xhr_status relative_to_file(xhr__url_parser *p, int c) {
  bool path_follows = c != '?' && c != '#' && c != XHR__EOF;
  /* 4.1, and 4.4.1 where a path follows. */
  xhr_status status =
      xhr__url_take_from_base(p, path_follows || c == '?' ? XHR__TAKE_PATH : XHR__TAKE_QUERY);
  if (status != XHR_OK)
    return status;
  /* 4.2. */
  if (c == '?') {
    p->state = XHR__QUERY_STATE;
    return xhr__url_start_query(p);
  }
  /* 4.3. */
  if (c == '#') {
    p->state = XHR__FRAGMENT_STATE;
    return xhr__url_start_fragment(p);
  }
  if (!path_follows)
    return XHR_OK;
  /* 4.4.2. */
  if (!xhr__starts_with_windows_drive_letter(from_pointer(p)))
    xhr__url_shorten_path(p);
  else /* 4.4.3. */
    p->url.href.len = p->url.path_start;
  /* 4.4.4. */
  p->state = XHR__PATH_STATE;
  p->pointer--;
  return XHR_OK;
}

/* https://url.spec.whatwg.org/#file-state */
xhr_status xhr__url_file_state(xhr__url_parser *p) {
  int c = xhr__url_c(p);
  /* 1 to 2. */
  xhr_status status = write_file(p);
  if (status != XHR_OK)
    return status;
  if (c == '/' || c == '\\') {
    /* 3. */
    p->state = XHR__FILE_SLASH_STATE;
    return XHR_OK;
  }
  /* 4. */
  if (base_is_file(p))
    return relative_to_file(p, c);
  /* 5. */
  p->state = XHR__PATH_STATE;
  p->pointer--;
  return XHR_OK;
}

/* https://url.spec.whatwg.org/#file-slash-state */
xhr_status xhr__url_file_slash_state(xhr__url_parser *p) {
  int c = xhr__url_c(p);
  /* 1. */
  if (c == '/' || c == '\\') {
    p->state = XHR__FILE_HOST_STATE;
    return XHR_OK;
  }
  /* 2.1. */
  if (base_is_file(p)) {
    /* 2.1.1. */
    xhr_status status = xhr__url_take_from_base(p, XHR__TAKE_AUTHORITY);
    /* 2.1.2. The base URL's drive stays. */
    xhr__str path = xhr__url_path(p->base);
    bool has_drive = path.len >= 3 && path.data[2] == ':' &&
                     (path.len == 3 || path.data[3] == '/') &&
                     xhr__is_ascii_alpha((uint8_t)path.data[1]);
    if (status == XHR_OK && has_drive && !xhr__starts_with_windows_drive_letter(from_pointer(p)))
      status = xhr__bytes_append(&p->url.href, xhr__str_slice(path, 0, 3));
    if (status != XHR_OK)
      return status;
  }
  /* 2.2. */
  p->state = XHR__PATH_STATE;
  p->pointer--;
  return XHR_OK;
}

/* File host state, step 1.3: a host. "file://" is written already. */
static xhr_status set_file_host(xhr__url_parser *p, xhr__str buffer) {
  /* 1.3.1 to 1.3.2, 1.3.4. */
  xhr_status status = xhr__url_write_host(p, buffer);
  if (status != XHR_OK)
    return status;
  /* 1.3.3. */
  xhr__url *url = &p->url;
  xhr__str host = xhr__str_from(xhr__bytes_str(&url->href), url->host_start);
  if (xhr__str_equals(host, XHR__STR("localhost"))) {
    url->href.len = url->host_start;
    return xhr__url_write_empty_host(p);
  }
  return XHR_OK;
}

/* https://url.spec.whatwg.org/#file-host-state */
xhr_status xhr__url_file_host_state(xhr__url_parser *p) {
  xhr__url_open_buffer(p);
  /* 2. */
  int c = xhr__url_c(p);
  while (c != XHR__EOF && c != '/' && c != '\\' && c != '?' && c != '#') {
    p->pointer++;
    c = xhr__url_c(p);
  }
  /* 1. */
  xhr__str buffer = xhr__url_buffer(p);
  p->pointer--;
  /* 1.1. A drive, which stays in the buffer for the path. */
  if (!xhr__url_override_given(p) && xhr__is_windows_drive_letter(buffer)) {
    p->state = XHR__PATH_STATE;
    return XHR_OK;
  }
  /* 1.2 to 1.3. */
  xhr_status status = buffer.len == 0 ? xhr__url_write_empty_host(p) : set_file_host(p, buffer);
  xhr__url_clear_buffer(p);
  p->returned = xhr__url_override_given(p);
  p->state = XHR__PATH_START_STATE;
  return status;
}
