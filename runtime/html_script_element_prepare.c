/* https://html.spec.whatwg.org/#prepare-the-script-element */
#include "dom/node.h"
#include "infra/alloc.h"
#include "mime/mime_type_groups.h"
#include "runtime/document_binding.h"
#include "runtime/event.h"
#include "runtime/html_script_element.h"

static bool has_attribute(const lxb_dom_element_t *element, xhr__str name) {
  xhr__str value;
  return xhr__element_attribute(element, name, &value);
}

/* The attribute that says where the script lies. SVG's is called href, with or without the namespace of XLink:
 * https://svgwg.org/svg2-draft/linking.html#XLinkRefAttrs */
static bool source_attribute(const lxb_dom_element_t *element, xhr__str *value) {
  if (element->node.ns != LXB_NS_SVG)
    return xhr__element_attribute(element, XHR__STR("src"), value);
  if (xhr__element_attribute(element, XHR__STR("href"), value))
    return true;
  const lxb_dom_attr_t *attribute = xhr__element_get_attribute_by_namespace(
      element, XHR__STR("http://www.w3.org/1999/xlink"), XHR__STR("href"));
  if (attribute)
    *value = xhr__attribute_value(attribute);
  return attribute != NULL;
}

/* ---- the type ---------------------------------------------------------------------------------------------------- */

/* Steps 8 to 13. False where it is none of those that are executed. */
static bool determine_type(const lxb_dom_element_t *element, xhr__script_type *type) {
  xhr__str value, language;
  bool has_type = xhr__element_attribute(element, XHR__STR("type"), &value);
  bool has_language = xhr__element_attribute(element, XHR__STR("language"), &language);
  *type = XHR__SCRIPT_CLASSIC;
  /* 8. "text/javascript" */
  if (has_type ? value.len == 0 : !has_language || language.len == 0)
    return true;
  if (!has_type) {
    /* "text/" with the language behind it */
    xhr__bytes essence = {0};
    bool is = xhr__bytes_append(&essence, XHR__STR("text/")) == XHR_OK &&
              xhr__bytes_append(&essence, language) == XHR_OK &&
              xhr__is_javascript_mime_type_essence_match(xhr__bytes_str(&essence));
    xhr__bytes_free(&essence);
    return is;
  }
  value = xhr__str_trim_ascii_whitespace(value);
  /* 9. */
  if (xhr__is_javascript_mime_type_essence_match(value))
    return true;
  /* 10. */
  if (xhr__str_equals_ci(value, XHR__STR("module"))) {
    *type = XHR__SCRIPT_MODULE;
    return true;
  }
  /* 11. - 12. import maps and speculation rules: not built; 13. */
  return false;
}

/* Step 21: whether `for` and `event` say that it is not to be executed. */
static bool is_for_another_event(const lxb_dom_element_t *element) {
  xhr__str target, event;
  if (!xhr__element_attribute(element, XHR__STR("for"), &target) ||
      !xhr__element_attribute(element, XHR__STR("event"), &event))
    return false;
  target = xhr__str_trim_ascii_whitespace(target);
  event = xhr__str_trim_ascii_whitespace(event);
  return !xhr__str_equals_ci(target, XHR__STR("window")) ||
         (!xhr__str_equals_ci(event, XHR__STR("onload")) &&
          !xhr__str_equals_ci(event, XHR__STR("onload()")));
}

/* ---- the error event --------------------------------------------------------------------------------------------- */

typedef struct error_task {
  xhr__global_task task;
  JSValue element;
} error_task;

static void drop_error(xhr__global_task *task) {
  error_task *error = XHR__OWNER(task, error_task, task);
  JS_FreeValue(task->realm->js, error->element);
  xhr__free(error);
}

static void fire_error(xhr__global_task *task) {
  xhr__realm *realm = task->realm;
  (void)xhr__dispatch_new(realm, XHR__OWNER(task, error_task, task)->element,
                          xhr__event_new(realm, "error", false, false));
  drop_error(task);
}

/* Queues an element task that fires error. For want of memory there is none. */
static void queue_error(const xhr__script_run *run) {
  xhr__realm *realm = run->page->realm;
  error_task *error = XHR__NEW(error_task);
  if (!error)
    return;
  error->element = JS_DupValue(realm->js, run->element_object);
  xhr__global_task_queue(realm, &error->task, fire_error, drop_error);
}

/* ---- the script -------------------------------------------------------------------------------------------------- */

static xhr__script_run *new_run(xhr__page *page, lxb_dom_element_t *element,
                                xhr__script_type type) {
  xhr__script_run *run = XHR__NEW(xhr__script_run);
  if (!run)
    return NULL;
  xhr__list_init(&run->node);
  run->page = page;
  run->element = element;
  run->preparation_document = xhr__document_of_node(&element->node);
  run->type = type;
  run->module = run->error = JS_UNDEFINED;
  run->element_object = xhr__node_wrap(page->realm, &element->node);
  if (!JS_IsException(run->element_object))
    return run;
  JS_FreeValue(page->js, JS_GetException(page->js));
  run->element_object = JS_UNDEFINED;
  xhr__script_run_free(run);
  return NULL;
}

