#include "session/context.h"

#include "encoding/encoder.h"
#include "infra/alloc.h"

/* Checks and parses what the context is made from; on XHR_OK `base_url` is the caller's to free. */
static xhr_status check(const xhr_session *session, const xhr_loop *loop, xhr_string base_url,
                        xhr__url *parsed) {
  if (!session || (!base_url.data && base_url.len > 0))
    return XHR_INVALID_ARGUMENT;
  if (loop && !xhr__loop_is_current(loop))
    return XHR_WRONG_THREAD;
  if (!base_url.data)
    return XHR_OK;
  return xhr__url_parse(xhr__str_of(base_url.data, base_url.len), NULL, parsed);
}

/* Sets the context's session and loop, each with a reference of the context's own. */
static xhr_status join(xhr_context *context, xhr_session *session, xhr_loop *loop) {
  xhr_status status = XHR_OK;
  if (loop) {
    context->loop = xhr_loop_ref(loop);
  } else {
    status = xhr_loop_new(NULL, NULL, &context->loop);
    if (status != XHR_OK)
      return status;
  }
  xhr__engine *engine = xhr__session_engine(session);
  if (xhr__engine_is_inline(engine))
    status = xhr__loop_adopt(context->loop, engine);
  if (status == XHR_OK) {
    context->session = xhr_session_ref(session);
  } else {
    xhr_loop_unref(context->loop);
  }
  return status;
}

/* Takes over `base_url` and `client`, also on failure. */
static xhr_status new_context(xhr_session *session, xhr_loop *loop, xhr__context_kind kind,
                              xhr__url *base_url, xhr__client_snapshot *client, xhr_context **out) {
  xhr_context *context = XHR__NEW(xhr_context);
  xhr_status status = context ? join(context, session, loop) : XHR_OUT_OF_MEMORY;
  if (status != XHR_OK) {
    xhr__url_free(base_url);
    xhr__client_snapshot_unref(client);
    xhr__free(context);
    return status;
  }
  context->references = 1;
  context->kind = kind;
  context->api_base_url = *base_url;
  context->client = client;
  xhr__list_init(&context->fetch_group);
  *out = context;
  return XHR_OK;
}

xhr_status xhr_context_new(xhr_session *session, xhr_loop *loop, xhr_string base_url,
                           xhr_context **out) {
  if (!out)
    return XHR_INVALID_ARGUMENT;
  xhr__url parsed = {0};
  xhr_status status = check(session, loop, base_url, &parsed);
  return status == XHR_OK ? new_context(session, loop, XHR__CONTEXT_PLAIN, &parsed, NULL, out)
                          : status;
}

xhr_status xhr__context_new_environment(xhr_session *session, xhr_loop *loop,
                                        xhr__context_kind kind, const xhr__origin *origin,
                                        const xhr__url *url, xhr_context **out) {
  xhr__url base_url;
  xhr__client_snapshot *client = NULL;
  xhr_status status = xhr__url_copy(url, &base_url);
  if (status == XHR_OK && origin)
    status = xhr__client_snapshot_new(origin, url, &client);
  if (status != XHR_OK) {
    xhr__url_free(&base_url);
    return status;
  }
  return new_context(session, loop, kind, &base_url, client, out);
}

static xhr_status encode_or_fail(void *encoder, xhr__str input, size_t *position, xhr__bytes *out,
                                 uint32_t *error) {
  return xhr__encode_or_fail(encoder, input, position, out, error);
}

xhr_status xhr__context_parse_url(const xhr_context *context, xhr__str input, xhr__url *url) {
  const xhr__url *base = xhr__url_is_set(&context->api_base_url) ? &context->api_base_url : NULL;
  xhr__encoder encoder;
  /* 1. - 3. and the URL parser's output encoding */
  xhr__encoding encoding = xhr__encoding_output(context->encoding);
  if (context->encoding == XHR__ENCODING_NONE || encoding == XHR__ENCODING_UTF_8 ||
      xhr__encoder_init(&encoder, encoding) != XHR_OK)
    return xhr__url_parse(input, base, url);
  /* 4. - 5. */
  const xhr__percent_encoding percent_encoding = {encode_or_fail, &encoder};
  return xhr__url_parse_with_encoding(input, base, &percent_encoding, url);
}

