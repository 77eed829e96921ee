/* A page: a document in a window, loaded from a URL with its scripts.
 *
 *   fetch ─▶ document, window ─▶ parser ─▶ scripts ─▶ DOMContentLoaded ─▶ load
 *
 * It lives on one loop, whose dispatches do all of that; images, styles and frames are not loaded. */
#ifndef XHR__RUNTIME_PAGE_H
#define XHR__RUNTIME_PAGE_H

#include <quickjs.h>

#include "infra/str.h"
#include "session/context.h"
#include "url/url.h"
#include "xhr/quickjs.h"

typedef struct xhr__page xhr__page;

typedef struct xhr__page_settings {
  xhr_quickjs_options realm; /* of its realm */
  /* There is no page to be had: `why` says it in a sentence. Inside a dispatch, once. */
  void (*failed)(void *user, xhr__str why);
  /* A script has called window.close(): the page is to be freed once the dispatch is back. */
  void (*closed)(void *user);
  void *user;
} xhr__page_settings;

/* Begins to load a page. `opener` is a system context of the loop and session that the page is to have: it asks for the page,
 * as somebody does who types its address. What is given is copied, or counted; the runtime is borrowed as long as the page
 * lives. XHR_OK, XHR_OUT_OF_MEMORY, XHR_CLOSED. */
xhr_status xhr__page_load(JSRuntime *runtime, xhr_context *opener, const xhr__url *url,
                          const xhr__page_settings *settings, xhr__page **page);
/* Ends what it has pending, without running any script. Not inside a dispatch. NULL is allowed. */
void xhr__page_free(xhr__page *page);

#endif
