/* Shim: notes every change that a process makes to files under one folder, and can make one of them fail.
 *
 * Loaded with LD_PRELOAD. DISK_ROOT is the folder, DISK_TRACE the file that the changes go to, in the order in which
 * they were done (one lock around call and note). DISK_FAIL=<n>:<what> makes the n-th call that changes something or
 * syncs fail once (and, unless <what> ends in '1', every later one as well: a disk that has gone stays gone):
 * ENOSPC, EIO, EROFS, EDQUOT, or SHORT (half of a write is done, and the next call says ENOSPC).
 *
 * One note is: the operation's number as a letter, three 64-bit numbers (inode, offset or second inode, result or
 * size), the lengths of two texts, the texts (path, second path), and for a write its bytes. A file written to named
 * "*.mark" does not belong to the node: the driver says there what has just become known outside.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#define FDS 4096

static pthread_mutex_t lock = PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP;
static char root[PATH_MAX];
static size_t root_length;
static int trace = -1;
static char *names[FDS]; /* path of each descriptor under the root */
static uint64_t inodes[FDS];
static long calls, fail_at;
static int fail_errno, fail_once, fail_short, failed;

static void raw_write(int fd, const void *data, size_t size) {
    while (size) {
        long done = syscall(SYS_write, fd, data, size);
        if (done <= 0) _exit(97); /* a trace with a hole proves nothing */
        data = (const char *)data + done;
        size -= (size_t)done;
    }
}

