#include "dom/html_parser.h"

#include <lexbor/html/tokenizer/state.h>
#include <lexbor/html/tokenizer/state_rawtext.h>
#include <lexbor/html/tokenizer/state_rcdata.h>

#include "dom/encoding_sniffing.h"
#include "dom/form_control.h"
#include "encoding/decoder.h"

/* A part of the input stream. The last one is read from, and has the insertion point at its end; the first is the
 * resource's, each of the others what is written while one script runs. So the text behind an insertion point stands in
 * the part before, and saving and restoring the insertion point is to add a part and to take it away. */
typedef struct part {
  xhr__bytes text;
  size_t read;
} part;

struct xhr__html_parser {
  uint32_t references;
  xhr__document *document; /* borrowed; NULL once aborted */
  const xhr__html_parser_owner *owner;
  void *user;
  bool script_created;
  /* The encoding is not known yet as long as there are bytes in `sniffed`, or none came. */
  xhr__encoding transport_charset, fallback;
  bool decoding;
  xhr__decoder decoder;
  xhr__bytes sniffed;
  part *parts;
  size_t part_count, part_capacity;
  bool ended;   /* the first part has all of its text */
  bool started; /* lexbor's parser */
  bool stopped; /* parsed to the end, or failed */
  bool running; /* one of the loops below is on the stack */
  unsigned script_nesting_level;
  lxb_dom_element_t
      *pending; /* the pending parsing-blocking script; while there is one the parser is paused */
  /* The script element whose end tag was just seen. */
  lxb_dom_element_t *closed_script;
  lxb_html_tokenizer_token_f tree_callback;
  void *tree_context;
};

/* ---- life ------------------------------------------------------------------------------------------------------- */

xhr__html_parser *xhr__html_parser_ref(xhr__html_parser *parser) {
  parser->references++;
  return parser;
}

void xhr__html_parser_unref(xhr__html_parser *parser) {
  if (--parser->references > 0)
    return;
  for (size_t i = 0; i < parser->part_count; i++)
    xhr__bytes_free(&parser->parts[i].text);
  xhr__free(parser->parts);
  xhr__bytes_free(&parser->sniffed);
  xhr__free(parser);
}

void xhr__html_parser_abort(xhr__html_parser *parser) {
  if (!parser->document)
    return;
  parser->document->parser_was_aborted = !parser->stopped;
  parser->stopped = true;
  parser->document = NULL;
  parser->owner = NULL;
  parser->pending = NULL;
}

static bool push_part(xhr__html_parser *parser) {
  void *parts = parser->parts;
  if (!xhr__grow(&parts, &parser->part_capacity, parser->part_count + 1, sizeof(part)))
    return false;
  parser->parts = parts;
  parser->parts[parser->part_count++] = (part){0};
  return true;
}

/* What is left of the last part is read before the one beneath it. */
static xhr_status pop_part(xhr__html_parser *parser) {
  part *top = &parser->parts[--parser->part_count], *below = top - 1;
  xhr_status status = XHR_OK;
  if (top->read < top->text.len) {
    xhr__bytes_consume(&top->text, top->read);
    status =
        xhr__bytes_append(&top->text, xhr__str_from(xhr__bytes_str(&below->text), below->read));
    xhr__bytes_move(&below->text, &top->text);
    below->read = 0;
  }
  xhr__bytes_free(&top->text);
  return status;
}

static part *top_part(xhr__html_parser *parser) {
  return &parser->parts[parser->part_count - 1];
}

static lxb_html_parser_t *lexbor(const xhr__html_parser *parser) {
  return parser->document->tree->parser;
}

/* ---- lexbor ----------------------------------------------------------------------------------------------------- */

static lxb_dom_node_t *current_node(const xhr__html_parser *parser) {
  return lxb_html_tree_current_node(lexbor(parser)->tree);
}

/* https://html.spec.whatwg.org/#create-an-element-for-the-token and the script start tag's steps, for what lexbor does not do. */
static bool script_created(lxb_dom_node_t *script) {
  xhr__node_data *data = xhr__node_data_of(script);
  if (data)
    data->script.parser_inserted = data->script.not_force_async = true;
  return data != NULL;
}

