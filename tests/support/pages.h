/* The pages of tests/js/pages, as the test server serves them. */
#ifndef TESTS_PAGES_H
#define TESTS_PAGES_H

#include "infra/str.h"

/* The file's contents as text_file_read gives them. */
xhr__str page_read(xhr__str name);
/* Its MIME type, by its name; a constant. */
const char *page_type(xhr__str name);

#endif
