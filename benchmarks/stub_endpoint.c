// An endpoint that costs next to nothing, so that what a benchmark measures is the client.
//
//   cc -O2 -o stub_endpoint stub_endpoint.c
//   stub_endpoint [--port N] [--api-key K] [--id-key NAME] [--latency-ms F] [--log FILE]
//
// POST /anything/newlead with the right X-API-KEY and a JSON object -> 200 {"data":true}, after the
// latency. Wrong key 401, bad JSON 400, anything else 404. One thread, epoll, Linux only.
// GET  /stats                         counters as JSON; the log is flushed first.
// POST /ctl?latency_ms=20&reset=1     sets the latency, empties counters and log; answers like /stats.
// Standard output, first line: the port it listens on, for --port 0.
// Log, one line for each complete request: "<monotonic microseconds> <status> <id>".

#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { MAX_FD = 65536, BUFFER = 65536, MAX_DEPTH = 32, EVENTS = 1024 };

// A file descriptor is reused as soon as it is closed; its generation tells the connections apart.
typedef struct { char *data; int used; uint32_t generation; } Connection;
typedef struct { int fd; uint32_t generation; int status; int64_t due; } Answer;
typedef struct { const char *at, *end; const char *id; int id_length; } Json;

static Connection connections[MAX_FD];
static Answer *answers;  // a ring: the latency is the same for all, so they come due in order
static size_t answers_room = 1 << 16, answers_first, answers_next;

static const char *api_key = "test-key", *id_key = "id", *log_path;
static double latency_ms;
static FILE *log_file;
static volatile sig_atomic_t stopping;

static struct {
  unsigned long requests, ok, refused, opened, open, max_open, in_flight, max_in_flight;
  int64_t first, last;
} count;

