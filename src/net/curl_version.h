/* What the transport is made of. */
#ifndef XHR__NET_CURL_VERSION_H
#define XHR__NET_CURL_VERSION_H

/* libcurl's version and those of what it uses, its TLS library among them: "libcurl/8.1 GnuTLS/3.7 …". Constant; any
 * thread. */
const char *xhr__curl_version(void);

#endif
