#include "support/nginx.h"

#include <arpa/inet.h>
#include <ftw.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { PORTS = 5, START_ATTEMPTS = 5, START_LIMIT_MS = 30000 };

static void die(const char *what) {
  fprintf(stderr, "nginx for tests: %s\n", what);
  exit(1);
}

static int socket_on(unsigned port, unsigned *bound) {
  struct sockaddr_in address = {.sin_family = AF_INET,
                                .sin_addr = {htonl(INADDR_LOOPBACK)},
                                .sin_port = htons((uint16_t)port)};
  socklen_t len = sizeof address;
  int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0 || bind(fd, (struct sockaddr *)&address, len) != 0 ||
      getsockname(fd, (struct sockaddr *)&address, &len) != 0)
    die("no free port");
  *bound = ntohs(address.sin_port);
  return fd;
}

/* Ports that are free now, all different. */
static void find_ports(nginx *server) {
  unsigned *ports[PORTS] = {&server->http, &server->https, &server->http2, &server->expired,
                            &server->wrong_host};
  int fds[PORTS];
  for (int i = 0; i < PORTS; i++)
    fds[i] = socket_on(0, ports[i]);
  for (int i = 0; i < PORTS; i++)
    close(fds[i]);
}

/* Runs a program in the server's directory; the child's id. It dies with us, and what we inherited goes no further. */
static pid_t run(const nginx *server, const char *const *arguments) {
  pid_t parent = getpid(), pid = fork();
  if (pid < 0)
    die("fork");
  if (pid > 0)
    return pid;
  prctl(PR_SET_PDEATHSIG, SIGTERM);
  if (getppid() != parent || chdir(server->directory) != 0)
    _exit(127);
  /* execvp changes nothing of what it is given, though its type does not say so. */
  union {
    const char *const *read_only;
    char *const *plain;
  } same = {.read_only = arguments};
  execvp(arguments[0], same.plain);
  _exit(127);
}

static void make_certificates(const nginx *server) {
  int status = 0;
  pid_t pid = run(server, (const char *[]){XHR_SOURCE_DIR "/tests/support/test-ca", ".", NULL});
  if (waitpid(pid, &status, 0) != pid || status != 0)
    die("tests/support/test-ca failed: is openssl installed?");
}

static void write_large(const nginx *server) {
  char path[128];
  snprintf(path, sizeof path, "%s/large", server->directory);
  FILE *out = fopen(path, "wb");
  if (!out)
    die("cannot write");
  for (size_t i = 0; i < NGINX_LARGE; i++)
    putc((int)(i % 251), out);
  if (fclose(out) != 0)
    die("cannot write");
}

static void write_server(FILE *out, unsigned port, const char *kind, const char *certificate) {
  fprintf(out, "  server {\n    listen 127.0.0.1:%u%s;\n", port, kind);
  if (certificate)
    fprintf(out, "    ssl_certificate %s.pem;\n    ssl_certificate_key %s.key;\n", certificate,
            certificate);
  if (certificate && strcmp(certificate, "server") == 0)
    fprintf(out, "    ssl_verify_client optional;\n    ssl_client_certificate ca.pem;\n");
  fprintf(out,
          "    location / { return 200 \"connection $connection request $connection_requests "
          "$request_method $content_length\"; }\n"
          "    location /large { root .; }\n"
          "    location /client { set $who $ssl_client_s_dn; if ($who = '') { set $who none; } "
          "return 200 $who; }\n"
          "    location /missing { return 404; }\n  }\n");
}

static void write_configuration(const nginx *server) {
  char path[128];
  snprintf(path, sizeof path, "%s/nginx.conf", server->directory);
  FILE *out = fopen(path, "w");
  if (!out)
    die("cannot write");
  if (geteuid() == 0)
    fprintf(out, "user root;\n");
  fprintf(out,
          "daemon off;\nworker_processes 1;\npid nginx.pid;\nerror_log error.log;\n"
          "events { worker_connections 1024; }\n"
          "http {\n  access_log off;\n  default_type text/plain;\n  client_max_body_size 0;\n"
          "  client_body_temp_path body;\n  proxy_temp_path proxy;\n  fastcgi_temp_path fastcgi;\n"
          "  uwsgi_temp_path uwsgi;\n  scgi_temp_path scgi;\n");
  write_server(out, server->http, "", NULL);
  write_server(out, server->https, " ssl", "server");
  write_server(out, server->http2, " ssl http2", "server");
  write_server(out, server->expired, " ssl", "expired");
  write_server(out, server->wrong_host, " ssl", "wrong-host");
  fprintf(out, "}\n");
  if (fclose(out) != 0)
    die("cannot write");
}

/* Whether a request is answered: a connection alone may be made before the other ports could be opened. */
static bool answers(unsigned port) {
  static const char request[] = "GET / HTTP/1.0\r\n\r\n";
  const struct timeval limit = {.tv_sec = 1};
  struct sockaddr_in address = {.sin_family = AF_INET,
                                .sin_addr = {htonl(INADDR_LOOPBACK)},
                                .sin_port = htons((uint16_t)port)};
  char byte;
  int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  bool answered = fd >= 0 && setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit) == 0 &&
                  connect(fd, (struct sockaddr *)&address, sizeof address) == 0 &&
                  send(fd, request, sizeof request - 1, MSG_NOSIGNAL) == sizeof request - 1 &&
                  recv(fd, &byte, 1, 0) == 1;
  if (fd >= 0)
    close(fd);
  return answered;
}

/* False: it ended at once. */
static bool wait_until_it_answers(nginx *server) {
  for (int i = 0; i < START_LIMIT_MS / 10; i++) {
    if (waitpid(server->pid, NULL, WNOHANG) == server->pid)
      return false;
    if (answers(server->http))
      return true;
    nanosleep(&(struct timespec){.tv_nsec = 10000000}, NULL);
  }
  die("it does not answer");
  return false;
}

void nginx_start(nginx *server) {
  const char *program = access("/usr/sbin/nginx", X_OK) == 0 ? "/usr/sbin/nginx" : "nginx";
  const char *temporary = getenv("TMPDIR");
  *server = (nginx){0};
  int len = snprintf(server->directory, sizeof server->directory, "%s/xhr-nginx-XXXXXX",
                     temporary && strlen(temporary) < 32 ? temporary : "/tmp");
  if (len < 0 || !mkdtemp(server->directory))
    die("no temporary directory");
  make_certificates(server);
  write_large(server);
  /* Between our looking for ports and its opening them, another program may take one. */
  for (int i = 0; i < START_ATTEMPTS; i++) {
    find_ports(server);
    write_configuration(server);
    server->pid = run(server, (const char *[]){program, "-p", server->directory, "-c", "nginx.conf",
                                               "-e", "error.log", NULL});
    if (wait_until_it_answers(server))
      return;
  }
  die("it ends at once: is nginx installed?");
}

static int remove_entry(const char *path, const struct stat *status, int kind, struct FTW *where) {
  (void)status;
  (void)kind;
  (void)where;
  return remove(path);
}

void nginx_stop(nginx *server) {
  kill(server->pid, SIGTERM);
  waitpid(server->pid, NULL, 0);
  nftw(server->directory, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
}

const char *nginx_file(const nginx *server, const char *name, char buffer[256]) {
  snprintf(buffer, 256, "%s/%s", server->directory, name);
  return buffer;
}
