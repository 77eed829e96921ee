#include "runtime/blob_reader.h"

#include <stdatomic.h>

#include "fetch/file_reader.h"
#include "runtime/shared_memory.h"
#include "session/loop.h"

/* The realm's reader of files. */
typedef struct blob_files {
  xhr__teardown teardown;
  xhr__realm *realm;
  xhr__file_reader *reader;
  xhr__task_queue *tasks;
  xhr__task collect;
  atomic_bool posted; /* `collect` is in the queue */
  xhr__list reads;    /* that have a source in `reader` */
  xhr__list sources;  /* of xhr__blob_source */
} blob_files;

struct xhr__blob_read {
  xhr__teardown teardown;
  xhr__realm *realm; /* not to be used any more once `done` was called */
  xhr_loop *loop;    /* counted */
  xhr__blob *blob;
  xhr__blob_read_client client;
  void *user;
  xhr__task task;
  bool has_started;
  bool done;
  xhr_status status;
  uint64_t loaded, told; /* bytes that are there, and that were told of */
  /* Where the Blob is not one piece of memory: its own copy. */
  char *data;
  /* Where some of it is in files. */
  xhr__list in_files;
  xhr__body_source *source;
};

struct xhr__blob_source {
  xhr__list node;           /* in the realm's files, until it is closed */
  xhr__body_source *source; /* NULL: it is closed */
};

/* ---- the realm's files ------------------------------------------------------------------------------------------ */

/* On the helper thread. */
static void wake(void *user) {
  blob_files *files = user;
  if (!atomic_exchange(&files->posted, true))
    (void)xhr__task_queue_post(files->tasks, &files->collect);
}

static void collect(xhr__task *task) {
  blob_files *files = XHR__OWNER(task, blob_files, collect);
  atomic_store(&files->posted, false);
  xhr__file_reader_collect(files->reader);
}

/* The realm goes, or nobody is going to read any more. */
static void close_source(xhr__blob_source *source) {
  xhr__list_remove(&source->node);
  xhr__body_source_free(source->source);
  source->source = NULL;
}

static void end_files(xhr__teardown *teardown) {
  blob_files *files = XHR__OWNER(teardown, blob_files, teardown);
  while (!xhr__list_empty(&files->reads))
    xhr__blob_read_cancel(XHR__OWNER(files->reads.next, xhr__blob_read, in_files));
  while (!xhr__list_empty(&files->sources))
    close_source(XHR__OWNER(files->sources.next, xhr__blob_source, node));
  xhr__list_remove(&teardown->node);
  /* Joins the thread, so that nothing is posted any more. */
  xhr__file_reader_free(files->reader);
  xhr__task_queue_cancel(files->tasks, &files->collect);
  xhr__task_queue_unref(files->tasks);
  xhr__free(files);
}

/* The realm's reader, made where it has none yet; NULL where there is no memory. */
static blob_files *files_of(xhr__realm *realm) {
  for (xhr__list *node = realm->teardown.next; node != &realm->teardown; node = node->next) {
    xhr__teardown *teardown = XHR__OWNER(node, xhr__teardown, node);
    if (teardown->end == end_files)
      return XHR__OWNER(teardown, blob_files, teardown);
  }
  blob_files *files = XHR__NEW(blob_files);
  if (!files || xhr__file_reader_new(wake, files, &files->reader) != XHR_OK) {
    xhr__free(files);
    return NULL;
  }
  files->realm = realm;
  files->tasks = xhr__task_queue_ref(xhr__loop_tasks(realm->context->loop));
  xhr__task_init(&files->collect, collect, NULL);
  atomic_init(&files->posted, false);
  xhr__list_init(&files->reads);
  xhr__list_init(&files->sources);
  files->teardown.idle = true;
  files->teardown.end = end_files;
  /* In front, where it is found at once. */
  xhr__list_append(realm->teardown.next, &files->teardown.node);
  return files;
}

/* ---- reading ---------------------------------------------------------------------------------------------------- */

