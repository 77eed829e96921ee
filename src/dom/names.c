#include "dom/names.h"

#include <lexbor/html/interface.h>
#include <lexbor/ns/ns.h>

#include "infra/utf8.h"

/* Of lexbor's functions that it exports without declaring them in a header. */
LXB_API const lxb_tag_data_t *lxb_tag_append(lexbor_hash_t *hash, lxb_tag_id_t tag_id,
                                             const lxb_char_t *name, size_t length);
LXB_API const lxb_tag_data_t *lxb_tag_append_lower(lexbor_hash_t *hash, const lxb_char_t *name,
                                                   size_t length);
LXB_API lxb_dom_attr_data_t *lxb_dom_attr_local_name_append(lexbor_hash_t *hash,
                                                            const lxb_char_t *name, size_t length);
LXB_API lxb_dom_attr_data_t *lxb_dom_attr_qualified_name_append(lexbor_hash_t *hash,
                                                                const lxb_char_t *name,
                                                                size_t length);

static const lxb_char_t *chars(xhr__str s) {
  return (const lxb_char_t *)s.data;
}

static xhr__str entry_str(const lexbor_hash_entry_t *entry) {
  return xhr__str_of((const char *)lexbor_hash_entry_str(entry), entry->length);
}

static xhr__str tag_name(lxb_tag_id_t id) {
  const lxb_tag_data_t *data = lxb_tag_data_by_id(id);
  return data ? entry_str(&data->entry) : XHR__STR_EMPTY;
}

static xhr__str attribute_name(lxb_dom_attr_id_t id) {
  const lxb_dom_attr_data_t *data = lxb_dom_attr_data_by_id(NULL, id);
  return data ? entry_str(&data->entry) : XHR__STR_EMPTY;
}

/* What stands behind the first colon. */
static xhr__str behind_colon(xhr__str name) {
  size_t colon = xhr__str_find(name, 0, ':');
  return colon < name.len ? xhr__str_from(name, colon + 1) : name;
}

/* ---- reading ---------------------------------------------------------------------------------------------------- */

xhr__str xhr__element_qualified_name(const lxb_dom_element_t *element) {
  return tag_name(element->qualified_name ? element->qualified_name : element->node.local_name);
}

xhr__str xhr__element_local_name(const lxb_dom_element_t *element) {
  xhr__str name = xhr__element_qualified_name(element);
  return element->node.prefix ? behind_colon(name) : name;
}

xhr__str xhr__attribute_qualified_name(const lxb_dom_attr_t *attribute) {
  return attribute_name(attribute->qualified_name ? attribute->qualified_name
                                                  : attribute->node.local_name);
}

xhr__str xhr__attribute_local_name(const lxb_dom_attr_t *attribute) {
  xhr__str name = xhr__attribute_qualified_name(attribute);
  return attribute->node.prefix ? behind_colon(name) : name;
}

bool xhr__node_prefix(const lxb_dom_node_t *node, xhr__str *prefix) {
  *prefix = XHR__STR_EMPTY;
  if (!node->prefix)
    return false;
  xhr__str name = node->type == LXB_DOM_NODE_TYPE_ATTRIBUTE
                      ? xhr__attribute_qualified_name((const lxb_dom_attr_t *)(const void *)node)
                      : xhr__element_qualified_name((const lxb_dom_element_t *)(const void *)node);
  *prefix = xhr__str_slice(name, 0, xhr__str_find(name, 0, ':'));
  return true;
}

lxb_ns_id_t xhr__attribute_namespace(const lxb_dom_attr_t *attribute) {
  lxb_ns_id_t id = attribute->node.ns;
  return id == LXB_NS_HTML || id == LXB_NS_SVG || id == LXB_NS_MATH ? LXB_NS__UNDEF : id;
}

bool xhr__node_namespace(const lxb_dom_node_t *node, xhr__str *namespace) {
  lxb_ns_id_t id = node->type == LXB_DOM_NODE_TYPE_ATTRIBUTE
                       ? xhr__attribute_namespace((const lxb_dom_attr_t *)(const void *)node)
                       : node->ns;
  *namespace =
      id == LXB_NS__UNDEF ? XHR__STR_EMPTY : entry_str(&lxb_ns_data_by_id(NULL, id)->entry);
  return id != LXB_NS__UNDEF;
}

