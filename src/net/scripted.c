#include "net/scripted.h"

#include "net/scripted_response.h"

typedef struct connection {
  const xhr__script_connection *script;
  xhr__bytes key; /* whom it is to: scheme, host and port */
  bool closed;
  bool used;               /* it has carried an exchange to its end */
  xhr__exchange *exchange; /* NULL: idle */
  size_t step;             /* the server's next one */
  size_t sent;             /* of its bytes */
  xhr__time wait_until;    /* while it waits; 0 before the wait */
  xhr__bytes wire;         /* request bytes that the server has not read */
  uint64_t head_left;      /* of these, the part that belongs to the head */
  uint64_t body_left;      /* request body bytes that the server has not read */
  uint64_t body_to_come;   /* the part of these that is not on the wire */
  bool body_later;         /* read_body said so */
  bool body_ended;         /* and so */
  bool answered;           /* the response is complete, but the request's body has not gone out */
  bool body_touched;       /* read_body has given bytes */
  xhr__response_reader reader;
} connection;

typedef struct scripted_transport {
  xhr__transport base;
  xhr__script script;
  xhr__clock clock;
  connection *connections; /* as many as the script's */
  size_t count;            /* made so far */
  xhr__list waiting;       /* of xhr__exchange.transport_node: not on a connection yet */
  uint64_t delivered;      /* server bytes, of all connections */
} scripted_transport;

/* ---- ends of exchanges ----------------------------------------------------------------------------- */

/* No callback may follow; the connection is not used again. */
static void drop(connection *c) {
  c->closed = true;
  if (c->exchange)
    c->exchange->transport_data = NULL;
  c->exchange = NULL;
}

static void fail(connection *c, xhr_failure_code code, const char *detail) {
  xhr__failure failure = {0};
  xhr__exchange *exchange = c->exchange;
  xhr__failure_set(&failure, code, xhr__str_c(detail));
  drop(c);
  exchange->events->done(exchange, &failure);
}

/* The response is complete. As with libcurl the body goes out all the same, unless the answer refuses it. The connection
 * is kept where both sides are in step. */
static void complete(connection *c, xhr__str excess) {
  xhr__exchange *exchange = c->exchange;
  c->answered = !c->closed && c->body_to_come > 0 && c->reader.head.status < 300;
  if (c->answered)
    return;
  if (!c->reader.keep_alive || excess.len || c->body_to_come || c->wire.len)
    c->closed = true;
  c->exchange = NULL;
  c->used = true;
  exchange->transport_data = NULL;
  exchange->events->done(exchange, NULL);
}

/* ---- the client's side ----------------------------------------------------------------------------- */

static xhr_status append_header(xhr__bytes *wire, xhr__str name, xhr__str value) {
  xhr_status status = xhr__bytes_append(wire, name);
  if (status == XHR_OK)
    status = xhr__bytes_append(wire, value.len ? XHR__STR(": ") : XHR__STR(":"));
  if (status == XHR_OK)
    status = xhr__bytes_append(wire, value);
  if (status == XHR_OK)
    status = xhr__bytes_append(wire, XHR__STR("\r\n"));
  return status;
}

static xhr_status append_request_line(xhr__bytes *wire, const xhr__exchange *exchange) {
  xhr_status status = xhr__bytes_append(wire, exchange->method);
  if (status == XHR_OK)
    status = xhr__bytes_append_byte(wire, ' ');
  if (status == XHR_OK)
    status = xhr__bytes_append(wire, xhr__url_path_and_query(exchange->url));
  if (status == XHR_OK)
    status = xhr__bytes_append(wire, XHR__STR(" HTTP/1.1\r\n"));
  return status;
}

/* Headers that the transport writes itself. */
static bool is_ours(const xhr__exchange *exchange, xhr__str name) {
  return xhr__str_equals_ci(name, XHR__STR("Host")) ||
         xhr__str_equals_ci(name, XHR__STR("Transfer-Encoding")) ||
         (exchange->has_body && xhr__str_equals_ci(name, XHR__STR("Content-Length")));
}

