/* Hosts: IPv4, IPv6, opaque hosts, domains. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "support/failing_allocator.h"
#include "support/leftovers.h"
#include "url/host.h"
#include "url/idna.h"

static void assert_str(xhr__str s, const char *want) {
  assert_int_equal(s.len, strlen(want));
  assert_memory_equal(s.data, want, s.len);
}

static void ipv4(void **state) {
  static const struct {
    const char *input;
    bool good;
    uint32_t address;
  } cases[] = {
      {"1.2.3.4", true, 0x01020304},
      {"1.2.3.4.", true, 0x01020304},
      {"1.2.3.4..", false, 0},
      {"1.2.772", true, 0x01020304},
      {"1.131844", true, 0x01020304},
      {"16909060", true, 0x01020304},
      {"0x1.0X2.03.0004", true, 0x01020304},
      {"0x", true, 0},
      {"0x.0x.0", true, 0},
      {"4294967295", true, 0xFFFFFFFF},
      {"4294967296", false, 0},
      {"18446744073709551617", false, 0},
      {"0xffffffffffffffffffffff01", false, 0},
      {"256.1", false, 0},
      {"1.16777216", false, 0},
      {"1.16777215", true, 0x01FFFFFF},
      {"1.2.3.256", false, 0},
      {"1..2", false, 0},
      {".1", false, 0},
      {"1.2.3.4.5", false, 0},
      {"08", false, 0},
      {"0x1g", false, 0},
      {"1.a", false, 0},
      {"", false, 0},
  };
  (void)state;
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    uint32_t address = 0;
    assert_int_equal(xhr__ipv4_parse(xhr__str_c(cases[i].input), &address), cases[i].good);
    if (cases[i].good)
      assert_int_equal(address, cases[i].address);
  }
}

static void ends_in_a_number(void **state) {
  static const char *const yes[] = {
      "1", "a.1", "a.09", "a.0x", "a.0xF.", "1.", "99999999999999999999"};
  static const char *const no[] = {"a", "1.a", "a.0xg", "a.1..", "1x", "a.", "x0"};
  (void)state;
  for (size_t i = 0; i < sizeof yes / sizeof yes[0]; i++)
    assert_true(xhr__ends_in_a_number(xhr__str_c(yes[i])));
  for (size_t i = 0; i < sizeof no / sizeof no[0]; i++)
    assert_false(xhr__ends_in_a_number(xhr__str_c(no[i])));
}

static void ipv6(void **state) {
  static const struct {
    const char *input, *output;
  } cases[] = {
      {"::", "::"},
      {"::1", "::1"},
      {"1::", "1::"},
      {"0:0:0:0:0:0:0:0", "::"},
      {"1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8"},
      {"2001:DB8:0000:0:8:800:200C:417A", "2001:db8::8:800:200c:417a"},
      {"1:0:0:2:0:0:0:3", "1:0:0:2::3"},
      {"1:0:2:3:4:5:6:7", "1:0:2:3:4:5:6:7"},
      {"0:0:1:1:1:1:0:0", "::1:1:1:1:0:0"},
      {"1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0"},
      {"::2:3:4:5:6:7:8", "0:2:3:4:5:6:7:8"},
      {"::1.2.3.4", "::102:304"},
      {"1:2:3:4:5:6:255.0.0.1", "1:2:3:4:5:6:ff00:1"},
      {"", NULL},
      {":", NULL},
      {":1", NULL},
      {"1:", NULL},
      {":::", NULL},
      {"1::2::3", NULL},
      {"12345::", NULL},
      {"1:2:3:4:5:6:7", NULL},
      {"1:2:3:4:5:6:7:8:9", NULL},
      {"1:2:3:4:5:6:7:8::", NULL},
      {"::g", NULL},
      {"::1%251", NULL},
      {"::1.2.3", NULL},
      {"::1.2.3.4.5", NULL},
      {"::1.2.3.256", NULL},
      {"::01.2.3.4", NULL},
      {"::1.2.3.", NULL},
      {"::.1.2.3", NULL},
      {"1:2:3:4:5:6:7:1.2.3.4", NULL},
      {"::1.2.3.4:5", NULL},
      {"::a.2.3.4", NULL},
  };
  (void)state;
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    uint16_t address[8];
    xhr__bytes out = {0};
    bool good = xhr__ipv6_parse(xhr__str_c(cases[i].input), address);
    assert_int_equal(good, cases[i].output != NULL);
    if (good) {
      assert_int_equal(xhr__ipv6_serialize(address, &out), XHR_OK);
      assert_str(xhr__bytes_str(&out), cases[i].output);
    }
    xhr__bytes_free(&out);
  }
}

static void serialize_ipv4(void **state) {
  xhr__bytes out = {0};
  (void)state;
  assert_int_equal(xhr__ipv4_serialize(0xC00002FF, &out), XHR_OK);
  assert_str(xhr__bytes_str(&out), "192.0.2.255");
  xhr__bytes_free(&out);
}

static void host_parser(void **state) {
  static const struct {
    const char *input;
    bool is_opaque;
    const char *output;
    xhr__host_kind kind;
  } cases[] = {
      {"EXAMPLE", false, "example", XHR__HOST_DOMAIN},
      {"EXAMPLE", true, "EXAMPLE", XHR__HOST_OPAQUE},
      {"", true, "", XHR__HOST_EMPTY},
      {"%41", false, "a", XHR__HOST_DOMAIN},
      {"%41", true, "%41", XHR__HOST_OPAQUE},
      {"é\x7F\x01", true, "%C3%A9%7F%01", XHR__HOST_OPAQUE},
      {"1", false, "0.0.0.1", XHR__HOST_IPV4},
      {"%31", false, "0.0.0.1", XHR__HOST_IPV4},
      {"1", true, "1", XHR__HOST_OPAQUE},
      {"[1::]", false, "[1::]", XHR__HOST_IPV6},
      {"[1::]", true, "[1::]", XHR__HOST_IPV6},
      {"[1::", true, NULL, 0},
      {"[", true, NULL, 0},
      {"[]", false, NULL, 0},
      {"a[", true, NULL, 0},
      {"a b", true, NULL, 0},
      {"a^b", true, NULL, 0},
      {"a|b", false, NULL, 0},
      {"a%b", true, "a%b", XHR__HOST_OPAQUE},
      {"a%b", false, NULL, 0},
      {"a\x7F", false, NULL, 0},
      {"%00", false, NULL, 0},
      {"%C3", false, NULL, 0},
      {"%EF%BF%BD", false, NULL, 0},
      {"a_b~!$&'()*+,;=", false, "a_b~!$&'()*+,;=", XHR__HOST_DOMAIN},
  };
  (void)state;
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    xhr__host_kind kind = XHR__HOST_NULL;
    xhr__bytes out = {0};
    assert_int_equal(xhr__bytes_append(&out, XHR__STR("<")), XHR_OK);
    xhr_status status =
        xhr__host_parse(xhr__str_c(cases[i].input), cases[i].is_opaque, &out, &kind);
    assert_int_equal(status, cases[i].output ? XHR_OK : XHR_SYNTAX_ERR);
    assert_str(xhr__str_from(xhr__bytes_str(&out), 1), cases[i].output ? cases[i].output : "");
    if (cases[i].output)
      assert_int_equal(kind, cases[i].kind);
    xhr__bytes_free(&out);
  }
}

/* Long domains, and ones beyond the limit: of the result, of the input. */
static void long_domains(void **state) {
  xhr__bytes domain = {0}, out = {0}, again = {0};
  (void)state;
  for (size_t i = 0; i < 512; i++)
    assert_int_equal(xhr__bytes_append(&domain, XHR__STR("é.")), XHR_OK);
  assert_int_equal(xhr__domain_parse(xhr__bytes_str(&domain), &out), XHR_OK);
  assert_int_equal(out.len, 4096);
  assert_int_equal(xhr__domain_parse(xhr__bytes_str(&out), &again), XHR_OK);
  assert_true(xhr__str_equals(xhr__bytes_str(&again), xhr__bytes_str(&out)));
  assert_int_equal(xhr__bytes_append(&domain, XHR__STR("é")), XHR_OK);
  xhr__bytes_clear(&out);
  assert_int_equal(xhr__domain_parse(xhr__bytes_str(&domain), &out), XHR_SYNTAX_ERR);
  assert_int_equal(out.len, 0);
  xhr__bytes_clear(&domain);
  for (size_t i = 0; i < 1000; i++)
    assert_int_equal(xhr__bytes_append(&domain, XHR__STR("aa\xC3\xA9")), XHR_OK);
  assert_int_equal(xhr__domain_parse(xhr__bytes_str(&domain), &out), XHR_OK);
  assert_memory_equal(out.data, "xn--aaaa", 8);
  xhr__bytes_clear(&out);
  for (size_t i = 0; i < 1000; i++)
    assert_int_equal(xhr__bytes_append(&domain, XHR__STR("é")), XHR_OK);
  assert_int_equal(xhr__domain_parse(xhr__bytes_str(&domain), &out), XHR_SYNTAX_ERR);
  assert_int_equal(out.len, 0);
  xhr__bytes_free(&domain);
  xhr__bytes_free(&out);
  xhr__bytes_free(&again);
}