/* ---- making ----------------------------------------------------------------------------------------------------- */

/* Interns a namespace as it is written, under a key of its own. */
static bool intern(xhr__document *document, xhr__str namespace, lxb_ns_id_t *id) {
  lxb_ns_data_t *data = lexbor_hash_insert(document->tree->ns, lexbor_hash_insert_raw,
                                           chars(namespace), namespace.len);
  if (!data)
    return false;
  data->ns_id = (lxb_ns_id_t)data;
  *id = data->ns_id;
  return true;
}

bool xhr__namespace_intern(xhr__document *document, xhr__str namespace, lxb_ns_id_t *id) {
  *id = LXB_NS__UNDEF;
  if (namespace.len == 0)
    return true;
  for (lxb_ns_id_t known = LXB_NS_HTML; known < LXB_NS__LAST_ENTRY; known++) {
    if (xhr__str_equals(entry_str(&lxb_ns_data_by_id(NULL, known)->entry), namespace)) {
      *id = known;
      return true;
    }
  }
  return intern(document, namespace, id);
}

static bool has_upper(xhr__str name) {
  for (size_t i = 0; i < name.len; i++) {
    if (xhr__is_ascii_upper(xhr__str_at(name, i)))
      return true;
  }
  return false;
}

lxb_dom_element_t *xhr__element_new(xhr__document *document, lxb_ns_id_t namespace,
                                    xhr__str qualified_name, size_t prefix_len) {
  lexbor_hash_t *tags = document->tree->tags;
  xhr__str local = prefix_len > 0 ? xhr__str_from(qualified_name, prefix_len + 1) : qualified_name;
  /* An HTML element's name with upper case is none that lexbor's tables know: DIV is no div. */
  const lxb_tag_data_t *tag = namespace == LXB_NS_HTML
                                  ? lxb_tag_append(tags, LXB_TAG__UNDEF, chars(local), local.len)
                                  : lxb_tag_append_lower(tags, chars(local), local.len);
  lxb_dom_element_t *element =
      tag ? lxb_html_interface_create(xhr__document_html(document), tag->tag_id, namespace) : NULL;
  if (!element)
    return NULL;
  if (prefix_len > 0) {
    const lxb_ns_prefix_data_t *prefix =
        lxb_ns_prefix_append(document->tree->prefix, chars(qualified_name), prefix_len);
    if (!prefix)
      return NULL;
    element->node.prefix = prefix->prefix_id;
  }
  if (prefix_len > 0 || (namespace != LXB_NS_HTML && has_upper(local))) {
    const lxb_tag_data_t *raw =
        lxb_tag_append(tags, tag->tag_id, chars(qualified_name), qualified_name.len);
    if (!raw)
      return NULL;
    element->qualified_name = (lxb_dom_attr_id_t)raw;
  }
  return element;
}

lxb_dom_attr_t *xhr__attribute_new(xhr__document *document, lxb_ns_id_t namespace,
                                   xhr__str qualified_name, size_t prefix_len) {
  lexbor_hash_t *attrs = document->tree->attrs;
  xhr__str local = prefix_len > 0 ? xhr__str_from(qualified_name, prefix_len + 1) : qualified_name;
  lxb_dom_attr_t *attribute = lxb_dom_attr_interface_create(document->tree);
  lxb_dom_attr_data_t *name = lxb_dom_attr_local_name_append(attrs, chars(local), local.len);
  if (!attribute || !name ||
      lxb_dom_attr_set_value(attribute, (const lxb_char_t *)"", 0) != LXB_STATUS_OK)
    return NULL;
  attribute->node.local_name = name->attr_id;
  attribute->node.ns = namespace;
  /* Lexbor's own keys of elements' namespaces stand for null in attributes. */
  if ((namespace == LXB_NS_HTML || namespace == LXB_NS_SVG || namespace == LXB_NS_MATH) &&
      !intern(document, entry_str(&lxb_ns_data_by_id(NULL, namespace)->entry), &attribute->node.ns))
    return NULL;
  if (prefix_len > 0) {
    const lxb_ns_prefix_data_t *prefix =
        lxb_ns_prefix_append(document->tree->prefix, chars(qualified_name), prefix_len);
    if (!prefix)
      return NULL;
    attribute->node.prefix = prefix->prefix_id;
  }
  if (prefix_len > 0 || has_upper(local)) {
    lxb_dom_attr_data_t *raw =
        lxb_dom_attr_qualified_name_append(attrs, chars(qualified_name), qualified_name.len);
    if (!raw)
      return NULL;
    attribute->qualified_name = (lxb_dom_attr_id_t)raw;
  }
  return attribute;
}

