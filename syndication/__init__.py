"""A self-hosted newsletter and RSS syndication service.

Articles flow one way:

    partner -> Source -> Document -> Entry -> Article -> Story
                                                 |
              FeedDocument <- Feed <-------------+--> Edition -> Batch -> Message -> inbox
                                                                   ^                   |
                                                                   +------ events -----+

`sources` reads, `articles` makes clean, `feeds` and `editions` publish, `deliveries` and `senders` mail,
`storage` remembers. As a library: `parse_feed`, `extract_article`, `compare_texts`.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from syndication.articles.extract import extract_article
    from syndication.articles.relate import compare_texts
    from syndication.sources.parse import parse_feed

__all__ = ["compare_texts", "extract_article", "parse_feed"]

_HOMES = {
    "compare_texts": "syndication.articles.relate",
    "extract_article": "syndication.articles.extract",
    "parse_feed": "syndication.sources.parse",
}


def __getattr__(name: str) -> Any:
    """The library face: each name comes from its room when first asked for, so `import syndication` stays cheap."""
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found = globals()[name] = getattr(import_module(home), name)
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
