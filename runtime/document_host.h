/* What a document asks of the page that it is in: the page sets these on the document's object, by xhr__document_set_host.
 * A document without a host has no browsing context: its defaultView is null, its cookies are "", its scripts do not run. */
#ifndef XHR__RUNTIME_DOCUMENT_HOST_H
#define XHR__RUNTIME_DOCUMENT_HOST_H

#include "dom/html_parser.h"
#include "runtime/realm.h"

/* Each is called on the realm's thread, with `user` as it was set. NULL members: nothing happens, or what is said. */
typedef struct xhr__document_host {
  /* For the parser that document.open() makes: the same that the page's own parser has. */
  const xhr__html_parser_owner *parser_owner;
  void *parser_user;
  /* A script element that no parser is at work on became connected, or is connected and got children, or its first src
   * (https://html.spec.whatwg.org/#script-processing-model): to be prepared. Its node data say whether it has started. */
  void (*script_changed)(void *user, lxb_dom_element_t *script);
  /* document.cookie, UTF-8: get appends to `out`. */
  xhr_status (*cookie_get)(void *user, xhr__bytes *out);
  void (*cookie_set)(void *user, xhr__str value);
  /* The Location object, the caller's. NULL: document.location is null. */
  JSValue (*location)(void *user, xhr__realm *realm);
  /* The document base URL may have changed: a base element came, went or was changed, or the URL. */
  void (*base_url_changed)(void *user);
  /* https://html.spec.whatwg.org/#document-open-steps is about to go on with a document that had been loaded: what the page
   * has under way for it (a navigation, deferred scripts) is to be dropped. */
  void (*opened)(void *user);
} xhr__document_host;

#endif
