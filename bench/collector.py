"""Polls 500 sources again and again, as a load for others to be measured under, until its standard input ends.

The hosts that it asks are a process of their own, on whatever core is free.
"""

import os
import subprocess
import sys
import threading
from pathlib import Path
from tempfile import TemporaryDirectory

from contenders import Product

SOURCES = 500


def main() -> None:
    command = [
        "taskset",
        "-c",
        f"0-{(os.cpu_count() or 1) - 1}",
        sys.executable,
        str(Path(__file__).parent / "hosts.py"),
    ]
    hosts = subprocess.Popen([*command, str(SOURCES)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert hosts.stdin and hosts.stdout
    port = int(hosts.stdout.readline())
    over = threading.Event()
    threading.Thread(target=lambda: (sys.stdin.read(), over.set()), daemon=True).start()
    with TemporaryDirectory() as directory:
        product = Product(Path(directory), port, SOURCES)
        product.poll()
        print("polling", flush=True)
        turn = 0
        while not over.is_set():
            hosts.stdin.write(f"round {turn % 10}\n")
            hosts.stdin.flush()
            hosts.stdout.readline()
            product.poll()
            turn += 1
    hosts.stdin.close()
    hosts.wait(20)


if __name__ == "__main__":
    main()
