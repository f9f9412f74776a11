"""Untrusted HTML -> safe HTML, plain text. nh3 parses as a browser does and drops what acts; `writer` writes it again.

Out comes a small, strict dialect that any two parsers read alike: no class, id or style, no picture, links absolute.
Never raises, takes linear time, and cleaning twice is cleaning once.
"""

import re
from functools import lru_cache

import nh3

from syndication.articles.sanitize.reader import read
from syndication.articles.sanitize.settled import is_settled, lines_of
from syndication.articles.sanitize.usual import at_sight
from syndication.articles.sanitize.walk import bare
from syndication.articles.sanitize.wording import clean_text
from syndication.articles.sanitize.writer import write, write_text

HTML_CHARS_MAX = 2_000_000
TAGS_MAX = 10_000
"""A parser's cost can grow with the square of its depth; at this many tags the worst case stays under a second."""

_ROUNDS_MAX = 5

_DROPPED_WHOLE = {
    *("script", "style", "svg", "math", "iframe", "template", "noscript", "noembed", "noframes", "object", "applet"),
    *("title", "textarea", "select", "button", "datalist", "canvas", "audio", "video", "xmp", "plaintext", "map"),
}
_FORMATTING = ("a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u")
# A parser repeats misnested formatting elements in every later block: 35 kB became 28 MB. Under another name they are
# elements like any other, and nothing that follows hangs on how well they nest.
_NAMES = r"(?=(?:[aiu]|b(?:ig)?|s(?:mall|trike|trong)?|em|code|font|nobr|tt)[\s/>])"
_OPENING, _CLOSING = re.compile(f"<{_NAMES}", re.I), re.compile(f"</{_NAMES}", re.I)
_KEPT = {
    *("p", "div", "section", "article", "main", "header", "footer", "aside", "nav", "address", "center", "details"),
    *("summary", "figure", "figcaption", "blockquote", "ul", "ol", "li", "dl", "dt", "dd", "pre", "hr", "br", "span"),
    *("h1", "h2", "h3", "h4", "h5", "h6", "table", "caption", "thead", "tbody", "tfoot", "tr", "td", "th"),
    *("del", "ins", "sub", "sup", "kbd", "samp", "var", "q", "cite", "abbr", "acronym", "mark", "bdi", "ruby", "rt"),
    *("rp", "form", "fieldset", "legend", "time", *(f"x-{name}" for name in _FORMATTING)),
}
_ATTRIBUTES = {
    "*": {"lang", "dir"},
    "x-a": {"href"},
    "abbr": {"title"},
    "ol": {"start"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan"},
}
CREDIT_ATTRIBUTES = ("data-credit", "data-image-credit", "data-photo-credit", "data-copyright", "data-photographer")
"""In which makers of pages keep whose a picture is."""

_PICTURE_ATTRIBUTES = {"src", "alt", "width", "height", "srcset", "data-src", "data-lazy-src", "data-original"}
_TAG_OR_TEXT = re.compile(r'<(/?)([a-z][a-z0-9-]*)(?: [a-z-]+="[^"]*")*>|[^<]+|<')


def safe_html(html: str, *, base_url: str) -> str:
    """Safe HTML: blocks and inline text, links absolute to `base_url`, nothing that acts, loads or clobbers."""
    written = roughly_safe(html, base_url=base_url)
    if is_settled(written) and not was_cut(written):
        return written
    for _ in range(_ROUNDS_MAX):
        # A second look proves that a parser reads what was written, and it cuts what grew beyond the bounds.
        again = roughly_safe(written, base_url=base_url)
        if again == written:
            return written
        written = again
    return write_text(text_of_safe(written))


def plain_text(html: str) -> str:
    """The text of any HTML, paragraphs parted by an empty line, list items led by "- "."""
    return text_of_safe(roughly_safe(html, base_url=""))


def text_of_safe(html: str) -> str:
    """The same of HTML that `safe_html` wrote, without parsing it once more."""
    if is_settled(html) and "<li>" not in html:
        return "\n\n".join(map(bare, lines_of(html)))
    return read(html)


def roughly_safe(html: str, *, base_url: str) -> str:
    """One round of `safe_html`: as safe, in the same dialect; for work in between that ends in a `safe_html`."""
    quick = None if was_cut(html) else at_sight(html)
    return write(_parser().clean(_prepared(_capped(html))), base_url) if quick is None else quick


def parsed(html: str) -> str:
    """As a browser would read it, with classes and pictures still in: for looking into, not for showing."""
    cleaned = _parser(for_looking=True).clean(_prepared(_capped(html)))
    return re.sub(r"(</?)x-", r"\1", _shallow(cleaned))


def was_cut(html: str) -> bool:
    """Whether `html` is beyond what is read of one document, so that its end is missing."""
    return len(html) > HTML_CHARS_MAX or html.count("<") > TAGS_MAX


def _prepared(html: str) -> str:
    return _CLOSING.sub("</x-", _OPENING.sub("<x-", clean_text(html)))


def _capped(html: str) -> str:
    html = html[:HTML_CHARS_MAX]
    if html.count("<") <= TAGS_MAX:
        return html
    position = -1
    for _ in range(TAGS_MAX + 1):
        position = html.find("<", position + 1)
    return html[:position]


@lru_cache(maxsize=2)
def _parser(*, for_looking: bool = False) -> nh3.Cleaner:
    extra = {"img"} if for_looking else set()
    attributes = dict(_ATTRIBUTES)
    if for_looking:
        attributes |= {
            "*": {"lang", "dir", "class", "title", "rel"},
            "img": _PICTURE_ATTRIBUTES | set(CREDIT_ATTRIBUTES),
        }
        attributes |= {"time": {"datetime"}, "abbr": set()}
    return nh3.Cleaner(
        tags=_KEPT | extra,
        clean_content_tags=_DROPPED_WHOLE,
        attributes=attributes,
        link_rel=None,
        # Relative links stay as they are; each URL is judged and spelt by `links` when it is written.
        url_schemes={"http", "https", "mailto"},
    )


def _shallow(html: str, depth_max: int = 60) -> str:
    """The same text with the tags nested deeper than `depth_max` left out, so that a tree of it can be walked."""
    kept, depth = [], 0
    for match in _TAG_OR_TEXT.finditer(html):
        closing, name = match[1], match[2]
        if not name or name in ("img", "br", "hr"):
            kept.append(match[0])
            continue
        if not closing:
            depth += 1
        if depth <= depth_max:
            kept.append(match[0])
        if closing:
            depth -= 1
    return "".join(kept)
