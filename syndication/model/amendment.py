"""Amendment: what a publisher put right in an article. Passage: a place that reads otherwise than before."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Mark(StrEnum):
    SAME = "same"
    OUT = "out"  # it stood there before
    IN = "in"  # it stands there now


@dataclass(frozen=True, slots=True)
class Piece:
    mark: Mark
    text: str


@dataclass(frozen=True, slots=True)
class Passage:
    """One line of text, before and after in one: headline, excerpt or a paragraph."""

    pieces: tuple[Piece, ...]

    @property
    def before(self) -> str:
        return "".join(piece.text for piece in self.pieces if piece.mark is not Mark.IN)

    @property
    def after(self) -> str:
        return "".join(piece.text for piece in self.pieces if piece.mark is not Mark.OUT)


@dataclass(frozen=True, slots=True)
class Replaced:
    """A fact, and the one that stands in its place now."""

    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Amendment:
    """A change worth telling. `note` is the publisher's own word on it; `replaced` shows in headline or excerpt."""

    note: str = ""
    replaced: tuple[Replaced, ...] = ()


@dataclass(frozen=True, slots=True)
class Corrected:
    """A correction as a page tells it: when we saw it, the publisher's note, and what may be shown of the change."""

    seen_at: datetime
    note: str
    passages: tuple[Passage, ...]
