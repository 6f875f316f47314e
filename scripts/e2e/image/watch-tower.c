/*
 * watch-tower FILE: a line for each new content of a tower file: the time at which it was first seen, its time of change, and
 * the bytes in hexadecimal; "absent" while there is none. It looks every 5 ms. A validator replaces the file by a rename, so
 * that a new inode or time of change is a new content, and a file that is open stays whole.
 */
#include <stdio.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static void print_time(struct timespec t) {
  char seconds[32];
  strftime(seconds, sizeof seconds, "%Y-%m-%dT%H:%M:%S", gmtime(&t.tv_sec));
  printf("%s.%09ldZ ", seconds, t.tv_nsec);
}

static int same(const struct stat *a, const struct stat *b) {
  return a->st_ino == b->st_ino && a->st_mtim.tv_sec == b->st_mtim.tv_sec && a->st_mtim.tv_nsec == b->st_mtim.tv_nsec;
}

int main(int argc, char **argv) {
  if (argc != 2) return 2;
  struct stat last = {0};
  for (int first = 1, there = 0;; usleep(5000)) {
    FILE *file = fopen(argv[1], "rb");
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    struct stat found;
    if (file == NULL || fstat(fileno(file), &found) != 0) {
      if (first || there) {
        print_time(now);
        puts("absent");
      }
      there = 0;
    } else if (first || !there || !same(&found, &last)) {
      print_time(now);
      print_time(found.st_mtim);
      for (int byte; (byte = fgetc(file)) != EOF;) printf("%02x", byte);
      putchar('\n');
      there = 1;
      last = found;
    }
    if (file != NULL) fclose(file);
    first = 0;
    fflush(stdout);
  }
}
