"""Runs the ClickHouse server inside libchdb.so: clickhouse-server.py LIBRARY ARGUMENT...

The arguments are those of clickhouse-local. It must run on the main thread's own stack, which a Node addon can't give.
With ENDS_WITH_INPUT=1 it is killed when its standard input ends: when whoever started it is gone, however that went.
"""

import ctypes
import os
import signal
import sys
import threading


def end_with_input():
    while os.read(0, 4096):
        pass
    os.kill(os.getpid(), signal.SIGKILL)


def main():
    library, arguments = sys.argv[1], [b"clickhouse-local", *map(os.fsencode, sys.argv[2:])]
    if os.environ.get("ENDS_WITH_INPUT") == "1":
        threading.Thread(target=end_with_input, daemon=True).start()
    chdb = ctypes.CDLL(library, mode=ctypes.RTLD_GLOBAL)
    chdb.chdb_query_cmdline.restype = ctypes.c_void_p
    chdb.chdb_result_error.restype = ctypes.c_char_p
    chdb.chdb_result_error.argtypes = [ctypes.c_void_p]
    result = chdb.chdb_query_cmdline(len(arguments), (ctypes.c_char_p * len(arguments))(*arguments))
    error = chdb.chdb_result_error(result)
    if error:
        sys.exit(error.decode(errors="replace"))


main()
