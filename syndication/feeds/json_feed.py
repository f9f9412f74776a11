"""Items -> JSON Feed 1.1, the same bytes each time: the frame, and each item as a fragment of its own."""

from collections.abc import Iterable
from typing import Any

import orjson

from syndication.feeds.item import Item, house_of
from syndication.feeds.words import language, scrub
from syndication.model.feed import Feed, Publication, Signal

VERSION = "https://jsonfeed.org/version/1.1"


def frame(feed: Feed, publication: Publication, hubs: Iterable[str]) -> tuple[bytes, bytes]:
    """What stands before the items and after them."""
    fields = _present(
        {
            "version": VERSION,
            "title": scrub(feed.title).strip() or "Untitled",
            "home_page_url": f"{publication.base_url}/",
            "feed_url": f"{publication.base_url}/feeds/{feed.slug}.json",
            "description": scrub(feed.description or publication.description).strip(),
            "language": language(publication.language),
            "authors": [{"name": house_of(publication)}],
            "hubs": [{"type": "WebSub", "url": hub} for hub in hubs],
        }
    )
    return orjson.dumps(fields)[:-1] + b',"items":[', b"]}"


def item(item: Item) -> bytes:
    return orjson.dumps(
        _present(
            {
                "id": item.id,
                "url": item.url,
                "external_url": item.original_url if item.original_url != item.url else "",
                "title": item.title,
                "content_html": item.html,
                "summary": item.summary,
                "image": item.pictures[0].url if item.pictures else "",
                "date_published": item.published_at.isoformat(),
                "date_modified": item.updated_at.isoformat(),
                "authors": [{"name": item.author}],
                "tags": [title for _, title in item.topics],
                "language": item.language,
                "attachments": [
                    {"url": picture.url, "mime_type": "image/jpeg", "size_in_bytes": picture.bytes}
                    for picture in item.pictures[:1]
                ],
                "_syndication": _extension(item),
            }
        )
    )


def _extension(item: Item) -> dict[str, Any]:
    """What JSON Feed has no word for, under a name of ours as its specification asks."""
    source = {"title": item.source_title, "url": item.source_url, "home_page_url": item.source_home}
    return _present(
        {
            "publisher": item.publisher,
            "publisher_url": item.publisher_url,
            "attribution": item.attribution,
            "canonical_url": item.original_url,
            "rights": item.rights,
            "license_url": item.licence,
            "figures": [
                _present(
                    {
                        "url": picture.url,
                        "width": picture.width,
                        "height": picture.height,
                        "caption": picture.caption,
                        "credit": picture.credit,
                    }
                )
                for picture in item.pictures
            ],
            "source": _present(source) if item.source_url else {},
            "noindex": Signal.NOINDEX in item.signals,
            "noarchive": item.noarchive,
            "tdm_reserved": Signal.TDM in item.signals,
            "tdm_policy": item.tdm_policy,
            "withdrawn_at": item.withdrawn_at.isoformat() if item.withdrawn_at else "",
        }
    )


def _present(fields: dict[str, Any]) -> dict[str, Any]:
    """Without the optional fields that would be empty."""
    return {name: value for name, value in fields.items() if value}
