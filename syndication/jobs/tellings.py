"""Who else tells a story, as far as it may be shown. In: stored articles, a way to read others. Out: fewer links.

A link to a copy with its partner's name is an output too: it asks `permit` about that copy, for the same channel.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from syndication.articles.permit import may
from syndication.model.article import Stored
from syndication.model.rights import Channel

Read = Callable[[Sequence[int]], Sequence[Stored]]


def permitted(stored: Iterable[Stored], read: Read, channel: Channel, now: datetime) -> list[Stored]:
    """The articles in their order, each with links to those tellings alone that may go out there."""
    found = list(stored)
    ids = sorted({link.article_id for one in found for link in one.also_in})
    if not ids:
        return found
    allowed = {one.id for one in read(ids) if may(one, channel, now).allowed}
    return [replace(one, also_in=tuple(link for link in one.also_in if link.article_id in allowed)) for one in found]
