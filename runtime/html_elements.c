/* Which interface an element has: https://dom.spec.whatwg.org/#concept-element-interface and
 * https://html.spec.whatwg.org/#elements-in-the-dom; and the interfaces that have no members of their own. */
#include "runtime/html_elements.h"

#include "dom/names.h"

#define BARE(id, name)                                                                             \
  const xhr__interface xhr__html_##id##_element_interface = {                                      \
      XHR__EMPTY_NODE_INTERFACE(name, &xhr__html_element_interface),                               \
  };
XHR__HTML_BARE_ELEMENT_MAP(BARE)
#undef BARE

/* X(tag, interface) */
#define TAG_MAP(X)                                                                                 \
  X(A, anchor)                                                                                     \
  X(AREA, area)                                                                                    \
  X(AUDIO, audio)                                                                                  \
  X(BASE, base)                                                                                    \
  X(BLOCKQUOTE, quote)                                                                             \
  X(BODY, body)                                                                                    \
  X(BR, br)                                                                                        \
  X(BUTTON, button)                                                                                \
  X(CANVAS, canvas)                                                                                \
  X(CAPTION, table_caption)                                                                        \
  X(COL, table_col)                                                                                \
  X(COLGROUP, table_col)                                                                           \
  X(DATA, data)                                                                                    \
  X(DATALIST, data_list)                                                                           \
  X(DEL, mod)                                                                                      \
  X(DETAILS, details)                                                                              \
  X(DIALOG, dialog)                                                                                \
  X(DIR, directory)                                                                                \
  X(DIV, div)                                                                                      \
  X(DL, d_list)                                                                                    \
  X(EMBED, embed)                                                                                  \
  X(FIELDSET, field_set)                                                                           \
  X(FONT, font)                                                                                    \
  X(FORM, form)                                                                                    \
  X(FRAME, frame)                                                                                  \
  X(FRAMESET, frame_set)                                                                           \
  X(H1, heading)                                                                                   \
  X(H2, heading)                                                                                   \
  X(H3, heading)                                                                                   \
  X(H4, heading)                                                                                   \
  X(H5, heading)                                                                                   \
  X(H6, heading)                                                                                   \
  X(HEAD, head)                                                                                    \
  X(HR, hr)                                                                                        \
  X(HTML, html)                                                                                    \
  X(IFRAME, iframe)                                                                                \
  X(IMG, image)                                                                                    \
  X(INPUT, input)                                                                                  \
  X(INS, mod)                                                                                      \
  X(LABEL, label)                                                                                  \
  X(LEGEND, legend)                                                                                \
  X(LI, li)                                                                                        \
  X(LINK, link)                                                                                    \
  X(LISTING, pre)                                                                                  \
  X(MAP, map)                                                                                      \
  X(MARQUEE, marquee)                                                                              \
  X(MENU, menu)                                                                                    \
  X(META, meta)                                                                                    \
  X(METER, meter)                                                                                  \
  X(OBJECT, object)                                                                                \
  X(OL, o_list)                                                                                    \
  X(OPTGROUP, opt_group)                                                                           \
  X(OPTION, option)                                                                                \
  X(OUTPUT, output)                                                                                \
  X(P, paragraph)                                                                                  \
  X(PARAM, param)                                                                                  \
  X(PICTURE, picture)                                                                              \
  X(PRE, pre)                                                                                      \
  X(PROGRESS, progress)                                                                            \
  X(Q, quote)                                                                                      \
  X(SCRIPT, script)                                                                                \
  X(SELECT, select)                                                                                \
  X(SLOT, slot)                                                                                    \
  X(SOURCE, source)                                                                                \
  X(SPAN, span)                                                                                    \
  X(STYLE, style)                                                                                  \
  X(TABLE, table)                                                                                  \
  X(TBODY, table_section)                                                                          \
  X(TD, table_cell)                                                                                \
  X(TEMPLATE, template)                                                                            \
  X(TEXTAREA, text_area)                                                                           \
  X(TFOOT, table_section)                                                                          \
  X(TH, table_cell)                                                                                \
  X(THEAD, table_section)                                                                          \
  X(TIME, time)                                                                                    \
  X(TITLE, title)                                                                                  \
  X(TR, table_row)                                                                                 \
  X(TRACK, track)                                                                                  \
  X(UL, u_list)                                                                                    \
  X(VIDEO, video)                                                                                  \
  X(XMP, pre)

static const xhr__interface *const by_tag[LXB_TAG__LAST_ENTRY] = {
#define ENTRY(tag, id) [LXB_TAG_##tag] = &xhr__html_##id##_element_interface,
    TAG_MAP(ENTRY)
#undef ENTRY
};

/* HTML's elements whose interface is HTMLElement itself. */
static const char *const plain[] = {
    "abbr",    "acronym",    "address", "article", "aside",   "b",        "basefont", "bdi",
    "bdo",     "big",        "center",  "cite",    "code",    "dd",       "dfn",      "dt",
    "em",      "figcaption", "figure",  "footer",  "header",  "hgroup",   "i",        "kbd",
    "main",    "mark",       "nav",     "nobr",    "noembed", "noframes", "noscript", "plaintext",
    "rb",      "rp",         "rt",      "rtc",     "ruby",    "s",        "samp",     "search",
    "section", "small",      "strike",  "strong",  "sub",     "summary",  "sup",      "tt",
    "u",       "var",        "wbr",
};

/* https://html.spec.whatwg.org/#valid-custom-element-name, as far as a name with a hyphen goes */
static bool is_custom_name(xhr__str name) {
  return name.len > 0 && xhr__is_ascii_lower(xhr__str_at(name, 0)) &&
         xhr__str_find(name, 0, '-') < name.len;
}

const xhr__interface *xhr__interface_of_element(const lxb_dom_element_t *element) {
  if (element->node.ns != LXB_NS_HTML)
    return &xhr__element_interface;
  uintptr_t tag = element->node.local_name;
  if (tag < LXB_TAG__LAST_ENTRY && by_tag[tag])
    return by_tag[tag];
  xhr__str name = xhr__element_local_name(element);
  for (size_t i = 0; i < sizeof plain / sizeof *plain; i++) {
    if (xhr__str_equals(name, xhr__str_c(plain[i])))
      return &xhr__html_element_interface;
  }
  return is_custom_name(name) ? &xhr__html_element_interface : &xhr__html_unknown_element_interface;
}
