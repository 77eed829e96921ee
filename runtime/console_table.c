/* https://console.spec.whatwg.org/#table */
#include "infra/alloc.h"
#include "runtime/console.h"
#include "runtime/convert.h"
#include "runtime/inspect.h"
#include "runtime/sequence.h"

/* How many rows and columns are shown. */
enum { MOST_ROWS = 1000, MOST_COLUMNS = 64 };

typedef struct cell_list {
  xhr__bytes *items;
  size_t count, capacity;
} cell_list;

typedef struct table_column {
  JSAtom key;      /* JS_ATOM_NULL: the index, or the values */
  cell_list cells; /* the first one is the title; then one for each row */
} table_column;

typedef struct table {
  xhr__realm *realm;
  table_column columns[MOST_COLUMNS + 2]; /* the index, the properties, the values */
  size_t column_count;                    /* without the values */
  table_column values;
  bool has_values;
  bool only_given; /* `columns` says which */
  size_t rows;
  bool failed; /* for want of memory, or it threw */
} table;

static void fail(table *t, xhr_status status) {
  if (status != XHR_OK && !t->failed) {
    JS_ThrowOutOfMemory(t->realm->js);
    t->failed = true;
  }
}

/* The cell of that row, made with all before it; NULL where it failed. */
static xhr__bytes *cell_at(table *t, table_column *column, size_t row) {
  cell_list *cells = &column->cells;
  void *items = cells->items;
  if (t->failed)
    return NULL;
  if (!xhr__grow(&items, &cells->capacity, row + 1, sizeof *cells->items)) {
    fail(t, XHR_OUT_OF_MEMORY);
    return NULL;
  }
  cells->items = items;
  while (cells->count <= row)
    cells->items[cells->count++] = (xhr__bytes){0};
  return &cells->items[row];
}

static void free_column(JSContext *js, table_column *column) {
  for (size_t i = 0; i < column->cells.count; i++)
    xhr__bytes_free(&column->cells.items[i]);
  xhr__free(column->cells.items);
  JS_FreeAtom(js, column->key);
}

static void title(table *t, table_column *column, const char *text) {
  xhr__bytes *cell = cell_at(t, column, 0);
  if (cell)
    fail(t, xhr__bytes_append(cell, xhr__str_c(text)));
}

/* A key as text. */
static void put_key(table *t, JSAtom key, xhr__bytes *cell) {
  JSValue value = JS_AtomToValue(t->realm->js, key);
  if (cell && !xhr__to_usv_string(t->realm, value, cell))
    t->failed = true;
  JS_FreeValue(t->realm->js, value);
}

/* The column of a property, new where it has none yet and may get one; NULL. */
static table_column *column_of(table *t, JSAtom key, bool may_add) {
  for (size_t i = 1; i < t->column_count; i++) {
    if (t->columns[i].key == key)
      return &t->columns[i];
  }
  if (!may_add || t->column_count > MOST_COLUMNS)
    return NULL;
  table_column *new_one = &t->columns[t->column_count++];
  new_one->key = JS_DupAtom(t->realm->js, key);
  put_key(t, key, cell_at(t, new_one, 0));
  return new_one;
}

/* ---- reading the data ------------------------------------------------------------------------------------------- */

/* Calls `each` with the enumerable string keys of the object. */
static void each_key(table *t, JSValueConst object,
                     void (*each)(table *t, JSValueConst object, JSAtom key)) {
  JSContext *js = t->realm->js;
  JSPropertyEnum *keys;
  uint32_t count;
  if (JS_GetOwnPropertyNames(js, &keys, &count, object, JS_GPN_STRING_MASK | JS_GPN_ENUM_ONLY) <
      0) {
    t->failed = true;
    return;
  }
  for (uint32_t i = 0; i < count; i++) {
    if (!t->failed)
      each(t, object, keys[i].atom);
    JS_FreeAtom(js, keys[i].atom);
  }
  js_free(js, keys);
}

static void add_cell(table *t, JSValueConst object, JSAtom key) {
  table_column *column = column_of(t, key, !t->only_given);
  xhr__bytes *cell = column ? cell_at(t, column, t->rows) : NULL;
  if (cell)
    fail(t, xhr__inspect_property(t->realm, object, key, 0, cell));
}

static void add_value(table *t, JSValueConst value) {
  t->has_values = true;
  xhr__bytes *cell = cell_at(t, &t->values, t->rows);
  if (cell)
    fail(t, xhr__inspect(t->realm, value, 0, cell));
}

