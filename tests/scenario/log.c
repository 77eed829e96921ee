#include "scenario/log.h"

#include <stdio.h>
#include <stdlib.h>

typedef enum run_kind { RUN_NONE, RUN_STATE, RUN_PROGRESS, RUN_UPLOAD } run_kind;

/* An event's line with the indented lines below it. */
typedef struct entry {
  xhr__str name; /* of the XHR: "" or "b: " */
  xhr__str text;
  run_kind kind;
  bool dropped, taken;
} entry;

static xhr__str take_line(xhr__str *s) {
  size_t end = xhr__str_find(*s, 0, '\n');
  xhr__str line = xhr__str_slice(*s, 0, end);
  *s = xhr__str_from(*s, end < s->len ? end + 1 : end);
  return line;
}

/* The XHR's name with colon and space, where there is one. */
static size_t name_len(xhr__str line) {
  size_t colon = xhr__str_find(line, 0, ':');
  size_t space = xhr__str_find(line, 0, ' ');
  return colon + 1 == space && space < line.len ? space + 1 : 0;
}

static run_kind kind_of(xhr__str line) {
  if (xhr__str_equals(line, XHR__STR("readystatechange 3")))
    return RUN_STATE;
  if (xhr__str_starts_with(line, XHR__STR("progress ")))
    return RUN_PROGRESS;
  return xhr__str_starts_with(line, XHR__STR("upload progress ")) ? RUN_UPLOAD : RUN_NONE;
}

static entry *split(xhr__str log, size_t *count) {
  entry *entries = NULL;
  *count = 0;
  while (log.len) {
    xhr__str line = take_line(&log);
    if (*count && line.len && line.data[0] == ' ') {
      entry *last = &entries[*count - 1];
      last->text.len = (size_t)(line.data + line.len - last->text.data);
      continue;
    }
    entries = need(realloc(entries, (*count + 1) * sizeof *entries));
    size_t name = name_len(line);
    entries[(*count)++] = (entry){.name = xhr__str_slice(line, 0, name),
                                  .text = line,
                                  .kind = kind_of(xhr__str_from(line, name))};
  }
  return entries;
}

/* Whether two kinds of events can be of one run. */
static bool same_run(run_kind a, run_kind b) {
  if (a == RUN_UPLOAD)
    return b == RUN_UPLOAD;
  return (a == RUN_STATE || a == RUN_PROGRESS) && (b == RUN_STATE || b == RUN_PROGRESS);
}

/* Drops what is repeated later in the same run of the same XHR. */
static void drop_repeated(entry *entries, size_t count, size_t at) {
  for (size_t i = at + 1; i < count; i++) {
    if (!xhr__str_equals(entries[i].name, entries[at].name))
      continue;
    if (!same_run(entries[at].kind, entries[i].kind))
      return;
    if (entries[i].kind == entries[at].kind) {
      entries[at].dropped = true;
      return;
    }
  }
}

void log_collapse(xhr__str log, text *out) {
  size_t count;
  entry *entries = split(log, &count);
  for (size_t i = 0; i < count; i++) {
    if (entries[i].kind != RUN_NONE)
      drop_repeated(entries, count, i);
  }
  for (size_t i = 0; i < count; i++) {
    if (entries[i].taken)
      continue;
    /* All of this name, in order. */
    for (size_t j = i; j < count; j++) {
      if (entries[j].taken || !xhr__str_equals(entries[j].name, entries[i].name))
        continue;
      if (!entries[j].dropped) {
        text_append(out, entries[j].text);
        text_append_byte(out, '\n');
      }
      if (j != i)
        entries[j].taken = true;
    }
    entries[i].taken = true;
  }
  free(entries);
}

void log_print_difference(xhr__str expected, xhr__str actual) {
  bool parted = false;
  puts("    expected                                         what came");
  while (expected.len || actual.len) {
    xhr__str left = take_line(&expected), right = take_line(&actual);
    bool differs = !xhr__str_equals(left, right);
    printf("  %c %-48.*s %.*s\n", differs && !parted ? '>' : ' ', (int)left.len,
           left.len ? left.data : "", (int)right.len, right.len ? right.data : "");
    parted = parted || differs;
  }
}