/* A script's tag has been processed: `before` was the current node, and the last of its children `last`. */
static bool script_tag_done(xhr__html_parser *parser, const lxb_html_token_t *token,
                            lxb_dom_node_t *before, const lxb_dom_node_t *last) {
  lxb_dom_node_t *after = current_node(parser);
  if (token->type & LXB_HTML_TOKEN_TYPE_CLOSE) {
    if (before && before != after && xhr__node_is_script(before))
      parser->closed_script = lxb_dom_interface_element(before);
    return true;
  }
  if (after && after != before && xhr__node_is_script(after))
    return script_created(after);
  /* A self-closing one in SVG is closed already. */
  lxb_dom_node_t *child = before ? before->last_child : NULL;
  if (!child || child == last || !xhr__node_is_script(child))
    return true;
  parser->closed_script = lxb_dom_interface_element(child);
  return script_created(child);
}

/* A start tag of what the parser may associate with the form element pointer's element. */
static bool is_of_form(const xhr__html_parser *parser, const lxb_html_token_t *token) {
  if ((token->type & LXB_HTML_TOKEN_TYPE_CLOSE) || !lexbor(parser)->tree->form)
    return false;
  switch (token->tag_id) {
    case LXB_TAG_BUTTON:
    case LXB_TAG_FIELDSET:
    case LXB_TAG_IMG:
    case LXB_TAG_INPUT:
    case LXB_TAG_OBJECT:
    case LXB_TAG_OUTPUT:
    case LXB_TAG_SELECT:
    case LXB_TAG_TEXTAREA: return true;
    default: return false;
  }
}

/* Such a tag has been processed; `last` was the last child of the current node. The element is the current node, or its last
 * child, or before the table where it was foster-parented. */
static bool control_created(xhr__html_parser *parser, lxb_tag_id_t tag,
                            const lxb_dom_node_t *last) {
  lxb_dom_node_t *node = current_node(parser), *table = node;
  if (node && !xhr__node_is_html(node, tag))
    node = node->last_child != last ? node->last_child : NULL;
  if (!node || !xhr__node_is_html(node, tag)) {
    while (table && !xhr__node_is_html(table, LXB_TAG_TABLE))
      table = table->parent;
    node = table ? table->prev : NULL;
  }
  return !node || !xhr__node_is_html(node, tag) ||
         xhr__form_control_parsed(lxb_dom_interface_element(node),
                                  lxb_dom_interface_element(lexbor(parser)->tree->form));
}

/* Each token goes through here to lexbor's tree builder. */
static lxb_html_token_t *token_done(lxb_html_tokenizer_t *tokenizer, lxb_html_token_t *token,
                                    void *context) {
  xhr__html_parser *parser = context;
  lxb_tag_id_t tag = token->tag_id;
  bool of_form = is_of_form(parser, token);
  if (!of_form && tag != LXB_TAG_SCRIPT && tag != LXB_TAG_BASE && tag != LXB_TAG__END_OF_FILE)
    return parser->tree_callback(tokenizer, token, parser->tree_context);
  xhr__document *document = parser->document;
  lxb_dom_node_t *before = current_node(parser);
  const lxb_dom_node_t *last = before ? before->last_child : NULL;
  if (tag == LXB_TAG__END_OF_FILE && before && xhr__node_is_html(before, LXB_TAG_SCRIPT)) {
    xhr__node_data *data = xhr__node_data_of(before);
    if (data)
      data->script.already_started = true;
  }
  lxb_html_token_t *result = parser->tree_callback(tokenizer, token, parser->tree_context);
  if (result && ((tag == LXB_TAG_SCRIPT && !script_tag_done(parser, token, before, last)) ||
                 (of_form && !control_created(parser, tag, last)))) {
    tokenizer->status = LXB_STATUS_ERROR_MEMORY_ALLOCATION;
    return NULL;
  }
  if (tag == LXB_TAG_BASE && document->steps && document->steps->base_url_changed)
    document->steps->base_url_changed(document->steps_user);
  return result;
}

