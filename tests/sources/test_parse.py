"""The corpus: one small file for each oddity met. Its first lines say `Oddity` and `Expect`; see tests/corpus/README.md."""

import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from syndication.errors import ParseError
from syndication.model.source import Enclosure, Origin, ParsedFeed, Person, Picture
from syndication.sources.parse import parse_feed

CORPUS = Path(__file__).parent.parent / "corpus" / "feeds"
URL = "https://harbour.example/news/feed"


@dataclass(frozen=True)
class Case:
    oddity: str
    expect: tuple[str, ...]
    headers: dict[str, str]


def the_case(path: Path) -> Case:
    data = path.read_bytes()
    if path.suffix == ".json":
        found = dict(re.findall(r'^\{?"_(\w+)": (.*),$', data.decode(), re.MULTILINE))
        return Case(json.loads(found["oddity"]), tuple(json.loads(found["expect"])), {})
    text = re.sub(rb"\A\xff\xfe", b"", data)
    if b"\0<" in text[:8] or b"<\0" in text[:8]:
        text = text.replace(b"\0", b"")
    lines = text.decode("utf-8", errors="surrogateescape").splitlines()
    said = [line.split(": ", 1) for line in lines if re.match(r"(Oddity|Header|Expect): ", line)]
    headers = {"Content-Type": value for name, value in said if name == "Header"}
    return Case(said[0][1], tuple(value for name, value in said if name == "Expect"), headers)


def holds(expectation: str, feed: ParsedFeed | ParseError) -> bool:
    def refused(word: str) -> bool:
        return isinstance(feed, ParseError) and word in str(feed)

    entries = () if isinstance(feed, ParseError) else feed.entries
    names = {"feed": feed, "entries": entries, "entry": entries[0] if entries else None, "refused": refused}
    names |= {"utc": lambda *parts: datetime(*parts, tzinfo=UTC), "Person": Person, "Picture": Picture}
    names |= {"Enclosure": Enclosure, "Origin": Origin}
    return bool(eval(expectation, names))


@pytest.mark.parametrize("path", sorted(CORPUS.iterdir()), ids=lambda path: path.name)
def test_a_corpus_file_reads_as_it_says(path: Path) -> None:
    case = the_case(path)
    assert case.expect, "a corpus file says what it expects"
    feed: ParsedFeed | ParseError
    try:
        feed = parse_feed(path.read_bytes(), url=URL, headers=case.headers)
    except ParseError as error:
        feed = error
    for expectation in case.expect:
        assert holds(expectation, feed), f"{case.oddity}\n{expectation}\n{feed!r}"
