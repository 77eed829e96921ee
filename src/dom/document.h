/* https://dom.spec.whatwg.org/#concept-document: a tree of lexbor's with what a document is besides: URL, encoding, type,
 * readiness. Counted, for one thread at a time.
 *
 * Memory: nodes live in the arenas of the document that they were made in, and nothing frees them before: a node that was
 * removed stays valid as long as its document. Whoever keeps a node keeps its document. Documents between which a node has
 * moved are a group from then on, whose arenas go together, with the last of them. */
#ifndef XHR__DOM_DOCUMENT_H
#define XHR__DOM_DOCUMENT_H

#include <lexbor/html/parser.h>

#include "encoding/encoding.h"
#include "infra/bytes.h"
#include "infra/list.h"
#include "url/url.h"

typedef struct xhr__html_parser xhr__html_parser;
typedef struct xhr__document_group xhr__document_group;
typedef struct xhr__document xhr__document;

/* https://html.spec.whatwg.org/#current-document-readiness */
typedef enum xhr__ready_state {
  XHR__DOCUMENT_LOADING,
  XHR__DOCUMENT_INTERACTIVE,
  XHR__DOCUMENT_COMPLETE
} xhr__ready_state;

/* What whoever stands for the document in a language of scripts wants to be told of. NULL: nothing. */
typedef struct xhr__document_steps {
  /* https://dom.spec.whatwg.org/#concept-node-post-connection-ext: a script element became connected, or is connected and
   * its children changed, or its src or href was set; nobody's parser is at work on it. It may run script. */
  void (*script_changed)(void *user, lxb_dom_element_t *script);
  /* https://html.spec.whatwg.org/#document-base-url may have changed. It runs no script; nor do the following. */
  void (*base_url_changed)(void *user);
  /* https://dom.spec.whatwg.org/#concept-element-attributes-change-ext: `value` is the new one; false in `exists`: it has been
   * removed. Not called for what a parser sets. */
  void (*attribute_changed)(void *user, lxb_dom_attr_t *attribute, lxb_dom_element_t *element,
                            bool exists);
  /* https://dom.spec.whatwg.org/#concept-node-adopt-ext: the node, which has node data, is this document's now, and was `old_document`'s. */
  void (*adopted)(void *user, lxb_dom_node_t *node, xhr__document *old_document);
  /* Whether parsing is to be given up, asked between any two tags: deeply nested text takes time that grows with the square of
   * its length. */
  bool (*is_over)(void *user);
} xhr__document_steps;

struct xhr__document {
  uint32_t references;
  lxb_dom_document_t *tree; /* its `user` is the xhr__document */
  xhr__document_group *group;
  xhr__list member;        /* of the group's */
  bool is_html;            /* its type: "html", else "xml" */
  xhr__url url;            /* about:blank to begin with */
  xhr__encoding encoding;  /* UTF-8 to begin with */
  xhr__bytes content_type; /* "text/html" or "application/xml" to begin with */
  xhr__bytes referrer;     /* a serialized URL, or empty */
  /* https://html.spec.whatwg.org/#fallback-base-url's own part, about:srcdoc and about:blank's: the empty record where there is none */
  xhr__url about_base_url;
  xhr__ready_state ready_state; /* "complete" to begin with */
  xhr__html_parser *parser;     /* counted: the last one; NULL: there was none */
  const xhr__document_steps *steps;
  void *steps_user;
  uint64_t version; /* changes with each change of the tree or of an attribute */
  /* https://html.spec.whatwg.org/#ignore-destructive-writes-counter, #throw-on-dynamic-markup-insertion-counter,
   * #unload-counter */
  unsigned ignore_destructive_writes, throw_on_dynamic_markup_insertion, unload_counter;
  bool parser_was_aborted;            /* https://html.spec.whatwg.org/#active-parser-was-aborted */
  lxb_html_parser_t *fragment_parser; /* NULL until a fragment was parsed */
  bool
      has_parser_forms; /* a parser has associated a control with a form that is no ancestor of its */
};

/* What its steps say of that; false without any. */
static inline bool xhr__document_is_over(const xhr__document *document) {
  return document->steps && document->steps->is_over &&
         document->steps->is_over(document->steps_user);
}
/* One reference to a new, empty document; NULL for want of memory. */
xhr__document *xhr__document_new(bool is_html);
xhr__document *xhr__document_ref(xhr__document *document);
/* The last reference frees it with its nodes; a parser of its is aborted. NULL is allowed. */
void xhr__document_unref(xhr__document *document);
/* Makes one group of the two documents' groups; false for want of memory. */
bool xhr__document_join(xhr__document *document, xhr__document *other);

/* https://dom.spec.whatwg.org/#concept-node-document: of the node itself where it is one. Borrowed. */
xhr__document *xhr__document_of_node(const lxb_dom_node_t *node);
/* The node that the document is. */
static inline lxb_dom_node_t *xhr__document_node(const xhr__document *document) {
  return &document->tree->node;
}
static inline lxb_html_document_t *xhr__document_html(const xhr__document *document) {
  return (lxb_html_document_t *)(void *)document->tree;
}

/* https://html.spec.whatwg.org/#document-base-url: the first base element's frozen URL, or the fallback. `out` is
 * overwritten. XHR_OK, XHR_OUT_OF_MEMORY. */
xhr_status xhr__document_base_url(const xhr__document *document, xhr__url *out);
/* https://html.spec.whatwg.org/#fallback-base-url: borrowed. */
const xhr__url *xhr__document_fallback_base_url(const xhr__document *document);

#endif
