#include "cli/repl.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/input.h"
#include "cli/line_editor.h"
#include "cli/signals.h"
#include "cli/terminal.h"
#include "runtime/inspect.h"
#include "xhr/version.h"

typedef struct repl {
  cli_script *script;
  bool editing; /* lines are edited here; else by the terminal */
  cli_line_editor line;
  xhr__bytes typed;  /* what was read, and not yet taken as lines */
  xhr__bytes source; /* the lines of an input that goes on */
  size_t evaluation; /* the number of the one that is awaited */
  bool awaiting;
  bool interrupted; /* a signal came while script ran */
  bool ended;       /* no more input */
} repl;

/* What the promises' handlers find: there is one prompt. */
static repl *the_repl;

static const char help[] =
    "What you type is evaluated, and its value shown; await may stand anywhere. An input that is not\n"
    "complete goes on in the next line. The last value is in _.\n"
    "  .help    this text\n"
    "  .exit    ends, as Ctrl-D does\n"
    "  Ctrl-C   drops the input, or interrupts what runs\n"
    "  Up and Down recall earlier lines; the line is edited as in shells.\n"
    "There are XMLHttpRequest, FormData, Blob, File, FileReader, URL, URLSearchParams, EventTarget, AbortController,\n"
    "TextEncoder, TextDecoder, structuredClone, performance, console, timers, and program.\n";

static void show_prompt(repl *r) {
  if (r->script->at_prompt || r->awaiting || r->ended)
    return;
  r->line.prompt = r->source.len > 0 ? "... " : "> ";
  r->line.shown = false;
  cli_line_show(&r->line);
  r->script->at_prompt = true;
}

/* ---- evaluation ------------------------------------------------------------------------------------------------- */

static void show_value(repl *r, JSValueConst value) {
  JSContext *js = r->script->js;
  xhr__bytes text = {0};
  if (xhr__inspect(r->script->realm, value, XHR__INSPECT_DEPTH, &text) == XHR_OK) {
    fwrite(text.data ? text.data : "", 1, text.len, stdout);
    fputc('\n', stdout);
  }
  xhr__bytes_free(&text);
  if (!JS_IsUndefined(value))
    JS_DefinePropertyValueStr(js, r->script->realm->global, "_", JS_DupValue(js, value),
                              JS_PROP_CONFIGURABLE | JS_PROP_WRITABLE);
}

/* The evaluation's promise gives an object whose `value` it is, so that a promise as the value stays one. */
static JSValue on_settled(JSContext *js, JSValueConst this_value, int argc, JSValueConst *argv,
                          int rejected, JSValue *data) {
  repl *r = the_repl;
  int32_t evaluation = 0;
  (void)this_value;
  (void)argc;
  JS_ToInt32(js, &evaluation, data[0]);
  if (!r || !r->awaiting || (size_t)evaluation != r->evaluation)
    return JS_UNDEFINED; /* Ctrl-C gave it up */
  r->awaiting = false;
  if (rejected) {
    xhr__realm_report(r->script->realm, JS_DupValue(js, argv[0]));
  } else {
    JSValue value = JS_GetPropertyStr(js, argv[0], "value");
    show_value(r, value);
    JS_FreeValue(js, value);
  }
  return JS_UNDEFINED;
}

/* Evaluates the text, once with parentheses around it: "{a: 1}" is meant as an object. */
static JSValue evaluate_text(repl *r, xhr__str text, bool in_parentheses) {
  xhr__bytes source = {0};
  JSContext *js = r->script->js;
  JSValue result = JS_EXCEPTION;
  if (xhr__bytes_append(&source, in_parentheses ? XHR__STR("(") : XHR__STR("")) == XHR_OK &&
      xhr__bytes_append(&source, text) == XHR_OK &&
      xhr__bytes_append(&source, in_parentheses ? XHR__STR("\n)") : XHR__STR("\n")) == XHR_OK)
    result =
        JS_Eval(js, source.data, source.len, "<prompt>", JS_EVAL_TYPE_GLOBAL | JS_EVAL_FLAG_ASYNC);
  else
    JS_ThrowOutOfMemory(js);
  xhr__bytes_free(&source);
  return result;
}

static bool is_object_literal(xhr__str text) {
  text = xhr__str_trim_ascii_whitespace(text);
  return text.len > 1 && text.data[0] == '{' && text.data[text.len - 1] == '}';
}

static bool await_result(repl *r, JSValueConst promise) {
  JSContext *js = r->script->js;
  JSValue number = JS_NewInt32(js, (int32_t)++r->evaluation);
  r->awaiting = true;
  return cli_script_await(r->script, promise, on_settled, number);
}

/* One whole input. False where it is not whole yet. */
static bool evaluate(repl *r) {
  cli_script *script = r->script;
  JSContext *js = script->js;
  xhr__str text = xhr__bytes_str(&r->source);
  bool whole = true;
  script->realm->depth++;
  JSValue result = JS_EXCEPTION;
  if (is_object_literal(text)) {
    result = evaluate_text(r, text, true);
    if (JS_IsException(result))
      JS_FreeValue(js, JS_GetException(js));
  }
  if (JS_IsException(result))
    result = evaluate_text(r, text, false);
  if (JS_IsException(result) && cli_input_is_open(text)) {
    JS_FreeValue(js, JS_GetException(js));
    whole = false;
  } else if (JS_IsException(result) || !await_result(r, result)) {
    r->awaiting = false;
    xhr__realm_report_pending(script->realm);
  }
  JS_FreeValue(js, result);
  script->realm->depth--;
  if (whole)
    xhr__realm_checkpoint(script->realm);
  r->interrupted = cli_signals_caught() != 0;
  return whole;
}

