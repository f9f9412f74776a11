"""The editor's desk: a newsletter's candidates become a Draft, rendered and checked. Writes nothing."""

import hashlib
import json
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from syndication.articles.permit import may
from syndication.articles.select import choose
from syndication.deliveries.personalize import Tags
from syndication.editions import lint
from syndication.editions.lint import Fault
from syndication.editions.plan import EMBARGO_MAX, Selection, items, select, trimmed, window_start
from syndication.editions.present import Digest, present
from syndication.errors import RenderError
from syndication.jobs.ports.clock import Clock
from syndication.jobs.ports.press import Press, Sheet
from syndication.model.choice import Cadence
from syndication.model.edition import Item, Rendered
from syndication.model.feed import Publication, Topic
from syndication.model.newsletter import Newsletter
from syndication.model.rights import Channel

CANDIDATES_MAX = 2000


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
class Draft:
    """An edition as it would be: its items, its digest, its mail, and what is wrong with that."""

    items: tuple[Item, ...]
    digest: Digest
    rendered: Rendered
    faults: tuple[Fault, ...]

    @property
    def content_hash(self) -> str:
        """Of the list of items and of every text that readers get."""
        listed = [[item.kind.value, item.story_id, item.article_id, item.rev, item.position] for item in self.items]
        return _hash(json.dumps([listed, rendered_hash(self.rendered)]))


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
    if isinstance(selection, str):
        return selection
    return _fitting(desk, selection, newsletter, topics, since=since, day=day, web_url=web_url)


def _fitting(
    desk: Desk,
    selection: Selection,
    newsletter: Newsletter,
    topics: Sequence[Topic],
    *,
    since: datetime,
    day: date,
    web_url: str,
) -> Draft:
    """Rendered; what makes it too long for a mail is left to the web, from the end."""
    while True:
        digest = present(
            selection,
            newsletter=newsletter,
            publication=desk.publication,
            topics=topics,
            date=day,
            web_url=web_url,
        )
        rendered = _rendered(desk, newsletter.template, digest)
        faults = check(rendered)
        if len(selection.chosen) == 1 or all(fault.rule != lint.TOO_LONG for fault in faults):
            return Draft(items(selection, since), digest, rendered, faults)
        selection = trimmed(selection)


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
