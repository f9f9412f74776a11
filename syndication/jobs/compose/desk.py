"""The editor's desk: a newsletter's candidates become a Draft, rendered and checked. Writes nothing."""

import hashlib
import json
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Protocol

from syndication.articles.permit import may
from syndication.articles.select import choose
from syndication.deliveries.personalize import Tags
from syndication.editions import lint
from syndication.editions.lint import Fault
from syndication.editions.plan import EMBARGO_MAX, Selection, items, select, trimmed, window_start
from syndication.editions.present import Digest, Notice, present
from syndication.errors import RenderError
from syndication.jobs.compose.amends import Amends, Group, grouped, needed, owed
from syndication.jobs.ports.clock import Clock
from syndication.jobs.ports.press import Press, Sheet
from syndication.jobs.tellings import permitted
from syndication.model.choice import Cadence
from syndication.model.edition import Item, Rendered
from syndication.model.feed import Publication, Topic
from syndication.model.newsletter import Newsletter
from syndication.model.rights import Channel

CANDIDATES_MAX = 2000
FOR_ALL = "all"
"""The content of an edition that is for everybody who is owed nothing else, in the publication's language."""


class Mail(Protocol):
    """What a template in three parts gave."""

    @property
    def subject(self) -> str: ...

    @property
    def html(self) -> str: ...

    @property
    def text(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Desk:
    """What composing needs. `render(template, digest=…, tags=…)` gives a Mail; `nonce` draws six hex digits or more."""

    press: Press
    render: Callable[..., Mail]
    publication: Publication
    clock: Clock
    nonce: Callable[[], str] = lambda: secrets.token_hex(4)


@dataclass(frozen=True, slots=True)
class Content:
    """A mail of the edition. `shows`: places in the list of items. `readers`: for whom alone; None: all others."""

    variant: str
    shows: tuple[int, ...]
    rendered: Rendered
    readers: Group | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """An edition as it would be: its items, its digest, its mails, and what is wrong with them.

    `digest` and `rendered` are of the first mail: the one for all, unless the edition only puts something right.
    """

    items: tuple[Item, ...]
    digest: Digest
    rendered: Rendered
    faults: tuple[Fault, ...]
    contents: tuple[Content, ...] = ()
    told: Mapping[int, int] = field(default_factory=dict)
    """Items, by their place, that the stream has already: the id of each. They are told to others now."""

    @property
    def content_hash(self) -> str:
        """Of the list of items and of every text that readers get."""
        listed = [[item.kind.value, item.story_id, item.article_id, item.rev, item.position] for item in self.items]
        return _hash(json.dumps([listed, *(rendered_hash(content.rendered) for content in self.contents)]))


def draft(
    desk: Desk, sheet: Sheet, newsletter: Newsletter, cadence: Cadence, *, cutoff: datetime, day: date, web_url: str
) -> Draft | str:
    """Choose, arrange, render, check. Answers, in words, why there is no edition. Raises RenderError."""
    since = window_start(sheet.last_cutoff(newsletter.id, cadence), cutoff, cadence)
    candidates = sheet.candidates(
        newsletter.id, cadence, seen_since=since - EMBARGO_MAX, seen_before=cutoff, limit=CANDIDATES_MAX
    )
    wanted = choose(candidates, newsletter.choice, limit=CANDIDATES_MAX)
    permitted = [(stored, may(stored, Channel.MAIL, cutoff)) for stored in wanted]
    topics = sheet.topics()
    selection = select(newsletter, permitted, topics, since=since, cutoff=cutoff)
    chosen = () if isinstance(selection, str) else selection.chosen
    newest = max((stored.article.first_seen_at for stored, _ in chosen), default=None)
    amends, groups = _owed(sheet, newsletter, cadence, newest, desk.clock())
    if isinstance(selection, str) and not groups:
        return selection
    table = _Table(desk, newsletter, topics, day, web_url, since, amends)
    return table.lay(None if isinstance(selection, str) else _linked(selection, sheet, cutoff), groups)


def _linked(selection: Selection, sheet: Sheet, now: datetime) -> Selection:
    """With links to those other tellings alone that may be mailed."""
    linked = permitted([stored for stored, _ in selection.chosen], sheet.articles, Channel.MAIL, now)
    permissions = (permission for _, permission in selection.chosen)
    return replace(selection, chosen=tuple(zip(linked, permissions, strict=True)))


def _owed(
    sheet: Sheet, newsletter: Newsletter, cadence: Cadence, newest: datetime | None, now: datetime
) -> tuple[list[Amends], list[Group]]:
    amends = owed(sheet, newsletter, cadence, now)
    if not amends:
        return [], []
    return needed(amends, grouped(sheet, newsletter, cadence, amends, newest_story_at=newest, now=now))


@dataclass(frozen=True, slots=True)
class _Table:
    """Where an edition is laid out: what all its mails have in common."""

    desk: Desk
    newsletter: Newsletter
    topics: Sequence[Topic]
    day: date
    web_url: str
    since: datetime
    amends: Sequence[Amends]

    def lay(self, selection: Selection | None, groups: Sequence[Group]) -> Draft:
        """One mail for all who are owed nothing, and one for each group that is."""
        laid: list[_Laid] = []
        contents: list[Content] = []
        news: tuple[Item, ...] = ()
        if selection is not None:
            laid.append(self._fitting(selection, ()))
            selection = laid[0].selection
            news = items(selection, self.since)
            contents.append(Content(FOR_ALL, tuple(range(len(news))), laid[0].rendered))
        for n, group in enumerate(groups, 1):
            shown = selection if group.news and selection is not None else Selection(())
            laid.append(self._fitting(shown, [self.amends[place].notice for place in group.told]))
            shows = (*range(len(laid[-1].selection.chosen)), *(len(news) + place for place in group.told))
            contents.append(Content(f"{FOR_ALL}+{n}", shows, laid[-1].rendered, group))
        return Draft(
            items=(*news, *(replace(one.item, position=len(news) + n) for n, one in enumerate(self.amends, 1))),
            digest=laid[0].digest,
            rendered=laid[0].rendered,
            faults=tuple(dict.fromkeys(fault for one in laid for fault in one.faults)),
            contents=tuple(contents),
            told={len(news) + n: one.item_id for n, one in enumerate(self.amends) if one.item_id is not None},
        )

    def _fitting(self, selection: Selection, notices: Sequence[Notice]) -> "_Laid":
        """Rendered; what makes it too long for a mail is left to the web, from the end."""
        while True:
            digest = present(
                selection,
                newsletter=self.newsletter,
                publication=self.desk.publication,
                topics=self.topics,
                date=self.day,
                web_url=self.web_url,
                notices=notices,
            )
            rendered = _rendered(self.desk, self.newsletter.template, digest)
            faults = check(rendered)
            if len(selection.chosen) <= 1 or all(fault.rule != lint.TOO_LONG for fault in faults):
                return _Laid(selection, digest, rendered, faults)
            selection = trimmed(selection)


@dataclass(frozen=True, slots=True)
class _Laid:
    """A mail with as much of the selection as fits into it."""

    selection: Selection
    digest: Digest
    rendered: Rendered
    faults: tuple[Fault, ...]


def _rendered(desk: Desk, template: str, digest: Digest) -> Rendered:
    """With a nonce that stands nowhere in what is shown: no article can name a tag."""
    for _ in range(5):
        tags = Tags(desk.nonce())
        mail = desk.render(template, digest=digest, tags=tags)
        if not tags.collide((repr(digest),)):
            return Rendered(mail.subject, digest.preheader, mail.html, mail.text, tags.nonce)
    raise RenderError("no tag could be drawn that the stories do not contain", why="five nonces stand in their texts")


def check(rendered: Rendered) -> tuple[Fault, ...]:
    """The gate: what is wrong with a mail."""
    tags = Tags(rendered.nonce)
    return lint.lint(
        rendered, html_tag=tags.unsubscribe_html, text_tag=tags.unsubscribe_text, known_tags=frozenset(tags.all())
    )


def rendered_hash(rendered: Rendered) -> str:
    return _hash(json.dumps([rendered.subject, rendered.preheader, rendered.html, rendered.text]))


def _hash(text: str) -> str:
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()
