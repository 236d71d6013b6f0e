#ifndef BATON_CMYSQL_SHIM_H
#define BATON_CMYSQL_SHIM_H
#include <mysql.h>
#endif
