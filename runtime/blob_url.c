#include "runtime/blob_url.h"

#include "file/blob_url_store.h"
#include "infra/alloc.h"
#include "runtime/blob_binding.h"
#include "runtime/convert.h"

/* The realm's blob URLs, which go with it. */
typedef struct realm_urls {
  xhr__teardown teardown;
  xhr__blob_url_environment environment;
} realm_urls;

/* https://w3c.github.io/FileAPI/#lifeTime */
static void end_urls(xhr__teardown *teardown) {
  realm_urls *urls = XHR__OWNER(teardown, realm_urls, teardown);
  xhr__blob_url_environment_end(&urls->environment);
  xhr__list_remove(&teardown->node);
  xhr__free(urls);
}

/* Made where the realm has none yet; NULL where there is no memory. */
static realm_urls *urls_of(xhr__realm *realm) {
  for (xhr__list *node = realm->teardown.next; node != &realm->teardown; node = node->next) {
    xhr__teardown *teardown = XHR__OWNER(node, xhr__teardown, node);
    if (teardown->end == end_urls)
      return XHR__OWNER(teardown, realm_urls, teardown);
  }
  realm_urls *urls = XHR__NEW(realm_urls);
  if (!urls)
    return NULL;
  xhr__blob_url_environment_init(&urls->environment);
  urls->teardown.idle = true;
  urls->teardown.end = end_urls;
  /* In front, where it is found at once. */
  xhr__list_append(realm->teardown.next, &urls->teardown.node);
  return urls;
}

/* The origin of the realm's environment; NULL: a system context, which has none. */
static const xhr__origin *origin_of(const xhr__realm *realm) {
  const xhr__client_snapshot *client = realm->context->client;
  return client ? &client->origin : NULL;
}

/* https://w3c.github.io/FileAPI/#dfn-createObjectURL NOTE: there is no MediaSource. */
JSValue xhr__create_object_url(xhr__realm *realm, void *self, JSValueConst this_value, int argc,
                               JSValueConst *argv) {
  xhr__bytes url = {0};
  xhr__blob *blob = xhr__blob_of(argv[0]);
  (void)self, (void)this_value, (void)argc;
  if (!blob)
    return JS_ThrowTypeError(realm->js, "URL.createObjectURL makes URLs of Blobs only");
  realm_urls *urls = urls_of(realm);
  xhr_status status =
      urls ? xhr__blob_url_store_add(&urls->environment, origin_of(realm), blob, &url)
           : XHR_OUT_OF_MEMORY;
  JSValue value = status == XHR_OK ? xhr__from_usv_string(realm, xhr__bytes_str(&url))
                                   : xhr__throw_status(realm, status, "URL.createObjectURL");
  xhr__bytes_free(&url);
  return value;
}

/* https://w3c.github.io/FileAPI/#dfn-revokeObjectURL */
JSValue xhr__revoke_object_url(xhr__realm *realm, void *self, JSValueConst this_value, int argc,
                               JSValueConst *argv) {
  xhr__bytes text = {0};
  xhr__url url;
  (void)self, (void)this_value, (void)argc;
  bool done = xhr__to_usv_string(realm, argv[0], &text);
  /* 1. NOTE: the standard asserts that it parses; what does not is no blob: URL. */
  xhr_status status = done ? xhr__url_parse(xhr__bytes_str(&text), NULL, &url) : XHR_SYNTAX_ERR;
  xhr__bytes_free(&text);
  if (status == XHR_OK) {
    /* 2. one of another scheme has no entry; 3. - 7. */
    xhr__blob_url_store_revoke(&url, origin_of(realm));
    xhr__url_free(&url);
  }
  if (status == XHR_OUT_OF_MEMORY)
    return JS_ThrowOutOfMemory(realm->js);
  return done ? JS_UNDEFINED : JS_EXCEPTION;
}
