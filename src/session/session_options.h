/* The public xhr_session_options. */
#ifndef XHR__SESSION_SESSION_OPTIONS_H
#define XHR__SESSION_SESSION_OPTIONS_H

#include "fetch/transport.h"
#include "infra/bytes.h"
#include "xhr/session.h"

enum { XHR__LIMIT_COUNT = XHR_LIMIT_DECOMPRESSION_RATIO + 1 };

/* An empty path is none. */
struct xhr_session_options {
  xhr_driver driver;
  xhr__bytes ca_file;
  xhr__bytes client_certificate;
  xhr__bytes client_key;
  xhr__bytes client_key_password;
  bool insecure;
  bool file_urls;
  bool has_proxy;
  bool has_no_proxy;
  xhr__bytes proxy;
  xhr__bytes no_proxy;
  xhr__bytes *resolves; /* "host:port:address" */
  size_t resolve_count;
  size_t resolve_capacity;
  xhr__bytes user_agent;
  uint64_t limits[XHR__LIMIT_COUNT];
  const xhr__trace *trace; /* not public: for the command; borrowed as long as the session */
};

#endif
