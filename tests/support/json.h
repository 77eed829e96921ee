/* A small JSON reader for test data. Its memory is malloc's, so that a failing allocator does not touch it. */
#ifndef TESTS_JSON_H
#define TESTS_JSON_H

#include <stdbool.h>
#include <stddef.h>

#include "infra/str.h"

typedef enum json_type {
  JSON_NULL,
  JSON_FALSE,
  JSON_TRUE,
  JSON_NUMBER,
  JSON_STRING,
  JSON_ARRAY,
  JSON_OBJECT
} json_type;

typedef struct json {
  json_type type;
  xhr__str text;      /* string: UTF-8, NUL-terminated too; number: as written */
  bool lone;          /* string: had a lone surrogate escape, which became U+FFFD */
  xhr__str key;       /* of a member of an object, else empty */
  struct json *child; /* array, object: the first item or member */
  struct json *next;  /* the next one of the same parent */
  struct json *all;   /* private: every value of the document, for json_free */
} json;

/* NULL where it is no JSON text. Free with json_free. */
json *json_parse(xhr__str input);
/* Reads a file; NULL where there is none or it is no JSON text (then it says so on stderr). */
json *json_read(const char *path);
/* Frees the whole document; NULL is allowed. Only for what json_parse and json_read gave. */
void json_free(json *document);

/* The member of that name, or NULL; NULL and other types are allowed as `object`. */
const json *json_get(const json *object, const char *key);
/* The member's string; the empty string where there is none. */
xhr__str json_string(const json *object, const char *key);
bool json_has_string(const json *object, const char *key);
/* How many items or members. */
size_t json_count(const json *value);
/* A number's value as an integer; 0 for anything else. */
long json_integer(const json *value);

#endif
