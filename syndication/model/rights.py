"""What a partner lets us do with their work. A new source gets the safe default until more is granted."""

from dataclasses import dataclass
from enum import StrEnum


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


AGENCIES = (
    "AFP",
    "AP",
    "Associated Press",
    "Reuters",
    "dpa",
    "EPA",
    "Getty",
    "PA Media",
    "ANP",
    "Shutterstock",
    "Alamy",
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

    def __post_init__(self) -> None:
        if self.excerpt_words < 1:
            raise ValueError(f"an excerpt has at least one word, got {self.excerpt_words}")
        if self.expiry_days is not None and self.expiry_days < 1:
            raise ValueError(f"a right lasts at least a day, got {self.expiry_days}")
        if self.embargo_minutes < 0:
            raise ValueError(f"an embargo is not negative, got {self.embargo_minutes}")
