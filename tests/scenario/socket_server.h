/* Plays a scenario's server on a real socket, each connection on a thread of its own. */
#ifndef TESTS_SCENARIO_SOCKET_SERVER_H
#define TESTS_SCENARIO_SOCKET_SERVER_H

#include "scenario/recorder.h"

typedef struct socket_server socket_server;

/* Binds free ports of 127.0.0.1: one to listen on, one where connections are refused. Aborts where it cannot. */
socket_server *socket_server_new(ports *at);
/* Starts to accept. Both are borrowed until socket_server_free. */
void socket_server_start(socket_server *server, const scenario *s, recorder *r);
/* Ends all connections and threads. */
void socket_server_free(socket_server *server);

#endif
