#include "fetch/fetch_params.h"

static xhr__fetch_params *params_of(xhr__exchange *exchange) {
  return XHR__OWNER(exchange, xhr__fetch_params, exchange);
}

/* The helper thread has more of a file. */
static void body_ready(void *user) {
  xhr__fetch_params *params = user;
  if (!params->source_later)
    return;
  params->source_later = false;
  if (params->exchanging)
    xhr__transport_resume(params->engine->transport, &params->exchange);
}

/* "To transmit request's body": processBodyChunk and processEndOfBody. */
static xhr__read_result read_body(xhr__exchange *exchange, char *data, size_t size, size_t *len) {
  xhr__fetch_params *params = params_of(exchange);
  xhr__read_result result = xhr__body_source_read(params->source, data, size, len);
  if (result == XHR__READ_FAILED)
    params->source_failure = xhr__body_source_failure(params->source);
  if (result == XHR__READ_LATER)
    params->source_later = true;
  if (result != XHR__READ_DATA)
    return result;

  uint64_t position = xhr__body_source_position(params->source);
  if (position > params->transmitted) {
    /* A repeated transmission tells nothing until it passes the furthest that one came before. */
    params->transmitted = position;
    if (position < exchange->body_length)
      xhr__fetch_tell_transmitted(params);
  }
  if (position == exchange->body_length)
    xhr__fetch_tell_request_end(params);
  return result;
}

static void rewind_body(xhr__exchange *exchange, uint64_t position) {
  xhr__fetch_params *params = params_of(exchange);
  params->source_later = false;
  if (params->source)
    xhr__body_source_rewind(params->source, position);
}

/* Goes on with the algorithm that asked, once a response whose body is of no interest has been read or dropped. */
static void go_on(xhr__fetch_params *params) {
  params->discarding = false;
  xhr__list_remove(&params->deferred_node);
  if (params->handed_over)
    xhr__fetch_end_of_body(params);
  else
    xhr__http_network_or_cache_fetch_response(params);
}

static bool is_uploading(const xhr__fetch_params *params) {
  return params->exchange.has_body && params->exchange.body_length > 0 &&
         xhr__body_source_position(params->source) < params->exchange.body_length;
}

/* NOTE: what arrives of the body in this turn is read away for the connection's sake. An upload that is still under way
 * is not cut off. */
void xhr__http_network_fetch_disregard_body(xhr__fetch_params *params) {
  params->discarding = true;
  if (!is_uploading(params))
    xhr__list_append(&params->engine->deferred, &params->deferred_node);
}

void xhr__http_network_fetch_stop_discarding(xhr__fetch_params *params) {
  if (params->exchanging) {
    params->exchanging = false;
    xhr__transport_cancel(params->engine->transport, &params->exchange);
  }
  go_on(params);
}

/* Content codings to undo, and the buffer that the body is collected in. XHR_OK, XHR_LIMIT, XHR_OUT_OF_MEMORY, or
 * XHR_SYNTAX_ERR for lengths that contradict each other. */
static xhr_status prepare_body(xhr__fetch_params *params) {
  const xhr__header_list *headers = &params->response->header_list;
  bool has_length = false;
  uint64_t length = 0;
  /* NOTE: a transfer coding overrides any length (RFC 9112, 6.3). */
  if (!xhr__header_list_contains(headers, XHR__STR("Transfer-Encoding"))) {
    xhr_status status = xhr__header_list_extract_length(headers, &has_length, &length);
    if (status != XHR_OK)
      return status;
  }
  xhr__str *values;
  size_t count;
  xhr_status status =
      xhr__header_list_values(headers, XHR__STR("Content-Encoding"), &values, &count);
  if (status != XHR_OK)
    return status;
  /* The size is looked at here, as it is without codings. */
  const xhr__codings_limits limits = {.max_ratio = params->engine->max_decompression_ratio};
  status = xhr__codings_new(values, count, &limits, &params->codings);
  xhr__free(values);
  if (status != XHR_OK)
    return status;
  return xhr__fetch_open_body(params, has_length && !params->codings ? length : 0);
}

