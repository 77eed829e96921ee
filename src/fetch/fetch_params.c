#include "fetch/fetch_params.h"

#include "fetch/response_pool.h"
#include "infra/alloc.h"

void xhr__fetch_params_free(xhr__fetch_params *params) {
  xhr__engine *engine = params->engine;
  xhr__fetch_controller *controller = params->controller;
  xhr__cors_preflight_free(params);
  if (params->exchanging)
    xhr__transport_cancel(engine->transport, &params->exchange);
  xhr__timers_stop(&engine->timers, &params->timer);
  xhr__list_remove(&params->node);
  xhr__list_remove(&params->deferred_node);
  xhr__list_remove(&params->local_node);
  engine->fetch_count--;
  xhr__body_source_free(params->source);
  xhr__body_source_free(params->local_source);
  xhr__codings_free(params->codings);
  xhr__body_buffer_unref(params->body);
  xhr__response_free(params->response);
  xhr__header_list_free(&params->http_header_list);
  controller->params = NULL;
  xhr__free(params);
  xhr__fetch_controller_unref(controller);
}

xhr_status xhr__fetch_new_response(xhr__fetch_params *params, unsigned status,
                                   xhr__str status_message) {
  xhr__response *response = xhr__response_pool_take(params->engine->response_pool);
  if (!response || xhr__bytes_append(&response->status_message, status_message) != XHR_OK) {
    xhr__response_free(response);
    return XHR_OUT_OF_MEMORY;
  }
  response->status = status;
  params->response = response;
  return XHR_OK;
}

xhr_status xhr__fetch_open_body(xhr__fetch_params *params, uint64_t expected) {
  xhr__response *response = params->response;
  if (response->body && !xhr__body_buffer_expect(response->body, expected)) {
    xhr__body_buffer_unref(response->body);
    response->body = NULL;
  }
  if (!response->body) {
    xhr_status status = xhr__body_buffer_new(expected, &response->body);
    if (status != XHR_OK)
      return status;
  }
  params->body = xhr__body_buffer_ref(response->body);
  return XHR_OK;
}

bool xhr__fetch_body_is_past_limit(const xhr__fetch_params *params) {
  uint64_t limit = params->engine->max_response_bytes;
  return limit != 0 && xhr__body_buffer_len(params->body) > limit;
}

/* Posts the last news of the fetch and frees its params. */
static void finish(xhr__fetch_params *params, const xhr__news *news) {
  params->request->done = true;
  xhr__mailbox_post(params->controller, news);
  xhr__fetch_params_free(params);
}

/* Ends the fetch; the controller's failure has been set. */
static void fail(xhr__fetch_params *params) {
  xhr__failure *failure = &params->controller->failure;
  if (params->parent)
    params = params->parent;
  /* Main fetch, step 12: corsWithPreflightResponse is a network error. */
  if (params->cors_with_preflight && !params->handed_over)
    xhr__preflight_cache_clear(&params->engine->preflight_cache, params->request);
  if (failure->host[0] == '\0') {
    xhr__str host = xhr__url_host(xhr__request_current_url(params->request));
    size_t len = host.len < sizeof failure->host - 1 ? host.len : sizeof failure->host - 1;
    memcpy(failure->host, host.data, len);
    failure->host[len] = '\0';
  }
  xhr__news news = {.what = XHR__NEWS_NETWORK_ERROR};
  if (failure->code == XHR_FAILURE_TIMEOUT) {
    news.what = XHR__NEWS_TIMEOUT;
  } else if (params->handed_over) {
    news.what = XHR__NEWS_BODY_ERROR;
  }
  finish(params, &news);
}

void xhr__fetch_network_error(xhr__fetch_params *params, xhr_failure_code code, xhr__str detail) {
  xhr__failure_set(&params->controller->failure, code, detail);
  fail(params);
}

void xhr__fetch_network_failure(xhr__fetch_params *params, const xhr__failure *failure) {
  params->controller->failure = *failure;
  fail(params);
}

void xhr__fetch_end_of_body(xhr__fetch_params *params) {
  xhr__news news = {.what = XHR__NEWS_END_OF_BODY};
  if (params->body)
    news.received_in_all = xhr__body_buffer_len(params->body);
  finish(params, &news);
}

