"""What a partner lets us do with their work: Rights by agreement, Terms as one item says them of itself.

A new source gets the safe default until more is granted.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from urllib.parse import urlsplit


class TextRight(StrEnum):
    FULL = "full"
    EXCERPT = "excerpt"
    LINK = "link"  # title and link only


class ImageRight(StrEnum):
    NONE = "none"
    OWN_CREDIT = "own-credit"  # only pictures credited to the partner itself, or that carry no credit at all
    ALL = "all"  # every picture, save for denied credits


class Channel(StrEnum):
    """Where an article may go out."""

    FEED = "feed"
    WEB = "web"
    MAIL = "mail"


class AfterExpiry(StrEnum):
    """What stands at our address when the right to an article has ended."""

    GONE = "gone"  # 410, with a link to the original
    ORIGINAL = "original"  # a redirect to the original


AGENCIES = (
    "AFP",
    "Agence France-Presse",
    "AP",
    "Associated Press",
    "Reuters",
    "Thomson Reuters",
    "dpa",
    "Deutsche Presse-Agentur",
    "picture alliance",
    "EPA",
    "EFE",
    "EPA-EFE",
    "Getty",
    "Getty Images",
    "iStock",
    "PA",
    "PA Media",
    "PA Wire",
    "PA Images",
    "Press Association",
    "Canadian Press",
    "AAP",
    "ANP",
    "ANSA",
    "LaPresse",
    "APA",
    "Keystone",
    "Keystone-SDA",
    "Belga",
    "Ritzau",
    "Scanpix",
    "NTB",
    "TT",
    "Lehtikuva",
    "PAP",
    "CTK",
    "MTI",
    "TASS",
    "Xinhua",
    "Kyodo",
    "Anadolu",
    "UPI",
    "Bloomberg",
    "Zuma Press",
    "Sipa",
    "Abaca Press",
    "Imago",
    "Rex Features",
    "Shutterstock",
    "Alamy",
    "Adobe Stock",
    "Depositphotos",
    "CP",
    "ddp",
    "Lusa",
    "Europa Press",
    "Yonhap",
    "RIA",
    "RIA Novosti",
    "Magnum",
    "Magnum Photos",
    "Ritzau Scanpix",
    "ABACA",
    "Gettyimages",
    "Gettyimages.de",
    "共同",
    "共同通信",
    "共同通信社",
    "時事",
    "時事通信",
    "時事通信社",
    "ロイター",
    "新华社",
    "新華社",
    "연합뉴스",
    "РИА Новости",
    "ТАСС",
)
"""Picture agencies, denied unless a partner's agreement names them: their licences seldom cover a third house."""


@dataclass(frozen=True, slots=True)
class Rights:
    """An agreement in numbers. `expiry_days` counts from first seen; `embargo_minutes` from the partner's date."""

    text: TextRight = TextRight.EXCERPT
    excerpt_words: int = 55
    images: ImageRight = ImageRight.OWN_CREDIT
    credits_allowed: tuple[str, ...] = ()
    credits_denied: tuple[str, ...] = AGENCIES
    attribution: str = "First published by {publisher}"
    """The line that must stand with the text; `{publisher}` becomes the publisher's name."""
    canonical: bool = True
    """The archive page names the publisher's own page as canonical."""
    noindex: bool = False
    tdm_reserved: bool = False
    """Text and data mining is reserved: every answer that carries the text says so."""
    expiry_days: int | None = None
    embargo_minutes: int = 0
    channels: tuple[Channel, ...] = tuple(Channel)
    """Where anything of it may go out at all."""
    image_channels: tuple[Channel, ...] = tuple(Channel)
    """Where its pictures may, of those."""
    no_edit: bool = False
    """Its words are shown as they were published or not at all: nothing is shortened to fit."""
    open_licences: bool = False
    """An item under an open licence that allows commercial use goes out in full, whatever `text` says."""
    after_expiry: AfterExpiry = AfterExpiry.GONE
    counter_pixel: str = ""
    """By its agreement a partner counts readers of its full texts with this picture, on the web and in feeds and never
    in mail; `{url}` and `{id}` become the article's. Empty: nobody is counted."""

    def __post_init__(self) -> None:
        if self.excerpt_words < 1:
            raise ValueError(f"an excerpt has at least one word, got {self.excerpt_words}")
        if self.expiry_days is not None and self.expiry_days < 1:
            raise ValueError(f"a right lasts at least a day, got {self.expiry_days}")
        if self.embargo_minutes < 0:
            raise ValueError(f"an embargo is not negative, got {self.embargo_minutes}")
        if self.counter_pixel and not _is_secure(self.counter_pixel):
            raise ValueError(f"a counter pixel has an https address, got {self.counter_pixel}")


@dataclass(frozen=True, slots=True)
class Terms:
    """What one item says of its own use, in its feed or on its page; what it asks of robots is apart, in Signals."""

    licence: str = ""
    """The address of the licence it is under."""
    embargo_until: datetime | None = None

    def or_else(self, other: "Terms") -> "Terms":
        """What this one leaves open, the other may say; of two embargoes the later holds."""
        opens = [moment for moment in (self.embargo_until, other.embargo_until) if moment]
        return Terms(self.licence or other.licence, max(opens, default=None))


def _is_secure(address: str) -> bool:
    parts = urlsplit(address)
    return parts.scheme == "https" and bool(parts.hostname) and "{" not in (parts.hostname or "{")