/* Why prepare_body failed. */
static void fail_to_prepare(xhr__fetch_params *params, xhr_status status) {
  xhr_failure_code code = XHR_FAILURE_OUT_OF_MEMORY;
  xhr__str detail = XHR__STR_EMPTY;
  if (status == XHR_SYNTAX_ERR)
    code = XHR_FAILURE_CONTENT_LENGTH;
  if (status == XHR_LIMIT) {
    code = XHR_FAILURE_DECODE_LIMIT;
    detail = XHR__STR("the response has more content codings than are undone");
  }
  xhr__fetch_network_error(params, code, detail);
}

/* Step 8.5, its loop's second step: all headers are there. Interim responses never come here. */
static void head(xhr__exchange *exchange, xhr__response_head *head) {
  xhr__fetch_params *params = params_of(exchange);
  xhr__fetch_request_was_answered(params);
  if (xhr__fetch_new_response(params, head->status, head->reason) != XHR_OK) {
    xhr__fetch_network_error(params, XHR_FAILURE_OUT_OF_MEMORY, XHR__STR_EMPTY);
    return;
  }
  xhr__header_list_swap(&params->response->header_list, head->headers);

  if (params->parent || xhr__http_network_or_cache_fetch_repeats(params) ||
      xhr__http_fetch_redirects(params)) {
    /* NOTE: its body is of no interest, but the connection is: what arrives of it in this turn is read away. */
    params->discarding = true;
    if (is_uploading(params)) {
      /* HTTP fetch, 6.2: an upload under way is cut off. */
      xhr__http_network_fetch_stop_discarding(params);
      return;
    }
    xhr__list_append(&params->engine->deferred, &params->deferred_node);
    return;
  }
  /* 10-15. The body. */
  xhr_status status = prepare_body(params);
  if (status != XHR_OK) {
    fail_to_prepare(params, status);
    return;
  }
  /* 16. WebDriver BiDi. 17. FIXME: cookies are not built yet. 19. */
  xhr__http_network_or_cache_fetch_response(params);
}

/* Appends what the codings make of `bytes` to the buffer, a little past the limit at most. */
static xhr_status decode(xhr__fetch_params *params, xhr__str bytes) {
  xhr__codings_input(params->codings, bytes);
  for (;;) {
    size_t size, len;
    char *room = xhr__body_buffer_room(params->body, &size);
    if (!room)
      return XHR_OUT_OF_MEMORY;
    xhr_status status = xhr__codings_read(params->codings, room, size, &len);
    if (status != XHR_OK)
      return status;
    if (len == 0)
      return XHR_OK;
    xhr__body_buffer_commit(params->body, len);
    if (xhr__fetch_body_is_past_limit(params))
      return XHR_OK;
  }
}

static void fail_to_decode(xhr__fetch_params *params, xhr_status status) {
  xhr_failure_code code = XHR_FAILURE_DECODE;
  if (status == XHR_OUT_OF_MEMORY)
    code = XHR_FAILURE_OUT_OF_MEMORY;
  if (status == XHR_LIMIT)
    code = XHR_FAILURE_DECODE_LIMIT;
  const char *message = xhr__codings_message(params->codings);
  xhr__fetch_network_error(params, code,
                           xhr__str_c(code == XHR_FAILURE_OUT_OF_MEMORY ? NULL : message));
}

/* Step 18.1.1.1: bytes of the message body. */
static void body(xhr__exchange *exchange, xhr__str bytes) {
  xhr__fetch_params *params = params_of(exchange);
  if (params->discarding)
    return;
  /* 18.1.1.1.9. Content codings undone. */
  size_t before = xhr__body_buffer_len(params->body);
  xhr_status status =
      params->codings ? decode(params, bytes) : xhr__body_buffer_append(params->body, bytes);
  if (status != XHR_OK && params->codings) {
    fail_to_decode(params, status);
    return;
  }
  if (status != XHR_OK) {
    xhr__fetch_network_error(params, XHR_FAILURE_OUT_OF_MEMORY, XHR__STR_EMPTY);
    return;
  }
  if (xhr__fetch_body_is_past_limit(params)) {
    xhr__fetch_network_error(params, XHR_FAILURE_RESPONSE_LIMIT, XHR__STR_EMPTY);
    return;
  }
  /* What codings make nothing of yet is no progress. */
  if (xhr__body_buffer_len(params->body) > before)
    xhr__fetch_tell_received(params);
}

