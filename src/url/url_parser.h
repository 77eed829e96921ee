/* Private to src/url: the basic URL parser, whose states are in url_parser_*.c. */
#ifndef XHR__URL_URL_PARSER_H
#define XHR__URL_URL_PARSER_H

#include "url/url_internal.h"

typedef enum xhr__url_state {
  XHR__SCHEME_START_STATE,
  XHR__SCHEME_STATE,
  XHR__NO_SCHEME_STATE,
  XHR__SPECIAL_RELATIVE_OR_AUTHORITY_STATE,
  XHR__PATH_OR_AUTHORITY_STATE,
  XHR__RELATIVE_STATE,
  XHR__RELATIVE_SLASH_STATE,
  XHR__SPECIAL_AUTHORITY_SLASHES_STATE,
  XHR__SPECIAL_AUTHORITY_IGNORE_SLASHES_STATE,
  XHR__AUTHORITY_STATE,
  XHR__HOST_STATE,
  XHR__HOSTNAME_STATE,
  XHR__PORT_STATE,
  XHR__FILE_STATE,
  XHR__FILE_SLASH_STATE,
  XHR__FILE_HOST_STATE,
  XHR__PATH_START_STATE,
  XHR__PATH_STATE,
  XHR__OPAQUE_PATH_STATE,
  XHR__QUERY_STATE,
  XHR__FRAGMENT_STATE,
  XHR__NO_STATE /* as an override: not given */
} xhr__url_state;

/* The parser's variables. All code points that it looks for are ASCII, so that it walks over bytes; and because every
 * component is written once and in order, the record's text is the output buffer, and "buffer" is a piece of the input
 * (or, in the scheme states, the text itself).
 *
 * With a state override `url` has the given URL's scheme type, host kind, port and kind of path, and no text: the
 * setters (url_setters.c) take the parts that were written out of it. */
typedef struct xhr__url_parser {
  xhr__str input; /* valid UTF-8 without ASCII tabs and newlines */
  const xhr__url *base;
  const xhr__percent_encoding *encoding; /* NULL: UTF-8 */
  xhr__url url;
  xhr__url_state state;
  xhr__url_state state_override; /* or XHR__NO_STATE */
  ptrdiff_t pointer;
  size_t buffer_start; /* buffer: the input from here to the pointer, where it is open */
  bool buffer_open;
  bool at_sign_seen;
  bool inside_brackets;
  bool password_token_seen;
  bool returned; /* "return" under a state override */
  /* Of the given URL, under a state override. */
  bool includes_credentials;
  /* What a state override has set. */
  bool did_set_scheme;
  bool did_set_host;
  bool did_set_port;
} xhr__url_parser;

/* Prepares a parser over `input` (any bytes); `storage` owns a cleaned copy where one is needed, and must be freed
 * after the parser's use. XHR_OK or XHR_OUT_OF_MEMORY. */
xhr_status xhr__url_parser_init(xhr__url_parser *p, xhr__str input, bool trim, xhr__bytes *storage);
/* Runs the state machine from p->state. XHR_OK, XHR_SYNTAX_ERR or XHR_OUT_OF_MEMORY. */
xhr_status xhr__url_parser_run(xhr__url_parser *p);

#define XHR__EOF (-1)

/* "c": the byte at the pointer, or XHR__EOF. */
static inline int xhr__url_c(const xhr__url_parser *p) {
  return p->pointer < (ptrdiff_t)p->input.len ? (uint8_t)p->input.data[p->pointer] : XHR__EOF;
}
/* The byte behind c, or XHR__EOF. */
static inline int xhr__url_next_c(const xhr__url_parser *p) {
  return p->pointer + 1 < (ptrdiff_t)p->input.len ? (uint8_t)p->input.data[p->pointer + 1]
                                                  : XHR__EOF;
}
static inline bool xhr__url_override_given(const xhr__url_parser *p) {
  return p->state_override != XHR__NO_STATE;
}
static inline bool xhr__url_p_is_special(const xhr__url_parser *p) {
  return p->url.scheme_type != XHR__SCHEME_NOT_SPECIAL;
}
static inline bool xhr__url_p_is_file(const xhr__url_parser *p) {
  return p->url.scheme_type == XHR__SCHEME_FILE;
}
/* Whether c ends an authority: EOF, "/", "?", "#", or "\" in a special URL. */
static inline bool xhr__url_c_ends_authority(const xhr__url_parser *p, int c) {
  return c == XHR__EOF || c == '/' || c == '?' || c == '#' ||
         (c == '\\' && xhr__url_p_is_special(p));
}
/* Buffer, up to the pointer; "set buffer to the empty string". */
static inline xhr__str xhr__url_buffer(const xhr__url_parser *p) {
  return p->buffer_open ? xhr__str_slice(p->input, p->buffer_start, (size_t)p->pointer)
                        : XHR__STR_EMPTY;
}
static inline void xhr__url_open_buffer(xhr__url_parser *p) {
  if (!p->buffer_open) {
    p->buffer_start = (size_t)p->pointer;
    p->buffer_open = true;
  }
}
static inline void xhr__url_clear_buffer(xhr__url_parser *p) {
  p->buffer_open = false;
}