xhr_status xhr__context_set_base_url(xhr_context *context, const xhr__url *url) {
  xhr__url copy;
  xhr_status status = xhr__url_copy(url, &copy);
  if (status != XHR_OK)
    return status;
  xhr__url_free(&context->api_base_url);
  context->api_base_url = copy;
  return XHR_OK;
}

xhr_status xhr__context_share_session(xhr_context *context) {
  xhr__engine *engine = xhr__session_engine(context->session);
  return xhr__engine_is_inline(engine) ? xhr__loop_part_with(context->loop, engine) : XHR_OK;
}

/* "null", or the origin of a URL that has one of its own; the caller frees it. */
static xhr_status parse_origin(xhr__str text, xhr__origin *origin) {
  xhr__url url;
  *origin = (xhr__origin){0};
  if (xhr__str_equals(text, XHR__STR("null"))) {
    xhr__origin_new_opaque(origin);
    return XHR_OK;
  }
  xhr_status status = xhr__url_parse(text, NULL, &url);
  if (status != XHR_OK)
    return status;
  status = xhr__url_origin(&url, origin);
  xhr__url_free(&url);
  return status == XHR_OK && xhr__origin_is_opaque(origin) ? XHR_SYNTAX_ERR : status;
}

/* What Fetch has to know of such a context. Where `base_url` is the empty record it becomes the origin's own URL, if
 * that has one. */
static xhr_status make_client(xhr__str origin_text, xhr__url *base_url,
                              xhr__client_snapshot **out) {
  xhr__origin origin;
  xhr_status status = parse_origin(origin_text, &origin);
  if (status == XHR_OK && !xhr__url_is_set(base_url) && !xhr__origin_is_opaque(&origin))
    status = xhr__url_parse(xhr__origin_serialization(&origin), NULL, base_url);
  if (status == XHR_OK)
    status = xhr__client_snapshot_new(&origin, xhr__url_is_set(base_url) ? base_url : NULL, out);
  xhr__origin_free(&origin);
  return status;
}

xhr_status xhr_context_new_web(xhr_session *session, xhr_loop *loop, xhr_string origin,
                               xhr_string base_url, xhr_context **out) {
  if (!out || !origin.data)
    return XHR_INVALID_ARGUMENT;
  xhr__url parsed = {0};
  xhr__client_snapshot *client = NULL;
  xhr_status status = check(session, loop, base_url, &parsed);
  if (status != XHR_OK)
    return status;
  status = make_client(xhr__str_of(origin.data, origin.len), &parsed, &client);
  if (status != XHR_OK) {
    xhr__url_free(&parsed);
    return status;
  }
  return new_context(session, loop, XHR__CONTEXT_WINDOW, &parsed, client, out);
}

xhr_context *xhr_context_ref(xhr_context *context) {
  if (context && xhr__loop_is_current(context->loop))
    context->references++;
  return context;
}

void xhr_context_unref(xhr_context *context) {
  if (!context || !xhr__loop_is_current(context->loop) || --context->references > 0)
    return;
  xhr__engine *engine = xhr__session_engine(context->session);
  if (xhr__engine_is_inline(engine))
    xhr__loop_disown(context->loop, engine);
  xhr_session_unref(context->session);
  xhr_loop_unref(context->loop);
  xhr__url_free(&context->api_base_url);
  xhr__client_snapshot_unref(context->client);
  xhr__free(context);
}

void xhr_context_destroy(xhr_context *context) {
  if (!context || !xhr__loop_is_current(context->loop) || context->destroyed)
    return;
  context->references++;
  context->destroyed = true;
  while (!xhr__list_empty(&context->fetch_group)) {
    xhr__fetch_record *record = XHR__OWNER(context->fetch_group.next, xhr__fetch_record, node);
    record->terminate(record);
  }
  xhr_context_unref(context);
}

xhr_loop *xhr_context_loop(const xhr_context *context) {
  return context ? context->loop : NULL;
}

void xhr__context_enter(xhr_context *context, xhr__fetch_record *record) {
  xhr__list_append(&context->fetch_group, &record->node);
  xhr__loop_hold(context->loop);
}

void xhr__context_leave(xhr_context *context, xhr__fetch_record *record) {
  xhr__list_remove(&record->node);
  xhr__loop_release(context->loop);
}
