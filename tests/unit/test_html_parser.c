/* The resumable HTML parser: scripts, document.write, chunks, encodings. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#include "dom/html_parser.h"
#include "dom/names.h"
#include "dom/node.h"

/* ---- the tree as text: "html(head body(p[id=x] 'text'))" ------------------------------------------------------- */

static void write_tree(const lxb_dom_node_t *node, xhr__bytes *out) {
  if (xhr__node_is_character_data(node)) {
    bool text = node->type == LXB_DOM_NODE_TYPE_TEXT;
    (void)xhr__bytes_append(out, text ? XHR__STR("'") : XHR__STR("<!--"));
    (void)xhr__bytes_append(out, xhr__character_data(node));
    (void)xhr__bytes_append(out, text ? XHR__STR("'") : XHR__STR("-->"));
    return;
  }
  if (node->type == LXB_DOM_NODE_TYPE_DOCUMENT_TYPE)
    (void)xhr__bytes_append(out, XHR__STR("!"));
  if (xhr__node_is_element(node)) {
    const lxb_dom_element_t *element = (const void *)node;
    (void)xhr__bytes_append(out, xhr__element_qualified_name(element));
    for (const lxb_dom_attr_t *at = element->first_attr; at; at = at->next) {
      (void)xhr__bytes_append(out, XHR__STR("["));
      (void)xhr__bytes_append(out, xhr__attribute_qualified_name(at));
      (void)xhr__bytes_append(out, XHR__STR("="));
      (void)xhr__bytes_append(out, xhr__attribute_value(at));
      (void)xhr__bytes_append(out, XHR__STR("]"));
    }
  }
  if (!node->first_child)
    return;
  (void)xhr__bytes_append(out, XHR__STR("("));
  for (const lxb_dom_node_t *child = node->first_child; child; child = child->next) {
    if (child->prev)
      (void)xhr__bytes_append(out, XHR__STR(" "));
    write_tree(child, out);
  }
  (void)xhr__bytes_append(out, XHR__STR(")"));
}

static void assert_tree(const xhr__document *document, const char *want) {
  xhr__bytes text = {0};
  write_tree(xhr__document_node(document), &text);
  assert_string_equal(text.data ? text.data : "", want);
  xhr__bytes_free(&text);
}

/* ---- an owner whose scripts are a language of two commands: "W text" writes, "P" waits ------------------------- */

typedef struct test_page {
  xhr__document *document;
  xhr__bytes log;
  unsigned stopped;
} test_page;

static void note(test_page *page, const char *what, xhr__str text) {
  (void)xhr__bytes_append(&page->log, xhr__str_c(what));
  (void)xhr__bytes_append(&page->log, text);
  (void)xhr__bytes_append(&page->log, XHR__STR(";"));
}

static void execute(test_page *page, xhr__str code) {
  note(page, "", code);
  /* {text}: what it writes, with [ and ] for the angle brackets */
  size_t open = xhr__str_find(code, 0, '{');
  if (open == code.len)
    return;
  unsigned depth = 0;
  size_t close = open;
  for (; close < code.len; close++) {
    depth += code.data[close] == '{';
    depth -= code.data[close] == '}';
    if (depth == 0)
      break;
  }
  xhr__bytes text = {0};
  depth = 0;
  for (size_t i = open + 1; i < close; i++) {
    char c = code.data[i];
    depth += c == '{';
    if (depth == 0)
      c = c == '[' ? '<' : c == ']' ? '>' : c;
    depth -= c == '}';
    (void)xhr__bytes_append_byte(&text, c);
  }
  assert_int_equal(xhr__html_parser_write(page->document->parser, xhr__bytes_str(&text)), XHR_OK);
  xhr__bytes_free(&text);
}

static bool prepare_script(void *user, lxb_dom_element_t *script) {
  test_page *page = user;
  xhr__str src;
  assert_true(xhr__node_data_if_any(&script->node)->script.parser_inserted);
  if (xhr__element_attribute(script, XHR__STR("src"), &src)) {
    note(page, "wait ", src);
    return true;
  }
  xhr__bytes code = {0};
  (void)xhr__node_child_text(&script->node, &code);
  execute(page, xhr__bytes_str(&code));
  xhr__bytes_free(&code);
  return false;
}

static void execute_script(void *user, lxb_dom_element_t *script) {
  xhr__str src;
  (void)xhr__element_attribute(script, XHR__STR("src"), &src);
  execute(user, src);
}

static void stopped(void *user) {
  ((test_page *)user)->stopped++;
}

static const xhr__html_parser_owner owner = {prepare_script, execute_script, stopped, NULL};

static test_page open_page(void) {
  test_page page = {.document = xhr__document_new(true)};
  assert_non_null(page.document);
  return page;
}