static int64_t now_us(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

// ---- JSON: is it valid, and what is its id -------------------------------------------------

static void skip_space(Json *j) {
  while (j->at < j->end && strchr(" \n\t\r", *j->at)) j->at++;
}

static int take(Json *j, char wanted) {
  skip_space(j);
  if (j->at >= j->end || *j->at != wanted) return 0;
  j->at++;
  return 1;
}

static int string(Json *j, const char **text, int *length) {
  if (!take(j, '"')) return 0;
  *text = j->at;
  for (; j->at < j->end && *j->at != '"'; j->at++) {
    if ((unsigned char)*j->at < 0x20) return 0;
    if (*j->at == '\\') j->at++;
  }
  if (j->at >= j->end) return 0;
  *length = (int)(j->at++ - *text);
  return 1;
}

static int value(Json *j, int depth);

static void note_id(Json *j, const char *text) {
  int quoted = *text == '"';
  j->id = text + quoted;
  j->id_length = (int)(j->at - text) - 2 * quoted;
}

static int object(Json *j, int depth) {
  const char *name;
  int length;
  if (take(j, '}')) return 1;
  do {
    skip_space(j);
    if (!string(j, &name, &length) || !take(j, ':')) return 0;
    skip_space(j);
    const char *start = j->at;
    if (!value(j, depth + 1)) return 0;
    if (depth == 0 && length == (int)strlen(id_key) && !memcmp(name, id_key, length)) note_id(j, start);
  } while (take(j, ','));
  return take(j, '}');
}

static int array(Json *j, int depth) {
  if (take(j, ']')) return 1;
  do {
    if (!value(j, depth + 1)) return 0;
  } while (take(j, ','));
  return take(j, ']');
}

static int word(Json *j, const char *text) {
  int length = (int)strlen(text);
  if (j->end - j->at < length || memcmp(j->at, text, length)) return 0;
  j->at += length;
  return 1;
}

static int number(Json *j) {
  const char *start = j->at;
  while (j->at < j->end && strchr("0123456789-+.eE", *j->at)) j->at++;
  return j->at > start;
}

static int value(Json *j, int depth) {
  const char *text;
  int length;
  skip_space(j);
  if (j->at >= j->end || depth > MAX_DEPTH) return 0;
  if (take(j, '{')) return object(j, depth);
  if (take(j, '[')) return array(j, depth);
  if (*j->at == '"') return string(j, &text, &length);
  return word(j, "true") || word(j, "false") || word(j, "null") || number(j);
}

static int is_json_object(Json *j) {
  if (!take(j, '{') || !object(j, 0)) return 0;
  skip_space(j);
  return j->at == j->end;
}

// ---- connections and answers ---------------------------------------------------------------

static void close_connection(int fd) {
  Connection *c = &connections[fd];
  if (c->data) {
    free(c->data);
    c->data = NULL;
    count.open--;
  }
  c->generation++;
  close(fd);
}

static void write_all(int fd, const char *text, int length) {
  while (length > 0) {
    ssize_t written = write(fd, text, length);
    if (written < 0 && errno == EAGAIN) { usleep(50); continue; }
    if (written < 0) { close_connection(fd); return; }
    text += written;
    length -= (int)written;
  }
}

static void respond_text(int fd, const char *status, const char *body) {
  char out[1024];
  int length = snprintf(out, sizeof out,
    "HTTP/1.1 %s\r\nContent-Type: application/json\r\nContent-Length: %zu\r\n\r\n%s", status, strlen(body), body);
  write_all(fd, out, length);
}

static void respond(int fd, int status) {
  switch (status) {
    case 200: respond_text(fd, "200 OK", "{\"data\":true}"); break;
    case 400: respond_text(fd, "400 Bad Request", "{\"errors\":[\"bad json\"]}"); break;
    case 401: respond_text(fd, "401 Unauthorized", "{\"errors\":[\"bad key\"]}"); break;
    default: respond_text(fd, "404 Not Found", "{\"errors\":[\"not found\"]}");
  }
}

static void grow_answers(void) {
  Answer *larger = malloc(sizeof(Answer) * answers_room * 2);
  for (size_t i = 0; i < answers_room; i++) larger[i] = answers[(answers_first + i) % answers_room];
  free(answers);
  answers = larger;
  answers_first = 0;
  answers_next = answers_room;
  answers_room *= 2;
}

static void respond_later(int fd, int status) {
  if (answers_next - answers_first == answers_room) grow_answers();
  answers[answers_next++ % answers_room] =
    (Answer){fd, connections[fd].generation, status, now_us() + (int64_t)(latency_ms * 1000)};
  if (++count.in_flight > count.max_in_flight) count.max_in_flight = count.in_flight;
}

static void respond_to_those_due(void) {
  int64_t now = now_us();
  while (answers_first != answers_next && answers[answers_first % answers_room].due <= now) {
    Answer *a = &answers[answers_first++ % answers_room];
    count.in_flight--;
    if (connections[a->fd].generation == a->generation && connections[a->fd].data) respond(a->fd, a->status);
  }
}

// ---- requests ------------------------------------------------------------------------------

static void reset(void) {
  unsigned long open = count.open;
  memset(&count, 0, sizeof count);
  count.open = count.max_open = open;
  if (!log_path) return;
  if (log_file) fclose(log_file);
  log_file = fopen(log_path, "w");
  if (!log_file) { perror(log_path); exit(1); }
}

static void stats(int fd) {
  char body[512];
  if (log_file) fflush(log_file);
  snprintf(body, sizeof body,
    "{\"requests\":%lu,\"ok\":%lu,\"refused\":%lu,\"connections\":%lu,\"max_open\":%lu,\"max_in_flight\":%lu,"
    "\"window_s\":%.6f,\"latency_ms\":%.3f}",
    count.requests, count.ok, count.refused, count.opened, count.max_open, count.max_in_flight,
    (count.last - count.first) / 1e6, latency_ms);
  respond_text(fd, "200 OK", body);
}

static void control(int fd, const char *url, int length) {
  char text[256], *found;
  snprintf(text, sizeof text, "%.*s", length, url);
  if ((found = strstr(text, "latency_ms="))) latency_ms = atof(found + strlen("latency_ms="));
  if (strstr(text, "reset=1")) reset();
  stats(fd);
}

static int has_key(const char *head, const char *end) {
  for (const char *line = memchr(head, '\n', end - head); line; line = memchr(line + 1, '\n', end - line - 1)) {
    if (end - line < 12 || strncasecmp(line + 1, "x-api-key:", 10)) continue;
    const char *key = line + 11, *stop = memchr(key, '\r', end - key);
    while (*key == ' ') key++;
    return stop && stop - key == (long)strlen(api_key) && !memcmp(key, api_key, stop - key);
  }
  return 0;
}

static long content_length(const char *head, const char *end) {
  for (const char *line = memchr(head, '\n', end - head); line; line = memchr(line + 1, '\n', end - line - 1))
    if (end - line > 16 && !strncasecmp(line + 1, "content-length:", 15)) return atol(line + 16);
  return 0;
}

static int is_newlead(const char *head, const char *url, int length) {
  return !strncmp(head, "POST ", 5) && length >= 8 && !memcmp(url + length - 8, "/newlead", 8);
}

// Returns how many bytes the request took, 0 when it is not complete yet, -1 to hang up.
static int handle(int fd, const char *data, int size) {
  const char *head_end = memmem(data, size, "\r\n\r\n", 4);
  if (!head_end) return size >= BUFFER ? -1 : 0;
  head_end += 4;
  long body_size = content_length(data, head_end);
  if (body_size < 0 || head_end - data + body_size > BUFFER) return -1;
  if (head_end - data + body_size > size) return 0;
  int taken = (int)(head_end - data + body_size);
  const char *url = memchr(data, ' ', head_end - data);
  const char *url_end = url ? memchr(url + 1, ' ', head_end - url - 1) : NULL;
  if (!url_end) return -1;
  int url_length = (int)(url_end - ++url);
  if (!strncmp(url, "/stats", 6)) { stats(fd); return taken; }
  if (!strncmp(url, "/ctl", 4)) { control(fd, url, url_length); return taken; }
  Json json = {head_end, head_end + body_size, "-", 1};
  int status = !is_newlead(data, url, url_length) ? 404 : !has_key(data, head_end) ? 401 : is_json_object(&json) ? 200 : 400;
  count.last = now_us();
  if (!count.requests++) count.first = count.last;
  if (status == 200) count.ok++; else count.refused++;
  if (log_file) fprintf(log_file, "%ld %d %.*s\n", (long)count.last, status, json.id_length, json.id);
  if (latency_ms > 0) respond_later(fd, status); else respond(fd, status);
  return taken;
}

static void read_from(int fd) {
  Connection *c = &connections[fd];
  if (!c->data) return;
  ssize_t got = read(fd, c->data + c->used, BUFFER - c->used);
  if (got < 0 && errno == EAGAIN) return;
  if (got <= 0) { close_connection(fd); return; }
  c->used += (int)got;
  uint32_t generation = c->generation;
  int done = 0;
  while (done < c->used) {
    int taken = handle(fd, c->data + done, c->used - done);
    if (c->generation != generation) return;  // closed while it was answered
    if (taken < 0) { close_connection(fd); return; }
    if (taken == 0) break;
    done += taken;
  }
  memmove(c->data, c->data + done, c->used - done);
  c->used -= done;
}

static void accept_all(int listener, int poll) {
  int fd, one = 1;
  while ((fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK)) >= 0) {
    if (fd >= MAX_FD) { close(fd); continue; }
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    connections[fd].data = malloc(BUFFER);
    connections[fd].used = 0;
    count.opened++;
    if (++count.open > count.max_open) count.max_open = count.open;
    struct epoll_event event = {.events = EPOLLIN, .data.fd = fd};
    epoll_ctl(poll, EPOLL_CTL_ADD, fd, &event);
  }
}

