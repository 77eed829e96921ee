#include "fetch/file_reader.h"

#include <pthread.h>
#include <signal.h>

#include "infra/list.h"

/* Where a chunk is on its way from the file to the exchange. */
typedef enum chunk_state {
  CHUNK_FREE,
  CHUNK_ORDERED, /* the helper is to read it */
  CHUNK_READING, /* the helper is reading it; its bytes are the helper's */
  CHUNK_FULL,
  CHUNK_FAILED
} chunk_state;

/* A stretch of one file segment. */
typedef struct chunk {
  chunk_state state;
  bool stale;        /* reading, but not wanted any more */
  uint64_t position; /* in the body */
  const xhr__segment *segment;
  uint64_t offset; /* in the segment */
  size_t len;
  char *data; /* XHR__FILE_READER_CHUNK bytes, or fewer where the body has fewer */
} chunk;

enum { CHUNKS = 2 };

struct xhr__body_source {
  /* The engine's alone. */
  xhr__file_reader *reader;
  xhr_body *body;
  xhr__segments_cursor cursor;
  void (*ready)(void *user);
  void *user;
  xhr_failure_code failure;
  char *block; /* the chunks' memory */
  size_t chunk_size;
  /* Under the reader's lock. */
  xhr__list work; /* in the reader's list of work */
  xhr__list news; /* in the reader's list of news */
  chunk chunks[CHUNKS];
  xhr__segments_cursor ahead; /* what is to be ordered next */
  bool waiting;               /* answered LATER */
  bool busy;                  /* the helper reads one of its chunks */
  bool dead;                  /* freed while busy: the helper frees it */
};

struct xhr__file_reader {
  void (*wake)(void *user);
  void *user;
  bool started; /* the engine's alone */
  pthread_t thread;
  pthread_mutex_t mutex;
  pthread_cond_t condition;
  /* Under the lock. */
  xhr__list work; /* sources with an ordered chunk */
  xhr__list news; /* sources to call */
  bool stopping;
};

static void lock(xhr__file_reader *reader) {
  (void)pthread_mutex_lock(&reader->mutex);
}

static void unlock(xhr__file_reader *reader) {
  (void)pthread_mutex_unlock(&reader->mutex);
}

static void destroy_source(xhr__body_source *source) {
  xhr_body_unref(source->body);
  xhr__free(source->block);
  xhr__free(source);
}

/* ---- the helper thread ----------------------------------------------------------------------------------------- */

/* The ordered chunk that comes first in the body; NULL where there is none. */
static chunk *first_ordered(xhr__body_source *source) {
  chunk *first = NULL;
  for (size_t i = 0; i < CHUNKS; i++) {
    chunk *at = &source->chunks[i];
    if (at->state == CHUNK_ORDERED && (!first || at->position < first->position))
      first = at;
  }
  return first;
}

static bool read_chunk(const chunk *wanted) {
  size_t done = 0, count;
  while (done < wanted->len) {
    if (xhr__segment_read_file(wanted->segment, wanted->offset + done, wanted->data + done,
                               wanted->len - done, &count) != XHR_OK) {
      return false;
    }
    done += count;
  }
  return true;
}

/* Reads one chunk of one source. Called and left under the lock, which is open while it reads. */
static void do_work(xhr__file_reader *reader, xhr__body_source *source) {
  chunk *wanted = first_ordered(source);
  wanted->state = CHUNK_READING;
  source->busy = true;
  unlock(reader);
  bool good = read_chunk(wanted);
  lock(reader);
  source->busy = false;
  if (source->dead) {
    unlock(reader);
    destroy_source(source);
    lock(reader);
    return;
  }
  wanted->state = wanted->stale ? CHUNK_FREE : good ? CHUNK_FULL : CHUNK_FAILED;
  wanted->stale = false;
  if (first_ordered(source))
    xhr__list_append(&reader->work, &source->work);
  if (source->waiting) {
    bool first = xhr__list_empty(&reader->news);
    source->waiting = false;
    xhr__list_append(&reader->news, &source->news);
    if (first) {
      unlock(reader);
      reader->wake(reader->user);
      lock(reader);
    }
  }
}

