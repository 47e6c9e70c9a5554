"""A Redis in memory on loopback, as far as Letta needs one: background streams, cancellation, conversation locks."""

import sys

from fakeredis import TcpFakeServer

TcpFakeServer.allow_reuse_address = True
TcpFakeServer.daemon_threads = True
TcpFakeServer(("127.0.0.1", int(sys.argv[1]))).serve_forever()
