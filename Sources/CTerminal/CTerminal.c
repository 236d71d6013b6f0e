#define _GNU_SOURCE
#include "CTerminal.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <termios.h>
#include <unistd.h>

// Signals into a pipe

static const int forwarded[] = {SIGWINCH, SIGCONT, SIGTSTP, SIGTERM, SIGINT, SIGHUP};
enum { forwarded_count = sizeof forwarded / sizeof forwarded[0] };

static struct sigaction previous_actions[forwarded_count];
static struct sigaction previous_pipe_action;
static volatile int signal_pipe_in = -1;
static int signal_pipe_out = -1;

static void forward(int number) {
    int saved = errno;
    unsigned char byte = (unsigned char)number;
    // A full pipe already holds news enough to wake the reader; the byte may be lost.
    ssize_t ignored = write(signal_pipe_in, &byte, 1);
    (void)ignored;
    errno = saved;
}

int baton_signals_open(void) {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC | O_NONBLOCK) != 0) return -1;
    signal_pipe_out = ends[0];
    signal_pipe_in = ends[1];
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_handler = forward;
    action.sa_flags = SA_RESTART;
    sigemptyset(&action.sa_mask);
    for (int i = 0; i < forwarded_count; i++) {
        sigaction(forwarded[i], NULL, &previous_actions[i]);
        if (forwarded[i] == SIGHUP && previous_actions[i].sa_handler == SIG_IGN) continue;
        sigaction(forwarded[i], &action, NULL);
    }
    action.sa_handler = SIG_IGN;
    sigaction(SIGPIPE, &action, &previous_pipe_action);
    return signal_pipe_out;
}

void baton_ignore_hangup(void) {
    struct sigaction ignore;
    memset(&ignore, 0, sizeof ignore);
    ignore.sa_handler = SIG_IGN;
    sigemptyset(&ignore.sa_mask);
    sigaction(SIGHUP, &ignore, NULL);
    // Nor is it to come back with the handlers of before.
    for (int i = 0; i < forwarded_count; i++)
        if (forwarded[i] == SIGHUP) previous_actions[i] = ignore;
    previous_pipe_action = ignore;
}

void baton_signals_close(void) {
    if (signal_pipe_in < 0) return;
    for (int i = 0; i < forwarded_count; i++) sigaction(forwarded[i], &previous_actions[i], NULL);
    sigaction(SIGPIPE, &previous_pipe_action, NULL);
    int in = signal_pipe_in;
    signal_pipe_in = -1;
    close(in);
    close(signal_pipe_out);
    signal_pipe_out = -1;
}

void baton_stop_self(void) {
    struct sigaction stop, ours;
    memset(&stop, 0, sizeof stop);
    stop.sa_handler = SIG_DFL;
    sigemptyset(&stop.sa_mask);
    sigset_t just_stop, before;
    sigemptyset(&just_stop);
    sigaddset(&just_stop, SIGTSTP);
    pthread_sigmask(SIG_UNBLOCK, &just_stop, &before);
    sigaction(SIGTSTP, &stop, &ours);
    // raise() aims at this thread, so the whole process has stopped and gone on before it returns.
    raise(SIGTSTP);
    sigaction(SIGTSTP, &ours, NULL);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
}

int baton_wake_open(void) { return eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK); }

// The terminal

int baton_terminal_size(int fd, int *columns, int *rows) {
    struct winsize size;
    if (ioctl(fd, TIOCGWINSZ, &size) != 0) return -1;
    *columns = size.ws_col;
    *rows = size.ws_row;
    return 0;
}

static struct termios remembered_settings;
static int remembered_fd = -1;
static char remembered_bytes[512];
static size_t remembered_count = 0;
static volatile sig_atomic_t has_memory = 0;

int baton_terminal_remember(int fd, const char *bytes, size_t count) {
    has_memory = 0;
    if (tcgetattr(fd, &remembered_settings) != 0) return -1;
    if (count > sizeof remembered_bytes) count = sizeof remembered_bytes;
    memcpy(remembered_bytes, bytes, count);
    remembered_count = count;
    remembered_fd = fd;
    has_memory = 1;
    return 0;
}

void baton_terminal_forget(void) { has_memory = 0; }

// The guard

struct guard_word {
    // Whether the screen is ours, so that it has to be put back.
    int is_ours;
    // How the terminal is set while it is.
    struct termios settings;
};

static volatile int guard_pipe = -1;
static struct guard_word guard_state;

static void guard_say(int is_ours) {
    if (guard_pipe < 0) return;
    int saved = errno;
    guard_state.is_ours = is_ours;
    // Shorter than PIPE_BUF, so that it is written as a whole.
    ssize_t ignored = write(guard_pipe, &guard_state, sizeof guard_state);
    (void)ignored;
    errno = saved;
}

