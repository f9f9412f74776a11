"""Articles and editions as templates show them. In: what may be shown. Out: plain values with their links. Pure."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from syndication.articles.sanitize import excerpt
from syndication.jobs.read import EditionShown, Shown
from syndication.model.archive import EditionTold, House
from syndication.model.article import Figure as ArticleFigure
from syndication.model.article import Stored
from syndication.model.choice import Cadence, Choice
from syndication.model.edition import ItemKind
from syndication.model.feed import Feed
from syndication.model.image import Image
from syndication.model.newsletter import Newsletter, Schedule
from syndication.rendering import host

RIGHT_TO_LEFT = frozenset({"ar", "arc", "ckb", "dv", "fa", "he", "ks", "ps", "sd", "ug", "ur", "yi"})
WEEKDAYS = ("Mondays", "Tuesdays", "Wednesdays", "Thursdays", "Fridays", "Saturdays", "Sundays")


CARD_WORDS = 40


@dataclass(frozen=True, slots=True)
class Link:
    text: str
    url: str


@dataclass(frozen=True, slots=True)
class Figure:
    """A picture as a link: it is never loaded from its publisher's address."""

    url: str
    text: str
    credit: str


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that we keep, as a page shows it: never without the name it is owed to. Paths are below the base."""

    path: str
    small_path: str
    width: int
    height: int
    small_width: int
    alt: str
    caption: str
    credit: str


@dataclass(frozen=True, slots=True)
class Story:
    """An article as a page shows it: everything in it may be shown."""

    id: int
    title: str
    excerpt: str
    body: str
    """Safe HTML, empty when only the excerpt may be shown."""
    publisher: str
    partner: Link
    """Whom we have it from; `url` is a path below the base address."""
    byline: str
    attribution: str
    original_url: str
    original_at: str
    """Whose page `original_url` is: a name, as people know it."""
    at_publisher: bool
    """True when that is the house that wrote it."""
    published_at: datetime
    corrected_at: datetime | None
    topics: tuple[Link, ...]
    """To our own pages; `url` is a path below the base address."""
    also_in: tuple[Link, ...]
    pictures: tuple[Picture, ...]
    figures: tuple[Figure, ...]
    """Pictures that we do not keep, as links."""
    related: tuple[Link, ...]
    language: str
    direction: str
    note: str = ""
    """What an edition says about it: corrected, or withdrawn."""
    why: str = ""
    """Why an edition has it."""
    no_edit: bool = False
    pixel: str = ""
    """The partner's counter, by its agreement."""
    republished_at: datetime | None = None
    """Set where the partner has published an old story again."""


def story(shown: Shown, topics: Mapping[str, str], *, note: str = "") -> Story:
    """`topics` maps slugs to titles."""
    stored, permission = shown.stored, shown.permission
    article = stored.article
    publisher, place = article.publisher or stored.partner.name, _place(stored)
    return Story(
        id=stored.id,
        title=permission.title,
        excerpt=permission.excerpt,
        body=demoted(permission.body),
        publisher=publisher,
        partner=Link(stored.partner.name, f"/partners/{stored.partner.slug}"),
        byline=article.byline,
        attribution=permission.attribution,
        original_url=article.url,
        original_at=place,
        at_publisher=place == publisher,
        published_at=article.published_at,
        corrected_at=stored.changed_at if stored.rev > 1 else None,
        topics=tuple(Link(topics[slug], f"/topics/{slug}") for slug in stored.topics if slug in topics),
        also_in=tuple(Link(link.partner, link.url) for link in stored.also_in if link.url),
        pictures=tuple(
            _picture(figure, image) for figure in permission.figures if (image := permission.image(figure)) is not None
        ),
        figures=tuple(
            Figure(figure.src, figure.caption or figure.alt or "Picture", figure.credit)
            for figure in permission.figures
            if permission.image(figure) is None
        ),
        related=tuple(Link(link.title, link.url) for link in article.related) if permission.body else (),
        language=article.language,
        direction=direction(article.language),
        note=note,
        no_edit=permission.no_edit,
        pixel=permission.pixel,
        republished_at=article.republished_at,
    )


def _picture(figure: ArticleFigure, image: Image) -> Picture:
    return Picture(
        path=image.path(image.large),
        small_path=image.path(image.small),
        width=image.large.width,
        height=image.large.height,
        small_width=image.small.width,
        # Empty where the caption says it all: nobody wants to hear it twice.
        alt=figure.alt if figure.alt != figure.caption else "",
        caption=figure.caption,
        credit=figure.credit,
    )


