/* The basic URL parser's states up to the authority: schemes, and what is relative to a base URL. */
#include "url/url_parser.h"

/* https://url.spec.whatwg.org/#scheme-start-state */
xhr_status xhr__url_scheme_start_state(xhr__url_parser *p) {
  int c = xhr__url_c(p);
  /* 1. The scheme's first letter. */
  if (c >= 0 && xhr__is_ascii_alpha((uint8_t)c)) {
    xhr__url_open_buffer(p);
    p->state = XHR__SCHEME_STATE;
    return XHR_OK;
  }
  /* 3. */
  if (xhr__url_override_given(p))
    return XHR_SYNTAX_ERR;
  /* 2. */
  p->state = XHR__NO_SCHEME_STATE;
  p->pointer--;
  return XHR_OK;
}

static bool is_scheme_code_point(int c) {
  return c >= 0 && (xhr__is_ascii_alnum((uint8_t)c) || c == '+' || c == '-' || c == '.');
}

/* Steps 2.1 to 2.3 with a state override; the buffer was written as the scheme. */
static xhr_status override_scheme(xhr__url_parser *p, xhr__scheme_type old_type) {
  const xhr__url *url = &p->url;
  xhr__scheme_type type = (xhr__scheme_type)url->scheme_type;
  p->returned = true;
  /* 2.1.1 to 2.1.2. Special stays special, and not special not. */
  if ((old_type == XHR__SCHEME_NOT_SPECIAL) != (type == XHR__SCHEME_NOT_SPECIAL))
    return XHR_OK;
  /* 2.1.3. A file has neither credentials nor port. */
  if ((p->includes_credentials || url->port != XHR__PORT_NULL) && type == XHR__SCHEME_FILE)
    return XHR_OK;
  /* 2.1.4. Only a file has an empty host. */
  if (old_type == XHR__SCHEME_FILE && url->host_kind == XHR__HOST_EMPTY)
    return XHR_OK;
  /* 2.2. */
  p->did_set_scheme = true;
  /* 2.3. */
  if (url->port == xhr__scheme_type_default_port(type))
    p->url.port = XHR__PORT_NULL;
  return XHR_OK;
}

/* Steps 2.5 to 2.9: where to go behind the colon. */
static void choose_state_behind_scheme(xhr__url_parser *p) {
  bool same_scheme_as_base =
      p->base && xhr__url_p_is_special(p) && p->base->scheme_type == p->url.scheme_type;
  if (xhr__url_p_is_file(p)) {
    /* 2.5. */
    p->state = XHR__FILE_STATE;
  } else if (same_scheme_as_base) {
    /* 2.6. */
    p->state = XHR__SPECIAL_RELATIVE_OR_AUTHORITY_STATE;
  } else if (xhr__url_p_is_special(p)) {
    /* 2.7. */
    p->state = XHR__SPECIAL_AUTHORITY_SLASHES_STATE;
  } else if (xhr__url_next_c(p) == '/') {
    /* 2.8. */
    p->state = XHR__PATH_OR_AUTHORITY_STATE;
    p->pointer++;
  } else {
    /* 2.9. */
    p->url.opaque_path = true;
    p->state = XHR__OPAQUE_PATH_STATE;
  }
}

/* https://url.spec.whatwg.org/#scheme-state */
xhr_status xhr__url_scheme_state(xhr__url_parser *p) {
  /* 1. */
  while (is_scheme_code_point(xhr__url_c(p)))
    p->pointer++;
  /* 2. */
  if (xhr__url_c(p) == ':') {
    xhr__scheme_type old_type = (xhr__scheme_type)p->url.scheme_type;
    xhr_status status = xhr__url_write_scheme(p, xhr__url_buffer(p));
    if (status != XHR_OK)
      return status;
    if (xhr__url_override_given(p))
      return override_scheme(p, old_type);
    /* 2.4. */
    xhr__url_clear_buffer(p);
    choose_state_behind_scheme(p);
    return XHR_OK;
  }
  /* 4. */
  if (xhr__url_override_given(p))
    return XHR_SYNTAX_ERR;
  /* 3. Start over. */
  xhr__url_clear_buffer(p);
  p->state = XHR__NO_SCHEME_STATE;
  p->pointer = -1;
  return XHR_OK;
}

