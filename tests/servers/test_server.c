/* The project's own HTTP server: what the examples, the tests and the bench talk to. `test-server --help` and its `/`
 * list the routes. */
#include <stdio.h>
#include <stdlib.h>
#include <zlib.h>

#include "support/http_server.h"
#include "support/pages.h"
#include "support/text_file.h"
#include "support/wpt.h"

enum { COLLECT_MAX = 16 * 1024 * 1024, TEXT_MAX = 64 * 1024 * 1024 };

/* One route: the path itself, or, where it ends in "/", all paths below it. */
typedef struct route {
  const char *path;
  const char *help;
  void (*answer)(http_connection *connection);
  bool collects; /* the request's body is kept for the answer */
} route;

#define TEXT_PLAIN XHR__STR("Content-Type: text/plain;charset=UTF-8\r\n")

/* All connections of /hold that wait. */
static xhr__list held = {&held, &held};
static size_t held_count;

static void append_c(xhr__bytes *out, const char *text) {
  xhr__bytes_append(out, xhr__str_c(text));
}

static void answer_text(http_connection *connection, unsigned status, const char *reason,
                        const char *text) {
  http_respond(connection, status, xhr__str_c(reason), TEXT_PLAIN, xhr__str_c(text));
}

/* What stands in the path behind the route's own part. */
static xhr__str rest_of_path(const http_connection *connection) {
  const route *r = connection->route;
  return xhr__str_from(connection->path, strlen(r->path));
}

/* A number in the path; answers 400 and returns false where there is none. */
static bool path_number(http_connection *connection, uint64_t *number) {
  if (xhr__str_to_u64(rest_of_path(connection), number))
    return true;
  answer_text(connection, 400, "Bad Request", "a number is missing in the path\n");
  return false;
}

static void route_json(http_connection *connection) {
  http_respond(
      connection, 200, XHR__STR("OK"), XHR__STR("Content-Type: application/json\r\n"),
      XHR__STR("{\"message\": \"hello from libxhr's test server\", \"numbers\": [1, 2, 3], "
               "\"nested\": {\"ok\": true}}\n"));
}

/* `length` bytes of readable text. */
static bool make_text(xhr__bytes *out, uint64_t length) {
  static const char line[] = "The quick brown fox jumps over the lazy dog, again and again.\n";
  if (length > TEXT_MAX || xhr__bytes_reserve(out, (size_t)length) != XHR_OK)
    return false;
  while (out->len < length) {
    size_t count = sizeof line - 1;
    if (count > length - out->len)
      count = (size_t)length - out->len;
    if (xhr__bytes_append(out, xhr__str_of(line, count)) != XHR_OK)
      return false;
  }
  return true;
}

static void route_text(http_connection *connection) {
  xhr__bytes text = {0};
  if (make_text(&text, http_query_number(connection, XHR__STR("bytes"), 62)))
    http_respond(connection, 200, XHR__STR("OK"), TEXT_PLAIN, xhr__bytes_str(&text));
  else
    answer_text(connection, 400, "Bad Request", "too much text\n");
  xhr__bytes_free(&text);
}

/* A script has no other way to it. */
static void route_wpt(http_connection *connection) {
  xhr__bytes name = {0};
  xhr__str text = {NULL, 0};
  xhr__str rest = rest_of_path(connection);
  if (xhr__str_find_str(rest, 0, XHR__STR("..")) == rest.len &&
      xhr__bytes_append(&name, rest) == XHR_OK && xhr__bytes_append_byte(&name, '\0') == XHR_OK) {
    const char *path = wpt_path(name.data);
    if (path)
      text = text_file_read(path);
  }
  if (text.data)
    http_respond(connection, 200, XHR__STR("OK"), TEXT_PLAIN, text);
  else
    answer_text(connection, 404, "Not Found", "no such file\n");
  free((char *)text.data);
  xhr__bytes_free(&name);
}

static void route_bytes(http_connection *connection) {
  uint64_t length;
  if (path_number(connection, &length))
    http_respond_pattern(connection, XHR__STR("Content-Type: application/octet-stream\r\n"),
                         length);
}