/* A request's head, in libcurl's order: Host, the headers given, Content-Length. */
static xhr_status write_head(xhr__bytes *wire, const xhr__exchange *exchange) {
  const xhr__header_list *headers = exchange->headers;
  xhr__bytes number = {0}, storage = {0};
  xhr__str host = xhr__url_host_and_port(exchange->url);
  xhr_status status = xhr__header_list_get(headers, XHR__STR("Host"), &storage, &host);
  if (status == XHR_OK || status == XHR_NOT_FOUND)
    status = append_request_line(wire, exchange);
  if (status == XHR_OK)
    status = append_header(wire, XHR__STR("Host"), host);
  for (size_t i = 0; i < headers->count && status == XHR_OK; i++) {
    if (!is_ours(exchange, xhr__header_list_name(headers, i)))
      status = append_header(wire, xhr__header_list_name(headers, i),
                             xhr__header_list_value(headers, i));
  }
  if (status == XHR_OK && exchange->has_body) {
    status = xhr__bytes_append_u64(&number, exchange->body_length);
    if (status == XHR_OK)
      status = append_header(wire, XHR__STR("Content-Length"), xhr__bytes_str(&number));
  }
  if (status == XHR_OK)
    status = xhr__bytes_append(wire, XHR__STR("\r\n"));
  xhr__bytes_free(&number);
  xhr__bytes_free(&storage);
  return status;
}

/* Begins an exchange on a connection that is there. False where memory ends. */
static bool begin(connection *c, xhr__exchange *exchange) {
  xhr__bytes_clear(&c->wire);
  xhr__response_reader_clear(&c->reader);
  if (write_head(&c->wire, exchange) != XHR_OK)
    return false;
  c->exchange = exchange;
  c->head_left = c->wire.len;
  c->body_left = c->body_to_come = exchange->has_body ? exchange->body_length : 0;
  c->body_later = c->body_touched = c->answered = false;
  c->body_ended = !exchange->has_body;
  exchange->transport_data = c;
  return true;
}

/* Room for request body on the wire; the head does not count. */
static size_t wire_room(const connection *c) {
  size_t used = c->wire.len - (size_t)c->head_left;
  return used < XHR__SCRIPTED_SOCKET_BYTES ? XHR__SCRIPTED_SOCKET_BYTES - used : 0;
}

static bool may_send(const connection *c) {
  return c->exchange && !c->body_ended && !c->body_later && wire_room(c) > 0;
}

/* Puts request body on the wire, as much as there is room for. */
static void send_body(connection *c) {
  xhr__exchange *exchange = c->exchange;
  while (c->exchange == exchange && may_send(c)) {
    size_t room = wire_room(c), len = 0;
    if (xhr__bytes_reserve(&c->wire, room) != XHR_OK) {
      fail(c, XHR_FAILURE_OUT_OF_MEMORY, "");
      return;
    }
    switch (exchange->events->read_body(exchange, c->wire.data + c->wire.len, room, &len)) {
      case XHR__READ_DATA:
        c->wire.len += len;
        c->body_to_come -= len;
        c->body_touched = true;
        break;
      case XHR__READ_END: c->body_ended = true; break;
      case XHR__READ_LATER: c->body_later = true; break;
      case XHR__READ_FAILED:
        if (c->exchange == exchange)
          fail(c, XHR_FAILURE_BODY_READ, "");
        return;
    }
  }
}

/* Takes a piece of the server's bytes. */
static void receive(connection *c, xhr__str bytes) {
  xhr__exchange *exchange = c->exchange;
  bool to_head = xhr__str_equals(exchange->method, XHR__STR("HEAD"));
  while (c->exchange == exchange) {
    xhr__str body = XHR__STR_EMPTY;
    switch (xhr__response_reader_read(&c->reader, to_head, &bytes, &body)) {
      case XHR__RESPONSE_MORE: return;
      case XHR__RESPONSE_BODY: exchange->events->body(exchange, body); break;
      case XHR__RESPONSE_COMPLETE: complete(c, bytes); return;
      case XHR__RESPONSE_FAILED: fail(c, c->reader.failure, c->reader.detail); return;
      case XHR__RESPONSE_HEAD: {
        xhr__response_head head = {c->reader.head.status, c->reader.head.reason,
                                   c->reader.head.http_version, &c->reader.head.headers};
        exchange->events->head(exchange, &head);
        break;
      }
    }
  }
}

