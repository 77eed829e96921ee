/* Encoders: whatever the text, what they write must be bytes that decode without an error, to the same text where
 * nothing was folded or unencodable. Input: encoding, text. */
#include "fuzz.h"

#include "encoding/decoder.h"
#include "encoding/encoder.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  xhr__str input = fuzz_input(data, size);
  xhr__encoding encoding = (xhr__encoding)(1 + fuzz_take_byte(&input) % (XHR__ENCODING_COUNT - 1));
  xhr__bytes whole = {0};
  xhr__bytes parts = {0};
  xhr__bytes text = {0};
  xhr__encoder encoder;

  if (xhr__encoder_init(&encoder, encoding) != XHR_OK) {
    HOLDS(xhr__encode(input, encoding, &whole) == XHR_INVALID_ARGUMENT);
    return 0;
  }
  HOLDS(xhr__encode(input, encoding, &whole) == XHR_OK);

  /* The same by hand, as the URL Standard does. */
  size_t position = 0;
  uint32_t code_point = 0;
  while (code_point != XHR__ENCODED_ALL) {
    size_t before = position;
    HOLDS(xhr__encode_or_fail(&encoder, input, &position, &parts, &code_point) == XHR_OK);
    if (code_point == XHR__ENCODED_ALL)
      break;
    HOLDS(position > before && position <= input.len);
    HOLDS(xhr__bytes_append(&parts, XHR__STR("&#")) == XHR_OK);
    HOLDS(xhr__bytes_append_u64(&parts, code_point) == XHR_OK);
    HOLDS(xhr__bytes_append_byte(&parts, ';') == XHR_OK);
  }
  HOLDS(position == input.len);
  HOLDS(xhr__str_equals(xhr__bytes_str(&whole), xhr__bytes_str(&parts)));

  xhr__decoder decoder;
  xhr__decoder_init(&decoder, encoding, XHR__BOM_KEEP, true);
  HOLDS(xhr__decoder_feed(&decoder, xhr__bytes_str(&whole), &text) == XHR_OK);
  HOLDS(xhr__decoder_finish(&decoder, &text) == XHR_OK);
  xhr__bytes_free(&whole);
  xhr__bytes_free(&parts);
  xhr__bytes_free(&text);
  return 0;
}
