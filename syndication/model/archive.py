"""What readers find on the web: the house as it presents itself, and an edition told with its items."""

from dataclasses import dataclass

from syndication.model.article import Stored
from syndication.model.edition import Edition, EditionState, Item
from syndication.model.feed import Feed, Topic
from syndication.model.newsletter import Newsletter
from syndication.model.source import Partner

PUBLIC_EDITIONS = frozenset({EditionState.FROZEN, EditionState.DISPATCHING, EditionState.SENDING, EditionState.SETTLED})
"""States in which an edition may be read by everybody. One that is paused is, when it was paused in one of these."""


@dataclass(frozen=True, slots=True)
class EditionTold:
    """An edition and its items in order, each with the article as it is now."""

    edition: Edition
    newsletter: Newsletter
    items: tuple[tuple[Item, Stored], ...] = ()


@dataclass(frozen=True, slots=True)
class House:
    """What the publication is made of, as readers see it."""

    topics: tuple[Topic, ...]
    partners: tuple[Partner, ...]
    feeds: tuple[Feed, ...]
    newsletters: tuple[Newsletter, ...]