/* ---- the server's side ----------------------------------------------------------------------------- */

static const xhr__script_step *next_step(const connection *c) {
  return c->step < c->script->count ? &c->script->steps[c->step] : NULL;
}

/* The server closes the connection, or breaks it. */
static void hang_up(scripted_transport *t, connection *c, bool reset) {
  xhr__exchange *exchange = c->exchange;
  if (!exchange) {
    drop(c);
    return;
  }
  if (!reset && !c->body_to_come && xhr__url_scheme_is(exchange->url, "http") &&
      xhr__response_reader_may_end_head(&c->reader)) {
    receive(c, XHR__STR("\r\n"));
    if (c->exchange != exchange)
      return;
  }
  xhr_failure_code code = xhr__response_reader_closed(&c->reader);
  if (c->used && c->reader.bytes == 0) {
    /* It died before the request came: another connection serves. */
    bool touched = c->body_touched;
    drop(c);
    xhr__list_append(&t->waiting, &exchange->transport_node);
    if (touched)
      exchange->events->rewind_body(exchange, 0);
  } else if (c->answered || (c->body_to_come && c->reader.bytes == 0)) {
    fail(c, XHR_FAILURE_SEND, "");
  } else if (reset && code != XHR_FAILURE_HEADERS_INCOMPLETE) {
    fail(c, XHR_FAILURE_RECEIVE, "");
  } else if (code != XHR_FAILURE_NONE) {
    fail(c, code, "");
  } else {
    c->closed = true;
    complete(c, XHR__STR_EMPTY);
  }
}

/* How many bytes of a step arrive as the next piece. */
static size_t piece_size(const scripted_transport *t, size_t left) {
  if (t->script.cut == XHR__CUT_EVERY_BYTE)
    return left ? 1 : 0;
  if (t->script.cut == XHR__CUT_AT && t->delivered < t->script.cut_at &&
      t->script.cut_at - t->delivered < left)
    return (size_t)(t->script.cut_at - t->delivered);
  return left;
}

static void send_piece(scripted_transport *t, connection *c, const xhr__script_step *step) {
  if (!c->exchange) { /* what nobody asked for spoils the connection */
    drop(c);
    return;
  }
  size_t count = piece_size(t, step->bytes.len - c->sent);
  xhr__str piece = xhr__str_slice(step->bytes, c->sent, c->sent + count);
  t->delivered += count;
  c->sent += count;
  if (c->sent == step->bytes.len) {
    c->sent = 0;
    c->step++;
  }
  receive(c, piece);
}

/* Reads `count` bytes from the wire. */
static void read_wire(scripted_transport *t, connection *c, bool begins, size_t count) {
  xhr__str bytes = xhr__str_slice(xhr__bytes_str(&c->wire), 0, count);
  if (t->script.received)
    t->script.received(t->script.user, (size_t)(c - t->connections), begins, bytes);
  xhr__bytes_consume(&c->wire, count);
}

/* The body's part of the wire that a reading step wants; `*wanted`: how much it waits for. */
static size_t readable_body(const connection *c, const xhr__script_step *step, uint64_t *wanted) {
  *wanted = step->kind == XHR__STEP_READ_REST ? c->body_left : step->amount - c->sent;
  return *wanted < c->wire.len ? (size_t)*wanted : c->wire.len;
}

static bool can_read(const connection *c, const xhr__script_step *step) {
  uint64_t wanted;
  if (!c->exchange)
    return false;
  if (step->kind == XHR__STEP_READ_HEAD)
    return c->head_left > 0;
  return c->head_left == 0 && (readable_body(c, step, &wanted) > 0 || wanted == 0);
}

static void read_step(scripted_transport *t, connection *c, const xhr__script_step *step) {
  uint64_t wanted;
  if (step->kind == XHR__STEP_READ_HEAD) {
    read_wire(t, c, true, (size_t)c->head_left);
    c->head_left = 0;
    c->step++;
    return;
  }
  size_t count = readable_body(c, step, &wanted);
  if (count)
    read_wire(t, c, false, count);
  c->body_left -= count;
  c->sent += count;
  if (count == wanted) {
    c->sent = 0;
    c->step++;
  }
}

