#include "support/pages.h"

#include <stdio.h>

#include "support/text_file.h"

xhr__str page_read(xhr__str name) {
  char path[1024];
  if (xhr__str_find_str(name, 0, XHR__STR("..")) < name.len)
    return (xhr__str){NULL, 0};
  (void)snprintf(path, sizeof path, "%s/%.*s", XHR_SOURCE_DIR "/tests/js/pages", (int)name.len,
                 name.data);
  return text_file_read(path);
}

const char *page_type(xhr__str name) {
  static const char *const types[][2] = {{".html", "text/html"},
                                         {".js", "text/javascript"},
                                         {".mjs", "text/javascript"},
                                         {".json", "application/json"}};
  for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
    if (xhr__str_ends_with(name, xhr__str_c(types[i][0])))
      return types[i][1];
  }
  return "text/plain";
}
