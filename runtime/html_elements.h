/* The interfaces of HTML elements. */
#ifndef XHR__RUNTIME_HTML_ELEMENTS_H
#define XHR__RUNTIME_HTML_ELEMENTS_H

#include "runtime/reflect.h"

/* X(identifier, "interface") of those that have members of their own, in the files html_*.c; and of those that have none here but
 * those of HTMLElement. */
#define XHR__HTML_ELEMENT_MAP(X)                                                                   \
  X(anchor, "HTMLAnchorElement")                                                                   \
  X(area, "HTMLAreaElement")                                                                       \
  X(base, "HTMLBaseElement")                                                                       \
  X(body, "HTMLBodyElement")                                                                       \
  X(button, "HTMLButtonElement")                                                                   \
  X(data_list, "HTMLDataListElement")                                                              \
  X(field_set, "HTMLFieldSetElement")                                                              \
  X(form, "HTMLFormElement")                                                                       \
  X(image, "HTMLImageElement")                                                                     \
  X(input, "HTMLInputElement")                                                                     \
  X(label, "HTMLLabelElement")                                                                     \
  X(legend, "HTMLLegendElement")                                                                   \
  X(link, "HTMLLinkElement")                                                                       \
  X(meta, "HTMLMetaElement")                                                                       \
  X(opt_group, "HTMLOptGroupElement")                                                              \
  X(option, "HTMLOptionElement")                                                                   \
  X(output, "HTMLOutputElement")                                                                   \
  X(script, "HTMLScriptElement")                                                                   \
  X(select, "HTMLSelectElement")                                                                   \
  X(template, "HTMLTemplateElement")                                                               \
  X(text_area, "HTMLTextAreaElement")                                                              \
  X(title, "HTMLTitleElement")

#define XHR__HTML_BARE_ELEMENT_MAP(X)                                                              \
  X(audio, "HTMLAudioElement")                                                                     \
  X(br, "HTMLBRElement")                                                                           \
  X(canvas, "HTMLCanvasElement")                                                                   \
  X(d_list, "HTMLDListElement")                                                                    \
  X(data, "HTMLDataElement")                                                                       \
  X(details, "HTMLDetailsElement")                                                                 \
  X(dialog, "HTMLDialogElement")                                                                   \
  X(directory, "HTMLDirectoryElement")                                                             \
  X(div, "HTMLDivElement")                                                                         \
  X(embed, "HTMLEmbedElement")                                                                     \
  X(font, "HTMLFontElement")                                                                       \
  X(frame, "HTMLFrameElement")                                                                     \
  X(frame_set, "HTMLFrameSetElement")                                                              \
  X(head, "HTMLHeadElement")                                                                       \
  X(heading, "HTMLHeadingElement")                                                                 \
  X(hr, "HTMLHRElement")                                                                           \
  X(html, "HTMLHtmlElement")                                                                       \
  X(iframe, "HTMLIFrameElement")                                                                   \
  X(li, "HTMLLIElement")                                                                           \
  X(map, "HTMLMapElement")                                                                         \
  X(marquee, "HTMLMarqueeElement")                                                                 \
  X(menu, "HTMLMenuElement")                                                                       \
  X(meter, "HTMLMeterElement")                                                                     \
  X(mod, "HTMLModElement")                                                                         \
  X(o_list, "HTMLOListElement")                                                                    \
  X(object, "HTMLObjectElement")                                                                   \
  X(paragraph, "HTMLParagraphElement")                                                             \
  X(param, "HTMLParamElement")                                                                     \
  X(picture, "HTMLPictureElement")                                                                 \
  X(pre, "HTMLPreElement")                                                                         \
  X(progress, "HTMLProgressElement")                                                               \
  X(quote, "HTMLQuoteElement")                                                                     \
  X(slot, "HTMLSlotElement")                                                                       \
  X(source, "HTMLSourceElement")                                                                   \
  X(span, "HTMLSpanElement")                                                                       \
  X(style, "HTMLStyleElement")                                                                     \
  X(table, "HTMLTableElement")                                                                     \
  X(table_caption, "HTMLTableCaptionElement")                                                      \
  X(table_cell, "HTMLTableCellElement")                                                            \
  X(table_col, "HTMLTableColElement")                                                              \
  X(table_row, "HTMLTableRowElement")                                                              \
  X(table_section, "HTMLTableSectionElement")                                                      \
  X(time, "HTMLTimeElement")                                                                       \
  X(track, "HTMLTrackElement")                                                                     \
  X(u_list, "HTMLUListElement")                                                                    \
  X(video, "HTMLVideoElement")

#define XHR__HTML_ELEMENT_DECLARE(id, name)                                                        \
  extern const xhr__interface xhr__html_##id##_element_interface;
XHR__HTML_ELEMENT_MAP(XHR__HTML_ELEMENT_DECLARE)
XHR__HTML_BARE_ELEMENT_MAP(XHR__HTML_ELEMENT_DECLARE)
#undef XHR__HTML_ELEMENT_DECLARE

extern const xhr__interface xhr__html_element_interface;
extern const xhr__interface xhr__html_unknown_element_interface;

/* The interfaces in the list of runtime/interfaces.c. */
#define XHR__HTML_ELEMENT_LISTED(id, name) &xhr__html_##id##_element_interface,

/* Such as `const xhr__interface xhr__html_base_element_interface = {XHR__HTML_INTERFACE("HTMLBaseElement", members)};` */
#define XHR__HTML_INTERFACE(name_, members_)                                                       \
  XHR__NODE_INTERFACE(name_, &xhr__html_element_interface, members_)

#endif
