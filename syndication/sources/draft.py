"""An entry, and a feed, while they are being read: what the dialects fill in, field by field. Out: the model's values.

A field that is met again keeps its first value unless the dialect says otherwise. Lists are bounded here.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from syndication.model.source import Enclosure, Entry, Origin, ParsedFeed, Person, Picture, SetAside
from syndication.sources.dates import parse_date
from syndication.sources.links import resolve_html
from syndication.sources.text import one_line

LIST_MAX = 50
"""Authors, enclosures, pictures and categories of one entry, each."""
CATEGORY_CHARACTERS_MAX = 200
LENGTH_MAX = 1 << 40
"""A file beside an entry that claims to be larger than a tebibyte claims nothing."""


@dataclass(slots=True)
class Draft:
    language: str | None = None
    more_language: str | None = None
    """Of its title, say: where the entry as a whole is not said to be in any."""
    id: str | None = None
    url: str | None = None
    original_url: str | None = None
    """The publisher's own page, where a middleman's address stands in the link."""
    permalink: str | None = None
    """A guid that may serve as the link when there is none."""
    guess: str | None = None
    """An id that looks like a link, where the format does not say that it is one: the last resort."""
    title: str = ""
    more_title: str = ""
    """Of an extension, like all that is called "more": it counts when the format's own element says nothing."""
    summary_html: str | None = None
    more_summary: str | None = None
    tagline: str | None = None
    """One line of a podcast, where there is no summary at all."""
    content_html: str | None = None
    twice: bool = False
    """The text is a second description; which of the two is the summary, their lengths tell."""
    authors: list[Person] = field(default_factory=list)
    more_authors: list[Person] = field(default_factory=list)
    published: str | None = None
    more_published: str | None = None
    updated: str | None = None
    more_updated: str | None = None
    enclosures: list[Enclosure] = field(default_factory=list)
    pictures: list[Picture] = field(default_factory=list)
    thumbnails: list[Picture] = field(default_factory=list)
    """Small twins of pictures: they count when there is no picture."""
    categories: dict[str, None] = field(default_factory=dict)
    source: Origin | None = None
    rights: str | None = None
    more_rights: str | None = None
    """The address of a licence."""
    source_rights: str | None = None
    """Of the feed that it was taken over from."""
    available: str | None = None
    podcast: list[tuple[str, str]] = field(default_factory=list)

    def entry(self, language: str | None, authors: tuple[Person, ...], rights: str | None = None) -> Entry:
        """The entry; `language`, `authors` and `rights` are its feed's, for where it has none of its own."""
        published = self.published or self.more_published
        summary = self.summary_html or self.more_summary or self.tagline
        return Entry(
            id=self.id,
            url=self.original_url or self.url or self.permalink or self.guess,
            title=self.title or self.more_title,
            summary_html=None if summary == self.content_html else summary,
            content_html=self.content_html,
            authors=tuple((self.authors or self.more_authors)[:LIST_MAX]) or authors,
            published=parse_date(published),
            updated=parse_date(self.updated or self.more_updated),
            published_raw=published,
            enclosures=tuple(self.enclosures[:LIST_MAX]),
            pictures=tuple((self.pictures or self.thumbnails)[:LIST_MAX]),
            categories=tuple(self.categories),
            source=self.source,
            language=language_tag(self.language) or language_tag(self.more_language) or language,
            rights=self.rights or self.more_rights or self.source_rights or rights,
            licence=self.more_rights,
            available=parse_date(self.available),
            podcast=tuple(self.podcast),
        )

    def is_empty(self) -> bool:
        """Nothing at all was said in it."""
        return self == Draft(self.language)

    def add_category(self, text: str) -> None:
        text = one_line(text)[:CATEGORY_CHARACTERS_MAX]
        if text and len(self.categories) < LIST_MAX:
            self.categories[text] = None

    def add_podcast(self, name: str, value: str) -> None:
        if value and len(self.podcast) < LIST_MAX:
            self.podcast.append((name, one_line(value)))

    def add_picture(self, picture: Picture) -> None:
        if len(self.pictures) < LIST_MAX and all(picture.url != known.url for known in self.pictures):
            self.pictures.append(picture)

    def add_thumbnail(self, url: str | None) -> None:
        if url and len(self.thumbnails) < LIST_MAX:
            self.thumbnails.append(Picture(url))

    def add_enclosure(self, address: str | None, given: Mapping[str, str], length: str | None) -> None:
        """A link that is no http(s) address is dropped: nothing downstream may be led to fetch it (PAR-12)."""
        if (
            address is None
            or len(self.enclosures) >= LIST_MAX
            or any(address == known.url for known in self.enclosures)
        ):
            return
        self.enclosures.append(
            Enclosure(address, given.get("type") or None, to_length(length), given.get("title") or None)
        )


@dataclass(slots=True)
class FeedDraft:
    dialect: str
    title: str = ""
    more_title: str = ""
    id: str | None = None
    url: str | None = None
    description: str | None = None
    more_description: str | None = None
    language: str | None = None
    rights: str | None = None
    more_rights: str | None = None
    authors: list[Person] = field(default_factory=list)
    more_authors: list[Person] = field(default_factory=list)
    updated: str | None = None
    hubs: list[str] = field(default_factory=list)
    self_url: str | None = None
    categories: dict[str, None] = field(default_factory=dict)
    image: str | None = None
    icon: str | None = None

    def feed(self, drafts: list[Draft], set_aside: list[SetAside], *, inherit: bool) -> ParsedFeed:
        """`inherit`: the format says that the feed's authors and rights are those of an entry that names none."""
        authors = tuple((self.authors or self.more_authors)[:LIST_MAX])
        heirs, bequest = (authors, self.rights) if inherit else ((), None)
        language = language_tag(self.language)
        return ParsedFeed(
            dialect=self.dialect,
            title=self.title or self.more_title,
            url=self.url,
            description=self.description or self.more_description,
            language=language,
            rights=self.rights or self.more_rights,
            authors=authors,
            updated=self.instant(),
            hubs=tuple(dict.fromkeys(self.hubs))[:LIST_MAX],
            self_url=self.self_url,
            id=self.id,
            categories=tuple(self.categories),
            image=self.image or self.icon,
            entries=tuple(draft.entry(language, heirs, bequest) for draft in drafts),
            set_aside=tuple(set_aside),
        )

    def instant(self) -> datetime | None:
        return parse_date(self.updated)

    def add_category(self, text: str) -> None:
        text = one_line(text)[:CATEGORY_CHARACTERS_MAX]
        if text and len(self.categories) < LIST_MAX:
            self.categories[text] = None


def language_tag(text: str | None) -> str | None:
    """A language as RFC 5646 joins its parts; programs that think in locales write `en_US`."""
    return text.strip().replace("_", "-") or None if text else None


def html_field(html: str, base: str) -> str | None:
    """A field of HTML with its links resolved; None when there is nothing in it."""
    if not html or html.isspace():
        return None
    return resolve_html(html, base) if "=" in html else html


def to_length(text: str | None) -> int | None:
    """Bytes as claimed; None when absent, zero (RSS writes that for "unknown"), negative or absurd."""
    text = (text or "").strip()
    if not text.isdecimal() or len(text) > 15:
        return None
    length = int(text)
    return length if 0 < length <= LENGTH_MAX else None
