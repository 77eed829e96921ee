#include "cli/request_body.h"

#include <string.h>
#include <sys/stat.h>

#include "cli/file.h"
#include "xhr/form_data.h"

#define URLENCODED "application/x-www-form-urlencoded"

static cli_exit complain(const char *option, const char *what, const char *why) {
  cli_say("%s %s: %s", option, what, why);
  return CLI_USAGE;
}

static void release_bytes(void *user) {
  xhr__bytes *bytes = user;
  xhr__bytes_free(bytes);
  xhr__free(bytes);
}

/* A body of bytes, which it takes over. */
static cli_exit body_of_bytes(xhr__bytes *bytes, const char *type, xhr_body **body) {
  xhr__bytes *kept = XHR__NEW(xhr__bytes);
  xhr_status status = XHR_OUT_OF_MEMORY;
  if (kept) {
    xhr__bytes_move(kept, bytes);
    status = xhr_body_new_bytes(kept->data ? kept->data : "", kept->len, release_bytes, kept,
                                xhr_str(type), body);
  }
  xhr__bytes_free(bytes);
  return status == XHR_OK ? CLI_OK : complain("request", "body", xhr_status_text(status));
}

/* A file as the body: read while it is sent where that can be, else (pipes, devices) at once. */
static cli_exit body_of_file(const char *option, const char *path, const char *type,
                             xhr_body **body) {
  struct stat info;
  if (strcmp(path, "-") != 0 && stat(path, &info) == 0 && S_ISREG(info.st_mode)) {
    xhr_status status = xhr_body_new_file(xhr_str(path), xhr_str(type), body);
    if (status == XHR_OK)
      return CLI_OK;
    if (status != XHR_IO)
      return complain(option, path, xhr_status_text(status));
  }
  xhr__bytes bytes = {0};
  int error = cli_read_file(path, &bytes);
  if (error == 0)
    return body_of_bytes(&bytes, type, body);
  xhr__bytes_free(&bytes);
  return complain(option, path, strerror(error));
}

/* -d, several joined by "&" */
static cli_exit body_of_data(const cli_list *data, xhr_body **body) {
  xhr__bytes bytes = {0};
  if (data->count == 1 && data->items[0][0] == '@')
    return body_of_file("-d", data->items[0] + 1, URLENCODED, body);
  for (size_t i = 0; i < data->count; i++) {
    const char *item = data->items[i];
    int error = 0;
    xhr_status status = i > 0 ? xhr__bytes_append_byte(&bytes, '&') : XHR_OK;
    if (status == XHR_OK && item[0] == '@')
      error = cli_read_file(item + 1, &bytes);
    else if (status == XHR_OK)
      status = xhr__bytes_append(&bytes, xhr__str_c(item));
    if (status != XHR_OK || error) {
      xhr__bytes_free(&bytes);
      return complain("-d", item, error ? strerror(error) : xhr_status_text(status));
    }
  }
  return body_of_bytes(&bytes, URLENCODED, body);
}

/* ---- -F --------------------------------------------------------------------------------------------------------- */

/* What stands in one -F behind "@". */
typedef struct form_file {
  xhr__bytes path;
  xhr_string type, filename; /* null: not said */
} form_file;

/* "PATH;type=TYPE;filename=NAME": cuts what is known off the end, so that a path may hold ";". */
static xhr_status parse_form_file(const char *text, form_file *file) {
  static const xhr__str type = {";type=", 6}, filename = {";filename=", 10};
  xhr__str rest = xhr__str_c(text);
  for (;;) {
    size_t at = rest.len;
    while (at > 0 && !xhr__str_starts_with(xhr__str_from(rest, at), type) &&
           !xhr__str_starts_with(xhr__str_from(rest, at), filename))
      at--;
    if (at == 0)
      break;
    xhr__str found = xhr__str_from(rest, at);
    bool is_type = xhr__str_starts_with(found, type);
    found = xhr__str_from(found, is_type ? type.len : filename.len);
    *(is_type ? &file->type : &file->filename) = xhr_strn(found.data, found.len);
    rest.len = at;
  }
  return xhr__bytes_append(&file->path, rest);
}

/* A pipe or device is read now. */
static xhr_status append_read(xhr_form_data *form, xhr_string name, const form_file *file,
                              int *error) {
  xhr__bytes bytes = {0};
  xhr_string filename = file->filename.data ? file->filename : xhr_str(file->path.data);
  *error = cli_read_file(file->path.data, &bytes);
  xhr_status status = XHR_OK;
  if (*error == 0)
    status = xhr_form_data_append_bytes(form, name, bytes.data, bytes.len, NULL, NULL, filename,
                                        file->type);
  xhr__bytes_free(&bytes);
  return status;
}

static cli_exit append_form_file(xhr_form_data *form, const char *item, xhr_string name,
                                 const char *value) {
  form_file file = {0};
  int error = 0;
  xhr_status status = parse_form_file(value, &file);
  if (status == XHR_OK && file.path.len == 0)
    error = 2; /* ENOENT, as for any other empty path */
  struct stat info;
  if (status == XHR_OK && !error) {
    if (strcmp(file.path.data, "-") != 0 && stat(file.path.data, &info) == 0 &&
        S_ISREG(info.st_mode))
      status =
          xhr_form_data_append_file(form, name, xhr_str(file.path.data), file.filename, file.type);
    else
      status = append_read(form, name, &file, &error);
  }
  xhr__bytes_free(&file.path);
  if (status == XHR_OK && !error)
    return CLI_OK;
  return complain("-F", item, error ? strerror(error) : xhr_status_text(status));
}

static cli_exit append_field(xhr_form_data *form, const char *item) {
  xhr__str all = xhr__str_c(item);
  size_t equals = xhr__str_find(all, 0, '=');
  if (equals == all.len) {
    cli_usage("-F takes NAME=VALUE or NAME=@FILE, and not '%s'", item);
    return CLI_USAGE;
  }
  xhr_string name = xhr_strn(item, equals);
  const char *value = item + equals + 1;
  if (value[0] == '@')
    return append_form_file(form, item, name, value + 1);
  xhr_status status = xhr_form_data_append_text(form, name, xhr_str(value));
  return status == XHR_OK ? CLI_OK : complain("-F", item, xhr_status_text(status));
}

static cli_exit body_of_form(const cli_list *fields, xhr_body **body) {
  xhr_form_data *form;
  xhr_status status = xhr_form_data_new(&form);
  if (status != XHR_OK)
    return complain("request", "body", xhr_status_text(status));
  cli_exit code = CLI_OK;
  for (size_t i = 0; i < fields->count && code == CLI_OK; i++)
    code = append_field(form, fields->items[i]);
  if (code == CLI_OK) {
    status = xhr_body_new_form_data(form, body);
    if (status != XHR_OK)
      code = complain("request", "body", xhr_status_text(status));
  }
  xhr_form_data_free(form);
  return code;
}

cli_exit cli_request_body(const cli_options *options, xhr_body **body) {
  *body = NULL;
  if (options->data.count > 0)
    return body_of_data(&options->data, body);
  if (options->form.count > 0)
    return body_of_form(&options->form, body);
  if (options->upload_file)
    return body_of_file("-T", options->upload_file, NULL, body);
  return CLI_OK;
}
