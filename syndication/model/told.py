"""What was mailed and reads otherwise now, and who is to be told. Values between the ledger and the editor's desk."""

from dataclasses import dataclass
from datetime import datetime

from syndication.model.choice import Cadence
from syndication.model.edition import Item


@dataclass(frozen=True, slots=True)
class Outdated:
    """An item of an edition whose article is another now. `rev` is the text that was mailed."""

    item_id: int
    story_id: int
    article_id: int
    rev: int
    withdrawn: bool
    """By its publisher, or by us; else the article has another text."""
    by_publisher: bool
    mailed_at: datetime
    """When its edition was due."""


@dataclass(frozen=True, slots=True)
class ToldItem:
    """A correction or retraction that a stream has as an item. `over`: its edition goes to nobody any more."""

    id: int
    cadence: Cadence
    item: Item
    over: bool


@dataclass(frozen=True, slots=True)
class Addressed:
    """Some of the readers for whom alone a content is: a manifest, and the first and the last id in it."""

    first_id: int
    last_id: int
    manifest: bytes
