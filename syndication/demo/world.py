"""The two configuration files of the demo, as text. In: the partners, and where to listen. Out: TOML."""

import json
from collections.abc import Iterable, Mapping

from syndication.demo.house import COAST_COURIER, HARBOUR_DAILY, HILL_POST, VALLEY_LETTER
from syndication.demo.partners import Partners

TITLE = "The Long Shore"
CONTACT = "desk@example.org"

_PUBLICATION = {
    "title": TITLE,
    "description": "Harbours, hills and valleys of the Marram Coast, gathered each morning from four local papers.",
    "language": "en-GB",
    "publisher": "Long Shore Press Association",
    "address": "1 Quay Street\nPort Ellery\nMarram Coast",
    "privacy_url": "https://news.example.org/privacy",
    "contact": CONTACT,
}
_TOPICS: Mapping[str, Mapping[str, object]] = {
    "harbour": {
        "title": "Harbour and sea",
        "words": ["harbour", "quay", "ferry", "lifeboat", "fishing", "tide", "tides", "lighthouse"],
        "categories": ["Harbour", "Shipping", "Shore", "Sea"],
    },
    "hills": {
        "title": "Hills and farms",
        "words": ["farm", "farmer", "farmers", "sheep", "lambs", "orchard", "harvest"],
        "categories": ["Farming", "Hills", "Countryside"],
    },
    "culture": {
        "title": "Culture",
        "words": ["museum", "library", "choir", "band", "theatre", "concert", "exhibition"],
        "categories": ["Culture", "Arts", "What’s on", "Books"],
    },
    "town-hall": {
        "title": "Town hall",
        "words": ["council", "councillor", "councillors", "town hall", "mayor", "byelaw"],
        "categories": ["Town hall", "Council", "Parish"],
    },
    "weather": {
        "title": "Weather",
        "words": ["weather", "storm", "gale", "snow", "frost", "rainfall", "forecast"],
        "categories": ["Weather"],
    },
}
_NEWSLETTERS: Mapping[str, Mapping[str, object]] = {
    "morning": {
        "title": "The Long Shore, this morning",
        "description": "What the coast woke up to, every day at seven.",
        "cadences": ["daily"],
        "at": "07:00",
    },
    "weekly": {
        "title": "The Long Shore, this week",
        "description": "The week on the coast, every Friday afternoon.",
        "cadences": ["weekly"],
        "at": "16:00",
        "weekday": "friday",
    },
}
# What has been agreed with each; Hill Post has agreed to nothing yet, so the safe default holds.
_RIGHTS: Mapping[str, Mapping[str, object]] = {
    HARBOUR_DAILY.slug: {"text": "full", "images": "own-credit"},
    VALLEY_LETTER.slug: {"text": "full", "images": "all"},
    COAST_COURIER.slug: {"text": "full", "images": "own-credit"},
}
_DEFAULT_TOPICS: Mapping[str, list[str]] = {HARBOUR_DAILY.slug: ["harbour"], HILL_POST.slug: ["hills"]}


def publication_toml(partners: Partners, *, zone: str = "Europe/London") -> str:
    """`publication.toml`: The Long Shore, from these partners. `zone` is a name of the IANA database."""
    tables: list[tuple[str, Mapping[str, object]]] = [("publication", _PUBLICATION)]
    tables += [(f"topic.{slug}", topic) for slug, topic in _TOPICS.items()]
    for house in partners.houses:
        source: dict[str, object] = {"partner": house.slug, "url": house.feed_url, "poll_minutes": 1}
        source["topics"] = _DEFAULT_TOPICS.get(house.slug, [])
        tables.append((f"partner.{house.slug}", {"name": house.name, "homepage": house.home}))
        tables.append((f"source.{house.slug}", source))
        if house.slug in _RIGHTS:
            tables.append((f"source.{house.slug}.rights", _RIGHTS[house.slug]))
    tables.append(("feed.all", {"title": TITLE, "description": _PUBLICATION["description"]}))
    for slug, topic in _TOPICS.items():
        tables.append((f"feed.{slug}", {"title": f"{TITLE}: {topic['title']}", "topics": [slug]}))
    tables += [(f"newsletter.{slug}", {**letter, "zone": zone}) for slug, letter in _NEWSLETTERS.items()]
    return _toml(f"{TITLE}: the sample publication. `publication.toml` tells what each key means.", tables)


def syndication_toml(*, listen: str, private_listen: str, base_url: str, allow: Iterable[str]) -> str:
    """`syndication.toml`: mail goes to the outbox; of all private addresses only those in `allow` may be reached."""
    tables: list[tuple[str, Mapping[str, object]]] = [
        ("service", {"base_url": base_url, "listen": listen, "private_listen": private_listen}),
        ("mail", {"transport": "spool", "from_name": TITLE, "from_address": CONTACT}),
        ("outbound", {"allow": list(allow), "contact": CONTACT}),
    ]
    return _toml("How the demo runs.", tables)


def _toml(comment: str, tables: Iterable[tuple[str, Mapping[str, object]]]) -> str:
    parts = [f"# {comment}"]
    parts += [
        "\n".join([f"[{name}]", *(f"{key} = {_value(value)}" for key, value in table.items())])
        for name, table in tables
    ]
    return "\n\n".join(parts) + "\n"


def _value(value: object) -> str:
    """Strings, whole numbers and lists of them are written in TOML as in JSON."""
    return json.dumps(value, ensure_ascii=False)
