#include "runtime/package_data.h"

#include "encoding/decode.h"
#include "infra/base64.h"
#include "mime/mime_type.h"
#include "runtime/convert.h"

/* https://w3c.github.io/FileAPI/#blob-package-data, Text: which encoding. */
static xhr_status text_encoding(xhr__str mime_type, xhr__str encoding_name,
                                xhr__encoding *encoding) {
  xhr__mime_type type = {0};
  xhr__str charset;
  /* 1. - 2. */
  *encoding = xhr__encoding_get(encoding_name);
  /* 3. */
  if (*encoding == XHR__ENCODING_NONE) {
    xhr_status status = xhr__mime_type_parse(&type, mime_type);
    if (status == XHR_OUT_OF_MEMORY)
      return status;
    if (status == XHR_OK && xhr__mime_type_get_parameter(&type, XHR__STR("charset"), &charset))
      *encoding = xhr__encoding_get(charset);
    xhr__mime_type_free(&type);
  }
  /* 4. */
  if (*encoding == XHR__ENCODING_NONE)
    *encoding = XHR__ENCODING_UTF_8;
  return XHR_OK;
}

static xhr_status append_text(xhr__str bytes, xhr__str mime_type, xhr__str encoding_name,
                              xhr__bytes *out) {
  xhr__encoding encoding;
  xhr_status status = text_encoding(mime_type, encoding_name, &encoding);
  /* 5. */
  return status == XHR_OK ? xhr__decode(bytes, encoding, out) : status;
}

/* NOTE: without a type it is application/octet-stream, as web-platform-tests have it, not left out. */
static xhr_status append_data_url(xhr__str bytes, xhr__str type, xhr__bytes *out) {
  xhr_status status = xhr__bytes_append(out, XHR__STR("data:"));
  if (status == XHR_OK)
    status = xhr__bytes_append(out, type.len > 0 ? type : XHR__STR("application/octet-stream"));
  if (status == XHR_OK)
    status = xhr__bytes_append(out, XHR__STR(";base64,"));
  return status == XHR_OK ? xhr__base64_encode(bytes, out) : status;
}

JSValue xhr__package_data(xhr__realm *realm, xhr__str bytes, xhr__package_type type,
                          xhr__str mime_type, xhr__str encoding_name) {
  xhr__bytes text = {0};
  if (type == XHR__PACKAGE_BINARY_STRING)
    return xhr__from_byte_string(realm, bytes);
  xhr_status status = type == XHR__PACKAGE_TEXT
                          ? append_text(bytes, mime_type, encoding_name, &text)
                          : append_data_url(bytes, mime_type, &text);
  JSValue value = status == XHR_OK ? xhr__from_usv_string(realm, xhr__bytes_str(&text))
                                   : JS_ThrowOutOfMemory(realm->js);
  xhr__bytes_free(&text);
  return value;
}
