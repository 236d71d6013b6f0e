#ifndef BATON_CNCURSES_SHIM_H
#define BATON_CNCURSES_SHIM_H
// SwiftPM cannot pass a define to the importer of a system module, and without this one the wide calls are hidden.
#define NCURSES_WIDECHAR 1
#if defined(__has_include) && __has_include(<ncursesw/curses.h>)
#include <ncursesw/curses.h>
#include <ncursesw/term.h>
#else
#include <curses.h>
#include <term.h>
#endif
#include <stdio.h>

// Getters for what Swift's importer refuses: mutable globals, and macros that are not plain numbers. No state may live here, since a
// system module has no object file.

/// newterm on the standard streams; unlike initscr it tells of a failure instead of ending the process.
static inline SCREEN *baton_newterm(void) { return newterm(NULL, stdout, stdin); }
static inline WINDOW *baton_stdscr(void) { return stdscr; }
static inline WINDOW *baton_curscr(void) { return curscr; }
static inline int baton_lines(void) { return LINES; }
static inline int baton_columns(void) { return COLS; }
static inline int baton_colors(void) { return COLORS; }
static inline attr_t baton_attributes(int bold, int dim, int underline, int reverse) {
    return (bold ? A_BOLD : 0) | (dim ? A_DIM : 0) | (underline ? A_UNDERLINE : 0) | (reverse ? A_REVERSE : 0);
}
/// Puts `count` code points with their looks at a place; `pair` may be beyond the 32767 of a short.
static inline int baton_put(WINDOW *window, int y, int x, const wchar_t *text, attr_t attributes, int pair) {
    cchar_t cell;
    if (setcchar(&cell, text, attributes, 0, &pair) == ERR) return ERR;
    return mvwadd_wch(window, y, x, &cell);
}
/// A string of the terminal's description, or NULL.
static inline const char *baton_terminfo_string(const char *name) {
    const char *text = tigetstr((char *)name);
    return text == (char *)-1 ? NULL : text;
}
/// A number of the terminal's description, or -1.
static inline int baton_terminfo_number(const char *name) { return tigetnum((char *)name); }
/// Whether the terminal's description has a flag.
static inline int baton_terminfo_flag(const char *name) { return tigetflag((char *)name) == 1; }
#endif
