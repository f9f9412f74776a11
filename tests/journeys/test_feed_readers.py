"""The published feeds in programs that people read feeds with: every story arrives, with its link, author and date.

newsboat reads the folder that `feed publish` wrote and the addresses that the service answers at; sfeed and feedparser
read both forms of XML, `reader` all three over HTTP; the JSON Feed is read by its description too
(https://www.jsonfeed.org/version/1.1/). curl keeps validators and asks again.
"""

import gzip
import json
import os
import shutil
import sqlite3
import subprocess
from calendar import timegm
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

import feedparser
import pytest
from reader import make_reader

from syndication.demo.partners import Partners
from syndication.demo.stories import STORIES
from tests.conftest import needs
from tests.journeys.service import Service

pytestmark = pytest.mark.timeout(300)

NEWSBOAT, SFEED, CURL = shutil.which("newsboat"), shutil.which("sfeed"), shutil.which("curl")
FORMATS = ("rss", "atom", "json")


class Told(NamedTuple):
    """A story as a feed reader lists it; the date in seconds since 1970."""

    title: str
    link: str
    author: str
    at: int


class Library(NamedTuple):
    service: Service
    folder: Path
    """What `feed publish --to` made."""
    stories: frozenset[Told]

    def address(self, way: str, format: str) -> str:
        root = f"file://{self.folder}" if way == "folder" else self.service.base
        return f"{root}/feeds/all.{format}"

    def data(self, way: str, format: str) -> bytes:
        if way == "folder":
            return (self.folder / "feeds" / f"all.{format}").read_bytes()
        return self.service.get(f"/feeds/all.{format}").body


