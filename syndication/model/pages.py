"""PageLook: what one page of a partner's was like when it was read. By many of them a new theme is noticed."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class PageLook:
    url: str
    at: datetime
    refused: str = ""
    """Why it may not be read: robots.txt, a door, a status. Then the rest says nothing."""
    characters: int = 0
    """Of the story's text."""
    link_share: float = 0.0
    """Of that text, how much is the text of links."""
    fields: tuple[str, ...] = ()
    """Which of title, byline, date, picture it had."""
    matched: tuple[str, ...] = ()
    """Declared rules that found something, as they are declared: "body div.story"."""
    missed: tuple[str, ...] = ()
    blocks: tuple[str, ...] = ()
    """Its short paragraphs: what stands in many pages alike is none of the story."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A block that is on most pages of a source. `line` is what to write under its name in publication.toml."""

    text: str
    on: int
    of: int
    line: str