/* Lets go of all that the read holds, but for what `user` is. */
static void free_read(xhr__blob_read *read) {
  xhr__list_remove(&read->teardown.node);
  xhr__list_remove(&read->in_files);
  xhr__task_queue_cancel(xhr__loop_tasks(read->loop), &read->task);
  xhr__body_source_free(read->source);
  xhr__loop_let_go(read->loop);
  xhr_loop_unref(read->loop);
  xhr__blob_unref(read->blob);
  xhr__free(read->data);
  xhr__free(read);
}

void xhr__blob_read_cancel(xhr__blob_read *read) {
  void (*dropped)(void *user) = read->client.dropped;
  void *user = read->user;
  free_read(read);
  dropped(user);
}

static void end_read(xhr__teardown *teardown) {
  xhr__blob_read_cancel(XHR__OWNER(teardown, xhr__blob_read, teardown));
}

/* Goes on in a task of its own. */
static void post(xhr__blob_read *read) {
  xhr__task_queue *tasks = xhr__loop_tasks(read->loop);
  xhr__task_queue_cancel(tasks, &read->task);
  (void)xhr__task_queue_post(tasks, &read->task);
}

static void fail(xhr__blob_read *read, xhr_status status) {
  read->status = status;
  read->done = true;
}

/* Takes what the source has. False where it has to wait for the helper thread. */
static bool pump_source(xhr__blob_read *read) {
  uint64_t size = xhr__blob_size(read->blob);
  while (!read->done) {
    size_t count, rest = (size_t)(size - read->loaded);
    if (rest == 0) {
      read->done = true;
      break;
    }
    switch (xhr__body_source_read(read->source, read->data + read->loaded, rest, &count)) {
      case XHR__READ_DATA: read->loaded += count; break;
      case XHR__READ_LATER: return false;
      case XHR__READ_END:
      case XHR__READ_FAILED: fail(read, XHR_IO); break;
    }
  }
  return true;
}

/* Takes what there is. False where it has to wait for the helper thread. */
static bool pump(xhr__blob_read *read) {
  if (read->done)
    return true;
  if (read->source)
    return pump_source(read);
  uint64_t size = xhr__blob_size(read->blob);
  if (read->data &&
      xhr__segments_read(read->blob->segments, 0, read->data, (size_t)size) != XHR_OK) {
    fail(read, XHR_IO);
  } else {
    read->loaded = size;
    read->done = true;
  }
  return true;
}

/* Reads and tells one thing, as the last it does: whoever is told may cancel. */
static void turn(xhr__blob_read *read) {
  bool goes_on = pump(read);
  void *user = read->user;
  if (read->client.started && !read->has_started && read->status == XHR_OK &&
      (read->done || read->loaded > 0)) {
    read->has_started = true;
    post(read);
    read->client.started(read, user);
  } else if (read->client.progress && read->loaded > read->told && read->status == XHR_OK) {
    read->told = read->loaded;
    if (goes_on)
      post(read);
    read->client.progress(read, read->loaded, user);
  } else if (read->done) {
    /* Not pending any more: what is told may end the realm. */
    xhr__list_remove(&read->teardown.node);
    xhr__list_remove(&read->in_files);
    xhr__body_source_free(read->source);
    read->source = NULL;
    read->client.done(read, read->status, user);
    free_read(read);
  }
}

static void run(xhr__task *task) {
  turn(XHR__OWNER(task, xhr__blob_read, task));
}

static void ready(void *user) {
  post(user);
}

/* A source of the Blob's bytes, by the realm's reader, which goes to `*files`. */
static xhr_status open_body(xhr__realm *realm, const xhr__blob *blob, void (*on_ready)(void *user),
                            void *user, blob_files **files, xhr__body_source **source) {
  xhr_body *body;
  *files = files_of(realm);
  if (!*files)
    return XHR_OUT_OF_MEMORY;
  xhr_status status = xhr__body_new(blob->segments, NULL, false, &body);
  if (status != XHR_OK)
    return status;
  status = xhr__body_source_new((*files)->reader, body, on_ready, user, source);
  xhr_body_unref(body);
  return status;
}

static xhr_status open_source(xhr__blob_read *read) {
  blob_files *files;
  xhr_status status = open_body(read->realm, read->blob, ready, read, &files, &read->source);
  if (status == XHR_OK)
    xhr__list_append(&files->reads, &read->in_files);
  return status;
}