@pytest.fixture(scope="module")
def library(partners: Partners, service: Service, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    partners.publish(1)
    service.collect(*(story.title for story in STORIES if story.wave == 1))
    service.wait_published()
    folder = tmp_path_factory.mktemp("public")
    service.command("feed", "publish", "--to", str(folder))
    yield Library(service, folder, expected(service, partners))


def expected(service: Service, partners: Partners) -> frozenset[Told]:
    """From the samples as they were written: one line a story, told by its originator; Hill Post's are read there."""
    rows = {row["id"]: row for row in service.rows("article")}
    ids = {row["title"]: row["article_id"] for row in service.rows("article_revision")}
    houses = {house.slug: house for house in partners.houses}
    return frozenset(
        Told(
            title=story.title,
            link=(
                houses[story.partner].url_of(story)
                if story.partner == "hill-post"
                else f"{service.base}/articles/{ids[story.title]}"
            ),
            author=story.byline,
            at=timegm(rows[ids[story.title]]["published_at"].utctimetuple()),
        )
        for story in STORIES
        if story.wave <= 1 and not story.originator
    )


def test_the_folder_holds_the_same_bytes_as_the_service_answers(library: Library) -> None:
    def stamps() -> dict[Path, int]:
        return {path: path.stat().st_mtime_ns for path in library.folder.rglob("*") if path.is_file()}

    before = stamps()
    again = library.service.asked("feed", "publish", "--to", str(library.folder))
    assert again["written"] == [] and stamps() == before, "what is the same is left alone"
    listed = {f"feeds/{row['feed']}.{row['format']}" for row in library.service.asked("feed", "list")}
    assert {f"feeds/all.{format}" for format in FORMATS} <= listed <= set(again["unchanged"])
    for path in again["unchanged"]:
        assert (library.folder / path).read_bytes() == library.service.get(f"/{path}").body, path
    for path in listed:
        assert gzip.decompress((library.folder / f"{path}.gz").read_bytes()) == (library.folder / path).read_bytes()
    feeds = library.folder / "feeds"
    assert not [path for path in feeds.rglob("*") if path.name.startswith(".")], "nothing half-written stays"


@pytest.mark.parametrize("way", ["folder", "http"])
@pytest.mark.parametrize("format", ["rss", "atom"])
def test_newsboat_lists_every_story(library: Library, tmp_path: Path, way: str, format: str) -> None:
    needs(NEWSBOAT, "newsboat (Debian: newsboat)")
    (tmp_path / "urls").write_text(library.address(way, format) + "\n")
    (tmp_path / "config").write_text("auto-reload no\ndownload-timeout 60\n")
    subprocess.run(
        [
            str(NEWSBOAT),
            "-C",
            tmp_path / "config",
            "-u",
            tmp_path / "urls",
            "-c",
            tmp_path / "cache.db",
            "-x",
            "reload",
        ],
        env={**os.environ, "HOME": str(tmp_path)},
        check=True,
        timeout=120,
        capture_output=True,
    )
    with closing(sqlite3.connect(tmp_path / "cache.db")) as cache:
        items = cache.execute("SELECT title, url, author, pubDate FROM rss_item").fetchall()
        assert frozenset(Told(*item) for item in items) == library.stories and len(items) == len(library.stories)
        assert cache.execute("SELECT title, url FROM rss_feed").fetchall() == [
            ("The Long Shore", f"{library.service.base}/")
        ]


@pytest.mark.parametrize("way", ["folder", "http"])
@pytest.mark.parametrize("format", ["rss", "atom"])
def test_sfeed_lists_every_story(library: Library, way: str, format: str) -> None:
    needs(SFEED, "sfeed (Debian: sfeed)")
    said = subprocess.run(
        [str(SFEED), library.service.base], input=library.data(way, format), check=True, timeout=60, capture_output=True
    )
    rows = [line.split("\t") for line in said.stdout.decode().splitlines()]
    found = [Told(title=row[1], link=row[2], author=row[6], at=int(row[0])) for row in rows]
    assert frozenset(found) == library.stories and len(found) == len(library.stories)
    assert all(row[3] and row[4] == "html" for row in rows), "each has something to read"
    assert len({row[5] for row in rows}) == len(rows), "and an id of its own"


@pytest.mark.parametrize("format", FORMATS)
def test_reader_follows_a_feed_and_finds_nothing_new_the_second_time(library: Library, format: str) -> None:
    url = f"{library.service.base}/feeds/all.{format}"
    with closing(make_reader(":memory:")) as reader:
        reader.add_feed(url)
        reader.update_feeds()
        feed = reader.get_feed(url)
        assert (feed.title, feed.link, feed.last_exception) == ("The Long Shore", f"{library.service.base}/", None)
        entries = list(reader.get_entries())
        found = [Told(one.title, one.link, one.author, timegm(one.published.utctimetuple())) for one in entries]
        assert frozenset(found) == library.stories and len(found) == len(library.stories)
        assert all(one.content or one.summary for one in entries)
        again = reader.update_feed(url)
        assert again is None or (again.new, again.modified) == (0, 0)


@pytest.mark.parametrize("format", FORMATS)
def test_curl_asks_again_by_tag_and_by_date_and_gets_no_bytes(library: Library, tmp_path: Path, format: str) -> None:
    needs(CURL, "curl (Debian: curl)")
    url, kept, tag = f"{library.service.base}/feeds/all.{format}", tmp_path / "kept", tmp_path / "tag"

    def curl(*options: object) -> tuple[str, str]:
        command = [str(CURL), "-sS", "--noproxy", "*", "--max-time", "60", "-w", "%{http_code} %{size_download}"]
        said = subprocess.run([*command, *map(str, options), url], check=True, timeout=90, capture_output=True)
        status, size = said.stdout.decode().split()
        return status, size

    for coding in ([], ["--compressed"]):
        status, _ = curl(*coding, "-R", "-o", kept, "--etag-save", tag)
        assert (status, kept.read_bytes()) == ("200", library.data("http", format))
        assert curl(*coding, "-o", tmp_path / "none", "--etag-compare", tag) == ("304", "0")
        assert curl(*coding, "-o", tmp_path / "none", "-z", kept) == ("304", "0")


@pytest.mark.parametrize("way", ["folder", "http"])
@pytest.mark.parametrize("format", ["rss", "atom"])
def test_feedparser_reads_every_story(library: Library, way: str, format: str) -> None:
    parsed = feedparser.parse(library.data(way, format))
    assert not parsed.bozo and parsed.feed.title == "The Long Shore"
    found = [Told(one.title, one.link, one.author, timegm(one.published_parsed)) for one in parsed.entries]
    assert frozenset(found) == library.stories and len(found) == len(library.stories)
    assert [one.at for one in found] == sorted((one.at for one in found), reverse=True), "the newest first"
    assert len({one.id for one in parsed.entries}) == len(found)
    assert all(one.get("content") or one.summary for one in parsed.entries)


@pytest.mark.parametrize("way", ["folder", "http"])
def test_the_json_feed_has_every_story(library: Library, way: str) -> None:
    feed = json.loads(library.data(way, "json"))
    assert feed["version"] == "https://jsonfeed.org/version/1.1" and feed["title"] == "The Long Shore"
    assert feed["feed_url"] == f"{library.service.base}/feeds/all.json"
    found = [
        Told(item["title"], item["url"], item["authors"][0]["name"], round(seconds(item["date_published"])))
        for item in feed["items"]
    ]
    assert frozenset(found) == library.stories and len(found) == len(library.stories)
    for item in feed["items"]:
        assert isinstance(item["id"], str) and item["id"] and item["content_html"]
        assert seconds(item["date_modified"]) >= seconds(item["date_published"])


def seconds(rfc3339: str) -> float:
    moment = datetime.fromisoformat(rfc3339)
    assert moment.tzinfo is not None
    return moment.timestamp()


@pytest.mark.parametrize("format", FORMATS)
def test_a_reader_that_asks_again_gets_no_bytes(library: Library, format: str) -> None:
    first = library.service.get(f"/feeds/all.{format}")
    for condition in ({"If-None-Match": first.headers["etag"]}, {"If-Modified-Since": first.headers["last-modified"]}):
        again = library.service.get(f"/feeds/all.{format}", condition)
        assert (again.status, again.body) == (304, b"") and again.headers["etag"] == first.headers["etag"]