/* Lexbor's parser, a new one, at the start of the document. */
static xhr_status start(xhr__html_parser *parser) {
  lxb_html_document_t *html = xhr__document_html(parser->document);
  html->ready_state = LXB_HTML_DOCUMENT_READY_STATE_UNDEF; /* else it frees what is in the arenas */
  html->head = NULL;
  html->body = NULL;
  lxb_html_document_scripting_set(html, parser->owner != NULL);
  parser->document->tree->parser = lxb_html_parser_unref(parser->document->tree->parser);
  if (lxb_html_document_parse_chunk_begin(html) != LXB_STATUS_OK)
    return XHR_OUT_OF_MEMORY;
  lxb_html_parser_t *inner = lexbor(parser);
  lxb_html_parser_scripting_set(inner, parser->owner != NULL);
  parser->tree_callback = inner->tkz->callback_token_done;
  parser->tree_context = inner->tkz->callback_token_ctx;
  lxb_html_tokenizer_callback_token_done_set(inner->tkz, token_done, parser);
  parser->started = true;
  return XHR_OK;
}

/* The states in which all that the tokenizer holds is text, by the functions that lead into them: those of the states
 * themselves are not to be had but by calling these, which do nothing else at the end of the stream. */
static const lxb_html_tokenizer_state_f text_states[] = {
    lxb_html_tokenizer_state_data_before,
    lxb_html_tokenizer_state_rcdata_before,
    lxb_html_tokenizer_state_rawtext_before,
    lxb_html_tokenizer_state_plaintext_before,
};

/* The one that leads into the tokenizer's state; NULL. */
static lxb_html_tokenizer_state_f text_state(lxb_html_tokenizer_t *tokenizer) {
  lxb_html_tokenizer_state_f state = tokenizer->state, before = NULL;
  lxb_tag_id_t tag = tokenizer->token->tag_id;
  tokenizer->is_eof = true;
  for (size_t i = 0; !before && i < sizeof text_states / sizeof *text_states; i++) {
    (void)text_states[i](tokenizer, NULL, NULL);
    if (tokenizer->state == state)
      before = text_states[i];
  }
  tokenizer->is_eof = false;
  tokenizer->state = state;
  tokenizer->token->tag_id = tag;
  return before;
}

/* Text that the tokenizer holds until it sees what follows is put into the tree, so that scripts find it. */
static void flush_text(xhr__html_parser *parser) {
  lxb_html_tokenizer_t *tokenizer = lexbor(parser)->tkz;
  lxb_html_tokenizer_state_f before =
      tokenizer->pos != tokenizer->start ? text_state(tokenizer) : NULL;
  if (!before)
    return;
  lxb_html_token_t *token = tokenizer->token;
  token->tag_id = LXB_TAG__TEXT;
  token->text_start = tokenizer->start;
  token->text_end = tokenizer->pos;
  token = token_done(tokenizer, token, parser);
  if (!token)
    return;
  lxb_html_token_clean(token);
  tokenizer->pos = tokenizer->start;
  tokenizer->state = before;
}

/* ---- the end ---------------------------------------------------------------------------------------------------- */

/* Nothing more will be parsed. */
static void stop(xhr__html_parser *parser) {
  const xhr__html_parser_owner *owner = parser->owner;
  parser->stopped = true;
  parser->pending = NULL;
  parser->document->tree->parser = lxb_html_parser_unref(parser->document->tree->parser);
  if (owner && owner->stopped)
    owner->stopped(parser->user);
}

static xhr_status fail(xhr__html_parser *parser) {
  if (parser->owner && parser->owner->failed)
    parser->owner->failed(parser->user);
  if (parser->document)
    stop(parser);
  return XHR_OUT_OF_MEMORY;
}

/* ---- scripts ---------------------------------------------------------------------------------------------------- */

