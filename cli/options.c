#include "cli/options.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/options_table.h"
#include "infra/alloc.h"
#include "infra/str.h"

/* What a command line is read with. */
typedef struct reader {
  cli_options *options;
  int argc;
  char **argv;
  int at; /* the next argument */
} reader;

void cli_say(const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  fputs("xhr: ", stderr);
  vfprintf(stderr, format, arguments);
  fputc('\n', stderr);
  va_end(arguments);
}

void cli_usage(const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  fputs("xhr: ", stderr);
  vfprintf(stderr, format, arguments);
  fputs("\nxhr --help tells how it is used.\n", stderr);
  va_end(arguments);
}

static bool append(cli_list *list, const char *item) {
  void *items = list->items;
  if (!xhr__grow(&items, &list->capacity, list->count + 1, sizeof *list->items)) {
    cli_say("out of memory");
    return false;
  }
  list->items = items;
  list->items[list->count++] = item;
  return true;
}

/* Seconds as "1", "1.5", ".25": milliseconds, at least one. */
static bool parse_seconds(xhr__str text, uint32_t *ms) {
  size_t dot = xhr__str_find(text, 0, '.');
  uint64_t whole = 0, thousandths = 0;
  xhr__str fraction = dot < text.len ? xhr__str_from(text, dot + 1) : XHR__STR_EMPTY;
  if (dot == 0 && fraction.len == 0)
    return false;
  if (dot > 0 && !xhr__str_to_u64(xhr__str_slice(text, 0, dot), &whole))
    return false;
  for (size_t i = 0; i < fraction.len; i++) {
    if (!xhr__is_ascii_digit(xhr__str_at(fraction, i)))
      return false;
  }
  for (size_t i = 0; i < 3; i++)
    thousandths = 10 * thousandths + (i < fraction.len ? xhr__str_at(fraction, i) - '0' : 0);
  if (whole > UINT32_MAX / 1000)
    return false;
  uint64_t sum = whole * 1000 + thousandths;
  if (sum == 0 || sum > UINT32_MAX)
    return false;
  *ms = (uint32_t)sum;
  return true;
}

static bool set(cli_options *options, const cli_option *option, const char *value) {
  void *member = (char *)options + option->offset;
  switch (option->kind) {
    case CLI_FLAG: *(bool *)member = true; return true;
    case CLI_TEXT: *(const char **)member = value; return true;
    case CLI_LIST: return append(member, value);
    case CLI_SECONDS: break;
  }
  if (!parse_seconds(xhr__str_c(value), member)) {
    cli_usage("--%s takes seconds, such as 10 or 0.5, and not '%s'", option->name, value);
    return false;
  }
  options->has_timeout = true;
  return true;
}

static const cli_option *find_letter(const reader *r, char letter) {
  for (size_t i = 0; i < cli_option_count; i++) {
    if (cli_option_table[i].letter == letter && cli_option_table[i].modes & 1u << r->options->mode)
      return &cli_option_table[i];
  }
  return NULL;
}

static const cli_option *find_name(const reader *r, xhr__str name) {
  for (size_t i = 0; i < cli_option_count; i++) {
    const cli_option *option = &cli_option_table[i];
    if (xhr__str_equals(xhr__str_c(option->name), name) && option->modes & 1u << r->options->mode)
      return option;
  }
  return NULL;
}

/* The command that the option is of, as it is used. */
static const char *command(const reader *r) {
  static const char *const names[] = {[CLI_FETCH] = "xhr URL",
                                      [CLI_RUN] = "xhr run",
                                      [CLI_PAGE] = "xhr page",
                                      [CLI_PROMPT] = "xhr"};
  return names[r->options->mode];
}

static bool take_value(reader *r, const cli_option *option, const char *spelling) {
  if (r->at >= r->argc) {
    cli_usage("%s needs a value: %s", spelling, option->argument);
    return false;
  }
  return set(r->options, option, r->argv[r->at++]);
}