/* A JSON string of bytes, each as the code point of its value. */
static void append_json(xhr__bytes *out, xhr__str s) {
  static const char digits[] = "0123456789abcdef";
  append_c(out, "\"");
  for (size_t i = 0; i < s.len; i++) {
    uint8_t c = xhr__str_at(s, i);
    if (c == '"' || c == '\\') {
      const char escaped[] = {'\\', (char)c};
      xhr__bytes_append(out, xhr__str_of(escaped, 2));
    } else if (c < 0x20 || c >= 0x7f) {
      const char escaped[] = {'\\', 'u', '0', '0', digits[c >> 4], digits[c & 15]};
      xhr__bytes_append(out, xhr__str_of(escaped, 6));
    } else {
      xhr__bytes_append_byte(out, (char)c);
    }
  }
  append_c(out, "\"");
}

static void append_json_headers(xhr__bytes *out, xhr__str lines) {
  const char *separator = "";
  for (size_t at = 0; at < lines.len;) {
    size_t end = xhr__str_find(lines, at, '\n');
    xhr__str line = xhr__str_trim_http_whitespace(xhr__str_slice(lines, at, end));
    at = end + 1;
    size_t colon = xhr__str_find(line, 0, ':');
    if (colon >= line.len)
      continue;
    append_c(out, separator);
    append_c(out, "[");
    append_json(out, xhr__str_slice(line, 0, colon));
    append_c(out, ", ");
    append_json(out, xhr__str_trim_http_whitespace(xhr__str_from(line, colon + 1)));
    append_c(out, "]");
    separator = ", ";
  }
}

static void route_echo(http_connection *connection) {
  xhr__bytes out = {0};
  xhr__str type;
  if (http_query(connection, XHR__STR("raw"), NULL)) {
    if (http_header(connection, XHR__STR("Content-Type"), &type)) {
      append_c(&out, "Content-Type: ");
      xhr__bytes_append(&out, type);
      append_c(&out, "\r\n");
    }
    http_respond(connection, 200, XHR__STR("OK"), xhr__bytes_str(&out),
                 xhr__bytes_str(&connection->body));
  } else {
    append_c(&out, "{\"method\": ");
    append_json(&out, connection->method);
    append_c(&out, ", \"path\": ");
    append_json(&out, connection->path);
    append_c(&out, ", \"query\": ");
    append_json(&out, connection->query);
    append_c(&out, ", \"headers\": [");
    append_json_headers(&out, connection->headers);
    append_c(&out, "], \"body\": ");
    append_json(&out, xhr__bytes_str(&connection->body));
    append_c(&out, "}\n");
    http_respond(connection, 200, XHR__STR("OK"), XHR__STR("Content-Type: application/json\r\n"),
                 xhr__bytes_str(&out));
  }
  xhr__bytes_free(&out);
}

static void route_upload(http_connection *connection) {
  xhr__bytes out = {0};
  append_c(&out, "{\"received\": ");
  xhr__bytes_append_u64(&out, connection->body_bytes);
  append_c(&out, "}\n");
  http_respond(connection, 200, XHR__STR("OK"), XHR__STR("Content-Type: application/json\r\n"),
               xhr__bytes_str(&out));
  xhr__bytes_free(&out);
}

static void redirect(http_connection *connection, unsigned status, xhr__str location) {
  xhr__bytes headers = {0};
  append_c(&headers, "Location: ");
  for (size_t i = 0; i < location.len; i++) {
    if ((uint8_t)location.data[i] >= 0x20)
      xhr__bytes_append_byte(&headers, location.data[i]);
  }
  append_c(&headers, "\r\nContent-Type: text/plain\r\n");
  http_respond(connection, status, XHR__STR("Redirect"), xhr__bytes_str(&headers),
               XHR__STR("elsewhere\n"));
  xhr__bytes_free(&headers);
}

static void route_redirect(http_connection *connection) {
  xhr__bytes to = {0};
  uint64_t status;
  if (!path_number(connection, &status))
    return;
  if (!http_query(connection, XHR__STR("to"), &to))
    append_c(&to, "/json");
  if (status < 300 || status > 399)
    answer_text(connection, 400, "Bad Request", "the status must be 3xx\n");
  else
    redirect(connection, (unsigned)status, xhr__bytes_str(&to));
  xhr__bytes_free(&to);
}

static void route_redirect_chain(http_connection *connection) {
  uint64_t left;
  if (!path_number(connection, &left))
    return;
  if (left == 0) {
    answer_text(connection, 200, "OK", "the end of the chain\n");
    return;
  }
  xhr__bytes to = {0};
  append_c(&to, "/redirect-chain/");
  xhr__bytes_append_u64(&to, left - 1);
  redirect(connection, 302, xhr__bytes_str(&to));
  xhr__bytes_free(&to);
}