/* Steps that are the same before and after a script is prepared or executed. XHR_OUT_OF_MEMORY: it was not. */
static xhr_status enter_script(xhr__html_parser *parser) {
  if (!push_part(parser))
    return XHR_OUT_OF_MEMORY;
  parser->script_nesting_level++;
  return XHR_OK;
}

static xhr_status leave_script(xhr__html_parser *parser) {
  parser->script_nesting_level--;
  return pop_part(parser);
}

/* https://html.spec.whatwg.org/#scriptEndTag */
static xhr_status script_end_tag(xhr__html_parser *parser, lxb_dom_element_t *script) {
  /* 1. - 3. the checkpoint is the owner's; lexbor has popped the script */
  /* 4. - 5. */
  xhr_status status = enter_script(parser);
  if (status != XHR_OK)
    return status;
  /* 6. - 7. */
  bool pending = parser->owner->prepare_script(parser->user, script);
  if (pending && parser->document)
    parser->pending = script;
  /* 8. - 9. */
  return leave_script(parser);
  /* 10. the loops stop while a script is pending; xhr__html_parser_resume goes on */
}

/* ---- parsing ---------------------------------------------------------------------------------------------------- */

/* How much of a text's end looks like the beginning of "<![CDATA[", in any case. */
static size_t marker_at_end(xhr__str text) {
  const xhr__str marker = XHR__STR("<![CDATA[");
  size_t len = text.len < marker.len ? text.len : marker.len - 1;
  while (len > 0 &&
         !xhr__str_equals_ci(xhr__str_from(text, text.len - len), xhr__str_slice(marker, 0, len)))
    len--;
  return len;
}

/* How many bytes of the last part may be parsed. Lexbor 3.0 forgets the beginning of a "<![CDATA[" that is cut off, and of
 * what only looks like one: such an end waits for what follows it, or for the end of the stream.
 * DEVIATION: at the end of the stream it is forgotten: the comment that it becomes there is empty. */
static size_t available(const xhr__html_parser *parser) {
  const part *top = &parser->parts[parser->part_count - 1];
  xhr__str unread = xhr__str_from(xhr__bytes_str(&top->text), top->read);
  if (parser->ended && parser->part_count == 1)
    return unread.len;
  /* Before what is held back there may not be another cut. */
  size_t held = marker_at_end(unread);
  unread.len -= held;
  while (held > 0 && (held = marker_at_end(unread)) > 2)
    unread.len -= held;
  return unread.len;
}

/* Parses the last part up to its end or behind the next script's end tag. Nothing can end a script but a ">", so that lexbor
 * gets what lies between two of them at once. */
static xhr_status parse_up_to_script(xhr__html_parser *parser) {
  part *top = top_part(parser);
  lxb_html_document_t *html = xhr__document_html(parser->document);
  size_t stop_at = top->read + available(parser);
  parser->document->version++;
  while (top->read < stop_at && !parser->closed_script) {
    if (xhr__document_is_over(parser->document)) {
      xhr__html_parser_abort(parser);
      return XHR_OK;
    }
    size_t end = xhr__str_find(xhr__str_of(top->text.data, stop_at), top->read, '>');
    end += end < stop_at;
    lxb_status_t status = lxb_html_document_parse_chunk(
        html, (const lxb_char_t *)top->text.data + top->read, end - top->read);
    top->read = end;
    if (status != LXB_STATUS_OK)
      return XHR_OUT_OF_MEMORY;
  }
  if (!parser->closed_script)
    flush_text(parser);
  if (top->read == top->text.len) {
    xhr__bytes_clear(&top->text);
    top->read = 0;
  }
  return XHR_OK;
}

/* Parses the last part to its end, or to where a script has to be waited for. The caller holds a reference. */
static xhr_status parse_part(xhr__html_parser *parser) {
  xhr_status status = parser->started ? XHR_OK : start(parser);
  while (status == XHR_OK && !parser->stopped && !parser->pending && available(parser) > 0) {
    status = parse_up_to_script(parser);
    lxb_dom_element_t *script = parser->closed_script;
    parser->closed_script = NULL;
    if (status == XHR_OK && script && parser->owner)
      status = script_end_tag(parser, script);
  }
  return status;
}