static void nfc(void **state) {
  static const uint32_t decomposed[] = {'a', 0x323, 0x302, 0x1100, 0x1161, 0x11A8, 0x41, 0x30A};
  static const uint32_t composed[] = {0x1EAD, 0xAC01, 0xC5};
  xhr__code_points list = {0};
  (void)state;
  assert_int_equal(xhr__code_points_append(&list, decomposed, sizeof decomposed / 4), XHR_OK);
  assert_int_equal(xhr__nfc(&list), XHR_OK);
  assert_int_equal(list.len, sizeof composed / 4);
  assert_memory_equal(list.data, composed, sizeof composed);
  xhr__code_points_free(&list);
}

static void parse_hosts(void *user) {
  static const char *const hosts[] = {"EXAMPLE",   "%62\xC3\xBC.xn--bcher-kva", "[1::2]", "1.2.3.4",
                                      "u\xCC\x88", "\xD7\x90.\xD7\x91"};
  (void)user;
  for (size_t i = 0; i < sizeof hosts / sizeof hosts[0]; i++) {
    xhr__host_kind kind;
    xhr__bytes out = {0};
    xhr_status status = xhr__host_parse(xhr__str_c(hosts[i]), false, &out, &kind);
    assert_true(status == XHR_OK || (status == XHR_OUT_OF_MEMORY && out.len == 0));
    xhr__bytes_free(&out);
  }
}

static void every_allocation_fails(void **state) {
  (void)state;
  assert_true(failing_allocator_loop(parse_hosts, NULL, NULL) > 10);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(ipv4),        cmocka_unit_test(ends_in_a_number),
      cmocka_unit_test(ipv6),        cmocka_unit_test(serialize_ipv4),
      cmocka_unit_test(host_parser), cmocka_unit_test(long_domains),
      cmocka_unit_test(nfc),         cmocka_unit_test(every_allocation_fails),
  };
  return cmocka_run_group_tests(tests, leftovers_note, leftovers_check);
}
