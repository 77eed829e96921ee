/* The transport on libcurl: src/fetch/transport.h by curl_multi_socket_action. */
#ifndef XHR__NET_CURL_TRANSPORT_H
#define XHR__NET_CURL_TRANSPORT_H

#include "fetch/transport.h"

/* Reads the environment's proxy and certificate variables. XHR_OK; XHR_IO where a certificate file cannot be read;
 * XHR_INVALID_ARGUMENT where an option holds NUL; XHR_OUT_OF_MEMORY. The caller frees it with its destroy method. */
xhr_status xhr__curl_transport_new(const xhr__transport_options *options,
                                   xhr__transport **transport);

#endif
