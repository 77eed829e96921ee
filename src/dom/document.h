/* https://dom.spec.whatwg.org/#concept-document: a tree of lexbor's with what a document is besides: URL, encoding, type,
 * readiness. Counted, for one thread at a time.
 *
 * Memory: nodes live in the arenas of the document that they were made in, all freed with it, and not before: a node that
 * was removed stays valid as long as its document. Whoever keeps a node keeps its document. Documents that are made from another one
 * (xhr__document_new's `sibling`) share its arenas and name tables, so that nodes can move between them; the arenas go with
 * the last of them. */
#ifndef XHR__DOM_DOCUMENT_H
#define XHR__DOM_DOCUMENT_H

#include <lexbor/html/interfaces/document.h>

#include "encoding/encoding.h"
#include "infra/bytes.h"
#include "url/url.h"

typedef struct xhr__html_parser xhr__html_parser;

/* https://html.spec.whatwg.org/#current-document-readiness */
typedef enum xhr__ready_state {
  XHR__DOCUMENT_LOADING,
  XHR__DOCUMENT_INTERACTIVE,
  XHR__DOCUMENT_COMPLETE
} xhr__ready_state;

typedef struct xhr__document {
  uint32_t references;
  lxb_dom_document_t *tree;    /* its node's `user` is what any node's is: see dom/node_data.h */
  struct xhr__document *arena; /* counted: whose arenas it shares; NULL: its own */
  bool is_html;                /* its type: "html", else "xml" */
  xhr__url url;                /* about:blank to begin with */
  xhr__encoding encoding;      /* UTF-8 to begin with */
  xhr__bytes content_type;     /* "application/xml" to begin with, "text/html" where is_html */
  xhr__bytes referrer;         /* a serialized URL, or empty */
  xhr__bytes last_modified;    /* as document.lastModified shows it; empty: now */
  xhr__ready_state
      ready_state; /* "complete" to begin with: documents that are loaded begin with "loading" */
  xhr__html_parser *parser; /* counted: the active parser, or NULL */
  /* https://html.spec.whatwg.org/#ignore-destructive-writes-counter, #throw-on-dynamic-markup-insertion-counter,
   * #unload-counter */
  unsigned ignore_destructive_writes, throw_on_dynamic_markup_insertion, unload_counter;
  bool parser_was_aborted; /* https://html.spec.whatwg.org/#active-parser-was-aborted */
} xhr__document;

/* One reference to a new, empty document; NULL for want of memory. */
xhr__document *xhr__document_new(bool is_html, xhr__document *sibling);
xhr__document *xhr__document_ref(xhr__document *document);
/* The last reference frees it with its nodes; a parser of its is aborted. NULL is allowed. */
void xhr__document_unref(xhr__document *document);

/* The document of a node: of the node itself where it is one. Borrowed. */
xhr__document *xhr__document_of_node(const lxb_dom_node_t *node);

/* https://html.spec.whatwg.org/#document-base-url: the first base element's frozen URL, or the fallback. `out` is
 * overwritten. XHR_OK, XHR_OUT_OF_MEMORY. */
xhr_status xhr__document_base_url(const xhr__document *document, xhr__url *out);

#endif
