/* Crashes in the way that its first argument names. Built by make.sh. */
#define _GNU_SOURCE
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static volatile int sink;

__attribute__((noinline)) static int deref(int *p) { return *p + sink; }

__attribute__((noinline)) static int deep(int n, int *p) {
  char frame[64];
  memset(frame, n, sizeof frame);
  int below = n == 0 ? deref(p) : deep(n - 1, p);
  return below + frame[n & 63] + sink;
}

__attribute__((noinline)) static int endless(int n) {
  char frame[4096];
  memset(frame, n, sizeof frame);
  return endless(n + 1) + frame[n & 4095];
}

__attribute__((noinline)) static void smash(const char *text, size_t n) {
  char small[16];
  /* Over the saved registers and the return address. */
  for (size_t i = 0; i < n; i++) ((volatile char *)small)[i] = text[i % 8];
}

static int by_key(const void *a, const void *b) {
  if (sink++ > 3) return deref((int *)8);
  return *(const int *)a - *(const int *)b;
}

static void *idle(void *name) {
  pthread_setname_np(pthread_self(), name);
  for (;;) sleep(100);
}

static void *fall(void *p) { return (void *)(intptr_t)deref(p); }

int main(int argc, char **argv) {
  const char *how = argc > 1 ? argv[1] : "null";
  static char names[64][16];
  if (!strcmp(how, "null")) return deref((int *)0x45);
  if (!strcmp(how, "recursion")) return deep(60, NULL);
  if (!strcmp(how, "deep")) return deep(2000, NULL);
  if (!strcmp(how, "overflow")) return endless(0);
  if (!strcmp(how, "smash")) smash("AAAABBBB", 200);
  if (!strcmp(how, "abort")) abort();
  if (!strcmp(how, "divide")) return 7 / sink;
  if (!strcmp(how, "trap")) __builtin_trap();
  if (!strcmp(how, "jump")) ((void (*)(void))0x10)();
  if (!strcmp(how, "callback")) {
    int values[16] = {5, 3, 9, 1, 7, 8, 2, 6};
    qsort(values, 16, sizeof *values, by_key);
  }
  if (!strcmp(how, "free")) free((void *)&sink + 8);
  if (!strncmp(how, "threads", 7)) {
    int count = atoi(how + 7);
    pthread_t thread;
    for (int i = 0; i < count && i < 64; i++) {
      snprintf(names[i], sizeof names[i], "worker %d", i);
      pthread_create(&thread, NULL, idle, names[i]);
    }
    usleep(100000);
    pthread_create(&thread, NULL, fall, NULL);
    pthread_join(thread, NULL);
  }
  return sink;
}
