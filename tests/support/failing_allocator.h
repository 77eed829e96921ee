/* An allocator for tests: fails the n-th allocation, once or from there on, and counts the blocks in use. */
#ifndef TESTS_FAILING_ALLOCATOR_H
#define TESTS_FAILING_ALLOCATOR_H

#include <stdbool.h>
#include <stddef.h>

/* Makes it libxhr's allocator; nothing may be allocated. Nothing fails until it is armed. Aborts where it is refused. */
void failing_allocator_install(void);
/* Brings malloc back; nothing may be allocated. */
void failing_allocator_uninstall(void);

/* From now on the n-th allocation or reallocation (1: the next one) fails; with `forever` all behind it too.
 * 0: none fails. The count of calls starts again. */
void failing_allocator_arm(size_t nth, bool forever);
/* Allocations and reallocations since it was armed. */
size_t failing_allocator_calls(void);
/* Whether one has failed since it was armed. */
bool failing_allocator_failed(void);
/* Blocks in use. */
size_t failing_allocator_live(void);

/* Runs `run(user)` with the 1st, 2nd, … allocation failing, once and for ever, until a run passes untouched; `run`
 * frees all that it made. After each run `check(failed, user)` may look at what came out of it (NULL: no look).
 * Installs and uninstalls itself, aborts with a message where blocks stay in use, and returns how many runs it took. */
size_t failing_allocator_loop(void (*run)(void *user), void (*check)(bool failed, void *user),
                              void *user);

#endif
