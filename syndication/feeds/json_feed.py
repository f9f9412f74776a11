"""Feed, items -> JSON Feed 1.1, the same bytes each time."""

from collections.abc import Mapping, Sequence
from typing import Any

import orjson

from syndication.feeds.item import Item, scrub
from syndication.model.feed import Feed, Publication

VERSION = "https://jsonfeed.org/version/1.1"


def json_feed(feed: Feed, publication: Publication, items: Sequence[Item], titles: Mapping[str, str]) -> bytes:
    """`titles` maps topic slugs to the titles that readers see."""
    return orjson.dumps(
        _present(
            {
                "version": VERSION,
                "title": scrub(feed.title),
                "home_page_url": f"{publication.base_url}/",
                "feed_url": f"{publication.base_url}/feeds/{feed.slug}.json",
                "description": scrub(feed.description or publication.description),
                "language": publication.language,
                "authors": [{"name": scrub(publication.publisher or publication.title)}],
                "items": [_item(item, titles) for item in items],
            }
        )
    )


def _item(item: Item, titles: Mapping[str, str]) -> dict[str, Any]:
    return _present(
        {
            "id": item.id,
            "url": item.url,
            "external_url": item.original_url if item.original_url != item.url else "",
            "title": item.title,
            "content_html": item.html,
            "summary": item.summary,
            "date_published": item.published_at.isoformat(),
            "date_modified": item.updated_at.isoformat(),
            "authors": [{"name": item.author}],
            "tags": [titles.get(slug, slug) for slug in item.topics],
            "language": item.language,
            # What JSON Feed has no word for, in an extension as its specification asks.
            "_syndication": _present(
                {
                    "publisher": item.publisher,
                    "rights": item.rights,
                    "source": {"title": item.source_title, "url": item.source_url, "home_page_url": item.source_home},
                }
            ),
        }
    )


def _present(fields: dict[str, Any]) -> dict[str, Any]:
    """Without the optional fields that would be empty. `items` may be an empty list and stays."""
    return {name: value for name, value in fields.items() if value or name == "items"}
