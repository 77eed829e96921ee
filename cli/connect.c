#include "cli/connect.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "infra/str.h"
#include "session/session_options.h"

/* "HOST:PORT:ADDRESS", an IPv6 address with or without brackets. */
static xhr_status add_resolve(xhr_session_options *options, const char *text) {
  xhr__str all = xhr__str_c(text);
  size_t host_end = xhr__str_find(all, 0, ':');
  size_t port_end = host_end < all.len ? xhr__str_find(all, host_end + 1, ':') : all.len;
  uint64_t port;
  if (port_end == all.len || !xhr__str_to_u64(xhr__str_slice(all, host_end + 1, port_end), &port) ||
      port > 65535)
    return XHR_SYNTAX_ERR;
  xhr__str address = xhr__str_from(all, port_end + 1);
  if (address.len > 2 && address.data[0] == '[' && xhr__str_ends_with(address, XHR__STR("]")))
    address = xhr__str_slice(address, 1, address.len - 1);
  return xhr_session_options_add_resolve(options, xhr_strn(all.data, host_end), (unsigned)port,
                                         xhr_strn(address.data, address.len));
}

/* A file that the session will read: whether it can be, which the session would not say so well. */
static bool readable(const char *option, const char *path) {
  if (!path || access(path, R_OK) == 0)
    return true;
  cli_say("%s %s: %s", option, path, strerror(errno));
  return false;
}

static cli_exit complain(const char *option, const char *value, xhr_status status) {
  cli_say("%s %s: %s", option, value, xhr_status_text(status));
  return CLI_USAGE;
}

static cli_exit set_options(const cli_options *from, xhr_session_options *to) {
  /* What a page asks for comes in while its scripts compute, as in browsers. */
  xhr_driver driver = from->mode == CLI_PAGE ? XHR_DRIVER_THREAD : XHR_DRIVER_INLINE;
  xhr_status status = xhr_session_options_set_driver(to, driver);
  if (status == XHR_OK)
    status = xhr_session_options_set_ca_file(to, xhr_str(from->cacert));
  if (status == XHR_OK)
    status = xhr_session_options_set_client_certificate(to, xhr_str(from->cert), xhr_str(from->key),
                                                        xhr_str(NULL));
  if (status == XHR_OK)
    status = xhr_session_options_set_insecure(to, from->insecure);
  if (status != XHR_OK)
    return complain("session", "options", status);
  status = xhr_session_options_set_proxy(to, xhr_str(from->proxy), xhr_str(NULL));
  if (status != XHR_OK)
    return complain("--proxy", from->proxy, status);
  for (size_t i = 0; i < from->resolve.count; i++) {
    status = add_resolve(to, from->resolve.items[i]);
    if (status != XHR_OK)
      return complain("--resolve", from->resolve.items[i], status);
  }
  return CLI_OK;
}

static xhr_status new_context(const cli_options *options, xhr_session *session,
                              xhr_context **context) {
  if (!options->origin)
    return xhr_context_new(session, NULL, xhr_str(options->base), context);
  return xhr_context_new_web(session, NULL, xhr_str(options->origin), xhr_str(options->base),
                             context);
}

/* Which of the two no context could be made from: the base alone shows whether it was that. */
static cli_exit complain_about_context(const cli_options *options, xhr_session *session,
                                       xhr_status status) {
  xhr_context *context;
  if (!options->origin)
    return complain("--base", options->base, status);
  if (xhr_context_new(session, NULL, xhr_str(options->base), &context) != XHR_OK)
    return complain("--base", options->base, status);
  xhr_context_unref(context);
  cli_say("--origin %s is no origin: it takes one such as https://app.example, a URL of http: or "
          "https:, or null",
          options->origin);
  return CLI_USAGE;
}

/* The session's one reference is the context's. */
static cli_exit make_context(const cli_options *options, const xhr_session_options *session_options,
                             xhr_context **context) {
  xhr_session *session;
  xhr_status status = xhr_session_new(session_options, &session);
  if (status == XHR_OK) {
    status = new_context(options, session, context);
    cli_exit code =
        status == XHR_SYNTAX_ERR ? complain_about_context(options, session, status) : CLI_OK;
    xhr_session_unref(session);
    if (code != CLI_OK)
      return code;
  }
  if (status == XHR_OK)
    return CLI_OK;
  cli_say("no session could be made: %s", xhr_status_text(status));
  return status == XHR_IO ? CLI_USAGE : CLI_UNCAUGHT;
}

cli_exit cli_connect(const cli_options *options, const xhr__trace *trace, xhr_context **context) {
  xhr_session_options *session_options;
  if (!readable("--cacert", options->cacert) || !readable("--cert", options->cert) ||
      !readable("--key", options->key))
    return CLI_USAGE;
  if (options->insecure)
    cli_say("WARNING: --insecure: certificates are not verified. Anyone between here and the "
            "server can read and change everything, passwords included.");
  xhr_status status = xhr_session_options_new(&session_options);
  if (status != XHR_OK) {
    cli_say("%s", xhr_status_text(status));
    return CLI_UNCAUGHT;
  }
  session_options->trace = trace;
  cli_exit code = set_options(options, session_options);
  if (code == CLI_OK)
    code = make_context(options, session_options, context);
  xhr_session_options_free(session_options);
  return code;
}
