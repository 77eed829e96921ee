#include "fetch/header_values.h"

/* Takes the next element off a list's value (https://httpwg.org/specs/rfc9110.html#abnf.extension); empty ones are
 * passed over. False at the end. */
static bool take_element(xhr__str *rest, xhr__str *element) {
  while (rest->len > 0) {
    size_t comma = xhr__str_find(*rest, 0, ',');
    *element = xhr__str_trim_http_tab_or_space(xhr__str_slice(*rest, 0, comma));
    *rest = xhr__str_from(*rest, comma < rest->len ? comma + 1 : comma);
    if (element->len > 0)
      return true;
  }
  return false;
}

/* https://fetch.spec.whatwg.org/#extract-header-list-values */
xhr__extracted xhr__extract_tokens(const xhr__header_list *list, xhr__str name,
                                   xhr__tokens *tokens) {
  *tokens = (xhr__tokens){0};
  /* 1. */
  size_t at = xhr__header_list_find(list, 0, name);
  if (at == list->count)
    return XHR__EXTRACTED_NULL;
  /* 2. there may be several; 3. - 4. each of them */
  for (; at < list->count; at = xhr__header_list_find(list, at + 1, name)) {
    xhr__str rest = xhr__header_list_value(list, at), element;
    while (take_element(&rest, &element)) {
      if (!xhr__is_http_token(element))
        return XHR__EXTRACTED_FAILURE;
    }
  }
  /* 5. */
  *tokens = (xhr__tokens){list, name};
  return XHR__EXTRACTED_VALUES;
}

bool xhr__tokens_next(xhr__token_iterator *iterator, xhr__str *token) {
  const xhr__tokens *tokens = iterator->tokens;
  while (!take_element(&iterator->rest, token)) {
    if (!tokens->list)
      return false;
    size_t at = xhr__header_list_find(tokens->list, iterator->header, tokens->name);
    if (at == tokens->list->count)
      return false;
    iterator->rest = xhr__header_list_value(tokens->list, at);
    iterator->header = at + 1;
  }
  return true;
}

bool xhr__tokens_contain_name(const xhr__tokens *tokens, xhr__str name) {
  xhr__token_iterator iterator = {.tokens = tokens};
  xhr__str token;
  while (xhr__tokens_next(&iterator, &token)) {
    if (xhr__str_equals_ci(token, name))
      return true;
  }
  return false;
}

bool xhr__tokens_contain(const xhr__tokens *tokens, xhr__str wanted) {
  xhr__token_iterator iterator = {.tokens = tokens};
  xhr__str token;
  while (xhr__tokens_next(&iterator, &token)) {
    if (xhr__str_equals(token, wanted))
      return true;
  }
  return false;
}

xhr__extracted xhr__extract_delta_seconds(const xhr__header_list *list, xhr__str name,
                                          uint64_t *seconds) {
  /* 1. */
  size_t at = xhr__header_list_find(list, 0, name);
  if (at == list->count)
    return XHR__EXTRACTED_NULL;
  /* 2. a single one only */
  if (xhr__header_list_find(list, at + 1, name) < list->count)
    return XHR__EXTRACTED_FAILURE;
  /* 4. digits */
  xhr__str value = xhr__header_list_value(list, at);
  for (size_t i = 0; i < value.len; i++) {
    if (!xhr__is_ascii_digit(xhr__str_at(value, i)))
      return XHR__EXTRACTED_FAILURE;
  }
  if (value.len == 0)
    return XHR__EXTRACTED_FAILURE;
  if (!xhr__str_to_u64(value, seconds))
    *seconds = UINT64_MAX;
  return XHR__EXTRACTED_VALUES;
}