/* When the server's next step can be done: 0 for now. */
static xhr__time step_due(const connection *c, xhr__time now) {
  const xhr__script_step *step = next_step(c);
  if (!step)
    return XHR__NEVER;
  switch (step->kind) {
    case XHR__STEP_READ_HEAD:
    case XHR__STEP_READ_BODY:
    case XHR__STEP_READ_REST: return can_read(c, step) ? 0 : XHR__NEVER;
    case XHR__STEP_WAIT: return c->wait_until && c->wait_until > now ? c->wait_until : 0;
    case XHR__STEP_SEND:
    case XHR__STEP_CLOSE:
    case XHR__STEP_RESET: return 0;
    case XHR__STEP_STALL: break;
  }
  return XHR__NEVER;
}

static void wait_step(connection *c, const xhr__script_step *step, xhr__time now) {
  if (c->wait_until == 0) {
    c->wait_until = xhr__time_after_ms(now, step->amount);
  } else {
    c->wait_until = 0;
    c->step++;
  }
}

/* The server's steps, up to the first piece that it sends. */
static void serve(scripted_transport *t, connection *c) {
  xhr__time now = xhr__clock_now(&t->clock);
  while (!c->closed && step_due(c, now) == 0) {
    const xhr__script_step *step = next_step(c);
    switch (step->kind) {
      case XHR__STEP_SEND: send_piece(t, c, step); return;
      case XHR__STEP_WAIT: wait_step(c, step, now); break;
      case XHR__STEP_CLOSE:
      case XHR__STEP_RESET: hang_up(t, c, step->kind == XHR__STEP_RESET); return;
      case XHR__STEP_READ_HEAD:
      case XHR__STEP_READ_BODY:
      case XHR__STEP_READ_REST: read_step(t, c, step); break;
      case XHR__STEP_STALL: return;
    }
  }
}

/* ---- connections ----------------------------------------------------------------------------------- */

static xhr_status connection_key(const xhr__url *url, xhr__bytes *key) {
  xhr_status status = xhr__bytes_append(key, xhr__url_scheme(url));
  if (status == XHR_OK)
    status = xhr__bytes_append_byte(key, ' ');
  if (status == XHR_OK)
    status = xhr__bytes_append(key, xhr__url_host_and_port(url));
  return status;
}

/* An idle connection for that key that the server has not closed; NULL: none. */
static connection *find_idle(scripted_transport *t, xhr__str key) {
  for (size_t i = 0; i < t->count; i++) {
    connection *c = &t->connections[i];
    if (c->closed || c->exchange || !xhr__str_equals(xhr__bytes_str(&c->key), key))
      continue;
    serve(t, c); /* whether it is dead by now */
    if (!c->closed)
      return c;
  }
  return NULL;
}

/* The script's next connection, taking over `key`. NULL: `failure` says why there is none. */
static connection *connect_next(scripted_transport *t, xhr__bytes *key, xhr__failure *failure) {
  if (t->count == t->script.count) {
    xhr__failure_set(failure, XHR_FAILURE_INTERNAL, XHR__STR("the script has no connection left"));
    return NULL;
  }
  connection *c = &t->connections[t->count];
  c->script = &t->script.connections[t->count++];
  c->reader.head.limit = t->script.max_header_bytes;
  xhr__bytes_move(&c->key, key);
  if (c->script->failure == XHR_FAILURE_NONE)
    return c;
  c->closed = true;
  xhr__failure_set(failure, c->script->failure, XHR__STR_EMPTY);
  return NULL;
}

