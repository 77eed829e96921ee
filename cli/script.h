/* A script's realm and its evaluation. */
#ifndef XHR__CLI_SCRIPT_H
#define XHR__CLI_SCRIPT_H

#include <quickjs.h>
#include <stdatomic.h>

#include "cli/exit_codes.h"
#include "cli/options.h"
#include "infra/bytes.h"
#include "runtime/realm.h"

/* One engine, one JSContext, one xhr_context. */
typedef struct cli_script {
  const cli_options *options;
  xhr_context *context;
  xhr_loop *loop; /* the context's */
  JSRuntime *runtime;
  JSContext *js;
  xhr__realm *realm;
  JSValue then;   /* Promise.prototype.then, as it was */
  size_t awaited; /* evaluations that have not come to their end */
  /* Workers look at them, too. */
  atomic_bool uncaught;  /* something was reported */
  atomic_bool silent;    /* nothing is reported: it is ending */
  atomic_bool at_prompt; /* a prompt stands in the terminal's line */
} cli_script;

/* Makes all of it. Says what is wrong. */
cli_exit cli_script_new(cli_script *script, const cli_options *options);
/* Ends what is pending, without running any script, and frees it. */
void cli_script_free(cli_script *script);

typedef enum cli_goal {
  CLI_GOAL_ANY,   /* a script; a module where it parses as one only */
  CLI_GOAL_MODULE /* a module */
} cli_goal;

/* Evaluates source text, and the microtasks that this leads to. What it throws is reported. */
void cli_script_evaluate(cli_script *script, xhr__str source, const char *name, cli_goal goal);
/* Fires events until nothing is pending, or a signal was caught. */
void cli_script_run(cli_script *script);
/* The script's own of a JSContext. */
cli_script *cli_script_of(JSContext *js);
/* Calls `done` once the promise is settled: with the value or the reason, magic 1 where it was rejected, and `data` (which is
 * a number or the like). False where it threw. */
bool cli_script_await(cli_script *script, JSValueConst promise, JSCFunctionData *done,
                      JSValueConst data);

/* The global object `program`: args, env, exit(), version. False where it threw. */
bool cli_program_define(cli_script *script);

#endif
