#include "cli/run.h"

#include <signal.h>
#include <string.h>

#include "cli/file.h"
#include "cli/modules.h"
#include "cli/repl.h"
#include "cli/script.h"
#include "cli/signals.h"

/* What the command line names, read. */
typedef struct source {
  xhr__bytes text;
  xhr__bytes name;
  cli_goal goal;
} source;

static cli_exit read_source(const cli_options *options, source *s) {
  bool is_file = !options->code && strcmp(options->file, "-") != 0;
  int error = 0;
  xhr_status status = XHR_OK;
  s->goal = options->module ? CLI_GOAL_MODULE : CLI_GOAL_ANY;
  if (options->code) {
    status = xhr__bytes_append(&s->text, xhr__str_c(options->code));
  } else {
    error = cli_read_file(options->file, &s->text);
  }
  if (is_file) {
    if (error == 0)
      error = cli_module_name(options->file, &s->name);
    if (xhr__str_ends_with(xhr__str_c(options->file), XHR__STR(".mjs")))
      s->goal = CLI_GOAL_MODULE;
  } else if (status == XHR_OK) {
    status = xhr__bytes_append(&s->name,
                               options->code ? XHR__STR("<command line>") : XHR__STR("<stdin>"));
  }
  /* The engine wants a NUL behind the text. */
  if (status == XHR_OK && error == 0)
    status = xhr__bytes_reserve(&s->text, 1);
  if (status == XHR_OK && error == 0)
    return CLI_OK;
  if (!cli_signals_caught())
    cli_say("%s: %s", options->code ? "-e" : options->file,
            error ? strerror(error) : xhr_status_text(status));
  return CLI_USAGE;
}

/* Whether --timeout has passed; says so. */
static bool is_timed_out(const cli_options *options) {
  if (cli_signals_caught() != SIGALRM)
    return false;
  cli_say("the script was ended: the --timeout of %g s has passed", options->timeout_ms / 1000.0);
  return true;
}

/* What the run has come to. */
static int result(const cli_script *script) {
  if (is_timed_out(script->options))
    return CLI_NETWORK;
  if (!cli_signals_caught() && script->awaited > 0) {
    cli_say("the script waits at its top level for a promise that nothing will settle any more");
    return CLI_UNCAUGHT;
  }
  return script->uncaught ? CLI_UNCAUGHT : CLI_OK;
}

/* Workers' scripts lie beside the script, or below the working directory. Where they do not, for want of memory, their URLs
 * have to be whole. */
static void set_script_url(const cli_options *options, xhr__realm *realm) {
  bool is_file = !options->code && options->file && strcmp(options->file, "-") != 0;
  xhr__bytes url = {0};
  if (!options->origin && cli_file_url(is_file ? options->file : NULL, &url))
    (void)xhr__url_parse(xhr__bytes_str(&url), NULL, &realm->script_url);
  xhr__bytes_free(&url);
}

static int run_source(const cli_options *options) {
  cli_script script;
  source s = {0};
  int code = read_source(options, &s);
  if (code == CLI_OK) {
    code = cli_script_new(&script, options);
    if (code == CLI_OK) {
      set_script_url(options, script.realm);
      cli_script_evaluate(&script, cli_source_text(&s.text), s.name.data, s.goal);
      cli_script_run(&script);
      code = result(&script);
    }
    cli_script_free(&script);
  } else if (is_timed_out(options)) {
    code = CLI_NETWORK;
  }
  xhr__bytes_free(&s.text);
  xhr__bytes_free(&s.name);
  return code;
}

static int run_prompt(const cli_options *options) {
  cli_script script;
  int code = cli_script_new(&script, options);
  if (code == CLI_OK) {
    set_script_url(options, script.realm);
    code = cli_repl(&script);
  }
  if (is_timed_out(options))
    code = CLI_NETWORK;
  cli_script_free(&script);
  return code;
}

int cli_run(const cli_options *options) {
  if (options->has_timeout)
    cli_signals_alarm(options->timeout_ms);
  return options->mode == CLI_PROMPT ? run_prompt(options) : run_source(options);
}
