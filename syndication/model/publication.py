"""Declared: what `publication.toml` asks for, read and checked. Applied: what came of writing it to the database."""

from dataclasses import dataclass
from typing import Generic, TypeVar

from syndication.model.feed import Feed, Topic
from syndication.model.newsletter import Newsletter
from syndication.model.source import Partner, Source

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Declaration(Generic[Value]):
    """One value and where it is declared ("publication.toml:14"). A declared value has no id yet: its `id` is 0."""

    value: Value
    declared: str


@dataclass(frozen=True, slots=True)
class Declared:
    """A whole publication. Each source's partner is among `partners`; topics are in the order readers see them."""

    partners: tuple[Declaration[Partner], ...] = ()
    sources: tuple[Declaration[Source], ...] = ()
    topics: tuple[Declaration[Topic], ...] = ()
    feeds: tuple[Declaration[Feed], ...] = ()
    newsletters: tuple[Declaration[Newsletter], ...] = ()


@dataclass(frozen=True, slots=True)
class Applied:
    """What applying did, each as "source harbour-daily". A second time, everything is in `unchanged`."""

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    paused: tuple[str, ...] = ()
    """Sources that were declared before and are no longer. Nothing is deleted."""
    left: tuple[str, ...] = ()
    """Other things that were declared before: they stay, and are no longer read-only."""
