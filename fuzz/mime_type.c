/* MIME types: what parses must serialize to what parses to the same, from bytes and from UTF-8. */
#include "fuzz.h"

#include "mime/mime_type.h"

typedef xhr_status (*parser)(xhr__mime_type *, xhr__str);
typedef xhr_status (*serializer)(const xhr__mime_type *, xhr__bytes *);

static void round_trip(xhr__str input, parser parse, serializer serialize) {
  xhr__mime_type first = {0};
  xhr__mime_type second = {0};
  xhr__bytes one = {0};
  xhr__bytes two = {0};

  if (parse(&first, input) == XHR_OK) {
    HOLDS(serialize(&first, &one) == XHR_OK);
    HOLDS(parse(&second, xhr__bytes_str(&one)) == XHR_OK);
    HOLDS(serialize(&second, &two) == XHR_OK);
    HOLDS(xhr__str_equals(xhr__bytes_str(&one), xhr__bytes_str(&two)));
    HOLDS(first.parameter_count == second.parameter_count);
  }
  xhr__bytes_free(&one);
  xhr__bytes_free(&two);
  xhr__mime_type_free(&first);
  xhr__mime_type_free(&second);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  xhr__str input = fuzz_input(data, size);
  round_trip(input, xhr__mime_type_parse, xhr__mime_type_serialize);
  round_trip(input, xhr__mime_type_parse_utf8, xhr__mime_type_serialize_utf8);
  return 0;
}
