#include "session/context.h"

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

xhr_status xhr_context_new(xhr_session *session, xhr_loop *loop, xhr_string base_url,
                           xhr_context **out) {
  if (!out)
    return XHR_INVALID_ARGUMENT;
  xhr__url parsed = {0};
  xhr_status status = check(session, loop, base_url, &parsed);
  if (status != XHR_OK)
    return status;
  xhr_context *context = XHR__NEW(xhr_context);
  status = context ? join(context, session, loop) : XHR_OUT_OF_MEMORY;
  if (status != XHR_OK) {
    xhr__url_free(&parsed);
    xhr__free(context);
    return status;
  }
  context->references = 1;
  context->api_base_url = parsed;
  xhr__list_init(&context->fetch_group);
  *out = context;
  return XHR_OK;
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
