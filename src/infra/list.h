/* Intrusive doubly linked lists: nothing is allocated, so nothing can fail. */
#ifndef XHR__INFRA_LIST_H
#define XHR__INFRA_LIST_H

#include <stdbool.h>
#include <stddef.h>

/* Both a list's head and a node in a structure. A node that is in no list points at itself. */
typedef struct xhr__list {
  struct xhr__list *prev;
  struct xhr__list *next;
} xhr__list;

/* The structure of `type` whose member `member` is at `node`. */
#define XHR__OWNER(node, type, member) ((type *)(void *)((char *)(node)-offsetof(type, member)))

static inline void xhr__list_init(xhr__list *list) {
  list->prev = list->next = list;
}
static inline bool xhr__list_empty(const xhr__list *list) {
  return list->next == list;
}
/* Puts `node`, which must be in no list, at the end. */
static inline void xhr__list_append(xhr__list *list, xhr__list *node) {
  node->prev = list->prev;
  node->next = list;
  list->prev->next = node;
  list->prev = node;
}
/* Takes `node` out of its list; harmless where it is in none. */
static inline void xhr__list_remove(xhr__list *node) {
  node->prev->next = node->next;
  node->next->prev = node->prev;
  xhr__list_init(node);
}
/* Takes the first node out; NULL where there is none. */
static inline xhr__list *xhr__list_take_first(xhr__list *list) {
  if (xhr__list_empty(list))
    return NULL;
  xhr__list *node = list->next;
  xhr__list_remove(node);
  return node;
}
/* Moves all nodes of `from` to the end of `to`. */
static inline void xhr__list_splice(xhr__list *to, xhr__list *from) {
  if (xhr__list_empty(from))
    return;
  from->next->prev = to->prev;
  to->prev->next = from->next;
  from->prev->next = to;
  to->prev = from->prev;
  xhr__list_init(from);
}

#endif
