/* https://html.spec.whatwg.org/#the-directionality */
#include "dom/form_control.h"
#include "infra/utf8.h"

bool xhr__has_auto_directionality(const lxb_dom_element_t *element) {
  if (!xhr__node_is_html(&element->node, LXB_TAG_INPUT))
    return xhr__node_is_html(&element->node, LXB_TAG_TEXTAREA);
  switch (xhr__input_type_of(element)) {
    case XHR__INPUT_HIDDEN:
    case XHR__INPUT_TEXT:
    case XHR__INPUT_SEARCH:
    case XHR__INPUT_TEL:
    case XHR__INPUT_URL:
    case XHR__INPUT_EMAIL:
    case XHR__INPUT_PASSWORD:
    case XHR__INPUT_SUBMIT:
    case XHR__INPUT_RESET:
    case XHR__INPUT_BUTTON: return true;
    default: return false;
  }
}

/* Bidirectional character types R and AL.
 * DEVIATION: by the blocks of scripts that are written from right to left, as there is no table of Unicode's characters here */
static bool is_right_to_left(uint32_t c) {
  return (c >= 0x590 && c <= 0x8FF) || c == 0x200F || (c >= 0xFB1D && c <= 0xFDFF) ||
         (c >= 0xFE70 && c <= 0xFEFC) || (c >= 0x10800 && c <= 0x10FFF) ||
         (c >= 0x1E800 && c <= 0x1EFFF);
}

/* Type L, in the same way: letters. */
static bool is_left_to_right(uint32_t c) {
  return (c < 0x80 && xhr__is_ascii_alpha((uint8_t)c)) || c == 0xAA || c == 0xB5 || c == 0xBA ||
         (c >= 0xC0 && c != 0xD7 && c != 0xF7 && !(c >= 0x2000 && c <= 0x206F));
}

/* Whether the first character with a strong direction goes from right to left. */
static bool is_rtl_text(xhr__str text) {
  for (size_t position = 0; position < text.len;) {
    uint32_t c = xhr__utf8_next(text, &position);
    if (is_right_to_left(c))
      return true;
    if (is_left_to_right(c))
      return false;
  }
  return false;
}

/* https://html.spec.whatwg.org/#auto-directionality, of its value or of its descendants' text. */
static bool is_auto_rtl(const lxb_dom_element_t *element, xhr_status *status) {
  xhr__bytes text = {0};
  *status = xhr__has_auto_directionality(element)
                ? xhr__form_control_value(element, &text)
                : xhr__node_descendant_text(&element->node, &text);
  bool rtl = is_rtl_text(xhr__bytes_str(&text));
  xhr__bytes_free(&text);
  return rtl;
}

bool xhr__element_is_rtl(const lxb_dom_element_t *element, xhr_status *status) {
  *status = XHR_OK;
  for (const lxb_dom_node_t *at = &element->node; at && xhr__node_is_element(at); at = at->parent) {
    const lxb_dom_element_t *ancestor = (const void *)at;
    xhr__str dir = XHR__STR_EMPTY;
    if (at->ns == LXB_NS_HTML)
      (void)xhr__element_attribute(ancestor, XHR__STR("dir"), &dir);
    if (xhr__str_equals_ci(dir, XHR__STR("ltr")) || xhr__str_equals_ci(dir, XHR__STR("rtl")))
      return xhr__str_equals_ci(dir, XHR__STR("rtl"));
    if (xhr__str_equals_ci(dir, XHR__STR("auto")) || xhr__node_is_html(at, LXB_TAG_BDI))
      return is_auto_rtl(ancestor, status);
    if (xhr__node_is_html(at, LXB_TAG_INPUT) && xhr__input_type_of(ancestor) == XHR__INPUT_TEL)
      return false;
  }
  return false;
}