static int is_set_alike(const struct termios *one, const struct termios *other) {
    return one->c_iflag == other->c_iflag && one->c_oflag == other->c_oflag && one->c_lflag == other->c_lflag
        && one->c_cflag == other->c_cflag;
}

// The child: nothing but calls that are safe in one of a process with threads. It ends with whoever holds the other end of the pipe.
static void guard(int pipe, int fd, const char *bytes, size_t count) {
    struct guard_word word = {0, guard_state.settings}, next;
    for (;;) {
        ssize_t size = read(pipe, &next, sizeof next);
        if (size == (ssize_t)sizeof next) word = next;
        else if (size >= 0 || errno != EINTR) break;
    }
    if (!word.is_ours) _exit(0);
    // A shell that puts the line right itself may have done so already, and may be reading a line in a way of its own: only what is still as
    // the dead left it is put right. The kernel closes their pipe before it tells their parent, so that the guard is nearly always first.
    struct termios now;
    if (has_memory && tcgetattr(fd, &now) == 0 && is_set_alike(&now, &word.settings)) {
        tcsetattr(fd, TCSANOW, &remembered_settings);
    }
    ssize_t ignored = write(fd, bytes, count);
    (void)ignored;
    _exit(0);
}

void baton_terminal_guard_open(int fd, const char *bytes) {
    int ends[2];
    if (guard_pipe >= 0 || tcgetattr(fd, &guard_state.settings) != 0 || pipe2(ends, O_CLOEXEC) != 0) return;
    // Signals for the terminal's foreground, and a hang-up, are not for the guard: none reaches it before it has its own session.
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, &before);
    size_t count = strlen(bytes);
    pid_t pid = fork();
    if (pid == 0) {
        setsid();
        // Whoever kills baton by its name is to leave the guard alive.
        prctl(PR_SET_NAME, "terminal-guard");
        // Sockets, files and locks of ours are not to live on in it.
        int pipe = dup2(ends[0], 0), terminal = dup2(fd, 1);
        close_range(2, ~0U, 0);
        guard(pipe, terminal, bytes, count);
    }
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    close(ends[0]);
    if (pid < 0) {
        close(ends[1]);
        return;
    }
    guard_pipe = ends[1];
    guard_say(1);
}

void baton_terminal_guard_leave(void) { guard_say(0); }

void baton_terminal_guard_return(void) { guard_say(1); }

void baton_terminal_guard_close(void) {
    guard_say(0);
    int pipe = guard_pipe;
    guard_pipe = -1;
    if (pipe >= 0) close(pipe);
}

// Crashes

static const int fatal[] = {SIGILL, SIGTRAP, SIGSEGV, SIGBUS, SIGABRT, SIGFPE};
enum { fatal_count = sizeof fatal / sizeof fatal[0] };

static struct sigaction chained[fatal_count];

static void crashed(int number, siginfo_t *info, void *context) {
    if (has_memory) {
        has_memory = 0;
        guard_say(0);
        ssize_t ignored = write(remembered_fd, remembered_bytes, remembered_count);
        (void)ignored;
        tcsetattr(remembered_fd, TCSANOW, &remembered_settings);
    }
    for (int i = 0; i < fatal_count; i++) {
        if (fatal[i] != number) continue;
        struct sigaction *next = &chained[i];
        sigaction(number, next, NULL);
        if (next->sa_flags & SA_SIGINFO) {
            next->sa_sigaction(number, info, context);
        } else if (next->sa_handler != SIG_DFL && next->sa_handler != SIG_IGN) {
            next->sa_handler(number);
        } else {
            struct sigaction die;
            memset(&die, 0, sizeof die);
            die.sa_handler = SIG_DFL;
            sigemptyset(&die.sa_mask);
            sigaction(number, &die, NULL);
            // Delivered when this handler returns, since the signal is blocked while it runs.
            raise(number);
        }
        return;
    }
}

void baton_crash_guard_install(void) {
    static int installed = 0;
    if (installed) return;
    installed = 1;
    for (int i = 0; i < fatal_count; i++) {
        sigaction(fatal[i], NULL, &chained[i]);
        struct sigaction action;
        memset(&action, 0, sizeof action);
        action.sa_sigaction = crashed;
        // What is blocked while we run stays so in the handler that we call. The runtime's needs SIGSEGV open (SA_NODEFER): the thread that
        // reads memory for the report inherits the mask and comes upon bad addresses, which would kill the process, half-way through the
        // report, and leave the reporter waiting for ever.
        action.sa_flags = SA_SIGINFO | SA_ONSTACK | (chained[i].sa_flags & SA_NODEFER);
        action.sa_mask = chained[i].sa_mask;
        sigaction(fatal[i], &action, NULL);
    }
}
