"""Entry or Extract -> Article. In: what a partner wrote, the source, now. Out: an Article that every output can trust.

Leads `sanitize`, `tidy` and `identify`. Never raises for what an entry holds: what cannot be used is left out and
flagged, what was taken out is kept with its rule. It asks nothing of rights but whether the page is worth reading.
"""

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from urllib.parse import urlsplit

from syndication.articles.doubts import title_is_strange, without_holds
from syndication.articles.extract.naming import proper_name
from syndication.articles.identify import canonical_url, fingerprint, guid_for
from syndication.articles.measure import beginning
from syndication.articles.originals import first_published
from syndication.articles.sanitize import (
    ends_cut,
    excerpt,
    is_private_host,
    is_usual,
    mixes_scripts,
    one_line,
    plain_text,
    shown_url,
    was_cut,
)
from syndication.articles.tidy import Tidied, merge_figures, split_credit, tidy_html
from syndication.model.article import Article, Extract, Figure
from syndication.model.rights import Terms, TextRight
from syndication.model.source import ArticleFrom, Entry, Source

TITLE_CHARS_MAX = 300
NAME_CHARS_MAX = 200
EXCERPT_WORDS_MAX = 120
EXCERPT_WORDS = 55
"""Of an excerpt that is taken from the body, as long as the usual automatic one."""

SUMMARY_WORDS_WHOLE = 120
"""A summary that comes without a body counts as the whole text from so many words on."""

CATEGORIES_MAX = 30
FIGURES_MAX = 30
OLDEST = datetime(1990, 1, 1, tzinfo=UTC)

_NOBODY = re.compile(r"(?:admin|administrator|editor|editors|staff|webmaster|newsroom|author|wordpress|unknown)", re.I)
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8}){0,3}")


def wants_page(entry: Entry, source: Source) -> bool:
    """Whether the partner's page should be read too: asked for, or the entry is cut and the rights reach beyond it."""
    if source.article_from is ArticleFrom.FEED:
        return False
    asked = source.article_from is ArticleFrom.PAGE or source.kind.names_pages_only
    wanted = asked or (source.rights.text is TextRight.FULL and _is_cut(entry))
    return wanted and bool(canonical_url(entry.url or ""))


def clean(entry: Entry, source: Source, now: datetime, *, extract: Extract | None = None) -> Article:
    """The article that `entry` tells, first seen `now`; with `extract`, what its page gave completes it."""
    base = _base(entry, source)
    page = extract or Extract()
    url = canonical_url(entry.url or "", base)
    title = one_line(entry.title, TITLE_CHARS_MAX)
    told = _tidied(entry, base, title)
    body, text = _body(entry, told, page, source)
    summary = _excerpt(entry, base, told, text, page)
    published, date_flag = _published(entry, page, now)
    lines = [block.text for block in (*told.removed, *page.removed)]
    original = first_published(published, of_page=_moment(page.date, now), lines=lines, text=text, url=url)
    publisher, publisher_url = _publisher(entry, source, told, page, base)
    article = Article(
        source_id=source.id,
        guid=guid_for(entry),
        url=url,
        publisher_guid=one_line(entry.id or "", 1000),
        title=title or page.title or one_line(summary, 80) or "Untitled",
        byline=_byline(entry, told, page, publisher),
        publisher=publisher,
        publisher_url=publisher_url,
        excerpt=summary,
        body=body,
        text=text,
        language=_language(entry),
        published_at=original or published,
        republished_at=published if original else None,
        first_seen_at=now,
        updated_at=_moment(entry.updated, now),
        figures=_figures(entry, told, page, base),
        related=page.related if body and body == page.body else told.related,
        removed=(*told.removed, *page.removed),
        flags=_flags(
            entry,
            url,
            "published-again" if original else date_flag,
            page,
            from_page=bool(body) and body == page.body,
            named=not source.kind.names_pages_only,
        ),
        categories=_categories(entry.categories),
        rights_note=one_line(entry.rights or "", 500),
        terms=_terms(entry, page, base),
    )
    return replace(article, fingerprint=fingerprint(article))


def _terms(entry: Entry, page: Extract, base: str) -> Terms:
    """What the feed says of this item's use, and what its page adds."""
    licence, opens = shown_url(entry.licence or "", base), entry.available
    said = Terms(licence if licence.startswith("http") else "", _aware(opens) if opens else None)
    return said.or_else(page.terms)


def _base(entry: Entry, source: Source) -> str:
    """What links are relative to. An entry of a public feed does not get to name a private page as its base."""
    if entry.url and is_usual(entry.url):
        return entry.url
    link = shown_url(entry.url or "", source.url)
    if not link.startswith("http"):
        return source.url
    private = is_private_host(urlsplit(link).hostname or "")
    return link if not private or is_private_host(urlsplit(source.url).hostname or "") else source.url


def _is_cut(entry: Entry, told: Tidied | None = None) -> bool:
    """Whether the feed gives less than the story: by its mark, or as a summary too short to be one.

    `told`, when it is known already, saves reading the HTML once more.
    """
    whole = _has_content(entry)
    html = entry.content_html if whole else entry.summary_html
    known = told and (told.untouched or (whole and told.ends_untouched))
    text = told.text if told and known else plain_text(html or "")
    return ends_cut(text) or (not whole and len(text.split()) < SUMMARY_WORDS_WHOLE)


def _has_content(entry: Entry) -> bool:
    return bool(entry.content_html and entry.content_html.strip())


def _tidied(entry: Entry, base: str, title: str) -> Tidied:
    html = entry.content_html if _has_content(entry) else entry.summary_html
    return tidy_html(html or "", base_url=base, title=title)


