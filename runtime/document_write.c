/* https://html.spec.whatwg.org/#dynamic-markup-insertion */
#include "dom/html_parser.h"
#include "runtime/document.h"

/* The document's parser, unless it has none, or it is over. */
static xhr__html_parser *active_parser(const xhr__document *document) {
  return document->parser && xhr__html_parser_is_active(document->parser) ? document->parser : NULL;
}

/* What forbids open, write and close alike. False where it threw. */
static bool allowed(xhr__realm *realm, const xhr__document *document, const char *what) {
  if (document->is_html && document->throw_on_dynamic_markup_insertion == 0)
    return true;
  (void)xhr__throw(realm, "InvalidStateError", "%s: not in %s", what,
                   document->is_html ? "a custom element's constructor" : "an XML document");
  return false;
}

/* Step 9 and 10: https://html.spec.whatwg.org/#erase-all-event-listeners-and-handlers */
static void erase_listeners(xhr__realm *realm, xhr__js_document *self) {
  JSRuntime *runtime = JS_GetRuntime(realm->js);
  lxb_dom_node_t *root = self->node.node;
  for (lxb_dom_node_t *node = root; node; node = xhr__node_following(node, root)) {
    const xhr__node_data *data = xhr__node_data_if_any(node);
    if (data && data->wrapper)
      xhr__js_event_target_clear(runtime, data->wrapper);
  }
  if (xhr__js_document_has_window(self) && realm->global_object)
    xhr__js_event_target_clear(runtime, (xhr__js_event_target *)(void *)realm->global_object);
}

/* https://html.spec.whatwg.org/#document-open-steps. False where it threw. */
static bool open_document(xhr__realm *realm, xhr__js_document *self) {
  xhr__document *document = self->node.document;
  const xhr__document_host *host = self->host;
  /* 1. - 2. */
  if (!allowed(realm, document, "document.open"))
    return false;
  /* 3. - 4. NOTE: the entry document is this one, as there is one realm alone that reaches it */
  /* 5. - 7. */
  const xhr__html_parser *parser = active_parser(document);
  if ((parser && xhr__html_parser_script_nesting_level(parser) > 0) ||
      document->unload_counter > 0 || document->parser_was_aborted)
    return true;
  /* 8. */
  if (host && host->opened)
    host->opened(self->host_user);
  /* 9. - 10. */
  erase_listeners(realm, self);
  /* 11. */
  const char *error = xhr__node_replace_all(NULL, xhr__document_node(document));
  if (error) {
    (void)xhr__throw_dom(realm, error, "document.open");
    return false;
  }
  /* 12. - 14. the URL is this document's own; there are no frames */
  /* 15. */
  document->tree->compat_mode = LXB_DOM_DOCUMENT_CMODE_NO_QUIRKS;
  /* 16. - 17. */
  if (xhr__html_parser_new_script_created(document, host ? host->parser_owner : NULL,
                                          host ? host->parser_user : NULL) != XHR_OK) {
    JS_ThrowOutOfMemory(realm->js);
    return false;
  }
  /* 18. */
  xhr__document_set_ready_state(realm, self->node.self, XHR__DOCUMENT_LOADING);
  /* 19. */
  return true;
}

/* https://html.spec.whatwg.org/#dom-document-open
 * NOTE: with three arguments it is window.open, which is not built */
JSValue xhr__document_open_operation(xhr__realm *realm, void *self, JSValueConst this_value,
                                     int argc, JSValueConst *argv) {
  (void)argv;
  if (argc > 2)
    return xhr__throw(realm, "InvalidAccessError", "document.open: no window can be opened");
  return open_document(realm, self) ? JS_DupValue(realm->js, this_value) : JS_EXCEPTION;
}

/* https://html.spec.whatwg.org/#document-write-steps, from step 4 on. False where it threw. */
static bool write_text(xhr__realm *realm, xhr__js_document *self, xhr__str text) {
  xhr__document *document = self->node.document;
  /* 4. - 5. */
  if (!allowed(realm, document, "document.write"))
    return false;
  /* 6. */
  if (document->parser_was_aborted)
    return true;
  /* 7. */
  const xhr__html_parser *parser = active_parser(document);
  if (!parser || !xhr__html_parser_insertion_point_defined(parser)) {
    if (document->unload_counter > 0 || document->ignore_destructive_writes > 0)
      return true;
    if (!open_document(realm, self))
      return false;
  }
  /* 8. - 9. */
  parser = active_parser(document);
  if (!parser || xhr__html_parser_write(document->parser, text) == XHR_OK)
    return true;
  JS_ThrowOutOfMemory(realm->js);
  return false;
}

static JSValue write_arguments(xhr__realm *realm, void *self, int argc, JSValueConst *argv,
                               bool line) {
  xhr__bytes text = {0};
  bool done = true;
  /* 1. - 3. */
  for (int i = 0; done && i < argc; i++)
    done = xhr__to_dom_string(realm, argv[i], &text);
  if (done && line && xhr__bytes_append_byte(&text, '\n') != XHR_OK) {
    JS_ThrowOutOfMemory(realm->js);
    done = false;
  }
  done = done && write_text(realm, self, xhr__bytes_str(&text));
  xhr__bytes_free(&text);
  return done ? JS_UNDEFINED : JS_EXCEPTION;
}

JSValue xhr__document_write(xhr__realm *realm, void *self, JSValueConst this_value, int argc,
                            JSValueConst *argv) {
  (void)this_value;
  return write_arguments(realm, self, argc, argv, false);
}

JSValue xhr__document_writeln(xhr__realm *realm, void *self, JSValueConst this_value, int argc,
                              JSValueConst *argv) {
  (void)this_value;
  return write_arguments(realm, self, argc, argv, true);
}

/* https://html.spec.whatwg.org/#dom-document-close */
JSValue xhr__document_close(xhr__realm *realm, void *self, JSValueConst this_value, int argc,
                            JSValueConst *argv) {
  xhr__js_document *document = self;
  (void)this_value, (void)argc, (void)argv;
  /* 1. - 2. */
  if (!allowed(realm, document->node.document, "document.close"))
    return JS_EXCEPTION;
  /* 3. */
  xhr__html_parser *parser = active_parser(document->node.document);
  if (!parser || !xhr__html_parser_is_script_created(parser))
    return JS_UNDEFINED;
  /* 4. - 6. */
  bool has_owner = document->host && document->host->parser_owner;
  xhr__html_parser_close(parser);
  /* https://html.spec.whatwg.org/#stop-parsing, of a document without a page */
  if (!has_owner && !active_parser(document->node.document))
    xhr__document_set_ready_state(realm, this_value, XHR__DOCUMENT_COMPLETE);
  return JS_UNDEFINED;
}
