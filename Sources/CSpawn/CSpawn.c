#define _GNU_SOURCE
#include "CSpawn.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <unistd.h>

int baton_spawn_detached(char *const arguments[], const char *log, int input, pid_t *pid) {
    posix_spawnattr_t attributes;
    posix_spawn_file_actions_t files;
    sigset_t none, every;
    int code;

    if ((code = posix_spawnattr_init(&attributes))) return code;
    if ((code = posix_spawn_file_actions_init(&files))) {
        posix_spawnattr_destroy(&attributes);
        return code;
    }
    sigemptyset(&none);
    sigfillset(&every);
    (code = posix_spawnattr_setsigmask(&attributes, &none)) ||
        (code = posix_spawnattr_setsigdefault(&attributes, &every)) ||
        (code = posix_spawnattr_setflags(
             &attributes, POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF)) ||
        (code = input >= 0 ? posix_spawn_file_actions_adddup2(&files, input, 0)
                           : posix_spawn_file_actions_addopen(&files, 0, "/dev/null", O_RDONLY, 0)) ||
        (code = posix_spawn_file_actions_addopen(&files, 1, log, O_WRONLY | O_CREAT | O_APPEND, 0600)) ||
        (code = posix_spawn_file_actions_adddup2(&files, 1, 2)) ||
        (code = posix_spawn_file_actions_addclosefrom_np(&files, 3)) ||
        (code = posix_spawn(pid, arguments[0], &files, &attributes, arguments, environ));
    posix_spawn_file_actions_destroy(&files);
    posix_spawnattr_destroy(&attributes);
    return code;
}
