/* The URL class's setters: https://url.spec.whatwg.org/#url-class */
#include "infra/utf8.h"
#include "url/url_parser.h"

/* Basic URL parse with `url` as url and a state override. What the parser wrote is in p->url; `storage` and p->url.href
 * are the caller's to free. XHR_SYNTAX_ERR is failure, which the setters ignore. */
static xhr_status parse_with_override(xhr__url_parser *p, const xhr__url *url, xhr__str value,
                                      xhr__url_state state, xhr__bytes *storage) {
  xhr_status status = xhr__url_parser_init(p, value, false, storage);
  p->state = p->state_override = state;
  p->url.scheme_type = url->scheme_type;
  p->url.host_kind = url->host_kind;
  p->url.port = url->port;
  p->url.opaque_path = url->opaque_path;
  p->includes_credentials = xhr__url_includes_credentials(url);
  return status == XHR_OK ? xhr__url_parser_run(p) : status;
}

static void end_override(xhr__url_parser *p, xhr__bytes *storage) {
  xhr__bytes_free(&p->url.href);
  xhr__bytes_free(storage);
}

static xhr_status ignore_failure(xhr_status status) {
  return status == XHR_SYNTAX_ERR ? XHR_OK : status;
}

/* href */
xhr_status xhr__url_set_href(xhr__url *url, xhr__str value) {
  xhr__url parsed;
  /* 1 to 2. */
  xhr_status status = xhr__url_parse(value, NULL, &parsed);
  if (status != XHR_OK)
    return status;
  /* 3. 4 to 6. The query object is a binding's. */
  xhr__url_free(url);
  *url = parsed;
  return XHR_OK;
}

/* protocol */
xhr_status xhr__url_set_protocol(xhr__url *url, xhr__str value) {
  xhr__url_parser p = {0};
  xhr__bytes storage = {0}, text = {0};
  xhr_status status = xhr__bytes_append(&text, value);
  if (status == XHR_OK)
    status = xhr__bytes_append_byte(&text, ':');
  if (status == XHR_OK)
    status = parse_with_override(&p, url, xhr__bytes_str(&text), XHR__SCHEME_START_STATE, &storage);
  if (status == XHR_OK && p.did_set_scheme) {
    xhr__url_parts parts;
    xhr__url_get_parts(url, &parts);
    parts.scheme = xhr__str_slice(xhr__bytes_str(&p.url.href), 0, p.url.scheme_end);
    parts.port = p.url.port;
    status = xhr__url_replace(url, &parts);
  }
  end_override(&p, &storage);
  xhr__bytes_free(&text);
  return ignore_failure(status);
}

/* The percent-encoding of a username or password, in `out`. A value that is no UTF-8 is made so. */
static xhr_status encode_userinfo(xhr__str value, xhr__bytes *out) {
  if (xhr__utf8_is_valid(value))
    return xhr__utf8_percent_encode(value, XHR__USERINFO_PERCENT_ENCODE_SET, out);
  xhr__bytes scalar = {0};
  xhr_status status = xhr__wtf8_append_scalar(&scalar, value);
  if (status == XHR_OK)
    status =
        xhr__utf8_percent_encode(xhr__bytes_str(&scalar), XHR__USERINFO_PERCENT_ENCODE_SET, out);
  xhr__bytes_free(&scalar);
  return status;
}

/* https://url.spec.whatwg.org/#set-the-username and https://url.spec.whatwg.org/#set-the-password */
static xhr_status set_userinfo(xhr__url *url, xhr__str value, bool password) {
  xhr__url_parts parts;
  xhr__bytes encoded = {0};
  xhr_status status = encode_userinfo(value, &encoded);
  xhr__url_get_parts(url, &parts);
  if (password)
    parts.password = xhr__bytes_str(&encoded);
  else
    parts.username = xhr__bytes_str(&encoded);
  if (status == XHR_OK)
    status = xhr__url_replace(url, &parts);
  xhr__bytes_free(&encoded);
  return status;
}

xhr_status xhr__url_set_the_username(xhr__url *url, xhr__str username) {
  return set_userinfo(url, username, false);
}

xhr_status xhr__url_set_the_password(xhr__url *url, xhr__str password) {
  return set_userinfo(url, password, true);
}

/* username */
xhr_status xhr__url_set_username(xhr__url *url, xhr__str value) {
  /* 1. */
  if (xhr__url_cannot_have_a_username_password_port(url))
    return XHR_OK;
  /* 2. */
  return xhr__url_set_the_username(url, value);
}

