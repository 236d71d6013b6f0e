#ifndef BATON_CTRUSTSTORE_H
#define BATON_CTRUSTSTORE_H
#include <stdbool.h>

/// Takes the place of OpenSSL's function of that name in this process: the system's bundle of certificate authorities is
/// never read.
///
/// Both client libraries ask for it with each connection for which no authority is configured, though nobody is verified
/// then, and OpenSSL reads and parses the whole bundle each time. With the 140 certificates of Debian 13 that took 27 ms of
/// processor time, the rest of the connection 1.7 ms (measured with libmariadb 3.3 and MySQL 9.7). baton verifies only
/// against an authority that was named (ssl-ca, ssl-capath) and refuses to do so without; a library that relied on the
/// bundle all the same would trust nobody.
///
/// The client library finds this one first because the dynamic linker asks the program before its libraries.
///
/// @return 1, as OpenSSL does when all went well
int SSL_CTX_set_default_verify_paths(void *context);

/// Whether the libraries of this process find the function above. To call it also keeps the linker from leaving that
/// function out as one that nobody calls.
bool baton_trust_store_is_left_out(void);

#endif
