"""Text, names and addresses as feeds carry them. In: what a partner wrote. Out: what no reader stumbles over. Pure.

Each rule here answers a warning of the public feed validators, or a reader that was seen to break.
"""

import re
from functools import lru_cache
from html import escape, unescape
from unicodedata import is_normalized
from urllib.parse import quote, unquote_to_bytes, urlsplit, urlunsplit

_LAST_TWO = "".join(chr(plane * 0x10000 + last) for plane in range(1, 17) for last in (0xFFFE, 0xFFFF))
_FORBIDDEN = re.compile(
    "[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]|[\x7f-\x84\x86-\x9f\ufdd0-\ufdef" + _LAST_TWO + "]"
)
"""What XML 1.0 forbids (section 2.2), controls that it discourages (they come from wrongly read Windows text), and what
is no character at all in Unicode: readers of HTML stumble over it."""

_TWICE = re.compile("[\xc2\xc3][\x80-\xbf]")
_ELEMENT = re.compile(r"</?[A-Za-z!?][^<>]*>")
_MAIL_ADDRESS = re.compile(r"\s*<[^<>\s@]+@[^<>\s@]+>")

_TAG_OF_HTML = re.compile(
    r"</?(?:a|abbr|b|big|blockquote|body|br|center|cite|code|del|div|em|font|form|h[1-6]|head|hr|html|i|iframe|img|ins|li"
    r"|link|mark|meta|ol|p|pre|q|s|script|small|span|strike|strong|style|sub|sup|svg|table|td|th|title|tr|tt|u|ul)\b"
    r"|</\w+>|<[!?]",
    re.I,
)
_MARKUP = re.compile(r"</\w+>|&#?\w")

_HTTP_ID = re.compile(
    r"(https?)://([A-Za-z0-9._~\-]+)(?::(\d*))?((?:/[A-Za-z0-9;/:@&=+$.\-_!~*'(),%]*)?)"
    r"((?:\?[A-Za-z0-9;/?:@&=+$.\-_!~*'(),%]*)?(?:#[A-Za-z0-9;/?:@&=+$.\-_!~*'(),%]*)?)",
    re.I,
)
"""Scheme, host, port, path, and what follows the path."""
_PORTS = {"http": "80", "https": "443"}
_URN = re.compile(r"urn:(?!uuid:)[A-Za-z0-9][A-Za-z0-9-]{1,31}:(?:[A-Za-z0-9()+,.:=@;$_!*'-]|%[0-9A-Fa-f]{2})+", re.I)
_UUID = re.compile(r"urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.I)
_TAG = re.compile(r"tag:(?:[a-z0-9._-]+@)?[a-z0-9.-]+,\d{4}(?:-\d\d(?:-\d\d)?)?:[A-Za-z0-9;/?:@&=+$.\-_!~*'(),%]*")

_HOST = re.compile(r"[A-Za-z0-9._~\-:\[\]]+")
_PATH = "!$%&'()*+,/:;=@-._~"
_LICENCE = re.compile(r"https?://[^\s<>\"']+")

_LANGUAGES = (
    " aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv dz ee "
    " el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik io is "
    " it iu ja jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms "
    " mt my na nb nd ne ng nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk "
    " sl sm sn so sq sr ss st su sv sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi "
    " yo za zh zu "
)
"""ISO 639-1."""


def scrub(text: str) -> str:
    """`text` without what XML forbids: one such character would end a feed."""
    return _FORBIDDEN.sub("", _read_once_more(text)).replace("\x85", " ").replace("�", "?")


def _read_once_more(text: str) -> str:
    """A partner's "CafÃ©" is "Café": UTF-8 that was taken for Latin-1, where all of it can be read so."""
    if not _TWICE.search(text):
        return text
    try:
        return text.encode("latin-1").decode()
    except UnicodeError:
        return text


def person(name: str) -> str:
    """A name as Atom's author takes it: it cannot say that it holds HTML, and mail addresses are nobody's business."""
    without = _MAIL_ADDRESS.sub("", name)
    return (_ELEMENT.sub("", without) if "</" in without else without).strip()


def is_like_markup(text: str) -> bool:
    """Whether a program may take this plain text for HTML: then it must be told which of the two it is."""
    return bool(_MARKUP.search(text))


def rss_text(text: str) -> str:
    """Plain text for an element of RSS that cannot say what it holds.

    Most programs read HTML there when they see some; so text with HTML's tags or entities is written as the HTML that
    shows it. All other text is left alone: "Tom & <Jerry>" is right for those who read text and for those who do not.
    """
    return escape(text, quote=False) if _TAG_OF_HTML.search(text) or unescape(text) != text else text


@lru_cache(maxsize=4096)
def web_address(url: str) -> str:
    """`url` in the letters of a URI (RFC 3986); "" when it is no absolute web address."""
    try:
        parts = urlsplit(url.strip())
        host = parts.netloc if parts.netloc.isascii() else parts.netloc.encode("idna").decode()
    except (ValueError, UnicodeError):
        return ""
    if parts.scheme not in ("http", "https") or not _HOST.fullmatch(host):
        return ""
    rest = (
        quote(part, safe=_PATH + extra) for part, extra in ((parts.path, ""), (parts.query, "?"), (parts.fragment, "?"))
    )
    return urlunsplit((parts.scheme, host, *rest))


def identity(guid: str) -> str:
    """The publisher's own id where it may be an atom:id (RFC 4287, section 4.2.6), in its canonical form; else ""."""
    if _HTTP_ID.fullmatch(guid):
        return canonical(guid)
    if not any(kind.fullmatch(guid) for kind in (_URN, _UUID, _TAG)):
        return ""
    scheme, _, rest = guid.partition(":")
    return _spelled(f"{scheme.lower()}:{rest}")


def canonical(url: str) -> str:
    """A web address in the one spelling of all that mean the same (RFC 3986, section 6.2); "" when there is none."""
    found = _HTTP_ID.fullmatch(url)
    if found is None:
        return ""
    scheme, host, port, path, rest = (part or "" for part in found.groups())
    scheme, host = scheme.lower(), host.lower()
    place = host if port in ("", _PORTS[scheme]) else f"{host}:{int(port)}"
    if host.endswith(".") or any(part in (".", "..") for part in path.split("/")):
        return ""
    return _spelled(f"{scheme}://{place}{path or '/'}{rest}")


def _spelled(uri: str) -> str:
    """Escapes in capitals, and only where they are needed. "" when they hide what is no text, or an escape."""

    def settled(escape: re.Match[str]) -> str:
        character = chr(int(escape[0][1:], 16))
        return character if re.fullmatch(r"[A-Za-z0-9._~-]", character) else escape[0].upper()

    written = re.sub("%[0-9A-Fa-f]{2}", settled, uri)
    bare = re.sub("%(?!25)[0-9A-F]{2}", "", written)
    try:
        text = unquote_to_bytes(written).decode()
    except UnicodeDecodeError:
        return ""
    return written if "%" not in bare and is_normalized("NFC", text) else ""


def language(code: str) -> str:
    """A BCP 47 tag that every reader knows, else ""."""
    known = f" {code.partition('-')[0].lower()} " in _LANGUAGES
    return code if known and re.fullmatch(r"[A-Za-z0-9-]+", code) else ""


def licence_in(note: str) -> str:
    """The address of a licence that a rights note names, else "". One address: with several, none is surely it."""
    found = {web_address(url.rstrip(".,;)")) for url in _LICENCE.findall(note)} - {""}
    return found.pop() if len(found) == 1 else ""
