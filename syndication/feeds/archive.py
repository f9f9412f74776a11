"""What of a feed is older than its document, and what of a document is newer than somebody's copy. Pure.

RFC 5005, section 4: archive documents, which do not change. RFC 3229: a document with the changed items only.
"""

from collections.abc import Iterable

from syndication.feeds.place import glue_of
from syndication.model.feed import FeedDocument


def delta(document: FeedDocument, wanted: Iterable[int]) -> bytes:
    """The document with these of its items only, by their places (RFC 3229, with `A-IM: feed`)."""
    data, cuts = document.data, document.cuts
    parts = [data[cuts[place] : cuts[place + 1]] for place in wanted]
    glue = glue_of(document.format)
    return data[: cuts[0]] + glue.join(part.removesuffix(glue) for part in parts) + data[cuts[-1] :]