/* ---- input ------------------------------------------------------------------------------------------------------ */

static void take_line(repl *r, xhr__str line) {
  xhr__str word = xhr__str_trim_ascii_whitespace(line);
  r->script->at_prompt = false;
  if (r->source.len == 0 && word.len == 0)
    return;
  if (r->source.len == 0 && xhr__str_equals(word, XHR__STR(".exit"))) {
    r->ended = true;
  } else if (r->source.len == 0 && xhr__str_equals(word, XHR__STR(".help"))) {
    fputs(help, stdout);
  } else if (r->source.len == 0 && word.len > 1 && word.data[0] == '.' &&
             xhr__is_ascii_alpha((uint8_t)word.data[1])) {
    printf("There is no %.*s; .help tells what there is.\n", (int)word.len, word.data);
  } else if (xhr__bytes_append(&r->source, line) != XHR_OK ||
             xhr__bytes_append(&r->source, XHR__STR("\n")) != XHR_OK) {
    cli_say("out of memory");
    xhr__bytes_clear(&r->source);
  } else if (evaluate(r)) {
    xhr__bytes_clear(&r->source);
  }
}

/* Moves the next line that was typed to `line`; false where there is none that is whole. */
static bool next_line(repl *r, xhr__bytes *line) {
  if (!r->editing) {
    xhr__str typed = xhr__bytes_str(&r->typed);
    size_t end = xhr__str_find(typed, 0, '\n');
    if (end == typed.len || xhr__bytes_append(line, xhr__str_slice(typed, 0, end)) != XHR_OK)
      return false;
    xhr__bytes_consume(&r->typed, end + 1);
    return true;
  }
  r->line.shown = r->script->at_prompt;
  cli_typed typed = cli_line_take(&r->line, &r->typed);
  r->script->at_prompt = true;
  if (typed == CLI_TYPED_PART)
    return false;
  fputc('\n', stdout);
  r->ended = typed == CLI_TYPED_END;
  if (!r->ended && xhr__bytes_append(line, xhr__bytes_str(&r->line.text)) != XHR_OK)
    cli_say("out of memory");
  cli_line_clear(&r->line, true);
  return !r->ended;
}

/* Lines that were typed while something was awaited come after it. */
static void take_lines(repl *r) {
  while (r->typed.len > 0 && !r->awaiting && !r->ended && !cli_signals_caught()) {
    xhr__bytes line = {0};
    bool is_whole = next_line(r, &line);
    if (is_whole)
      take_line(r, xhr__bytes_str(&line));
    xhr__bytes_free(&line);
    if (!is_whole)
      break;
    if (!cli_signals_caught())
      show_prompt(r);
  }
}

static void read_terminal(repl *r) {
  if (xhr__bytes_reserve(&r->typed, 4096) != XHR_OK) {
    r->ended = true;
    return;
  }
  ssize_t count = read(STDIN_FILENO, r->typed.data + r->typed.len, 4096);
  if (count > 0) {
    r->typed.len += (size_t)count;
    r->typed.data[r->typed.len] = '\0';
  } else if (count == 0 || errno != EINTR) {
    fputc('\n', stdout);
    r->ended = true;
  }
}

/* Ctrl-C: what stood in the line goes, the terminal's own too. */
static void give_up(repl *r) {
  bool running = r->awaiting || r->interrupted;
  /* Before: one that comes in between ends what it finds. */
  xhr__loop_forget_stop(r->script->loop);
  cli_signals_forget();
  r->awaiting = r->interrupted = false;
  xhr__bytes_clear(&r->typed);
  xhr__bytes_clear(&r->source);
  cli_line_clear(&r->line, false);
  if (!r->editing)
    fputc('\n', stdout);
  fputs(running ? "interrupted\n" : r->editing ? "^C\n" : "", stdout);
  r->script->at_prompt = false;
  show_prompt(r);
}

/* The program goes on after it was stopped. */
static atomic_bool continued;

static void on_continue(int signal_number) {
  (void)signal_number;
  atomic_store(&continued, true);
}

static void turn(repl *r) {
  struct pollfd fds[2] = {{.fd = xhr_loop_fd(r->script->loop), .events = POLLIN},
                          {.fd = STDIN_FILENO, .events = POLLIN}};
  fflush(stdout);
  int count = poll(fds, 2, -1);
  if (atomic_exchange(&continued, false) && r->editing) {
    cli_terminal_edit_again();
    r->script->at_prompt = false;
  }
  if (count > 0 && fds[0].revents)
    xhr_loop_dispatch(r->script->loop);
  if (count > 0 && fds[1].revents && !cli_signals_caught())
    read_terminal(r);
  take_lines(r);
}

int cli_repl(cli_script *script) {
  repl r = {.script = script};
  the_repl = &r;
  r.editing = cli_terminal_edit();
  signal(SIGCONT, on_continue);
  printf("xhr %s; .help tells what there is, Ctrl-D ends\n", xhr_version());
  while (!r.ended) {
    show_prompt(&r);
    turn(&r);
    int caught = cli_signals_caught();
    if (caught && caught != SIGINT)
      break;
    if (caught)
      give_up(&r);
  }
  the_repl = NULL;
  cli_terminal_restore();
  cli_line_free(&r.line);
  xhr__bytes_free(&r.typed);
  xhr__bytes_free(&r.source);
  return CLI_OK;
}
