"""An article and its Permission -> Item: what every format says of it, in one shape."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from html import escape

from syndication.feeds.words import canonical, identity, language, licence_in, person, scrub, web_address
from syndication.model.article import Figure, Permission, Stored
from syndication.model.feed import Publication, Signal, Withdrawn
from syndication.model.image import Image
from syndication.model.source import Partner

KEPT = 1000
"""Items that are kept: some thirty kilobytes each."""
NO_ITEMS = datetime(2000, 1, 1, tzinfo=UTC)
"""The date of a feed that has no item yet: a fixed one, so that its bytes stay the same."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture at our address, with the name it is owed to. `small` is the same one for lists."""

    url: str
    width: int
    height: int
    bytes: int
    small_url: str
    small_width: int
    small_height: int
    caption: str
    credit: str


@dataclass(frozen=True, slots=True)
class Item:
    """Equal items are written as the same bytes in every feed that has them."""

    number: int
    """Of the article, for life."""
    id: str
    """The publisher's own id when it is a URI; else the address of our page. Unique in its feed."""
    url: str
    """Where reading goes on: our page when it shows the whole text, else the publisher's."""
    original_url: str
    title: str
    summary: str
    """Plain text; may be empty."""
    html: str
    """What a reader shows: the text or its excerpt, its pictures, and the attribution line."""
    whole: bool
    """True when `html` holds the whole text."""
    author: str
    publisher: str
    publisher_url: str
    published_at: datetime
    updated_at: datetime
    topics: tuple[tuple[str, str], ...] = ()
    """Slug, and the title that readers see."""
    pictures: tuple[Picture, ...] = ()
    """Those at our address. One that we do not keep is a link in `html`, and nothing that a program would load."""
    rights: str = ""
    licence: str = ""
    attribution: str = ""
    language: str = ""
    source_title: str = ""
    source_url: str = ""
    """Empty for what is our own: then there is no source."""
    source_id: str = ""
    source_home: str = ""
    signals: tuple[Signal, ...] = ()
    noarchive: bool = False
    tdm_policy: str = ""
    """Where the terms of text and data mining stand, when it is reserved."""
    withdrawn_at: datetime | None = None

    @property
    def stamp(self) -> datetime:
        """`updated_at`, told apart from that of any other item: two of one instant confuse readers of Atom."""
        return self.updated_at.replace(microsecond=0) + timedelta(microseconds=self.number % 1_000_000)


def items_of(
    publication: Publication,
    shown: Iterable[tuple[Stored, Permission]],
    titles: Mapping[str, str] | None = None,
) -> tuple[Item, ...]:
    """The items of what may be shown, in the order given. `titles` maps topic slugs to what readers see."""
    made: list[Item] = []
    taken: set[str] = set()
    for stored, permission in shown:
        if permission.allowed:
            topics = tuple((slug, (titles or {}).get(slug, slug)) for slug in stored.topics)
            item = _item(publication, stored, permission, topics)
            if item.id in taken:
                item = replace(item, id=page_of(publication, stored.id))
            taken.add(item.id)
            made.append(item)
    return tuple(made)


def note_of(publication: Publication, gone: Withdrawn) -> Item:
    """What stands in the place of a withdrawn article, under its id: a reader shows it instead of the text."""
    page = page_of(publication, gone.article_id)
    partner = _name(gone.partner)
    title, words = f"Withdrawn by {partner}", f"{partner} has withdrawn this story."
    if not gone.by_publisher:
        title, words = "Withdrawn by us", "We have taken this story back."
    return Item(
        number=gone.article_id,
        id=identity(gone.publisher_guid) or page,
        url=web_address(gone.partner.homepage) or page,
        original_url="",
        title=title,
        summary=words,
        html=f"<p>{escape(words)}</p>",
        whole=False,
        author=person(partner) or gone.partner.slug,
        publisher=partner,
        publisher_url=web_address(gone.partner.homepage),
        published_at=gone.published_at,
        updated_at=gone.at,
        withdrawn_at=gone.at,
    )


def newest_change(items: Sequence[Item]) -> datetime:
    return max((item.updated_at for item in items), default=NO_ITEMS)


def page_of(publication: Publication, article_id: int) -> str:
    return f"{publication.base_url}/articles/{article_id}"


def house_of(publication: Publication) -> str:
    """Whoever stands for a feed as its author."""
    return person(scrub(publication.publisher)) or person(scrub(publication.title)) or "The publisher"


