#include <stdio.h>
#include <string.h>

#include "cli/options_table.h"
#include "cli/version.h"
#include "net/curl_version.h"
#include "xhr.h"

enum {
  FETCH = 1u << CLI_FETCH,
  RUN = 1u << CLI_RUN,
  BOTH = FETCH | RUN,
  ALL = BOTH | 1u << CLI_PAGE
};
enum { HELP_COLUMN = 28 };

#define MEMBER(name) offsetof(cli_options, name)

const cli_option cli_option_table[] = {
    {'X', "request", "METHOD", CLI_TEXT, MEMBER(method), FETCH,
     "the method; GET, or POST with -d and -F, or PUT with -T"},
    {'H', "header", "'NAME: VALUE'", CLI_LIST, MEMBER(headers), FETCH, "a request header"},
    {'d', "data", "TEXT|@FILE", CLI_LIST, MEMBER(data), FETCH,
     "the body, of type application/x-www-form-urlencoded unless -H says otherwise; several are joined by '&'; "
     "@FILE is sent byte by byte, @- is standard input"},
    {'F', "form", "NAME=VALUE|NAME=@FILE", CLI_LIST, MEMBER(form), FETCH,
     "a field of a multipart/form-data body; behind @FILE may follow ;type=TYPE and ;filename=NAME"},
    {'T', "upload-file", "FILE", CLI_TEXT, MEMBER(upload_file), FETCH,
     "the body is that file; - is standard input"},
    {'u', "user", "USER[:PASSWORD]", CLI_TEXT, MEMBER(user), FETCH,
     "answers a server that asks for a name and password"},
    {'o', "output", "FILE", CLI_TEXT, MEMBER(output), FETCH,
     "where the response body goes; - is standard output, whatever the body is"},
    {'O', "remote-name", NULL, CLI_FLAG, MEMBER(remote_name), FETCH,
     "the same, named as the last part of the URL's path"},
    {'i', "include", NULL, CLI_FLAG, MEMBER(include), FETCH,
     "puts the status and the response headers before the body"},
    {'f', "fail", NULL, CLI_FLAG, MEMBER(fail), FETCH,
     "a status of 400 or more is a failure, and its body is left out"},
    {'v', "verbose", NULL, CLI_FLAG, MEMBER(verbose), FETCH,
     "tells what happens, and when, on standard error"},
    {'s', "silent", NULL, CLI_FLAG, MEMBER(silent), FETCH, "no progress bar"},
    {'e', "eval", "CODE", CLI_TEXT, MEMBER(code), RUN, "runs CODE instead of a file"},
    {'\0', "module", NULL, CLI_FLAG, MEMBER(module), RUN,
     "FILE or CODE is an ECMAScript module, though it does not look it"},
    {'\0', "base", "URL", CLI_TEXT, MEMBER(base), BOTH, "relative URLs are resolved against it"},
    {'\0', "origin", "URL", CLI_TEXT, MEMBER(origin), BOTH,
     "as a page of that origin: refuses what a browser would refuse, and says why"},
    {'\0', "cacert", "FILE", CLI_TEXT, MEMBER(cacert), ALL,
     "trusts the certificate authorities of a PEM file instead of the system's"},
    {'\0', "cert", "FILE", CLI_TEXT, MEMBER(cert), ALL, "the client's certificate, PEM"},
    {'\0', "key", "FILE", CLI_TEXT, MEMBER(key), ALL, "its private key, where --cert lacks it"},
    {'k', "insecure", NULL, CLI_FLAG, MEMBER(insecure), ALL,
     "DANGEROUS: takes every certificate, so that anyone on the way reads and changes all"},
    {'\0', "resolve", "HOST:PORT:ADDRESS", CLI_LIST, MEMBER(resolve), ALL,
     "connects to ADDRESS for that host and port"},
    {'x', "proxy", "URL", CLI_TEXT, MEMBER(proxy), ALL,
     "goes through a proxy; '' goes through none, whatever the environment says"},
    {'m', "timeout", "SECONDS", CLI_SECONDS, MEMBER(timeout_ms), ALL,
     "gives up after so long: on the request, or on the whole script or page"},
    {'h', "help", NULL, CLI_FLAG, MEMBER(help), ALL, "this text"},
    {'V', "version", NULL, CLI_FLAG, MEMBER(version), ALL, "the versions of what is used"},
};
const size_t cli_option_count = sizeof cli_option_table / sizeof *cli_option_table;

