"""A partner's own rules, applied before ours: HTML as published, PageRules -> HTML, what was taken out, what was said.

Each rule has an id, "partner:remove aside.letter", under which its block is kept. A rule takes whole elements. `keep`
takes the names off an element and marks its lines, so that no rule of ours knows it for furniture. Pure.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

import lxml.html
from lxml.html import HtmlElement

from syndication.articles.extract.dates import read_date
from syndication.articles.extract.page import parse_page
from syndication.articles.sanitize import one_line
from syndication.articles.tidy.trees import take_out
from syndication.model.article import Extract, Removed
from syndication.model.source import PageRule, RuleKind
from syndication.selectors import find

TEXT = "text:"
REMOVED_CHARS_MAX = 1000
MARK = "\ua66e"
"""A letter that no living text uses: a line that begins and ends with it is no line that a rule of ours knows."""
LINES = ("p", "li", "h1", "h2", "h3", "h4", "h5", "h6", "div", "td", "dd", "dt", "blockquote", "figcaption", "span")
LINE_TAGS = frozenset(LINES)


@dataclass(slots=True)
class Ruled:
    """`said` holds by kind what the rules found for title, byline and date."""

    html: str
    removed: list[Removed] = field(default_factory=list)
    said: dict[RuleKind, str] = field(default_factory=dict)
    matched: list[str] = field(default_factory=list)
    missed: list[str] = field(default_factory=list)


def name_of(rule: PageRule) -> str:
    return f"{rule.kind.value} {rule.where}"


def rule_page(html: bytes | str, rules: Sequence[PageRule]) -> Ruled | None:
    """A whole page. None when there is no page in it."""
    page = parse_page(html)
    if page is None:
        return None
    ruled = Ruled("")
    for rule in rules:
        found = _places(page, rule)
        (ruled.matched if found else ruled.missed).append(name_of(rule))
        _apply(page, rule, found, ruled)
    ruled.html = lxml.html.tostring(page, encoding="unicode")
    return ruled


def rule_fragment(html: str, rules: Sequence[PageRule]) -> Ruled:
    """A piece of HTML of a feed: what is to be removed or kept in it. Where it stands on a page is of no use."""
    applying = [rule for rule in rules if rule.kind in (RuleKind.REMOVE, RuleKind.KEEP)]
    if not applying or not html.strip():
        return Ruled(html)
    ruled = rule_page(f"<html><body>{html}</body></html>", applying)
    if ruled is None or not ruled.matched:
        return Ruled(html)
    body = parse_page(ruled.html)
    inside = body.find("body") if body is not None else None
    if inside is not None:
        whole = lxml.html.tostring(inside, encoding="unicode", with_tail=False)
        ruled.html = re.sub(r"\A<body[^>]*>|</body>\Z", "", whole)
    return ruled


def completed(extract: Extract, ruled: Ruled) -> Extract:
    """What a page gave, with what the partner's rules know better."""
    date = read_date(ruled.said.get(RuleKind.DATE, ""))
    plain = replace(
        extract,
        title=one_line(ruled.said.get(RuleKind.TITLE, ""), 300) or extract.title,
        byline=one_line(ruled.said.get(RuleKind.BYLINE, ""), 200) or extract.byline,
        date=date or extract.date,
        removed=(*ruled.removed, *extract.removed),
    )
    return unmarked(plain)


def unmarked(extract: Extract) -> Extract:
    texts = {name: getattr(extract, name) for name in ("title", "byline", "excerpt", "body", "text")}
    marked = {name: text.replace(MARK, "") for name, text in texts.items() if MARK in text}
    return replace(extract, **marked) if marked else extract


def _places(page: HtmlElement, rule: PageRule) -> list[HtmlElement]:
    if rule.where.startswith(TEXT):
        pattern = _pattern(rule.where.removeprefix(TEXT))
        lines = (element for element in page.iter(*LINES) if not any(child.tag in LINE_TAGS for child in element))
        return [element for element in lines if pattern.fullmatch(one_line(element.text_content(), 2000))]
    return [element for element in find(page, rule.where) if element.tag not in ("html", "body", "head")]


def _apply(page: HtmlElement, rule: PageRule, found: list[HtmlElement], ruled: Ruled) -> None:
    if not found:
        return
    if rule.kind is RuleKind.REMOVE:
        for element in found:
            if element.getparent() is not None:
                text = one_line(" ".join(element.itertext()), REMOVED_CHARS_MAX)
                ruled.removed.append(Removed(f"partner:{name_of(rule)}", text))
                take_out(element)
    elif rule.kind is RuleKind.KEEP:
        for element in found:
            _keep(element)
    elif rule.kind is RuleKind.BODY:
        _is_the_story(page, found[0])
    else:
        first = found[0]
        written = first.get("datetime") if rule.kind is RuleKind.DATE else None
        ruled.said.setdefault(rule.kind, one_line(written or " ".join(first.itertext()), 300))


def _keep(element: HtmlElement) -> None:
    if element.tag in ("aside", "nav", "footer", "form", "section"):
        element.tag = "div"
    for inner in element.iter():
        for name in ("class", "id", "role"):
            inner.attrib.pop(name, None)
        if inner is element or inner.tag in LINE_TAGS:
            _mark(inner)


def _mark(line: HtmlElement) -> None:
    if not (line.text or "").strip():
        return
    line.text = MARK + (line.text or "").lstrip()
    last = line[-1] if len(line) else None
    if last is None:
        line.text = line.text.rstrip() + MARK
    else:
        last.tail = (last.tail or "").rstrip() + MARK


def _is_the_story(page: HtmlElement, story: HtmlElement) -> None:
    """Put the element that holds the story alone into the page's body. Headings and dates are in its head, or said."""
    body, parent = page.find(".//body"), story.getparent()
    if body is None or parent is None:
        return
    headings = [element for element in body.iter("h1") if story not in element.iterancestors()][:1]
    parent.remove(story)
    story.tail = None
    for heading in headings:
        heading.tail = None
    for child in list(body):
        body.remove(child)
    body.text = None
    article = lxml.html.Element("article")
    for element in (*headings, story):
        article.append(element)
    story.set("class", "entry-content")
    body.append(article)


@lru_cache(maxsize=2048)
def _pattern(words: str) -> re.Pattern[str]:
    parts = [r"\s+".join(map(re.escape, part.split())) for part in words.strip().split("*")]
    return re.compile(r"\s*.{0,400}?\s*".join(parts), re.IGNORECASE | re.DOTALL)
