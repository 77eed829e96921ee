/* https://html.spec.whatwg.org/#value-sanitization-algorithm */
#include <lexbor/core/conv.h>
#include <math.h>
#include <string.h>

#include "dom/form_control.h"

/* ---- text ------------------------------------------------------------------------------------------------------- */

/* https://infra.spec.whatwg.org/#strip-newlines */
static void strip_newlines(xhr__bytes *value) {
  size_t to = 0;
  for (size_t i = 0; i < value->len; i++) {
    if (value->data[i] != '\n' && value->data[i] != '\r')
      value->data[to++] = value->data[i];
  }
  value->len = to;
}

/* Makes it that part of itself. */
static void cut(xhr__bytes *value, xhr__str part) {
  if (part.len > 0)
    memmove(value->data, part.data, part.len);
  value->len = part.len;
}

static void strip_whitespace(xhr__bytes *value) {
  cut(value, xhr__str_trim_ascii_whitespace(xhr__bytes_str(value)));
}

/* https://html.spec.whatwg.org/#email-state-(type=email), with multiple: each address without whitespace around it. */
static void strip_addresses(xhr__bytes *value) {
  size_t to = 0, start = 0;
  for (size_t i = 0; i <= value->len; i++) {
    if (i < value->len && value->data[i] != ',')
      continue;
    xhr__str address =
        xhr__str_trim_ascii_whitespace(xhr__str_slice(xhr__bytes_str(value), start, i));
    if (address.len > 0)
      memmove(value->data + to, address.data, address.len);
    to += address.len;
    if (i < value->len)
      value->data[to++] = ',';
    start = i + 1;
  }
  value->len = to;
}

/* ---- dates and times -------------------------------------------------------------------------------------------- */

/* Exactly that many digits, or with `more` at least: their number. */
static bool read_digits(xhr__str s, size_t *position, size_t count, bool more, uint64_t *number) {
  size_t start = *position, end = start;
  while (end < s.len && xhr__is_ascii_digit(xhr__str_at(s, end)) && (more || end - start < count))
    end++;
  if (end - start < count || !xhr__str_to_u64(xhr__str_slice(s, start, end), number))
    return false;
  *position = end;
  return true;
}

static bool read_char(xhr__str s, size_t *position, char c) {
  if (*position >= s.len || s.data[*position] != c)
    return false;
  ++*position;
  return true;
}

