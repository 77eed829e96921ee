/* What is read out of headers: values split, combined, lengths, MIME types. Input: values, NUL between them. */
#include "fuzz.h"

#include "fetch/extract_length.h"
#include "fetch/extract_mime_type.h"
#include "fetch/get_decode_split.h"

#define MAX_VALUES 16

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  xhr__str input = fuzz_input(data, size);
  xhr__str values[MAX_VALUES];
  size_t count = 0;
  xhr__bytes storage = {0};
  xhr__str combined;
  xhr__mime_type mime_type = {0};
  bool has_length = false;
  uint64_t length = 0;

  while (input.len > 0 && count < MAX_VALUES) {
    values[count++] = fuzz_take_string(&input);
  }
  xhr_status status = xhr__extract_length(values, count, &has_length, &length);
  HOLDS(status == XHR_OK || status == XHR_SYNTAX_ERR);
  status = xhr__extract_mime_type(values, count, &mime_type);
  HOLDS(status == XHR_OK || status == XHR_SYNTAX_ERR);
  status = xhr__combine_values(values, count, &storage, &combined);
  HOLDS(status == (count > 0 ? XHR_OK : XHR_NOT_FOUND));
  if (status == XHR_OK) {
    xhr__value_splitter splitter = xhr__value_splitter_of(combined);
    xhr__str value;
    size_t total = 0;
    size_t split = 0;
    while (xhr__value_splitter_next(&splitter, &value)) {
      HOLDS(value.len == 0 || (value.data >= combined.data &&
                               value.data + value.len <= combined.data + combined.len));
      total += value.len;
      split++;
    }
    HOLDS(split > 0);
    HOLDS(total <= combined.len);
  }
  xhr__bytes_free(&storage);
  xhr__mime_type_free(&mime_type);
  return 0;
}
