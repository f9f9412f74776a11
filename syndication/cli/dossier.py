"""`article why`: every decision about one article, each with its reason. In: a house, an id. Out: a plain mapping."""

from typing import Any

from syndication.articles.permit import may, opens_at
from syndication.editions.plan import is_stale
from syndication.errors import NotFoundError
from syndication.model.article import Stored
from syndication.model.rights import Channel
from syndication.storage import articles, curate, dossier
from syndication.wiring import House, now


def why(house: House, id: int) -> dict[str, Any]:
    """Raises NotFoundError."""
    with house.database.read() as connection:
        stored = articles.get(connection, id)
        if stored is None:
            raise NotFoundError(f"there is no article {id}", fix="see `syndication article list`")
        told = dossier.editions(connection, stored.story_id)
        moment = now()
        return {
            "id": id,
            "title": stored.article.title,
            "state": stored.state,
            "identity": dossier.identity(connection, id),
            "dates": _dates(stored, dossier.identity(connection, id)),
            "topics": [{"topic": slug, "decided_by": by} for slug, by in dossier.topics(connection, id)],
            "rights": stored.rights,
            "terms": {
                "licence": stored.article.terms.licence,
                "note": stored.article.rights_note,
                "embargo_until": stored.article.terms.embargo_until,
                "robots": stored.article.signals,
            },
            "channels": {channel.value: may(stored, channel, moment).reasons for channel in Channel},
            "images": dossier.images(connection, id),
            "story": {
                "id": stored.story_id,
                "leads": stored.leads,
                "copies": [
                    {"article": link.article_id, "partner": link.partner, "title": link.title, "url": link.url}
                    for link in stored.also_in
                ],
            },
            "feeds": dossier.feeds(connection, id),
            "editions": told,
            "not_in": _not_in(
                stored,
                dossier.streams(connection),
                {(one.newsletter, one.cadence) for one in told},
                house,
                news=dossier.came_as_news(connection, id),
            ),
            "removed": stored.article.removed,
            "flags": stored.article.flags,
            "decided_by_people": curate.history(connection, id),
        }


def _dates(stored: Stored, identity: dossier.Identity) -> dict[str, Any]:
    return {
        "published by its partner": stored.article.republished_at or identity.published_at,
        "originally published": identity.published_at if stored.article.republished_at else None,
        "first seen": identity.first_seen_at,
        "text changed": identity.changed_at,
        "embargo until": opens_at(stored),
        "right ends": identity.ends_at,
        "right ended": identity.ended_at,
        "withdrawn": identity.withdrawn_at,
    }


def _not_in(
    stored: Stored, streams: list[tuple[str, str]], told: set[tuple[str, str]], house: House, *, news: bool
) -> list[dict[str, str]]:
    letters = {letter.slug: letter for letter in house.newsletters()}
    found = []
    for slug, cadence in streams:
        if (slug, cadence) not in told and slug in letters:
            wants = letters[slug].choice.wants(topics=stored.topics, partner=stored.partner.slug)
            found.append({"newsletter": slug, "cadence": cadence, "why": _why_not(stored, wants, news)})
    return found


def _why_not(stored: Stored, wanted: bool, news: bool) -> str:
    """The first rule that keeps it out of the stream's editions."""
    permission = may(stored, Channel.MAIL, now())
    if not permission.allowed:
        return permission.reasons[0].removeprefix("mail: no, ")
    if not news:
        return "it came with its source's first poll, or was let out for web and feeds only"
    if not stored.leads:
        return "another article leads its story"
    if is_stale(stored):
        return f"it was published on {stored.article.published_at:%d %B %Y}, long before it came: it is no news"
    if not wanted:
        return "the newsletter chooses other topics or partners"
    return "no edition since it was first seen had room for it, or none was due yet"