static void route_delay(http_connection *connection) {
  uint64_t ms;
  if (path_number(connection, &ms))
    http_timer(connection, ms > 3600000 ? 3600000 : (unsigned)ms);
}

static void answer_page(http_connection *connection) {
  xhr__str name = rest_of_path(connection), text = page_read(name);
  xhr__bytes headers = {0};
  append_c(&headers, "Content-Type: ");
  if (!http_query(connection, XHR__STR("type"), &headers))
    append_c(&headers, page_type(name));
  append_c(&headers, "\r\n");
  if (http_query(connection, XHR__STR("cors"), NULL))
    append_c(&headers, "Access-Control-Allow-Origin: *\r\n");
  if (text.data)
    http_respond(connection, (unsigned)http_query_number(connection, XHR__STR("status"), 200),
                 XHR__STR("OK"), xhr__bytes_str(&headers), text);
  else
    answer_text(connection, 404, "Not Found", "no such page\n");
  xhr__bytes_free(&headers);
  free((char *)text.data);
}

static void route_pages(http_connection *connection) {
  unsigned ms = (unsigned)http_query_number(connection, XHR__STR("delay"), 0) & 0xfffff;
  if (ms > 0)
    http_timer(connection, ms);
  else
    answer_page(connection);
}

static void drip(http_connection *connection) {
  if (connection->count == 0) {
    http_write(connection, XHR__STR("0\r\n\r\n"));
    http_finish(connection, true);
    return;
  }
  connection->count--;
  http_write(connection, XHR__STR("5\r\ndrip\n\r\n"));
  http_timer(connection, connection->ms);
}

static void route_drip(http_connection *connection) {
  connection->count = http_query_number(connection, XHR__STR("n"), 5);
  connection->ms = (unsigned)http_query_number(connection, XHR__STR("ms"), 100) & 0xfffff;
  http_write(connection, XHR__STR("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n"
                                  "Transfer-Encoding: chunked\r\n\r\n"));
  drip(connection);
}

/* Text in a content coding; `window` is zlib's window bits, which choose the format. */
static void answer_coded(http_connection *connection, int window, xhr__str headers) {
  xhr__bytes text = {0}, coded = {0};
  z_stream stream = {0};
  bool started = false, good = false;
  if (!make_text(&text, http_query_number(connection, XHR__STR("bytes"), 6200)) ||
      deflateInit2(&stream, 6, Z_DEFLATED, window, 8, Z_DEFAULT_STRATEGY) != Z_OK)
    goto done;
  started = true;
  size_t bound = deflateBound(&stream, (uLong)text.len);
  if (xhr__bytes_reserve(&coded, bound) != XHR_OK)
    goto done;
  stream.next_in = (Bytef *)text.data;
  stream.avail_in = (uInt)text.len;
  stream.next_out = (Bytef *)coded.data;
  stream.avail_out = (uInt)bound;
  good = deflate(&stream, Z_FINISH) == Z_STREAM_END;
  coded.len = bound - stream.avail_out;
done:
  if (started)
    deflateEnd(&stream);
  if (good)
    http_respond(connection, 200, XHR__STR("OK"), headers, xhr__bytes_str(&coded));
  else
    answer_text(connection, 400, "Bad Request", "too much text\n");
  xhr__bytes_free(&text);
  xhr__bytes_free(&coded);
}

static void route_gzip(http_connection *connection) {
  answer_coded(connection, 15 + 16,
               XHR__STR("Content-Type: text/plain\r\nContent-Encoding: gzip\r\n"));
}

static void route_deflate(http_connection *connection) {
  answer_coded(connection, 15,
               XHR__STR("Content-Type: text/plain\r\nContent-Encoding: deflate\r\n"));
}

static void route_status(http_connection *connection) {
  uint64_t status;
  xhr__bytes reason = {0};
  if (!path_number(connection, &status))
    return;
  if (!http_query(connection, XHR__STR("reason"), &reason))
    append_c(&reason, "Status");
  if (status < 200 || status > 999 || xhr__str_find(xhr__bytes_str(&reason), 0, '\n') < reason.len)
    answer_text(connection, 400, "Bad Request", "a status is 200 to 999\n");
  else
    http_respond(connection, (unsigned)status, xhr__bytes_str(&reason), TEXT_PLAIN,
                 XHR__STR("as asked\n"));
  xhr__bytes_free(&reason);
}

static void route_close(http_connection *connection) {
  http_drop(connection, http_query(connection, XHR__STR("reset"), NULL));
}

