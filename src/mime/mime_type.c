#include "mime/mime_type.h"

#include "mime/http_quoted_string.h"

static void parameter_free(xhr__mime_parameter *parameter) {
  xhr__bytes_free(&parameter->name);
  xhr__bytes_free(&parameter->value);
}

void xhr__mime_type_free(xhr__mime_type *mime_type) {
  for (size_t i = 0; i < mime_type->parameter_count; i++)
    parameter_free(&mime_type->parameters[i]);
  xhr__free(mime_type->parameters);
  xhr__bytes_free(&mime_type->essence);
  *mime_type = (xhr__mime_type){0};
}

void xhr__mime_type_move(xhr__mime_type *to, xhr__mime_type *from) {
  xhr__mime_type_free(to);
  *to = *from;
  *from = (xhr__mime_type){0};
}

xhr__str xhr__mime_type_essence(const xhr__mime_type *mime_type) {
  return xhr__bytes_str(&mime_type->essence);
}

xhr__str xhr__mime_type_type(const xhr__mime_type *mime_type) {
  return xhr__str_slice(xhr__mime_type_essence(mime_type), 0, mime_type->type_len);
}

xhr__str xhr__mime_type_subtype(const xhr__mime_type *mime_type) {
  xhr__str essence = xhr__mime_type_essence(mime_type);
  /* Only a zeroed record has no slash. */
  return xhr__str_from(essence, essence.len ? mime_type->type_len + 1 : 0);
}

bool xhr__mime_type_essence_is(const xhr__mime_type *mime_type, xhr__str essence) {
  return xhr__str_equals(xhr__mime_type_essence(mime_type), essence);
}

static xhr__mime_parameter *find_parameter(const xhr__mime_type *mime_type, xhr__str name) {
  for (size_t i = 0; i < mime_type->parameter_count; i++) {
    if (xhr__str_equals(xhr__bytes_str(&mime_type->parameters[i].name), name))
      return &mime_type->parameters[i];
  }
  return NULL;
}

bool xhr__mime_type_get_parameter(const xhr__mime_type *mime_type, xhr__str name, xhr__str *value) {
  const xhr__mime_parameter *found = find_parameter(mime_type, name);
  if (found)
    *value = xhr__bytes_str(&found->value);
  return found != NULL;
}

xhr_status xhr__mime_type_set_parameter(xhr__mime_type *mime_type, xhr__str name, xhr__str value) {
  xhr__mime_parameter *found = find_parameter(mime_type, name);
  if (found)
    return xhr__bytes_assign(&found->value, value);

  xhr__mime_parameter fresh = {0};
  void *array = mime_type->parameters;
  xhr_status status = xhr__bytes_append(&fresh.name, name);
  if (status == XHR_OK)
    status = xhr__bytes_append(&fresh.value, value);
  if (status == XHR_OK && !xhr__grow(&array, &mime_type->parameter_capacity,
                                     mime_type->parameter_count + 1, sizeof fresh))
    status = XHR_OUT_OF_MEMORY;
  if (status != XHR_OK) {
    parameter_free(&fresh);
    return status;
  }
  mime_type->parameters = array;
  mime_type->parameters[mime_type->parameter_count++] = fresh;
  return XHR_OK;
}

xhr_status xhr__mime_type_copy(xhr__mime_type *to, const xhr__mime_type *from) {
  xhr__mime_type copy = {.type_len = from->type_len};
  xhr_status status = xhr__bytes_append(&copy.essence, xhr__mime_type_essence(from));
  for (size_t i = 0; i < from->parameter_count && status == XHR_OK; i++) {
    const xhr__mime_parameter *parameter = &from->parameters[i];
    status = xhr__mime_type_set_parameter(&copy, xhr__bytes_str(&parameter->name),
                                          xhr__bytes_str(&parameter->value));
  }
  if (status == XHR_OK)
    xhr__mime_type_move(to, &copy);
  xhr__mime_type_free(&copy);
  return status;
}

/* https://mimesniff.spec.whatwg.org/#http-quoted-string-token-code-point */
static bool is_quoted_string_token(xhr__str s) {
  for (size_t i = 0; i < s.len; i++) {
    uint8_t c = xhr__str_at(s, i);
    if (c != '\t' && (c < 0x20 || c == 0x7F))
      return false;
  }
  return true;
}

