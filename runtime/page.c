#include "runtime/page.h"

#include "fetch/extract_mime_type.h"
#include "infra/alloc.h"
#include "mime/mime_type_groups.h"
#include "mime/sniff_html.h"
#include "runtime/document_binding.h"
#include "runtime/html_script_element.h"
#include "runtime/module_loader.h"
#include "session/loop.h"
#include "xhr/xmlhttprequest.h"

/* ---- what the document asks of its page -------------------------------------------------------------------------- */

/* https://html.spec.whatwg.org/#parsing-main-incdata, an end tag whose tag name is "script" */
static bool prepare_script(void *user, lxb_dom_element_t *script) {
  xhr__page *page = user;
  /* The parser has found it out by now. */
  page->context->encoding = page->document->encoding;
  if (page->realm->depth == 0)
    xhr__realm_checkpoint(page->realm);
  return xhr__prepare_script_element(page, script);
}

static void execute_script(void *user, lxb_dom_element_t *script) {
  xhr__script_run *run = xhr__script_run_blocking(user, script);
  if (run)
    xhr__execute_script_element(run);
}

static void stopped(void *user) {
  xhr__page_parsed(user);
}

static void failed(void *user) {
  xhr__page *page = user;
  JS_ThrowOutOfMemory(page->js);
  xhr__realm_report_pending(page->realm);
}

const xhr__html_parser_owner xhr__page_parser_owner = {
    .prepare_script = prepare_script,
    .execute_script = execute_script,
    .stopped = stopped,
    .failed = failed,
};

static void script_changed(void *user, lxb_dom_element_t *script) {
  (void)xhr__prepare_script_element(user, script);
}

static JSValue location(void *user, xhr__realm *realm) {
  (void)user;
  return JS_DupValue(realm->js, xhr__window_of(realm)->location);
}

static void base_url_changed(void *user) {
  xhr__page_update_base_url(user);
}

static void opened(void *user) {
  xhr__page_rewind(user);
}

static xhr__document_host host_of(xhr__page *page) {
  return (xhr__document_host){
      .parser_owner = &xhr__page_parser_owner,
      .parser_user = page,
      .script_changed = script_changed,
      .location = location,
      .base_url_changed = base_url_changed,
      .opened = opened,
  };
}

void xhr__page_update_base_url(xhr__page *page) {
  xhr__url url;
  if (xhr__document_base_url(page->document, &url) != XHR_OK)
    return;
  /* For want of memory the old one stays. */
  (void)xhr__context_set_base_url(page->context, &url);
  xhr__url_free(&url);
}

/* ---- the document and its window --------------------------------------------------------------------------------- */

/* The environment of a document of that URL, and its realm. */
static xhr_status make_realm(xhr__page *page, const xhr__url *url) {
  const xhr_context *opener = page->opener;
  xhr__origin origin;
  xhr_status status = xhr__url_origin(url, &origin);
  if (status == XHR_OK)
    status = xhr__context_new_environment(opener->session, opener->loop, XHR__CONTEXT_WINDOW,
                                          &origin, url, &page->context);
  xhr__origin_free(&origin);
  if (status != XHR_OK)
    return status;
  page->js = JS_NewContext(page->runtime);
  xhr__window *window = page->js ? xhr__window_new(page) : NULL;
  if (!window)
    return XHR_OUT_OF_MEMORY;
  status = xhr__realm_install(page->js, page->context, &page->settings.realm,
                              &xhr__window_interface, window);
  if (status != XHR_OK)
    return status;
  page->realm = xhr__realm_of(page->js);
  return xhr__window_define(page->realm) ? XHR_OK : XHR_OUT_OF_MEMORY;
}

/* https://html.spec.whatwg.org/#initialise-the-document-object, as far as there is something to be initialised. */
static xhr_status make_document(xhr__page *page, const xhr__url *url) {
  xhr_status status = make_realm(page, url);
  if (status != XHR_OK)
    return status;
  page->document = xhr__document_new(true);
  if (!page->document)
    return XHR_OUT_OF_MEMORY;
  page->document->ready_state = XHR__DOCUMENT_LOADING;
  xhr__url_free(&page->document->url);
  status = xhr__url_copy(url, &page->document->url);
  if (status != XHR_OK)
    return status;
  JSValue document = xhr__document_binding_new(page->realm, page->document);
  if (JS_IsException(document))
    return XHR_OUT_OF_MEMORY;
  xhr__window_of(page->realm)->document = document;
  page->host = host_of(page);
  xhr__document_set_host(document, &page->host, page);
  return XHR_OK;
}

