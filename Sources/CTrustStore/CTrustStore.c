#define _GNU_SOURCE
#include "CTrustStore.h"

#include <dlfcn.h>

int SSL_CTX_set_default_verify_paths(void *context) {
    (void)context;
    return 1;
}

bool baton_trust_store_is_left_out(void) {
    return dlsym(RTLD_DEFAULT, "SSL_CTX_set_default_verify_paths") == (void *)SSL_CTX_set_default_verify_paths;
}