static xhr__str trim_end_http_whitespace(xhr__str s) {
  while (s.len > 0 && xhr__is_http_whitespace(xhr__str_at(s, s.len - 1)))
    s.len--;
  return s;
}

/* "Collect a sequence of code points" that are neither of two; both may be the same. */
static xhr__str collect_until(xhr__str input, size_t *position, char stop, char other) {
  size_t start = *position;
  while (*position < input.len && input.data[*position] != stop && input.data[*position] != other)
    ++*position;
  return xhr__str_slice(input, start, *position);
}

/* Steps 1 to 10 of parsing: type and subtype; `*position` is left on what follows. */
static xhr_status parse_essence(xhr__mime_type *mime_type, xhr__str input, size_t *position) {
  /* 3. type */
  xhr__str type = collect_until(input, position, '/', '/');
  /* 4. not empty, all tokens; 5. a slash must follow */
  if (!xhr__is_http_token(type) || *position == input.len)
    return XHR_SYNTAX_ERR;
  /* 6. past the slash; 7. - 8. subtype */
  ++*position;
  xhr__str subtype = trim_end_http_whitespace(collect_until(input, position, ';', ';'));
  /* 9. not empty, all tokens */
  if (!xhr__is_http_token(subtype))
    return XHR_SYNTAX_ERR;
  /* 10. a record, in lower case */
  mime_type->type_len = type.len;
  xhr_status status = xhr__bytes_append_lower(&mime_type->essence, type);
  if (status == XHR_OK)
    status = xhr__bytes_append_byte(&mime_type->essence, '/');
  if (status == XHR_OK)
    status = xhr__bytes_append_lower(&mime_type->essence, subtype);
  return status;
}

/* Step 11 of parsing, once: a parameter, from its semicolon on. `name` and `value` are empty buffers to work in. */
static xhr_status parse_parameter(xhr__mime_type *mime_type, xhr__str input, size_t *position,
                                  xhr__bytes *name, xhr__bytes *value) {
  /* 11.1. past the semicolon; 11.2. past white space */
  ++*position;
  while (*position < input.len && xhr__is_http_whitespace(xhr__str_at(input, *position)))
    ++*position;
  /* 11.3. - 11.4. the name, in lower case */
  xhr_status status = xhr__bytes_append_lower(name, collect_until(input, position, ';', '='));
  if (status != XHR_OK)
    return status;
  /* 11.5. - 11.6. without a value it is skipped */
  if (*position == input.len || input.data[*position] == ';')
    return XHR_OK;
  ++*position;
  if (*position == input.len)
    return XHR_OK;
  /* 11.7. the value */
  if (input.data[*position] == '"') {
    /* 11.8. quoted; what follows up to the next semicolon is dropped */
    status = xhr__extract_http_quoted_string(input, position, value);
    collect_until(input, position, ';', ';');
  } else {
    /* 11.9. plain; an empty one is skipped */
    xhr__str plain = trim_end_http_whitespace(collect_until(input, position, ';', ';'));
    if (plain.len == 0)
      return XHR_OK;
    status = xhr__bytes_append(value, plain);
  }
  /* 11.10. set, if both are well-formed and it is the first of its name */
  if (status == XHR_OK && xhr__is_http_token(xhr__bytes_str(name)) &&
      is_quoted_string_token(xhr__bytes_str(value)) &&
      !find_parameter(mime_type, xhr__bytes_str(name)))
    status = xhr__mime_type_set_parameter(mime_type, xhr__bytes_str(name), xhr__bytes_str(value));
  return status;
}

/* https://mimesniff.spec.whatwg.org/#parse-a-mime-type, of an isomorphic string */
xhr_status xhr__mime_type_parse(xhr__mime_type *mime_type, xhr__str input) {
  xhr__mime_type fresh = {0};
  xhr__bytes name = {0}, value = {0};
  /* 1. trim; 2. position */
  input = xhr__str_trim_http_whitespace(input);
  size_t position = 0;
  /* 3. - 10. */
  xhr_status status = parse_essence(&fresh, input, &position);
  /* 11. parameters */
  while (status == XHR_OK && position < input.len) {
    xhr__bytes_clear(&name);
    xhr__bytes_clear(&value);
    status = parse_parameter(&fresh, input, &position, &name, &value);
  }
  /* 12. */
  if (status == XHR_OK)
    xhr__mime_type_move(mime_type, &fresh);
  xhr__mime_type_free(&fresh);
  xhr__bytes_free(&name);
  xhr__bytes_free(&value);
  return status;
}