/* Parses what has come of the stream, and ends where it has ended. */
static xhr_status run(xhr__html_parser *parser) {
  if (parser->running || parser->script_nesting_level > 0 || parser->stopped || parser->pending)
    return XHR_OK;
  (void)xhr__html_parser_ref(parser);
  parser->running = true;
  xhr_status status = parse_part(parser);
  parser->running = false;
  if (status != XHR_OK && !parser->stopped) {
    status = fail(parser);
  } else if (parser->ended && !parser->stopped && !parser->pending) {
    parser->document->version++;
    if (lxb_html_document_parse_chunk_end(xhr__document_html(parser->document)) != LXB_STATUS_OK)
      status = fail(parser);
    else
      stop(parser);
  }
  xhr__html_parser_unref(parser);
  return status;
}

/* ---- input ------------------------------------------------------------------------------------------------------ */

/* https://html.spec.whatwg.org/#encoding-sniffing-algorithm */
static void begin_decoding(xhr__html_parser *parser) {
  /* 1. - 3. the decoder looks for a byte order mark; overrides: there are none; */
  /* 4. */
  xhr__encoding encoding = parser->transport_charset;
  /* 5. */
  if (encoding == XHR__ENCODING_NONE)
    encoding = xhr__prescan(xhr__bytes_str(&parser->sniffed));
  /* 6. - 8. no parent document, no history, no guessing */
  /* 9. */
  if (encoding == XHR__ENCODING_NONE)
    encoding = parser->fallback;
  xhr__decoder_init(&parser->decoder, encoding, XHR__BOM_SNIFF, false);
  parser->decoding = true;
}

/* NOTE: https://html.spec.whatwg.org/#change-the-encoding is not built: a meta element behind the first 1024 bytes does not count */
static xhr_status decode(xhr__html_parser *parser, xhr__str bytes, bool last) {
  xhr__bytes *text = &parser->parts[0].text;
  xhr_status status = xhr__decoder_feed(&parser->decoder, bytes, text);
  xhr__encoding encoding = xhr__decoder_encoding(&parser->decoder);
  if (status == XHR_OK && last)
    status = xhr__decoder_finish(&parser->decoder, text);
  parser->document->encoding = encoding != XHR__ENCODING_NONE ? encoding : parser->decoder.encoding;
  return status;
}

xhr_status xhr__html_parser_feed(xhr__html_parser *parser, xhr__str bytes) {
  if (parser->stopped)
    return XHR_OK;
  xhr_status status = XHR_OK;
  if (!parser->decoding) {
    status = xhr__bytes_append(&parser->sniffed, bytes);
    if (status != XHR_OK)
      return fail(parser);
    if (parser->transport_charset == XHR__ENCODING_NONE &&
        parser->sniffed.len < XHR__PRESCAN_LENGTH)
      return XHR_OK;
    begin_decoding(parser);
    status = decode(parser, xhr__bytes_str(&parser->sniffed), false);
    xhr__bytes_free(&parser->sniffed);
  } else {
    status = decode(parser, bytes, false);
  }
  return status == XHR_OK ? run(parser) : fail(parser);
}

xhr_status xhr__html_parser_feed_text(xhr__html_parser *parser, xhr__str text) {
  if (parser->stopped)
    return XHR_OK;
  if (xhr__bytes_append(&parser->parts[0].text, text) != XHR_OK)
    return fail(parser);
  return run(parser);
}

xhr_status xhr__html_parser_end(xhr__html_parser *parser) {
  xhr_status status = XHR_OK;
  if (parser->stopped || parser->ended)
    return XHR_OK;
  if (!parser->decoding && parser->sniffed.len > 0) {
    begin_decoding(parser);
    status = decode(parser, xhr__bytes_str(&parser->sniffed), true);
    xhr__bytes_free(&parser->sniffed);
  } else if (parser->decoding) {
    status = decode(parser, XHR__STR_EMPTY, true);
  }
  parser->ended = true;
  return status == XHR_OK ? run(parser) : fail(parser);
}