def _place(stored: Stored) -> str:
    """The house whose page the article's link leads to: its writer's, or the partner's that passed it on."""
    article, partner = stored.article, stored.partner
    publisher, where = article.publisher or partner.name, host(article.url)
    if publisher == partner.name or where == host(article.publisher_url):
        return publisher
    return partner.name if where == host(partner.homepage) else where


def stories(shown: Sequence[Shown], topics: Mapping[str, str]) -> list[Story]:
    """For lists: without bodies and other tellings, and no more of an excerpt than fits a card."""
    return [_brief(story(one, topics)) for one in shown]


def items(edition: EditionShown, topics: Mapping[str, str]) -> list[Story]:
    """The stories of an edition, in its order, each with what the edition says of it."""
    notes = {
        ItemKind.NEW: "",
        ItemKind.CORRECTION: "Corrected since an earlier edition",
        ItemKind.RETRACTION: "Withdrawn when this edition went out",  # and shown again now, or it would not be here
    }
    return [
        replace(_brief(story(shown, topics, note=notes[item.kind])), why=item.reason) for item, shown in edition.items
    ]


def _brief(story: Story) -> Story:
    told = excerpt(story.excerpt, CARD_WORDS)
    if story.no_edit and told != story.excerpt:
        told = ""  # what may not be shortened is left out
    return replace(story, body="", excerpt=told, also_in=())


def titles(house: House) -> dict[str, str]:
    """Topic slug to title."""
    return {topic.slug: topic.title for topic in house.topics}


def feed_for(feeds: Sequence[Feed], *, topic: str = "", partner: str = "") -> Feed | None:
    """The feed that is about this one topic, or partner, and nothing else."""
    wanted = Choice(topics=(topic,) if topic else (), partners=(partner,) if partner else ())
    return next((feed for feed in feeds if feed.choice == wanted and not feed.newsletter), None)


def main_feed(feeds: Sequence[Feed]) -> Feed | None:
    """The feed that has everything, or else the first."""
    return feed_for(feeds) or next(iter(feeds), None)


def when(schedule: Schedule) -> str:
    """ "every day at 07:00 (Europe/Lisbon)"."""
    days = {
        Cadence.DAILY: "every day",
        Cadence.WEEKDAYS: "Monday to Friday",
        Cadence.WEEKLY: WEEKDAYS[schedule.weekday],
        Cadence.MONTHLY: f"on day {schedule.monthday} of the month",
    }
    return f"{days[schedule.cadence]} at {schedule.at:%H:%M} ({schedule.zone})"


def rhythm(newsletter: Newsletter) -> str:
    """When a new reader gets it."""
    words = when(newsletter.schedules[0])
    return words[:1].upper() + words[1:]


def edition_title(told: EditionTold | EditionShown) -> str:
    return f"{told.newsletter.title}, {told.edition.slot_local.day} {told.edition.slot_local:%B %Y}"


def direction(language: str) -> str:
    return "rtl" if language.partition("-")[0].lower() in RIGHT_TO_LEFT else "ltr"


_HEADING = re.compile(r"<(/?)h([1-6])(?=[\s>])")


def demoted(body: str) -> str:
    """Headings of a body one level below the page's own: a page has one h1."""
    found = {int(match.group(2)) for match in _HEADING.finditer(body)}
    if not found:
        return body
    # The body's own order of levels stays, but starts at h2 and skips none: screen readers step through it.
    place = {level: min(position + 2, 6) for position, level in enumerate(sorted(found))}
    return _HEADING.sub(lambda match: f"<{match.group(1)}h{place[int(match.group(2))]}", body)


def date_words(date: str) -> str:
    """ "2026-05" -> "May 2026"; "2026-05-07" -> "7 May 2026"."""
    if len(date) == 7:
        return f"{datetime.fromisoformat(date + '-01'):%B %Y}"
    moment = datetime.fromisoformat(date)
    return f"{moment.day} {moment:%B %Y}"


def by_day(stories: Sequence[Story], zone: str) -> list[tuple[datetime, list[Story]]]:
    """Stories, newest first, under the first moment of their day."""
    days: dict[str, tuple[datetime, list[Story]]] = {}
    for one in stories:
        local = one.published_at.astimezone(ZoneInfo(zone))
        days.setdefault(local.date().isoformat(), (local, []))[1].append(one)
    return list(days.values())
