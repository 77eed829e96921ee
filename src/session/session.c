#include "session/session.h"

#include <stdatomic.h>
#include <unistd.h>

#include "infra/alloc.h"
#include "net/curl_transport.h"
#include "session/session_options.h"

struct xhr_session {
  _Atomic uint32_t references;
  xhr__engine *engine;
};

/* Whether a file that the options name can be read: known now, so that it is said now. */
static bool readable(const xhr__bytes *path) {
  return path->len == 0 || access(path->data, R_OK) == 0;
}

static xhr__str borrow(const xhr__bytes *bytes) {
  return xhr__bytes_str(bytes);
}

/* The options as the transport wants them; `resolves` is an array that the caller frees. */
static xhr_status transport_options(const xhr_session_options *options, xhr__str **resolves,
                                    xhr__transport_options *out) {
  *resolves = NULL;
  if (options->resolve_count > 0) {
    *resolves = xhr__calloc(options->resolve_count, sizeof **resolves);
    if (!*resolves)
      return XHR_OUT_OF_MEMORY;
    for (size_t i = 0; i < options->resolve_count; i++) {
      (*resolves)[i] = borrow(&options->resolves[i]);
    }
  }
  *out = (xhr__transport_options){
      .ca_file = borrow(&options->ca_file),
      .client_certificate = borrow(&options->client_certificate),
      .client_key = borrow(&options->client_key),
      .client_key_password = borrow(&options->client_key_password),
      .insecure = options->insecure,
      .has_proxy = options->has_proxy,
      .has_no_proxy = options->has_no_proxy,
      .proxy = borrow(&options->proxy),
      .no_proxy = borrow(&options->no_proxy),
      .resolves = *resolves,
      .resolve_count = options->resolve_count,
      .max_connections = options->limits[XHR_LIMIT_CONNECTIONS],
      .max_connections_per_host = options->limits[XHR_LIMIT_CONNECTIONS_PER_HOST],
      .max_header_bytes = options->limits[XHR_LIMIT_HEADER_BYTES],
      .trace = options->trace,
  };
  return XHR_OK;
}

static xhr_status new_with(const xhr_session_options *options, xhr__transport *transport,
                           const xhr__clock *clock, xhr_session **out) {
  xhr_session *session = XHR__NEW(xhr_session);
  if (!session) {
    transport->methods->destroy(transport);
    return XHR_OUT_OF_MEMORY;
  }
  session->references = 1;
  const xhr__engine_options engine_options = {
      .threaded = options->driver == XHR_DRIVER_THREAD,
      .clock = clock ? *clock : xhr__monotonic_clock,
      .user_agent = borrow(&options->user_agent),
      .file_urls = options->file_urls,
      .max_response_bytes = options->limits[XHR_LIMIT_RESPONSE_BYTES],
      .max_decompression_ratio = options->limits[XHR_LIMIT_DECOMPRESSION_RATIO],
  };
  xhr_status status = xhr__engine_new(transport, &engine_options, &session->engine);
  if (status != XHR_OK) {
    xhr__free(session);
    return status;
  }
  *out = session;
  return XHR_OK;
}

static xhr_status new_on_curl(const xhr_session_options *options, xhr_session **session) {
  if (!readable(&options->ca_file) || !readable(&options->client_certificate) ||
      !readable(&options->client_key)) {
    return XHR_IO;
  }
  xhr__str *resolves;
  xhr__transport_options curl_options;
  xhr_status status = transport_options(options, &resolves, &curl_options);
  xhr__transport *transport;
  if (status == XHR_OK)
    status = xhr__curl_transport_new(&curl_options, &transport);
  xhr__free(resolves);
  if (status != XHR_OK)
    return status;
  return new_with(options, transport, NULL, session);
}

xhr_status xhr_session_new(const xhr_session_options *options, xhr_session **session) {
  if (!session)
    return XHR_INVALID_ARGUMENT;
  if (options)
    return new_on_curl(options, session);
  xhr_session_options *defaults;
  xhr_status status = xhr_session_options_new(&defaults);
  if (status != XHR_OK)
    return status;
  status = new_on_curl(defaults, session);
  xhr_session_options_free(defaults);
  return status;
}

xhr_status xhr__session_new_with(const xhr_session_options *options, xhr__transport *transport,
                                 const xhr__clock *clock, xhr_session **session) {
  return new_with(options, transport, clock, session);
}

xhr_session *xhr_session_ref(xhr_session *session) {
  if (session)
    atomic_fetch_add_explicit(&session->references, 1, memory_order_relaxed);
  return session;
}

void xhr_session_unref(xhr_session *session) {
  if (!session)
    return;
  if (atomic_fetch_sub_explicit(&session->references, 1, memory_order_acq_rel) != 1)
    return;
  xhr__engine_free(session->engine);
  xhr__free(session);
}

xhr__engine *xhr__session_engine(xhr_session *session) {
  return session->engine;
}
