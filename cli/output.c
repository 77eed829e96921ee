#include "cli/output.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/signals.h"
#include "url/url.h"

/* The last part of the URL's path: what -O names the file. */
static cli_exit remote_name(const cli_options *options, xhr__bytes *name) {
  xhr__url base = {0}, url = {0};
  cli_exit code = CLI_USAGE;
  xhr_status status = XHR_OK;
  if (options->base)
    status = xhr__url_parse(xhr__str_c(options->base), NULL, &base);
  if (status == XHR_OK)
    status = xhr__url_parse(xhr__str_c(options->url), options->base ? &base : NULL, &url);
  xhr__str path = xhr__url_path(&url);
  size_t start = path.len;
  while (start > 0 && path.data[start - 1] != '/')
    start--;
  /* A URL that does not parse is complained about when it is opened. */
  if (status == XHR_SYNTAX_ERR) {
    code = CLI_OK;
  } else if (status == XHR_OK && start == path.len) {
    cli_usage("-O: the path of '%s' ends without a name; use -o FILE", options->url);
  } else if (xhr__bytes_append(name, xhr__str_from(path, start)) == XHR_OK) {
    code = CLI_OK;
  } else {
    cli_say("out of memory");
  }
  xhr__url_free(&url);
  xhr__url_free(&base);
  return code;
}

cli_exit cli_output_open(cli_output *output, const cli_options *options) {
  *output = (cli_output){.fd = STDOUT_FILENO};
  bool explicit_stdout = options->output && strcmp(options->output, "-") == 0;
  if (options->remote_name) {
    if (remote_name(options, &output->path) != CLI_OK)
      return CLI_USAGE;
  } else if (options->output && !explicit_stdout) {
    if (xhr__bytes_append(&output->path, xhr__str_c(options->output)) != XHR_OK)
      return CLI_USAGE;
  }
  output->binary_allowed = explicit_stdout || !isatty(STDOUT_FILENO);
  if (output->path.len == 0)
    return CLI_OK;
  output->is_file = output->binary_allowed = output->created = true;
  const char *path = output->path.data;
  output->fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
  if (output->fd < 0 && errno == EEXIST) {
    output->created = false;
    output->fd = open(path, O_WRONLY | O_CLOEXEC);
  }
  if (output->fd >= 0)
    return CLI_OK;
  cli_say("%s: %s", path, strerror(errno));
  return CLI_USAGE;
}

/* What the file held before goes now that there is something else. */
static bool begin(cli_output *output) {
  if (!output->is_file || output->begun)
    return true;
  output->begun = true;
  /* Devices and pipes cannot be shortened, and need not be. */
  return ftruncate(output->fd, 0) == 0 || errno == EINVAL;
}

static bool fail(cli_output *output) {
  output->failed = CLI_UNCAUGHT;
  /* Nobody reads on: as with other programs, that is no news to anybody. */
  if (errno == EPIPE && !output->is_file)
    cli_signals_die(SIGPIPE);
  cli_say("%s: %s", output->is_file ? output->path.data : "standard output", strerror(errno));
  return false;
}

/* As most tools decide: a NUL is what no text has. */
static bool is_binary(xhr__str bytes) {
  return xhr__str_find(bytes, 0, '\0') < bytes.len;
}

bool cli_output_write(cli_output *output, xhr__str bytes) {
  if (output->failed)
    return false;
  if (bytes.len == 0)
    return true;
  if (!output->binary_allowed && is_binary(bytes)) {
    output->failed = CLI_USAGE;
    cli_say("the response is binary, which a terminal does not show well. -o FILE saves it; -o - "
            "shows it all the same");
    return false;
  }
  if (!begin(output))
    return fail(output);
  while (bytes.len > 0) {
    ssize_t count = write(output->fd, bytes.data, bytes.len);
    if (count >= 0) {
      bytes = xhr__str_from(bytes, (size_t)count);
    } else if (errno == EINTR) {
      if (cli_signals_caught())
        return false;
    } else {
      return fail(output);
    }
  }
  return true;
}

void cli_output_close(cli_output *output, bool complete) {
  if (output->is_file && output->fd >= 0) {
    if (complete && !output->failed && !begin(output))
      (void)fail(output);
    if (close(output->fd) != 0 && !output->failed)
      (void)fail(output);
    if (!output->begun && output->created)
      unlink(output->path.data);
  }
  xhr__bytes_free(&output->path);
}
