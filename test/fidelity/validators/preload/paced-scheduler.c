/*
 * Agave's block production scheduler (thread solBnkTxSched) turns without rest while its validator is the leader, and the
 * validator of a test cluster leads nearly always: that thread alone took 95 % of a core. Preloaded, this lets it rest for a
 * millisecond every few turns, which call clock_gettime to measure their parts. Votes go through another thread.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <pthread.h>
#include <string.h>
#include <time.h>

enum { CALLS_BETWEEN = 32, REST_NS = 1000000 };

static __thread int paced, calls;

int pthread_setname_np(pthread_t thread, const char *name) {
  static int (*real)(pthread_t, const char *);
  if (real == NULL) real = dlsym(RTLD_NEXT, "pthread_setname_np");
  if (strcmp(name, "solBnkTxSched") == 0 && pthread_equal(thread, pthread_self())) paced = 1;
  return real(thread, name);
}

int clock_gettime(clockid_t clock, struct timespec *now) {
  static int (*real)(clockid_t, struct timespec *);
  if (real == NULL) real = dlsym(RTLD_NEXT, "clock_gettime");
  if (paced && ++calls % CALLS_BETWEEN == 0) nanosleep(&(struct timespec){.tv_nsec = REST_NS}, NULL);
  return real(clock, now);
}
