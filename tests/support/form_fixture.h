/* A FormData for each test of forms. */
#ifndef TESTS_FORM_FIXTURE_H
#define TESTS_FORM_FIXTURE_H

#include "xhr/form_data.h"

/* Of the test that runs. */
extern xhr_form_data *form;

int form_setup(void **state);
int form_teardown(void **state);
void form_append_text(const char *name, const char *text);

#define FORM_TEST(function) cmocka_unit_test_setup_teardown(function, form_setup, form_teardown)

#endif
