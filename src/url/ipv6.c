#include "url/host.h"

/* What the IPv6 parser knows while it runs. */
typedef struct parser {
  xhr__str input;
  size_t pointer;
  uint16_t *address;
  int piece_index;
  int compress; /* -1: null */
} parser;

/* "c": the code point at the pointer, or -1 for the EOF code point. Beyond ASCII every byte is as wrong as any. */
static int c_of(const parser *p) {
  return p->pointer < p->input.len ? xhr__str_at(p->input, p->pointer) : -1;
}

static bool is_digit(int c) {
  return c >= 0 && xhr__is_ascii_digit((uint8_t)c);
}

/* https://url.spec.whatwg.org/#concept-ipv6-parser, step 6.5.5.4: one decimal number up to 255. */
static bool parse_ipv4_piece(parser *p, unsigned *ipv4_piece) {
  /* 6.5.5.3. At least one digit. */
  if (!is_digit(c_of(p)))
    return false;
  *ipv4_piece = (unsigned)(c_of(p) - '0');
  p->pointer++;
  /* 6.5.5.4. No leading zero, no more than 255. */
  for (; is_digit(c_of(p)); p->pointer++) {
    if (*ipv4_piece == 0)
      return false;
    *ipv4_piece = *ipv4_piece * 10 + (unsigned)(c_of(p) - '0');
    if (*ipv4_piece > 255)
      return false;
  }
  return true;
}

/* Step 6.5: an IPv4 address at the end; the pointer is at its first dot, `length` digits behind its start. */
static bool parse_ipv4_in_ipv6(parser *p, size_t length) {
  /* 6.5.1. It starts with a digit. */
  if (length == 0)
    return false;
  /* 6.5.2. Back to its start. */
  p->pointer -= length;
  /* 6.5.3. It needs two pieces. */
  if (p->piece_index > 6)
    return false;
  /* 6.5.4 to 6.5.5. */
  int numbers_seen = 0;
  while (c_of(p) >= 0) {
    unsigned ipv4_piece;
    /* 6.5.5.1 to 6.5.5.2. A dot between them. */
    if (numbers_seen > 0) {
      if (c_of(p) != '.' || numbers_seen >= 4)
        return false;
      p->pointer++;
    }
    if (!parse_ipv4_piece(p, &ipv4_piece))
      return false;
    /* 6.5.5.5 to 6.5.5.7. Two to a piece. */
    p->address[p->piece_index] = (uint16_t)(p->address[p->piece_index] * 0x100 + ipv4_piece);
    numbers_seen++;
    if (numbers_seen == 2 || numbers_seen == 4)
      p->piece_index++;
  }
  /* 6.5.6. */
  return numbers_seen == 4;
}

/* Step 6 from 6.3 on: one piece, with the colon behind it; `last` where an IPv4 address ended the input. */
static bool parse_piece(parser *p, bool *last) {
  /* 6.3 to 6.4. Up to four hexadecimal digits. */
  unsigned value = 0;
  size_t length = 0;
  for (int c = c_of(p); length < 4 && c >= 0 && xhr__is_ascii_hex_digit((uint8_t)c); c = c_of(p)) {
    value = value * 0x10 + xhr__hex_value((uint8_t)c);
    p->pointer++;
    length++;
  }
  /* 6.5. */
  if (c_of(p) == '.') {
    *last = true;
    return parse_ipv4_in_ipv6(p, length);
  }
  /* 6.6. A colon, and something behind it; */
  if (c_of(p) == ':') {
    p->pointer++;
    if (c_of(p) < 0)
      return false;
  } else if (c_of(p) >= 0) {
    /* 6.7. nothing else. */
    return false;
  }
  /* 6.8 only reports. 6.9 to 6.10. */
  p->address[p->piece_index++] = (uint16_t)value;
  return true;
}

/* Steps 7 to 8: moves the pieces behind the compression to the end. */
static bool decompress(parser *p) {
  /* 8. Without one there must be eight. */
  if (p->compress < 0)
    return p->piece_index == 8;
  /* 7.1 to 7.3. */
  int swaps = p->piece_index - p->compress;
  for (int index = 7; index != 0 && swaps > 0; index--, swaps--) {
    uint16_t *other = &p->address[p->compress + swaps - 1];
    uint16_t piece = p->address[index];
    p->address[index] = *other;
    *other = piece;
  }
  return true;
}

/* https://url.spec.whatwg.org/#concept-ipv6-parser */
bool xhr__ipv6_parse(xhr__str input, uint16_t address[8]) {
  /* 1 to 4. */
  parser p = {input, 0, address, 0, -1};
  memset(address, 0, 8 * sizeof address[0]);
  /* 5. A leading colon must be two. */
  if (c_of(&p) == ':') {
    p.pointer++;
    if (c_of(&p) != ':')
      return false;
    p.pointer++;
    p.compress = ++p.piece_index;
  }
  /* 6. */
  bool last = false;
  while (!last && c_of(&p) >= 0) {
    /* 6.1. */
    if (p.piece_index == 8)
      return false;
    /* 6.2. One compression only. */
    if (c_of(&p) == ':') {
      if (p.compress >= 0)
        return false;
      p.pointer++;
      p.compress = ++p.piece_index;
      continue;
    }
    if (!parse_piece(&p, &last))
      return false;
  }
  /* 7 to 9. */
  return decompress(&p);
}

/* https://url.spec.whatwg.org/#find-the-ipv6-address-compressed-piece-index: -1 for null. */
static int find_compressed_piece_index(const uint16_t address[8]) {
  /* 1 to 4. */
  int longest_index = -1, longest_size = 1, found_index = -1, found_size = 0;
  /* 5. */
  for (int index = 0; index < 8; index++) {
    if (address[index] != 0) {
      /* 5.1. The end of a run of zeros. */
      if (found_size > longest_size) {
        longest_index = found_index;
        longest_size = found_size;
      }
      found_index = -1;
      found_size = 0;
    } else {
      /* 5.2. */
      if (found_index < 0)
        found_index = index;
      found_size++;
    }
  }
  /* 6 to 7. */
  return found_size > longest_size ? found_index : longest_index;
}

/* https://url.spec.whatwg.org/#concept-ipv6-serializer */
xhr_status xhr__ipv6_serialize(const uint16_t address[8], xhr__bytes *out) {
  static const char digits[] = "0123456789abcdef";
  char text[40];
  size_t len = 0;
  /* 1 to 3. */
  int compress = find_compressed_piece_index(address);
  bool ignore0 = false;
  /* 4. */
  for (int index = 0; index < 8; index++) {
    /* 4.1 to 4.2. Inside the compression. */
    if (ignore0 && address[index] == 0)
      continue;
    ignore0 = false;
    /* 4.3. Its start. */
    if (compress == index) {
      if (index == 0)
        text[len++] = ':';
      text[len++] = ':';
      ignore0 = true;
      continue;
    }
    /* 4.4. The shortest hexadecimal number. */
    int shift = 12;
    while (shift > 0 && address[index] >> shift == 0)
      shift -= 4;
    for (; shift >= 0; shift -= 4)
      text[len++] = digits[(address[index] >> shift) & 15];
    /* 4.5. */
    if (index != 7)
      text[len++] = ':';
  }
  /* 5. */
  return xhr__bytes_append(out, xhr__str_of(text, len));
}