/* Sets the timer to the earliest of what the fetch waits for. */
static void arm(xhr__fetch_params *params) {
  xhr__time deadline = params->deadline;
  if (params->upload_progress.untold && params->upload_progress.due < deadline) {
    deadline = params->upload_progress.due;
  }
  if (params->body_progress.untold && params->body_progress.due < deadline) {
    deadline = params->body_progress.due;
  }
  xhr__timers_set(&params->engine->timers, &params->timer, deadline);
}

/* Whether progress is to be told of now; else it is told of when its time has come. */
static bool progress_is_due(xhr__fetch_params *params, xhr__progress *progress) {
  if (progress->untold)
    return false;
  xhr__time now = xhr__clock_now(&params->engine->clock);
  if (!progress->told_once || now >= progress->due) {
    progress->told_once = true;
    progress->due = now + XHR__PROGRESS_INTERVAL;
    return true;
  }
  /* NOTE: the standard drops what falls within the interval; a timer tells of it, lest a stalled request show less
   * than it has. */
  progress->untold = true;
  arm(params);
  return false;
}

static void post_transmitted(xhr__fetch_params *params) {
  xhr__mailbox_post(params->controller, &(xhr__news){.what = XHR__NEWS_REQUEST_BYTES,
                                                     .transmitted = params->transmitted});
}

void xhr__fetch_tell_transmitted(xhr__fetch_params *params) {
  if (!params->controller->report_upload)
    return;
  if (progress_is_due(params, &params->upload_progress))
    post_transmitted(params);
}

static void post_request_end(xhr__fetch_params *params) {
  params->request_end_untold = params->upload_progress.untold = false;
  xhr__mailbox_post(params->controller, &(xhr__news){.what = XHR__NEWS_REQUEST_END,
                                                     .transmitted = params->transmitted});
}

void xhr__fetch_tell_request_end(xhr__fetch_params *params) {
  if (params->transmitted_in_all || params->parent)
    return;
  params->transmitted_in_all = true;
  if (!params->controller->report_upload)
    return;
  /* NOTE: the standard tells of it at once, but means the network; what the system took may not have left the machine.
   * Browsers are late by their own intervals, and a timeout or an error that comes first finds the upload going on. */
  if (params->answered) {
    post_request_end(params);
  } else {
    params->request_end_untold = params->upload_progress.untold = true;
    params->upload_progress.due = xhr__clock_now(&params->engine->clock) + XHR__PROGRESS_INTERVAL;
  }
  arm(params);
}

void xhr__fetch_request_was_answered(xhr__fetch_params *params) {
  params->answered = true;
  if (!params->request_end_untold)
    return;
  post_request_end(params);
  arm(params);
}

static void post_received(xhr__fetch_params *params) {
  xhr__mailbox_post(
      params->controller,
      &(xhr__news){.what = XHR__NEWS_BODY, .received = xhr__body_buffer_len(params->body)});
}

void xhr__fetch_tell_received(xhr__fetch_params *params) {
  if (progress_is_due(params, &params->body_progress))
    post_received(params);
}

void xhr__fetch_arm_timeout(xhr__fetch_params *params, uint32_t timeout_ms) {
  params->deadline =
      timeout_ms ? xhr__time_after_ms(params->controller->started, timeout_ms) : XHR__NEVER;
  arm(params);
}

/* What the fetch was waiting for when its time ran out. */
static const char *waiting_for(const xhr__fetch_params *params) {
  if (params->answered)
    return "timed out while the response body was received";
  if (params->preflight)
    return "timed out while waiting for the answer to the CORS preflight";
  if (params->transmitted_in_all)
    return "timed out while waiting for the response";
  if (params->transmitted > 0)
    return "timed out while the request body was sent";
  return "timed out before the response began";
}

void xhr__fetch_timer_due(xhr__fetch_params *params) {
  xhr__time now = xhr__clock_now(&params->engine->clock);
  if (params->deadline <= now) {
    xhr__fetch_network_error(params, XHR_FAILURE_TIMEOUT, xhr__str_c(waiting_for(params)));
    return;
  }
  if (params->upload_progress.untold && params->upload_progress.due <= now) {
    params->upload_progress.untold = false;
    params->upload_progress.due = now + XHR__PROGRESS_INTERVAL;
    if (params->request_end_untold)
      post_request_end(params);
    else
      post_transmitted(params);
  }
  if (params->body_progress.untold && params->body_progress.due <= now) {
    params->body_progress.untold = false;
    params->body_progress.due = now + XHR__PROGRESS_INTERVAL;
    post_received(params);
  }
  arm(params);
}
