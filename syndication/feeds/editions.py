"""Editions of a newsletter -> Items. In: an edition, and what may be shown of each of its articles. Out: one Item."""

from collections.abc import Sequence
from html import escape

from syndication.feeds.item import Item, house_of
from syndication.feeds.words import scrub, web_address
from syndication.model.archive import EditionTold
from syndication.model.article import Permission, Stored
from syndication.model.edition import ItemKind
from syndication.model.feed import Publication, Signal

WORDS = {ItemKind.CORRECTION: "Corrected: ", ItemKind.RETRACTION: "Withdrawn: "}
Shown = Sequence[tuple[ItemKind, Stored, Permission]]


def edition_item(publication: Publication, told: EditionTold, shown: Shown) -> Item:
    """An edition as one item: its stories by title, each with its publisher and a way to read it."""
    edition = told.edition
    page = f"{publication.base_url}/editions/{edition.id}"
    publisher = house_of(publication)
    lines = [_line(publication, kind, stored, permission) for kind, stored, permission in shown]
    count = "one story" if len(lines) == 1 else f"{len(lines)} stories"
    return Item(
        number=edition.id,
        id=page,
        url=page,
        original_url="",
        title=scrub(f"{told.newsletter.title}, {edition.slot_local.day} {edition.slot_local:%B %Y}"),
        summary=scrub(f"{told.newsletter.title}: {count}."),
        html=scrub(f"<ul>{''.join(lines)}</ul>" if lines else "<p>Nothing of this edition may be shown any more.</p>"),
        whole=True,
        author=publisher,
        publisher=publisher,
        publisher_url=f"{publication.base_url}/",
        published_at=edition.due_at,
        updated_at=edition.due_at,
        signals=tuple(signal for signal in Signal if any(_asks(permission, signal) for _, _, permission in shown)),
    )


def _line(publication: Publication, kind: ItemKind, stored: Stored, permission: Permission) -> str:
    link = f"{publication.base_url}/articles/{stored.id}" if permission.body else web_address(stored.article.url)
    title, publisher = escape(permission.title), escape(stored.article.publisher or stored.partner.name)
    told = f'<a href="{escape(link)}">{title}</a>' if link else title
    excerpt = f"<br>{escape(permission.excerpt)}" if permission.excerpt else ""
    return f"<li>{WORDS.get(kind, '')}{told} ({publisher}){excerpt}</li>"


def _asks(permission: Permission, signal: Signal) -> bool:
    return permission.noindex if signal is Signal.NOINDEX else permission.tdm_reserved
