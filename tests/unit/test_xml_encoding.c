/* Tests of src/xhr/xml_encoding.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "xhr/xml_encoding.h"
#include "support/leftovers.h"

#define CASE(literal, encoding)                                                                    \
  { {literal, sizeof(literal) - 1}, XHR__ENCODING_##encoding }

static const struct {
  xhr__str bytes;
  xhr__encoding encoding;
} cases[] = {
    CASE("", NONE),
    CASE("<", NONE),
    CASE("<?xm", NONE),
    CASE("<root/>", NONE),
    CASE("plain", NONE),
    CASE("<?xml?>", NONE),
    CASE("<?xml version='1.0'?><a/>", NONE),
    CASE("<?xml version='1.0' encoding='windows-1252'?><a/>", WINDOWS_1252),
    CASE("<?xml version=\"1.0\" encoding=\"latin1\"?><a/>", WINDOWS_1252),
    CASE("<?xml version = \"1.0\"\n\tencoding = 'koi8-r' standalone='no' ?><a/>", KOI8_R),
    CASE("<?xml encoding='utf-8'?>", UTF_8),
    /* What could be read as ASCII is not in UTF-16. */
    CASE("<?xml version='1.0' encoding='utf-16'?>", UTF_8),
    CASE("<?xml version='1.0' encoding='UTF-16BE'?>", UTF_8),
    CASE("<?xml version='1.0' encoding='bogus'?>", NONE),
    CASE("<?xml version='1.0' encoding=koi8-r?>", NONE),
    CASE("<?xml version='1.0'encoding='koi8-r'?>", NONE),
    CASE("<?xml version='1.0' encoding='koi8-r?>", NONE),
    CASE("<?xml version='1.0' encoding?>", NONE),
    CASE("<?xmlencoding='koi8-r'?>", NONE),
    CASE(" <?xml version='1.0' encoding='koi8-r'?>", NONE),
    CASE("<?xml version='1.0'?><?x encoding='koi8-r'?>", NONE),
    CASE("<\0?\0x\0m\0", UTF_16LE),
    CASE("\0<\0?\0x", UTF_16BE),
    CASE("<\0a\0", NONE),
    CASE("\xef\xbb\xbf<?xml encoding='koi8-r'?>", NONE),
};

static void test_complete(void **state) {
  (void)state;
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    xhr__encoding encoding;
    assert_true(xhr__xml_encoding(cases[i].bytes, true, &encoding));
    if (encoding != cases[i].encoding)
      fail_msg("%s: %d", cases[i].bytes.data, encoding);
  }
}

/* A prefix either cannot tell, or tells what the whole does. */
static void test_prefixes(void **state) {
  (void)state;
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    for (size_t len = 0; len <= cases[i].bytes.len; len++) {
      xhr__encoding encoding;
      if (xhr__xml_encoding(xhr__str_slice(cases[i].bytes, 0, len), false, &encoding) &&
          encoding != cases[i].encoding)
        fail_msg("%s: %d after %zu bytes", cases[i].bytes.data, encoding, len);
    }
  }
}

/* A declaration without an end is not waited for for ever. */
static void test_endless(void **state) {
  (void)state;
  static char bytes[2000] = "<?xml version='1.0' ";
  memset(bytes + 20, ' ', sizeof bytes - 20);
  xhr__encoding encoding;
  assert_false(xhr__xml_encoding(xhr__str_of(bytes, 1023), false, &encoding));
  assert_true(xhr__xml_encoding(xhr__str_of(bytes, 1024), false, &encoding));
  assert_int_equal(encoding, XHR__ENCODING_NONE);
  assert_true(xhr__xml_encoding(xhr__str_of(bytes, 2000), false, &encoding));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_complete),
      cmocka_unit_test(test_prefixes),
      cmocka_unit_test(test_endless),
  };
  return cmocka_run_group_tests(tests, leftovers_note, leftovers_check);
}