/* password */
xhr_status xhr__url_set_password(xhr__url *url, xhr__str value) {
  /* 1. */
  if (xhr__url_cannot_have_a_username_password_port(url))
    return XHR_OK;
  /* 2. */
  return xhr__url_set_the_password(url, value);
}

/* Host, and the port where there was one, as far as the parser came: a failure behind the host leaves the host set. */
static xhr_status set_host_from(xhr__url *url, xhr__str value, xhr__url_state state) {
  xhr__url_parser p;
  xhr__bytes storage = {0};
  /* 1. */
  if (url->opaque_path)
    return XHR_OK;
  /* 2. */
  xhr_status status = ignore_failure(parse_with_override(&p, url, value, state, &storage));
  if (status == XHR_OK && (p.did_set_host || p.did_set_port)) {
    xhr__url_parts parts;
    xhr__url_get_parts(url, &parts);
    if (p.did_set_host) {
      parts.host_kind = (xhr__host_kind)p.url.host_kind;
      parts.host = xhr__str_slice(xhr__bytes_str(&p.url.href), p.url.host_start, p.url.host_end);
    }
    if (p.did_set_port)
      parts.port = p.url.port;
    status = xhr__url_replace(url, &parts);
  }
  end_override(&p, &storage);
  return status;
}

/* host */
xhr_status xhr__url_set_host(xhr__url *url, xhr__str value) {
  return set_host_from(url, value, XHR__HOST_STATE);
}

/* hostname */
xhr_status xhr__url_set_hostname(xhr__url *url, xhr__str value) {
  return set_host_from(url, value, XHR__HOSTNAME_STATE);
}

/* port */
xhr_status xhr__url_set_port(xhr__url *url, xhr__str value) {
  /* 1. */
  if (xhr__url_cannot_have_a_username_password_port(url))
    return XHR_OK;
  /* 3. */
  if (value.len > 0)
    return set_host_from(url, value, XHR__PORT_STATE);
  /* 2. */
  xhr__url_parts parts;
  xhr__url_get_parts(url, &parts);
  parts.port = XHR__PORT_NULL;
  return xhr__url_replace(url, &parts);
}

/* pathname */
xhr_status xhr__url_set_pathname(xhr__url *url, xhr__str value) {
  xhr__url_parser p;
  xhr__bytes storage = {0};
  /* 1. */
  if (url->opaque_path)
    return XHR_OK;
  /* 2 to 3. */
  xhr_status status = parse_with_override(&p, url, value, XHR__PATH_START_STATE, &storage);
  if (status == XHR_OK) {
    xhr__url_parts parts;
    xhr__url_get_parts(url, &parts);
    parts.path = xhr__bytes_str(&p.url.href);
    status = xhr__url_replace(url, &parts);
  }
  end_override(&p, &storage);
  return status;
}

/* search and hash: a null component for the empty string, else what `state` makes of the value behind its `mark`. */
static xhr_status set_from_mark(xhr__url *url, xhr__str value, char mark, xhr__url_state state) {
  xhr__url_parser p = {0};
  xhr__bytes storage = {0};
  xhr_status status = XHR_OK;
  bool is_null = value.len == 0;
  /* 3 (search), 2 (hash). */
  if (!is_null && value.data[0] == mark)
    value = xhr__str_from(value, 1);
  /* 4 to 5 (search), 3 to 4 (hash). */
  if (!is_null)
    status = parse_with_override(&p, url, value, state, &storage);
  if (status == XHR_OK) {
    xhr__url_parts parts;
    xhr__url_get_parts(url, &parts);
    *(mark == '?' ? &parts.has_query : &parts.has_fragment) = !is_null;
    *(mark == '?' ? &parts.query : &parts.fragment) = xhr__bytes_str(&p.url.href);
    status = xhr__url_replace(url, &parts);
  }
  end_override(&p, &storage);
  return status;
}

/* search */
xhr_status xhr__url_set_search(xhr__url *url, xhr__str value) {
  return set_from_mark(url, value, '?', XHR__QUERY_STATE);
}

/* hash */
xhr_status xhr__url_set_hash(xhr__url *url, xhr__str value) {
  return set_from_mark(url, value, '#', XHR__FRAGMENT_STATE);
}

void xhr__url_remove_fragment(xhr__url *url) {
  if (!url->has_fragment)
    return;
  url->has_fragment = false;
  url->href.len = url->query_end;
  url->href.data[url->href.len] = '\0';
}

xhr_status xhr__url_set_fragment(xhr__url *url, xhr__str fragment) {
  xhr__url_parts parts;
  xhr__url_get_parts(url, &parts);
  parts.has_fragment = true;
  parts.fragment = fragment;
  return xhr__url_replace(url, &parts);
}
