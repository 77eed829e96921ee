/* Scripts that are fetched while the thread waits: those of workers, and modules. */
#ifndef XHR__RUNTIME_SCRIPT_FETCH_H
#define XHR__RUNTIME_SCRIPT_FETCH_H

#include "fetch/request.h"
#include "infra/bytes.h"
#include "session/resource_fetch.h"

/* What was fetched. Zero-initialise; free with xhr__fetched_script_free, whatever came of the fetch. */
typedef struct xhr__fetched_script {
  bool fetched;
  xhr__url url;       /* the response's, which is behind all redirects */
  xhr__bytes source;  /* UTF-8, with a NUL behind */
  bool muted_errors;  /* the response was CORS-cross-origin */
  xhr__bytes failure; /* why it was not fetched, for developers */
} xhr__fetched_script;

void xhr__fetched_script_free(xhr__fetched_script *script);

/* The script's URL, which is what stacks call it; borrowed. */
static inline const char *xhr__fetched_script_name(const xhr__fetched_script *script) {
  return script->url.href.data;
}

/* What has to be true of a response's MIME type. */
typedef enum xhr__script_type_rule {
  XHR__SCRIPT_TYPE_OF_HTTP, /* a JavaScript one, where it came by HTTP */
  XHR__SCRIPT_TYPE_ALWAYS   /* a JavaScript one, but of files, of which nobody says it */
} xhr__script_type_rule;

/* processResponseConsumeBody of all these fetches: what came of one. XHR_OUT_OF_MEMORY. */
xhr_status xhr__fetched_script_of(const xhr__resource *resource, xhr__script_type_rule rule,
                                  xhr__fetched_script *script);

/* https://html.spec.whatwg.org/#fetch-a-classic-worker-script: `outside` is the context of its fetch client. XHR_OK, whether
 * or not it was fetched; XHR_OUT_OF_MEMORY, XHR_SYSTEM. So do those below. */
xhr_status xhr__fetch_classic_worker_script(xhr_context *outside, const xhr__url *url,
                                            xhr__request_destination destination,
                                            xhr__fetched_script *script);
/* https://html.spec.whatwg.org/#fetch-a-classic-worker-imported-script */
xhr_status xhr__fetch_classic_worker_imported_script(xhr_context *context, const xhr__url *url,
                                                     xhr__fetched_script *script);
/* How a module is asked for. */
typedef struct xhr__module_request {
  xhr__request_destination destination;
  bool is_top_level; /* a worker's own script */
  bool
      has_client; /* `client` (NULL: of a system context) is the fetch client, and not the context's */
  xhr__client_snapshot *client;
  xhr__credentials_mode credentials_mode;
} xhr__module_request;

/* https://html.spec.whatwg.org/#fetch-a-single-module-script, of a JavaScript module. */
xhr_status xhr__fetch_module_script(xhr_context *context, const xhr__url *url,
                                    const xhr__module_request *as, xhr__fetched_script *script);

#endif
