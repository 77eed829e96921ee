#include "dom/document.h"

#include "dom/html_parser.h"
#include "dom/names.h"
#include "dom/node.h"

/* Lexbor's documents whose arenas are freed together. */
struct xhr__document_group {
  xhr__list members; /* of xhr__document */
  lxb_html_document_t **trees;
  size_t count, capacity;
};

static void free_group(xhr__document_group *group) {
  for (size_t i = 0; i < group->count; i++)
    (void)lxb_html_document_destroy(group->trees[i]);
  xhr__free(group->trees);
  xhr__free(group);
}

/* Room for `more` trees. */
static bool reserve(xhr__document_group *group, size_t more) {
  void *trees = group->trees;
  if (!xhr__grow(&trees, &group->capacity, group->count + more, sizeof(lxb_html_document_t *)))
    return false;
  group->trees = trees;
  return true;
}

static xhr__document_group *new_group(void) {
  xhr__document_group *group = XHR__NEW(xhr__document_group);
  if (!group)
    return NULL;
  xhr__list_init(&group->members);
  if (!reserve(group, 1)) {
    xhr__free(group);
    return NULL;
  }
  lxb_html_document_t *tree = lxb_html_document_create();
  if (!tree) {
    free_group(group);
    return NULL;
  }
  group->trees[group->count++] = tree;
  return group;
}

bool xhr__document_join(xhr__document *document, xhr__document *other) {
  xhr__document_group *to = document->group, *from = other->group;
  if (to == from)
    return true;
  if (!reserve(to, from->count))
    return false;
  for (size_t i = 0; i < from->count; i++)
    to->trees[to->count++] = from->trees[i];
  for (xhr__list *node = from->members.next; node != &from->members; node = node->next)
    XHR__OWNER(node, xhr__document, member)->group = to;
  xhr__list_splice(&to->members, &from->members);
  from->count = 0;
  free_group(from);
  return true;
}

xhr__document *xhr__document_new(bool is_html) {
  xhr__document *document = XHR__NEW(xhr__document);
  if (!document)
    return NULL;
  document->references = 1;
  document->is_html = is_html;
  document->encoding = XHR__ENCODING_UTF_8;
  document->ready_state = XHR__DOCUMENT_COMPLETE;
  xhr__list_init(&document->member);
  document->group = new_group();
  if (!document->group || xhr__url_parse(XHR__STR("about:blank"), NULL, &document->url) != XHR_OK ||
      xhr__bytes_assign(&document->content_type,
                        is_html ? XHR__STR("text/html") : XHR__STR("application/xml")) != XHR_OK) {
    xhr__document_unref(document);
    return NULL;
  }
  xhr__list_append(&document->group->members, &document->member);
  document->tree = &document->group->trees[0]->dom_document;
  document->tree->user = document;
  document->tree->type = is_html ? LXB_DOM_DOCUMENT_DTYPE_HTML : LXB_DOM_DOCUMENT_DTYPE_XML;
  /* What lexbor does of its own accord when nodes come and go (style sheets, selects) is not wanted. */
  lxb_dom_document_mutation_init(document->tree);
  return document;
}

xhr__document *xhr__document_ref(xhr__document *document) {
  document->references++;
  return document;
}

void xhr__document_unref(xhr__document *document) {
  if (!document || --document->references > 0)
    return;
  if (document->parser) {
    xhr__html_parser_abort(document->parser);
    xhr__html_parser_unref(document->parser);
  }
  (void)lxb_html_parser_unref(document->fragment_parser);
  xhr__list_remove(&document->member);
  if (document->group && xhr__list_empty(&document->group->members))
    free_group(document->group);
  xhr__url_free(&document->url);
  xhr__url_free(&document->about_base_url);
  xhr__bytes_free(&document->content_type);
  xhr__bytes_free(&document->referrer);
  xhr__free(document);
}

xhr__document *xhr__document_of_node(const lxb_dom_node_t *node) {
  return node->owner_document->user;
}

/* ---- base URL --------------------------------------------------------------------------------------------------- */

const xhr__url *xhr__document_fallback_base_url(const xhr__document *document) {
  /* 1. - 2. */
  if (xhr__url_is_set(&document->about_base_url))
    return &document->about_base_url;
  /* 3. */
  return &document->url;
}

xhr_status xhr__document_base_url(const xhr__document *document, xhr__url *out) {
  const xhr__url *fallback = xhr__document_fallback_base_url(document);
  lxb_dom_node_t *root = xhr__document_node(document);
  *out = (xhr__url){0};
  /* 1. - 2. https://html.spec.whatwg.org/#set-the-frozen-base-url: computed when it is asked for */
  for (lxb_dom_node_t *node = root; node; node = xhr__node_following(node, root)) {
    xhr__str href;
    if (node->local_name != LXB_TAG_BASE || node->ns != LXB_NS_HTML ||
        !xhr__element_attribute(lxb_dom_interface_element(node), XHR__STR("href"), &href))
      continue;
    xhr_status status = xhr__url_parse(href, fallback, out);
    if (status == XHR_OUT_OF_MEMORY)
      return status;
    if (status == XHR_OK && !xhr__url_scheme_is(out, "data") &&
        !xhr__url_scheme_is(out, "javascript"))
      return XHR_OK;
    xhr__url_free(out);
    break;
  }
  return xhr__url_copy(fallback, out);
}
