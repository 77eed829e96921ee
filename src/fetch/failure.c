#include "fetch/failure.h"

/* Copies as much as there is room for, NUL-terminated. */
static void copy_text(char *to, xhr__str from) {
  size_t len = from.len < XHR__FAILURE_TEXT - 1 ? from.len : XHR__FAILURE_TEXT - 1;
  memcpy(to, from.data, len);
  to[len] = '\0';
}

void xhr__detail_add(xhr__detail *detail, xhr__str text) {
  for (size_t i = 0; i < text.len && detail->len < XHR__FAILURE_TEXT - 1; i++) {
    uint8_t byte = xhr__str_at(text, i);
    detail->text[detail->len++] = byte >= 0x20 && byte < 0x7f ? (char)byte : '?';
  }
}

void xhr__failure_set(xhr__failure *failure, xhr_failure_code code, xhr__str detail) {
  failure->code = code;
  failure->phase = xhr__failure_code_phase(code);
  copy_text(failure->message, detail.len ? detail : xhr__str_c(xhr_failure_code_text(code)));
}

xhr_phase xhr__failure_code_phase(xhr_failure_code code) {
  switch (code) {
    case XHR_FAILURE_NONE: break;
#define FAILURE_CASE(name, phase, text)                                                            \
  case XHR_FAILURE_##name: return XHR_PHASE_##phase;
      XHR_FAILURE_MAP(FAILURE_CASE)
#undef FAILURE_CASE
  }
  return XHR_PHASE_INTERNAL;
}

const char *xhr_failure_code_name(xhr_failure_code code) {
  switch (code) {
    case XHR_FAILURE_NONE: return "NONE";
#define FAILURE_CASE(name, phase, text)                                                            \
  case XHR_FAILURE_##name: return #name;
      XHR_FAILURE_MAP(FAILURE_CASE)
#undef FAILURE_CASE
  }
  return "UNKNOWN";
}

const char *xhr_failure_code_text(xhr_failure_code code) {
  switch (code) {
    case XHR_FAILURE_NONE: return "nothing failed";
#define FAILURE_CASE(name, phase, text)                                                            \
  case XHR_FAILURE_##name: return text;
      XHR_FAILURE_MAP(FAILURE_CASE)
#undef FAILURE_CASE
  }
  return "not a cause of failure of libxhr";
}

const char *xhr_phase_name(xhr_phase phase) {
  switch (phase) {
#define PHASE_CASE(name, text)                                                                     \
  case XHR_PHASE_##name: return text;
    XHR_PHASE_MAP(PHASE_CASE)
#undef PHASE_CASE
  }
  return "unknown";
}
