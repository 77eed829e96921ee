#include "runtime/navigate.h"

#include "infra/alloc.h"
#include "runtime/console.h"
#include "runtime/event_target.h"
#include "runtime/global_task.h"
#include "runtime/page_events.h"
#include "runtime/page_state.h"

/* The task that fires hashchange. */
typedef struct hash_change {
  xhr__global_task task;
  xhr__url old_url, new_url;
} hash_change;

static void free_hash_change(xhr__global_task *task) {
  hash_change *change = XHR__OWNER(task, hash_change, task);
  xhr__url_free(&change->old_url);
  xhr__url_free(&change->new_url);
  xhr__free(change);
}

static void fire_hash_change(xhr__global_task *task) {
  hash_change *change = XHR__OWNER(task, hash_change, task);
  xhr__realm *realm = task->realm;
  JSValue event = xhr__hash_change_event_new(realm, xhr__url_href(&change->old_url, false),
                                             xhr__url_href(&change->new_url, false));
  free_hash_change(task);
  (void)xhr__dispatch_new(realm, realm->global, event);
}

static bool are_fragments_equal(const xhr__url *a, const xhr__url *b) {
  return xhr__url_has_fragment(a) == xhr__url_has_fragment(b) &&
         xhr__str_equals(xhr__url_fragment(a), xhr__url_fragment(b));
}

/* https://html.spec.whatwg.org/#navigate-fragid
 * NOTE: there is no session history, so no popstate; and nothing that scrolls. */
static xhr_status navigate_to_fragment(xhr__realm *realm, const xhr__url *url) {
  xhr__page *page = xhr__window_of(realm)->page;
  hash_change *change = XHR__NEW(hash_change);
  xhr_status status = change ? xhr__url_copy(url, &change->new_url) : XHR_OUT_OF_MEMORY;
  if (status == XHR_OK)
    status = xhr__url_copy(&page->document->url, &change->old_url);
  xhr__url document_url = {0};
  if (status == XHR_OK)
    status = xhr__url_copy(url, &document_url);
  if (status != XHR_OK) {
    if (change)
      free_hash_change(&change->task);
    return status;
  }
  bool changed = !are_fragments_equal(&change->old_url, url);
  xhr__url_free(&page->document->url);
  page->document->url = document_url;
  xhr__page_update_base_url(page);
  if (changed)
    xhr__global_task_queue(realm, &change->task, fire_hash_change, free_hash_change);
  else
    free_hash_change(&change->task);
  return XHR_OK;
}

void xhr__refuse_navigation(xhr__realm *realm, const xhr__url *url) {
  xhr__bytes text = {0};
  if (xhr__bytes_append(&text, XHR__STR("The page stays, though a script wants to go to ")) ==
          XHR_OK &&
      xhr__bytes_append(&text, xhr__url_href(url, false)) == XHR_OK)
    xhr__console_print(realm, 'w', xhr__bytes_str(&text));
  xhr__bytes_free(&text);
}

bool xhr__navigate(xhr__realm *realm, const xhr__url *url) {
  const xhr__page *page = xhr__window_of(realm)->page;
  /* The step that navigates to a fragment; all before and behind it are about navigables that go elsewhere. */
  if (!xhr__url_equals(url, &page->document->url, true) || !xhr__url_has_fragment(url)) {
    xhr__refuse_navigation(realm, url);
    return true;
  }
  if (navigate_to_fragment(realm, url) == XHR_OK)
    return true;
  JS_ThrowOutOfMemory(realm->js);
  return false;
}
