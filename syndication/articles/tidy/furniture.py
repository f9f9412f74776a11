"""Elements that are no story, known by what their makers call them. In: a tree. Out: the tree without them.

A name alone proves little ("share" may stand on the whole article), so an element that holds most of the text, or more
words than such a thing ever has, stays.
"""

import re

from lxml.html import HtmlElement

from syndication.articles.sanitize import one_line, shown_url
from syndication.articles.tidy.line import Line
from syndication.articles.tidy.lines import is_share_line, see_also
from syndication.articles.tidy.trees import elements, link_share, names, spaced_text, still_in, take_out, text_of
from syndication.model.article import RelatedLink, Removed

REMOVED_CHARS_MAX = 1000


def _called(*words: str) -> re.Pattern[str]:
    return re.compile(rf"(?:^|[\s_-])(?:{'|'.join(words)})(?:$|[\s_-])")


_SHARE = _called(
    *(
        "share",
        "shares",
        "sharing",
        "sharebar",
        "sharedaddy",
        "sd-sharing-enabled",
        "social",
        "socials",
        "socialshare",
        "addtoany",
    ),
    *(
        "addtoany_share_save_container",
        "a2a_kit",
        "shareaholic",
        "addthis",
        "heateor_sss_sharing_container",
        "ssba",
        "essb_links",
        "share-buttons",
    ),
)
_RELATED = _called(
    *(
        "related",
        "relatedposts",
        "jp-relatedposts",
        "yarpp",
        "crp_related",
        "recommended",
        "recirculation",
        "read-?also",
        "see-?also",
        "readmore",
    ),
    *(
        "more-?stories",
        "also-?like",
        "crosslink",
        "inline-?related",
        "wp-embedded-content",
        "further-?reading",
        "more-?news",
    ),
)
_COMMENTS = _called(
    "comments?", "comments-area", "comment-list", "commentlist", "respond", "disqus", "disqus_thread", "comment-respond"
)
_META = _called(
    *(
        "entry-meta",
        "post-meta",
        "article-meta",
        "meta",
        "byline",
        "posted-on",
        "entry-date",
        "post-date",
        "breadcrumbs?",
        "dateline-meta",
    ),
    *(
        "author-box",
        "author-bio",
        "about-author",
        "author-info",
        "tagcloud",
        "tags-links",
        "cat-links",
        "post-tags",
        "post-navigation",
    ),
    *(
        "nav-links",
        "entry-footer",
        "post-footer",
        "pagination",
        "screen-reader-text",
        "sr-only",
        "visually-hidden",
        "edit-link",
        "skip-link",
    ),
)
_PROMO = _called(
    *(
        "ad",
        "ads",
        "advert",
        "advertisement",
        "adsbygoogle",
        "ad-container",
        "ad-slot",
        "banner-ad",
        "sponsor",
        "sponsored",
        "promo",
    ),
    *(
        "newsletter",
        "newsletter-signup",
        "subscribe",
        "signup",
        "mc4wp-form",
        "cookie-notice",
        "cookie-banner",
        "paywall",
        "popup",
        "widget",
    ),
)
_KINDS = (
    ("share-buttons", _SHARE, 80),
    ("related-links", _RELATED, 150),
    ("comments", _COMMENTS, 100_000),
    ("page-furniture", _META, 80),
    ("promotion", _PROMO, 100),
)
_NEVER_STORY = (
    "nav",
    "form",
    "script",
    "style",
    "noscript",
    "template",
    "iframe",
    "svg",
    "button",
    "select",
    "dialog",
    "object",
    "embed",
)


def take_furniture(root: HtmlElement, base_url: str) -> tuple[list[RelatedLink], list[Removed]]:
    """Take out, in document order, what its name or its kind betrays; keep the links of what was related."""
    related: list[RelatedLink] = []
    removed: list[Removed] = []
    words_of_all = len(text_of(root).split())
    for element in elements(root):
        if not still_in(element, root):
            continue
        rule = _rule(element, words_of_all)
        if not rule:
            continue
        if rule == "related-links":
            related += links_of(element, base_url)
        text = one_line(f"{spaced_text(element)} {_alts(element)}", REMOVED_CHARS_MAX)
        if text:
            removed.append(Removed(rule, text))
        take_out(element)
    return related, removed


def _rule(element: HtmlElement, words_of_all: int) -> str:
    if element.tag in _NEVER_STORY:
        return "page-furniture"
    if element.tag in (
        "html",
        "body",
        "article",
        "main",
        "figure",
        "img",
        "figcaption",
        "a",
        "br",
        "table",
        "tbody",
        "tr",
    ):
        return ""
    if element.tag == "aside" and link_share(element) >= 0.5:
        return "related-links"
    called = names(element).strip()
    if not called and element.find(".//img") is None:
        return ""
    words = len(text_of(element).split())
    for rule, pattern, words_max in _KINDS if called else ():
        if pattern.search(called) and words <= words_max and 2 * words <= words_of_all:
            return rule if rule != "related-links" or link_share(element) >= 0.4 or words <= 30 else ""
    return "share-buttons" if words <= 30 and _is_share_row(element) else ""


def _is_share_row(element: HtmlElement) -> bool:
    """A row of buttons told by words that stand in the pictures' alternative texts and link titles."""
    images = list(element.iter("img"))
    if len(images) < 2 or element.find(".//figcaption") is not None:
        return False
    return is_share_line(" ".join(f"{text_of(element)} {_alts(element)}".split()))


def _alts(element: HtmlElement) -> str:
    return " ".join(image.get("alt") or "" for image in element.iter("img")).strip()


def links_of(element: HtmlElement, base_url: str) -> list[RelatedLink]:
    found = []
    for link in element.iter("a"):
        title, url = one_line(text_of(link)), shown_url(link.get("href", ""), base_url)
        told = see_also(Line(title, ((title, url),), 1.0))
        title = told[0][0] if told else title
        if title and url.startswith("http"):
            found.append(RelatedLink(title, url))
    return found
