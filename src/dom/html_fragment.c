#include "dom/html_fragment.h"

#include <lexbor/html/interfaces/template_element.h>

#include "dom/names.h"
#include "dom/node.h"

/* ---- parsing ---------------------------------------------------------------------------------------------------- */

static bool ensure_parser(xhr__document *document) {
  if (document->fragment_parser)
    return true;
  document->fragment_parser = lxb_html_parser_create();
  if (document->fragment_parser && lxb_html_parser_init(document->fragment_parser) == LXB_STATUS_OK)
    return true;
  document->fragment_parser = lxb_html_parser_destroy(document->fragment_parser);
  return false;
}

/* https://html.spec.whatwg.org/#parsing-main-inhead: scripts of a fragment never run. */
static bool disable_scripts(lxb_dom_node_t *root) {
  for (lxb_dom_node_t *node = root; node; node = xhr__node_following(node, root)) {
    if (!xhr__node_is_script(node))
      continue;
    xhr__node_data *data = xhr__node_data_of(node);
    if (!data)
      return false;
    data->script.already_started = true;
  }
  return true;
}

/* The element that what is parsed lies in; NULL for want of memory. What follows once the document is over is left out. */
static lxb_dom_node_t *parse(xhr__document *document, const lxb_dom_element_t *context,
                             xhr__str markup) {
  lxb_html_parser_t *parser = document->fragment_parser;
  lxb_status_t status = lxb_html_parse_fragment_chunk_begin(
      parser, xhr__document_html(document), context->node.local_name, context->node.ns);
  size_t end;
  for (size_t start = 0;
       status == LXB_STATUS_OK && start < markup.len && !xhr__document_is_over(document);
       start = end) {
    end = xhr__str_find(markup, start, '>');
    end += end < markup.len;
    status = lxb_html_parse_fragment_chunk_process(parser, (const lxb_char_t *)markup.data + start,
                                                   end - start);
  }
  return status == LXB_STATUS_OK ? lxb_html_parse_fragment_chunk_end(parser) : NULL;
}

lxb_dom_node_t *xhr__html_parse_fragment(lxb_dom_element_t *context, xhr__str markup) {
  xhr__document *document = xhr__document_of_node(&context->node);
  lxb_dom_node_t *fragment = xhr__document_fragment_new(document);
  if (!fragment || !ensure_parser(document))
    return NULL;
  lxb_dom_node_t *root = parse(document, context, markup);
  if (!root)
    return NULL;
  while (root->first_child) {
    lxb_dom_node_t *child = root->first_child;
    lxb_dom_node_remove_wo_events(child);
    lxb_dom_node_insert_child_wo_events(fragment, child);
  }
  root->parent = NULL;
  return disable_scripts(fragment) ? fragment : NULL;
}

/* ---- serializing ------------------------------------------------------------------------------------------------ */

/* https://html.spec.whatwg.org/#escapingString */
static xhr_status escape(xhr__str text, bool attribute, xhr__bytes *out) {
  xhr_status status = XHR_OK;
  size_t start = 0;
  for (size_t i = 0; i < text.len && status == XHR_OK; i++) {
    uint8_t byte = xhr__str_at(text, i);
    const char *by = NULL;
    size_t len = 1;
    if (byte == '&')
      by = "&amp;";
    else if (byte == '<')
      by = "&lt;";
    else if (byte == '>')
      by = "&gt;";
    else if (byte == '"' && attribute)
      by = "&quot;";
    else if (byte == 0xC2 && i + 1 < text.len && xhr__str_at(text, i + 1) == 0xA0) {
      by = "&nbsp;";
      len = 2;
    }
    if (!by)
      continue;
    status = xhr__bytes_append(out, xhr__str_slice(text, start, i));
    if (status == XHR_OK)
      status = xhr__bytes_append(out, xhr__str_c(by));
    i += len - 1;
    start = i + 1;
  }
  return status == XHR_OK ? xhr__bytes_append(out, xhr__str_from(text, start)) : status;
}

/* Appends strings, the last of which is NULL. */
static xhr_status append_all(xhr__bytes *out, const xhr__str *parts, size_t count) {
  xhr_status status = XHR_OK;
  for (size_t i = 0; i < count && status == XHR_OK; i++)
    status = xhr__bytes_append(out, parts[i]);
  return status;
}

#define APPEND(out_, ...)                                                                          \
  append_all((out_), (const xhr__str[]){__VA_ARGS__},                                              \
             sizeof((const xhr__str[]){__VA_ARGS__}) / sizeof(xhr__str))

/* Of HTML, MathML and SVG elements the local name, of others the qualified one. */
static xhr__str tag_of(const lxb_dom_element_t *element) {
  lxb_ns_id_t ns = element->node.ns;
  return ns == LXB_NS_HTML || ns == LXB_NS_MATH || ns == LXB_NS_SVG
             ? xhr__element_local_name(element)
             : xhr__element_qualified_name(element);
}

/* https://html.spec.whatwg.org/#attribute's-serialised-name: the qualified name as the parser makes it says it for all but these. */
static xhr__str name_of(const lxb_dom_attr_t *attribute, xhr__str *prefix) {
  lxb_ns_id_t ns = xhr__attribute_namespace(attribute);
  xhr__str local = xhr__attribute_local_name(attribute);
  *prefix = XHR__STR_EMPTY;
  switch (ns) {
    case LXB_NS__UNDEF: return local;
    case LXB_NS_XML: *prefix = XHR__STR("xml:"); return local;
    case LXB_NS_XLINK: *prefix = XHR__STR("xlink:"); return local;
    case LXB_NS_XMLNS:
      if (!xhr__str_equals(local, XHR__STR("xmlns")))
        *prefix = XHR__STR("xmlns:");
      return local;
    default: return xhr__attribute_qualified_name(attribute);
  }
}

