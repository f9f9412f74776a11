"""A web page's bytes -> a tree, and what it says of itself to robots. In: a Document. Out: elements, pairs. Pure.

Bounded by bytes and elements; depth is the parser's own bound.
"""

import re
from urllib.parse import urlsplit

import lxml.etree
import lxml.html
from lxml.html import HtmlElement

from syndication.errors import ParseError
from syndication.model.source import Document
from syndication.sources.charset import to_utf8
from syndication.sources.text import scrub

BYTES_MAX = 4 * 1024 * 1024
ELEMENTS_MAX = 60_000
METAS_MAX = 200
LINK_WORDS_MAX = 60
"""A page with a field for a password and no more words than this is a door."""

_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_:.-]{2,40})", re.IGNORECASE)
_DOOR = re.compile(
    r"(?:^|[/.])(?:log-?in|sign-?in|signon|sso|oauth\d?|authenticate|auth|anmelden|connexion|accedi|paywall|wp-login\.php)"
    r"(?:[/.?]|$)",
    re.IGNORECASE,
)
DOOR_WORDS_MAX = 150


def tree_of(document: Document) -> HtmlElement:
    """Raises ParseError for what is no page."""
    named = _CHARSET.search(document.data[:4096])
    said = document.content_type or ""
    if named and "charset" not in said.lower():
        said = f"{said or 'text/html'}; charset={named[1].decode('ascii')}"
    html = scrub(to_utf8(document.data[:BYTES_MAX], said).utf8.decode())
    parser = lxml.html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    try:
        page = lxml.html.document_fromstring(html.encode(), parser=parser)
    except (lxml.etree.ParserError, lxml.etree.XMLSyntaxError) as error:
        raise ParseError("the document is not a web page", why=str(error) or "there is nothing in it") from error
    for count, _ in enumerate(page.iter()):
        if count > ELEMENTS_MAX:
            raise ParseError("the page is refused", why=f"it has more than {ELEMENTS_MAX} elements")
    return page


def metas_of(page: HtmlElement) -> list[tuple[str, str]]:
    """Names in lower case and contents of its meta elements."""
    found = [(element.get("name", "").strip().lower(), element.get("content", "")) for element in page.iter("meta")]
    return [pair for pair in found if pair[0]][:METAS_MAX]


def is_door(page: HtmlElement, *, asked: str, answered: str) -> bool:
    """Whether a page asks who we are in place of what was asked for: we were sent to a log-in, or there is little else.

    A log-in form beside a text is furniture.
    """
    if _DOOR.search(urlsplit(answered).path) and not _DOOR.search(urlsplit(asked).path):
        return True
    if not any(field.get("type", "").lower() == "password" for field in page.iter("input")):
        return False
    return len((page.text_content() or "")[:20_000].split()) <= DOOR_WORDS_MAX
