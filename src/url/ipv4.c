#include "url/host.h"

/* Saturates here: every number from 2^32 on is out of range in the same way. */
#define TOO_BIG (UINT64_C(1) << 32)

/* https://url.spec.whatwg.org/#ipv4-number-parser: false on failure. */
static bool ipv4_number_parse(xhr__str input, uint64_t *output) {
  unsigned radix = 10;
  /* 1. Empty is failure. */
  if (input.len == 0)
    return false;
  /* 2 and the validation errors below are not reported. 3 to 4. "0x" says hexadecimal, */
  if (input.len >= 2 && input.data[0] == '0' && (input.data[1] | 0x20) == 'x') {
    input = xhr__str_from(input, 2);
    radix = 16;
  } else if (input.len >= 2 && input.data[0] == '0') {
    /* 5. a leading zero octal. */
    input = xhr__str_from(input, 1);
    radix = 8;
  }
  /* 6. Nothing behind the prefix is 0. 7 to 9. Digits of the radix only. */
  *output = 0;
  for (size_t i = 0; i < input.len; i++) {
    uint8_t c = xhr__str_at(input, i);
    if (!xhr__is_ascii_hex_digit(c) || xhr__hex_value(c) >= radix)
      return false;
    *output = *output * radix + xhr__hex_value(c);
    if (*output > TOO_BIG)
      *output = TOO_BIG;
  }
  return true;
}

/* https://url.spec.whatwg.org/#ends-in-a-number-checker */
bool xhr__ends_in_a_number(xhr__str input) {
  uint64_t number;
  /* 2 to 3. One dot at the end does not count. */
  if (input.len > 0 && input.data[input.len - 1] == '.')
    input.len--;
  /* 4. The last part. */
  size_t start = input.len;
  while (start > 0 && input.data[start - 1] != '.')
    start--;
  xhr__str last = xhr__str_from(input, start);
  /* Every number starts with a digit: most names are done here. */
  if (last.len == 0 || !xhr__is_ascii_digit(xhr__str_at(last, 0)))
    return false;
  /* 5. Digits only. */
  size_t i = 0;
  while (i < last.len && xhr__is_ascii_digit(xhr__str_at(last, i)))
    i++;
  /* 6 to 7. Or an IPv4 number. */
  return i == last.len || ipv4_number_parse(last, &number);
}

/* https://url.spec.whatwg.org/#concept-ipv4-parser */
bool xhr__ipv4_parse(xhr__str input, uint32_t *address) {
  uint64_t numbers[4];
  size_t count = 0;
  /* 2. An empty last part is dropped where it is not the only one. */
  if (input.len > 1 && input.data[input.len - 1] == '.')
    input.len--;
  /* 1, 5 to 6. Each part is a number. */
  for (size_t start = 0; start <= input.len; count++) {
    size_t end = xhr__str_find(input, start, '.');
    /* 3 to 4. Four at most. */
    if (count == 4 || !ipv4_number_parse(xhr__str_slice(input, start, end), &numbers[count]))
      return false;
    start = end + 1;
  }
  /* 7 to 8. All but the last fit into a byte; */
  for (size_t i = 0; i + 1 < count; i++) {
    if (numbers[i] > 255)
      return false;
  }
  /* 9. the last into what is left. */
  if (numbers[count - 1] >= UINT64_C(1) << (8 * (5 - count)))
    return false;
  /* 10 to 14. */
  uint64_t ipv4 = numbers[count - 1];
  for (size_t counter = 0; counter + 1 < count; counter++)
    ipv4 += numbers[counter] << (8 * (3 - counter));
  *address = (uint32_t)ipv4;
  return true;
}

/* https://url.spec.whatwg.org/#concept-ipv4-serializer */
xhr_status xhr__ipv4_serialize(uint32_t address, xhr__bytes *out) {
  size_t before = out->len;
  xhr_status status = XHR_OK;
  for (int i = 0; i < 4 && status == XHR_OK; i++) {
    if (i > 0)
      status = xhr__bytes_append_byte(out, '.');
    if (status == XHR_OK)
      status = xhr__bytes_append_u64(out, (address >> (24 - 8 * i)) & 255);
  }
  if (status != XHR_OK)
    out->len = before;
  return status;
}
