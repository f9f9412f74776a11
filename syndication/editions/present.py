"""What an edition's template shows. In: a Selection, Newsletter, Publication. Out: Digest. Pure.

Every text is what `articles.permit` lets a mail show; nothing of an article goes past it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from syndication.editions.plan import Selection, topic_of
from syndication.model.amendment import Replaced
from syndication.model.article import Permission, Stored, StoryLink
from syndication.model.edition import ItemKind
from syndication.model.feed import Publication, Topic
from syndication.model.newsletter import Newsletter

SUBJECT_LENGTH = 90
PREHEADER_LENGTH_MIN = 40
PREHEADER_LENGTH_MAX = 110
FIGURE_TEXT_LENGTH = 100
RIGHT_TO_LEFT = frozenset({"ar", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi"})


@dataclass(frozen=True, slots=True)
class FigureLink:
    """A picture, as a link in words: mail shows none by itself."""

    url: str
    text: str


@dataclass(frozen=True, slots=True)
class MailPicture:
    """A picture at our address, in the width of a phone: it is the same for every reader, and counts nobody."""

    url: str
    width: int
    height: int
    alt: str
    caption: str
    credit: str


@dataclass(frozen=True, slots=True)
class Card:
    """One story. `url` is our page, `original_url` the publisher's; either text may be empty."""

    title: str
    url: str
    original_url: str
    publisher: str
    byline: str
    published_at: datetime
    excerpt: str
    topic: str
    attribution: str
    also_in: tuple[StoryLink, ...] = ()
    figure_link: FigureLink | None = None
    picture: MailPicture | None = None
    """Of one card of a section only, the first that has any: a mail is read before its pictures have come."""


@dataclass(frozen=True, slots=True)
class Notice:
    """What is to be put right, as far as it may be told. `permission` is None for what was withdrawn."""

    kind: ItemKind
    stored: Stored
    title: str
    mailed_at: datetime
    permission: Permission | None = None
    by_publisher: bool = True
    """Who withdrew it; else we did."""
    note: str = ""
    replaced: tuple[Replaced, ...] = ()


@dataclass(frozen=True, slots=True)
class Amended:
    """A line of the block that puts right what was mailed. `kind` is "correction" or "retraction".

    `note` is the publisher's own; without one, `replaced` says what stood there and what stands there now. `url` is our
    page, which says of a withdrawn story that it is gone.
    """

    kind: str
    title: str
    url: str
    publisher: str
    mailed_at: datetime
    by_publisher: bool = True
    note: str = ""
    replaced: tuple[Replaced, ...] = ()
    attribution: str = ""
    original_url: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """Cards of one topic. `title` is empty when the edition needs no headings."""

    title: str
    cards: tuple[Card, ...]


@dataclass(frozen=True, slots=True)
class Digest:
    newsletter_title: str
    title: str
    """The subject: the newsletter, and its first story."""
    date: date
    """The local date of the slot."""
    preheader: str
    publication: Publication
    sections: tuple[Section, ...]
    web_url: str
    more: int
    """How many stories had no room."""
    language: str
    direction: str
    """"ltr" or "rtl"."""
    amended: tuple[Amended, ...] = ()

    @property
    def cards(self) -> tuple[Card, ...]:
        return tuple(card for section in self.sections for card in section.cards)


def present(
    selection: Selection,
    *,
    newsletter: Newsletter,
    publication: Publication,
    topics: Sequence[Topic],
    date: date,
    web_url: str,
    notices: Sequence[Notice] = (),
) -> Digest:
    """The digest of a selection, with what is to be put right. One of the two has something."""
    sections = _sections(selection, publication, topics)
    cards = [card for section in sections for card in section.cards]
    amended = tuple(_amended(notice, publication) for notice in notices)
    return Digest(
        newsletter_title=newsletter.title,
        title=shorten(f"{newsletter.title}: {cards[0].title if cards else _subject(amended)}", SUBJECT_LENGTH),
        date=date,
        preheader=_preheader(cards) if cards else _preheader_of(amended),
        publication=publication,
        sections=sections,
        web_url=web_url,
        more=selection.more,
        language=publication.language,
        direction=direction(publication.language),
        amended=amended,
    )


def _amended(notice: Notice, publication: Publication) -> Amended:
    stored, permission = notice.stored, notice.permission
    return Amended(
        kind=notice.kind.value,
        title=notice.title,
        url=f"{publication.base_url}/articles/{stored.id}",
        publisher=stored.article.publisher or stored.partner.name,
        mailed_at=notice.mailed_at,
        by_publisher=notice.by_publisher,
        note=notice.note,
        replaced=() if notice.note else notice.replaced,
        attribution=permission.attribution if permission else "",
        original_url=stored.article.url if permission else "",
    )