/* "--name", "--name=value", "--name value" */
static bool read_long(reader *r, const char *argument) {
  xhr__str text = xhr__str_c(argument + 2);
  size_t equals = xhr__str_find(text, 0, '=');
  const cli_option *option = find_name(r, xhr__str_slice(text, 0, equals));
  if (!option) {
    cli_usage("%s has no option %s", command(r), argument);
    return false;
  }
  if (option->kind == CLI_FLAG) {
    if (equals == text.len)
      return set(r->options, option, NULL);
    cli_usage("--%s takes no value", option->name);
    return false;
  }
  if (equals < text.len)
    return set(r->options, option, argument + 2 + equals + 1);
  return take_value(r, option, argument);
}

/* "-v", "-vi", "-XPOST", "-X POST" */
static bool read_short(reader *r, const char *argument) {
  for (const char *letter = argument + 1; *letter; letter++) {
    const cli_option *option = find_letter(r, *letter);
    char spelling[] = {'-', *letter, '\0'};
    if (!option) {
      cli_usage("%s has no option %s", command(r), spelling);
      return false;
    }
    if (option->kind != CLI_FLAG)
      return letter[1] ? set(r->options, option, letter + 1) : take_value(r, option, spelling);
    if (!set(r->options, option, NULL))
      return false;
  }
  return true;
}

static bool read_option(reader *r, const char *argument) {
  return argument[1] == '-' ? read_long(r, argument) : read_short(r, argument);
}

/* What is left of it all is the script's. */
static void take_rest(reader *r) {
  r->options->arguments = r->argv + r->at;
  r->options->argument_count = r->argc - r->at;
}

/* xhr run [OPTION…] FILE [ARG…]: what stands behind FILE, or behind CODE, is the script's own. */
static bool read_run(reader *r) {
  cli_options *options = r->options;
  while (r->at < r->argc) {
    const char *argument = r->argv[r->at];
    if (argument[0] != '-' || argument[1] == '\0')
      break;
    r->at++;
    if (strcmp(argument, "--") == 0)
      break;
    if (!read_option(r, argument))
      return false;
  }
  if (!options->code && r->at < r->argc)
    options->file = r->argv[r->at++];
  take_rest(r);
  if (!options->code && !options->file) {
    if (isatty(STDIN_FILENO))
      options->mode = CLI_PROMPT;
    else
      options->file = "-";
  }
  return true;
}

/* Options that cannot go together, or with no URL. */
static bool check_fetch(const cli_options *options) {
  unsigned bodies =
      (options->data.count > 0) + (options->form.count > 0) + (options->upload_file != NULL);
  if (!options->url)
    cli_usage("a URL is missing");
  else if (bodies > 1)
    cli_usage("-d, -F and -T each give the request's body: use one of them");
  else if (options->output && options->remote_name)
    cli_usage("-o and -O each name the file: use one of them");
  else if (options->key && !options->cert)
    cli_usage("--key needs --cert as well");
  else
    return true;
  return false;
}

/* xhr [OPTION…] URL, xhr page [OPTION…] URL */
static bool read_url(reader *r) {
  cli_options *options = r->options;
  bool only_operands = false;
  while (r->at < r->argc) {
    const char *argument = r->argv[r->at++];
    if (!only_operands && strcmp(argument, "--") == 0) {
      only_operands = true;
    } else if (!only_operands && argument[0] == '-' && argument[1]) {
      if (!read_option(r, argument))
        return false;
    } else if (options->url) {
      cli_usage("one URL at a time, and there are '%s' and '%s'", options->url, argument);
      return false;
    } else {
      options->url = argument;
    }
  }
  return options->help || options->version || check_fetch(options);
}

bool cli_options_parse(cli_options *options, int argc, char **argv) {
  reader r = {.options = options, .argc = argc, .argv = argv, .at = 1};
  *options = (cli_options){.mode = CLI_FETCH};
  if (argc == 1 && isatty(STDIN_FILENO)) {
    options->mode = CLI_PROMPT;
    take_rest(&r);
    return true;
  }
  bool good;
  if (argc > 1 && strcmp(argv[1], "run") == 0) {
    options->mode = CLI_RUN;
    r.at = 2;
    good = read_run(&r);
  } else {
    if (argc > 1 && strcmp(argv[1], "page") == 0) {
      options->mode = CLI_PAGE;
      r.at = 2;
    }
    good = read_url(&r);
  }
  return good;
}

void cli_options_free(cli_options *options) {
  xhr__free(options->resolve.items);
  xhr__free(options->headers.items);
  xhr__free(options->data.items);
  xhr__free(options->form.items);
}