/* ---- waiting for scripts ---------------------------------------------------------------------------------------- */

lxb_dom_element_t *xhr__html_parser_pending_script(const xhr__html_parser *parser) {
  return parser->pending;
}

/* https://html.spec.whatwg.org/#scriptEndTag, step 10's "otherwise" */
void xhr__html_parser_resume(xhr__html_parser *parser) {
  lxb_dom_element_t *script = parser->pending;
  if (!script || parser->script_nesting_level > 0)
    return;
  (void)xhr__html_parser_ref(parser);
  /* 1. - 2. */
  parser->pending = NULL;
  /* 3. - 7. it was waited for */
  /* 8. - 9. */
  xhr_status status = enter_script(parser);
  if (status == XHR_OK) {
    /* 10. */
    parser->owner->execute_script(parser->user, script);
    /* 11. - 12. */
    status = leave_script(parser);
  }
  if (status == XHR_OK)
    (void)run(parser);
  else if (!parser->stopped)
    (void)fail(parser);
  xhr__html_parser_unref(parser);
}

/* ---- document.write --------------------------------------------------------------------------------------------- */

bool xhr__html_parser_is_active(const xhr__html_parser *parser) {
  return !parser->stopped;
}

bool xhr__html_parser_insertion_point_defined(const xhr__html_parser *parser) {
  return !parser->stopped &&
         (parser->script_nesting_level > 0 || (parser->script_created && !parser->ended));
}

unsigned xhr__html_parser_script_nesting_level(const xhr__html_parser *parser) {
  return parser->script_nesting_level;
}

bool xhr__html_parser_is_script_created(const xhr__html_parser *parser) {
  return parser->script_created;
}

xhr_status xhr__html_parser_write(xhr__html_parser *parser, xhr__str text) {
  xhr_status status = xhr__bytes_append(&top_part(parser)->text, text);
  if (status != XHR_OK || parser->pending)
    return status;
  if (parser->script_nesting_level == 0)
    return run(parser);
  (void)xhr__html_parser_ref(parser);
  status = parse_part(parser);
  xhr__html_parser_unref(parser);
  return status;
}

void xhr__html_parser_close(xhr__html_parser *parser) {
  parser->ended = true;
  (void)run(parser);
}

/* ---- making ----------------------------------------------------------------------------------------------------- */

/* One reference, the document's. */
static xhr__html_parser *new_parser(xhr__document *document, const xhr__html_parser_owner *owner,
                                    void *user) {
  xhr__html_parser *parser = XHR__NEW(xhr__html_parser);
  if (!parser)
    return NULL;
  parser->references = 1;
  if (!push_part(parser)) {
    xhr__html_parser_unref(parser);
    return NULL;
  }
  if (document->parser) {
    xhr__html_parser_abort(document->parser);
    xhr__html_parser_unref(document->parser);
  }
  document->parser_was_aborted = false;
  document->parser = parser;
  parser->document = document;
  parser->owner = owner;
  parser->user = user;
  return parser;
}

xhr_status xhr__html_parser_new(xhr__document *document, const xhr__html_parser_owner *owner,
                                void *user, xhr__encoding transport_charset,
                                xhr__encoding fallback) {
  xhr__html_parser *parser = new_parser(document, owner, user);
  if (!parser)
    return XHR_OUT_OF_MEMORY;
  parser->transport_charset = transport_charset;
  parser->fallback = fallback != XHR__ENCODING_NONE ? fallback : XHR__ENCODING_WINDOWS_1252;
  return XHR_OK;
}

xhr_status xhr__html_parser_new_script_created(xhr__document *document,
                                               const xhr__html_parser_owner *owner, void *user) {
  xhr__html_parser *parser = new_parser(document, owner, user);
  if (!parser)
    return XHR_OUT_OF_MEMORY;
  parser->script_created = true;
  return XHR_OK;
}