static bool is_leap(uint64_t year) {
  return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static uint64_t days_in_month(uint64_t year, uint64_t month) {
  static const uint8_t days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  return month == 2 && is_leap(year) ? 29 : days[month - 1];
}

/* https://html.spec.whatwg.org/#parse-a-month-component */
static bool read_month(xhr__str s, size_t *position, uint64_t *year, uint64_t *month) {
  return read_digits(s, position, 4, true, year) && *year > 0 && read_char(s, position, '-') &&
         read_digits(s, position, 2, false, month) && *month >= 1 && *month <= 12;
}

/* https://html.spec.whatwg.org/#parse-a-date-component */
static bool read_date(xhr__str s, size_t *position) {
  uint64_t year, month, day;
  return read_month(s, position, &year, &month) && read_char(s, position, '-') &&
         read_digits(s, position, 2, false, &day) && day >= 1 && day <= days_in_month(year, month);
}

/* https://html.spec.whatwg.org/#week-number-of-the-last-day: 53 where the year begins on a Thursday, or is a leap year that begins on a
 * Wednesday. */
static uint64_t weeks_in_year(uint64_t year) {
  uint64_t before = year - 1;
  uint64_t first =
      (before % 7 + (before / 4) % 7 + (before / 400) % 7 + 7 - (before / 100) % 7 + 1) % 7;
  return first == 4 || (first == 3 && is_leap(year)) ? 53 : 52;
}

/* https://html.spec.whatwg.org/#parse-a-week-string */
static bool read_week(xhr__str s, size_t *position) {
  uint64_t year, week;
  return read_digits(s, position, 4, true, &year) && year > 0 && read_char(s, position, '-') &&
         read_char(s, position, 'W') && read_digits(s, position, 2, false, &week) && week >= 1 &&
         week <= weeks_in_year(year);
}

/* https://html.spec.whatwg.org/#valid-time-string; *shortest is where the shortest form of it ends. */
static bool read_time(xhr__str s, size_t *position, size_t *shortest) {
  uint64_t hour, minute, second, fraction = 0;
  if (!read_digits(s, position, 2, false, &hour) || hour > 23 || !read_char(s, position, ':') ||
      !read_digits(s, position, 2, false, &minute) || minute > 59)
    return false;
  *shortest = *position;
  if (!read_char(s, position, ':'))
    return true;
  if (!read_digits(s, position, 2, false, &second) || second > 59)
    return false;
  if (second > 0)
    *shortest = *position;
  if (!read_char(s, position, '.'))
    return true;
  size_t start = *position;
  if (!read_digits(s, position, 1, true, &fraction) || *position - start > 3)
    return false;
  if (fraction > 0) {
    *shortest = *position;
    while (s.data[*shortest - 1] == '0')
      --*shortest;
  }
  return true;
}

/* https://html.spec.whatwg.org/#concept-datetime-local, made https://html.spec.whatwg.org/#valid-normalised-local-date-and-time-string */
static bool normalize_local(xhr__bytes *value) {
  xhr__str s = xhr__bytes_str(value);
  size_t position = 0, shortest;
  if (!read_date(s, &position) || !(read_char(s, &position, 'T') || read_char(s, &position, ' ')))
    return false;
  size_t separator = position - 1;
  if (!read_time(s, &position, &shortest) || position != s.len)
    return false;
  value->data[separator] = 'T';
  value->len = shortest;
  return true;
}

/* Whether it is what its type wants. */
static bool is_valid_date(xhr__input_type type, xhr__bytes *value) {
  xhr__str s = xhr__bytes_str(value);
  size_t position = 0, shortest;
  uint64_t year, month;
  bool valid;
  switch (type) {
    case XHR__INPUT_DATE: valid = read_date(s, &position); break;
    case XHR__INPUT_MONTH: valid = read_month(s, &position, &year, &month); break;
    case XHR__INPUT_WEEK: valid = read_week(s, &position); break;
    case XHR__INPUT_TIME: valid = read_time(s, &position, &shortest); break;
    default: return normalize_local(value);
  }
  return valid && position == s.len;
}

/* ---- numbers ---------------------------------------------------------------------------------------------------- */

static void skip_digits(xhr__str s, size_t *position) {
  while (*position < s.len && xhr__is_ascii_digit(xhr__str_at(s, *position)))
    ++*position;
}

/* https://html.spec.whatwg.org/#valid-floating-point-number
 * NOTE: lexbor reads and writes the number: to the C library it would depend on the program's locale. */
static bool read_number(xhr__str s, double *number) {
  size_t position = 0, start;
  (void)read_char(s, &position, '-');
  start = position;
  skip_digits(s, &position);
  bool any = position > start;
  if (read_char(s, &position, '.')) {
    start = position;
    skip_digits(s, &position);
    if (position == start)
      return false;
    any = true;
  }
  if (any && (read_char(s, &position, 'e') || read_char(s, &position, 'E'))) {
    if (!read_char(s, &position, '-'))
      (void)read_char(s, &position, '+');
    start = position;
    skip_digits(s, &position);
    any = position > start;
  }
  if (!any || position != s.len)
    return false;
  const lxb_char_t *data = (const lxb_char_t *)s.data;
  *number = lexbor_conv_data_to_double(&data, s.len);
  return isfinite(*number);
}

/* The number that an attribute is, or another. */
static double number_attribute(const lxb_dom_element_t *input, xhr__str name, double otherwise) {
  xhr__bytes copy = {0};
  xhr__str value;
  double number;
  if (!xhr__element_attribute(input, name, &value) || xhr__bytes_append(&copy, value) != XHR_OK ||
      !read_number(xhr__bytes_str(&copy), &number))
    number = otherwise;
  xhr__bytes_free(&copy);
  return number;
}

/* https://html.spec.whatwg.org/#best-representation-of-the-number-as-a-floating-point-number: the shortest that reads as it, as
 * https://tc39.es/ecma262/#sec-numeric-types-number-tostring writes it. */
static xhr_status append_number(xhr__bytes *out, double number) {
  lxb_char_t text[64];
  size_t len = lexbor_conv_float_to_data(number, text, sizeof text);
  return xhr__bytes_append(out, xhr__str_of((const char *)text, len));
}

/* https://html.spec.whatwg.org/#range-state-(type=range) */
static xhr_status sanitize_range(const lxb_dom_element_t *input, xhr__bytes *value) {
  double min = number_attribute(input, XHR__STR("min"), 0),
         max = number_attribute(input, XHR__STR("max"), 100),
         step = number_attribute(input, XHR__STR("step"), 1), number, old;
  double base =
      number_attribute(input, XHR__STR("min"), number_attribute(input, XHR__STR("value"), 0));
  xhr__str any;
  bool stepless = xhr__element_attribute(input, XHR__STR("step"), &any) &&
                  xhr__str_equals_ci(any, XHR__STR("any"));
  bool valid = read_number(xhr__bytes_str(value), &number);
  if (!valid)
    number = max < min ? min : min + (max - min) / 2;
  old = number;
  if (number > max)
    number = max;
  if (number < min)
    number = min;
  if (step <= 0)
    step = 1;
  if (!stepless && max >= min) {
    double steps = floor((number - base) / step + 0.5);
    if (base + steps * step > max)
      steps--;
    if (base + steps * step < min)
      steps++;
    if (fabs(base + steps * step - number) > step * 1e-9)
      number = base + steps * step;
  }
  if (valid && number == old)
    return XHR_OK;
  xhr__bytes_clear(value);
  return append_number(value, number);
}

/* https://html.spec.whatwg.org/#color-state-(type=color)
 * DEVIATION: only the colors of six hexadecimal digits, as there is no parser of CSS colors; alpha and colorspace do not count */
static xhr_status sanitize_color(xhr__bytes *value) {
  bool valid = value->len == 7 && value->data[0] == '#';
  for (size_t i = 1; valid && i < 7; i++) {
    valid = xhr__is_ascii_hex_digit((uint8_t)value->data[i]);
    value->data[i] = xhr__ascii_lower(value->data[i]);
  }
  if (valid)
    return XHR_OK;
  xhr__bytes_clear(value);
  return xhr__bytes_append(value, XHR__STR("#000000"));
}

/* ---- all -------------------------------------------------------------------------------------------------------- */

xhr_status xhr__input_sanitize(const lxb_dom_element_t *input, xhr__input_type type,
                               xhr__bytes *value) {
  double number;
  switch (type) {
    case XHR__INPUT_TEXT:
    case XHR__INPUT_SEARCH:
    case XHR__INPUT_TEL:
    case XHR__INPUT_PASSWORD: strip_newlines(value); break;
    case XHR__INPUT_URL:
      strip_newlines(value);
      strip_whitespace(value);
      break;
    case XHR__INPUT_EMAIL:
      strip_newlines(value);
      if (xhr__has_attribute(input, XHR__STR("multiple")))
        strip_addresses(value);
      else
        strip_whitespace(value);
      break;
    case XHR__INPUT_DATE:
    case XHR__INPUT_MONTH:
    case XHR__INPUT_WEEK:
    case XHR__INPUT_TIME:
    case XHR__INPUT_DATETIME_LOCAL:
      if (!is_valid_date(type, value))
        value->len = 0;
      break;
    case XHR__INPUT_NUMBER:
      if (!read_number(xhr__bytes_str(value), &number))
        value->len = 0;
      break;
    case XHR__INPUT_RANGE: return sanitize_range(input, value);
    case XHR__INPUT_COLOR: return sanitize_color(value);
    default: break;
  }
  return XHR_OK;
}
