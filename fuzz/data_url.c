/* URLs that need no network: what a data: URL says, and what a Range header asks for. */
#include "fuzz.h"

#include "fetch/data_url.h"
#include "fetch/range.h"

/* The body is never longer than its URL, and the MIME type always serializes to one that parses. */
static void process_data_url(xhr__str input) {
  xhr__bytes text = {0}, type = {0};
  xhr__mime_type parsed = {0};
  xhr__data_url_struct data = {0};
  xhr__url url;
  HOLDS(xhr__bytes_append(&text, XHR__STR("data:")) == XHR_OK);
  HOLDS(xhr__bytes_append(&text, input) == XHR_OK);
  if (xhr__url_parse(xhr__bytes_str(&text), NULL, &url) == XHR_OK) {
    if (xhr__data_url_processor(&url, &data) == XHR_OK) {
      HOLDS(data.body.len <= xhr__url_href(&url, true).len);
      HOLDS(xhr__mime_type_serialize(&data.mime_type, &type) == XHR_OK);
      HOLDS(xhr__mime_type_parse(&parsed, xhr__bytes_str(&type)) == XHR_OK);
    }
    xhr__url_free(&url);
  }
  xhr__data_url_struct_free(&data);
  xhr__mime_type_free(&parsed);
  xhr__bytes_free(&type);
  xhr__bytes_free(&text);
}

/* What is read without whitespace is the same where it is allowed; a range that is there is one. */
static void parse_range(xhr__str input) {
  xhr__range strict, loose;
  bool is_loose = xhr__parse_single_range(input, true, &loose);
  if (is_loose) {
    HOLDS(loose.has_start || loose.has_end);
    HOLDS(!loose.has_start || !loose.has_end || loose.start <= loose.end);
  }
  if (xhr__parse_single_range(input, false, &strict)) {
    HOLDS(is_loose && strict.has_start == loose.has_start && strict.has_end == loose.has_end);
    HOLDS(strict.start == loose.start && strict.end == loose.end);
  }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  xhr__str input = fuzz_input(data, size);
  if (fuzz_take_byte(&input) % 2)
    parse_range(input);
  else
    process_data_url(input);
  return 0;
}