/* UTF-8 to isomorphic bytes. What does not fit a byte becomes DEL: that one is allowed nowhere in a MIME type and ends
 * nothing, just as the code point itself. */
static xhr_status isomorphic_from_utf8(xhr__str utf8, xhr__bytes *out) {
  xhr_status status = xhr__bytes_reserve(out, utf8.len);
  for (size_t i = 0; i < utf8.len && status == XHR_OK; i++) {
    uint8_t c = xhr__str_at(utf8, i);
    uint8_t next = i + 1 < utf8.len ? xhr__str_at(utf8, i + 1) : 0;
    if (c < 0x80) {
      status = xhr__bytes_append_byte(out, (char)c);
    } else if ((c == 0xC2 || c == 0xC3) && (next & 0xC0) == 0x80) {
      status = xhr__bytes_append_byte(out, (char)((c & 3) << 6 | (next & 0x3F)));
      i++;
    } else {
      status = xhr__bytes_append_byte(out, 0x7F);
      while (i + 1 < utf8.len && (xhr__str_at(utf8, i + 1) & 0xC0) == 0x80)
        i++;
    }
  }
  return status;
}

xhr_status xhr__mime_type_parse_utf8(xhr__mime_type *mime_type, xhr__str input) {
  xhr__bytes bytes = {0};
  xhr_status status = isomorphic_from_utf8(input, &bytes);
  if (status == XHR_OK)
    status = xhr__mime_type_parse(mime_type, xhr__bytes_str(&bytes));
  xhr__bytes_free(&bytes);
  return status;
}

/* Takes off again what was appended before a failure. */
static void cut_back(xhr__bytes *bytes, size_t len) {
  bytes->len = len;
  if (bytes->data)
    bytes->data[len] = '\0';
}

/* Step 2.4 of serializing: a value, quoted where it must be. */
static xhr_status serialize_value(xhr__str value, xhr__bytes *out) {
  if (xhr__is_http_token(value))
    return xhr__bytes_append(out, value);
  /* 2.4.1. escape; 2.4.2. - 2.4.3. quote */
  xhr_status status = xhr__bytes_append_byte(out, '"');
  for (size_t i = 0; i < value.len && status == XHR_OK; i++) {
    if (value.data[i] == '"' || value.data[i] == '\\')
      status = xhr__bytes_append_byte(out, '\\');
    if (status == XHR_OK)
      status = xhr__bytes_append_byte(out, value.data[i]);
  }
  return status == XHR_OK ? xhr__bytes_append_byte(out, '"') : status;
}

/* https://mimesniff.spec.whatwg.org/#serialize-a-mime-type */
xhr_status xhr__mime_type_serialize(const xhr__mime_type *mime_type, xhr__bytes *out) {
  size_t before = out->len;
  /* 1. the essence */
  xhr_status status = xhr__bytes_append(out, xhr__mime_type_essence(mime_type));
  /* 2. each parameter */
  for (size_t i = 0; i < mime_type->parameter_count && status == XHR_OK; i++) {
    /* 2.1. - 2.3. ;name= */
    status = xhr__bytes_append_byte(out, ';');
    if (status == XHR_OK)
      status = xhr__bytes_append(out, xhr__bytes_str(&mime_type->parameters[i].name));
    if (status == XHR_OK)
      status = xhr__bytes_append_byte(out, '=');
    /* 2.4. - 2.5. the value */
    if (status == XHR_OK)
      status = serialize_value(xhr__bytes_str(&mime_type->parameters[i].value), out);
  }
  /* 3. */
  if (status != XHR_OK)
    cut_back(out, before);
  return status;
}

xhr_status xhr__mime_type_serialize_utf8(const xhr__mime_type *mime_type, xhr__bytes *out) {
  size_t before = out->len;
  xhr__bytes bytes = {0};
  xhr_status status = xhr__mime_type_serialize(mime_type, &bytes);
  for (size_t i = 0; i < bytes.len && status == XHR_OK; i++)
    status = xhr__bytes_append_code_point(out, (uint8_t)bytes.data[i]);
  if (status != XHR_OK)
    cut_back(out, before);
  xhr__bytes_free(&bytes);
  return status;
}
