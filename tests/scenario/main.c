/* scenario-runner: plays the case files of tests/scenario/cases. See README.md. */
#include <dirent.h>
#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "scenario/run.h"
#include "support/failing_allocator.h"
#include "support/leftovers.h"

typedef struct arguments {
  driver driver;
  bool has_driver, alloc_fail, verbose;
  const char *pattern;
  const char **paths;
  size_t path_count;
} arguments;

typedef struct files {
  char **paths;
  size_t count;
} files;

static const char usage[] =
    "usage: scenario-runner --driver=scripted|inline|threaded [--alloc-fail] [--case GLOB]\n"
    "                       [--verbose] FILE-OR-DIRECTORY...\n"
    "\n"
    "Plays case files (*.txt, also in folders below). --case: only those whose path, below the\n"
    "directory given, matches. --alloc-fail: plays each again and again, with the 1st, 2nd, ...\n"
    "allocation failing. Exit status 0 where all is as the files say.\n";

static void add_file(files *f, const char *path) {
  f->paths = need(realloc(f->paths, (f->count + 1) * sizeof *f->paths));
  f->paths[f->count++] = need(strdup(path));
}

/* All case files at and below `path`. */
static bool find(files *f, const char *path, const char *pattern, const char *relative) {
  struct stat info;
  if (stat(path, &info) != 0) {
    perror(path);
    return false;
  }
  if (!S_ISDIR(info.st_mode)) {
    size_t len = strlen(path);
    if (len > 4 && memcmp(path + len - 4, ".txt", 4) == 0 &&
        (!pattern || fnmatch(pattern, relative, 0) == 0))
      add_file(f, path);
    return true;
  }
  DIR *directory = opendir(path);
  bool good = directory != NULL;
  struct dirent *entry;
  while (good && (entry = readdir(directory))) {
    if (entry->d_name[0] == '.')
      continue;
    text below = {0}, name = {0};
    text_printf(&below, "%s/%s", path, entry->d_name);
    text_printf(&name, "%s%s%s", relative, *relative ? "/" : "", entry->d_name);
    good = find(f, below.data, pattern, name.data);
    text_free(&below);
    text_free(&name);
  }
  if (directory)
    closedir(directory);
  return good;
}

static int compare(const void *a, const void *b) {
  return strcmp(*(char *const *)a, *(char *const *)b);
}

static bool parse_driver(const char *name, arguments *a) {
  for (int i = 0; i < DRIVERS; i++) {
    if (strcmp(name, driver_names[i]) == 0) {
      a->driver = (driver)i;
      return a->has_driver = true;
    }
  }
  return false;
}

static bool parse_arguments(int argc, char **argv, arguments *a) {
  *a = (arguments){.paths = need(calloc((size_t)argc, sizeof(char *)))};
  for (int i = 1; i < argc; i++) {
    if (strncmp(argv[i], "--driver=", 9) == 0) {
      if (!parse_driver(argv[i] + 9, a))
        return false;
    } else if (strcmp(argv[i], "--alloc-fail") == 0) {
      a->alloc_fail = true;
    } else if (strcmp(argv[i], "--verbose") == 0) {
      a->verbose = true;
    } else if (strcmp(argv[i], "--case") == 0 && i + 1 < argc) {
      a->pattern = argv[++i];
    } else if (argv[i][0] == '-') {
      return false;
    } else {
      a->paths[a->path_count++] = argv[i];
    }
  }
  return a->has_driver && a->path_count > 0 && (!a->alloc_fail || a->driver == DRIVER_SCRIPTED);
}

static verdict run(const arguments *a, const char *path, size_t *alloc_runs) {
  if (a->alloc_fail)
    return run_alloc_fail(path, alloc_runs);
  return a->driver == DRIVER_SCRIPTED ? run_scripted(path) : run_socket(path, a->driver);
}

/* Plays a case, and looks at what it leaves behind. */
static verdict run_cleanly(const arguments *a, const char *path, size_t *alloc_runs) {
  leftovers_note(NULL);
  if (!a->alloc_fail)
    failing_allocator_install(); /* only counts */
  verdict v = run(a, path, alloc_runs);
  if (leftovers_check(NULL) != 0) {
    puts("  threads or descriptors are left");
    v = VERDICT_FAILED;
  }
  if (failing_allocator_live() != 0) {
    printf("  %zu blocks of memory are left\n", failing_allocator_live());
    exit(1); /* the next case could not tell its own from these */
  }
  if (!a->alloc_fail)
    failing_allocator_uninstall();
  return v;
}

static int run_all(const arguments *a, const files *f) {
  static const char *const words[] = {"passed", "FAILED", "skipped"};
  unsigned counts[3] = {0};
  size_t alloc_runs = 0;
  for (size_t i = 0; i < f->count; i++) {
    verdict v = run_cleanly(a, f->paths[i], &alloc_runs);
    counts[v]++;
    if (v == VERDICT_FAILED || a->verbose)
      printf("%s: %s\n", words[v], f->paths[i]);
    fflush(stdout);
  }
  if (a->alloc_fail)
    printf("with failing allocations, %zu runs: %u passed, %u failed, %u not for this\n",
           alloc_runs, counts[0], counts[1], counts[2]);
  else
    printf("%s: %u passed, %u failed, %u not for this driver\n", driver_names[a->driver], counts[0],
           counts[1], counts[2]);
  return counts[VERDICT_FAILED] == 0 && counts[VERDICT_PASSED] > 0 ? 0 : 1;
}

int main(int argc, char **argv) {
  arguments a;
  files f = {0};
  if (argc == 2 && strcmp(argv[1], "--help") == 0) {
    fputs(usage, stdout);
    return 0;
  }
  bool good = parse_arguments(argc, argv, &a);
  if (!good)
    fputs(usage, stderr);
  for (size_t i = 0; good && i < a.path_count; i++)
    good = find(&f, a.paths[i], a.pattern, "");
  int status = 2;
  if (good) {
    if (f.count > 1)
      qsort(f.paths, f.count, sizeof *f.paths, compare);
    status = run_all(&a, &f);
  }
  for (size_t i = 0; i < f.count; i++)
    free(f.paths[i]);
  free(f.paths);
  free(a.paths);
  return status;
}
