"""The service as an operator has it: a directory with two files, `python -m syndication run`, and commands beside it.

Its processes are real and its own; whoever starts one stops it by its process id. What a test waits for it awaits by
looking, often and for long: a busy machine is slow, and a slow service is not a wrong one.
"""

import http.client
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from types import TracebackType
from typing import Any, TypeVar
from urllib.parse import urlencode, urlsplit

from syndication.demo import world
from syndication.demo.partners import Partners
from syndication.model.edition import EditionState
from syndication.storage import editions, schema, sources
from syndication.wiring import House
from tests.conftest import free_port

T = TypeVar("T")

PATIENCE_SECONDS = 120.0
LOOK_SECONDS = 0.05
QUICK = {"SYNDICATION__WORK__RECONCILE_SECONDS": "1", "SYNDICATION__WORK__POLL_TICK_SECONDS": "0.5"}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def until(
    what: str, look: Callable[[], T], seconds: float = PATIENCE_SECONDS, *, look_seconds: float = LOOK_SECONDS
) -> T:
    """What `look` finds, as soon as that is something."""
    end = time.monotonic() + seconds
    while not (found := look()):
        assert time.monotonic() < end, f"{what} did not come within {seconds:.0f} seconds"
        time.sleep(look_seconds)
    return found


def quiet_zone() -> str:
    """A zone in which it is between eleven and twelve in the morning: no sample newsletter is due while a test runs."""
    ahead = 11 - datetime.now(UTC).hour
    return f"Etc/GMT{-ahead:+d}" if ahead else "UTC"  # of these zones' names the sign is the other way round


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()


