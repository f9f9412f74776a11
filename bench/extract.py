"""How well, and how fast, a page's story is found: ours beside trafilatura and readability, on pages of our own.

    .venv/bin/python bench/extract.py [--worst N] [--show NAME]

Shingles of four words, precision and recall averaged over pages, F1 of the two averages. One half of the themes was
written before the rules and is only ever scored. Peers that are not installed are left out.
"""

import argparse
import re
import statistics
import sys
import time
from collections import Counter
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent / "pages"))

from collection import Page, halves

from syndication import extract_article

Extractor = Callable[[str, str], str]


def ours(html: str, url: str) -> str:
    return extract_article(html, url).text


def peers() -> dict[str, Extractor]:
    found: dict[str, Extractor] = {}
    try:
        import trafilatura

        found["trafilatura"] = lambda html, url: trafilatura.extract(html, include_comments=False) or ""
        found["trafilatura, precision"] = lambda html, url: (
            trafilatura.extract(html, include_comments=False, favor_precision=True) or ""
        )
    except ImportError:
        pass
    try:
        import lxml.html
        from readability import Document

        found["readability"] = lambda html, url: "\n".join(
            str(piece) for piece in lxml.html.fromstring(Document(html).summary()).itertext()
        )
    except ImportError:
        pass
    return found


def shingles(text: str) -> Counter[tuple[str, ...]]:
    words = re.findall(r"\w+", text)
    return Counter(tuple(words[n : n + 4]) for n in range(max(1, len(words) - 3))) if words else Counter()


def score(gold: str, text: str) -> tuple[float, float]:
    """Precision and recall."""
    wanted, got = shingles(gold), shingles(text)
    both = (wanted & got).total()
    return both / got.total() if got else 0.0, both / wanted.total()


def measure(pages: list[Page], extractor: Extractor) -> tuple[list[tuple[float, float]], float]:
    """Scores, and CPU-ms for each 60 kB."""
    scores, spent, size = [], 0.0, 0
    for _, url, html, story in pages:
        started = time.process_time()
        text = extractor(html, url)
        spent += time.process_time() - started
        size += len(html)
        scores.append(score(story.gold, text))
    return scores, 1000 * spent * 60_000 / size


def line(name: str, scores: list[tuple[float, float]], ms: float) -> str:
    precision, recall = (statistics.mean(column) for column in zip(*scores, strict=True))
    f1 = 2 * precision * recall / (precision + recall)
    return f"  {name:<26} P {precision:.4f}  R {recall:.4f}  F1 {f1:.4f}  {ms:6.1f} CPU-ms a 60 kB"


def fields(pages: list[Page]) -> str:
    """How many pages told each field right; a page that states no date in a machine's form is not asked for it."""
    right: Counter[str] = Counter()
    for _, url, html, story in pages:
        extract = extract_article(html, url)
        right["title"] += extract.title == story.title
        right["byline"] += not story.byline or extract.byline == story.byline
        right["day"] += extract.date is not None and abs((extract.date - datetime.fromisoformat(story.date)).days) <= 1
    return "  " + ", ".join(f"{name} {count} of {len(pages)}" for name, count in right.items())


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--worst", type=int, default=0, help="name the N worst pages of ours")
    arguments.add_argument("--show", default="", help="print what was lost and what is foreign on this page")
    asked = arguments.parse_args()
    for half, pages in halves().items():
        ours(pages[0][2], pages[0][1])
        print(f"{half}: {len(pages)} pages, {len({page[0].partition('-')[0] for page in pages})} themes")
        scores, ms = measure(pages, ours)
        print(line("extract_article", scores, ms))
        for name, extractor in peers().items():
            extractor(pages[0][2], pages[0][1])
            print(line(name, *measure(pages, extractor)))
        print(fields(pages))
        for (p, r), page in sorted(zip(scores, pages, strict=True), key=lambda pair: sum(pair[0]))[: asked.worst]:
            print(f"    {page[0]:<28} P {p:.3f} R {r:.3f}")
        for name, url, html, story in pages:
            if name == asked.show:
                show(extract_article(html, url).text, story.gold)


def show(text: str, gold: str) -> None:
    wanted, got = ({" ".join(part.split()) for part in told.split("\n") if part.strip()} for told in (gold, text))
    print(*(f"    foreign: {part[:150]}" for part in got - wanted), sep="\n")
    print(*(f"    lost: {part[:150]}" for part in wanted - got), sep="\n")


if __name__ == "__main__":
    main()
