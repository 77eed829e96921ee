/* Runs cases of the URL Standard in the formats of web-platform-tests (url/README.md there). */
#ifndef TESTS_URL_CASES_H
#define TESTS_URL_CASES_H

#include "support/json.h"
#include "url/url.h"

typedef struct tally {
  size_t good, all;
  size_t changed; /* good although different: of another age than this library */
} tally;

/* A document of cases as in urltestdata.json, setters_tests.json, and toascii.json. What fails is told on stdout. */
void url_cases_parse(const json *document, tally *t);
void url_cases_setters(const json *document, tally *t);
void url_cases_to_ascii(const json *document, tally *t);
/* The domains once more, through the host setter. */
void url_cases_to_ascii_setter(const json *document, tally *t);

/* Prints "N of M cases of FILE". */
void tally_print(const tally *t, const char *file);

#endif
