"""`publication.toml` -> Publication and Declared: who publishes, from whom, as what, to whom."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import time
from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, field_validator, model_validator

from syndication.errors import SettingsError
from syndication.model.choice import Cadence, Choice
from syndication.model.feed import Feed, Publication, Topic
from syndication.model.newsletter import LatePolicy, Newsletter, Schedule
from syndication.model.publication import Declaration, Declared
from syndication.model.rights import AGENCIES, AfterExpiry, Channel, ImageRight, Rights, TextRight
from syndication.model.source import ArticleFrom, PageRule, Partner, RuleKind, Source, SourceKind
from syndication.selectors import compiled
from syndication.settings.fields import mailbox, web_address
from syndication.settings.toml import Section, check, line_of, read

Names = tuple[str, ...]
SLUG = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,60}[a-z0-9])?")
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


class PublicationSection(Section):
    title: Annotated[str, Field(min_length=1, max_length=120)]
    description: str = ""
    language: Annotated[str, Field(pattern="^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$")] = "en"
    publisher: str = ""
    address: str = ""
    privacy_url: str = ""
    contact: str = ""
    hubs: tuple[str, ...] = ()

    _contact = field_validator("contact")(mailbox)

    @field_validator("hubs")
    @classmethod
    def _hubs(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(web_address(hub) for hub in value)

    @field_validator("privacy_url")
    @classmethod
    def _privacy_url(cls, value: str) -> str:
        return web_address(value) if value else ""


class TopicSection(Section):
    title: Annotated[str, Field(min_length=1)]
    words: Names = ()
    categories: Names = ()


class PartnerSection(Section):
    name: Annotated[str, Field(min_length=1)]
    homepage: str

    _homepage = field_validator("homepage")(web_address)


class RightsSection(Section):
    text: TextRight = TextRight.EXCERPT
    excerpt_words: Annotated[int, Field(ge=1, le=500)] = 55
    images: ImageRight = ImageRight.OWN_CREDIT
    credits_allowed: Names = ()
    credits_denied: Names = AGENCIES
    attribution: str = "First published by {publisher}"
    canonical: bool = True
    noindex: bool = False
    tdm_reserved: bool = False
    expiry_days: Annotated[int, Field(ge=1)] | None = None
    embargo_minutes: Annotated[int, Field(ge=0)] = 0
    channels: tuple[Channel, ...] = tuple(Channel)
    image_channels: tuple[Channel, ...] = tuple(Channel)
    no_edit: bool = False
    open_licences: bool = False
    after_expiry: AfterExpiry = AfterExpiry.GONE
    counter_pixel: str = ""

    @field_validator("counter_pixel")
    @classmethod
    def _counter_pixel(cls, value: str) -> str:
        Rights(counter_pixel=value)  # says itself what is wrong
        return value


TEXT = "text:"


def _selector(value: str) -> str:
    if value:
        compiled(value)  # says itself what is wrong
    return value


class RuleSection(Section):
    """Each key is a rule: what is to be done, and where."""

    remove: str = ""
    keep: str = ""
    body: str = ""
    title: str = ""
    byline: str = ""
    date: str = ""

    _selectors = field_validator("body", "title", "byline", "date")(_selector)

    @field_validator("remove", "keep")
    @classmethod
    def _place(cls, value: str) -> str:
        if not value.startswith(TEXT):
            return _selector(value)
        words = value.removeprefix(TEXT).strip()
        if len(words.replace("*", "")) < 3 or len(words) > 300:
            raise ValueError('the words of a block are 3 to 300 characters, as in "text:Read more in our letter*"')
        return value

    @model_validator(mode="after")
    def _says_something(self) -> "RuleSection":
        if not self.rules():
            raise ValueError("a rule says what to remove or keep, or where body, title, byline or date are")
        return self

    def rules(self) -> list[PageRule]:
        told = ((kind, getattr(self, kind.value).strip()) for kind in RuleKind)
        return [PageRule(kind, where) for kind, where in told if where]


class SourceSection(Section):
    partner: str
    url: str
    topics: Names = ()
    article_from: ArticleFrom = ArticleFrom.AUTO
    poll_minutes: Annotated[int, Field(ge=1, le=1440)] = 15
    credentials: Annotated[str, Field(pattern="^([a-z0-9][a-z0-9_-]{0,60})?$")] = ""
    kind: SourceKind = SourceKind.FEED
    item: str = ""
    link: str = ""
    rules: Annotated[tuple[RuleSection, ...], Field(max_length=50)] = ()
    rights: RightsSection = RightsSection()

    _selectors = field_validator("item", "link")(_selector)

    @model_validator(mode="after")
    def _of_a_listing(self) -> "SourceSection":
        if (self.item or self.link) and self.kind is not SourceKind.LISTING:
            raise ValueError('item and link are for kind = "listing"')
        return self

    @field_validator("url")
    @classmethod
    def _url(cls, value: str) -> str:
        if not re.match(r"https?://[^\s/]", value):
            raise ValueError("a source's address starts with http:// or https://")
        return value


class FeedSection(Section):
    title: Annotated[str, Field(min_length=1)]
    description: str = ""
    topics: Names = ()
    partners: Names = ()
    search: Annotated[str, Field(max_length=200)] = ""
    items_max: Annotated[int, Field(ge=1, le=500)] = 50


class NewsletterSection(Section):
    title: Annotated[str, Field(min_length=1)]
    description: str = ""
    cadences: Annotated[tuple[Cadence, ...], Field(min_length=1)] = (Cadence.DAILY,)
    at: Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")] = "07:00"
    zone: str = "UTC"
    weekday: Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"] = "monday"
    monthday: Annotated[int, Field(ge=1, le=28)] = 1
    template: Annotated[str, Field(pattern="^[a-z][a-z0-9_-]*$")] = "digest"
    topics: Names = ()
    partners: Names = ()
    items_min: Annotated[int, Field(ge=1, le=100)] = 1
    items_max: Annotated[int, Field(ge=1, le=100)] = 12
    approval: bool = False
    late: LatePolicy = LatePolicy.SEND
    late_after_minutes: Annotated[int, Field(ge=1)] = 180
    reply_to: str = ""

    _reply_to = field_validator("reply_to")(mailbox)

    @field_validator("zone")
    @classmethod
    def _zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError, OSError) as error:
            raise ValueError('a zone is a name of the IANA database, such as "Europe/Lisbon"') from error
        return value


class File(Section):
    """All of `publication.toml`."""

    publication: PublicationSection
    topic: dict[str, TopicSection] = Field(default_factory=dict)
    partner: dict[str, PartnerSection] = Field(default_factory=dict)
    source: dict[str, SourceSection] = Field(default_factory=dict)
    feed: dict[str, FeedSection] = Field(default_factory=dict)
    newsletter: dict[str, NewsletterSection] = Field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PublicationFile:
    """A publication file, read and checked."""

    publication: Publication
    declared: Declared


def load(path: Path, *, base_url: str) -> PublicationFile:
    """Read `path`. Raises SettingsError, naming file, line and key; nothing is written."""
    text, values = read(path)
    found = check(File, values, path=path, text=text)
    reader = _Reader(path, text, found)
    publication = Publication(base_url=base_url, **found.publication.model_dump())
    return PublicationFile(publication=publication, declared=reader.declared())


class _Reader:
    """Turns sections into declarations, and checks that each name a section mentions is declared."""

    def __init__(self, path: Path, text: str, file: File) -> None:
        self.path, self.text, self.file = path, text, file

    def declared(self) -> Declared:
        file = self.file
        tables: Iterable[tuple[str, Mapping[str, Section]]] = (
            ("topic", file.topic), ("partner", file.partner), ("source", file.source),
            ("feed", file.feed), ("newsletter", file.newsletter),
        )  # fmt: skip
        for table, sections in tables:
            for slug in sections:
                self._slug(table, slug)
        partners = {slug: Partner(slug, section.name, section.homepage) for slug, section in file.partner.items()}
        return Declared(
            partners=tuple(Declaration(value, self._at("partner", slug)) for slug, value in partners.items()),
            sources=tuple(
                Declaration(self._source(slug, section, partners), self._at("source", slug))
                for slug, section in file.source.items()
            ),
            topics=tuple(
                Declaration(Topic(slug, **section.model_dump()), self._at("topic", slug))
                for slug, section in file.topic.items()
            ),
            feeds=tuple(
                Declaration(self._feed(slug, section), self._at("feed", slug)) for slug, section in file.feed.items()
            ),
            newsletters=tuple(
                Declaration(self._newsletter(slug, section), self._at("newsletter", slug))
                for slug, section in file.newsletter.items()
            ),
        )

    def _source(self, slug: str, section: SourceSection, partners: Mapping[str, Partner]) -> Source:
        where = ("source", slug)
        self._names_known((section.partner,), partners, (*where, "partner"), "partner")
        self._names_known(section.topics, self.file.topic, (*where, "topics"), "topic")
        return Source(
            id=0,
            slug=slug,
            partner=partners[section.partner],
            url=section.url,
            rights=Rights(**section.rights.model_dump()),
            topics=section.topics,
            article_from=section.article_from,
            poll_seconds=section.poll_minutes * 60,
            credentials=section.credentials,
            kind=section.kind,
            item=section.item,
            link=section.link,
            rules=tuple(rule for each in section.rules for rule in each.rules()),
        )

    def _feed(self, slug: str, section: FeedSection) -> Feed:
        choice = replace(self._choice("feed", slug, section.topics, section.partners), search=section.search.strip())
        return Feed(0, slug, section.title, section.description, choice, section.items_max)

    def _newsletter(self, slug: str, section: NewsletterSection) -> Newsletter:
        weekday = WEEKDAYS.index(section.weekday)
        return Newsletter(
            id=0,
            slug=slug,
            title=section.title,
            description=section.description,
            schedules=tuple(
                Schedule(cadence, time.fromisoformat(section.at), section.zone, weekday, section.monthday)
                for cadence in dict.fromkeys(section.cadences)
            ),
            template=section.template,
            choice=self._choice("newsletter", slug, section.topics, section.partners),
            items_min=section.items_min,
            items_max=max(section.items_min, section.items_max),
            approval=section.approval,
            late_policy=section.late,
            late_after_seconds=section.late_after_minutes * 60,
            reply_to=section.reply_to,
        )

    def _choice(self, table: str, slug: str, topics: Names, partners: Names) -> Choice:
        self._names_known(topics, self.file.topic, (table, slug, "topics"), "topic")
        self._names_known(partners, self.file.partner, (table, slug, "partners"), "partner")
        return Choice(topics=topics, partners=partners)

    def _slug(self, table: str, slug: str) -> None:
        if not SLUG.fullmatch(slug):
            raise SettingsError(
                f"{self.path}, line {line_of(self.text, (table, slug))}: {slug!r} cannot name a {table}",
                why="such a name becomes part of addresses",
                fix="use small letters, digits and dashes",
            )

    def _names_known(self, names: Names, known: Mapping[str, object], where: tuple[str, ...], kind: str) -> None:
        for name in names:
            if name not in known:
                listed = ", ".join(known) or "none yet"
                raise SettingsError(
                    f"{self.path}, line {line_of(self.text, where)}: there is no {kind} {name!r}",
                    fix=f"declare [{kind}.{name}], or use one of: {listed}",
                )

    def _at(self, table: str, slug: str) -> str:
        return f"{self.path.name}:{line_of(self.text, (table, slug))}"
