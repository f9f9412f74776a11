"""How a URL must be spelled. In: text. Out: a Target, its parts made plain, or why it is refused and at which
character.

What two parsers could read differently is refused, not repaired: user-info, backslashes, control characters, spaces.
Odd numbers such as `0x7f.1` pass here, for they are judged as the address they resolve to. Pure.
"""

import re
import unicodedata
from dataclasses import dataclass
from ipaddress import IPv6Address
from urllib.parse import quote

import idna

URL_CHARACTERS_MAX = 8_192

_PORTS = {"http": 80, "https": 443}
_AUTHORITY = re.compile(r"(?P<scheme>[A-Za-z][A-Za-z0-9+.-]*)://(?P<authority>[^/?#]*)(?P<rest>[^#]*)")
_HOST_AND_PORT = re.compile(r"(?P<host>\[[^\]]*\]|[^:]*)(?::(?P<port>\d*))?")
_NAME = re.compile(r"[a-z0-9_-]+(\.[a-z0-9_-]+)*")
_AS_WRITTEN = "%/?:@!$&'()*+,;=-._~[]|^`{}\"<>"


@dataclass(frozen=True, slots=True)
class Target:
    """A URL that may be asked for, in ASCII, without fragment; `host` in lower case, without brackets or last dot."""

    scheme: str
    host: str
    port: int
    url: str

    @property
    def origin(self) -> tuple[str, str, int]:
        """What credentials are bound to (RFC 6454, section 4)."""
        return self.scheme, self.host, self.port


def judge_url(url: str) -> str | None:
    """Why the URL is refused as it is spelled, or None."""
    try:
        read_url(url)
    except ValueError as error:
        return str(error)
    return None


def read_url(url: str) -> Target:
    """The URL's parts. Raises ValueError, whose text is the reason."""
    if len(url) > URL_CHARACTERS_MAX:
        raise ValueError(f"the URL has {len(url)} characters, {URL_CHARACTERS_MAX} are allowed")
    _refuse_characters(url)
    scheme = url.partition(":")[0].lower()
    if scheme not in _PORTS:
        raise ValueError(f"the URL begins with {scheme[:20]!r}, only http and https are fetched")
    found = _AUTHORITY.fullmatch(url.partition("#")[0])
    if found is None:
        raise ValueError(f"{scheme}: is not followed by //")
    if "@" in found["authority"]:
        position = found.start("authority") + found["authority"].index("@") + 1
        raise ValueError(f"character {position} is an @ after user-info, credentials belong in their own setting")
    host, port = _host_and_port(found["authority"], _PORTS[scheme])
    shown = f"[{host}]" if ":" in host else host
    rest = quote(found["rest"], safe=_AS_WRITTEN)
    if not rest.startswith("/"):
        rest = "/" + rest
    at = "" if port == _PORTS[scheme] else f":{port}"
    return Target(scheme, host, port, f"{scheme}://{shown}{at}{rest}")


def _refuse_characters(url: str) -> None:
    for position, character in enumerate(url, 1):
        if character == "\\":
            raise ValueError(f"character {position} is a backslash")
        # Cc, Cf, Cs: control, invisible, half of a pair; Z*: every kind of space.
        if not "!" <= character <= "~" and unicodedata.category(character)[:1] in "CZ":
            name = unicodedata.name(character, "a control character").lower()
            raise ValueError(f"character {position} is {name} (U+{ord(character):04X})")


def _host_and_port(authority: str, usual: int) -> tuple[str, int]:
    found = _HOST_AND_PORT.fullmatch(authority)
    if found is None:
        raise ValueError(f"{authority!r} is not a host and a port")
    port = int(found["port"] or usual)
    if not 1 <= port <= 65535:
        raise ValueError(f"{port} is not a port")
    return _host(found["host"]), port


def _host(text: str) -> str:
    if text.startswith("["):
        return str(IPv6Address(text[1:-1])) if "%" not in text else _bad_host(text)
    if not text.isascii():
        try:
            text = idna.encode(text, uts46=True).decode("ascii")
        except idna.IDNAError as error:
            raise ValueError(f"{text!r} is not a host name: {error}") from error
    host = text.lower().removesuffix(".")
    return host if _NAME.fullmatch(host) and len(host) <= 253 else _bad_host(text)


def _bad_host(text: str) -> str:
    raise ValueError(f"{text!r} is not a host name" if text else "the URL has no host")