static void add_row(table *t, JSValueConst data, JSAtom key) {
  JSContext *js = t->realm->js;
  if (t->rows >= MOST_ROWS)
    return;
  JSValue row = JS_GetProperty(js, data, key);
  if (JS_IsException(row)) {
    t->failed = true;
    return;
  }
  t->rows++;
  put_key(t, key, cell_at(t, &t->columns[0], t->rows));
  if (JS_IsObject(row) && !JS_IsFunction(js, row))
    each_key(t, row, add_cell);
  else
    add_value(t, row);
  JS_FreeValue(js, row);
}

static bool add_column(xhr__realm *realm, JSValueConst item, void *user) {
  table *t = user;
  JSAtom key = JS_ValueToAtom(realm->js, item);
  if (key == JS_ATOM_NULL)
    return false;
  (void)column_of(t, key, true);
  JS_FreeAtom(realm->js, key);
  return !t->failed;
}

/* ---- drawing ---------------------------------------------------------------------------------------------------- */

/* How many columns of a terminal a text takes: NOTE: each character counts as one. */
static size_t width_of(xhr__str text) {
  size_t width = 0;
  for (size_t i = 0; i < text.len; i++)
    width += (xhr__str_at(text, i) & 0xC0) != 0x80;
  return width;
}

static size_t column_width(const table_column *column) {
  size_t width = 0;
  for (size_t i = 0; i < column->cells.count; i++) {
    size_t cell = width_of(xhr__bytes_str(&column->cells.items[i]));
    width = cell > width ? cell : width;
  }
  return width + 2;
}

static void repeat(table *t, xhr__bytes *out, const char *text, size_t count) {
  for (size_t i = 0; i < count && !t->failed; i++)
    fail(t, xhr__bytes_append(out, xhr__str_c(text)));
}

static void draw_rule(table *t, xhr__bytes *out, const char *left, const char *middle,
                      const char *right) {
  for (size_t i = 0; i < t->column_count; i++) {
    repeat(t, out, i ? middle : left, 1);
    repeat(t, out, "─", column_width(&t->columns[i]));
  }
  repeat(t, out, right, 1);
}

static void draw_row(table *t, xhr__bytes *out, size_t row) {
  for (size_t i = 0; i < t->column_count; i++) {
    const table_column *column = &t->columns[i];
    xhr__str text = XHR__STR_EMPTY;
    if (row < column->cells.count)
      text = xhr__bytes_str(&column->cells.items[row]);
    repeat(t, out, "│ ", 1);
    if (!t->failed)
      fail(t, xhr__bytes_append(out, text));
    repeat(t, out, " ", column_width(column) - width_of(text) - 1);
  }
  repeat(t, out, "│\n", 1);
}

static void draw(table *t, xhr__bytes *out) {
  draw_rule(t, out, "┌", "┬", "┐\n");
  draw_row(t, out, 0);
  draw_rule(t, out, "├", "┼", "┤\n");
  for (size_t row = 1; row <= t->rows; row++)
    draw_row(t, out, row);
  draw_rule(t, out, "└", "┴", "┘");
}

bool xhr__console_table(xhr__realm *realm, JSValueConst data, JSValueConst columns, xhr__bytes *out,
                        bool *is_table) {
  *is_table = JS_IsObject(data) && !JS_IsFunction(realm->js, data) &&
              !xhr__is_class(realm, data, XHR__CLASS_PROXY);
  if (!*is_table)
    return true;
  table *t = XHR__NEW(table);
  if (!t) {
    JS_ThrowOutOfMemory(realm->js);
    return false;
  }
  t->realm = realm;
  t->column_count = 1;
  title(t, &t->columns[0], "(index)");
  title(t, &t->values, "Values");
  t->only_given = !JS_IsUndefined(columns);
  if (t->only_given &&
      !xhr__each_of_sequence(realm, columns, "console.table: the list of columns", add_column, t))
    t->failed = true;
  if (!t->failed)
    each_key(t, data, add_row);
  if (t->has_values) {
    t->columns[t->column_count++] = t->values;
    t->values = (table_column){0};
  }
  if (!t->failed)
    draw(t, out);
  bool done = !t->failed;
  for (size_t i = 0; i < t->column_count; i++)
    free_column(realm->js, &t->columns[i]);
  free_column(realm->js, &t->values);
  xhr__free(t);
  return done;
}
