#include "fetch/data_url.h"
#include "fetch/fetch_params.h"

/* Step 3.4. of "data": the response. Ends, or answers, the fetch. */
static xhr_status respond(xhr__fetch_params *params, const xhr__data_url_struct *data,
                          xhr__segments **body) {
  xhr__bytes mime_type = {0};
  /* 3.3. */
  xhr_status status = xhr__mime_type_serialize(&data->mime_type, &mime_type);
  /* 3.4. */
  if (status == XHR_OK)
    status = xhr__fetch_new_response(params, 200, XHR__STR("OK"));
  if (status == XHR_OK) {
    status = xhr__header_list_append(&params->response->header_list, XHR__STR("Content-Type"),
                                     xhr__bytes_str(&mime_type));
  }
  if (status == XHR_OK)
    status = xhr__segments_new_bytes(xhr__bytes_str(&data->body), body);
  xhr__bytes_free(&mime_type);
  return status;
}

/* https://fetch.spec.whatwg.org/#scheme-fetch, step 3, "data". */
void xhr__scheme_fetch_data(xhr__fetch_params *params) {
  xhr__data_url_struct data = {0};
  xhr__segments *body = NULL;
  /* 1. */
  xhr_status status = xhr__data_url_processor(xhr__request_current_url(params->request), &data);
  /* 3. - 4. */
  if (status == XHR_OK)
    status = respond(params, &data, &body);
  xhr__data_url_struct_free(&data);
  if (status == XHR_OK)
    xhr__local_response(params, body);
  else /* 2. */
    xhr__fetch_network_error(
        params, status == XHR_SYNTAX_ERR ? XHR_FAILURE_DATA_URL : XHR_FAILURE_OUT_OF_MEMORY,
        XHR__STR_EMPTY);
  xhr__segments_unref(body);
}
