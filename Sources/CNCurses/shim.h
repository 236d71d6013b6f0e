#ifndef BATON_CNCURSES_SHIM_H
#define BATON_CNCURSES_SHIM_H
// SwiftPM cannot pass a define to the importer of a system module, and without this one the wide calls are hidden.
#define NCURSES_WIDECHAR 1
#include <ncursesw/curses.h>
#endif
