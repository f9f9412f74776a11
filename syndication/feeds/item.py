"""An article and its Permission -> Item: what every format says of it, in one shape."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from html import escape

from syndication.model.article import Permission, Stored
from syndication.model.feed import Publication

NO_ITEMS = datetime(2000, 1, 1, tzinfo=UTC)
"""The date of a feed that has no item yet: a fixed one, so that its bytes stay the same."""

ABSOLUTE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`]+")
FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Item:
    id: str
    """The publisher's own id when it is a URI; else the address of our page. Unique in its feed."""
    url: str
    """Where reading goes on: our page when it shows the whole text, else the publisher's."""
    original_url: str
    title: str
    summary: str
    """Plain text; may be empty."""
    html: str
    """What a reader shows: the text or its excerpt, pictures as links, and the attribution line."""
    whole: bool
    """True when `html` holds the whole text."""
    author: str
    publisher: str
    published_at: datetime
    updated_at: datetime
    topics: tuple[str, ...]
    rights: str
    language: str
    source_title: str
    source_url: str
    source_home: str


def items_of(publication: Publication, shown: Iterable[tuple[Stored, Permission]]) -> tuple[Item, ...]:
    """The items of what may be shown, in the order given."""
    made: list[Item] = []
    taken: set[str] = set()
    for stored, permission in shown:
        if permission.allowed:
            item = _item(publication, stored, permission, taken)
            taken.add(item.id)
            made.append(item)
    return tuple(made)


def newest_change(items: Sequence[Item]) -> datetime:
    return max((item.updated_at for item in items), default=NO_ITEMS)


def scrub(text: str) -> str:
    """`text` without what XML 1.0 forbids (section 2.2): one such character would end a feed."""
    return FORBIDDEN.sub("", text)


def _item(publication: Publication, stored: Stored, permission: Permission, taken: set[str]) -> Item:
    article = stored.article
    page = f"{publication.base_url}/articles/{stored.id}"
    id = article.publisher_guid
    if not ABSOLUTE.fullmatch(id) or id in taken:
        id = page
    whole = bool(permission.body)
    return Item(
        id=id,
        url=page if whole else article.url or page,
        original_url=article.url,
        title=scrub(permission.title).strip() or "Untitled",
        summary=scrub(permission.excerpt),
        html=scrub(_html(stored, permission)),
        whole=whole,
        author=scrub(article.byline).strip() or scrub(article.publisher),
        publisher=scrub(article.publisher),
        published_at=article.published_at,
        updated_at=max(filter(None, (article.published_at, stored.changed_at))),
        topics=stored.topics,
        rights=scrub(article.rights_note),
        language=article.language,
        source_title=scrub(stored.partner.name),
        source_url=stored.source_url,
        source_home=stored.partner.homepage,
    )


def _html(stored: Stored, permission: Permission) -> str:
    parts = [permission.body or (permission.excerpt and f"<p>{escape(permission.excerpt)}</p>")]
    for figure in permission.figures:
        words = escape(figure.caption or figure.alt or "Picture")
        credit = f" ({escape(figure.credit)})" if figure.credit else ""
        parts.append(f'<p>Picture: <a href="{escape(figure.src)}">{words}</a>{credit}</p>')
    parts.append(_attribution(stored, permission))
    return "".join(filter(None, parts))


def _attribution(stored: Stored, permission: Permission) -> str:
    link = escape(stored.article.url or stored.article.publisher_url)
    words = escape(permission.attribution or f"Read it at {stored.article.publisher}")
    return f'<p><a href="{link}">{words}</a></p>' if link else f"<p>{words}</p>"
