"""Pictures of the story that stand beside its body. In: a tree, the body, its title. Out: Figures."""

import re
from dataclasses import replace

from lxml.html import HtmlElement

from syndication.articles.extract.blocks import Page
from syndication.articles.tidy.figures import following_caption, is_credited, split_credit, take_figures
from syndication.articles.tidy.trees import fragment, is_inside, markup, names, take_out, text_of
from syndication.model.article import Figure

_FRAME = re.compile(
    r"thumbnail|featured|caption|hero|lead-image|post-image|entry-image|main-image|article-?_*image|photo|figure|article__media|c-article__media"
)
_CAPTION = re.compile(
    r"caption|(?:^|[\s_-])(?:image-?credit|media-?credit|photo-?credit|legend|bildunterschrift|wp-caption)"
)


def mark_captions(page: Page) -> None:
    """Words of a picture: neither story nor foreign. `tidy` reads them with their picture."""
    framed: dict[HtmlElement, bool] = {}
    for block in page.blocks:
        if block.size > 90:
            continue
        if _is_under_a_picture(block.element) and is_credited(block.text):
            block.foreign = "caption"
            continue
        for element in (block.element, *block.element.iterancestors()):
            if element.tag in ("article", "main", "body", "section"):
                break
            if element not in framed:
                framed[element] = _is_framed(element)
            if framed[element]:
                block.foreign = "caption"
                break


def _is_under_a_picture(element: HtmlElement) -> bool:
    """Whether nothing but a picture stands just before it."""
    before = element.getprevious()
    if before is None or (before.tail or "").strip():
        return False
    return (before.tag in ("img", "amp-img") or before.find(".//img") is not None) and not text_of(before)


def _is_framed(element: HtmlElement) -> bool:
    called = element.tag == "figcaption" or (element.tag == "figure" and element.find(".//table") is None)
    return (called or bool(_CAPTION.search(names(element)))) and _has_picture(element)


def page_figures(page: HtmlElement, body: HtmlElement, url: str) -> tuple[Figure, ...]:
    """In the same article element, before the body."""
    home = next((ancestor for ancestor in body.iterancestors("article", "main")), None)
    if home is None:
        home = body.getparent()
    if home is None or home.tag in ("body", "html"):
        return ()
    found: list[Figure] = []
    for element in [one for one in home.iter("figure", "div", "p") if not is_inside(one, body) and one is not body]:
        if is_inside(body, element) or (element.find(".//img") is None and element.find(".//amp-img") is None):
            continue
        if not _is_frame(element) or element.getparent() is None or _comes_after(element, body, home):
            continue
        figures, _ = take_figures(fragment(markup(element)), url)
        told = following_caption(element) if element.getnext() is not body else ""
        caption, credit = split_credit(told)
        found += [
            replace(figure, caption=figure.caption or caption, credit=figure.credit or credit) for figure in figures
        ]
        take_out(element)
    return tuple(found)


def _comes_after(element: HtmlElement, body: HtmlElement, home: HtmlElement) -> bool:
    for one in home.iter():
        if one is element:
            return False
        if one is body:
            return True
    return True


def _has_picture(element: HtmlElement) -> bool:
    """In it, or in what stands just before it."""
    before = element.getprevious()
    return any(
        one is not None
        and (one.tag in ("img", "amp-img") or one.find(".//img") is not None or one.find(".//amp-img") is not None)
        for one in (element, before, element.getparent())
    )


def _is_frame(element: HtmlElement) -> bool:
    return (element.tag == "figure" or bool(_FRAME.search(names(element)))) and len(text_of(element).split()) <= 80
