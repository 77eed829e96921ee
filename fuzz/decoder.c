/* Decoders: bytes cut anywhere must give the same text as the whole, and that text must be UTF-8. Input: encoding, BOM
 * handling, where to cut, bytes. */
#include "fuzz.h"

#include "encoding/decode.h"
#include "encoding/decoder.h"
#include "infra/utf8.h"

/* Appends the text; true unless it failed. */
static bool decode(xhr__str bytes, size_t piece, xhr__encoding encoding, xhr__bom bom, bool fatal,
                   xhr__bytes *text) {
  xhr__decoder decoder;
  xhr__decoder_init(&decoder, encoding, bom, fatal);
  while (bytes.len > 0) {
    size_t len = piece < bytes.len ? piece : bytes.len;
    xhr_status status = xhr__decoder_feed(&decoder, xhr__str_slice(bytes, 0, len), text);
    HOLDS(status == XHR_OK || (fatal && status == XHR_ENCODING_ERR));
    if (status != XHR_OK)
      return false;
    HOLDS(xhr__utf8_is_valid(xhr__bytes_str(text)));
    bytes = xhr__str_from(bytes, len);
  }
  xhr_status status = xhr__decoder_finish(&decoder, text);
  HOLDS(status == XHR_OK || (fatal && status == XHR_ENCODING_ERR));
  return status == XHR_OK;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  xhr__str input = fuzz_input(data, size);
  xhr__encoding encoding = (xhr__encoding)(1 + fuzz_take_byte(&input) % (XHR__ENCODING_COUNT - 1));
  uint8_t how = fuzz_take_byte(&input);
  size_t piece = 1 + fuzz_take_byte(&input) % 8;
  xhr__bom bom = (xhr__bom)(how % 3);
  bool fatal = (how & 0x80) != 0;
  xhr__bytes whole = {0};
  xhr__bytes pieces = {0};

  bool good = decode(input, SIZE_MAX, encoding, bom, fatal, &whole);
  HOLDS(decode(input, piece, encoding, bom, fatal, &pieces) == good);
  HOLDS(xhr__str_equals(xhr__bytes_str(&whole), xhr__bytes_str(&pieces)));
  HOLDS(xhr__utf8_is_valid(xhr__bytes_str(&whole)));
  xhr__bytes_free(&whole);
  xhr__bytes_free(&pieces);
  return 0;
}