static void close_page(test_page *page) {
  xhr__document_unref(page->document);
  xhr__bytes_free(&page->log);
}

/* Parses `html` in pieces of `piece` bytes, scripts being ready whenever they are waited for. */
static void parse(test_page *page, const char *html, size_t piece, bool text) {
  xhr__str rest = xhr__str_c(html);
  assert_int_equal(
      xhr__html_parser_new(page->document, &owner, page, XHR__ENCODING_UTF_8, XHR__ENCODING_NONE),
      XHR_OK);
  xhr__html_parser *parser = page->document->parser;
  while (rest.len > 0) {
    size_t len = piece < rest.len ? piece : rest.len;
    xhr__str now = xhr__str_slice(rest, 0, len);
    assert_int_equal(text ? xhr__html_parser_feed_text(parser, now)
                          : xhr__html_parser_feed(parser, now),
                     XHR_OK);
    rest = xhr__str_from(rest, len);
    if (piece % 2)
      xhr__html_parser_resume(parser);
  }
  assert_int_equal(xhr__html_parser_end(parser), XHR_OK);
  while (xhr__html_parser_pending_script(parser)) {
    assert_int_equal(page->stopped, 0);
    xhr__html_parser_resume(parser);
  }
  assert_int_equal(page->stopped, 1);
}

typedef struct test_case {
  const char *html, *tree, *log;
} test_case;

static const test_case cases[] = {
    {"", "(html(head body))", ""},
    {"a&amp;b\r\nc\rd", "(html(head body('a&b\nc\nd')))", ""},
    {"<!doctype html><title>a</title><p id=x>b<p>c",
     "(! html(head(title('a')) body(p[id=x]('b') p('c'))))", ""},
    {"<script>1</script>2", "(html(head(script('1')) body('2')))", "1;"},
    {"<p>a<script>1</script>b<script>2</script>c",
     "(html(head body(p('a' script('1') 'b' script('2') 'c'))))", "1;2;"},
    /* what is no end of a script */
    {"<script>a > b <!-- <script> </script> --></script>c",
     "(html(head(script('a > b <!-- <script> </script> -->')) body('c')))",
     "a > b <!-- <script> </script> -->;"},
    {"<script>a</scripty></script >b", "(html(head(script('a</scripty>')) body('b')))",
     "a</scripty>;"},
    {"<textarea><script>1</script></textarea>", "(html(head body(textarea('<script>1</script>'))))",
     ""},
    {"<textarea>\n\na&lt;b</textarea><title>a</b>&amp;</title><style>a<!--b</style><xmp>&</xmp>c",
     "(html(head body(textarea('\na<b') title('a</b>&') style('a<!--b') xmp('&') 'c')))", ""},
    {"<table>a<tr>b<td>c</table> d<plaintext></plaintext>",
     "(html(head body('ab' table(tbody(tr(td('c')))) ' d' plaintext('</plaintext>'))))", ""},
    {"<pre>\na</pre><listing>\r\nb", "(html(head body(pre('a') listing('b'))))", ""},
    {"<![CDAtx>a<![>b<!>c<![<[>d<",
     "(<!--[CDAtx--> html(head body('a' <!--[--> 'b' <!----> 'c' <!--[<[--> 'd<')))", ""},
    {"<svg><![CDATA[<b>]]></svg><![CDATA[d]]>e",
     "(html(head body(svg('<b>') <!--[CDATA[d]]--> 'e')))", ""},
    {"<!-- <script>1</script> -->", "(<!-- <script>1</script> --> html(head body))", ""},
    {"<noscript><script>1</script></noscript>", "(html(head(noscript('<script>1</script>')) body))",
     ""},
    {"<p title='>'><script>1</script>", "(html(head body(p[title=>](script('1')))))", "1;"},
    /* never ended */
    {"<script>a", "(html(head(script('a')) body))", ""},
    /* SVG's */
    {"<svg><script>1</script>a<script/>b</svg>",
     "(html(head body(svg(script('1') 'a' script 'b'))))", "1;;"},
    {"<svg viewbox=1><foreignobject><script>1</script></foreignobject>",
     "(html(head body(svg[viewBox=1](foreignObject(script('1'))))))", "1;"},
    /* document.write: what is written comes before what follows */
    {"a<script>{b}</script>c", "(html(head body('a' script('{b}') 'bc')))", "{b};"},
    {"<script>{[b]x}</script></b>y", "(html(head(script('{[b]x}')) body(b('x') 'y')))", "{[b]x};"},
    {"<script>{[!--}</script>a-->b", "(html(head(script('{[!--}') <!--a-->) body('b')))",
     "{[!--};"},
    {"<script>{&am}</script>p;", "(html(head(script('{&am}')) body('&')))", "{&am};"},
    /* a script that is written runs at once, and what it writes comes before the rest */
    {"<script>{1[script]{2}[/script]3}</script>4",
     "(html(head(script('{1[script]{2}[/script]3}')) body('1' script('{2}') '234')))",
     "{1[script]{2}[/script]3};{2};"},
    {"<script>{[script]{[script]a[/script]b}[/script]c}</script>d",
     "(html(head(script('{[script]{[script]a[/script]b}[/script]c}') "
     "script('{[script]a[/script]b}') script('a')) body('bcd')))",
     "{[script]{[script]a[/script]b}[/script]c};{[script]a[/script]b};a;"},
    /* one that has to be waited for */
    {"a<script src='{b}'></script>c", "(html(head body('a' script[src={b}] 'bc')))",
     "wait {b};{b};"},
    {"<script src=1></script><script src=2></script>",
     "(html(head(script[src=1] script[src=2]) body))", "wait 1;1;wait 2;2;"},
    /* one that is written and has to be waited for: what stands behind it waits, what is written meanwhile follows it */
    {"<script>{[script src=x][/script]1}</script>2<script>3</script>",
     "(html(head(script('{[script src=x][/script]1}') script[src=x]) body('12' script('3'))))",
     "{[script src=x][/script]1};wait x;x;3;"},
    {"<script>{[script src='{a}'][/script]b}</script>c",
     "(html(head(script('{[script src='{a}'][/script]b}') script[src={a}]) body('abc')))",
     "{[script src='{a}'][/script]b};wait {a};{a};"},
};

