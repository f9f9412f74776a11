"""Manners: what a host asks of robots (robots.txt, RFC 9309; tdmrep.json), as it was read last."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class PathRule:
    """`pattern` is a beginning of a path, with `*` for anything and `$` for its end, in the one spelling of escapes."""

    allow: bool
    pattern: str


@dataclass(frozen=True, slots=True)
class Reserved:
    """Text and data mining of what fits `pattern`: reserved or not, and under which terms it may be done."""

    pattern: str
    reserved: bool
    policy: str = ""


@dataclass(frozen=True, slots=True)
class Manners:
    """Of one origin ("https://harbour.example"). Only what is said to us is kept."""

    origin: str
    read_at: datetime
    until: datetime
    """It is asked again from then on."""
    rules: tuple[PathRule, ...] = ()
    delay_seconds: float = 0.0
    """Between two pages."""
    refused: str = ""
    """Why nothing at all may be read for now; empty when `rules` say what may."""
    mining: tuple[Reserved, ...] = ()
