/* https://url.spec.whatwg.org/#api: URL and URLSearchParams. */
#ifndef XHR__RUNTIME_URL_BINDING_H
#define XHR__RUNTIME_URL_BINDING_H

#include "runtime/realm.h"
#include "url/url.h"
#include "url/urlencoded.h"

extern const xhr__interface xhr__url_interface;
extern const xhr__interface xhr__url_search_params_interface;
extern const xhr__interface xhr__url_search_params_iterator_interface;

/* Whether the value is a URLSearchParams object. Never throws. */
bool xhr__is_url_search_params(JSValueConst value);
/* Appends the application/x-www-form-urlencoded serialization of one. XHR_OK, XHR_OUT_OF_MEMORY. */
xhr_status xhr__url_search_params_serialize(JSValueConst value, xhr__bytes *out);
/* The URL record of a URL object, borrowed until script runs; NULL for any other value. Never throws. */
const xhr__url *xhr__url_of(JSValueConst value);

/* ---- between the two -------------------------------------------------------------------------------------------- */

/* What a URL and its query object share, so that a change of either is seen by both; counted. */
typedef struct xhr__query_record {
  size_t references;
  bool has_url;  /* the query object's URL object is not null */
  xhr__url url;  /* of the URL object */
  bool has_list; /* the list has been made of the URL's query */
  xhr__name_values list;
} xhr__query_record;

void xhr__query_record_unref(xhr__query_record *query);
/* Makes the list where it is not there yet. XHR_OK, XHR_OUT_OF_MEMORY. */
xhr_status xhr__query_record_need_list(xhr__query_record *query);
/* A new URLSearchParams object on it; takes over a reference. JS_EXCEPTION. */
JSValue xhr__url_search_params_new(xhr__realm *realm, xhr__query_record *query);

#endif
