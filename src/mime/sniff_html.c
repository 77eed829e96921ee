#include "mime/sniff_html.h"

bool xhr__sniffs_as_html(xhr__str resource) {
  /* The table of step 1, but for comments: behind each comes a tag-terminating byte. */
  static const char *const tags[] = {
      "<!DOCTYPE HTML", "<HTML", "<HEAD",  "<SCRIPT", "<IFRAME", "<H1",   "<DIV", "<FONT",
      "<TABLE",         "<A",    "<STYLE", "<TITLE",  "<B",      "<BODY", "<BR",  "<P"};
  size_t start = 0;
  while (start < resource.len && xhr__is_ascii_whitespace(xhr__str_at(resource, start)))
    start++;
  xhr__str rest = xhr__str_from(resource, start);
  for (size_t i = 0; i < sizeof tags / sizeof *tags; i++) {
    xhr__str tag = xhr__str_c(tags[i]);
    if (rest.len > tag.len && xhr__str_starts_with_ci(rest, tag) &&
        (rest.data[tag.len] == ' ' || rest.data[tag.len] == '>'))
      return true;
  }
  return xhr__str_starts_with(rest, XHR__STR("<!--"));
}
