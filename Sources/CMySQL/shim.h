#ifndef BATON_CMYSQL_SHIM_H
#define BATON_CMYSQL_SHIM_H

#include <mysql.h>
#include <stdbool.h>
#include <string.h>
#include <sys/ioctl.h>

/*
 * One small interface over two client libraries.
 *
 * libmariadb and libmysqlclient share the blocking calls, but each has its own non-blocking ones: libmariadb runs a
 * call as a coroutine (`_start`, then `_cont` whenever the socket is ready), libmysqlclient has a state machine behind
 * each `_nonblocking` call, which is simply made again. This header, and nothing else, asks which library it is.
 */
#if defined(LIBMARIADB) || defined(MARIADB_PACKAGE_VERSION_ID)
#define BATON_LIBMARIADB 1
#else
#define BATON_LIBMARIADB 0
#include <errmsg.h>
#endif

/* What became of one turn of a call. */
enum baton_progress {
    BATON_DONE,
    /* The socket has to be readable (or, see baton_mysql_wants_write, writable) first; then take another turn. */
    BATON_WAITING,
    BATON_FAILED,
};

/* Which turn it is. */
enum baton_turn {
    BATON_FIRST,
    /* The socket may be ready; being wrong costs nothing. */
    BATON_READY,
    /* Time is up: the call is to unwind with an error. Only libmariadb needs it, to leave its coroutine cleanly. */
    BATON_EXPIRED,
};

static inline bool baton_mysql_is_libmariadb(void) { return BATON_LIBMARIADB; }

/* Makes a handle whose calls below do not block; NULL without memory. */
static inline MYSQL *baton_mysql_new(void) {
    MYSQL *mysql = mysql_init(NULL);
#if BATON_LIBMARIADB
    /* The coroutine's stack. The default of 60 KiB is small for a resolver or TLS library of unknown depth; pages that
     * are not used are never touched. */
    size_t stack_size = 256 * 1024;
    if (mysql && mysql_options(mysql, MYSQL_OPT_NONBLOCK, &stack_size)) {
        mysql_close(mysql);
        return NULL;
    }
#else
    /* It says 0, which is another's, until TCP's handshake is over. */
    if (mysql) mysql->net.fd = -1;
#endif
    return mysql;
}

/* The socket, or -1 while there is none, or none that the library tells of. */
static inline int baton_mysql_socket(MYSQL *mysql) {
#if BATON_LIBMARIADB
    return (int)mysql_get_socket(mysql);
#else
    return mysql->net.vio ? mysql->net.fd : -1;
#endif
}

#if BATON_LIBMARIADB
static inline int baton_ready_events(enum baton_turn turn) {
    return turn == BATON_EXPIRED ? MYSQL_WAIT_TIMEOUT : MYSQL_WAIT_READ | MYSQL_WAIT_WRITE;
}
#else
static inline enum baton_progress baton_progress_of(enum net_async_status status) {
    switch (status) {
    case NET_ASYNC_NOT_READY: return BATON_WAITING;
    case NET_ASYNC_ERROR: return BATON_FAILED;
    default: return BATON_DONE;
    }
}

/* The bytes that the system holds for the library to read. */
static inline int baton_unread(MYSQL *mysql) {
    int unread = 0;
    int socket = baton_mysql_socket(mysql);
    return socket >= 0 && ioctl(socket, FIONREAD, &unread) == 0 ? unread : 0;
}

/* libmysqlclient gives a turn up after each piece it reads, be it its own buffer or one TLS record (seen with 9.7), and
 * so with more of the answer there to be read. No event would come for that: an event tells of what arrives. So the
 * turn goes on until the socket is empty, or until the library shows that it does not want to read, but to write. */
struct baton_reading {
    int unread;
    int idle_calls;
};

static inline bool baton_goes_on(MYSQL *mysql, struct baton_reading *reading) {
    int unread = baton_unread(mysql);
    /* What is read and what arrives meanwhile may be the same by chance, but not again and again. */
    reading->idle_calls = unread == reading->unread ? reading->idle_calls + 1 : 0;
    reading->unread = unread;
    return unread > 0 && reading->idle_calls < 8;
}

#define BATON_TURN(mysql, call)                                                            \
    struct baton_reading reading = {-1, 0};                                                \
    enum net_async_status status;                                                          \
    do {                                                                                   \
        status = (call);                                                                   \
    } while (status == NET_ASYNC_NOT_READY && baton_goes_on(mysql, &reading));             \
    return baton_progress_of(status)