static void *help(void *user) {
  xhr__file_reader *reader = user;
  lock(reader);
  while (!reader->stopping) {
    xhr__list *node = xhr__list_take_first(&reader->work);
    if (node)
      do_work(reader, XHR__OWNER(node, xhr__body_source, work));
    else
      (void)pthread_cond_wait(&reader->condition, &reader->mutex);
  }
  unlock(reader);
  return NULL;
}

/* Starts the helper where it does not run yet. Signals are the program's other threads' business. */
static bool start(xhr__file_reader *reader) {
  sigset_t all, before;
  if (reader->started)
    return true;
  (void)sigfillset(&all);
  (void)pthread_sigmask(SIG_SETMASK, &all, &before);
  reader->started = pthread_create(&reader->thread, NULL, help, reader) == 0;
  (void)pthread_sigmask(SIG_SETMASK, &before, NULL);
  return reader->started;
}

/* ---- the engine's side ----------------------------------------------------------------------------------------- */

xhr_status xhr__file_reader_new(void (*wake)(void *user), void *user, xhr__file_reader **reader) {
  xhr__file_reader *made = XHR__NEW(xhr__file_reader);
  *reader = NULL;
  if (!made)
    return XHR_OUT_OF_MEMORY;
  if (pthread_mutex_init(&made->mutex, NULL) != 0) {
    xhr__free(made);
    return XHR_SYSTEM;
  }
  if (pthread_cond_init(&made->condition, NULL) != 0) {
    (void)pthread_mutex_destroy(&made->mutex);
    xhr__free(made);
    return XHR_SYSTEM;
  }
  made->wake = wake;
  made->user = user;
  xhr__list_init(&made->work);
  xhr__list_init(&made->news);
  *reader = made;
  return XHR_OK;
}

void xhr__file_reader_free(xhr__file_reader *reader) {
  if (!reader)
    return;
  if (reader->started) {
    lock(reader);
    reader->stopping = true;
    (void)pthread_cond_signal(&reader->condition);
    unlock(reader);
    (void)pthread_join(reader->thread, NULL);
  }
  (void)pthread_cond_destroy(&reader->condition);
  (void)pthread_mutex_destroy(&reader->mutex);
  xhr__free(reader);
}

void xhr__file_reader_collect(xhr__file_reader *reader) {
  if (!reader->started)
    return;
  lock(reader);
  for (;;) {
    xhr__list *node = xhr__list_take_first(&reader->news);
    if (!node)
      break;
    xhr__body_source *source = XHR__OWNER(node, xhr__body_source, news);
    unlock(reader);
    source->ready(source->user);
    lock(reader);
  }
  unlock(reader);
}

xhr_status xhr__body_source_new(xhr__file_reader *reader, xhr_body *body, void (*ready)(void *user),
                                void *user, xhr__body_source **source) {
  *source = XHR__NEW(xhr__body_source);
  if (!*source)
    return XHR_OUT_OF_MEMORY;
  (*source)->reader = reader;
  (*source)->body = xhr_body_ref(body);
  (*source)->cursor = (*source)->ahead = xhr__segments_cursor_of(body->segments);
  (*source)->ready = ready;
  (*source)->user = user;
  xhr__list_init(&(*source)->work);
  xhr__list_init(&(*source)->news);
  return XHR_OK;
}

void xhr__body_source_free(xhr__body_source *source) {
  if (!source)
    return;
  xhr__file_reader *reader = source->reader;
  lock(reader);
  xhr__list_remove(&source->work);
  xhr__list_remove(&source->news);
  source->dead = true;
  bool busy = source->busy;
  unlock(reader);
  if (!busy)
    destroy_source(source);
}

uint64_t xhr__body_source_position(const xhr__body_source *source) {
  return source->cursor.position;
}

xhr_failure_code xhr__body_source_failure(const xhr__body_source *source) {
  return source->failure;
}

void xhr__body_source_rewind(xhr__body_source *source, uint64_t position) {
  xhr__file_reader *reader = source->reader;
  xhr__segments_cursor_seek(&source->cursor, position);
  lock(reader);
  source->ahead = source->cursor;
  source->waiting = false;
  xhr__list_remove(&source->work);
  xhr__list_remove(&source->news);
  for (size_t i = 0; i < CHUNKS; i++) {
    if (source->chunks[i].state == CHUNK_READING)
      source->chunks[i].stale = true;
    else
      source->chunks[i].state = CHUNK_FREE;
  }
  unlock(reader);
}

