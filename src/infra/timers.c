#include "infra/timers.h"

#include "infra/alloc.h"

void xhr__timers_free(xhr__timers *timers) {
  xhr__free(timers->heap);
  *timers = (xhr__timers){0};
}

xhr_status xhr__timers_reserve(xhr__timers *timers, size_t count) {
  void *heap = timers->heap;
  if (!xhr__grow(&heap, &timers->capacity, count, sizeof *timers->heap))
    return XHR_OUT_OF_MEMORY;
  timers->heap = heap;
  return XHR_OK;
}

static void put(xhr__timers *timers, size_t place, xhr__timer *timer) {
  timers->heap[place] = timer;
  timer->index = place + 1;
}

static bool earlier(const xhr__timer *a, const xhr__timer *b) {
  return a->deadline != b->deadline ? a->deadline < b->deadline : a->order < b->order;
}

/* Moves the timer towards the root while it is earlier than its parent. */
static void sift_up(xhr__timers *timers, size_t place) {
  xhr__timer *timer = timers->heap[place];
  while (place > 0) {
    size_t parent = (place - 1) / 2;
    if (!earlier(timer, timers->heap[parent]))
      break;
    put(timers, place, timers->heap[parent]);
    place = parent;
  }
  put(timers, place, timer);
}

/* Moves the timer away from the root while a child is earlier. */
static void sift_down(xhr__timers *timers, size_t place) {
  xhr__timer *timer = timers->heap[place];
  for (;;) {
    size_t child = 2 * place + 1;
    if (child >= timers->count)
      break;
    if (child + 1 < timers->count && earlier(timers->heap[child + 1], timers->heap[child]))
      child++;
    if (!earlier(timers->heap[child], timer))
      break;
    put(timers, place, timers->heap[child]);
    place = child;
  }
  put(timers, place, timer);
}

static void take_out(xhr__timers *timers, xhr__timer *timer) {
  size_t place = timer->index - 1;
  timer->index = 0;
  xhr__timer *last = timers->heap[--timers->count];
  if (last == timer)
    return;
  put(timers, place, last);
  sift_up(timers, place);
  sift_down(timers, last->index - 1);
}

void xhr__timers_set(xhr__timers *timers, xhr__timer *timer, xhr__time deadline) {
  if (timer->index != 0) {
    if (timer->deadline == deadline)
      return;
    take_out(timers, timer);
  }
  timer->deadline = deadline;
  timer->order = ++timers->last_order;
  if (deadline == XHR__NEVER)
    return;
  put(timers, timers->count++, timer);
  sift_up(timers, timers->count - 1);
}

xhr__time xhr__timers_next(const xhr__timers *timers) {
  return timers->count ? timers->heap[0]->deadline : XHR__NEVER;
}

xhr__timer *xhr__timers_take_due(xhr__timers *timers, xhr__time now) {
  if (timers->count == 0 || timers->heap[0]->deadline > now)
    return NULL;
  xhr__timer *timer = timers->heap[0];
  take_out(timers, timer);
  return timer;
}