def _name(partner: Partner) -> str:
    return scrub(partner.name).strip() or partner.slug


@lru_cache(maxsize=KEPT)
def _item(
    publication: Publication, stored: Stored, permission: Permission, topics: tuple[tuple[str, str], ...]
) -> Item:
    """The same for the same: most of a feed is what it was the last time."""
    article = stored.article
    page = page_of(publication, stored.id)
    whole = bool(permission.body)
    original = web_address(article.url)
    publisher = scrub(article.publisher).strip() or _name(stored.partner)
    return Item(
        number=stored.id,
        id=identity(article.publisher_guid) or page,
        url=page if whole else original or page,
        original_url=original,
        title=scrub(permission.title).strip() or "Untitled",
        summary=scrub(permission.excerpt).strip(),
        html=scrub(_html(publication, stored, permission)),
        whole=whole,
        author=person(scrub(article.byline)) or person(publisher) or stored.partner.slug,
        publisher=publisher,
        publisher_url=web_address(article.publisher_url),
        published_at=article.published_at,
        updated_at=max(filter(None, (article.published_at, stored.changed_at))),
        topics=tuple((slug, scrub(title)) for slug, title in topics),
        pictures=tuple(_pictures(publication, permission)),
        rights=scrub(article.rights_note).strip(),
        licence=web_address(permission.licence) or licence_in(article.rights_note),
        attribution=scrub(permission.attribution),
        language=language(article.language),
        source_title=_name(stored.partner),
        source_url=web_address(stored.source_url),
        source_id=canonical(web_address(stored.source_url)) or f"{publication.base_url}/partners/{stored.partner.slug}",
        source_home=web_address(stored.partner.homepage),
        signals=_signals(permission),
        noarchive=permission.noarchive,
        tdm_policy=web_address(permission.tdm_policy),
    )


def _pictures(publication: Publication, permission: Permission) -> Iterator[Picture]:
    for figure in permission.figures:
        image = permission.image(figure)
        if image is not None:
            yield _picture(publication, figure, image)


def _picture(publication: Publication, figure: Figure, image: Image) -> Picture:
    large, small = image.large, image.small
    return Picture(
        url=publication.base_url + image.path(large),
        width=large.width,
        height=large.height,
        bytes=large.bytes,
        small_url=publication.base_url + image.path(small),
        small_width=small.width,
        small_height=small.height,
        caption=scrub(figure.caption or figure.alt),
        credit=scrub(figure.credit),
    )


def _signals(permission: Permission) -> tuple[Signal, ...]:
    asked = ((Signal.NOINDEX, permission.noindex), (Signal.TDM, permission.tdm_reserved))
    return tuple(signal for signal, is_asked in asked if is_asked)


def _html(publication: Publication, stored: Stored, permission: Permission) -> str:
    shown = [_figure_html(publication, permission, figure) for figure in permission.figures]
    lead = 1 if permission.figures and permission.image(permission.figures[0]) else 0
    parts = [
        *shown[:lead],
        permission.body or (permission.excerpt and f"<p>{escape(permission.excerpt)}</p>"),
        *shown[lead:],
        _attribution(stored, permission),
        f'<img src="{escape(permission.pixel)}" width="1" height="1" alt="">' if permission.pixel else "",
    ]
    return "".join(filter(None, parts))


def _figure_html(publication: Publication, permission: Permission, figure: Figure) -> str:
    """A picture of ours with its caption and credit; another one as a link in words, which loads nothing."""
    credit = f" ({escape(figure.credit)})" if figure.credit else ""
    image = permission.image(figure)
    if image is not None:
        size, words = image.small, escape(figure.caption)
        source = escape(publication.base_url + image.path(size))
        alt = escape(figure.alt or figure.caption)
        return (
            f'<figure><img src="{source}" width="{size.width}" height="{size.height}" alt="{alt}">'
            f"<figcaption>{f'{words}{credit}' if words else escape(figure.credit)}</figcaption></figure>"
        )
    words = escape(figure.caption or figure.alt or "Picture")
    address = web_address(figure.src)
    shown = f'<a href="{escape(address)}">{words}</a>' if address else words
    return f"<p>Picture: {shown}{credit}</p>"


def _attribution(stored: Stored, permission: Permission) -> str:
    link = escape(web_address(stored.article.url) or web_address(stored.article.publisher_url))
    words = escape(permission.attribution or f"Read it at {stored.article.publisher}")
    return f'<p><a href="{link}">{words}</a></p>' if link else f"<p>{words}</p>"