static void any_chunking_gives_the_same(void **state) {
  (void)state;
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    for (size_t piece = 1; piece < strlen(cases[i].html) + 2; piece++) {
      test_page page = open_page();
      parse(&page, cases[i].html, piece, piece % 3 == 0);
      assert_tree(page.document, cases[i].tree);
      assert_string_equal(page.log.data ? page.log.data : "", cases[i].log);
      close_page(&page);
    }
  }
}

static void without_an_owner_scripts_are_left_alone(void **state) {
  (void)state;
  test_page page = open_page();
  assert_int_equal(
      xhr__html_parser_new(page.document, NULL, NULL, XHR__ENCODING_UTF_8, XHR__ENCODING_NONE),
      XHR_OK);
  assert_int_equal(
      xhr__html_parser_feed_text(page.document->parser,
                                 XHR__STR("<noscript><p>a</noscript><script>1</script>b")),
      XHR_OK);
  assert_int_equal(xhr__html_parser_end(page.document->parser), XHR_OK);
  assert_tree(page.document, "(html(head(noscript) body(p('a' script('1') 'b'))))");
  close_page(&page);
}

static void text_is_in_the_tree_as_soon_as_it_is_there(void **state) {
  (void)state;
  test_page page = open_page();
  assert_int_equal(xhr__html_parser_new_script_created(page.document, &owner, &page), XHR_OK);
  xhr__html_parser *parser = page.document->parser;
  assert_true(xhr__html_parser_insertion_point_defined(parser));
  assert_int_equal(xhr__html_parser_write(parser, XHR__STR("<p>a")), XHR_OK);
  assert_tree(page.document, "(html(head body(p('a'))))");
  assert_int_equal(xhr__html_parser_write(parser, XHR__STR("b")), XHR_OK);
  assert_tree(page.document, "(html(head body(p('ab'))))");
  assert_int_equal(
      xhr__html_parser_write(parser, XHR__STR("<textarea>\nc</textarea><xmp>d</xmp><plaintext>e")),
      XHR_OK);
  assert_tree(page.document, "(html(head body(p('ab' textarea('c')) xmp('d') plaintext('e'))))");
  assert_int_equal(page.stopped, 0);
  xhr__html_parser_close(parser);
  assert_int_equal(page.stopped, 1);
  assert_false(xhr__html_parser_insertion_point_defined(parser));
  close_page(&page);
}

/* ---- aborting --------------------------------------------------------------------------------------------------- */

static bool abort_script(void *user, lxb_dom_element_t *script) {
  (void)script;
  xhr__html_parser_abort(((test_page *)user)->document->parser);
  return false;
}

static bool replace_parser(void *user, lxb_dom_element_t *script) {
  test_page *page = user;
  (void)script;
  assert_int_equal(xhr__html_parser_new_script_created(page->document, &owner, page), XHR_OK);
  return true;
}

