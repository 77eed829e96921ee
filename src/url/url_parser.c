/* The basic URL parser: its frame, and how its states write the record. */
#include "url/url_parser.h"

#include "infra/utf8.h"

/* https://url.spec.whatwg.org/#concept-basic-url-parser, steps 1.3, 2 and 3. */

static bool is_tab_or_newline(char c) {
  return c == '\t' || c == '\n' || c == '\r';
}

/* Whether all bytes are printable ASCII or spaces: then there is nothing to remove but spaces at the ends. */
static bool is_clean(xhr__str s) {
  const uint64_t ones = UINT64_C(0x0101010101010101), highs = ones * 0x80;
  size_t i = 0;
  for (uint64_t word; s.len - i >= sizeof word; i += sizeof word) {
    memcpy(&word, s.data + i, sizeof word);
    /* A high bit of its own, or one borrowed by a byte below 0x20. */
    if ((word | (word - ones * 0x20)) & highs)
      return false;
  }
  for (; i < s.len; i++) {
    if (xhr__str_at(s, i) < 0x20 || xhr__str_at(s, i) >= 0x80)
      return false;
  }
  return true;
}

/* 1.3. Without C0 controls and spaces at both ends. */
static xhr__str trimmed(xhr__str s) {
  while (s.len > 0 && xhr__str_at(s, 0) <= ' ')
    s = xhr__str_from(s, 1);
  while (s.len > 0 && xhr__str_at(s, s.len - 1) <= ' ')
    s.len--;
  return s;
}

/* 3. Valid UTF-8 without tabs and newlines, in `storage`. */
static xhr_status clean(xhr__str s, xhr__bytes *storage) {
  xhr_status status = xhr__wtf8_append_scalar(storage, s);
  if (status != XHR_OK)
    return status;
  size_t len = 0;
  for (size_t i = 0; i < storage->len; i++) {
    if (!is_tab_or_newline(storage->data[i]))
      storage->data[len++] = storage->data[i];
  }
  storage->len = len;
  return XHR_OK;
}

xhr_status xhr__url_parser_init(xhr__url_parser *p, xhr__str input, bool trim,
                                xhr__bytes *storage) {
  xhr_status status = XHR_OK;
  /* 1.3. */
  if (trim)
    input = trimmed(input);
  /* 2 to 3. */
  if (!is_clean(input)) {
    status = clean(input, storage);
    input = xhr__bytes_str(storage);
  }
  /* 4 to 8. */
  *p = (xhr__url_parser){.input = input,
                         .url = {.port = XHR__PORT_NULL},
                         .state = XHR__SCHEME_START_STATE,
                         .state_override = XHR__NO_STATE};
  return status;
}

xhr_status xhr__url_parser_run(xhr__url_parser *p) {
  static xhr_status (*const states[])(xhr__url_parser *) = {
      [XHR__SCHEME_START_STATE] = xhr__url_scheme_start_state,
      [XHR__SCHEME_STATE] = xhr__url_scheme_state,
      [XHR__NO_SCHEME_STATE] = xhr__url_no_scheme_state,
      [XHR__SPECIAL_RELATIVE_OR_AUTHORITY_STATE] = xhr__url_special_relative_or_authority_state,
      [XHR__PATH_OR_AUTHORITY_STATE] = xhr__url_path_or_authority_state,
      [XHR__RELATIVE_STATE] = xhr__url_relative_state,
      [XHR__RELATIVE_SLASH_STATE] = xhr__url_relative_slash_state,
      [XHR__SPECIAL_AUTHORITY_SLASHES_STATE] = xhr__url_special_authority_slashes_state,
      [XHR__SPECIAL_AUTHORITY_IGNORE_SLASHES_STATE] =
          xhr__url_special_authority_ignore_slashes_state,
      [XHR__AUTHORITY_STATE] = xhr__url_authority_state,
      [XHR__HOST_STATE] = xhr__url_host_state,
      [XHR__HOSTNAME_STATE] = xhr__url_host_state,
      [XHR__PORT_STATE] = xhr__url_port_state,
      [XHR__FILE_STATE] = xhr__url_file_state,
      [XHR__FILE_SLASH_STATE] = xhr__url_file_slash_state,
      [XHR__FILE_HOST_STATE] = xhr__url_file_host_state,
      [XHR__PATH_START_STATE] = xhr__url_path_start_state,
      [XHR__PATH_STATE] = xhr__url_path_state,
      [XHR__OPAQUE_PATH_STATE] = xhr__url_opaque_path_state,
      [XHR__QUERY_STATE] = xhr__url_query_state,
      [XHR__FRAGMENT_STATE] = xhr__url_fragment_state,
  };
  /* 9. */
  for (;;) {
    xhr_status status = states[p->state](p);
    if (status != XHR_OK || p->returned || p->pointer >= (ptrdiff_t)p->input.len)
      return status;
    p->pointer++;
  }
}