/* ---- from one document's tables to another's -------------------------------------------------------------------- */

static bool adopt_tag(lexbor_hash_t *tags, uintptr_t *id, lxb_tag_id_t of) {
  if (*id < LXB_TAG__LAST_ENTRY)
    return true;
  xhr__str name = tag_name(*id);
  lxb_tag_data_t *data = lexbor_hash_insert(tags, lexbor_hash_insert_raw, chars(name), name.len);
  if (!data)
    return false;
  if (data->tag_id == LXB_TAG__UNDEF)
    data->tag_id = of != LXB_TAG__UNDEF ? of : (lxb_tag_id_t)data;
  *id = (uintptr_t)data;
  return true;
}

static bool adopt_attribute(lexbor_hash_t *attrs, uintptr_t *id) {
  if (*id < LXB_DOM_ATTR__LAST_ENTRY)
    return true;
  xhr__str name = attribute_name(*id);
  lxb_dom_attr_data_t *data =
      lexbor_hash_insert(attrs, lexbor_hash_insert_raw, chars(name), name.len);
  if (!data)
    return false;
  data->attr_id = (lxb_dom_attr_id_t)data;
  *id = (uintptr_t)data;
  return true;
}

bool xhr__node_adopt_names(lxb_dom_node_t *node, xhr__document *to) {
  if (node->prefix >= LXB_NS__LAST_ENTRY) {
    xhr__str prefix;
    (void)xhr__node_prefix(node, &prefix);
    const lxb_ns_prefix_data_t *data =
        lxb_ns_prefix_append(to->tree->prefix, chars(prefix), prefix.len);
    if (!data)
      return false;
    node->prefix = data->prefix_id;
  }
  if (node->ns >= LXB_NS__LAST_ENTRY &&
      !intern(to, entry_str(&lxb_ns_data_by_id(NULL, node->ns)->entry), &node->ns))
    return false;
  if (node->type == LXB_DOM_NODE_TYPE_ATTRIBUTE) {
    lxb_dom_attr_t *attribute = lxb_dom_interface_attr(node);
    return adopt_attribute(to->tree->attrs, &node->local_name) &&
           adopt_attribute(to->tree->attrs, &attribute->qualified_name);
  }
  if (node->type != LXB_DOM_NODE_TYPE_ELEMENT)
    return true;
  lxb_dom_element_t *element = lxb_dom_interface_element(node);
  element->upper_name = 0;
  return adopt_tag(to->tree->tags, &node->local_name, LXB_TAG__UNDEF) &&
         adopt_tag(to->tree->tags, &element->qualified_name, node->local_name);
}

/* ---- validation ------------------------------------------------------------------------------------------------- */

/* No ASCII whitespace, no NUL, none of `others`. */
static bool is_free_of(xhr__str name, const char *others) {
  for (size_t i = 0; i < name.len; i++) {
    uint8_t byte = xhr__str_at(name, i);
    if (byte == 0 || xhr__is_ascii_whitespace(byte) || strchr(others, byte))
      return false;
  }
  return true;
}

bool xhr__is_valid_namespace_prefix(xhr__str prefix) {
  return prefix.len > 0 && is_free_of(prefix, "/>");
}

bool xhr__is_valid_attribute_local_name(xhr__str name) {
  return name.len > 0 && is_free_of(name, "/=>");
}

bool xhr__is_valid_doctype_name(xhr__str name) {
  return is_free_of(name, ">");
}