static inline void baton_set_error(NET *net, unsigned int code, const char *state, const char *text, size_t length) {
    if (length >= sizeof net->last_error) length = sizeof net->last_error - 1;
    net->last_errno = code;
    memcpy(net->sqlstate, state, SQLSTATE_LENGTH);
    net->sqlstate[SQLSTATE_LENGTH] = 0;
    memcpy(net->last_error, text, length);
    net->last_error[length] = 0;
}

/* Fetches a row without waiting, and brings the error back: this call of libmysqlclient, unlike its blocking one, says
 * "commands out of sync" whatever is wrong (seen with 9.7). The packet of an error is still where it was read to: 255,
 * two bytes of number, '#' and five of state, text. After a lost connection there is no `vio`. */
static inline enum net_async_status baton_fetch_row(MYSQL *mysql, MYSQL_RES *result, MYSQL_ROW *row) {
    enum net_async_status status = mysql_fetch_row_nonblocking(result, row);
    NET *net = &mysql->net;
    if (status != NET_ASYNC_COMPLETE || *row || net->last_errno != CR_COMMANDS_OUT_OF_SYNC) return status;
    if (!net->vio) {
        const char *text = "Lost connection to the server while it answered";
        baton_set_error(net, CR_SERVER_LOST, "HY000", text, strlen(text));
        return status;
    }
    const unsigned char *packet = net->read_pos;
    const size_t head = 1 + 2 + 1 + SQLSTATE_LENGTH;
    if (!packet || (size_t)(net->buff_end - packet) <= head || packet[0] != 255 || packet[3] != '#') return status;
    const char *text = (const char *)packet + head;
    unsigned int code = packet[1] | (unsigned int)packet[2] << 8;
    baton_set_error(net, code, (const char *)packet + 4, text, strnlen(text, (size_t)(net->buff_end - packet) - head));
    return status;
}
#endif

/* Connects and authenticates. `wants_write` tells what to wait for where the library knows; libmysqlclient does not
 * tell, so that its caller has to look again from time to time. Resolving a name and, in libmariadb, the TLS handshake
 * block within a turn. */
static inline enum baton_progress baton_mysql_connect(
    MYSQL *mysql, enum baton_turn turn, const char *host, unsigned int port, const char *user, const char *password,
    bool *wants_write
) {
    unsigned long flags = CLIENT_MULTI_STATEMENTS | CLIENT_MULTI_RESULTS;
#if BATON_LIBMARIADB
    MYSQL *connected = NULL;
    int waiting = turn == BATON_FIRST
        ? mysql_real_connect_start(&connected, mysql, host, user, password, NULL, port, NULL, flags)
        : mysql_real_connect_cont(&connected, mysql, baton_ready_events(turn));
    *wants_write = (waiting & MYSQL_WAIT_WRITE) != 0;
    if (waiting) return BATON_WAITING;
    return connected ? BATON_DONE : BATON_FAILED;
#else
    *wants_write = false;
    if (turn == BATON_EXPIRED) return BATON_FAILED;
    return baton_progress_of(mysql_real_connect_nonblocking(mysql, host, user, password, NULL, port, NULL, flags));
#endif
}

/* Sends statements and reads the head of the first answer. The text must live until the call is done. */
static inline enum baton_progress baton_mysql_query(
    MYSQL *mysql, enum baton_turn turn, const char *statements, unsigned long length
) {
#if BATON_LIBMARIADB
    int failed = 0;
    int waiting = turn == BATON_FIRST ? mysql_real_query_start(&failed, mysql, statements, length)
                                      : mysql_real_query_cont(&failed, mysql, baton_ready_events(turn));
    if (waiting) return BATON_WAITING;
    return failed ? BATON_FAILED : BATON_DONE;
#else
    if (turn == BATON_EXPIRED) return BATON_FAILED;
    BATON_TURN(mysql, mysql_real_query_nonblocking(mysql, statements, length));
#endif
}

/* Reads one row of an answer that the handle began with mysql_use_result; done with a NULL row is its end or, by
 * mysql_errno, an error. */
