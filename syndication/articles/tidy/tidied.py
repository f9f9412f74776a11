"""Tidied: a body after tidying."""

from dataclasses import dataclass

from syndication.model.article import Figure, RelatedLink, Removed


@dataclass(frozen=True, slots=True)
class Tidied:
    """A clean body and what was found on the way. `publisher` is as the crediting line wrote it."""

    body: str = ""
    text: str = ""
    figures: tuple[Figure, ...] = ()
    related: tuple[RelatedLink, ...] = ()
    removed: tuple[Removed, ...] = ()
    publisher: str = ""
    publisher_link: str = ""
    byline: str = ""
    dates: tuple[str, ...] = ()
    """Date lines, as written."""
    flags: tuple[str, ...] = ()
    untouched: bool = False
    """Nothing was taken out and nothing found: the text is all of the text."""
    ends_untouched: bool = False
    """The last 200 characters of its text are those of all the text."""
