"""A PostgreSQL of one's own for a bench or a storm, on a free port, as safe as it comes: `fsync` is on."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.conftest import free_port


@contextmanager
def postgres() -> Iterator[str]:
    """The URL, less the database's name."""
    binaries = sorted(Path("/usr/lib/postgresql").glob("*/bin"))[-1]
    home = Path(tempfile.mkdtemp(prefix="private-pg-"))
    run: list[str | Path] = []
    if os.geteuid() == 0:
        account = pwd.getpwnam("postgres")
        os.chown(home, account.pw_uid, account.pw_gid)
        run = ["setpriv", f"--reuid={account.pw_uid}", f"--regid={account.pw_gid}", "--clear-groups"]
    run += ["env", "-C", str(home), "LC_ALL=C.UTF-8"]
    data, port = home / "data", free_port()
    made = [binaries / "initdb", "-D", data, "-U", "house", "--auth=trust", "-E", "UTF8"]
    subprocess.run([*run, *made], check=True, capture_output=True)
    options = f"-c listen_addresses=127.0.0.1 -c port={port} -c unix_socket_directories={home}"
    start = [binaries / "pg_ctl", "-D", data, "-o", options, "-l", home / "log", "-w", "start"]
    subprocess.run([*run, *start], check=True, capture_output=True)
    try:
        yield f"postgresql+psycopg://house@127.0.0.1:{port}/"
    finally:
        stop = [binaries / "pg_ctl", "-D", data, "-m", "immediate", "stop"]
        subprocess.run([*run, *stop], check=True, capture_output=True)
        shutil.rmtree(home)
