#include <sys/stat.h>
#include <unistd.h>

#include "fetch/fetch_params.h"

/* The path on this machine, NUL-terminated; XHR_SYNTAX_ERR where the URL has none. */
static xhr_status path_of(const xhr__url *url, xhr__bytes *path) {
  if (xhr__url_host(url).len > 0)
    return XHR_SYNTAX_ERR;
  xhr_status status = xhr__percent_decode(xhr__url_path(url), path);
  if (status != XHR_OK)
    return status;
  return xhr__str_find(xhr__bytes_str(path), 0, '\0') < path->len ? XHR_SYNTAX_ERR : XHR_OK;
}

/* Says why there is no reading that file, as far as it can be known afterwards. */
static void say_why(const xhr__bytes *path, xhr__detail *why) {
  struct stat status;
  const char *reason = "could not be opened";
  if (stat(path->data, &status) != 0)
    reason = "does not exist, or its folder may not be looked into";
  else if (S_ISDIR(status.st_mode))
    reason = "is a folder";
  else if (!S_ISREG(status.st_mode))
    reason = "is no regular file";
  else if (access(path->data, R_OK) != 0)
    reason = "may not be read";
  xhr__detail_add(why, xhr__bytes_str(path));
  xhr__detail_add(why, XHR__STR(": the file "));
  xhr__detail_add(why, xhr__str_c(reason));
}

/* The response to a file's URL. NOTE: without a Content-Type: nothing is known of what the file holds. */
static xhr_status respond(xhr__fetch_params *params, const xhr__segments *file) {
  xhr__bytes length = {0};
  xhr_status status = xhr__bytes_append_u64(&length, file->length);
  if (status == XHR_OK)
    status = xhr__fetch_new_response(params, 200, XHR__STR("OK"));
  if (status == XHR_OK) {
    status = xhr__header_list_append(&params->response->header_list, XHR__STR("Content-Length"),
                                     xhr__bytes_str(&length));
  }
  xhr__bytes_free(&length);
  return status;
}

static xhr_failure_code code_of(xhr_status status) {
  switch (status) {
    case XHR_SYNTAX_ERR:
    case XHR_IO: return XHR_FAILURE_FILE_OPEN;
    default: return XHR_FAILURE_OUT_OF_MEMORY;
  }
}

static void open_and_respond(xhr__fetch_params *params) {
  xhr__segments *file = NULL;
  xhr__bytes path = {0};
  xhr__detail why = {0};
  xhr_status status = path_of(xhr__request_current_url(params->request), &path);
  if (status == XHR_SYNTAX_ERR)
    xhr__detail_add(&why, XHR__STR("the file: URL names no file of this machine"));
  if (status == XHR_OK) {
    status = xhr__segments_new_file(xhr__bytes_str(&path), &file, NULL);
    if (status == XHR_IO)
      say_why(&path, &why);
  }
  if (status == XHR_OK)
    status = respond(params, file);
  xhr__bytes_free(&path);
  if (status == XHR_OK)
    xhr__local_response(params, file);
  else
    xhr__fetch_network_error(params, code_of(status), xhr__detail_str(&why));
  xhr__segments_unref(file);
}

/* https://fetch.spec.whatwg.org/#scheme-fetch, step 3, "file", which the standard leaves open: system contexts read
 * regular files of this machine, with GET and HEAD, unless the session has that turned off. */
void xhr__scheme_fetch_file(xhr__fetch_params *params) {
  xhr__str method = xhr__bytes_str(&params->request->method);
  if (params->request->client)
    xhr__fetch_network_error(params, XHR_FAILURE_SCHEME,
                             XHR__STR("web pages may not fetch file: URLs"));
  else if (!params->engine->file_urls)
    xhr__fetch_network_error(params, XHR_FAILURE_SCHEME,
                             XHR__STR("file: URLs are turned off in this session"));
  else if (!xhr__str_equals(method, XHR__STR("GET")) && !xhr__str_equals(method, XHR__STR("HEAD")))
    xhr__fetch_network_error(params, XHR_FAILURE_METHOD,
                             XHR__STR("file: URLs can be fetched with GET and HEAD only"));
  else
    open_and_respond(params);
}
