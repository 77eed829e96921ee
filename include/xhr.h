/*
 * libxhr: XMLHttpRequest, whole, outside the browser.
 *
 * Four nouns:
 *   session  what requests share: connections, TLS trust, proxies, limits. Shared by threads, counted.
 *   loop     one thread's queue of events. You run it, or your own loop calls xhr_loop_dispatch().
 *   context  where requests are made: a base URL on a session and a loop.
 *   xhr      one XMLHttpRequest.
 *
 * Rules that hold everywhere:
 *   - A function that can fail returns an xhr_status: XHR_OK or a negative code; then nothing has changed.
 *   - `const` pointers and xhr_string values are borrowed. What xhr_..._new gives is yours until xhr_..._unref or _free.
 *   - A loop, its contexts and their XHRs belong to the thread that made the loop; other threads get XHR_WRONG_THREAD.
 *     A session may be used from every thread.
 *   - Every call is legal inside every listener, but for xhr_loop_dispatch, xhr_loop_wait and xhr_loop_run of the same
 *     loop (XHR_REENTRANT). Releasing, aborting and destroying take full effect when the dispatch unwinds.
 *   - NULL for an object gives XHR_INVALID_ARGUMENT, or nothing happens where a function returns void.
 *   - After fork() only exec() is allowed.
 */
#ifndef XHR_H
#define XHR_H

#include "xhr/allocator.h"
#include "xhr/api.h"
#include "xhr/body.h"
#include "xhr/context.h"
#include "xhr/event.h"
#include "xhr/failure.h"
#include "xhr/form_data.h"
#include "xhr/loop.h"
#include "xhr/request.h"
#include "xhr/session.h"
#include "xhr/status.h"
#include "xhr/string.h"
#include "xhr/version.h"

#endif
