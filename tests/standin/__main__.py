"""Starts the stand-in and prints its address. Ends on SIGTERM, SIGINT, or when its standard input is closed."""

import argparse
import os
import signal
import threading
from pathlib import Path

from tests.standin.server import StandIn


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.standin", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0: any free one")
    parser.add_argument("--log", type=Path, required=True, help="what was accepted, one JSON line a call")
    parser.add_argument("--key", default="", help="the only API key to take; any when absent")
    parser.add_argument("--verified", action="append", default=[], help="a sender address or domain; any when absent")
    parser.add_argument("--mails", type=Path, help="write the mail that each reader would get into this directory")
    parser.add_argument("--with-stdin", action="store_true", help="end when standard input ends")
    given = parser.parse_args()
    server = StandIn(given.port, given.log, key=given.key, verified=given.verified, mails_in=given.mails)

    def stop(*_: object) -> None:
        threading.Thread(target=server.stop, daemon=True).start()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    if given.with_stdin:
        threading.Thread(target=lambda: (_read_to_the_end(0), stop()), daemon=True).start()
    print(f"http://127.0.0.1:{server.server_port}", flush=True)
    server.run()


def _read_to_the_end(handle: int) -> None:
    # Unbuffered: a thread that waits inside sys.stdin would hold up the interpreter's end.
    while os.read(handle, 4096):
        pass


main()
