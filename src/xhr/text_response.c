#include "xhr/xml_encoding.h"
#include "xhr/xmlhttprequest.h"

void xhr__text_response_reset(xhr__text_response *text) {
  xhr__bytes_free(&text->text);
  *text = (xhr__text_response){0};
}

/* Steps 2 to 4: starts the decoder where the encoding can be told. */
static xhr_status start(xhr *request) {
  xhr__encoding charset;
  bool known = true, is_xml;
  /* 2. */
  xhr_status status = xhr__get_final_encoding(request, &charset, &is_xml);
  /* 3. an XML resource says its encoding itself, which may not be told yet */
  if (status == XHR_OK && request->response_type == XHR_RESPONSE_TYPE_EMPTY &&
      charset == XHR__ENCODING_NONE && is_xml) {
    known = xhr__xml_encoding(xhr__received_bytes(request), request->state == XHR_DONE, &charset);
  }
  if (status != XHR_OK || !known)
    return status;
  /* 4. */
  if (charset == XHR__ENCODING_NONE)
    charset = XHR__ENCODING_UTF_8;
  xhr__decoder_init(&request->text.decoder, charset, XHR__BOM_SNIFF, false);
  request->text.started = true;
  return XHR_OK;
}

/* Step 5, for the bytes that are new; what is incomplete at their end is held back until more come, or DONE. */
static xhr_status decode_new_bytes(xhr *request) {
  xhr__text_response *text = &request->text;
  xhr__str received = xhr__received_bytes(request);
  xhr_status status = XHR_OK;
  if (received.len > text->read)
    status = xhr__decoder_feed(&text->decoder, xhr__str_from(received, text->read), &text->text);
  text->read = received.len;
  if (status == XHR_OK && request->state == XHR_DONE && !text->finished) {
    status = xhr__decoder_finish(&text->decoder, &text->text);
    text->finished = true;
  }
  return status;
}

xhr_status xhr__get_text_response(xhr *request, xhr_string *text) {
  /* 1. a network error's body is null too */
  if (!request->response || !request->response->body) {
    *text = xhr_str("");
    return XHR_OK;
  }
  xhr_status status = request->text.started ? XHR_OK : start(request);
  if (status == XHR_OK && request->text.started)
    status = decode_new_bytes(request);
  if (status != XHR_OK) {
    /* Half of it is of no use: the next call begins again. */
    xhr__text_response_reset(&request->text);
    return status;
  }
  *text = xhr__lent(xhr__bytes_str(&request->text.text));
  return XHR_OK;
}
