#include "fetch/mixed_content.h"

#include "fetch/potentially_trustworthy.h"

bool xhr__is_blocked_as_mixed_content(const xhr__request *request) {
  /* 1. allowed: the client does not mind, the URL is trustworthy, nobody has allowed it by hand, a page's own navigation:
   * there are no others */
  return request->client->prohibits_mixed_content &&
         request->destination != XHR__DESTINATION_DOCUMENT &&
         !xhr__is_url_potentially_trustworthy(xhr__request_current_url(request));
}
