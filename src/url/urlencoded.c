#include "url/urlencoded.h"

#include "infra/utf8.h"

static void free_item(xhr__name_value *item) {
  xhr__bytes_free(&item->name);
  xhr__bytes_free(&item->value);
}

void xhr__name_values_free(xhr__name_values *list) {
  for (size_t i = 0; i < list->count; i++)
    free_item(&list->items[i]);
  xhr__free(list->items);
  *list = (xhr__name_values){0};
}

/* Moves `item` to the end of the list. */
static xhr_status append_item(xhr__name_values *list, xhr__name_value *item) {
  void *array = list->items;
  if (!xhr__grow(&array, &list->capacity, list->count + 1, sizeof list->items[0]))
    return XHR_OUT_OF_MEMORY;
  list->items = array;
  list->items[list->count++] = *item;
  *item = (xhr__name_value){0};
  return XHR_OK;
}

xhr_status xhr__name_values_append(xhr__name_values *list, xhr__str name, xhr__str value) {
  xhr__name_value item = {0};
  xhr_status status = xhr__bytes_append(&item.name, name);
  if (status == XHR_OK)
    status = xhr__bytes_append(&item.value, value);
  if (status == XHR_OK)
    status = append_item(list, &item);
  free_item(&item);
  return status;
}

/* Steps 3.4 to 3.5 of the parser, for a name or a value. */
static xhr_status decode(xhr__str bytes, xhr__bytes *out) {
  /* 3.4. A "+" is a space; only then percent-decode, so that "%2B" stays a plus. */
  xhr__bytes decoded = {0};
  xhr_status status = xhr__bytes_append(&decoded, bytes);
  for (size_t i = 0; i < decoded.len && status == XHR_OK; i++) {
    if (decoded.data[i] == '+')
      decoded.data[i] = ' ';
  }
  /* 3.5. */
  xhr__bytes percent_decoded = {0};
  if (status == XHR_OK)
    status = xhr__percent_decode(xhr__bytes_str(&decoded), &percent_decoded);
  if (status == XHR_OK)
    status = xhr__utf8_append_valid(out, xhr__bytes_str(&percent_decoded));
  xhr__bytes_free(&decoded);
  xhr__bytes_free(&percent_decoded);
  return status;
}

/* Steps 3.2 to 3.6 of the parser: one sequence. */
static xhr_status parse_sequence(xhr__str bytes, xhr__name_values *list) {
  /* 3.2 to 3.3. */
  size_t equals = xhr__str_find(bytes, 0, '=');
  xhr__str value = equals < bytes.len ? xhr__str_from(bytes, equals + 1) : XHR__STR_EMPTY;
  xhr__name_value item = {0};
  xhr_status status = decode(xhr__str_slice(bytes, 0, equals), &item.name);
  if (status == XHR_OK)
    status = decode(value, &item.value);
  /* 3.6. */
  if (status == XHR_OK)
    status = append_item(list, &item);
  free_item(&item);
  return status;
}

/* https://url.spec.whatwg.org/#concept-urlencoded-parser */
xhr_status xhr__urlencoded_parse(xhr__str input, xhr__name_values *list) {
  size_t before = list->count;
  xhr_status status = XHR_OK;
  /* 1, 3. */
  for (size_t start = 0; start < input.len && status == XHR_OK;) {
    size_t end = xhr__str_find(input, start, '&');
    /* 3.1. */
    if (end > start)
      status = parse_sequence(xhr__str_slice(input, start, end), list);
    start = end + 1;
  }
  while (status != XHR_OK && list->count > before)
    free_item(&list->items[--list->count]);
  return status;
}

/* https://url.spec.whatwg.org/#concept-urlencoded-serializer */
xhr_status xhr__urlencoded_serialize(const xhr__name_values *list,
                                     const xhr__percent_encoding *encoding, xhr__bytes *out) {
  const xhr__percent_encode_set set = XHR__URLENCODED_PERCENT_ENCODE_SET;
  size_t before = out->len;
  xhr_status status = XHR_OK;
  /* 3. */
  for (size_t i = 0; i < list->count && status == XHR_OK; i++) {
    /* 3.4. */
    if (i > 0)
      status = xhr__bytes_append_byte(out, '&');
    /* 3.2, 3.5. */
    if (status == XHR_OK)
      status = xhr__percent_encode_after_encoding(encoding, xhr__bytes_str(&list->items[i].name),
                                                  set, out);
    if (status == XHR_OK)
      status = xhr__bytes_append_byte(out, '=');
    /* 3.3, 3.5. */
    if (status == XHR_OK)
      status = xhr__percent_encode_after_encoding(encoding, xhr__bytes_str(&list->items[i].value),
                                                  set, out);
  }
  if (status != XHR_OK)
    out->len = before;
  return status;
}
