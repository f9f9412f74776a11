"""A private Postfix: own configuration, queue and port. Mail to `news.example` comes to a Maildir, mail to the domains
given goes on to another host, everything else is accepted and thrown away. Root starts it; its own users do the work.
"""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType

BIN = Path("/usr/sbin/postfix")

MAIN = """
compatibility_level = 3.6
queue_directory = {home}/queue
data_directory = {home}/data
maillog_file = {home}/log/postfix.log
maillog_file_prefixes = {home}
mail_owner = postfix
setgid_group = postdrop
myhostname = relay.example
mydestination =
mynetworks = 127.0.0.0/8
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
smtpd_peername_lookup = no
smtpd_client_connection_count_limit = 0
recipient_delimiter = +
default_transport = discard:
transport_maps = {routes}
virtual_mailbox_domains = news.example
virtual_mailbox_base = {home}/mail
virtual_mailbox_maps = inline:{{ {{ bounces@news.example = box/ }}, {{ leave@news.example = box/ }} }}
virtual_uid_maps = static:{uid}
virtual_gid_maps = static:{gid}
virtual_minimum_uid = 1
bounce_queue_lifetime = 1h
"""
MASTER = """
127.0.0.1:{port} inet n - n - - smtpd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
proxymap unix - - n - - proxymap
anvil unix - - n - 1 anvil
smtp unix - - n - - smtp
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
virtual unix - n n - - virtual
postlog unix-dgram n - n - 1 postlogd
"""


def can_run() -> bool:
    """Root and the package are needed."""
    return BIN.exists() and os.geteuid() == 0


class Postfix:
    """`routes`: ports on this machine, by recipient domain."""

    def __init__(self, routes: Mapping[str, int] = MappingProxyType({})) -> None:
        self._routes = ", ".join(f"{{ {domain} = smtp:[127.0.0.1]:{port} }}" for domain, port in routes.items())

    def __enter__(self) -> "Postfix":
        self.home = Path(tempfile.mkdtemp(prefix="postfix-", dir="/tmp"))
        self.home.chmod(0o755)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        owner, nobody = pwd.getpwnam("postfix"), pwd.getpwnam("nobody")
        for name in ("queue", "etc", "log"):
            (self.home / name).mkdir()
        for name, user in (("data", owner), ("mail", nobody)):
            (self.home / name).mkdir()
            os.chown(self.home / name, user.pw_uid, user.pw_gid)
        routes = f"inline:{{ {self._routes} }}" if self._routes else ""
        given = {"routes": routes, "home": self.home, "port": self.port, "uid": nobody.pw_uid, "gid": nobody.pw_gid}
        (self.home / "etc" / "main.cf").write_text(MAIN.format(**given))
        (self.home / "etc" / "master.cf").write_text(MASTER.format(**given))
        self._run("start")
        self.wait(self._knocks, "an open port")
        return self

    def __exit__(self, *_: object) -> None:
        self._run("stop")
        shutil.rmtree(self.home, ignore_errors=True)

    @property
    def box(self) -> Path:
        return self.home / "mail" / "box"

    def wait_for_mails(self, count: int) -> None:
        self.wait(lambda: len(list((self.box / "new").glob("*"))) >= count, f"{count} mails in the box")

    def _run(self, what: str) -> None:
        done = subprocess.run([BIN, "-c", self.home / "etc", what], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr + done.stdout

    def _knocks(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    def wait(self, found: Callable[[], bool], what: str) -> None:
        until = time.monotonic() + 30
        while not found():
            log = self.home / "log" / "postfix.log"
            assert time.monotonic() < until, f"no {what}: {log.read_text()[-2000:] if log.exists() else ''}"
            time.sleep(0.05)