/* Step 32: fetches it. False where it comes to nothing: then an error event follows. */
static bool fetch_external(xhr__script_run *run, xhr__str source) {
  xhr__url url = {0};
  xhr__str charset;
  /* 32.1. import maps: not built */
  /* 32.4. */
  if (source.len == 0)
    return false;
  /* 32.5. */
  run->from_an_external_file = true;
  /* 32.6. - 32.7. */
  if (xhr__context_parse_url(run->page->context, source, &url) != XHR_OK)
    return false;
  /* 22. */
  run->encoding = run->preparation_document->encoding;
  if (xhr__element_attribute(run->element, XHR__STR("charset"), &charset) &&
      xhr__encoding_get(charset) != XHR__ENCODING_NONE)
    run->encoding = xhr__encoding_get(charset);
  /* 32.8. nothing is rendered; 32.9. what is in a list of the page's delays the load event; 32.11. */
  xhr_status status = xhr__fetch_script(run, &url);
  xhr__url_free(&url);
  return status == XHR_OK;
}

/* Step 33. */
static bool take_inline(xhr__script_run *run, xhr__bytes *text) {
  bool is_module = run->type == XHR__SCRIPT_MODULE;
  xhr__bytes_move(&run->source, text);
  /* 33.1. NOTE: errors name the document itself, not its base URL, which is what modules import from */
  if (xhr__bytes_append(&run->url, xhr__url_href(&run->preparation_document->url, true)) !=
          XHR_OK ||
      (is_module && xhr__url_copy(&run->page->context->api_base_url, &run->base_url) != XHR_OK))
    return false;
  /* 33.2. */
  if (is_module)
    xhr__fetch_inline_module_script(run);
  else
    run->result = XHR__SCRIPT_READY;
  return true;
}

/* Step 34 to 35: when it is executed. True where it blocks the parser. */
static bool schedule(xhr__script_run *run, const xhr__node_data *data) {
  xhr__page *page = run->page;
  bool is_module = run->type == XHR__SCRIPT_MODULE;
  /* 35. NOTE: no style sheet ever blocks scripts. */
  if (!run->from_an_external_file && !is_module) {
    xhr__execute_script_element(run);
    return false;
  }
  /* 34.2. */
  if (has_attribute(run->element, XHR__STR("async")) || !data->script.not_force_async) {
    xhr__list_append(&page->scripts_as_soon_as_possible, &run->node);
    return false;
  }
  /* 34.3. */
  if (!data->script.parser_inserted) {
    xhr__list_append(&page->scripts_in_order, &run->node);
    return false;
  }
  /* 34.4. */
  if (is_module || has_attribute(run->element, XHR__STR("defer"))) {
    xhr__list_append(&page->scripts_when_parsed, &run->node);
    return false;
  }
  /* 34.5. */
  xhr__list_append(&page->scripts_blocking_the_parser, &run->node);
  return true;
}

/* Steps 16 and 22 to 35. */
static bool begin(xhr__page *page, lxb_dom_element_t *element, xhr__script_type type,
                  xhr__bytes *text, const xhr__node_data *data) {
  xhr__script_run *run = new_run(page, element, type);
  xhr__str source;
  if (!run)
    return false;
  /* 23. - 31. by the fetches. FIXME: 26. integrity metadata are not looked at. */
  bool external = source_attribute(element, &source);
  bool done = external ? fetch_external(run, source) : take_inline(run, text);
  if (done)
    return schedule(run, data);
  if (external)
    queue_error(run);
  xhr__script_run_free(run);
  return false;
}

/* Steps 5 to 13: whether there is something to be executed. */
static bool has_script(lxb_dom_element_t *element, xhr__bytes *text, xhr__script_type *type) {
  xhr__str source;
  /* 5. */
  if (xhr__node_child_text(&element->node, text) != XHR_OK)
    return false;
  /* 6. */
  if (!source_attribute(element, &source) && text->len == 0)
    return false;
  /* 7. */
  return xhr__node_is_connected(&element->node) && determine_type(element, type);
}

bool xhr__prepare_script_element(xhr__page *page, lxb_dom_element_t *element) {
  xhr__node_data *data = xhr__node_data_of(&element->node);
  xhr__bytes text = {0};
  xhr__script_type type;
  bool blocks = false;
  /* 1. */
  if (!data || data->script.already_started)
    return false;
  /* 2. - 3. */
  bool parser_inserted = data->script.parser_inserted;
  data->script.parser_inserted = false;
  /* 4. */
  if (parser_inserted && !has_attribute(element, XHR__STR("async")))
    data->script.not_force_async = false;
  /* 5. - 13. */
  if (has_script(element, &text, &type)) {
    /* 14. */
    data->script.parser_inserted = parser_inserted;
    data->script.not_force_async = data->script.not_force_async || parser_inserted;
    /* 15. */
    data->script.already_started = true;
    /* 17. - 18. a script is the page's own; 19. */
    bool skipped = type == XHR__SCRIPT_CLASSIC && has_attribute(element, XHR__STR("nomodule"));
    /* 20. Content Security Policy: not built; 21. */
    skipped = skipped || (type == XHR__SCRIPT_CLASSIC && is_for_another_event(element));
    if (!skipped)
      blocks = begin(page, element, type, &text, data);
  }
  xhr__bytes_free(&text);
  return blocks;
}
