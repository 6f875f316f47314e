/*
 * agave-validator ends unless it can open 1,000,000 files. Where the hard limit is lower and may not be raised, this answers
 * 1,000,000 in its place, and takes an attempt to raise the limit for done. Preloaded only then; the true limit stays as
 * it is.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <sys/resource.h>

enum { WANTED = 1000000 };

#define LIMIT(name, type)                                                          \
  int get##name(__rlimit_resource_t what, struct type *limit) {                     \
    int (*real)(__rlimit_resource_t, struct type *) = dlsym(RTLD_NEXT, "get" #name); \
    int answer = real(what, limit);                                                \
    if (answer == 0 && what == RLIMIT_NOFILE && limit->rlim_max < WANTED)           \
      limit->rlim_cur = limit->rlim_max = WANTED;                                  \
    return answer;                                                                 \
  }                                                                                \
  int set##name(__rlimit_resource_t what, const struct type *limit) {              \
    int (*real)(__rlimit_resource_t, const struct type *) = dlsym(RTLD_NEXT, "set" #name); \
    return what == RLIMIT_NOFILE ? 0 : real(what, limit);                          \
  }

LIMIT(rlimit, rlimit)
LIMIT(rlimit64, rlimit64)
