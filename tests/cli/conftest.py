"""An operator at the command line: a directory with a configuration, a partner on loopback, and the real commands."""

import json
import os
import shutil
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from syndication.cli.app import main
from tests.world import item, rss


@dataclass
class Said:
    """What a command said, and its exit code."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


class Partner:
    """A host on loopback that serves what it is given, by path. It is slow where it is told to be."""

    def __init__(self) -> None:
        self.pages: dict[str, tuple[int, str, bytes]] = {}
        self.asked: list[str] = []
        self.hold: dict[str, threading.Event] = {}
        partner = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                partner.asked.append(self.path)
                if self.path in partner.hold:
                    partner.hold[self.path].wait(20)
                status, type, body = partner.pages.get(self.path, (404, "text/plain", b"nothing here"))
                self.send_response(status)
                self.send_header("Content-Type", type)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                """Nobody reads it."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self._server.server_port}"

    def url(self, path: str) -> str:
        return f"http://{self.address}{path}"

    def puts(self, path: str, body: str, *, type: str = "application/rss+xml", status: int = 200) -> None:
        self.pages[path] = (status, type, body.encode())

    def lists(self, *stories: int, path: str = "/feed", title: str = "Harbour Daily") -> None:
        """A feed of these stories, each with a text of its own. They are of today, because old ones are no news."""
        links = {n: self.url(f"/news/{n}") for n in stories}
        hours = {n: datetime.now(UTC).replace(minute=0, second=0) - timedelta(hours=24 - n) for n in stories}
        dated = (item(n, link=link, date=format_datetime(hours[n], usegmt=True)) for n, link in links.items())
        self.puts(path, rss(*dated, title=title))

    def close(self) -> None:
        for held in self.hold.values():
            held.set()
        self._server.shutdown()
        self._server.server_close()


class Attic:
    """Data directories that were made once in this process, to be copied: making them takes longer than most tests."""

    def __init__(self, folder: Path, empty: Path) -> None:
        self._folder = folder
        self._kept: dict[str, Path] = {}
        (folder / "empty").mkdir()
        shutil.copy(empty, folder / "empty" / "syndication.db")
        self._kept[""] = folder / "empty"

    def bring(self, publication: str, data: Path) -> bool:
        """Put a copy there, unless there is something; answers whether that is there now. "": only the schema."""
        if publication not in self._kept:
            return False
        if not data.exists():
            shutil.copytree(self._kept[publication], data)
            data.chmod(0o700)
        return True

    def keep(self, publication: str, data: Path) -> None:
        if "SYNDICATION__DATABASE__URL" not in os.environ:
            self._kept[publication] = Path(shutil.copytree(data, self._folder / str(len(self._kept))))


class Operator:
    """Types commands, in a directory of its own."""

    def __init__(self, folder: Path, partner: Partner, capsys: pytest.CaptureFixture[str], attic: Attic) -> None:
        self.folder, self.partner, self._capsys, self._attic = folder, partner, capsys, attic

    def __call__(self, *arguments: object) -> Said:
        """In this process: the same function that the console script calls."""
        self._capsys.readouterr()
        with pytest.raises(SystemExit) as left:
            main([str(argument) for argument in arguments])
        captured = self._capsys.readouterr()
        return Said(int(left.value.code or 0), captured.out, captured.err)

    def command(self, *arguments: object) -> list[str]:
        """The same as a process of its own."""
        return [sys.executable, "-m", "syndication", *map(str, arguments)]

    def writes(self, name: str, text: str) -> Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    def settings(self, text: str = "") -> Path:
        return self.writes("config/syndication.toml", f'[outbound]\nallow = ["{self.partner.address}"]\n{text}')

    def publication(self, more: str = "", *, newsletter: str = "") -> Path:
        return self.writes(
            "config/publication.toml",
            f"""[publication]
title = "The Daily Harvest"
publisher = "Harvest Press"
address = "1 Quay Street, Harbourtown"
privacy_url = "https://news.example.org/privacy"
contact = "desk@example.org"

[topic.harbour]
title = "Harbour"
words = ["ferry"]

[partner.harbour]
name = "Harbour Daily"
homepage = "http://{self.partner.address}/"

[source.harbour]
partner = "harbour"
url = "{self.partner.url("/feed")}"

[feed.all]
title = "Everything"

[newsletter.morning]
title = "The Morning Harvest"
{newsletter}
{more}""",
        )

    def sets_up(self, **publication: str) -> None:
        """A database with the publication in it."""
        self.publication(**publication)
        self._attic.bring("", self.folder / "data")
        assert self("apply").code == 0

    def has_news(self, readers: int = 0, **publication: str) -> None:
        """As `sets_up`, with a first poll behind it and a second that brought stories 2 and 3."""
        text, data = self.publication(**publication).read_text(), self.folder / "data"
        if "SYNDICATION__DATABASE__URL" in os.environ or not self._attic.bring(text, data):
            self.sets_up(**publication)
            for stories in ((1,), (3, 2, 1)):
                self.partner.lists(*stories)
                assert self("source", "poll", "harbour").code == 0
            self._attic.keep(text, data)
        for n in range(readers):
            self.subscribes(f"reader{n}@readers.example")

    def subscribes(self, address: str) -> None:
        assert self("subscriber", "add", address, "-n", "morning", "--consent", "at the fair").code == 0


@pytest.fixture(scope="session")
def attic(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Attic:
    return Attic(tmp_path_factory.mktemp("attic"), sqlite_template)


@pytest.fixture(scope="session")
def one_partner() -> Iterator[Partner]:
    """One for all tests, because its address stands in the directories of the attic."""
    host = Partner()
    yield host
    host.close()


@pytest.fixture
def partner(one_partner: Partner) -> Iterator[Partner]:
    yield one_partner
    for held in one_partner.hold.values():
        held.set()
    for kept in (one_partner.pages, one_partner.asked, one_partner.hold):
        kept.clear()


@pytest.fixture
def operator(
    tmp_path: Path,
    partner: Partner,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    attic: Attic,
) -> Operator:
    """In an empty directory, with settings that let the partner be reached."""
    folder = tmp_path / "house"
    folder.mkdir()
    monkeypatch.chdir(folder)
    for name in ("SYNDICATION_CONFIG", "SYNDICATION_DATA", "SYNDICATION__DATABASE__URL", "NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    seated = Operator(folder, partner, capsys, attic)
    seated.settings()
    return seated


@pytest.fixture
def on_both(operator: Operator, database_url: str, monkeypatch: pytest.MonkeyPatch) -> Operator:
    """The operator on each of the two engines."""
    monkeypatch.setenv("SYNDICATION__DATABASE__URL", database_url)
    return operator


@pytest.fixture
def rows(operator: Operator) -> Callable[[str], list[tuple[Any, ...]]]:
    """Looks into the SQLite file behind the commands' back."""
    import sqlite3

    def ask(query: str) -> list[tuple[Any, ...]]:
        connection = sqlite3.connect(operator.folder / "data" / "syndication.db")
        try:
            return connection.execute(query).fetchall()
        finally:
            connection.close()

    return ask
