#ifndef BATON_CLINUX_SHIM_H
#define BATON_CLINUX_SHIM_H

/* What Swift's Glibc module leaves out. */
#include <pthread.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>

/* Names the calling thread, in at most 15 bytes; prctl has variable arguments, which Swift can't call. */
static inline void baton_name_thread(const char *name) { prctl(PR_SET_NAME, name); }

#endif
