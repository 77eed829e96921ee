#include "xhr/status.h"

#include "xhr/version.h"

const char *xhr_status_name(xhr_status status) {
  switch (status) {
#define XHR_STATUS_CASE(name, value, text)                                                         \
  case XHR_##name: return "XHR_" #name;
    XHR_STATUS_MAP(XHR_STATUS_CASE)
#undef XHR_STATUS_CASE
  }
  return "XHR_UNKNOWN";
}

const char *xhr_status_text(xhr_status status) {
  switch (status) {
#define XHR_STATUS_CASE(name, value, text)                                                         \
  case XHR_##name: return text;
    XHR_STATUS_MAP(XHR_STATUS_CASE)
#undef XHR_STATUS_CASE
  }
  return "not a result code of libxhr";
}

#define STRING_OF(x) #x
#define VERSION_STRING(major, minor, patch)                                                        \
  STRING_OF(major) "." STRING_OF(minor) "." STRING_OF(patch)

const char *xhr_version(void) {
  return VERSION_STRING(XHR_VERSION_MAJOR, XHR_VERSION_MINOR, XHR_VERSION_PATCH);
}