/* Everything behind the scheme starts where the text ends now. */
static void start_path(xhr__url *url) {
  url->path_start = url->path_end = url->query_end = url->href.len;
}

static void start_authority(xhr__url *url) {
  url->username_end = url->host_start = url->host_end = url->href.len;
  start_path(url);
}

xhr_status xhr__url_write_scheme(xhr__url_parser *p, xhr__str scheme) {
  xhr__url *url = &p->url;
  url->href.len = 0;
  xhr_status status = xhr__bytes_append_lower(&url->href, scheme);
  if (status != XHR_OK)
    return status;
  url->scheme_end = url->href.len;
  url->scheme_type = (uint8_t)xhr__scheme_type_of(xhr__bytes_str(&url->href));
  status = xhr__bytes_append_byte(&url->href, ':');
  start_authority(url);
  return status;
}

xhr_status xhr__url_write_authority_start(xhr__url_parser *p) {
  xhr_status status = xhr__bytes_append(&p->url.href, XHR__STR("//"));
  p->url.host_kind = XHR__HOST_EMPTY;
  start_authority(&p->url);
  return status;
}

/* What stands at the end of the text from `start` on is the host. */
static void end_host(xhr__url_parser *p, size_t start, xhr__host_kind kind) {
  xhr__url *url = &p->url;
  url->host_start = start;
  url->host_end = url->href.len;
  url->host_kind = (uint8_t)kind;
  start_path(url);
  p->did_set_host = true;
}

xhr_status xhr__url_write_host(xhr__url_parser *p, xhr__str host) {
  size_t start = p->url.href.len;
  xhr__host_kind kind;
  xhr_status status = xhr__host_parse(host, !xhr__url_p_is_special(p), &p->url.href, &kind);
  if (status == XHR_OK)
    end_host(p, start, kind);
  return status;
}

xhr_status xhr__url_write_empty_host(xhr__url_parser *p) {
  xhr_status status = XHR_OK;
  if (p->url.host_kind == XHR__HOST_NULL)
    status = xhr__url_write_authority_start(p);
  end_host(p, p->url.href.len, XHR__HOST_EMPTY);
  return status;
}

xhr_status xhr__url_write_port(xhr__url_parser *p, int32_t port) {
  xhr__url *url = &p->url;
  url->port = port;
  p->did_set_port = true;
  if (port == XHR__PORT_NULL)
    return XHR_OK;
  xhr_status status = xhr__bytes_append_byte(&url->href, ':');
  if (status == XHR_OK)
    status = xhr__bytes_append_u64(&url->href, (uint64_t)port);
  start_path(url);
  return status;
}

xhr_status xhr__url_start_query(xhr__url_parser *p) {
  p->url.path_end = p->url.href.len;
  p->url.has_query = true;
  return xhr__bytes_append_byte(&p->url.href, '?');
}

xhr_status xhr__url_start_fragment(xhr__url_parser *p) {
  xhr__url *url = &p->url;
  url->query_end = url->href.len;
  if (!url->has_query)
    url->path_end = url->query_end;
  url->has_fragment = true;
  return xhr__bytes_append_byte(&url->href, '#');
}

xhr_status xhr__url_take_from_base(xhr__url_parser *p, xhr__url_taken what) {
  const xhr__url *base = p->base;
  xhr__url *url = &p->url;
  xhr__bytes text = url->href;
  *url = *base;
  url->href = text;
  url->blob_url_entry = NULL;
  url->has_query = url->has_fragment = false;
  /* The "/." before a path is the serializer's; it is put back at the end where it is needed. */
  size_t authority_end =
      base->host_kind == XHR__HOST_NULL ? base->scheme_end + 1 : base->path_start;
  xhr__bytes_clear(&url->href);
  xhr_status status =
      xhr__bytes_append(&url->href, xhr__str_slice(xhr__bytes_str(&base->href), 0, authority_end));
  start_path(url);
  if (status == XHR_OK && what != XHR__TAKE_AUTHORITY)
    status = xhr__bytes_append(&url->href, xhr__url_path(base));
  if (status == XHR_OK && what == XHR__TAKE_QUERY && base->has_query) {
    status = xhr__url_start_query(p);
    if (status == XHR_OK)
      status = xhr__bytes_append(&url->href, xhr__url_query(base));
  }
  return status;
}