/* Memory for the bytes and a source of them, where the Blob is not one piece of memory. */
static xhr_status prepare(xhr__blob_read *read) {
  xhr__str bytes;
  uint64_t size = xhr__blob_size(read->blob);
  if (size > XHR__LONGEST_BUFFER)
    return XHR_LIMIT;
  if (xhr__segments_bytes(read->blob->segments, &bytes))
    return XHR_OK;
  read->data = xhr__malloc((size_t)size);
  if (!read->data)
    return XHR_OUT_OF_MEMORY;
  return xhr__segments_in_memory(read->blob->segments) ? XHR_OK : open_source(read);
}

xhr_status xhr__blob_read_start(xhr__realm *realm, xhr__blob *blob,
                                const xhr__blob_read_client *client, void *user,
                                xhr__blob_read **read) {
  xhr__blob_read *made = XHR__NEW(xhr__blob_read);
  if (!made)
    return XHR_OUT_OF_MEMORY;
  made->realm = realm;
  made->loop = xhr_loop_ref(realm->context->loop);
  made->blob = xhr__blob_ref(blob);
  made->client = *client;
  made->user = user;
  made->teardown.end = end_read;
  xhr__task_init(&made->task, run, NULL);
  xhr__list_init(&made->in_files);
  xhr__list_append(&realm->teardown, &made->teardown.node);
  xhr__loop_keep(made->loop);
  xhr_status status = prepare(made);
  if (status != XHR_OK)
    fail(made, status);
  post(made);
  *read = made;
  return XHR_OK;
}

/* ---- reading piece by piece ------------------------------------------------------------------------------------- */

xhr_status xhr__blob_source_new(xhr__realm *realm, const xhr__blob *blob,
                                void (*on_ready)(void *user), void *user,
                                xhr__blob_source **source) {
  blob_files *files;
  xhr__blob_source *made = XHR__NEW(xhr__blob_source);
  if (!made)
    return XHR_OUT_OF_MEMORY;
  xhr_status status = open_body(realm, blob, on_ready, user, &files, &made->source);
  if (status == XHR_OK) {
    xhr__list_append(&files->sources, &made->node);
    *source = made;
  } else {
    xhr__free(made);
  }
  return status;
}

void xhr__blob_source_free(xhr__blob_source *source) {
  if (!source)
    return;
  close_source(source);
  xhr__free(source);
}

xhr__read_result xhr__blob_source_read(xhr__blob_source *source, void *data, size_t size,
                                       size_t *len) {
  return source->source ? xhr__body_source_read(source->source, data, size, len) : XHR__READ_FAILED;
}

/* ---- results ---------------------------------------------------------------------------------------------------- */

xhr__str xhr__blob_read_bytes(const xhr__blob_read *read) {
  xhr__str bytes;
  if (xhr__segments_bytes(read->blob->segments, &bytes))
    return bytes;
  return xhr__str_of(read->data, (size_t)read->loaded);
}

JSValue xhr__blob_read_array_buffer(xhr__blob_read *read) {
  JSContext *js = read->realm->js;
  xhr__str bytes = xhr__blob_read_bytes(read);
  if (!read->data)
    return JS_NewArrayBufferCopy(js, (const uint8_t *)bytes.data, bytes.len);
  JSValue value = xhr__array_buffer_new(js, read->data, bytes.len, xhr__free, read->data);
  if (!JS_IsException(value))
    read->data = NULL;
  return value;
}

/* https://w3c.github.io/FileAPI/#dfn-error-codes */
JSValue xhr__blob_read_error(xhr__realm *realm, xhr_status status) {
  const char *why = status == XHR_OUT_OF_MEMORY ? "there is not enough memory"
                    : status == XHR_LIMIT       ? "it is longer than an ArrayBuffer may be"
                                                : "its file has changed, or cannot be read";
  JSValue error = xhr__dom_exception_new(realm, "NotReadableError", why);
  return JS_IsException(error) ? JS_GetException(realm->js) : error;
}
