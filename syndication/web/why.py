"""Why an article is here, and why this much of it: the decisions of the service in a reader's words. Pure."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

from syndication.jobs.read import ArticleShown
from syndication.model.article import DecidedBy, Stored
from syndication.model.rights import TextRight
from syndication.rendering import day

_DECIDED = {
    DecidedBy.HAND: "an editor put it there",
    DecidedBy.RULE: "its title or its opening has one of the words that we look for",
    DecidedBy.CATEGORY: "its publisher filed it under a subject that means the same",
    DecidedBy.PARTNER: "what comes from {partner} belongs there",
}


def reasons(found: ArticleShown, topics: Mapping[str, str], zone: str) -> list[str]:
    """A sentence for each decision. `topics` maps slugs to titles."""
    stored = found.shown.stored
    return [
        *_arrival(stored, zone),
        *_topics(found, topics),
        *_story(stored),
        _text(stored, bool(found.shown.permission.body)),
        *_until(stored, zone),
    ]


def _arrival(stored: Stored, zone: str) -> Iterator[str]:
    article, partner = stored.article, stored.partner.name
    yield f"{partner} is a partner of ours. We found this story there on {_day(article.first_seen_at, zone)}."
    if article.publisher and article.publisher != partner:
        yield f"{partner} credits it to {article.publisher}, and so do we."
    if stored.rev > 1 and stored.changed_at:
        yield f"Its text was changed since; this is how it reads since {_day(stored.changed_at, zone)}."


def _topics(found: ArticleShown, topics: Mapping[str, str]) -> Iterator[str]:
    for slug, by in found.decided:
        if slug in topics:
            reason = _DECIDED[by].format(partner=found.shown.stored.partner.name)
            yield f"It is under “{topics[slug]}” because {reason}."


def _story(stored: Stored) -> Iterator[str]:
    others = len({link.partner for link in stored.also_in})
    if others:
        many = "Another partner carries" if others == 1 else f"{others} other partners carry"
        yield (
            f"{many} the same story. We tell it once: as the house tells it that wrote it, or else the fullest, "
            "or else the first."
        )


def _text(stored: Stored, whole: bool) -> str:
    match stored.rights.text:
        case TextRight.LINK:
            return "Its publisher lets us show the title and a link, and no more."
        case TextRight.EXCERPT:
            return f"Its publisher lets us show an excerpt of at most {stored.rights.excerpt_words} words."
        case TextRight.FULL:
            return "Its publisher lets us show all of it." if whole else "Its publisher gave us no more than this."


def _until(stored: Stored, zone: str) -> Iterator[str]:
    if stored.rights.expiry_days is not None:
        closes = stored.article.first_seen_at + timedelta(days=stored.rights.expiry_days)
        yield f"We may show it until {_day(closes, zone)}."


def _day(moment: datetime, zone: str) -> str:
    return day(moment, zone)
