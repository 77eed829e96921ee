#include "cli/page.h"

#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/connect.h"
#include "cli/print.h"
#include "cli/signals.h"
#include "runtime/page.h"
#include "session/loop.h"

typedef struct cli_page_run {
  const cli_options *options;
  xhr_context *context; /* who asks for the page */
  JSRuntime *runtime;
  xhr__page *page;
  atomic_bool uncaught; /* something was reported */
  bool failed;          /* there is no page */
  bool closed;          /* a script has closed it */
  atomic_bool silent;   /* nothing is reported: it is ending */
} cli_page_run;

/* ---- what the page tells ----------------------------------------------------------------------------------------- */

/* A signal ends whatever script is running. */
static int interrupt(JSRuntime *runtime, void *opaque) {
  (void)runtime, (void)opaque;
  return cli_signals_caught() != 0;
}

/* Workers call it on their threads: what they print goes out at once. */
static void print(JSContext *js, char level, const char *text, size_t len, void *user) {
  const cli_page_run *run = user;
  flockfile(stdout);
  cli_print(level, text, len);
  if (JS_GetRuntime(js) != run->runtime)
    cli_flush();
  funlockfile(stdout);
}

/* Uncaught exceptions and unhandled rejections: the page goes on, and the exit status tells. */
static void report(JSContext *js, const char *text, void *user) {
  cli_page_run *run = user;
  if (run->silent || cli_signals_caught())
    return;
  run->uncaught = true;
  flockfile(stdout);
  print(js, 'e', text, strlen(text), run);
  (void)fputc('\n', stderr);
  funlockfile(stdout);
}

static void failed(void *user, xhr__str why) {
  cli_page_run *run = user;
  run->failed = true;
  if (!run->silent && !cli_signals_caught())
    cli_say("%s: %.*s", run->options->url, (int)why.len, why.data);
}

static void closed(void *user) {
  ((cli_page_run *)user)->closed = true;
}

/* ---- its address ------------------------------------------------------------------------------------------------- */

/* The file: URL of a file that there is: a "%" is none of an escape. XHR_IO where there is none: errno says why. */
static xhr_status file_url(const char *name, xhr__url *url) {
  xhr__bytes path = {0};
  char *real = realpath(name, NULL);
  if (!real)
    return XHR_IO;
  xhr_status status = XHR_OK;
  for (const char *c = real; *c && status == XHR_OK; c++)
    status =
        *c == '%' ? xhr__bytes_append(&path, XHR__STR("%25")) : xhr__bytes_append_byte(&path, *c);
  free(real);
  if (status == XHR_OK)
    status = xhr__url_parse(XHR__STR("file:///"), NULL, url);
  if (status == XHR_OK)
    status = xhr__url_set_pathname(url, xhr__bytes_str(&path));
  xhr__bytes_free(&path);
  return status;
}

static cli_exit read_address(const char *text, xhr__url *url) {
  xhr_status status = xhr__url_parse(xhr__str_c(text), NULL, url);
  if (status == XHR_SYNTAX_ERR)
    status = file_url(text, url);
  if (status == XHR_OK)
    return CLI_OK;
  cli_say("%s: %s%s", text, status == XHR_IO ? "this is no URL, nor a file: " : "",
          status == XHR_IO ? strerror(errno) : xhr_status_text(status));
  return CLI_USAGE;
}

/* ---- the run ----------------------------------------------------------------------------------------------------- */

static xhr_status load(cli_page_run *run, const xhr__url *url) {
  const xhr__page_settings settings = {
      .realm = {.report = report, .print = print, .user = run},
      .failed = failed,
      .closed = closed,
      .user = run,
  };
  run->runtime = JS_NewRuntime();
  if (!run->runtime)
    return XHR_OUT_OF_MEMORY;
  JS_SetInterruptHandler(run->runtime, interrupt, NULL);
  return xhr__page_load(run->runtime, run->context, url, &settings, &run->page);
}

static void loop(cli_page_run *run) {
  xhr_loop *its_loop = xhr_context_loop(run->context);
  while (xhr__loop_is_alive(its_loop) && !cli_signals_caught() && !run->failed && !run->closed) {
    cli_flush();
    xhr_loop_wait(its_loop, -1);
  }
  cli_flush();
}

static void end(cli_page_run *run) {
  run->silent = true;
  cli_signals_wake(NULL);
  xhr__page_free(run->page);
  if (run->runtime)
    JS_FreeRuntime(run->runtime);
  xhr_context_unref(run->context);
}

/* What the run has come to. */
static cli_exit result(const cli_page_run *run) {
  if (cli_signals_caught() == SIGALRM) {
    cli_say("the page was ended: the --timeout of %g s has passed",
            run->options->timeout_ms / 1000.0);
    return CLI_NETWORK;
  }
  if (run->failed)
    return CLI_NETWORK;
  return run->uncaught ? CLI_UNCAUGHT : CLI_OK;
}

cli_exit cli_page(const cli_options *options) {
  cli_page_run run = {.options = options};
  xhr__url url = {0};
  if (options->has_timeout)
    cli_signals_alarm(options->timeout_ms);
  cli_exit code = read_address(options->url, &url);
  if (code == CLI_OK)
    code = cli_connect(options, NULL, &run.context);
  if (code == CLI_OK) {
    cli_signals_wake(xhr_context_loop(run.context));
    xhr_status status = load(&run, &url);
    if (status == XHR_OK) {
      loop(&run);
      code = result(&run);
    } else {
      cli_say("%s: %s", options->url, xhr_status_text(status));
      code = CLI_UNCAUGHT;
    }
  }
  xhr__url_free(&url);
  end(&run);
  return code;
}