static void route_garbage(http_connection *connection) {
  http_write(connection, XHR__STR("\x16\x03 this is not HTTP\n\x01\xff at all\n\n"));
  http_finish(connection, false);
}

static void route_short(http_connection *connection) {
  http_write(connection, XHR__STR("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nten bytes!"));
  http_finish(connection, false);
}

static void route_headers(http_connection *connection) {
  xhr__bytes out = {0}, name = {0}, value = {0};
  size_t at = 0;
  while (http_query_next(connection->query, &at, &name, &value)) {
    if (!xhr__is_http_token(xhr__bytes_str(&name)) ||
        xhr__str_find(xhr__bytes_str(&value), 0, '\n') < value.len)
      continue;
    xhr__bytes_append(&out, xhr__bytes_str(&name));
    append_c(&out, ": ");
    xhr__bytes_append(&out, xhr__bytes_str(&value));
    append_c(&out, "\r\n");
  }
  http_respond(connection, 200, XHR__STR("OK"), xhr__bytes_str(&out),
               XHR__STR("see the headers\n"));
  xhr__bytes_free(&out);
  xhr__bytes_free(&name);
  xhr__bytes_free(&value);
}

static void route_script(http_connection *connection) {
  xhr__bytes code = {0}, type = {0}, header = {0};
  (void)http_query(connection, XHR__STR("code"), &code);
  if (!http_query(connection, XHR__STR("type"), &type))
    append_c(&type, "text/javascript");
  if (xhr__str_find(xhr__bytes_str(&type), 0, '\n') == type.len) {
    append_c(&header, "Content-Type: ");
    xhr__bytes_append(&header, xhr__bytes_str(&type));
    append_c(&header, "\r\n");
  }
  http_respond(connection, 200, XHR__STR("OK"), xhr__bytes_str(&header), xhr__bytes_str(&code));
  xhr__bytes_free(&code);
  xhr__bytes_free(&type);
  xhr__bytes_free(&header);
}

static void route_hold(http_connection *connection) {
  connection->amount = http_query_number(connection, XHR__STR("n"), UINT64_MAX);
  xhr__list_append(&held, &connection->held);
  held_count++;
  if (held_count < connection->amount)
    return;
  xhr__list *node;
  while ((node = xhr__list_take_first(&held)))
    http_timer(XHR__OWNER(node, http_connection, held), 0);
  held_count = 0;
}

static void route_index(http_connection *connection);

static const route routes[] = {
    {"/", "this text", route_index, false},
    {"/json", "a small JSON document", route_json, false},
    {"/text", "?bytes=N  so much plain text", route_text, false},
    {"/bytes/", "N  N bytes; byte i is i modulo 251", route_bytes, false},
    {"/echo", "?raw  the request as JSON, or its body as it came (up to 16 MiB)", route_echo, true},
    {"/upload",
     "?slow=MS&stall=BYTES  counts the body's bytes; waits MS after each piece it reads; reads no "
     "more from BYTES on",
     route_upload, false},
    {"/redirect/", "STATUS?to=URL  a redirect, to /json unless said", route_redirect, false},
    {"/redirect-chain/", "N  N redirects, one after the other", route_redirect_chain, false},
    {"/delay/", "MS  answers after so many milliseconds", route_delay, false},
    {"/drip", "?n=5&ms=100  a chunked body, piece by piece", route_drip, false},
    {"/gzip", "?bytes=N  text, gzip", route_gzip, false},
    {"/deflate", "?bytes=N  text, deflate", route_deflate, false},
    {"/status/", "N?reason=TEXT  an answer with that status", route_status, false},
    {"/close", "?reset  closes the connection without an answer", route_close, false},
    {"/garbage", "an answer that is no HTTP", route_garbage, false},
    {"/short", "announces 100 bytes, sends 10, closes", route_short, false},
    {"/headers", "?name=value&...  answers with these headers", route_headers, false},
    {"/script", "?code=CODE&type=TYPE  a script", route_script, false},
    {"/wpt/", "PATH  a file of web-platform-tests, once scripts/wpt-data has fetched it", route_wpt,
     false},
    {"/pages/", "NAME?delay=MS&type=TYPE&status=N&cors  a file of tests/js/pages", route_pages,
     false},
    {"/hold", "?n=N  no answer until N requests wait here; then all get one", route_hold, false},
};

