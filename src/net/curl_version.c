#include "net/curl_version.h"

#include <curl/curl.h>

const char *xhr__curl_version(void) {
  return curl_version();
}