def _subject(amended: Sequence[Amended]) -> str:
    word = "withdrawn" if amended[0].kind == ItemKind.RETRACTION.value else "corrected"
    return f"{word}: {amended[0].title}"


def _preheader_of(amended: Sequence[Amended]) -> str:
    others = " · ".join([*(one.note for one in amended[:1] if one.note), *(one.title for one in amended[1:])])
    text = " · ".join(part for part in (others, "What we mailed you has been put right by its publisher") if part)
    return shorten(text, PREHEADER_LENGTH_MAX)


def direction(language: str) -> str:
    """Of a language by its BCP 47 tag."""
    return "rtl" if language.lower().partition("-")[0] in RIGHT_TO_LEFT else "ltr"


def shorten(text: str, length: int) -> str:
    """At most `length` characters on one line, cut between words where there is one to cut at."""
    line = " ".join(text.split())
    if len(line) <= length:
        return line
    head = line[: length - 1]
    at = head.rfind(" ")
    return (head[:at] if at > length // 2 else head).rstrip(" ,;:–—-·") + "…"


def _sections(selection: Selection, publication: Publication, topics: Sequence[Topic]) -> tuple[Section, ...]:
    def topic_title(pair: tuple[Stored, Permission]) -> str:
        topic = topic_of(pair[0], topics)
        return topic.title if topic else ""

    grouped = [(title, list(pairs)) for title, pairs in groupby(selection.chosen, key=topic_title)]
    return tuple(
        Section(
            _heading(title, len(grouped)),
            tuple(
                _card(*pair, title, publication, leads=place == _pictured(pairs)) for place, pair in enumerate(pairs)
            ),
        )
        for title, pairs in grouped
    )


def _pictured(pairs: Sequence[tuple[Stored, Permission]]) -> int:
    """The place of the first story whose lead picture we keep; one that there is not when there is none."""
    places = (place for place, (_, permission) in enumerate(pairs) if permission.figures)
    return next((place for place in places if pairs[place][1].image(pairs[place][1].figures[0])), len(pairs))


def _heading(title: str, sections: int) -> str:
    if title:
        return title
    return "More stories" if sections > 1 else ""


def _card(stored: Stored, permission: Permission, topic: str, publication: Publication, *, leads: bool) -> Card:
    article = stored.article
    picture = _picture(permission, publication) if leads else None
    return Card(
        title=permission.title,
        url=f"{publication.base_url}/articles/{stored.id}",
        original_url=article.url,
        publisher=article.publisher,
        byline=article.byline,
        published_at=article.published_at,
        excerpt=permission.excerpt,
        topic=topic,
        attribution=permission.attribution,
        also_in=stored.also_in,
        figure_link=_figure_link(stored, permission, publication) if permission.figures and not picture else None,
        picture=picture,
    )


def _figure_link(stored: Stored, permission: Permission, publication: Publication) -> FigureLink:
    """To our page where the picture is on it, else to its publisher's."""
    figure = permission.figures[0]
    words = shorten(figure.caption or figure.alt or "see the picture", FIGURE_TEXT_LENGTH)
    address = f"{publication.base_url}/articles/{stored.id}" if permission.image(figure) else figure.src
    return FigureLink(address, f"{words} ({figure.credit})" if figure.credit else words)


def _picture(permission: Permission, publication: Publication) -> MailPicture | None:
    """The lead picture, where we keep it."""
    figure = permission.figures[0] if permission.figures else None
    image = permission.image(figure) if figure else None
    if figure is None or image is None:
        return None
    caption = shorten(figure.caption, FIGURE_TEXT_LENGTH)
    return MailPicture(
        url=publication.base_url + image.path(image.small),
        width=image.small.width,
        height=image.small.height,
        # Programs that load no pictures show this in their place.
        alt=shorten(figure.alt or figure.caption or permission.title, FIGURE_TEXT_LENGTH),
        caption=caption,
        credit=figure.credit,
    )


def _preheader(cards: Sequence[Card]) -> str:
    """What a mail program shows beside the subject: the other headlines, and enough of the first story if need be."""
    others = " · ".join(card.title for card in cards[1:])
    if len(others) >= PREHEADER_LENGTH_MIN:
        return shorten(others, PREHEADER_LENGTH_MAX)
    text = " · ".join(part for part in (others, cards[0].excerpt) if part)
    if len(text) < PREHEADER_LENGTH_MIN:
        names = ", ".join(dict.fromkeys(card.publisher for card in cards))
        text = " · ".join(part for part in (text, f"The news of the day, from {names}") if part)
    return shorten(text, PREHEADER_LENGTH_MAX)