// ---- start and loop ------------------------------------------------------------------------

static int listen_on(int port) {
  int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), one = 1;
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
  socklen_t size = sizeof address;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
  if (bind(fd, (void *)&address, sizeof address) || listen(fd, 4096)) { perror("bind"); exit(1); }
  getsockname(fd, (void *)&address, &size);
  printf("%d\n", ntohs(address.sin_port));
  fflush(stdout);
  return fd;
}

static struct timespec *time_to_next_answer(struct timespec *time) {
  if (answers_first == answers_next) return NULL;
  int64_t wait = answers[answers_first % answers_room].due - now_us();
  if (wait < 0) wait = 0;
  *time = (struct timespec){wait / 1000000, wait % 1000000 * 1000};
  return time;
}

static void stop(int signal) {
  (void)signal;
  stopping = 1;
}

int main(int argc, char **argv) {
  int port = 0;
  for (int i = 1; i + 1 < argc; i += 2) {
    if (!strcmp(argv[i], "--port")) port = atoi(argv[i + 1]);
    else if (!strcmp(argv[i], "--api-key")) api_key = argv[i + 1];
    else if (!strcmp(argv[i], "--id-key")) id_key = argv[i + 1];
    else if (!strcmp(argv[i], "--latency-ms")) latency_ms = atof(argv[i + 1]);
    else if (!strcmp(argv[i], "--log")) log_path = argv[i + 1];
    else { fprintf(stderr, "unknown option %s\n", argv[i]); return 2; }
  }
  signal(SIGPIPE, SIG_IGN);
  signal(SIGTERM, stop);
  signal(SIGINT, stop);
  answers = malloc(sizeof(Answer) * answers_room);
  reset();
  int listener = listen_on(port), poll = epoll_create1(0);
  struct epoll_event event = {.events = EPOLLIN, .data.fd = listener};
  static struct epoll_event events[EVENTS];
  epoll_ctl(poll, EPOLL_CTL_ADD, listener, &event);
  while (!stopping) {
    struct timespec time;
    int ready = epoll_pwait2(poll, events, EVENTS, time_to_next_answer(&time), NULL);
    for (int i = 0; i < ready; i++)
      if (events[i].data.fd == listener) accept_all(listener, poll); else read_from(events[i].data.fd);
    respond_to_those_due();
  }
  if (log_file) fclose(log_file);
  return 0;
}
