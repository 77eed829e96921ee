#include "infra/random.h"

#include <errno.h>
#include <sys/random.h>

xhr_status xhr__random_bytes(uint8_t *bytes, size_t size) {
  size_t done = 0;
  while (done < size) {
    ssize_t count = getrandom(bytes + done, size - done, 0);
    if (count < 0 && errno != EINTR)
      return XHR_SYSTEM;
    if (count > 0)
      done += (size_t)count;
  }
  return XHR_OK;
}
