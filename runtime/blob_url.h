/* https://w3c.github.io/FileAPI/#creating-revoking: URL's static members that are the File API's. */
#ifndef XHR__RUNTIME_BLOB_URL_H
#define XHR__RUNTIME_BLOB_URL_H

#include "runtime/webidl.h"

xhr__operation xhr__create_object_url, xhr__revoke_object_url;

#endif
