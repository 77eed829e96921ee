/* https://html.spec.whatwg.org/#parsing: the HTML parser, resumable: an input stream with an insertion point before lexbor's
 * tokenizer and tree builder. It stops right behind the end tag of each script element, and its owner sees to the script:
 *
 *   bytes ─ feed ─▶ decoder ─▶ input stream ─▶ tokenizer, tree ─▶ </script> ─▶ owner->prepare_script
 *                                  ▲                                                 │ runs it, or says that it has to wait
 *                                  └──────────── document.write ◀── the script ◀─────┘
 *
 * All calls of one thread; those of the owner come inside xhr__html_parser_feed, _end, _resume, _write and _close. */
#ifndef XHR__DOM_HTML_PARSER_H
#define XHR__DOM_HTML_PARSER_H

#include "dom/document.h"

typedef struct xhr__html_parser_owner {
  /* https://html.spec.whatwg.org/#prepare-the-script-element for a script element (HTML or SVG) whose end tag was
   * seen; its node data say parser_inserted. A microtask checkpoint goes before it where no script is running. True: it is
   * now the pending parsing-blocking script, and xhr__html_parser_resume is to be called once it is ready (not within this call). */
  bool (*prepare_script)(void *user, lxb_dom_element_t *script);
  /* https://html.spec.whatwg.org/#execute-the-script-element of the pending parsing-blocking script, inside
   * xhr__html_parser_resume. */
  void (*execute_script)(void *user, lxb_dom_element_t *script);
  /* The end of the stream has been parsed: https://html.spec.whatwg.org/#stop-parsing from its step 1's readiness on
   * (deferred scripts, DOMContentLoaded, load). The insertion point is undefined and the stack of open elements empty. */
  void (*stopped)(void *user);
  /* There was no memory for the tree; nothing more will be parsed, and `stopped` follows. May be NULL. */
  void (*failed)(void *user);
} xhr__html_parser_owner;

/* Makes the parser of an empty document and makes it the document's active one (an older one is aborted). `owner` NULL: no
 * scripting: script elements are parsed and left alone, noscript is markup. One reference is the document's. `transport_charset`: the
 * Content-Type's charset parameter as an encoding, or NONE; `fallback`: what it is without any sign of an encoding (NONE:
 * windows-1252). XHR_OK, XHR_OUT_OF_MEMORY. */
xhr_status xhr__html_parser_new(xhr__document *document, const xhr__html_parser_owner *owner,
                                void *user, xhr__encoding transport_charset,
                                xhr__encoding fallback);
xhr__html_parser *xhr__html_parser_ref(xhr__html_parser *parser);
void xhr__html_parser_unref(xhr__html_parser *parser);

/* Bytes of the resource, cut anywhere, and their end. They are decoded (the first 1024 are waited for where a meta element may say
 * in what: https://html.spec.whatwg.org/#encoding-sniffing-algorithm) and parsed up to where a script has to be waited
 * for. document->encoding is set before the first of them is parsed. XHR_OK; XHR_OUT_OF_MEMORY: parsing has ended. */
xhr_status xhr__html_parser_feed(xhr__html_parser *parser, xhr__str bytes);
xhr_status xhr__html_parser_end(xhr__html_parser *parser);
/* Text instead of bytes (UTF-8 or WTF-8). */
xhr_status xhr__html_parser_feed_text(xhr__html_parser *parser, xhr__str text);

/* The pending parsing-blocking script, or NULL. */
lxb_dom_element_t *xhr__html_parser_pending_script(const xhr__html_parser *parser);
/* It is ready (or has failed to load: execute_script is called all the same): the parser executes it and goes on. May be called at any time at
 * which no script runs; nothing happens where nothing is pending. */
void xhr__html_parser_resume(xhr__html_parser *parser);

/* https://html.spec.whatwg.org/#abort-a-parser: its owner is not called any more. The document is as far as it was. */
void xhr__html_parser_abort(xhr__html_parser *parser);

/* ---- document.open, write, close (runtime/'s Document calls them) ----------------------------------------------- */

/* Whether it has been neither stopped nor aborted: https://dom.spec.whatwg.org/#active-parser */
bool xhr__html_parser_is_active(const xhr__html_parser *parser);
/* A script-created parser: its input ends with xhr__html_parser_close. The document's nodes have been removed. */
xhr_status xhr__html_parser_new_script_created(xhr__document *document,
                                               const xhr__html_parser_owner *owner, void *user);
bool xhr__html_parser_insertion_point_defined(const xhr__html_parser *parser);
unsigned xhr__html_parser_script_nesting_level(const xhr__html_parser *parser);
bool xhr__html_parser_is_script_created(const xhr__html_parser *parser);
/* https://html.spec.whatwg.org/#document-write-steps, the last two: inserts text (WTF-8) before the insertion point, which must be
 * defined, and parses up to there, unless a script is pending. */
xhr_status xhr__html_parser_write(xhr__html_parser *parser, xhr__str text);
/* https://html.spec.whatwg.org/#dom-document-close, its steps 4 to 6, of a script-created parser. */
void xhr__html_parser_close(xhr__html_parser *parser);

#endif