static void append_help(xhr__bytes *out) {
  append_c(out, "libxhr's test server. Routes:\n\n");
  for (size_t i = 0; i < sizeof routes / sizeof routes[0]; i++) {
    append_c(out, "  ");
    append_c(out, routes[i].path);
    append_c(out, routes[i].help[0] == '?' || routes[i].path[strlen(routes[i].path) - 1] == '/'
                      ? ""
                      : "  ");
    append_c(out, i == 0 ? "  " : "");
    append_c(out, routes[i].help);
    append_c(out, "\n");
  }
}

static void route_index(http_connection *connection) {
  xhr__bytes out = {0};
  append_help(&out);
  http_respond(connection, 200, XHR__STR("OK"), TEXT_PLAIN, xhr__bytes_str(&out));
  xhr__bytes_free(&out);
}

/* ---- what the server calls ------------------------------------------------------------------------ */

static const route *find_route(xhr__str path) {
  for (size_t i = 0; i < sizeof routes / sizeof routes[0]; i++) {
    xhr__str own = xhr__str_c(routes[i].path);
    bool below = i > 0 && xhr__str_ends_with(own, XHR__STR("/"));
    if (below ? xhr__str_starts_with(path, own) : xhr__str_equals(path, own))
      return &routes[i];
  }
  return NULL;
}

static void on_begin(http_connection *connection) {
  const route *r = connection->route = find_route(connection->path);
  if (!r || r->answer != route_upload)
    return;
  connection->ms = (unsigned)http_query_number(connection, XHR__STR("slow"), 0) & 0xfffff;
  connection->amount = http_query_number(connection, XHR__STR("stall"), UINT64_MAX);
}

static void on_body(http_connection *connection, xhr__str bytes) {
  const route *r = connection->route;
  if (!r)
    return;
  if (r->collects && connection->body.len + bytes.len <= COLLECT_MAX)
    xhr__bytes_append(&connection->body, bytes);
  if (r->answer != route_upload)
    return;
  if (connection->body_bytes >= connection->amount) {
    http_pause(connection);
  } else if (connection->ms) {
    http_pause(connection);
    connection->flag = true;
    http_timer(connection, connection->ms);
  }
}

static void on_complete(http_connection *connection) {
  const route *r = connection->route;
  connection->flag = false;
  if (r)
    r->answer(connection);
  else
    answer_text(connection, 404, "Not Found", "no such route; / lists them\n");
}

static void on_timer(http_connection *connection) {
  const route *r = connection->route;
  if (connection->flag) {
    connection->flag = false;
    http_resume(connection);
  } else if (r->answer == route_drip) {
    drip(connection);
  } else if (r->answer == route_pages) {
    answer_page(connection);
  } else {
    answer_text(connection, 200, "OK", "here you are\n");
  }
}

static void on_gone(http_connection *connection) {
  if (!xhr__list_empty(&connection->held))
    held_count--;
}

static int help(void) {
  xhr__bytes out = {0};
  append_c(&out,
           "usage: test-server [--port N] [--no-stdin]\n\n"
           "Serves HTTP/1.1 on 127.0.0.1, on a free port unless one is given, and says so on\n"
           "standard output: `listening 127.0.0.1:PORT`. Ends with SIGTERM, and when its\n"
           "standard input ends unless --no-stdin is given.\n\n");
  append_help(&out);
  fwrite(out.data, 1, out.len, stdout);
  xhr__bytes_free(&out);
  return 0;
}

int main(int argc, char **argv) {
  static const http_routes calls = {on_begin, on_body, on_complete, on_timer, on_gone};
  bool until_stdin_ends = true;
  uint64_t port = 0;
  for (int i = 1; i < argc; i++) {
    xhr__str argument = xhr__str_c(argv[i]);
    if (xhr__str_equals(argument, XHR__STR("--help")))
      return help();
    if (xhr__str_equals(argument, XHR__STR("--no-stdin"))) {
      until_stdin_ends = false;
    } else if (xhr__str_equals(argument, XHR__STR("--stdin"))) {
      until_stdin_ends = true;
    } else if (!xhr__str_equals(argument, XHR__STR("--port")) || i + 1 == argc ||
               !xhr__str_to_u64(xhr__str_c(argv[++i]), &port) || port > 65535) {
      fputs("usage: test-server [--port N] [--no-stdin] [--help]\n", stderr);
      return 2;
    }
  }
  http_server *server = http_server_new((unsigned)port, &calls);
  if (!server)
    return 1;
  printf("listening 127.0.0.1:%u\n", http_server_port(server));
  fflush(stdout);
  http_server_run(server, until_stdin_ends);
  http_server_free(server);
  return 0;
}
