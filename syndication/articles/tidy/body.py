"""Leads the tidying of one body: furniture, pictures, then line after line. In: HTML, its base. Out: Tidied.

The first two steps need the partner's own names for things, the third only words: so the HTML is made safe in between,
and the line rules read a small, strict dialect in which every line is a block of its own.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from lxml.html import HtmlElement

from syndication.articles.sanitize import one_line, parsed, roughly_safe, safe_html, text_of_safe
from syndication.articles.tidy import lines as rules
from syndication.articles.tidy.cut import cut_excerpts
from syndication.articles.tidy.figures import take_figures
from syndication.articles.tidy.furniture import REMOVED_CHARS_MAX, take_furniture
from syndication.articles.tidy.line import LINE_CHARS_MAX, Line
from syndication.articles.tidy.lines import words_of
from syndication.articles.tidy.parts import Part, parts_of
from syndication.articles.tidy.pictured import pictured
from syndication.articles.tidy.plain import untouched
from syndication.articles.tidy.tidied import Tidied
from syndication.articles.tidy.trees import fragment, link_share, markup, still_in, take_out, text_of
from syndication.model.article import RelatedLink, Removed

_LINE_TAGS = ("p", "h2", "h3", "h4", "li", "dd", "dt", "pre", "blockquote")


@dataclass(slots=True)
class _Findings:
    related: list[RelatedLink] = field(default_factory=list)
    removed: list[Removed] = field(default_factory=list)
    credits: list[tuple[str, str]] = field(default_factory=list)
    byline: str = ""
    dates: list[str] = field(default_factory=list)


def tidy(root: HtmlElement, *, base_url: str, title: str = "") -> Tidied:
    """Tidy the inside of `root`, which is changed on the way."""
    related, removed = take_furniture(root, base_url)
    figures, no_pictures = take_figures(root, base_url)
    found = _Findings(related=related, removed=[*removed, *no_pictures])
    tree = fragment(roughly_safe(markup(root), base_url=base_url))
    _take_cut_excerpts(tree, [figure.caption for figure in figures], found)
    _take_lines(tree, title, found)
    _take_repeats(tree, found)
    body = safe_html(markup(tree), base_url=base_url)
    # A line that names a house tells more than one that only links.
    publisher, link = max(found.credits, key=lambda credit: bool(credit[0]), default=("", ""))
    return Tidied(
        body=body,
        text=text_of_safe(body),
        figures=tuple(figures),
        related=merge_links(found.related),
        removed=tuple(found.removed),
        publisher=publisher,
        publisher_link=link,
        byline=found.byline,
        dates=tuple(found.dates),
    )


def tidy_html(html: str, *, base_url: str, title: str = "") -> Tidied:
    """The same for a piece of HTML as its publisher wrote it."""
    if not html.strip():
        return Tidied()
    quick = untouched(html, base_url, title)
    if quick is not None:
        return quick
    looked = parsed(html)
    return pictured(looked, base_url, title) or tidy(fragment(looked), base_url=base_url, title=title)


def _blocks(tree: HtmlElement) -> list[HtmlElement]:
    """The lines: blocks that hold no other block."""
    found = [
        block
        for block in tree.iter(*_LINE_TAGS)
        if not any(True for _ in block.iterdescendants(*_LINE_TAGS, "ul", "ol", "table", "dl"))
    ]
    return [block for block in found if text_of(block)]


def _take_lines(tree: HtmlElement, title: str, found: _Findings) -> None:
    blocks = _blocks(tree)
    heading: HtmlElement | None = None  # "See also", waiting for its links
    for place, block in enumerate(blocks):
        if not still_in(block, tree):
            continue
        for part in parts_of(block):
            line = part.line(place, len(blocks) - 1 - place)
            if len(line.text) > LINE_CHARS_MAX:
                continue
            if heading is not None:
                if line.link_share >= 0.9 and line.words <= 40 and block.tag in ("p", "li", "h3", "h4"):
                    found.related += [RelatedLink(text, url) for text, url in line.links]
                    _take(part, "see-also", line, found)
                    continue
                heading = None
            rule = _judge(line, title, str(block.tag), found)
            if rule == "see-also-heading":
                if not _leads_to_links(blocks, place):
                    continue
                heading, rule = block, "see-also"
            if rule:
                _take(part, rule, line, found)


def _judge(line: Line, title: str, tag: str, found: _Findings) -> str:
    """The rule that takes the line out, or "". What the line tells is kept in `found`."""
    credit = rules.credited(line) or rules.first_published(line)
    if credit:
        found.credits.append(credit)
        return "credit-line"
    linked = rules.see_also(line)
    if linked is not None:
        found.related += [RelatedLink(one_line(text), url) for text, url in linked]
        return "see-also" if linked else "see-also-heading"
    if rules.is_title(line, title):
        return "title-again"
    name = rules.byline(line)
    if name and tag != "li":
        found.byline = found.byline or name
        return "byline"
    for rule, knows in rules.OTHERS:
        if knows(line):
            if rule == "date-line":
                found.dates.append(line.text)
                found.byline = found.byline or rules.byline_of_date_line(line)
            return rule
    return ""


def _leads_to_links(blocks: list[HtmlElement], place: int) -> bool:
    """Whether "See also" heads a list of links, as it must to be a cross-link and not a heading of the story's."""
    following = blocks[place + 1] if place + 1 < len(blocks) else None
    return following is not None and link_share(following) >= 0.9


def _take(part: Part, rule: str, line: Line, found: _Findings) -> None:
    found.removed.append(Removed(rule, one_line(line.text, REMOVED_CHARS_MAX)))
    part.take_out()


def _take_cut_excerpts(tree: HtmlElement, captions: list[str], found: _Findings) -> None:
    blocks = [block for block in _blocks(tree) if block.tag in ("p", "blockquote", "h2", "h3", "h4", "pre")]
    texts = [text_of(block) for block in blocks]
    for place in cut_excerpts(texts, captions):
        found.removed.append(Removed("cut-excerpt", one_line(texts[place], REMOVED_CHARS_MAX)))
        take_out(blocks[place])


def _take_repeats(tree: HtmlElement, found: _Findings) -> None:
    """A long paragraph told twice, word for word: the second goes."""
    known: set[str] = set()
    for block in _blocks(tree):
        words = " ".join(words_of(text_of(block)))
        if block.tag == "p" and len(words.split()) >= 20 and words in known:
            found.removed.append(Removed("told-twice", one_line(text_of(block), REMOVED_CHARS_MAX)))
            take_out(block)
        known.add(words)


def merge_links(links: Iterable[RelatedLink]) -> tuple[RelatedLink, ...]:
    """Each address once, in the order first met."""
    return tuple({link.url: link for link in reversed(tuple(links)) if link.title and link.url}.values())[::-1]