/* Step 18.1.1.2, or the network's failure. */
static void done(xhr__exchange *exchange, const xhr__failure *failure) {
  xhr__fetch_params *params = params_of(exchange);
  params->exchanging = false;
  if (params->discarding) {
    go_on(params);
    return;
  }
  if (params->source_failure != XHR_FAILURE_NONE) {
    xhr__fetch_network_error(params, params->source_failure, XHR__STR_EMPTY);
    return;
  }
  if (failure) {
    xhr__fetch_network_failure(params, failure);
    return;
  }
  if (!params->handed_over) {
    xhr__fetch_network_error(params, XHR_FAILURE_EMPTY_REPLY, XHR__STR_EMPTY);
    return;
  }
  if (params->codings) {
    xhr_status status = xhr__codings_finish(params->codings);
    if (status != XHR_OK) {
      fail_to_decode(params, status);
      return;
    }
  }
  xhr__fetch_end_of_body(params);
}

static const xhr__exchange_events events = {read_body, rewind_body, head, body, done};

/* Makes a source for one transmission of the request's body. */
static xhr_status open_source(xhr__fetch_params *params) {
  xhr__body_source_free(params->source);
  params->source = NULL;
  params->source_later = false;
  if (!params->request->body)
    return XHR_OK;
  return xhr__body_source_new(params->engine->file_reader, params->request->body, body_ready,
                              params, &params->source);
}

static bool is_post_or_put(xhr__str method) {
  return xhr__str_equals(method, XHR__STR("POST")) || xhr__str_equals(method, XHR__STR("PUT"));
}

/* https://fetch.spec.whatwg.org/#http-network-fetch */
void xhr__http_network_fetch(xhr__fetch_params *params) {
  /* 1. */
  const xhr__request *request = params->request;
  /* 2. Offline: unknown. 3-5. Timing, partition key: not built. 6-7. Connections are the transport's. */
  /* 8.1-8.4. Timing, bodies without a source: there are none. 8.5. Make the request. 9. An end frees the params. */
  xhr_status status = open_source(params);
  if (status == XHR_OK) {
    params->answered = false;
    params->exchange = (xhr__exchange){
        .events = &events,
        .method = xhr__bytes_str(&request->method),
        .url = xhr__request_current_url(request),
        .headers = &params->http_header_list,
        /* HTTP-network-or-cache fetch, 8.7: a POST or PUT without a body says so. */
        .has_body = request->body || is_post_or_put(xhr__bytes_str(&request->method)),
        .body_length = request->body ? xhr_body_length(request->body) : 0,
        .fresh_connection = params->is_new_connection_fetch,
        .without_credentials = !params->include_credentials,
    };
    params->exchanging = true;
    status = xhr__transport_start(params->engine->transport, &params->exchange);
  }
  if (status != XHR_OK) {
    params->exchanging = false;
    xhr_failure_code code =
        status == XHR_OUT_OF_MEMORY ? XHR_FAILURE_OUT_OF_MEMORY : XHR_FAILURE_INTERNAL;
    xhr__fetch_network_error(params, code, XHR__STR_EMPTY);
    return;
  }
  /* "To transmit request's body", 1. A null body has gone out as soon as the request is made, also where a redirect has
   * made it null and cut the upload off; and so has an empty one. Who has sent none is not told. */
  if (xhr_body_length(request->body) == 0 && (request->body || params->controller->report_upload))
    xhr__fetch_tell_request_end(params);
}