void xhr__url_shorten_path(xhr__url_parser *p) {
  xhr__url *url = &p->url;
  /* 2. */
  xhr__str path = xhr__url_p_path(p);
  /* 3. A drive stays. */
  if (xhr__url_p_is_file(p) && path.len == 3 && path.data[2] == ':' &&
      xhr__is_ascii_alpha((uint8_t)path.data[1]))
    return;
  /* 4. */
  while (path.len > 0 && path.data[path.len - 1] != '/')
    path.len--;
  if (path.len > 0)
    url->href.len = url->path_start + path.len - 1;
}

/* Where the last components of a finished record end; and the serializer's "/.", step 3 of
 * https://url.spec.whatwg.org/#concept-url-serializer */
static xhr_status end_record(xhr__url *url) {
  if (!url->has_fragment)
    url->query_end = url->href.len;
  if (!url->has_query)
    url->path_end = url->query_end;
  if (!xhr__path_needs_dot((xhr__host_kind)url->host_kind, url->opaque_path, xhr__url_path(url)))
    return XHR_OK;
  xhr_status status = xhr__bytes_append(&url->href, XHR__STR("/."));
  if (status != XHR_OK)
    return status;
  char *at = url->href.data + url->path_start;
  memmove(at + 2, at, url->href.len - 2 - url->path_start);
  at[0] = '/';
  at[1] = '.';
  url->path_start += 2;
  url->path_end += 2;
  url->query_end += 2;
  return XHR_OK;
}

/* https://url.spec.whatwg.org/#concept-basic-url-parser */
static xhr_status basic_url_parse(xhr__str input, const xhr__url *base,
                                  const xhr__percent_encoding *encoding, xhr__url *out) {
  xhr__url_parser p;
  xhr__bytes storage = {0};
  /* 1 to 8. */
  xhr_status status = xhr__url_parser_init(&p, input, true, &storage);
  p.base = base;
  p.encoding = encoding;
  /* One block is enough where nothing has to be percent-encoded. */
  size_t base_len = base && base->href.len < SIZE_MAX / 4 ? base->href.len : 0;
  if (status == XHR_OK)
    status = xhr__bytes_reserve(&p.url.href, base_len + p.input.len + 4);
  /* 9. */
  if (status == XHR_OK)
    status = xhr__url_parser_run(&p);
  if (status == XHR_OK)
    status = end_record(&p.url);
  xhr__bytes_free(&storage);
  if (status != XHR_OK) {
    xhr__bytes_free(&p.url.href);
    *out = (xhr__url){.port = XHR__PORT_NULL};
    return status;
  }
  /* 10. */
  p.url.href.data[p.url.href.len] = '\0';
  *out = p.url;
  return XHR_OK;
}

/* https://url.spec.whatwg.org/#concept-url-parser */
xhr_status xhr__url_parse_with_encoding(xhr__str input, const xhr__url *base,
                                        const xhr__percent_encoding *encoding, xhr__url *out) {
  /* 1 to 2. */
  xhr_status status = basic_url_parse(input, base, encoding, out);
  if (status != XHR_OK)
    return status;
  /* 3 to 4. */
  const xhr__blob_url_store *store = xhr__url_blob_url_store();
  if (store && xhr__url_scheme_is(out, "blob"))
    out->blob_url_entry = store->resolve(out);
  /* 5. */
  return XHR_OK;
}

xhr_status xhr__url_parse(xhr__str input, const xhr__url *base, xhr__url *out) {
  return xhr__url_parse_with_encoding(input, base, NULL, out);
}

xhr_status xhr__url_can_parse(xhr__str input, const xhr__url *base) {
  xhr__url url;
  xhr_status status = basic_url_parse(input, base, NULL, &url);
  xhr__url_free(&url);
  return status;
}
