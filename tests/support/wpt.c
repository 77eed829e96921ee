#include "support/wpt.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static const char *variable(const char *name) {
  const char *value = getenv(name);
  return value && value[0] ? value : NULL;
}

static void default_folder(char *folder, size_t size) {
  const char *value;
  if ((value = variable("XHR_WPT_DIR")))
    snprintf(folder, size, "%s", value);
  else if ((value = variable("XHR_CACHE")))
    snprintf(folder, size, "%s/wpt", value);
  else if ((value = variable("XDG_CACHE_HOME")))
    snprintf(folder, size, "%s/libxhr/wpt", value);
  else
    snprintf(folder, size, "%s/.cache/libxhr/wpt", (value = variable("HOME")) ? value : "/tmp");
}

const char *wpt_path(const char *file) {
  static char path[4096];
  static bool said;
  char folder[3072];
  default_folder(folder, sizeof folder);
  snprintf(path, sizeof path, "%s/%s", folder, file);
  if (access(path, R_OK) == 0)
    return path;
  if (!said) {
    fprintf(stderr,
            "*** %s IS NOT THERE: only the project's own cases run.\n"
            "*** scripts/wpt-data fetches the standards' own data.\n",
            path);
    said = true;
  }
  return NULL;
}
