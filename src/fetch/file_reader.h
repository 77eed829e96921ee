/* Bodies as the engine reads them, those of requests and of responses that need no network: without ever waiting for a
 * disk. Memory is answered at once; file segments are read ahead by one helper thread per engine, which starts with the
 * first of them. */
#ifndef XHR__FETCH_FILE_READER_H
#define XHR__FETCH_FILE_READER_H

#include "fetch/body.h"
#include "fetch/transport.h"

typedef struct xhr__file_reader xhr__file_reader;

/* How much is read ahead at a time; each source holds at most two of these. */
#define XHR__FILE_READER_CHUNK ((size_t)256 * 1024)

/* `wake(user)` is called on the helper thread and under no lock, when xhr__file_reader_collect has something to do.
 * XHR_OK, XHR_OUT_OF_MEMORY, XHR_SYSTEM. All that follows belongs to one thread, the engine's. */
xhr_status xhr__file_reader_new(void (*wake)(void *user), void *user, xhr__file_reader **reader);
/* Joins the helper thread. No source may be left. NULL is allowed. */
void xhr__file_reader_free(xhr__file_reader *reader);
/* Calls `ready` of each source that answered XHR__READ_LATER and has something by now. It may read, rewind, free and
 * make sources. Cheap where there is nothing. */
void xhr__file_reader_collect(xhr__file_reader *reader);

/* One transmission of a body. */
typedef struct xhr__body_source xhr__body_source;

/* At the body's beginning; takes a reference to `body`. `ready(user)` is called by xhr__file_reader_collect, once for
 * each XHR__READ_LATER. XHR_OK, XHR_OUT_OF_MEMORY. */
xhr_status xhr__body_source_new(xhr__file_reader *reader, xhr_body *body, void (*ready)(void *user),
                                void *user, xhr__body_source **source);
/* NULL is allowed. */
void xhr__body_source_free(xhr__body_source *source);
/* As xhr__exchange_events.read_body: DATA stores at least one byte; END; LATER; FAILED, and then
 * xhr__body_source_failure says why. `size` is at least 1. NULL stands for a null body: END. */
xhr__read_result xhr__body_source_read(xhr__body_source *source, char *data, size_t size,
                                       size_t *len);
/* Goes back (or on) to `position`, which is at most the body's length; what was to be told of is not any more. */
void xhr__body_source_rewind(xhr__body_source *source, uint64_t position);
/* Where it stands: bytes read since the beginning. */
uint64_t xhr__body_source_position(const xhr__body_source *source);
/* XHR_FAILURE_NONE, XHR_FAILURE_BODY_READ (the file changed or cannot be read), XHR_FAILURE_OUT_OF_MEMORY or
 * XHR_FAILURE_INTERNAL (no thread to be had). */
xhr_failure_code xhr__body_source_failure(const xhr__body_source *source);

#endif
