#ifndef BATON_CSPAWN_H
#define BATON_CSPAWN_H
#include <sys/types.h>

/// Starts a program that goes on when this one has ended: in a session of its own, with no signal blocked or ignored,
/// and with no descriptor but its three.
///
/// In C because Swift's import of the system headers lacks what glibc guards with _GNU_SOURCE: POSIX_SPAWN_SETSID and
/// posix_spawn_file_actions_addclosefrom_np, without which a server would keep every socket of ours open.
///
/// @param arguments the program's path first, NULL last
/// @param log       where both its output streams go, appended; made when it is not there, for the owner only
/// @param input     the descriptor it gets as standard input, or -1 for none
/// @param pid       receives its process number
/// @return 0, or the error number
int baton_spawn_detached(char *const arguments[], const char *log, int input, pid_t *pid);

#endif
