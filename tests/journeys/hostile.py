"""A partner that means harm: stories whose every part tries to run a script in a reader's browser or to phone home.

The attempts lie in `tests/corpus/hostile/`. Each calls `ran("its name")`, which a test defines in the page, or asks the
host evil.example for something.
"""

import json
import random
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from html import escape
from pathlib import Path
from types import TracebackType

from syndication.demo.server import Page, Server

EVIL = "http://evil.example"

FILE = Path(__file__).parents[1] / "corpus" / "hostile" / "attempts.txt"


def _attempts() -> dict[str, str]:
    _, *blocks = FILE.read_text(encoding="utf-8").split("\n=== ")
    named = (block.partition("\n") for block in blocks)
    return {name: html.replace("RAN()", f"ran('{name}')").replace("EVIL", EVIL) for name, _, html in named}


ATTEMPTS: Mapping[str, str] = _attempts()
"""Name -> HTML. At most thirty: of more news at once a partner is not believed, and they would be held."""

VOWELS, CONSONANTS = "aeiou", "bdfgklmnprstv"


def prose(seed: str) -> str:
    """Sentences that no other story has, so that each stays a story of its own."""
    draw = random.Random(seed)

    def word() -> str:
        return "".join(draw.choice(CONSONANTS) + draw.choice(VOWELS) for _ in range(draw.randint(2, 4)))

    return " ".join(f"The {' '.join(word() for _ in range(9))} was seen by nobody." for _ in range(6))


def body(name: str, slug: str) -> str:
    return f"<p>{prose(slug + name)}</p>{ATTEMPTS[name]}<p>{prose(name + slug)}</p>"


def title(name: str) -> str:
    return f"About {name} <script>ran('{name}')</script><img src=x onerror=ran('{name}')>"


BENIGN = "a quiet day"


class Partner:
    """Four sources on one host: RSS, Atom, JSON Feed, and pages behind a cut feed. Quiet, until told to `turn`."""

    def __init__(self) -> None:
        self._server = Server(self._look_up)
        self._names: Sequence[str] = ()
        self._began = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=1)
        self.home = f"http://127.0.0.1:{self._server.port}"
        self.address = f"127.0.0.1:{self._server.port}"

    def __enter__(self) -> "Partner":
        self._server.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.stop()

    def turn(self) -> None:
        self._names = tuple(ATTEMPTS)

    def feeds(self) -> Mapping[str, Callable[[], bytes]]:
        """By the slug of the source."""
        return {"rss": self._rss, "atom": self._atom, "json": self._json, "pages": self._cut}

    def sources(self) -> str:
        """For `publication.toml`: everything is granted, so that nothing is left out but by us."""
        return "\n".join(
            f'[partner.{slug}]\nname = "Partner {slug}"\nhomepage = "{self.home}/"\n'
            f'[source.{slug}]\npartner = "{slug}"\nurl = "{self.home}/{slug}"\npoll_minutes = 1\n'
            f'article_from = "{"page" if slug == "pages" else "feed"}"\n'
            f'[source.{slug}.rights]\ntext = "full"\nimages = "all"\n'
            f'[newsletter.{slug}]\ntitle = "From {slug}"\npartners = ["{slug}"]\nitems_max = 40\nzone = "ZONE"\n'
            for slug in self.feeds()
        )

    def _told(self, slug: str) -> list[tuple[str, str, str, datetime]]:
        """(title, body, link, date): the quiet story, and after the turn one for each payload."""
        quiet = (f"{slug}: {BENIGN}", f"<p>{prose(slug)}</p>", f"{self.home}/{slug}/quiet", self._began)
        harm = [
            (f"{slug}: {title(name)}", body(name, slug),
             f"{self.home}/{slug}/{number}", self._began + timedelta(minutes=number + 1))
            for number, name in enumerate(self._names)
        ]  # fmt: skip
        return [*reversed(harm), quiet]

    def _look_up(self, path: str) -> Page | None:
        slug, _, rest = path.strip("/").partition("/")
        if not rest and slug in self.feeds():
            kind = "application/feed+json" if slug == "json" else "application/xml"
            return Page(self.feeds()[slug](), kind, datetime.now(UTC))
        for name, html, link, at in self._told(slug) if slug in self.feeds() else ():
            if link == self.home + path:
                return Page(self._page(name, html, at).encode(), "text/html; charset=utf-8", at)
        return None

    def _rss(self, *, cut: bool = False, slug: str = "rss") -> bytes:
        items = "".join(
            f"<item><title>{escape(name)}</title><link>{escape(link)}</link>"
            f"<guid isPermaLink='false'>{escape(link)}</guid><pubDate>{format_datetime(at)}</pubDate>"
            f"<dc:creator>{escape(name)}</dc:creator><category>{escape(name)}</category>"
            f"<description>{escape(prose(link)[:200] + ' […]' if cut else html)}</description>"
            + ("" if cut else f"<content:encoded>{escape(html)}</content:encoded>")
            + f'<media:content url="{EVIL}/m.png" medium="image">'
            f"<media:credit>{escape(name)}</media:credit></media:content>"
            f"<enclosure url=\"javascript:ran('enclosure')\" length='1' type='text/html'/></item>"
            for name, html, link, at in self._told(slug)
        )
        return (
            '<?xml version="1.0"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" '
            'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:media="http://search.yahoo.com/mrss/"><channel>'
            f"<title>R</title><link>{self.home}</link><description>R</description>{items}</channel></rss>"
        ).encode()

    def _cut(self) -> bytes:
        return self._rss(cut=True, slug="pages")

    def _atom(self) -> bytes:
        entries = "".join(
            f"<entry><title type='html'>{escape(name)}</title><id>{escape(link)}</id><link href='{escape(link)}'/>"
            f"<link rel='related' href=\"javascript:ran('related')\"/><updated>{at.isoformat()}</updated>"
            f"<author><name>{escape(name)}</name><uri>javascript:ran('uri')</uri></author>"
            f"<content type='html' xml:base='javascript:ran(1)'>{escape(html)}</content></entry>"
            for name, html, link, at in self._told("atom")
        )
        return (
            '<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><title>A</title>'
            f"<id>{self.home}/atom</id><updated>{self._began.isoformat()}</updated>{entries}</feed>"
        ).encode()

    def _json(self) -> bytes:
        items = [
            {
                "id": link,
                "url": link,
                "external_url": "javascript:ran('external')",
                "title": name,
                "content_html": html,
                "summary": name,
                "image": f"{EVIL}/banner.png",
                "authors": [{"name": name, "url": "javascript:ran('author')"}],
                "tags": [name],
                "date_published": at.isoformat(),
            }
            for name, html, link, at in self._told("json")
        ]
        return json.dumps({"version": "https://jsonfeed.org/version/1.1", "title": "J", "items": items}).encode()

    def _page(self, name: str, html: str, at: datetime) -> str:
        data = {"@type": "NewsArticle", "headline": name, "author": {"name": name}, "datePublished": at.isoformat()}
        stated = json.dumps(data).replace("</", r"<\/")
        return (
            f"<!DOCTYPE html><html><head><title>{escape(name)}</title><script>ran('page')</script>"
            f'<script type="application/ld+json">{stated}</script>'
            f'<meta property="og:title" content="{escape(name)}"></head>'
            f"<body onload=ran('page')>"
            f"<article><h1>{escape(name)}</h1><p class=byline>By {escape(name)}</p>{html}</article></body></html>"
        )
