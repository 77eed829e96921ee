/* A whole file in memory, for test data. */
#ifndef TESTS_TEXT_FILE_H
#define TESTS_TEXT_FILE_H

#include "infra/str.h"

/* The file's bytes, with a NUL behind; NULL data where it cannot be read. By malloc: free((char *)result.data). */
xhr__str text_file_read(const char *path);

#endif