@dataclass
class Service:
    """One installation. A `with` starts it and stops it."""

    directory: Path
    partners: Partners
    publication: str = ""
    """`publication.toml`; empty: the sample one."""
    database_url: str = ""
    allow: tuple[str, ...] = ()
    environment: Mapping[str, str] = field(default_factory=dict)
    process: "subprocess.Popen[bytes] | None" = None

    def __post_init__(self) -> None:
        public, private = f"127.0.0.1:{free_port()}", f"127.0.0.1:{free_port()}"
        self.base, self.private = f"http://{public}", f"http://{private}"
        self.config, self.data = self.directory / "config" / "syndication.toml", self.directory / "data"
        self.config.parent.mkdir(parents=True)
        publication = self.publication or world.publication_toml(self.partners, zone=quiet_zone())
        (self.config.parent / "publication.toml").write_text(publication, encoding="utf-8")
        allow = (*self.partners.addresses, public, private, *self.allow)
        settings = world.syndication_toml(listen=public, private_listen=private, base_url=self.base, allow=allow)
        log = f'\n[log]\nfile = "{self.directory / "service.log"}"\nterminal = false\n'
        database = f'\n[database]\nurl = "{self.database_url}"\n'
        self.config.write_text(settings + log + database, encoding="utf-8")

    def __enter__(self) -> "Service":
        self.start()
        try:
            self.wait_ready()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        status = self.stop()
        assert error or status == 0, f"the service left with {status}: {self.said()}"

    # -- its processes

    def start(self) -> None:
        with (self.directory / "console").open("ab") as console:
            self.process = subprocess.Popen(
                self._command("run"), env=self._environment(), stdout=console, stderr=console, start_new_session=True
            )

    def wait_ready(self) -> None:
        until("the service", self._ready)

    def _ready(self) -> bool:
        assert self.process is None or self.process.poll() is None, f"the service ended: {self.said()}"
        try:
            return self.get("/readyz").status == 200
        except OSError:
            return False

    def stop(self) -> int | None:
        """Ask it to leave; what does not leave in time is killed, with all that it started. Answers its status."""
        if self.process is None:
            return None
        process, self.process = self.process, None
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
        try:
            return process.wait(60)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            return process.wait(10)

    def said(self) -> str:
        """The end of what it said, for when it went wrong."""
        files = (self.directory / "console", self.directory / "service.log")
        return "\n".join(path.read_text(errors="replace")[-3000:] for path in files if path.exists())

    # -- its commands

    def command(self, *arguments: str, status: int = 0) -> str:
        """What a command wrote to standard output."""
        done = subprocess.run(
            self._command(*arguments), env=self._environment(), capture_output=True, text=True, timeout=PATIENCE_SECONDS
        )
        assert done.returncode == status, f"{arguments} ended with {done.returncode}: {done.stdout}{done.stderr}"
        return done.stdout

    def asked(self, *arguments: str, status: int = 0) -> Any:
        """The same, as data."""
        return json.loads(self.command(*arguments, "--json", status=status))

    def _command(self, *arguments: str) -> list[str]:
        options = ["--config", str(self.config), "--data", str(self.data)]
        return [sys.executable, "-m", "syndication", *options, *arguments]

    def _environment(self) -> dict[str, str]:
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("SYNDICATION")}
        return {**inherited, "NO_COLOR": "1", **QUICK, **self.environment}

    # -- its doors

    def ask(
        self,
        method: str,
        url: str,
        fields: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """`url` is a whole address, or a path of the public listener. No cookies, no redirects."""
        parts = urlsplit(url if "://" in url else self.base + url)
        connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=PATIENCE_SECONDS)
        try:
            body = None if fields is None else urlencode(fields, doseq=True)
            given = ({} if fields is None else FORM) | dict(headers or {})
            path = f"{parts.path}?{parts.query}" if parts.query else parts.path
            connection.request(method, path, body, given)
            answer = connection.getresponse()
            named = {name.lower(): value for name, value in answer.getheaders()}
            return Answer(answer.status, named, answer.read())
        finally:
            connection.close()

    def get(self, url: str, headers: Mapping[str, str] | None = None) -> Answer:
        return self.ask("GET", url, headers=headers)

    # -- its rows, read and sometimes nudged by a guest

    def house(self) -> House:
        """A guest beside the service; close it."""
        return House.open(self.config, self.data)

    def rows(self, table: str) -> list[dict[str, Any]]:
        house = self.house()
        try:
            with house.database.read() as connection:
                return [dict(row._mapping) for row in connection.execute(getattr(schema, table).select())]
        finally:
            house.close()

    def consent(self, address: str) -> set[str]:
        """The states of an address's subscriptions."""
        ids = {row["id"] for row in self.rows("subscriber") if row["address"] == address}
        return {row["state"] for row in self.rows("subscription") if row["subscriber_id"] in ids}

    # -- what happens in a day

    def wait_first_polls(self) -> None:
        """What is there at the first poll is published and never mailed."""
        count = len(self.partners.houses)
        until("the first polls", lambda: sum(row["last_ok_at"] is not None for row in self.rows("source")) >= count)

    def collect(self, *titles: str) -> None:
        """Poll, and wait for these stories. The service polls too, so either may be the one that brings them."""
        self.command("source", "poll", "--all")
        wanted = set(titles)
        until(", ".join(titles), lambda: wanted <= {row["title"] for row in self.rows("article_revision")})

    def wait_published(self) -> None:
        """Every feed is built, and the listener has it."""
        until("the feeds", lambda: all(row["stale"] == 0 for row in self.rows("feed")))
        wanted = {(row["feed_id"], row["format"]): row["etag"] for row in self.rows("feed_snapshot")}
        slugs = {row["id"]: row["slug"] for row in self.rows("feed")}
        for (feed_id, format), etag in wanted.items():
            path = f"/feeds/{slugs[feed_id]}.{format}"
            until(f"{path} as built", lambda path=path, etag=etag: etag in self.get(path).headers.get("etag", ""))

    def mail_edition(self, newsletter: str = "morning") -> int:
        """Build an edition now, as an editor does, and wait until everybody has it."""
        edition_id: int = self.asked("edition", "build", newsletter)["id"]
        until("the edition", lambda: self.state_of(edition_id) is EditionState.SETTLED)
        return edition_id

    def state_of(self, edition_id: int) -> EditionState | None:
        house = self.house()
        try:
            with house.database.read() as connection:
                found = editions.get(connection, edition_id)
            return found.state if found else None
        finally:
            house.close()

    def mails(self, to: str) -> list[EmailMessage]:
        """What lies in the outbox for an address, the newest first."""
        house = self.house()
        ids = [mail.id for mail in house.spool.listing(10_000) if mail.to == to]
        house.close()
        return [self.mail(mail_id) for mail_id in ids]

    def mail(self, mail_id: str) -> EmailMessage:
        data = self.get(f"{self.private}/outbox/{mail_id}/mail.eml").body
        message = message_from_bytes(data, policy=policy.default)
        assert isinstance(message, EmailMessage)
        return message


def make_all_due(house: House, now: datetime) -> None:
    with house.database.write() as connection:
        for row in sources.listing(connection):
            sources.make_due(connection, row.source.slug, now)