def _body(entry: Entry, told: Tidied, page: Extract, source: Source) -> tuple[str, str]:
    """Body and its text, the feed's or the page's; both empty when there is only an excerpt."""
    from_feed = ("", "") if _is_cut(entry, told) else (told.body, told.text)
    if not page.body:
        return from_feed
    # A page that gives much less than the feed was not understood.
    enough = len(page.text.split()) >= 0.8 * len(from_feed[1].split())
    return (page.body, page.text) if enough or source.article_from is ArticleFrom.PAGE else from_feed


def _excerpt(entry: Entry, base: str, told: Tidied, text: str, page: Extract) -> str:
    """The publisher's summary when it is whole; else the page's; else the body's beginning; else what there is."""
    summary = told.text
    if _has_content(entry):
        summary = tidy_html(entry.summary_html, base_url=base).text if entry.summary_html else ""
    if summary and not ends_cut(summary) and not (text and summary.split()[:40] == text.split()[:40]):
        return excerpt(summary, EXCERPT_WORDS_MAX)
    return (
        page.excerpt
        or excerpt(beginning(text) or text, EXCERPT_WORDS)
        or excerpt(summary, EXCERPT_WORDS_MAX)
        or _cut_body(entry)
    )


def _cut_body(entry: Entry) -> str:
    return excerpt(plain_text(entry.content_html or ""), EXCERPT_WORDS)


def _published(entry: Entry, page: Extract, now: datetime) -> tuple[datetime, str]:
    """The partner's date, never later than now; now itself when there is none to believe (PAR-09)."""
    moments = (_aware(moment) for moment in (entry.published, page.date, entry.updated) if moment is not None)
    stated = next((moment for moment in moments if moment is not None), None)
    if stated is None:
        return now, "no-date"
    if stated < OLDEST:
        return now, "date-not-believed"
    return (now, "date-in-future") if stated > now else (stated, "")


def _moment(moment: datetime | None, now: datetime) -> datetime | None:
    stated = _aware(moment) if moment else None
    return min(stated, now) if stated and stated >= OLDEST else None


def _aware(moment: datetime) -> datetime | None:
    try:
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except OverflowError:  # 31 December 9999, west of Greenwich
        return None


def _publisher(entry: Entry, source: Source, told: Tidied, page: Extract, base: str) -> tuple[str, str]:
    """The originator's name and address: the house that page, body or entry credits, else the partner."""
    origin = entry.source
    credited = (
        (page.original_publisher, page.original_link),
        (proper_name(told.publisher, f"{told.text} {entry.title}"), told.publisher_link),
        (origin.title or "", origin.url or "") if origin else ("", ""),
    )
    for written, link in credited:
        name, address = one_line(written, NAME_CHARS_MAX), shown_url(link, base)
        if name and not _is_partner(name, address, source):
            return name, address
    return source.partner.name, source.partner.homepage


def _is_partner(name: str, address: str, source: Source) -> bool:
    hosts = {(urlsplit(url).netloc or "").removeprefix("www.") for url in (address, source.partner.homepage) if url}
    return name.casefold() == source.partner.name.casefold() or (len(hosts) == 1 and bool(address))


def _byline(entry: Entry, told: Tidied, page: Extract, publisher: str) -> str:
    names = list(dict.fromkeys(one_line(person.name, 120) for person in entry.authors if person.name.strip()))
    known = [name for name in names if not _NOBODY.fullmatch(name) and name.casefold() != publisher.casefold()]
    return one_line(", ".join(known[:10]) or page.byline or told.byline, NAME_CHARS_MAX)


def _figures(entry: Entry, told: Tidied, page: Extract, base: str) -> tuple[Figure, ...]:
    found = [*page.figures, *told.figures]
    for picture in entry.pictures:
        caption, credit = split_credit(picture.caption or "")
        src = shown_url(picture.url, base)
        found.append(Figure(src=src, caption=caption, credit=one_line(picture.credit or "", NAME_CHARS_MAX) or credit))
    for enclosure in entry.enclosures:
        if (enclosure.type or "").lower().startswith("image/"):
            caption, credit = split_credit(enclosure.title or "")
            found.append(Figure(src=shown_url(enclosure.url, base), caption=caption, credit=credit))
    return merge_figures(figure for figure in found if figure.src.startswith("http"))[:FIGURES_MAX]


def _language(entry: Entry) -> str:
    written = (entry.language or "").strip().replace("_", "-")
    return written if _LANGUAGE.fullmatch(written) else ""


def _categories(written: Iterable[str]) -> tuple[str, ...]:
    names = dict.fromkeys(one_line(category, 100) for category in written)
    return tuple(name for name in names if name)[:CATEGORIES_MAX]


def _flags(entry: Entry, url: str, date_flag: str, page: Extract, *, from_page: bool, named: bool) -> tuple[str, ...]:
    """`named`: what lists it gives ids to its entries, as feeds do and pages do not."""
    flags = [date_flag, *(page.flags if from_page else without_holds(page.flags))]
    if from_page and title_is_strange(entry.title, page.title, page.text):
        flags.append("title-not-in-page")
    flags += ["no-link"] if not url else []
    flags += ["no-id"] if named and not (entry.id or "").strip() else []
    flags += ["mixed-scripts"] if mixes_scripts(entry.title[:1000]) else []
    flags += ["cut-at-limit"] if was_cut(entry.content_html or "") or was_cut(entry.summary_html or "") else []
    return tuple(dict.fromkeys(flag for flag in flags if flag))
