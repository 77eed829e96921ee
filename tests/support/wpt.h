/* Where the tests find web-platform-tests' data, which scripts/wpt-data fetches. */
#ifndef TESTS_WPT_H
#define TESTS_WPT_H

#include <stddef.h>

/* The path of a file of web-platform-tests ("url/resources/urltestdata.json"): below $XHR_WPT_DIR, else below
 * ${XHR_CACHE:-${XDG_CACHE_HOME:-~/.cache}/libxhr}/wpt. NULL where the file is not there: then it says loudly, once
 * per program, that only the project's own cases run. Valid until the next call. */
const char *wpt_path(const char *file);

#endif
