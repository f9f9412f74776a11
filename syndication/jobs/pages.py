"""A page's answer -> what it gave: its Extract under the partner's rules, what it asks of robots, or why it is closed.

A door is respected and told: whoever has no key reads no page. Never asks anybody anything.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from syndication.articles.extract import extract_article
from syndication.articles.licences import licence_of_page
from syndication.articles.rules import completed, rule_fragment, rule_page
from syndication.articles.themes import look_of
from syndication.errors import ParseError
from syndication.model.article import Extract
from syndication.model.exchange import Answer, Failure
from syndication.model.manners import Reserved
from syndication.model.pages import PageLook
from syndication.model.rights import Terms
from syndication.model.signals import Signals
from syndication.model.source import Document, Entry, PageRule, Source
from syndication.sources.mining import signals_of
from syndication.sources.page import is_door, metas_of, tree_of

CLOSED = frozenset((401, 402, 403, 407, 451))


@dataclass(frozen=True, slots=True)
class PageRead:
    """`extract` is None when the page gave nothing. `refused`: why it may not be read."""

    extract: Extract | None = None
    signals: Signals = field(default_factory=Signals)
    refused: str = ""
    matched: tuple[str, ...] = ()
    missed: tuple[str, ...] = ()


def read_page(answer: Answer | Failure, asked: str, rules: Sequence[PageRule], reserved: Reserved | None) -> PageRead:
    """May raise whatever a page does to its readers: the caller sets it aside."""
    if isinstance(answer, Failure):
        return PageRead()
    if answer.status in CLOSED:
        return PageRead(refused=f"its pages may not be read without permission (status {answer.status})")
    if answer.status != 200:
        return PageRead()
    metas: list[tuple[str, str]] = []
    try:
        page = tree_of(Document(answer.body, answer.url, answer.header("content-type")))
    except ParseError:
        pass  # what it is not, it says nothing by
    else:
        if is_door(page, asked=asked, answered=answer.url):
            return PageRead(refused="a page that asks who we are came in place of the article")
        metas = metas_of(page)
    signals = signals_of(answer.headers, metas, reserved)
    terms = Terms(licence_of_page(answer.body))
    ruled = rule_page(answer.body, rules) if rules else None
    if ruled is None:
        return PageRead(replace(extract_article(answer.body, answer.url), terms=terms), signals)
    extract = replace(completed(extract_article(ruled.html, answer.url), ruled), terms=terms)
    return PageRead(extract, signals, matched=tuple(ruled.matched), missed=tuple(ruled.missed))


def look(url: str, read: PageRead, now: datetime) -> PageLook:
    if read.refused:
        return PageLook(url, now, refused=read.refused)
    return look_of(read.extract or Extract(), url, now, matched=read.matched, missed=read.missed)


def ruled_entry(entry: Entry, source: Source) -> tuple[Entry, Extract]:
    """What a feed gives, under the same rules; what they took out stands in the Extract."""
    if not source.rules:
        return entry, Extract()
    content, summary = (rule_fragment(html or "", source.rules) for html in (entry.content_html, entry.summary_html))
    if not (content.matched or summary.matched):
        return entry, Extract()
    ruled = replace(
        entry,
        content_html=content.html if content.matched else entry.content_html,
        summary_html=summary.html if summary.matched else entry.summary_html,
    )
    return ruled, Extract(removed=tuple(dict.fromkeys((*content.removed, *summary.removed))))