static xhr_status start_tag(const lxb_dom_element_t *element, xhr__bytes *out) {
  xhr_status status = APPEND(out, XHR__STR("<"), tag_of(element));
  for (const lxb_dom_attr_t *at = element->first_attr; at && status == XHR_OK; at = at->next) {
    xhr__str prefix, name = name_of(at, &prefix);
    status = APPEND(out, XHR__STR(" "), prefix, name, XHR__STR("=\""));
    if (status == XHR_OK)
      status = escape(xhr__attribute_value(at), true, out);
    if (status == XHR_OK)
      status = xhr__bytes_append_byte(out, '"');
  }
  return status == XHR_OK ? xhr__bytes_append_byte(out, '>') : status;
}

/* https://html.spec.whatwg.org/#serializes-as-void */
static bool is_void(const lxb_dom_node_t *node) {
  static const lxb_tag_id_t tags[] = {
      LXB_TAG_AREA, LXB_TAG_BASE,     LXB_TAG_BR,      LXB_TAG_COL,   LXB_TAG_EMBED,  LXB_TAG_HR,
      LXB_TAG_IMG,  LXB_TAG_INPUT,    LXB_TAG_LINK,    LXB_TAG_META,  LXB_TAG_SOURCE, LXB_TAG_TRACK,
      LXB_TAG_WBR,  LXB_TAG_BASEFONT, LXB_TAG_BGSOUND, LXB_TAG_FRAME, LXB_TAG_KEYGEN, LXB_TAG_PARAM,
  };
  for (size_t i = 0; i < sizeof tags / sizeof *tags; i++) {
    if (xhr__node_is_html(node, tags[i]))
      return true;
  }
  return false;
}

/* Whether text in that element is written as it is. */
static bool is_raw_text(const lxb_dom_node_t *node) {
  static const lxb_tag_id_t tags[] = {LXB_TAG_STYLE,    LXB_TAG_SCRIPT,  LXB_TAG_XMP,
                                      LXB_TAG_IFRAME,   LXB_TAG_NOEMBED, LXB_TAG_NOFRAMES,
                                      LXB_TAG_PLAINTEXT};
  for (size_t i = 0; node && i < sizeof tags / sizeof *tags; i++) {
    if (xhr__node_is_html(node, tags[i]))
      return true;
  }
  return node && xhr__node_is_html(node, LXB_TAG_NOSCRIPT) && node->owner_document->scripting;
}

/* What is written before a node's children. */
static xhr_status open_node(const lxb_dom_node_t *node, xhr__bytes *out) {
  switch (node->type) {
    case LXB_DOM_NODE_TYPE_ELEMENT: return start_tag((const void *)node, out);
    case LXB_DOM_NODE_TYPE_TEXT:
      return is_raw_text(node->parent) ? xhr__bytes_append(out, xhr__character_data(node))
                                       : escape(xhr__character_data(node), false, out);
    case LXB_DOM_NODE_TYPE_COMMENT:
      return APPEND(out, XHR__STR("<!--"), xhr__character_data(node), XHR__STR("-->"));
    case LXB_DOM_NODE_TYPE_PROCESSING_INSTRUCTION:
      return APPEND(out, XHR__STR("<?"), xhr__processing_instruction_target(node), XHR__STR(" "),
                    xhr__character_data(node), XHR__STR(">"));
    case LXB_DOM_NODE_TYPE_DOCUMENT_TYPE:
      return APPEND(out, XHR__STR("<!DOCTYPE "), xhr__document_type_name(node), XHR__STR(">"));
    default: return XHR_OK;
  }
}

static xhr_status close_node(const lxb_dom_node_t *node, xhr__bytes *out) {
  if (!xhr__node_is_element(node) || is_void(node))
    return XHR_OK;
  return APPEND(out, XHR__STR("</"), tag_of((const void *)node), XHR__STR(">"));
}

/* A template's contents, or the node itself. */
static const lxb_dom_node_t *contents_of(const lxb_dom_node_t *node) {
  if (!xhr__node_is_html(node, LXB_TAG_TEMPLATE))
    return node;
  const lxb_html_template_element_t *template = (const void *)node;
  return template->content ? &template->content->node : node;
}

/* https://html.spec.whatwg.org/#html-fragment-serialisation-algorithm
 * NOTE: by recursion for template contents alone. */
static xhr_status serialize_children(const lxb_dom_node_t *parent, xhr__bytes *out) {
  const lxb_dom_node_t *root = contents_of(parent), *node = root->first_child;
  xhr_status status = XHR_OK;
  if (is_void(parent))
    return XHR_OK;
  while (node && status == XHR_OK) {
    status = open_node(node, out);
    if (status == XHR_OK && contents_of(node) != node)
      status = serialize_children(node, out);
    else if (status == XHR_OK && node->first_child && !is_void(node)) {
      node = node->first_child;
      continue;
    }
    if (status == XHR_OK)
      status = close_node(node, out);
    while (status == XHR_OK && !node->next && node->parent != root) {
      node = node->parent;
      status = close_node(node, out);
    }
    node = node->next;
  }
  return status;
}

xhr_status xhr__html_serialize(const lxb_dom_node_t *node, bool outer, xhr__bytes *out) {
  if (!outer)
    return serialize_children(node, out);
  xhr_status status = open_node(node, out);
  if (status == XHR_OK)
    status = serialize_children(node, out);
  return status == XHR_OK ? close_node(node, out) : status;
}
