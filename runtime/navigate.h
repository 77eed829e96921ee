/* https://html.spec.whatwg.org/#navigate: how a page goes elsewhere. It stays where it is, but for fragments. */
#ifndef XHR__RUNTIME_NAVIGATE_H
#define XHR__RUNTIME_NAVIGATE_H

#include "runtime/realm.h"
#include "url/url.h"

/* To a fragment of the page itself, or nowhere, which the console is told. False where it threw, for want of memory. */
bool xhr__navigate(xhr__realm *realm, const xhr__url *url);
/* Tells the console that the page was to be replaced by that one, and is not. */
void xhr__refuse_navigation(xhr__realm *realm, const xhr__url *url);

#endif
