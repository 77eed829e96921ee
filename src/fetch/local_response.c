/* Responses of the schemes that need no network: made at once, their bodies read as the engine comes to it, from disk
 * by its file reader. */
#include "fetch/fetch_params.h"

/* How much of one body is copied in one turn of the engine, so that other fetches have theirs. */
#define PER_TURN ((size_t)1024 * 1024)
/* From here on it is dearer to copy memory than to keep what it lies in. */
#define BORROWED ((uint64_t)64 * 1024)

/* The helper thread has more of a file. */
static void ready(void *user) {
  xhr__fetch_params *params = user;
  if (xhr__list_empty(&params->local_node))
    xhr__list_append(&params->engine->local, &params->local_node);
}

/* https://fetch.spec.whatwg.org/#bodyinit-safely-extract, as what can be read. */
static xhr_status open_source(xhr__fetch_params *params, xhr__segments *segments) {
  xhr_body *body;
  xhr_status status = xhr__body_new(segments, NULL, false, &body);
  if (status != XHR_OK)
    return status;
  status =
      xhr__body_source_new(params->engine->file_reader, body, ready, params, &params->local_source);
  xhr_body_unref(body);
  return status;
}

static void unref_segments(void *user) {
  xhr__segments_unref(user);
}

/* A body that is one piece of memory is there already. */
static xhr_status borrow_body(xhr__fetch_params *params, xhr__segments *segments, xhr__str bytes) {
  xhr__response *response = params->response;
  xhr__body_buffer_unref(response->body);
  response->body = NULL;
  xhr_status status = xhr__body_buffer_new_borrowed(bytes, unref_segments,
                                                    xhr__segments_ref(segments), &response->body);
  if (status == XHR_OK)
    params->body = xhr__body_buffer_ref(response->body);
  return status;
}

static xhr_status open_body(xhr__fetch_params *params, xhr__segments *segments) {
  xhr__str bytes;
  if (segments->length >= BORROWED && xhr__segments_bytes(segments, &bytes))
    return borrow_body(params, segments, bytes);
  xhr_status status = open_source(params, segments);
  return status == XHR_OK ? xhr__fetch_open_body(params, segments->length) : status;
}

void xhr__local_response(xhr__fetch_params *params, xhr__segments *segments) {
  xhr_status status = open_body(params, segments);
  if (status != XHR_OK) {
    xhr__fetch_network_error(params, XHR_FAILURE_OUT_OF_MEMORY, XHR__STR_EMPTY);
    return;
  }
  params->local = params->answered = true;
  xhr__main_fetch_response(params);
}

void xhr__local_response_begin_body(xhr__fetch_params *params) {
  if (params->body)
    xhr__list_append(&params->engine->local, &params->local_node);
  else /* main fetch, step 22: null */
    xhr__fetch_end_of_body(params);
}

static void fail_to_read(xhr__fetch_params *params) {
  xhr_failure_code code = xhr__body_source_failure(params->local_source);
  xhr__fetch_network_error(params, code == XHR_FAILURE_BODY_READ ? XHR_FAILURE_FILE_READ : code,
                           XHR__STR_EMPTY);
}

/* Reads what is there into the body's buffer, up to `most` bytes and a little more. */
static xhr__read_result read_some(xhr__fetch_params *params, size_t most) {
  xhr__read_result result = XHR__READ_DATA;
  size_t done = 0;
  while (result == XHR__READ_DATA && done < most && !xhr__fetch_body_is_past_limit(params)) {
    size_t size, len = 0;
    char *room = xhr__body_buffer_room(params->body, &size);
    if (!room) {
      xhr__fetch_network_error(params, XHR_FAILURE_OUT_OF_MEMORY, XHR__STR_EMPTY);
      return XHR__READ_FAILED;
    }
    result = xhr__body_source_read(params->local_source, room, size < most ? size : most, &len);
    if (result == XHR__READ_FAILED)
      fail_to_read(params);
    if (result != XHR__READ_DATA)
      break;
    xhr__body_buffer_commit(params->body, len);
    done += len;
  }
  return result;
}

void xhr__local_response_read(xhr__fetch_params *params) {
  size_t before = xhr__body_buffer_len(params->body);
  xhr__read_result result = params->local_source ? read_some(params, PER_TURN) : XHR__READ_END;
  if (result == XHR__READ_FAILED)
    return;
  if (xhr__fetch_body_is_past_limit(params)) {
    xhr__fetch_network_error(params, XHR_FAILURE_RESPONSE_LIMIT, XHR__STR_EMPTY);
    return;
  }
  if (result == XHR__READ_END) {
    xhr__fetch_end_of_body(params);
    return;
  }
  if (xhr__body_buffer_len(params->body) > before)
    xhr__fetch_tell_received(params);
  if (result == XHR__READ_DATA)
    ready(params);
}
