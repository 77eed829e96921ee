#include "scenario/player.h"

static xhr_status resolve(xhr_session_options *options, unsigned port) {
  static const char *const names[] = {"one.test", "two.test"};
  xhr_status status = XHR_OK;
  for (size_t i = 0; i < 2 && status == XHR_OK && port; i++)
    status =
        xhr_session_options_add_resolve(options, xhr_str(names[i]), port, xhr_str("127.0.0.1"));
  return status;
}

xhr_status player_options(const scenario *s, driver d, ports at, xhr_session_options **out) {
  const struct {
    xhr_limit limit;
    uint64_t value;
  } limits[] = {{XHR_LIMIT_HEADER_BYTES, s->header_bytes},
                {XHR_LIMIT_RESPONSE_BYTES, s->response_bytes},
                {XHR_LIMIT_DECOMPRESSION_RATIO, s->decompression_ratio}};
  xhr_session_options *options = NULL;
  xhr_status status = xhr_session_options_new(&options);
  if (status == XHR_OK)
    status = xhr_session_options_set_driver(options, d == DRIVER_THREADED ? XHR_DRIVER_THREAD
                                                                          : XHR_DRIVER_INLINE);
  if (status == XHR_OK)
    status = xhr_session_options_set_user_agent(options, xhr_str("scenario"));
  if (status == XHR_OK)
    status = xhr_session_options_set_proxy(options, xhr_str(""), xhr_str(NULL));
  for (size_t i = 0; i < 3 && status == XHR_OK; i++) {
    if (limits[i].value != UINT64_MAX)
      status = xhr_session_options_set_limit(options, limits[i].limit, limits[i].value);
  }
  if (status == XHR_OK)
    status = resolve(options, at.port);
  if (status == XHR_OK)
    status = resolve(options, at.closed);
  if (status != XHR_OK) {
    xhr_session_options_free(options);
    return status;
  }
  *out = options;
  return XHR_OK;
}
