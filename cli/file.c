#include "cli/file.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/signals.h"

enum { PIECE = 64 * 1024 };

static int read_all(int fd, xhr__bytes *out) {
  struct stat info;
  if (fstat(fd, &info) != 0)
    return errno;
  if (S_ISDIR(info.st_mode))
    return EISDIR;
  if (S_ISREG(info.st_mode) && info.st_size > 0 &&
      xhr__bytes_reserve(out, (size_t)info.st_size + 1) != XHR_OK)
    return ENOMEM;
  for (;;) {
    if (out->capacity - out->len < 2 && xhr__bytes_reserve(out, PIECE) != XHR_OK)
      return ENOMEM;
    ssize_t count = read(fd, out->data + out->len, out->capacity - out->len - 1);
    if (count > 0)
      out->len += (size_t)count;
    else if (count == 0)
      break;
    else if (errno != EINTR || cli_signals_caught())
      return errno;
  }
  out->data[out->len] = '\0';
  return 0;
}

int cli_read_file(const char *path, xhr__bytes *out) {
  bool standard_input = xhr__str_equals(xhr__str_c(path), XHR__STR("-"));
  int fd = standard_input ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0)
    return errno;
  int error = read_all(fd, out);
  if (!standard_input)
    close(fd);
  return error;
}
