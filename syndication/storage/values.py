"""Values of `model` as JSON columns keep them, and back. One pair of functions for each value that is stored whole.

What is written is a plain mapping of the value's own names, so that a person can read a row.
"""

from collections.abc import Mapping
from dataclasses import asdict, fields
from datetime import datetime, time
from typing import Any

from syndication.model.article import Article, Figure, RelatedLink, Removed
from syndication.model.choice import Cadence, Choice
from syndication.model.manners import Manners, PathRule, Reserved
from syndication.model.newsletter import Schedule
from syndication.model.rhythm import Rhythm
from syndication.model.rights import AfterExpiry, Channel, ImageRight, Rights, Terms, TextRight
from syndication.model.signals import Signals
from syndication.model.source import PageRule, RuleKind, Source, SourceKind

Json = Mapping[str, Any]


def article_to_json(article: Article) -> dict[str, Any]:
    """As the JSON column takes it: figures, links and removed blocks are written out by the serialiser."""
    written: dict[str, Any] = {name: getattr(article, name) for name in _ARTICLE}
    for name in ("published_at", "first_seen_at", "updated_at", "republished_at"):
        moment = written[name]
        written[name] = moment and moment.isoformat()
    written["terms"] = _terms_to_json(article.terms)
    return written


def article_from_json(written: Json) -> Article:
    again = written.get("republished_at")
    return Article(
        **{
            **written,
            "published_at": datetime.fromisoformat(written["published_at"]),
            "first_seen_at": datetime.fromisoformat(written["first_seen_at"]),
            "updated_at": written["updated_at"] and datetime.fromisoformat(written["updated_at"]),
            "figures": tuple(Figure(**figure) for figure in written["figures"]),
            "related": tuple(RelatedLink(**link) for link in written["related"]),
            "removed": tuple(Removed(**block) for block in written["removed"]),
            "flags": tuple(written["flags"]),
            "categories": tuple(written["categories"]),
            "terms": _terms_from_json(written.get("terms") or {}),
            "signals": _signals(written.get("signals")),
            "republished_at": again and datetime.fromisoformat(again),
        }
    )


def _signals(written: Json | None) -> Signals:
    if not written:
        return Signals()
    after = written["unavailable_after"]
    return Signals(**{**written, "unavailable_after": after and datetime.fromisoformat(after)})


def _terms_to_json(terms: Terms) -> dict[str, Any]:
    """Only what it says: most items say nothing."""
    opens = {"embargo_until": terms.embargo_until.isoformat()} if terms.embargo_until else {}
    return {**({"licence": terms.licence} if terms.licence else {}), **opens}


def _terms_from_json(written: Json) -> Terms:
    opens = written.get("embargo_until")
    return Terms(written.get("licence", ""), datetime.fromisoformat(opens) if opens else None)


_ARTICLE = tuple(each.name for each in fields(Article))


def rights_to_json(rights: Rights) -> dict[str, Any]:
    return _plain(rights)


def rights_from_json(written: Json) -> Rights:
    """What an older version did not write is as it was then: the default."""
    lists = {name: tuple(written[name]) for name in ("credits_allowed", "credits_denied")}
    places = {
        name: tuple(Channel(channel) for channel in written[name])
        for name in ("channels", "image_channels")
        if name in written
    }
    return Rights(
        **{
            **written,
            **lists,
            **places,
            "text": TextRight(written["text"]),
            "images": ImageRight(written["images"]),
            "after_expiry": AfterExpiry(written.get("after_expiry", AfterExpiry.GONE)),
        }
    )


def pages_to_json(source: Source) -> dict[str, Any] | None:
    """What is told of a source's pages; None for a feed without rules."""
    if source.kind is SourceKind.FEED and not source.rules:
        return None
    rules = [[rule.kind.value, rule.where] for rule in source.rules]
    return {"kind": source.kind.value, "item": source.item, "link": source.link, "rules": rules}


def kind_to_json(kind: SourceKind) -> dict[str, Any] | None:
    """The same of a source that is added by hand, and has no rules."""
    return None if kind is SourceKind.FEED else {"kind": kind.value, "item": "", "link": "", "rules": []}


def pages_from_json(written: Json | None) -> dict[str, Any]:
    """As the fields of a Source."""
    if written is None:
        return {}
    rules = tuple(PageRule(RuleKind(kind), where) for kind, where in written["rules"])
    return {"kind": SourceKind(written["kind"]), "item": written["item"], "link": written["link"], "rules": rules}


def manners_to_json(manners: Manners) -> dict[str, Any]:
    return {**asdict(manners), "read_at": manners.read_at.isoformat(), "until": manners.until.isoformat()}


def manners_from_json(written: Json) -> Manners:
    moments = {name: datetime.fromisoformat(written[name]) for name in ("read_at", "until")}
    rules = tuple(PathRule(**rule) for rule in written["rules"])
    mining = tuple(Reserved(**one) for one in written["mining"])
    return Manners(**{**written, **moments, "rules": rules, "mining": mining})


def choice_to_json(choice: Choice) -> dict[str, Any]:
    return _plain(choice)


def choice_from_json(written: Json) -> Choice:
    lists = {name: tuple(written.get(name, ())) for name in ("topics", "partners", "muted_partners")}
    return Choice(**lists, search=written.get("search", ""))


def rhythm_to_json(rhythm: Rhythm) -> dict[str, Any]:
    moments = {name: getattr(rhythm, name).isoformat() for name in ("as_of", "since", "last_at")}
    return {**moments, "hours": list(rhythm.hours), "days": list(rhythm.days), "count": rhythm.count}


def rhythm_from_json(written: Json) -> Rhythm:
    return Rhythm(
        hours=tuple(written["hours"]),
        days=tuple(written["days"]),
        as_of=datetime.fromisoformat(written["as_of"]),
        since=datetime.fromisoformat(written["since"]),
        last_at=datetime.fromisoformat(written["last_at"]),
        count=written["count"],
    )


def schedule_to_json(schedule: Schedule) -> dict[str, Any]:
    return {**_plain(schedule), "at": schedule.at.isoformat()}


def schedule_from_json(written: Json) -> Schedule:
    return Schedule(**{**written, "cadence": Cadence(written["cadence"]), "at": time.fromisoformat(written["at"])})


def _plain(value: Any) -> dict[str, Any]:
    """The value's names with lists for tuples: exactly what reading it back gives, so the two can be compared."""
    return {name: list(item) if isinstance(item, tuple) else item for name, item in asdict(value).items()}