/* Writing the record, in the order of its components; in url_parser.c. Each component starts where the text ends. */
xhr_status xhr__url_write_scheme(xhr__url_parser *p, xhr__str scheme);
xhr_status xhr__url_write_authority_start(xhr__url_parser *p);
xhr_status xhr__url_write_host(xhr__url_parser *p, xhr__str host); /* runs the host parser */
xhr_status xhr__url_write_empty_host(xhr__url_parser *p);
xhr_status xhr__url_write_port(xhr__url_parser *p, int32_t port);
xhr_status xhr__url_start_query(xhr__url_parser *p);    /* "set url's query to the empty string" */
xhr_status xhr__url_start_fragment(xhr__url_parser *p); /* the same for its fragment */
/* Takes from the base URL, instead of all that is written: its scheme, username, password, host and port; then also its
 * path; then also its query. */
typedef enum xhr__url_taken { XHR__TAKE_AUTHORITY, XHR__TAKE_PATH, XHR__TAKE_QUERY } xhr__url_taken;
xhr_status xhr__url_take_from_base(xhr__url_parser *p, xhr__url_taken what);
/* https://url.spec.whatwg.org/#shorten-a-urls-path */
void xhr__url_shorten_path(xhr__url_parser *p);
/* The path so far. */
static inline xhr__str xhr__url_p_path(const xhr__url_parser *p) {
  return xhr__str_slice(xhr__bytes_str(&p->url.href), p->url.path_start, p->url.href.len);
}

/* https://url.spec.whatwg.org/#windows-drive-letter */
static inline bool xhr__is_windows_drive_letter(xhr__str s) {
  return s.len == 2 && xhr__is_ascii_alpha((uint8_t)s.data[0]) &&
         (s.data[1] == ':' || s.data[1] == '|');
}
/* https://url.spec.whatwg.org/#start-with-a-windows-drive-letter */
bool xhr__starts_with_windows_drive_letter(xhr__str s);

/* The states, each one run of the state machine, though over as many code points as do the same. */
xhr_status xhr__url_scheme_start_state(xhr__url_parser *p);
xhr_status xhr__url_scheme_state(xhr__url_parser *p);
xhr_status xhr__url_no_scheme_state(xhr__url_parser *p);
xhr_status xhr__url_special_relative_or_authority_state(xhr__url_parser *p);
xhr_status xhr__url_path_or_authority_state(xhr__url_parser *p);
xhr_status xhr__url_relative_state(xhr__url_parser *p);
xhr_status xhr__url_relative_slash_state(xhr__url_parser *p);
xhr_status xhr__url_special_authority_slashes_state(xhr__url_parser *p);
xhr_status xhr__url_special_authority_ignore_slashes_state(xhr__url_parser *p);
xhr_status xhr__url_authority_state(xhr__url_parser *p);
xhr_status xhr__url_host_state(xhr__url_parser *p);
xhr_status xhr__url_port_state(xhr__url_parser *p);
xhr_status xhr__url_file_state(xhr__url_parser *p);
xhr_status xhr__url_file_slash_state(xhr__url_parser *p);
xhr_status xhr__url_file_host_state(xhr__url_parser *p);
xhr_status xhr__url_path_start_state(xhr__url_parser *p);
xhr_status xhr__url_path_state(xhr__url_parser *p);
xhr_status xhr__url_opaque_path_state(xhr__url_parser *p);
xhr_status xhr__url_query_state(xhr__url_parser *p);
xhr_status xhr__url_fragment_state(xhr__url_parser *p);

#endif