static void aborting_in_a_script(void **state) {
  static const xhr__html_parser_owner owners[] = {{abort_script, execute_script, stopped, NULL},
                                                  {replace_parser, execute_script, stopped, NULL}};
  (void)state;
  for (size_t i = 0; i < 2; i++) {
    test_page page = open_page();
    assert_int_equal(xhr__html_parser_new(page.document, &owners[i], &page, XHR__ENCODING_UTF_8,
                                          XHR__ENCODING_NONE),
                     XHR_OK);
    xhr__html_parser *parser = xhr__html_parser_ref(page.document->parser);
    assert_int_equal(
        xhr__html_parser_feed_text(parser, XHR__STR("a<script></script>b<script></script>")),
        XHR_OK);
    assert_int_equal(xhr__html_parser_feed_text(parser, XHR__STR("c")), XHR_OK);
    assert_int_equal(xhr__html_parser_end(parser), XHR_OK);
    xhr__html_parser_unref(parser);
    assert_int_equal(page.stopped, 0);
    assert_tree(page.document, "(html(head body('a' script)))");
    close_page(&page);
  }
}

/* ---- encodings -------------------------------------------------------------------------------------------------- */

static void encodings(void **state) {
  static const struct {
    const char *bytes;
    xhr__encoding transport, encoding;
    const char *tree;
  } inputs[] = {
      {"\xE4", XHR__ENCODING_NONE, XHR__ENCODING_WINDOWS_1252, "(html(head body('ä')))"},
      {"\xC3\xA4", XHR__ENCODING_UTF_8, XHR__ENCODING_UTF_8, "(html(head body('ä')))"},
      {"\xEF\xBB\xBF\xC3\xA4", XHR__ENCODING_WINDOWS_1252, XHR__ENCODING_UTF_8,
       "(html(head body('ä')))"},
      {"<meta charset=utf-8>\xC3\xA4", XHR__ENCODING_NONE, XHR__ENCODING_UTF_8,
       "(html(head(meta[charset=utf-8]) body('ä')))"},
      {"<!--<meta charset=utf-8>--><META content='text/html; charset=koi8-r' "
       "http-equiv=content-type>\xC1",
       XHR__ENCODING_NONE, XHR__ENCODING_KOI8_R,
       "(<!--<meta charset=utf-8>--> html(head(meta[content=text/html; charset=koi8-r]"
       "[http-equiv=content-type]) body('а')))"},
      {"<meta content='charset=koi8-r'>\xE4", XHR__ENCODING_NONE, XHR__ENCODING_WINDOWS_1252,
       "(html(head(meta[content=charset=koi8-r]) body('ä')))"},
      {"<p title='<meta charset=koi8-r>'></p><meta/charset=utf-16>\xC3\xA4", XHR__ENCODING_NONE,
       XHR__ENCODING_UTF_8,
       "(html(head body(p[title=<meta charset=koi8-r>] meta[charset=utf-16] 'ä')))"},
      {"<meta charset=x-user-defined>\xE4", XHR__ENCODING_NONE, XHR__ENCODING_WINDOWS_1252,
       "(html(head(meta[charset=x-user-defined]) body('ä')))"},
      {"<!--><meta charset=utf-8>", XHR__ENCODING_NONE, XHR__ENCODING_UTF_8,
       "(<!----> html(head(meta[charset=utf-8]) body))"},
      {"<meta", XHR__ENCODING_NONE, XHR__ENCODING_WINDOWS_1252, "(html(head body))"},
      {"<meta charset=\"utf-8", XHR__ENCODING_NONE, XHR__ENCODING_UTF_8, "(html(head body))"},
  };
  (void)state;
  for (size_t i = 0; i < sizeof inputs / sizeof *inputs; i++) {
    for (size_t piece = 1; piece < 4; piece++) {
      test_page page = open_page();
      assert_int_equal(xhr__html_parser_new(page.document, &owner, &page, inputs[i].transport,
                                            XHR__ENCODING_NONE),
                       XHR_OK);
      for (xhr__str rest = xhr__str_c(inputs[i].bytes); rest.len > 0;) {
        size_t len = piece < rest.len ? piece : rest.len;
        assert_int_equal(xhr__html_parser_feed(page.document->parser, xhr__str_slice(rest, 0, len)),
                         XHR_OK);
        rest = xhr__str_from(rest, len);
      }
      assert_int_equal(xhr__html_parser_end(page.document->parser), XHR_OK);
      assert_tree(page.document, inputs[i].tree);
      assert_int_equal(page.document->encoding, inputs[i].encoding);
      close_page(&page);
    }
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(any_chunking_gives_the_same),
      cmocka_unit_test(without_an_owner_scripts_are_left_alone),
      cmocka_unit_test(text_is_in_the_tree_as_soon_as_it_is_there),
      cmocka_unit_test(aborting_in_a_script),
      cmocka_unit_test(encodings),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