/* https://url.spec.whatwg.org/#no-scheme-state */
xhr_status xhr__url_no_scheme_state(xhr__url_parser *p) {
  int c = xhr__url_c(p);
  /* 1. */
  if (!p->base || (p->base->opaque_path && c != '#'))
    return XHR_SYNTAX_ERR;
  /* 2. */
  if (p->base->opaque_path) {
    xhr_status status = xhr__url_take_from_base(p, XHR__TAKE_QUERY);
    p->state = XHR__FRAGMENT_STATE;
    return status == XHR_OK ? xhr__url_start_fragment(p) : status;
  }
  /* 3 to 4. */
  p->state = p->base->scheme_type == XHR__SCHEME_FILE ? XHR__FILE_STATE : XHR__RELATIVE_STATE;
  p->pointer--;
  return XHR_OK;
}

/* https://url.spec.whatwg.org/#special-relative-or-authority-state */
xhr_status xhr__url_special_relative_or_authority_state(xhr__url_parser *p) {
  if (xhr__url_c(p) == '/' && xhr__url_next_c(p) == '/') {
    /* 1. */
    p->state = XHR__SPECIAL_AUTHORITY_IGNORE_SLASHES_STATE;
    p->pointer++;
  } else {
    /* 2. */
    p->state = XHR__RELATIVE_STATE;
    p->pointer--;
  }
  return XHR_OK;
}

/* https://url.spec.whatwg.org/#path-or-authority-state */
xhr_status xhr__url_path_or_authority_state(xhr__url_parser *p) {
  if (xhr__url_c(p) == '/') {
    /* 1. */
    p->state = XHR__AUTHORITY_STATE;
  } else {
    /* 2. */
    p->state = XHR__PATH_STATE;
    p->pointer--;
  }
  return XHR_OK;
}

/* https://url.spec.whatwg.org/#relative-state */
xhr_status xhr__url_relative_state(xhr__url_parser *p) {
  int c = xhr__url_c(p);
  /* 2. */
  p->url.scheme_type = p->base->scheme_type;
  /* 3 to 4. */
  if (c == '/' || (c == '\\' && xhr__url_p_is_special(p))) {
    p->state = XHR__RELATIVE_SLASH_STATE;
    return XHR_OK;
  }
  /* 5.1. All of the base URL up to its query; 5.4.1. but for the query where a path follows. */
  bool path_follows = c != '?' && c != '#' && c != XHR__EOF;
  xhr_status status =
      xhr__url_take_from_base(p, path_follows || c == '?' ? XHR__TAKE_PATH : XHR__TAKE_QUERY);
  if (status != XHR_OK)
    return status;
  if (c == '?') {
    /* 5.2. */
    p->state = XHR__QUERY_STATE;
    return xhr__url_start_query(p);
  }
  if (c == '#') {
    /* 5.3. */
    p->state = XHR__FRAGMENT_STATE;
    return xhr__url_start_fragment(p);
  }
  if (path_follows) {
    /* 5.4.2 to 5.4.3. */
    xhr__url_shorten_path(p);
    p->state = XHR__PATH_STATE;
    p->pointer--;
  }
  return XHR_OK;
}

/* https://url.spec.whatwg.org/#relative-slash-state */
xhr_status xhr__url_relative_slash_state(xhr__url_parser *p) {
  int c = xhr__url_c(p);
  /* 1. */
  if (xhr__url_p_is_special(p) && (c == '/' || c == '\\')) {
    p->state = XHR__SPECIAL_AUTHORITY_IGNORE_SLASHES_STATE;
    return xhr__url_write_scheme(p, xhr__url_scheme(p->base));
  }
  /* 2. */
  if (c == '/') {
    p->state = XHR__AUTHORITY_STATE;
    return xhr__url_write_scheme(p, xhr__url_scheme(p->base));
  }
  /* 3. */
  p->state = XHR__PATH_STATE;
  p->pointer--;
  return xhr__url_take_from_base(p, XHR__TAKE_AUTHORITY);
}

/* https://url.spec.whatwg.org/#special-authority-slashes-state */
xhr_status xhr__url_special_authority_slashes_state(xhr__url_parser *p) {
  p->state = XHR__SPECIAL_AUTHORITY_IGNORE_SLASHES_STATE;
  /* 1 to 2. */
  if (xhr__url_c(p) == '/' && xhr__url_next_c(p) == '/')
    p->pointer++;
  else
    p->pointer--;
  return XHR_OK;
}

/* https://url.spec.whatwg.org/#special-authority-ignore-slashes-state */
xhr_status xhr__url_special_authority_ignore_slashes_state(xhr__url_parser *p) {
  /* 2. */
  while (xhr__url_c(p) == '/' || xhr__url_c(p) == '\\')
    p->pointer++;
  /* 1. */
  p->state = XHR__AUTHORITY_STATE;
  p->pointer--;
  return XHR_OK;
}
