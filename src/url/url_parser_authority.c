/* The basic URL parser's states for username, password, host and port. */
#include "url/url_parser.h"

/* Authority state, step 1.4: the buffer, as username up to the first colon and as password behind it. */
static xhr_status write_credentials(xhr__url_parser *p, xhr__str buffer) {
  xhr__bytes *href = &p->url.href;
  xhr_status status = XHR_OK;
  if (!p->password_token_seen) {
    size_t colon = xhr__str_find(buffer, 0, ':');
    status = xhr__utf8_percent_encode(xhr__str_slice(buffer, 0, colon),
                                      XHR__USERINFO_PERCENT_ENCODE_SET, href);
    p->url.username_end = href->len;
    if (status != XHR_OK || colon == buffer.len)
      return status;
    /* 1.4.1. The token itself is not part of the password; the record has it between the two. */
    p->password_token_seen = true;
    status = xhr__bytes_append_byte(href, ':');
    buffer = xhr__str_from(buffer, colon + 1);
  }
  if (status == XHR_OK)
    status = xhr__utf8_percent_encode(buffer, XHR__USERINFO_PERCENT_ENCODE_SET, href);
  return status;
}

/* The end of username and password in the record: an empty password has no colon, and two empty ones no "@". */
static xhr_status end_credentials(xhr__url_parser *p) {
  xhr__url *url = &p->url;
  if (url->href.len == url->username_end + 1)
    url->href.len = url->username_end;
  if (url->href.len == url->scheme_end + 3)
    return XHR_OK;
  return xhr__bytes_append_byte(&url->href, '@');
}

/* Authority state, step 1, at an "@". */
static xhr_status at_sign(xhr__url_parser *p) {
  xhr_status status = XHR_OK;
  /* 1.2. An earlier "@" was not the last one, so it belongs to what is before. */
  if (p->at_sign_seen)
    status = xhr__bytes_append(&p->url.href, XHR__STR("%40"));
  /* 1.3 to 1.4. */
  p->at_sign_seen = true;
  if (status == XHR_OK)
    status = write_credentials(p, xhr__url_buffer(p));
  /* 1.5. */
  xhr__url_clear_buffer(p);
  return status;
}

/* https://url.spec.whatwg.org/#authority-state */
xhr_status xhr__url_authority_state(xhr__url_parser *p) {
  if (p->url.host_kind == XHR__HOST_NULL) {
    xhr_status status = xhr__url_write_authority_start(p);
    if (status != XHR_OK)
      return status;
  }
  xhr__url_open_buffer(p);
  /* 3. */
  int c = xhr__url_c(p);
  while (c != '@' && !xhr__url_c_ends_authority(p, c)) {
    p->pointer++;
    c = xhr__url_c(p);
  }
  /* 1. */
  if (c == '@')
    return at_sign(p);
  /* 2.1. Credentials for no host. */
  if (p->at_sign_seen && xhr__url_buffer(p).len == 0)
    return XHR_SYNTAX_ERR;
  /* 2.2. The buffer again, as host. */
  p->pointer = (ptrdiff_t)p->buffer_start - 1;
  xhr__url_clear_buffer(p);
  p->state = XHR__HOST_STATE;
  return p->at_sign_seen ? end_credentials(p) : XHR_OK;
}

/* Host state, step 2, at the colon before a port. */
static xhr_status host_before_port(xhr__url_parser *p) {
  xhr__str buffer = xhr__url_buffer(p);
  /* 2.1. */
  if (buffer.len == 0)
    return XHR_SYNTAX_ERR;
  /* 2.2. */
  if (p->state_override == XHR__HOSTNAME_STATE)
    return XHR_SYNTAX_ERR;
  /* 2.3 to 2.5. */
  xhr_status status = xhr__url_write_host(p, buffer);
  xhr__url_clear_buffer(p);
  p->state = XHR__PORT_STATE;
  return status;
}

/* Host state, step 3, at the end of the authority. */
static xhr_status host_at_end(xhr__url_parser *p) {
  xhr__str buffer = xhr__url_buffer(p);
  p->pointer--;
  /* 3.1. */
  if (xhr__url_p_is_special(p) && buffer.len == 0)
    return XHR_SYNTAX_ERR;
  /* 3.2. */
  if (xhr__url_override_given(p) && buffer.len == 0 &&
      (p->includes_credentials || p->url.port != XHR__PORT_NULL))
    return XHR_SYNTAX_ERR;
  /* 3.3 to 3.5. */
  xhr_status status = xhr__url_write_host(p, buffer);
  xhr__url_clear_buffer(p);
  p->state = XHR__PATH_START_STATE;
  /* 3.6. */
  p->returned = xhr__url_override_given(p);
  return status;
}

/* https://url.spec.whatwg.org/#host-state, and the hostname state, which differs in its override only. */
xhr_status xhr__url_host_state(xhr__url_parser *p) {
  /* 1. */
  if (xhr__url_override_given(p) && xhr__url_p_is_file(p)) {
    p->pointer--;
    p->state = XHR__FILE_HOST_STATE;
    return XHR_OK;
  }
  xhr__url_open_buffer(p);
  for (;; p->pointer++) {
    int c = xhr__url_c(p);
    /* 2. */
    if (c == ':' && !p->inside_brackets)
      return host_before_port(p);
    /* 3. */
    if (xhr__url_c_ends_authority(p, c))
      return host_at_end(p);
    /* 4. */
    if (c == '[')
      p->inside_brackets = true;
    if (c == ']')
      p->inside_brackets = false;
  }
}

/* Port state, step 2.1: the digits of the buffer. */
static xhr_status set_port(xhr__url_parser *p, xhr__str buffer) {
  /* 2.1.1. */
  uint32_t port = 0;
  for (size_t i = 0; i < buffer.len && port <= 65535; i++)
    port = port * 10 + (uint32_t)(buffer.data[i] - '0');
  /* 2.1.2. */
  if (port > 65535)
    return XHR_SYNTAX_ERR;
  /* 2.1.3. */
  bool is_default =
      (int32_t)port == xhr__scheme_type_default_port((xhr__scheme_type)p->url.scheme_type);
  xhr_status status = xhr__url_write_port(p, is_default ? XHR__PORT_NULL : (int32_t)port);
  /* 2.1.4. */
  xhr__url_clear_buffer(p);
  /* 2.1.5. */
  p->returned = xhr__url_override_given(p);
  return status;
}

/* https://url.spec.whatwg.org/#port-state */
xhr_status xhr__url_port_state(xhr__url_parser *p) {
  xhr__url_open_buffer(p);
  /* 1. */
  int c = xhr__url_c(p);
  while (c >= 0 && xhr__is_ascii_digit((uint8_t)c)) {
    p->pointer++;
    c = xhr__url_c(p);
  }
  /* 3. */
  if (!xhr__url_c_ends_authority(p, c) && !xhr__url_override_given(p))
    return XHR_SYNTAX_ERR;
  /* 2.1. */
  xhr__str buffer = xhr__url_buffer(p);
  if (buffer.len > 0) {
    xhr_status status = set_port(p, buffer);
    if (status != XHR_OK || p->returned)
      return status;
  }
  /* 2.2. */
  if (xhr__url_override_given(p))
    return XHR_SYNTAX_ERR;
  /* 2.3. */
  xhr__url_clear_buffer(p);
  p->state = XHR__PATH_START_STATE;
  p->pointer--;
  return XHR_OK;
}
