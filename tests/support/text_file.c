#include "support/text_file.h"

#include <stdio.h>
#include <stdlib.h>

xhr__str text_file_read(const char *path) {
  xhr__str result = {NULL, 0};
  FILE *file = fopen(path, "rb");
  if (!file)
    return result;
  char *data = NULL;
  long size = fseek(file, 0, SEEK_END) == 0 ? ftell(file) : -1;
  if (size >= 0 && fseek(file, 0, SEEK_SET) == 0)
    data = malloc((size_t)size + 1);
  if (data && fread(data, 1, (size_t)size, file) == (size_t)size) {
    data[size] = '\0';
    result = xhr__str_of(data, (size_t)size);
  } else {
    free(data);
  }
  fclose(file);
  return result;
}
