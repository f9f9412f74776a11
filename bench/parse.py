"""What reading a feed costs, beside feedparser in the same run. Prints a table: CPU-ms a document, and ratios.

    python bench/parse.py [--rounds N]

feedparser runs as it comes (it sanitises and resolves links), and with both off. "sanitised" is `parse_feed` and
`safe_html` of every summary and content: what feedparser as it comes does too. Runs are interleaved, the median counts,
and time is this process's CPU time, so that a busy machine spoils little.
"""

import argparse
import io
from collections.abc import Callable
from statistics import geometric_mean, median
from time import process_time_ns

import feedparser
from documents import KINDS
from machine import heading

from syndication.articles.sanitize import safe_html
from syndication.sources.parse import parse_feed

URL = "https://harbour-daily.example/feed/"


def plain(data: bytes) -> object:
    return parse_feed(data, url=URL)


def sanitised(data: bytes) -> object:
    feed = parse_feed(data, url=URL)
    return [
        safe_html(html, base_url=entry.url or URL)
        for entry in feed.entries
        for html in (entry.summary_html, entry.content_html)
        if html
    ]


def feedparser_as_it_comes(data: bytes) -> object:
    return feedparser.parse(io.BytesIO(data), response_headers={"content-location": URL})


def feedparser_bare(data: bytes) -> object:
    headers = {"content-location": URL}
    return feedparser.parse(
        io.BytesIO(data), response_headers=headers, sanitize_html=False, resolve_relative_uris=False
    )


CONTENDERS: dict[str, Callable[[bytes], object]] = {
    "parse_feed": plain,
    "sanitised": sanitised,
    "feedparser": feedparser_as_it_comes,
    "feedparser, both off": feedparser_bare,
}


def measure(data: bytes, rounds: int) -> dict[str, float]:
    """CPU-ms of one document, the median of interleaved rounds."""
    taken: dict[str, list[float]] = {name: [] for name in CONTENDERS}
    for round in range(rounds + 1):
        for name, read in CONTENDERS.items():
            repeats = 1 if name.startswith("feedparser") else 10
            begun = process_time_ns()
            for _ in range(repeats):
                read(data)
            if round:  # the first warms up
                taken[name].append((process_time_ns() - begun) / 1e6 / repeats)
    return {name: median(each) for name, each in taken.items()}


def agreement(data: bytes) -> tuple[int, int]:
    """How many fields of entries read as feedparser reads them, and how many were compared."""
    ours = parse_feed(data, url=URL).entries
    theirs = feedparser.parse(io.BytesIO(data), sanitize_html=False, resolve_relative_uris=False).entries
    pairs = [pair for mine, other in zip(ours, theirs, strict=True) for pair in _fields(mine, other)]
    return sum(mine == other for mine, other in pairs), len(pairs)


def _fields(mine, other):  # type: ignore[no-untyped-def]
    contents = other.get("content")
    yield mine.id, other.get("id")
    yield mine.url, other.get("link")
    yield mine.title, other.get("title")
    yield (mine.content_html or mine.summary_html or "").strip(), (contents[0].value if contents else other.summary)
    yield tuple(person.name for person in mine.authors), tuple(each.name for each in other.get("authors", ()))
    yield mine.published and mine.published.timetuple()[:6], other.published_parsed[:6]
    yield mine.categories, tuple(dict.fromkeys(tag.term for tag in other.get("tags", ())))


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--rounds", type=int, default=15)
    rounds = options.parse_args().rounds
    print(heading("feedparser", "nh3", "lxml"), end="\n\n")
    print(f"{'CPU-ms a document':28}{''.join(f'{name:>22}' for name in CONTENDERS)}{'same fields':>16}")
    ratios: list[tuple[float, float, float]] = []
    for kind, make in KINDS.items():
        data = make()
        found = measure(data, rounds)
        same, of = agreement(data)
        label = f"{kind} ({len(data) // 1000} kB)"
        print(f"{label:36}"[:36] + "".join(f"{value:>20.2f}  " for value in found.values()) + f"{same}/{of}")
        whole, bare = found["feedparser"], found["feedparser, both off"]
        ratios.append((whole / found["parse_feed"], bare / found["parse_feed"], whole / found["sanitised"]))
    print(f"\n{'times feedparser':36}{'alone':>12}{'both off':>12}{'sanitised':>12}")
    for kind, ratio in zip(KINDS, ratios, strict=True):
        print(f"{kind:36}" + "".join(f"{value:>11.1f}×" for value in ratio))
    print(f"{'geometric mean':36}" + "".join(f"{geometric_mean(each):>11.1f}×" for each in zip(*ratios, strict=True)))
    print(f"{'wanted':36}" + "".join(f"{value:>11}×" for value in (20, 5, 8)))


if __name__ == "__main__":
    main()
