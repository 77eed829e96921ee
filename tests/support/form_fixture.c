#include "support/form_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

xhr_form_data *form;

int form_setup(void **state) {
  (void)state;
  return xhr_form_data_new(&form) == XHR_OK ? 0 : -1;
}

int form_teardown(void **state) {
  (void)state;
  xhr_form_data_free(form);
  return 0;
}

void form_append_text(const char *name, const char *text) {
  assert_int_equal(xhr_form_data_append_text(form, xhr_str(name), xhr_str(text)), XHR_OK);
}
