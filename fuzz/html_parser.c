/* The HTML parser: a stream cut anywhere, and waited for at any script, must give the same tree as the whole; a script writes what
 * its own text is, once. And what is serialized, fragments, selectors of any text do no harm. Input: where to cut, markup. */
#include "fuzz.h"

#include "dom/html_fragment.h"
#include "dom/html_parser.h"
#include "dom/node.h"
#include "dom/selectors.h"

/* What the scripts' owner does with them. */
typedef struct fuzz_page {
  xhr__document *document;
  unsigned scripts;
  bool waits; /* each is waited for, else it runs at once */
  bool stopped;
} fuzz_page;

/* A script in pages of this program: it writes its text into the document, the first few times. */
static void run_script(fuzz_page *page, lxb_dom_element_t *script) {
  xhr__bytes text = {0};
  if (page->scripts++ < 4 && xhr__node_child_text(&script->node, &text) == XHR_OK)
    HOLDS(xhr__html_parser_write(page->document->parser, xhr__bytes_str(&text)) == XHR_OK);
  xhr__bytes_free(&text);
}

static bool prepare_script(void *user, lxb_dom_element_t *script) {
  fuzz_page *page = user;
  if (!page->waits)
    run_script(page, script);
  return page->waits;
}

static void execute_script(void *user, lxb_dom_element_t *script) {
  run_script(user, script);
}

static void stopped(void *user) {
  fuzz_page *page = user;
  HOLDS(!page->stopped);
  page->stopped = true;
}

static const xhr__html_parser_owner owner = {prepare_script, execute_script, stopped, NULL};

static void serialize(fuzz_page *page, xhr__bytes *out) {
  HOLDS(xhr__html_serialize(xhr__document_node(page->document), false, out) == XHR_OK);
}

/* Parses the markup in pieces; the tree as text. Behind it stands what ends any tag and comment: where the stream ends within
 * markup, lexbor 3.0 makes a comment of what it had before, which depends on the pieces. */
static void parse(xhr__str input, size_t piece, bool waits, xhr__bytes *out) {
  fuzz_page page = {.document = xhr__document_new(true), .waits = waits};
  HOLDS(page.document);
  HOLDS(xhr__html_parser_new(page.document, &owner, &page, XHR__ENCODING_UTF_8,
                             XHR__ENCODING_NONE) == XHR_OK);
  while (input.len > 0) {
    size_t len = piece < input.len ? piece : input.len;
    HOLDS(xhr__html_parser_feed(page.document->parser, xhr__str_slice(input, 0, len)) == XHR_OK);
    input = xhr__str_from(input, len);
  }
  HOLDS(xhr__html_parser_feed(page.document->parser, XHR__STR(" '>\">-->]]>")) == XHR_OK);
  HOLDS(xhr__html_parser_end(page.document->parser) == XHR_OK);
  while (xhr__html_parser_pending_script(page.document->parser))
    xhr__html_parser_resume(page.document->parser);
  HOLDS(page.stopped);
  serialize(&page, out);
  xhr__document_unref(page.document);
}

/* Selectors and fragments of any text. */
static void use(xhr__str input) {
  xhr__document *document = xhr__document_new(true);
  HOLDS(xhr__html_parser_new(document, NULL, NULL, XHR__ENCODING_UTF_8, XHR__ENCODING_NONE) ==
        XHR_OK);
  HOLDS(xhr__html_parser_feed_text(document->parser,
                                   XHR__STR("<p id=a class=b><i>c</i><svg><g/></svg>")) == XHR_OK);
  HOLDS(xhr__html_parser_end(document->parser) == XHR_OK);
  xhr__selectors *selectors;
  if (xhr__selectors_parse(input, &selectors) == XHR_OK) {
    lxb_dom_node_t **nodes;
    size_t count;
    HOLDS(xhr__selectors_find(selectors, xhr__document_node(document), false, &nodes, &count) ==
          XHR_OK);
    for (size_t i = 0; i < count; i++)
      HOLDS(xhr__selectors_match(selectors, nodes[i]));
    xhr__free(nodes);
    xhr__selectors_free(selectors);
  }
  lxb_dom_node_t *root = xhr__document_node(document), *elements[16];
  size_t elements_count = 0;
  for (lxb_dom_node_t *node = root; node; node = xhr__node_following(node, root)) {
    if (xhr__node_is_element(node))
      elements[elements_count++] = node;
  }
  while (elements_count > 0) {
    lxb_dom_node_t *node = elements[--elements_count];
    lxb_dom_node_t *fragment = xhr__html_parse_fragment(lxb_dom_interface_element(node), input);
    HOLDS(fragment);
    HOLDS(!xhr__node_replace_all(fragment, node));
  }
  xhr__document_unref(document);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  xhr__str input = fuzz_input(data, size);
  uint8_t how = fuzz_take_byte(&input);
  xhr__bytes whole = {0}, pieces = {0};
  parse(input, SIZE_MAX, false, &whole);
  parse(input, 1 + how % 16, how > 127, &pieces);
  HOLDS(xhr__str_equals(xhr__bytes_str(&whole), xhr__bytes_str(&pieces)));
  use(input);
  xhr__bytes_free(&whole);
  xhr__bytes_free(&pieces);
  return 0;
}
