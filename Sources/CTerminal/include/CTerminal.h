#ifndef BATON_CTERMINAL_H
#define BATON_CTERMINAL_H

#include <stddef.h>

// State that signal handlers need. Handlers run between any two instructions, so they touch only what is here, and only by calls that
// POSIX lists as safe in them (signal-safety(7)): write, tcsetattr, sigaction, raise.

/// Catches SIGWINCH, SIGCONT, SIGTSTP, SIGTERM, SIGINT and SIGHUP and writes each one's number as a byte into a pipe; ignores SIGPIPE.
/// A SIGHUP that is ignored already (nohup) stays so. Returns the end to read from, or -1 with errno.
int baton_signals_open(void);

/// Lets the process outlive its terminal: from now on SIGHUP and SIGPIPE are ignored, also after `baton_signals_close`.
void baton_ignore_hangup(void);

/// Puts the handlers back that were there before, and closes the pipe.
void baton_signals_close(void);

/// Stops this process as Ctrl-Z does; returns when it runs again. Where nobody could continue it (its process group is orphaned) the kernel
/// does not stop it, and this returns at once.
void baton_stop_self(void);

/// A descriptor that becomes readable when eight bytes that are a number are written to it (eventfd(2)), or -1 with errno.
int baton_wake_open(void);

/// Columns and rows of the terminal at `fd`. Returns 0, or -1 with errno.
int baton_terminal_size(int fd, int *columns, int *rows);

/// Remembers how the terminal at `fd` is set now, and `bytes`, which put its screen back, for a crash. Returns 0, or -1 with errno.
int baton_terminal_remember(int fd, const char *bytes, size_t count);

/// From now on there is nothing to put back.
void baton_terminal_forget(void);

/// Starts a small process that puts the terminal at `fd` back when this one is gone without having called baton_terminal_guard_leave (after
/// SIGKILL nothing of ours runs any more): first its settings, as baton_terminal_remember found them, unless somebody has set it otherwise
/// since, then the screen, with `bytes`. To be called when the terminal is set as it is to be while the screen is ours. Without it (no
/// process to be had) everything else works.
void baton_terminal_guard_open(int fd, const char *bytes);

/// The screen is the shell's for a while, and then ours again.
void baton_terminal_guard_leave(void);
void baton_terminal_guard_return(void);

/// Sends the guard away.
void baton_terminal_guard_close(void);

/// On SIGILL, SIGTRAP, SIGSEGV, SIGBUS, SIGABRT and SIGFPE puts the terminal back, then does what would have been done without us: calls the
/// handler that was there (the Swift runtime's, which reports the crash), or dies of the signal.
void baton_crash_guard_install(void);

#endif