/* Begins to watch; also called by a process that was forked off one that had everything loaded. */
void disk_begin(const char *folder, const char *out, const char *fail) {
    if (!realpath(folder, root)) _exit(98);
    root_length = strlen(root);
    if (out) trace = (int)syscall(SYS_openat, AT_FDCWD, out, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (fail && *fail) {
        char *what;
        fail_at = strtol(fail, &what, 10);
        what++;
        fail_once = what[strlen(what) - 1] == '1';
        fail_short = !strncmp(what, "SHORT", 5);
        fail_errno = !strncmp(what, "EIO", 3) ? EIO : !strncmp(what, "EROFS", 5) ? EROFS
                   : !strncmp(what, "EDQUOT", 6) ? EDQUOT : ENOSPC;
    }
}

__attribute__((constructor)) static void begin(void) {
    if (getenv("DISK_ROOT")) disk_begin(getenv("DISK_ROOT"), getenv("DISK_TRACE"), getenv("DISK_FAIL"));
}

/* The real path of what a call names, if it lies under the root: the folder is resolved, the last part is not. */
static char *inside(int dirfd, const char *path) {
    char joined[PATH_MAX], real[PATH_MAX], folder[PATH_MAX];
    if (!root_length || !path) return NULL;
    if (path[0] == '/') {
        snprintf(joined, sizeof joined, "%s", path);
    } else if (dirfd == AT_FDCWD) {
        if (!getcwd(folder, sizeof folder)) return NULL;
        snprintf(joined, sizeof joined, "%.2000s/%.2000s", folder, path);
    } else {
        return NULL;
    }
    size_t length = strlen(joined);
    while (length > 1 && joined[length - 1] == '/') joined[--length] = 0;
    char *slash = strrchr(joined, '/');
    if (!slash) return NULL;
    snprintf(folder, sizeof folder, "%.*s", (int)(slash - joined), joined);
    if (!realpath(folder[0] ? folder : "/", real)) return NULL;
    size_t upto = strlen(real);
    snprintf(real + upto, sizeof real - upto, "%s", slash);
    if (strncmp(real, root, root_length) || (real[root_length] != '/' && real[root_length])) return NULL;
    return strdup(real + root_length);
}

static void note(char op, uint64_t a, uint64_t b, uint64_t c, const char *one, const char *two, const void *data,
                 size_t size) {
    if (trace < 0) return;
    uint32_t lengths[2] = {one ? strlen(one) : 0, two ? strlen(two) : 0};
    uint64_t numbers[4] = {a, b, c, size};
    raw_write(trace, &op, 1);
    raw_write(trace, numbers, sizeof numbers);
    raw_write(trace, lengths, sizeof lengths);
    if (one) raw_write(trace, one, lengths[0]);
    if (two) raw_write(trace, two, lengths[1]);
    if (size) raw_write(trace, data, size);
}

static int is_mark(const char *path) {
    size_t length = strlen(path);
    return length > 5 && !strcmp(path + length - 5, ".mark");
}

/* Whether this call is to fail; errno is set. For SHORT the caller writes half. */
static int fails(const char *path) {
    if (!fail_at || is_mark(path)) return 0;
    calls++;
    if (calls < fail_at || (failed && fail_once)) return 0;
    int first = !failed;
    failed = 1;
    errno = fail_errno;
    return first && fail_short ? 2 : 1;
}

static uint64_t inode_of(int fd) {
    struct stat st;
    return fstat(fd, &st) ? 0 : (uint64_t)st.st_ino;
}

static int opened(int fd, char *path, int existed, int flags) {
    if (fd < 0 || fd >= FDS) {
        free(path);
        return fd;
    }
    free(names[fd]);
    names[fd] = path;
    inodes[fd] = inode_of(fd);
    if (!existed) note('c', inodes[fd], 0, 0, path, NULL, NULL, 0);
    else if (flags & O_TRUNC) note('t', inodes[fd], 0, 0, path, NULL, NULL, 0);
    return fd;
}

static int do_open(int dirfd, const char *path, int flags, mode_t mode) {
    char *name = inside(dirfd, path);
    if (!name) return (int)syscall(SYS_openat, dirfd, path, flags, mode);
    pthread_mutex_lock(&lock);
    int existed = !syscall(SYS_faccessat, dirfd, path, F_OK), fd = -1;
    int changes = (!existed && (flags & O_CREAT)) || (existed && (flags & O_TRUNC));
    if (changes && fails(name)) free(name);
    else fd = opened((int)syscall(SYS_openat, dirfd, path, flags, mode), name, existed, flags);
    pthread_mutex_unlock(&lock);
    return fd;
}

#define MODE_OF(flags) \
    mode_t mode = 0; \
    if ((flags) & (O_CREAT | O_TMPFILE)) { va_list rest; va_start(rest, flags); mode = va_arg(rest, mode_t); va_end(rest); }

int open(const char *path, int flags, ...) { MODE_OF(flags) return do_open(AT_FDCWD, path, flags, mode); }
int open64(const char *path, int flags, ...) { MODE_OF(flags) return do_open(AT_FDCWD, path, flags, mode); }
int openat(int at, const char *path, int flags, ...) { MODE_OF(flags) return do_open(at, path, flags, mode); }
int openat64(int at, const char *path, int flags, ...) { MODE_OF(flags) return do_open(at, path, flags, mode); }

int close(int fd) {
    pthread_mutex_lock(&lock);
    if (fd >= 0 && fd < FDS && names[fd]) {
        free(names[fd]);
        names[fd] = NULL;
    }
    pthread_mutex_unlock(&lock);
    return (int)syscall(SYS_close, fd);
}

static int known(int fd) { return fd >= 0 && fd < FDS && names[fd]; }

static ssize_t put(int fd, const void *data, size_t size, off_t at, int seeks) {
    int verdict = fails(names[fd]);
    if (verdict == 1) return -1;
    size_t asked = verdict == 2 ? size / 2 : size;
    if (verdict == 2 && !asked) return -1;
    if (seeks) at = lseek(fd, 0, SEEK_CUR);
    ssize_t done = seeks ? syscall(SYS_write, fd, data, asked) : syscall(SYS_pwrite64, fd, data, asked, at);
    if (done > 0) note(is_mark(names[fd]) ? 'm' : 'w', inodes[fd], (uint64_t)at, 0, names[fd], NULL, data, (size_t)done);
    return done;
}

ssize_t write(int fd, const void *data, size_t size) {
    if (!known(fd)) return syscall(SYS_write, fd, data, size);
    pthread_mutex_lock(&lock);
    ssize_t done = put(fd, data, size, 0, 1);
    pthread_mutex_unlock(&lock);
    return done;
}

static ssize_t do_pwrite(int fd, const void *data, size_t size, off_t at) {
    if (!known(fd)) return syscall(SYS_pwrite64, fd, data, size, at);
    pthread_mutex_lock(&lock);
    ssize_t done = put(fd, data, size, at, 0);
    pthread_mutex_unlock(&lock);
    return done;
}
ssize_t pwrite(int fd, const void *data, size_t size, off_t at) { return do_pwrite(fd, data, size, at); }
ssize_t pwrite64(int fd, const void *data, size_t size, off_t at) { return do_pwrite(fd, data, size, at); }

ssize_t writev(int fd, const struct iovec *parts, int count) {
    if (!known(fd)) return syscall(SYS_writev, fd, parts, count);
    ssize_t all = 0;
    for (int i = 0; i < count; i++) {
        ssize_t done = write(fd, parts[i].iov_base, parts[i].iov_len);
        if (done < 0) return all ? all : done;
        all += done;
        if ((size_t)done < parts[i].iov_len) break;
    }
    return all;
}

static int do_sync(int fd, long number) {
    if (!known(fd)) return (int)syscall(number, fd);
    pthread_mutex_lock(&lock);
    int result = fails(names[fd]) ? -1 : (int)syscall(number, fd);
    if (!result) note('s', inodes[fd], 0, 0, names[fd], NULL, NULL, 0);
    pthread_mutex_unlock(&lock);
    return result;
}
int fsync(int fd) { return do_sync(fd, SYS_fsync); }
int fdatasync(int fd) { return do_sync(fd, SYS_fdatasync); }

static int do_truncate(int fd, off_t size) {
    if (!known(fd)) return (int)syscall(SYS_ftruncate, fd, size);
    pthread_mutex_lock(&lock);
    int result = fails(names[fd]) ? -1 : (int)syscall(SYS_ftruncate, fd, size);
    if (!result) note('t', inodes[fd], 0, (uint64_t)size, names[fd], NULL, NULL, 0);
    pthread_mutex_unlock(&lock);
    return result;
}
int ftruncate(int fd, off_t size) { return do_truncate(fd, size); }
int ftruncate64(int fd, off_t size) { return do_truncate(fd, size); }

/* Space set aside must show as a write of zeros, which it is to a reader; SQLite asks for none by default. */
int posix_fallocate(int fd, off_t at, off_t size) { return known(fd) ? ENOTSUP : (int)syscall(SYS_fallocate, fd, 0, at, size); }
int posix_fallocate64(int fd, off_t at, off_t size) { return posix_fallocate(fd, at, size); }

static int do_rename(int olddir, const char *from, int newdir, const char *to) {
    char *one = inside(olddir, from), *two = inside(newdir, to);
    if (!one && !two) return (int)syscall(SYS_renameat, olddir, from, newdir, to);
    if (!one || !two) _exit(96); /* a move over the folder's edge is not in the model */
    pthread_mutex_lock(&lock);
    struct stat st;
    uint64_t inode = fstatat(olddir, from, &st, AT_SYMLINK_NOFOLLOW) ? 0 : (uint64_t)st.st_ino;
    int result = fails(two) ? -1 : (int)syscall(SYS_renameat, olddir, from, newdir, to);
    if (!result) note('r', inode, 0, 0, one, two, NULL, 0);
    pthread_mutex_unlock(&lock);
    free(one);
    free(two);
    return result;
}
int rename(const char *from, const char *to) { return do_rename(AT_FDCWD, from, AT_FDCWD, to); }
int renameat(int a, const char *from, int b, const char *to) { return do_rename(a, from, b, to); }

static int do_unlink(int dirfd, const char *path, int flags) {
    char *name = inside(dirfd, path);
    if (!name) return (int)syscall(SYS_unlinkat, dirfd, path, flags);
    pthread_mutex_lock(&lock);
    int result = -1;
    if (syscall(SYS_faccessat, dirfd, path, F_OK)) errno = ENOENT;
    else if (!fails(name)) result = (int)syscall(SYS_unlinkat, dirfd, path, flags);
    if (!result) note('u', 0, 0, 0, name, NULL, NULL, 0);
    pthread_mutex_unlock(&lock);
    free(name);
    return result;
}
int unlink(const char *path) { return do_unlink(AT_FDCWD, path, 0); }
int unlinkat(int at, const char *path, int flags) { return do_unlink(at, path, flags); }

static int do_mkdir(int dirfd, const char *path, mode_t mode) {
    char *name = inside(dirfd, path);
    if (!name) return (int)syscall(SYS_mkdirat, dirfd, path, mode);
    pthread_mutex_lock(&lock);
    int existed = !syscall(SYS_faccessat, dirfd, path, F_OK);
    int result = !existed && fails(name) ? -1 : (int)syscall(SYS_mkdirat, dirfd, path, mode);
    struct stat st;
    if (!result && !fstatat(dirfd, path, &st, 0)) note('d', (uint64_t)st.st_ino, 0, 0, name, NULL, NULL, 0);
    pthread_mutex_unlock(&lock);
    free(name);
    return result;
}
int mkdir(const char *path, mode_t mode) { return do_mkdir(AT_FDCWD, path, mode); }
int mkdirat(int at, const char *path, mode_t mode) { return do_mkdir(at, path, mode); }
