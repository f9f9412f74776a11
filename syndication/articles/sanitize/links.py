"""One spelling for every URL that leaves the house. In: a link as written, its base. Out: an absolute link, or "".

Only http, https and mailto come out; the host in ASCII, the rest percent-encoded, so that no parser reads it another
way. What cannot be spelt so is no link. Nothing here resolves a name: what may be fetched is for `outbound` to judge.
"""

import ipaddress
import re
from urllib.parse import quote, urljoin, urlsplit

import idna

from syndication.patterns import possessive

URL_CHARS_MAX = 2000

_BROWSERS_DROP = re.compile(r"[\t\r\n]")  # WHATWG URL: taken out wherever they stand
_UNSPELLABLE = re.compile("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufffd\ud800-\udfff]")
_NO_HOST = re.compile(r"(?:[a-z]+:)?/{3}", re.I)  # a browser takes the first word of the path for the host
_STRAY_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
_ASCII_HOST = re.compile(r"(?!-)[a-z0-9_-]+(?:\.[a-z0-9_-]+)*\.?")
_MAILBOX = re.compile(r"mailto:([A-Za-z0-9.!#$&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9.-]{1,190})(?:\?.*)?", re.I | re.S)
_NUMERIC_LABEL = re.compile(r"(?:\d+|0x[0-9a-f]*)")
_PRIVATE_SUFFIXES = (".localhost", ".local", ".internal", ".intranet", ".lan", ".home.arpa")


def _usual(ampersand: str) -> str:
    """A link that is spelt already as it would be here, to a public name. On the safe side: others may be, too."""
    letters = rf"[A-Za-z0-9/._~!$()*+,=:@-]++|{ampersand}|%[0-9A-Fa-f]{{2}}"
    host = r"(?:[a-z0-9][a-z0-9-]{0,40}+\.){1,5}+(?!(?:localhost|local|internal|intranet|lan|arpa)/)[a-z]{2,20}+"
    return rf"https?://{host}/(?:{letters})*+(?:\?(?:{letters}|[?;])++)?+(?:#(?:{letters}|[?;])++)?+"


USUAL_IN_HTML = rf'(?=[^"]{{1,{URL_CHARS_MAX}}}"){_usual("&amp;")}'
"""The pattern of a link that needs no second look, as the value of an attribute."""
_USUAL = possessive(_usual("&"))


def is_usual(url: str) -> bool:
    """Whether a link is surely spelt as it would be here, and leads to a public name."""
    return len(url) <= URL_CHARS_MAX and _USUAL.fullmatch(url) is not None


def web_url(url: str, base: str = "") -> str:
    """`url` resolved against `base` as an absolute http(s) URL, or "" when it is none that is safe to print."""
    if is_usual(url):
        return url
    typed = _BROWSERS_DROP.sub("", url).strip("\x00\x0b\x0c \x1f\xa0")
    if not typed or len(typed) > URL_CHARS_MAX or _UNSPELLABLE.search(typed) or "\\" in typed.partition("?")[0]:
        return ""
    if _NO_HOST.match(typed):
        return ""
    try:
        parts = urlsplit(urljoin(base, typed))
        port = parts.port
    except ValueError:
        return ""
    host = canonical_host(parts.hostname or "")
    if parts.scheme not in ("http", "https") or not host or "@" in parts.netloc:
        return ""
    spelt = f"{parts.scheme}://{host}" + (f":{port}" if port is not None else "") + (_quoted(parts.path) or "/")
    if parts.query:
        spelt += f"?{_quoted(parts.query, '?')}"
    if parts.fragment:
        spelt += f"#{_quoted(parts.fragment, '?')}"
    return spelt if len(spelt) <= 2 * URL_CHARS_MAX else ""


def shown_url(url: str, base: str = "") -> str:
    """A link for readers: like `web_url`, and a mail address; none into a private network from a public page."""
    if is_usual(url):
        return url
    mailbox = _MAILBOX.fullmatch(url.strip())
    if mailbox:
        return f"mailto:{mailbox[1]}"  # a subject or body given along would be the partner speaking for the reader
    spelt = "" if url.lstrip().startswith("#") else web_url(url, base)
    if spelt and is_private_host(_host(spelt)) and not is_private_host(_host(base)):
        return ""
    return spelt


def canonical_host(host: str) -> str:
    """Lower case, in ASCII, no trailing dot; an IPv6 literal in brackets. "" when it is no host name."""
    host = host.lower()
    if ":" in host:
        try:
            return f"[{ipaddress.IPv6Address(host.partition('%')[0])}]"
        except ValueError:
            return ""
    if not host.isascii():
        try:
            host = idna.encode(host, uts46=True).decode("ascii")
        except (idna.IDNAError, UnicodeError):
            return ""
    return host.rstrip(".") if _ASCII_HOST.fullmatch(host) and len(host) <= 253 else ""


def is_private_host(host: str) -> bool:
    """Whether a host, as spelt, is an address or a name that only a private network knows."""
    bare = host.strip("[]").rstrip(".").lower()
    last = bare.rpartition(".")[2]
    if not last.isalpha():  # the last label of a name is no number, and no name has a colon
        try:
            return not ipaddress.ip_address(bare).is_global
        except ValueError:
            pass
    # 2130706433 and 0x7f.1 are IPv4 addresses to a browser; nobody writes an honest one so.
    return "." not in bare or bare.endswith(_PRIVATE_SUFFIXES) or bool(_NUMERIC_LABEL.fullmatch(last))


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def _quoted(part: str, also_safe: str = "") -> str:
    whole = _STRAY_PERCENT.sub("%25", part)
    return quote(whole, safe="/%:@!$&'()*+,;=~-._" + also_safe, errors="replace")