/* The document's URL: the response's, with the fragment that was asked for where that has none. */
static xhr_status document_url(const xhr__page *page, const xhr__response *response,
                               xhr__url *url) {
  xhr_status status = xhr__url_copy(&response->url, url);
  if (status == XHR_OK && !xhr__url_has_fragment(url) && xhr__url_has_fragment(&page->url))
    status = xhr__url_set_fragment(url, xhr__url_fragment(&page->url));
  return status;
}

/* https://html.spec.whatwg.org/#read-html
 * NOTE: the whole response is there by now, so the parser gets it in one piece. */
static xhr_status parse(xhr__page *page, xhr__str body, xhr__encoding charset) {
  xhr_status status = xhr__html_parser_new(page->document, &xhr__page_parser_owner, page, charset,
                                           XHR__ENCODING_NONE);
  if (status != XHR_OK)
    return status;
  xhr__html_parser *parser = xhr__html_parser_ref(page->document->parser);
  status = xhr__html_parser_feed(parser, body);
  if (status == XHR_OK)
    status = xhr__html_parser_end(parser);
  xhr__html_parser_unref(parser);
  return status;
}

/* ---- fetching it ------------------------------------------------------------------------------------------------- */

static void fail(xhr__page *page, xhr__str why) {
  page->settings.failed(page->settings.user, why);
}

static void fail_with(xhr__page *page, xhr_status status) {
  fail(page, xhr__str_c(xhr_status_text(status)));
}

/* The response's MIME type; XHR_SYNTAX_ERR where it has none. */
static xhr_status type_of(const xhr__response *response, xhr__mime_type *type) {
  xhr__str *values;
  size_t count;
  xhr_status status =
      xhr__header_list_values(&response->header_list, XHR__STR("Content-Type"), &values, &count);
  if (status == XHR_OK) {
    status = xhr__extract_mime_type(values, count, type);
    xhr__free(values);
  }
  return status;
}

static void refuse_type(xhr__page *page, const xhr__mime_type *type) {
  xhr__detail why = {0};
  xhr__str essence = xhr__mime_type_essence(type);
  xhr__detail_add(&why, XHR__STR("it is no HTML: the server says that it is "));
  xhr__detail_add(&why, essence.len > 0 ? essence : XHR__STR("nothing in particular"));
  fail(page, xhr__detail_str(&why));
}

static void load(xhr__page *page, const xhr__resource *resource, const xhr__mime_type *type) {
  xhr__url url = {0};
  xhr_status status = document_url(page, resource->response, &url);
  if (status == XHR_OK)
    status = make_document(page, &url);
  xhr__url_free(&url);
  if (status != XHR_OK) {
    fail_with(page, status);
    return;
  }
  /* What goes wrong from here on is reported as scripts' errors are. */
  (void)parse(page, resource->body, xhr__legacy_extract_encoding(type, XHR__ENCODING_NONE));
}

/* Whether it is HTML: as the response says, or else its name, or its beginning. */
static bool is_html(const xhr__resource *resource, const xhr__mime_type *type) {
  const xhr__url *url = &resource->response->url;
  if (xhr__mime_type_essence(type).len > 0)
    return xhr__is_html_mime_type(type);
  if (xhr__url_scheme_is(url, "file") &&
      (xhr__str_ends_with(xhr__url_path(url), XHR__STR(".html")) ||
       xhr__str_ends_with(xhr__url_path(url), XHR__STR(".htm"))))
    return true;
  return xhr__sniffs_as_html(resource->body);
}

/* https://html.spec.whatwg.org/#loading-a-document, of an HTML document. Statuses make no difference. */
static void process_response(void *user, const xhr__resource *resource) {
  xhr__page *page = user;
  xhr__mime_type type = {0};
  page->navigation = NULL;
  if (!resource->response || resource->failure) {
    fail(page, resource->failure ? xhr__str_c(resource->failure->message) : XHR__STR_EMPTY);
    return;
  }
  xhr_status status = type_of(resource->response, &type);
  if (status != XHR_OK && status != XHR_SYNTAX_ERR)
    fail_with(page, status);
  else if (!is_html(resource, &type))
    refuse_type(page, &type);
  else
    load(page, resource, &type);
  xhr__mime_type_free(&type);
}

