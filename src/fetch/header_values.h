/* https://fetch.spec.whatwg.org/#extract-header-list-values, for headers whose values are lists of tokens: header names
 * and methods. Nothing is allocated. */
#ifndef XHR__FETCH_HEADER_VALUES_H
#define XHR__FETCH_HEADER_VALUES_H

#include "fetch/header_list.h"

typedef enum xhr__extracted {
  XHR__EXTRACTED_NULL,    /* no such header */
  XHR__EXTRACTED_FAILURE, /* one that is no list of tokens */
  XHR__EXTRACTED_VALUES   /* a list, which may be empty */
} xhr__extracted;

/* A list of tokens, borrowed from a header list. Zero-initialised it is empty. */
typedef struct xhr__tokens {
  const xhr__header_list *list;
  xhr__str name;
} xhr__tokens;

/* `tokens` is a list where there is one, else empty. */
xhr__extracted xhr__extract_tokens(const xhr__header_list *list, xhr__str name,
                                   xhr__tokens *tokens);

/* One token after the other:
 *
 *   xhr__token_iterator iterator = {.tokens = &tokens};
 *   xhr__str token;
 *   while (xhr__tokens_next(&iterator, &token))
 *     ...
 */
typedef struct xhr__token_iterator {
  const xhr__tokens *tokens;
  size_t header; /* the next one to look for */
  xhr__str rest; /* of the present one's value */
} xhr__token_iterator;

bool xhr__tokens_next(xhr__token_iterator *iterator, xhr__str *token);
/* Whether the list has it; ASCII case-insensitively, as names compare, or to the byte, as methods do. */
bool xhr__tokens_contain_name(const xhr__tokens *tokens, xhr__str name);
bool xhr__tokens_contain(const xhr__tokens *tokens, xhr__str token);

/* The same for a header that is a number of seconds, once. A number past 64 bits gives UINT64_MAX. */
xhr__extracted xhr__extract_delta_seconds(const xhr__header_list *list, xhr__str name,
                                          uint64_t *seconds);

#endif
