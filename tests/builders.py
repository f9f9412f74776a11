"""Values for tests, whole and valid, each name of theirs open to be given: `an_article(title="Tom & <Jerry>")`.

`put_source` and `put_article` write them to a database. The instant is fixed, so that every page is too.
"""

import hashlib
from datetime import UTC, datetime, time
from itertools import count
from typing import Any

from sqlalchemy.engine import Connection

from syndication.model.article import Article, ArticleState, DecidedBy, Extract, Permission, Stored
from syndication.model.choice import Cadence
from syndication.model.collecting import Arrival
from syndication.model.feed import Feed, Publication, Topic
from syndication.model.newsletter import Newsletter, Schedule
from syndication.model.publication import Applied, Declaration, Declared
from syndication.model.source import Entry, Partner, Source
from syndication.model.subscriber import EmailAddress, Subscriber
from syndication.storage import publication, revisions

NOW = datetime(2026, 5, 7, 6, 30, tzinfo=UTC)

_numbers = count(1)


def a_partner(**given: Any) -> Partner:
    return Partner(**{"slug": "harbour-daily", "name": "Harbour Daily", "homepage": "https://harbour.example/"} | given)


def a_source(**given: Any) -> Source:
    partner = given.pop("partner", None) or a_partner()
    slug = given.get("slug", partner.slug)
    usual = {"id": 1, "slug": slug, "partner": partner, "url": f"https://{slug}.example/feed"}
    return Source(**usual | given)


def an_entry(**given: Any) -> Entry:
    """An entry with a page of its own; give `id` or `url` to have the same one twice."""
    n = next(_numbers)
    usual: dict[str, Any] = {
        "id": f"https://harbour.example/?p={n}",
        "url": f"https://harbour.example/news/{n}",
        "title": f"The ferry sails again, part {n}",
        "summary_html": f"<p>After repairs of {n} weeks the ferry crosses the sound again.</p>",
        "published": NOW,
    }
    return Entry(**usual | given)


def an_article(**given: Any) -> Article:
    """An article with a guid of its own; its fingerprint follows its title and body unless given."""
    n = next(_numbers)
    usual: dict[str, Any] = {
        "source_id": 1,
        "guid": f"harbour.example/?p={n}",
        "url": f"https://harbour.example/news/{n}",
        "publisher_guid": f"https://harbour.example/?p={n}",
        "title": f"The ferry sails again, part {n}",
        "byline": "Ada Quay",
        "publisher": "Harbour Daily",
        "publisher_url": "https://harbour.example/",
        "excerpt": f"After repairs of {n} weeks the ferry crosses the sound again.",
        "body": f"<p>After repairs of {n} weeks the ferry crosses the sound again.</p><p>It sails hourly.</p>",
        "text": f"After repairs of {n} weeks the ferry crosses the sound again.\n\nIt sails hourly.",
        "language": "en",
        "published_at": NOW,
        "first_seen_at": NOW,
    }
    written = usual | given
    seen = f"{written['title']}|{written['excerpt']}|{written['body']}".encode()
    written.setdefault("fingerprint", hashlib.blake2b(seen, digest_size=16).hexdigest())
    return Article(**written)


def a_stored(**given: Any) -> Stored:
    """A stored article; whatever is not a name of Stored is given to its article: `a_stored(id=3, title="…")`."""
    names = set(Stored.__dataclass_fields__)
    of_article = {name: given.pop(name) for name in list(given) if name not in names}
    source = a_source()
    usual: dict[str, Any] = {
        "id": next(_numbers),
        "rev": 1,
        "state": ArticleState.LIVE,
        "story_id": next(_numbers),
        "leads": True,
        "partner": source.partner,
        "source_slug": source.slug,
        "source_url": source.url,
        "rights": source.rights,
    }
    written = usual | given
    written.setdefault("article", an_article(**of_article))
    return Stored(**written)


def an_extract(**given: Any) -> Extract:
    return Extract(**{"title": "The ferry sails again", "body": "<p>It sails hourly.</p>"} | given)


def a_permission(**given: Any) -> Permission:
    usual: dict[str, Any] = {
        "allowed": True,
        "title": "The ferry sails again",
        "excerpt": "The ferry crosses the sound again.",
        "body": "",
        "figures": (),
        "attribution": "First published by Harbour Daily",
        "canonical": "https://harbour.example/news/1",
        "noindex": False,
        "reasons": ("text: excerpt",),
    }
    return Permission(**usual | given)


def a_topic(**given: Any) -> Topic:
    return Topic(**{"slug": "harbour", "title": "Harbour", "words": ("ferry",), "categories": ("Shipping",)} | given)


def a_feed(**given: Any) -> Feed:
    return Feed(**{"id": 1, "slug": "all", "title": "All stories", "description": "Everything we republish."} | given)


def a_publication(**given: Any) -> Publication:
    usual: dict[str, Any] = {
        "title": "Sound & Shore",
        "description": "News from both sides of the sound.",
        "base_url": "https://news.example.org",
        "publisher": "Sound & Shore Cooperative",
        "address": "1 Quay Street\n12345 Harbourtown",
        "privacy_url": "https://news.example.org/privacy",
        "contact": "desk@example.org",
    }
    return Publication(**usual | given)


def a_schedule(**given: Any) -> Schedule:
    return Schedule(**{"cadence": Cadence.DAILY, "at": time(6, 30), "zone": "Europe/Amsterdam"} | given)


def a_newsletter(**given: Any) -> Newsletter:
    usual: dict[str, Any] = {
        "id": 1,
        "slug": "morning",
        "title": "The Morning Sound",
        "description": "One mail a day.",
        "schedules": (a_schedule(),),
    }
    return Newsletter(**usual | given)


def a_subscriber(**given: Any) -> Subscriber:
    n = given.get("id", next(_numbers))
    address = EmailAddress.parse(f"reader{n}@readers.example")
    return Subscriber(**{"id": n, "address": address, "created_at": NOW} | given)


def a_declared(**given: Any) -> Declared:
    """One partner, source, topic, feed and newsletter; give `sources=[…]` and so on to have others, plain values."""
    sources = given.get("sources", [a_source(id=0)])
    partners = given.get("partners", list({source.partner.slug: source.partner for source in sources}.values()))
    parts = {
        "partners": partners,
        "sources": sources,
        "topics": given.get("topics", [a_topic()]),
        "feeds": given.get("feeds", [a_feed(id=0)]),
        "newsletters": given.get("newsletters", [a_newsletter(id=0)]),
    }
    lines = count(1)
    return Declared(
        **{
            name: tuple(Declaration(value, f"publication.toml:{next(lines)}") for value in values)
            for name, values in parts.items()
        }
    )


def put_publication(connection: Connection, **given: Any) -> Applied:
    """Write `a_declared(…)`. In a new database the source, the feed and the newsletter get id 1."""
    return publication.apply(connection, a_declared(**given), NOW)


def put_article(connection: Connection, article: Article | None = None, **given: Any) -> int:
    """Write an article of a source that is there already, and answer its id.

    `topics` takes slugs; `state`, `backfill`, `story_id` and `leads` are as in `model.collecting.Arrival`; any other
    name is given to `an_article`.
    """
    slugs = given.pop("topics", ())
    placed = {name: given.pop(name) for name in ("state", "backfill", "story_id", "leads") if name in given}
    topics = tuple((slug, DecidedBy.RULE) for slug in slugs)
    arrival = Arrival(article or an_article(**given), topics=topics, **placed)
    return revisions.add(connection, [arrival])[0]