static xhr_status navigate(xhr__page *page) {
  xhr__request *request;
  xhr_status status =
      xhr__resource_request_new(page->opener, &page->url, XHR__DESTINATION_DOCUMENT,
                                XHR__MODE_NAVIGATE, XHR__CREDENTIALS_INCLUDE, &request);
  if (status != XHR_OK)
    return status;
  return xhr__resource_fetch_start(page->opener, request, process_response, page,
                                   &page->navigation);
}

xhr_status xhr__page_load(JSRuntime *runtime, xhr_context *opener, const xhr__url *url,
                          const xhr__page_settings *settings, xhr__page **out) {
  xhr__page *page = XHR__NEW(xhr__page);
  if (!page)
    return XHR_OUT_OF_MEMORY;
  page->runtime = runtime;
  xhr__module_loader_install(runtime);
  page->opener = xhr_context_ref(opener);
  page->settings = *settings;
  xhr__list_init(&page->scripts_as_soon_as_possible);
  xhr__list_init(&page->scripts_in_order);
  xhr__list_init(&page->scripts_when_parsed);
  xhr__list_init(&page->scripts_blocking_the_parser);
  xhr_status status = xhr__url_copy(url, &page->url);
  if (status == XHR_OK)
    status = navigate(page);
  if (status == XHR_OK)
    *out = page;
  else
    xhr__page_free(page);
  return status;
}

/* ---- ending it --------------------------------------------------------------------------------------------------- */

static void free_runs(xhr__list *list) {
  while (!xhr__list_empty(list))
    xhr__script_run_free(XHR__OWNER(list->next, xhr__script_run, node));
}

/* Ends all scripts that are not executed yet. */
static void drop_scripts(xhr__page *page) {
  free_runs(&page->scripts_as_soon_as_possible);
  free_runs(&page->scripts_in_order);
  free_runs(&page->scripts_when_parsed);
  free_runs(&page->scripts_blocking_the_parser);
}

void xhr__page_close(xhr__page *page) {
  page->settings.closed(page->settings.user);
}

/* https://html.spec.whatwg.org/#abort-a-document of the page's */
void xhr__page_stop_loading(xhr__page *page) {
  xhr__document *document = page->document;
  /* 1. - 3. For want of memory requests go on. */
  drop_scripts(page);
  (void)xhr__abort_fetches(page->context);
  if (page->stage >= XHR__PAGE_LOADED)
    return;
  /* 4. and https://html.spec.whatwg.org/#abort-a-parser: the document is as ready as it will ever be */
  bool parsing = page->stage == XHR__PAGE_PARSING;
  page->stage = XHR__PAGE_STOPPED;
  if (!parsing)
    return;
  document->parser_was_aborted = true;
  if (document->parser)
    xhr__html_parser_abort(document->parser);
  JSValueConst object = xhr__window_of(page->realm)->document;
  xhr__document_set_ready_state(page->realm, object, XHR__DOCUMENT_INTERACTIVE);
  xhr__document_set_ready_state(page->realm, object, XHR__DOCUMENT_COMPLETE);
}

/* The document lets go of its page before that goes. */
static void leave_document(xhr__page *page) {
  JSValueConst document = xhr__window_of(page->realm)->document;
  if (page->document->parser)
    xhr__html_parser_abort(page->document->parser);
  if (JS_IsObject(document))
    xhr__document_set_host(document, NULL, NULL);
}

void xhr__page_free(xhr__page *page) {
  if (!page)
    return;
  if (page->navigation)
    xhr__resource_fetch_cancel(page->navigation);
  drop_scripts(page);
  if (page->realm && page->document)
    leave_document(page);
  if (page->js) {
    (void)xhr_quickjs_uninstall(page->js);
    JS_FreeContext(page->js);
  }
  xhr__document_unref(page->document);
  xhr_context_destroy(page->context);
  xhr_context_unref(page->context);
  xhr_context_unref(page->opener);
  xhr__url_free(&page->url);
  xhr__free(page);
}