static const char head[] =
    "usage: xhr [OPTION...] URL\n"
    "       xhr run [OPTION...] FILE [ARGUMENT...]\n"
    "       xhr run [OPTION...] -e CODE [ARGUMENT...]\n"
    "       xhr page [OPTION...] URL\n"
    "       xhr                       on a terminal: a prompt for JavaScript\n"
    "\n"
    "Makes one request with XMLHttpRequest, or runs a script that has it and what goes with it, or loads\n"
    "an HTML page and runs its scripts.\n";

static const char tail[] =
    "\n"
    "A FILE of - is standard input. A script finds its arguments in program.args, the environment in\n"
    "program.env, and ends by program.exit(status) or when nothing is pending. A file is a module if\n"
    "its name ends in .mjs, with --module, or if it parses as one only.\n"
    "\n"
    "The URL of a page may be a file's name. Its scripts may do what a browser's page may; their console\n"
    "is standard output and standard error. A page ends by window.close() or when nothing is pending.\n"
    "Images, styles and frames are not loaded.\n"
    "\n"
    "Exit status:\n"
    "  0   all went well\n"
    "  1   an uncaught exception or unhandled rejection, or output that could not be written\n"
    "  2   wrong usage, or a file that the command line names cannot be used\n"
    "  3   the request failed, or the page could not be loaded, or the time of --timeout passed\n"
    "  4   with --fail: the server answered with a status of 400 or more\n"
    "A signal such as Ctrl-C's ends it as it ends others: shells show 130.\n";

/* Words of `text` in lines of at most 100 columns, all but the first indented. */
static void print_wrapped(const char *text) {
  size_t column = HELP_COLUMN;
  while (*text) {
    size_t len = strcspn(text, " ");
    if (column + 1 + len > 100 && column > HELP_COLUMN) {
      printf("\n%*s", HELP_COLUMN, "");
      column = HELP_COLUMN;
    }
    if (column > HELP_COLUMN) {
      putchar(' ');
      column++;
    }
    fwrite(text, 1, len, stdout);
    column += len;
    text += len + (text[len] == ' ');
  }
  putchar('\n');
}

static void print_option(const cli_option *option) {
  char left[64];
  int len = option->letter
                ? snprintf(left, sizeof left, "  -%c, --%s", option->letter, option->name)
                : snprintf(left, sizeof left, "      --%s", option->name);
  if (option->argument)
    len += snprintf(left + len, sizeof left - (size_t)len, " %s", option->argument);
  fputs(left, stdout);
  if (len > HELP_COLUMN - 2) {
    putchar('\n');
    len = 0;
  }
  printf("%*s", HELP_COLUMN - len, "");
  print_wrapped(option->help);
}

static void print_options(const char *title, unsigned modes) {
  printf("\n%s\n", title);
  for (size_t i = 0; i < cli_option_count; i++) {
    if (cli_option_table[i].modes == modes)
      print_option(&cli_option_table[i]);
  }
}

void cli_print_help(void) {
  fputs(head, stdout);
  print_options("xhr URL:", FETCH);
  print_options("xhr run:", RUN);
  print_options("xhr URL and xhr run:", BOTH);
  print_options("All:", ALL);
  fputs(tail, stdout);
}

void cli_print_version(void) {
  printf("xhr %s\n", xhr_version());
  printf("transport: %s\n", xhr__curl_version());
  printf("engine: QuickJS %s\n", CLI_QUICKJS_VERSION);
  printf("content codings: gzip deflate br zstd\n");
}
