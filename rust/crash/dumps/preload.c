/* Holds a crashing program in its signal handler and tells CRASH_FD what happened; see src/main.rs. */
#define _GNU_SOURCE
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <ucontext.h>
#include <unistd.h>

struct crash {
  int32_t pid, tid, signo, code;
  uint64_t addr;
  unsigned char context[936];
  unsigned char float_state[512];
};

static int fd = -1;
static struct crash crash;

static void handle(int signo, siginfo_t *info, void *context) {
  ucontext_t *uc = context;
  crash.pid = getpid();
  crash.tid = (int32_t)syscall(SYS_gettid);
  crash.signo = signo;
  crash.code = info->si_code;
  crash.addr = (uint64_t)info->si_addr;
  memcpy(crash.context, uc, sizeof crash.context < sizeof *uc ? sizeof crash.context : sizeof *uc);
  if (uc->uc_mcontext.fpregs) memcpy(crash.float_state, uc->uc_mcontext.fpregs, sizeof crash.float_state);
  if (write(fd, &crash, sizeof crash) < 0) _exit(1);
  for (;;) pause();
}

__attribute__((constructor)) static void install(void) {
  static unsigned char stack[1 << 16];
  const char *number = getenv("CRASH_FD");
  if (!number) return;
  fd = atoi(number);
  stack_t alternative = {.ss_sp = stack, .ss_size = sizeof stack};
  sigaltstack(&alternative, NULL);
  struct sigaction action = {.sa_sigaction = handle, .sa_flags = SA_SIGINFO | SA_ONSTACK};
  int signals[] = {SIGSEGV, SIGABRT, SIGBUS, SIGFPE, SIGILL, SIGTRAP};
  for (unsigned i = 0; i < sizeof signals / sizeof *signals; i++) sigaction(signals[i], &action, NULL);
}
