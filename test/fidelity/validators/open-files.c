/* agave-validator ends unless it may have 1,000,000 files open. Where the hard limit cannot be raised, this library is put
   before others in tests alone: it tells of that limit, and lets it be set. The real limits stay as they are. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <sys/resource.h>

#define WANTED 1000000

int getrlimit(__rlimit_resource_t resource, struct rlimit *limit) {
  int (*real)(__rlimit_resource_t, struct rlimit *) = dlsym(RTLD_NEXT, "getrlimit");
  int status = real(resource, limit);
  if (status == 0 && resource == RLIMIT_NOFILE && limit->rlim_max < WANTED) limit->rlim_cur = limit->rlim_max = WANTED;
  return status;
}

int setrlimit(__rlimit_resource_t resource, const struct rlimit *limit) {
  int (*real)(__rlimit_resource_t, const struct rlimit *) = dlsym(RTLD_NEXT, "setrlimit");
  return resource == RLIMIT_NOFILE ? 0 : real(resource, limit);
}

int getrlimit64(__rlimit_resource_t resource, struct rlimit64 *limit) { return getrlimit(resource, (struct rlimit *)limit); }
int setrlimit64(__rlimit_resource_t resource, const struct rlimit64 *limit) { return setrlimit(resource, (const struct rlimit *)limit); }