bool xhr__is_valid_element_local_name(xhr__str name) {
  /* 1. */
  if (name.len == 0)
    return false;
  /* 2. */
  uint8_t first = xhr__str_at(name, 0);
  if (xhr__is_ascii_alpha(first))
    return is_free_of(name, "/>");
  /* 3. */
  if (first != ':' && first != '_' && first < 0x80)
    return false;
  /* 4. */
  for (size_t i = 1; i < name.len; i++) {
    uint8_t byte = xhr__str_at(name, i);
    if (byte < 0x80 && !xhr__is_ascii_alnum(byte) && (byte == 0 || !strchr("-.:_", byte)))
      return false;
  }
  /* 5. */
  return true;
}

/* https://www.w3.org/TR/xml/#NT-NameStartChar, in pairs */
static const uint32_t name_start[][2] = {
    {':', ':'},       {'A', 'Z'},       {'_', '_'},       {'a', 'z'},
    {0xC0, 0xD6},     {0xD8, 0xF6},     {0xF8, 0x2FF},    {0x370, 0x37D},
    {0x37F, 0x1FFF},  {0x200C, 0x200D}, {0x2070, 0x218F}, {0x2C00, 0x2FEF},
    {0x3001, 0xD7FF}, {0xF900, 0xFDCF}, {0xFDF0, 0xFFFD}, {0x10000, 0xEFFFF},
};
/* What https://www.w3.org/TR/xml/#NT-NameChar has besides. */
static const uint32_t name_more[][2] = {
    {'-', '.'}, {'0', '9'}, {0xB7, 0xB7}, {0x300, 0x36F}, {0x203F, 0x2040},
};

static bool is_within(uint32_t code_point, const uint32_t pairs[][2], size_t count) {
  for (size_t i = 0; i < count; i++) {
    if (code_point >= pairs[i][0] && code_point <= pairs[i][1])
      return true;
  }
  return false;
}

bool xhr__is_xml_name(xhr__str name) {
  /* An unpaired surrogate reads as U+FFFD, which a name may have. */
  for (size_t i = 0; i < name.len;) {
    bool first = i == 0;
    if (xhr__str_at(name, i) == 0xED && i + 1 < name.len && xhr__str_at(name, i + 1) >= 0xA0)
      return false;
    uint32_t code_point = xhr__utf8_next(name, &i);
    if (!is_within(code_point, name_start, sizeof name_start / sizeof *name_start) &&
        (first || !is_within(code_point, name_more, sizeof name_more / sizeof *name_more)))
      return false;
  }
  return name.len > 0;
}

const char *xhr__validate_and_extract(xhr__str namespace, xhr__str qualified_name, bool is_element,
                                      size_t *prefix_len) {
  /* 1. - 3. the empty namespace is null */
  xhr__str prefix = XHR__STR_EMPTY, local_name = qualified_name;
  size_t colon = xhr__str_find(qualified_name, 0, ':');
  bool has_prefix = colon < qualified_name.len;
  /* 4. */
  if (has_prefix) {
    prefix = xhr__str_slice(qualified_name, 0, colon);
    local_name = xhr__str_from(qualified_name, colon + 1);
    if (!xhr__is_valid_namespace_prefix(prefix))
      return "InvalidCharacterError";
  }
  /* 5. - 7. */
  if (is_element ? !xhr__is_valid_element_local_name(local_name)
                 : !xhr__is_valid_attribute_local_name(local_name))
    return "InvalidCharacterError";
  /* 8. */
  if (has_prefix && namespace.len == 0)
    return "NamespaceError";
  /* 9. */
  if (xhr__str_equals(prefix, XHR__STR("xml")) && !xhr__str_equals(namespace, XHR__XML_NAMESPACE))
    return "NamespaceError";
  /* 10. - 11. */
  bool is_xmlns = xhr__str_equals(qualified_name, XHR__STR("xmlns")) ||
                  xhr__str_equals(prefix, XHR__STR("xmlns"));
  if (is_xmlns != xhr__str_equals(namespace, XHR__XMLNS_NAMESPACE))
    return "NamespaceError";
  /* 12. */
  *prefix_len = prefix.len;
  return NULL;
}
