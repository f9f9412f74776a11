"""The addresses by which common feed readers take up a feed. In: the feed's address. Out: links. Pure.

They are links and no more: nothing of these houses is loaded, and none learns of a visit that does not follow one.
"""

from urllib.parse import quote

from syndication.web.present import Link

_READERS = (
    ("Feedly", "https://feedly.com/i/subscription/feed%2F{}"),
    ("Inoreader", "https://www.inoreader.com/?add_feed={}"),
    ("NewsBlur", "https://www.newsblur.com/?url={}"),
    ("The Old Reader", "https://theoldreader.com/feeds/subscribe?url={}"),
)


def readers(address: str) -> list[Link]:
    """An app on the reader's own device first: programs that read feeds answer to `feed:` (draft-obasanjo-feed)."""
    quoted = quote(address, safe="")
    return [
        Link("An app on this device", f"feed:{address}"),
        *(Link(name, url.format(quoted)) for name, url in _READERS),
    ]
