"""What a reader looks for, and what is shown of a find."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Term:
    """Words that stand one after another, as the index writes them. `open`: the last may go on ("ferr", "ferries")."""

    words: tuple[str, ...]
    open: bool = False


@dataclass(frozen=True, slots=True)
class Wanted:
    """All of these terms. Without any it finds nothing."""

    terms: tuple[Term, ...] = ()


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a text. `hit`: it is what was looked for."""

    text: str
    hit: bool = False
