"""Decision: what the rights of an article come to. Wish: a picture that they allow."""

from dataclasses import dataclass
from datetime import datetime

from syndication.model.article import ArticleState


@dataclass(frozen=True, slots=True)
class Wish:
    """A picture that rights allow, and under whose name it is shown."""

    origin: str
    credit: str


@dataclass(frozen=True, slots=True)
class Decision:
    """What the rights of an article come to: the pictures to keep, and when all of it ends by itself."""

    article_id: int
    rev: int
    state: ArticleState
    wishes: tuple[Wish, ...]
    ends_at: datetime | None
    ended: bool = False
    """The right to it has ended by now."""