/* Memory for the chunks and a thread to fill them: false where there is none, and `failure` says so. */
static bool prepare(xhr__body_source *source) {
  if (!source->block) {
    uint64_t length = xhr_body_length(source->body);
    source->chunk_size = length < XHR__FILE_READER_CHUNK ? (size_t)length : XHR__FILE_READER_CHUNK;
    source->block = xhr__malloc(CHUNKS * source->chunk_size);
    if (!source->block) {
      source->failure = XHR_FAILURE_OUT_OF_MEMORY;
      return false;
    }
    for (size_t i = 0; i < CHUNKS; i++)
      source->chunks[i].data = source->block + i * source->chunk_size;
  }
  if (!start(source->reader)) {
    source->failure = XHR_FAILURE_INTERNAL;
    return false;
  }
  return true;
}

/* Orders the next stretch of file into each free chunk. Under the lock. */
static void order_ahead(xhr__body_source *source) {
  bool ordered = false;
  for (size_t i = 0; i < CHUNKS; i++) {
    chunk *free_one = &source->chunks[i];
    if (free_one->state != CHUNK_FREE)
      continue;
    const xhr__segment *segment;
    while ((segment = xhr__segments_cursor_segment(&source->ahead)) != NULL &&
           segment->kind == XHR__SEGMENT_MEMORY) {
      xhr__segments_cursor_advance(&source->ahead, xhr__segments_cursor_memory(&source->ahead).len);
    }
    if (!segment)
      break;
    uint64_t rest = segment->len - source->ahead.offset;
    free_one->len = rest < source->chunk_size ? (size_t)rest : source->chunk_size;
    free_one->segment = segment;
    free_one->offset = source->ahead.offset;
    free_one->position = source->ahead.position;
    free_one->state = CHUNK_ORDERED;
    xhr__segments_cursor_advance(&source->ahead, free_one->len);
    ordered = true;
  }
  /* While the helper is busy with this source, it looks for further orders itself. */
  if (ordered && !source->busy && xhr__list_empty(&source->work)) {
    xhr__list_append(&source->reader->work, &source->work);
    (void)pthread_cond_signal(&source->reader->condition);
  }
}

/* The chunk that holds, or will hold, the byte the cursor stands at. Under the lock. */
static chunk *chunk_here(xhr__body_source *source) {
  uint64_t position = source->cursor.position;
  for (size_t i = 0; i < CHUNKS; i++) {
    chunk *at = &source->chunks[i];
    if (at->state != CHUNK_FREE && !at->stale && position >= at->position &&
        position - at->position < at->len) {
      return at;
    }
  }
  return NULL;
}

static xhr__read_result read_file(xhr__body_source *source, char *data, size_t size, size_t *len) {
  if (!prepare(source))
    return XHR__READ_FAILED;
  xhr__file_reader *reader = source->reader;
  xhr__read_result result = XHR__READ_LATER;
  lock(reader);
  chunk *here = chunk_here(source);
  if (here && here->state == CHUNK_FAILED) {
    source->failure = XHR_FAILURE_BODY_READ;
    result = XHR__READ_FAILED;
  } else if (here && here->state == CHUNK_FULL) {
    size_t start = (size_t)(source->cursor.position - here->position);
    size_t rest = here->len - start;
    *len = size < rest ? size : rest;
    memcpy(data, here->data + start, *len);
    xhr__segments_cursor_advance(&source->cursor, *len);
    if (*len == rest)
      here->state = CHUNK_FREE;
    result = XHR__READ_DATA;
  }
  source->waiting = result == XHR__READ_LATER;
  if (result != XHR__READ_FAILED)
    order_ahead(source);
  unlock(reader);
  return result;
}

xhr__read_result xhr__body_source_read(xhr__body_source *source, char *data, size_t size,
                                       size_t *len) {
  if (!source)
    return XHR__READ_END;
  if (source->failure != XHR_FAILURE_NONE)
    return XHR__READ_FAILED;
  xhr__str memory = xhr__segments_cursor_memory(&source->cursor);
  if (memory.len > 0) {
    *len = size < memory.len ? size : memory.len;
    memcpy(data, memory.data, *len);
    xhr__segments_cursor_advance(&source->cursor, *len);
    return XHR__READ_DATA;
  }
  if (!xhr__segments_cursor_segment(&source->cursor))
    return XHR__READ_END;
  return read_file(source, data, size, len);
}