/* Gives an exchange its connection, or ends it. */
static void connect_exchange(scripted_transport *t, xhr__exchange *exchange) {
  xhr__failure failure = {0};
  xhr__bytes key = {0};
  connection *c = NULL;
  if (connection_key(exchange->url, &key) != XHR_OK) {
    xhr__failure_set(&failure, XHR_FAILURE_OUT_OF_MEMORY, XHR__STR_EMPTY);
  } else {
    if (!exchange->fresh_connection)
      c = find_idle(t, xhr__bytes_str(&key));
    if (!c)
      c = connect_next(t, &key, &failure);
  }
  xhr__bytes_free(&key);
  if (c && !begin(c, exchange)) {
    c->closed = true;
    c = NULL;
    xhr__failure_set(&failure, XHR_FAILURE_OUT_OF_MEMORY, XHR__STR_EMPTY);
  }
  if (!c)
    exchange->events->done(exchange, &failure);
}

/* ---- the methods ----------------------------------------------------------------------------------- */

static scripted_transport *from_base(xhr__transport *base) {
  return XHR__OWNER(base, scripted_transport, base);
}

static xhr_status attach(xhr__transport *base, xhr__poller *poller, const xhr__clock *clock) {
  (void)poller;
  from_base(base)->clock = *clock;
  return XHR_OK;
}

static void move(xhr__transport *base, xhr__poller *poller) {
  (void)base;
  (void)poller;
}

static xhr_status start(xhr__transport *base, xhr__exchange *exchange) {
  exchange->transport_data = NULL;
  xhr__list_append(&from_base(base)->waiting, &exchange->transport_node);
  return XHR_OK;
}

static void cancel(xhr__transport *base, xhr__exchange *exchange) {
  (void)base;
  if (exchange->transport_data)
    drop(exchange->transport_data);
  else
    xhr__list_remove(&exchange->transport_node);
}

static void resume(xhr__transport *base, xhr__exchange *exchange) {
  (void)base;
  connection *c = exchange->transport_data;
  if (c)
    c->body_later = false;
}

static void turn(xhr__transport *base) {
  scripted_transport *t = from_base(base);
  /* Those that come meanwhile wait for the next turn. */
  xhr__list starting;
  xhr__list_init(&starting);
  xhr__list_splice(&starting, &t->waiting);
  xhr__list *node;
  while ((node = xhr__list_take_first(&starting)))
    connect_exchange(t, XHR__OWNER(node, xhr__exchange, transport_node));
  for (size_t i = 0; i < t->count; i++) {
    connection *c = &t->connections[i];
    if (!c->closed && may_send(c))
      send_body(c);
    if (!c->closed && c->answered && c->body_to_come == 0)
      complete(c, XHR__STR_EMPTY);
    if (!c->closed)
      serve(t, c);
  }
}

static xhr__time deadline(xhr__transport *base) {
  scripted_transport *t = from_base(base);
  xhr__time now = xhr__clock_now(&t->clock), earliest = XHR__NEVER;
  if (!xhr__list_empty(&t->waiting))
    return 0;
  for (size_t i = 0; i < t->count; i++) {
    const connection *c = &t->connections[i];
    if (c->closed)
      continue;
    xhr__time due = may_send(c) ? 0 : step_due(c, now);
    earliest = due < earliest ? due : earliest;
  }
  return earliest;
}

static void destroy(xhr__transport *base) {
  scripted_transport *t = from_base(base);
  for (size_t i = 0; i < t->count; i++) {
    xhr__bytes_free(&t->connections[i].key);
    xhr__bytes_free(&t->connections[i].wire);
    xhr__response_reader_free(&t->connections[i].reader);
  }
  xhr__free(t->connections);
  xhr__free(t);
}

static const xhr__transport_methods methods = {attach, move, start,    cancel,
                                               resume, turn, deadline, destroy};

xhr_status xhr__scripted_transport_new(const xhr__script *script, xhr__transport **transport) {
  scripted_transport *t = XHR__NEW(scripted_transport);
  if (!t)
    return XHR_OUT_OF_MEMORY;
  t->connections = xhr__calloc(script->count + 1, sizeof *t->connections);
  if (!t->connections) {
    xhr__free(t);
    return XHR_OUT_OF_MEMORY;
  }
  t->base.methods = &methods;
  t->script = *script;
  t->clock = xhr__monotonic_clock;
  xhr__list_init(&t->waiting);
  *transport = &t->base;
  return XHR_OK;
}
