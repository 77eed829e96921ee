#include "file/multipart.h"

#include "infra/random.h"

/* 24 characters of 6 bits each. */
enum { RANDOM_CHARACTERS = 24 };

/* https://html.spec.whatwg.org/#multipart/form-data-boundary-string */
xhr_status xhr__multipart_boundary(xhr__bytes *out) {
  /* Letters and digits only, which every server takes; two of them twice, as 64 divides 256. */
  static const char characters[] =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789AB";
  uint8_t random[RANDOM_CHARACTERS];
  char boundary[RANDOM_CHARACTERS];
  xhr_status status = xhr__random_bytes(random, sizeof random);
  if (status != XHR_OK)
    return status;
  for (size_t i = 0; i < sizeof random; i++)
    boundary[i] = characters[random[i] % 64];
  status = xhr__bytes_append(out, XHR__STR("----libxhrFormBoundary"));
  if (status == XHR_OK)
    status = xhr__bytes_append(out, xhr__str_of(boundary, sizeof boundary));
  return status;
}

/* Appends `text` with CR, LF and CR LF as CR LF. */
static xhr_status normalize_newlines(xhr__bytes *out, xhr__str text) {
  xhr_status status = XHR_OK;
  size_t start = 0;
  for (size_t i = 0; status == XHR_OK && i < text.len; i++) {
    char byte = text.data[i];
    if (byte != '\r' && byte != '\n')
      continue;
    status = xhr__bytes_append(out, xhr__str_slice(text, start, i));
    if (status == XHR_OK)
      status = xhr__bytes_append(out, XHR__STR("\r\n"));
    if (byte == '\r' && i + 1 < text.len && text.data[i + 1] == '\n')
      i++;
    start = i + 1;
  }
  return status == XHR_OK ? xhr__bytes_append(out, xhr__str_from(text, start)) : status;
}

/* Appends a name as it stands between quotes: LF, CR and the quote itself percent-encoded. */
static xhr_status append_escaped(xhr__bytes *out, xhr__str name) {
  xhr_status status = XHR_OK;
  for (size_t i = 0; status == XHR_OK && i < name.len; i++) {
    switch (name.data[i]) {
      case '\n': status = xhr__bytes_append(out, XHR__STR("%0A")); break;
      case '\r': status = xhr__bytes_append(out, XHR__STR("%0D")); break;
      case '"': status = xhr__bytes_append(out, XHR__STR("%22")); break;
      default: status = xhr__bytes_append_byte(out, name.data[i]); break;
    }
  }
  return status;
}

/* Appends the strings one behind the other. */
static xhr_status append_all(xhr__bytes *out, const xhr__str *strings, size_t count) {
  xhr_status status = XHR_OK;
  for (size_t i = 0; status == XHR_OK && i < count; i++)
    status = xhr__bytes_append(out, strings[i]);
  return status;
}

/* What stands behind a File's name: its own name and type, up to its bytes. */
static xhr_status append_file_head(xhr__bytes *out, const xhr__file *file) {
  xhr_status status = xhr__bytes_append(out, XHR__STR("; filename=\""));
  if (status == XHR_OK)
    status = append_escaped(out, xhr__bytes_str(&file->name));
  if (status != XHR_OK)
    return status;
  /* NOTE: a File of no type is application/octet-stream, as browsers and RFC 7578, section 4.4, have it. */
  xhr__str type = xhr__bytes_str(&file->blob.type);
  const xhr__str rest[] = {
      XHR__STR("\"\r\nContent-Type: "),
      type.len > 0 ? type : XHR__STR("application/octet-stream"),
      XHR__STR("\r\n\r\n"),
  };
  return append_all(out, rest, sizeof rest / sizeof *rest);
}

/* Appends a part up to a File's bytes, or up to its end. */
static xhr_status append_part(xhr__bytes *out, xhr__str boundary, const xhr__form_entry *entry) {
  xhr__bytes name = {0};
  const xhr__str head[] = {
      XHR__STR("--"),
      boundary,
      XHR__STR("\r\nContent-Disposition: form-data; name=\""),
  };
  xhr_status status = append_all(out, head, sizeof head / sizeof *head);
  /* 1.1. */
  if (status == XHR_OK)
    status = normalize_newlines(&name, xhr__bytes_str(&entry->name));
  /* 2. escaping of names; what is no File has no Content-Type */
  if (status == XHR_OK)
    status = append_escaped(out, xhr__bytes_str(&name));
  if (status == XHR_OK)
    status = xhr__bytes_append_byte(out, '"');
  if (status == XHR_OK && entry->file) {
    status = append_file_head(out, entry->file);
  } else if (status == XHR_OK) {
    status = xhr__bytes_append(out, XHR__STR("\r\n\r\n"));
    /* 1.2. */
    if (status == XHR_OK)
      status = normalize_newlines(out, xhr__bytes_str(&entry->value));
    if (status == XHR_OK)
      status = xhr__bytes_append(out, XHR__STR("\r\n"));
  }
  xhr__bytes_free(&name);
  return status;
}

/* https://html.spec.whatwg.org/#multipart/form-data-encoding-algorithm */
xhr_status xhr__multipart_encode(const xhr_form_data *form, xhr__str boundary,
                                 xhr__segments **segments) {
  xhr__segment_builder builder = {0};
  xhr__bytes text = {0};
  xhr_status status = XHR_OK;
  /* 1. - 2. */
  for (size_t i = 0; status == XHR_OK && i < form->count; i++) {
    const xhr__form_entry *entry = &form->entries[i];
    xhr__bytes_clear(&text);
    status = append_part(&text, boundary, entry);
    if (status == XHR_OK)
      status = xhr__segment_builder_append_bytes(&builder, xhr__bytes_str(&text));
    if (status == XHR_OK && entry->file) {
      status = xhr__segment_builder_append(&builder, entry->file->blob.segments);
      if (status == XHR_OK)
        status = xhr__segment_builder_append_bytes(&builder, XHR__STR("\r\n"));
    }
  }
  const xhr__str end[] = {XHR__STR("--"), boundary, XHR__STR("--\r\n")};
  xhr__bytes_clear(&text);
  if (status == XHR_OK)
    status = append_all(&text, end, sizeof end / sizeof *end);
  if (status == XHR_OK)
    status = xhr__segment_builder_append_bytes(&builder, xhr__bytes_str(&text));
  if (status == XHR_OK)
    status = xhr__segment_builder_finish(&builder, segments);
  xhr__segment_builder_free(&builder);
  xhr__bytes_free(&text);
  return status;
}