static inline enum baton_progress baton_mysql_fetch_row(
    MYSQL *mysql, MYSQL_RES *result, enum baton_turn turn, MYSQL_ROW *row
) {
    *row = NULL;
#if BATON_LIBMARIADB
    (void)mysql;
    int waiting = turn == BATON_FIRST ? mysql_fetch_row_start(row, result)
                                      : mysql_fetch_row_cont(row, result, baton_ready_events(turn));
    return waiting ? BATON_WAITING : BATON_DONE;
#else
    if (turn == BATON_EXPIRED) return BATON_FAILED;
    BATON_TURN(mysql, baton_fetch_row(mysql, result, row));
#endif
}

/* Goes on to the answer of the next statement; only called when mysql_more_results says that there is one. */
static inline enum baton_progress baton_mysql_next_result(MYSQL *mysql, enum baton_turn turn) {
#if BATON_LIBMARIADB
    int status = 0;
    int waiting = turn == BATON_FIRST ? mysql_next_result_start(&status, mysql)
                                      : mysql_next_result_cont(&status, mysql, baton_ready_events(turn));
    if (waiting) return BATON_WAITING;
    return status > 0 ? BATON_FAILED : BATON_DONE;
#else
    if (turn == BATON_EXPIRED) return BATON_FAILED;
    BATON_TURN(mysql, mysql_next_result_nonblocking(mysql));
#endif
}

static inline bool baton_mysql_has_more_results(MYSQL *mysql) { return mysql_more_results(mysql); }

static inline const char *baton_mysql_column_name(MYSQL_RES *result, unsigned int column, size_t *length) {
    MYSQL_FIELD *field = mysql_fetch_field_direct(result, column);
    *length = field->name_length;
    return field->name;
}

/* Settings of every connection, whatever it is for. */
static inline void baton_mysql_set_defaults(MYSQL *mysql, const char *program_name, unsigned long largest_packet) {
    unsigned int tcp = MYSQL_PROTOCOL_TCP;
    unsigned int off = 0;
    mysql_options(mysql, MYSQL_OPT_PROTOCOL, &tcp);
    /* A server must not be able to ask for a file of ours. */
    mysql_options(mysql, MYSQL_OPT_LOCAL_INFILE, &off);
    mysql_options(mysql, MYSQL_SET_CHARSET_NAME, "utf8mb4");
    mysql_options4(mysql, MYSQL_OPT_CONNECT_ATTR_ADD, "program_name", program_name);
    mysql_options(mysql, MYSQL_OPT_MAX_ALLOWED_PACKET, &largest_packet);
}

/* The mysql client's ssl-mode. */
enum baton_tls_mode {
    BATON_TLS_DISABLED,
    BATON_TLS_PREFERRED,
    BATON_TLS_REQUIRED,
    BATON_TLS_VERIFY_CA,
    BATON_TLS_VERIFY_IDENTITY,
};

/* Sets the mode; 0 on success. libmariadb knows only "try" and "verify the name too": REQUIRED has to be checked on the
 * connection, and VERIFY_CA is not to be asked of it. */
static inline int baton_mysql_set_tls_mode(MYSQL *mysql, enum baton_tls_mode mode) {
#if BATON_LIBMARIADB
    my_bool enforce = mode >= BATON_TLS_PREFERRED;
    my_bool verify = mode >= BATON_TLS_VERIFY_CA;
    /* A password in the clear is for a server that has proved who it is; libmariadb would give it to any that asks. */
    if (!verify) {
        const char *harmless = "mysql_native_password,caching_sha2_password,sha256_password,client_ed25519,"
                               "parsec,auth_gssapi_client";
        if (mysql_optionsv(mysql, MARIADB_OPT_RESTRICTED_AUTH, harmless)) return 1;
    }
    return mysql_options(mysql, MYSQL_OPT_SSL_ENFORCE, &enforce)
        || mysql_options(mysql, MYSQL_OPT_SSL_VERIFY_SERVER_CERT, &verify);
#else
    static const unsigned int modes[] = {
        SSL_MODE_DISABLED, SSL_MODE_PREFERRED, SSL_MODE_REQUIRED, SSL_MODE_VERIFY_CA, SSL_MODE_VERIFY_IDENTITY,
    };
    /* Without TLS, caching_sha2_password encrypts the password with the server's public key. libmariadb always asks for
     * that key; this library has to be told. */
    bool ask_for_key = true;
    if (mode <= BATON_TLS_PREFERRED) mysql_options(mysql, MYSQL_OPT_GET_SERVER_PUBLIC_KEY, &ask_for_key);
    return mysql_options(mysql, MYSQL_OPT_SSL_MODE, &modes[mode]);
#endif
}

#endif
