"""Articles as every output shows them, each with its topics and story. In: ids, or what to look for. Out: Stored.

It writes nothing: `revisions` does, and `stories` finds what belongs together.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from syndication.model.article import (
    ArticleState,
    Revision,
    Stored,
    StoryLink,
)
from syndication.model.choice import Choice
from syndication.model.image import Image, ImageSize, ImageState
from syndication.model.source import Partner
from syndication.storage import values
from syndication.storage.many import each
from syndication.storage.schema import (
    absence,
    article_topic,
    image,
    partner,
    source,
    story,
    topic,
)
from syndication.storage.schema import article as articles
from syndication.storage.schema import article_revision as revision_rows

PART = 500
"""Ids in one question."""
BY_PUBLISHER = sa.exists().where(absence.c.article_id == articles.c.id)
"""Of a withdrawn article: its publisher took it back. A person's word of ours leaves no such row."""


def load(connection: Connection, ids: Sequence[int]) -> list[Stored]:
    """The articles of these ids, in this order; an id that names none is left out."""
    found: dict[int, Stored] = {}
    for start in range(0, len(ids), PART):
        found |= _load_part(connection, list(ids[start : start + PART]))
    return [found[id] for id in ids if id in found]


def get(connection: Connection, id: int) -> Stored | None:
    return next(iter(load(connection, [id])), None)


def newest(
    connection: Connection,
    *,
    choice: Choice | None = None,
    limit: int,
    offset: int = 0,
    leaders_only: bool = True,
    states: Iterable[ArticleState] = (ArticleState.LIVE,),
) -> list[Stored]:
    """What `choice` asks for, newest by the partner's date first; one telling of each story unless told otherwise."""
    query = (
        sa.select(articles.c.id)
        .where(articles.c.state.in_([state.value for state in states]))
        .order_by(articles.c.published_at.desc(), articles.c.id.desc())
        .limit(limit)
        .offset(offset)
    )
    if leaders_only:
        # By its own key first: there is no index of leaders, and none is needed.
        query = query.join(story, (story.c.id == articles.c.story_id) & (story.c.leader_id == articles.c.id))
    return load(connection, connection.scalars(_chosen(query, choice or Choice())).all())


def revisions(connection: Connection, id: int) -> list[Revision]:
    """Every text that we have seen of it, oldest first."""
    rows = connection.execute(
        sa.select(revision_rows).where(revision_rows.c.article_id == id).order_by(revision_rows.c.rev)
    )
    return [Revision(row.rev, row.seen_at, values.article_from_json(row.content)) for row in rows]


def _chosen(query: sa.Select[int], choice: Choice) -> sa.Select[int]:
    """`Choice.wants`, in SQL."""
    of_partners = sa.select(source.c.id).join(partner)
    if choice.partners:
        query = query.where(articles.c.source_id.in_(of_partners.where(partner.c.slug.in_(choice.partners))))
    if choice.muted_partners:
        query = query.where(articles.c.source_id.not_in(of_partners.where(partner.c.slug.in_(choice.muted_partners))))
    if choice.topics:
        within = sa.select(article_topic.c.article_id).join(topic).where(topic.c.slug.in_(choice.topics))
        query = query.where(articles.c.id.in_(within))
    return query


def _load_part(connection: Connection, ids: list[int]) -> dict[int, Stored]:
    rows = connection.execute(_WHOLE, {"ids": ids}).all()
    topics = _topics_of(connection, ids)
    elsewhere = _tellings(connection, {row.story_id for row in rows})
    images = _images_of(connection, ids)
    agreed = {row.source_slug: row.rights for row in rows}
    rights = {slug: values.rights_from_json(written) for slug, written in agreed.items()}
    return {
        row.id: Stored(
            id=row.id,
            article=values.article_from_json(row.content),
            rev=row.rev,
            state=ArticleState(row.state),
            story_id=row.story_id,
            leads=row.leader_id == row.id,
            partner=Partner(slug=row.partner_slug, name=row.partner_name, homepage=row.homepage),
            source_slug=row.source_slug,
            source_url=row.source_url,
            rights=rights[row.source_slug],
            topics=topics.get(row.id, ()),
            backfill=row.backfill,
            changed_at=row.changed_at,
            also_in=tuple(link for link in elsewhere.get(row.story_id, ()) if link.article_id != row.id),
            images=tuple(images.get(row.id, ())),
            ended=row.ended_at is not None,
            taken_back=row.state == ArticleState.WITHDRAWN.value and not row.by_publisher,
        )
        for row in rows
    }


# Built once: putting a statement together costs more than running it.
_GIVEN = sa.select(each("ids", sa.BigInteger()))
_TEXT = (revision_rows.c.article_id == articles.c.id) & (revision_rows.c.rev == articles.c.rev)
_WHOLE = (
    sa.select(
        articles.c.id,
        articles.c.rev,
        articles.c.state,
        articles.c.story_id,
        articles.c.backfill,
        articles.c.changed_at,
        articles.c.ended_at,
        BY_PUBLISHER.label("by_publisher"),
        revision_rows.c.content,
        story.c.leader_id,
        source.c.slug.label("source_slug"),
        source.c.url.label("source_url"),
        source.c.rights,
        partner.c.slug.label("partner_slug"),
        partner.c.name.label("partner_name"),
        partner.c.homepage,
    )
    .join(revision_rows, _TEXT)
    .join(story, story.c.id == articles.c.story_id)
    .join(source, source.c.id == articles.c.source_id)
    .join(partner, partner.c.id == source.c.partner_id)
    .where(articles.c.id.in_(_GIVEN))
)
_TOPICS = (
    sa.select(article_topic.c.article_id, topic.c.slug)
    .join(topic)
    .where(article_topic.c.article_id.in_(_GIVEN))
    .order_by(topic.c.slug)
)
_IMAGES = (
    sa.select(image).where(image.c.article_id.in_(_GIVEN), image.c.state == ImageState.KEPT.value).order_by(image.c.id)
)
_TELLINGS = (
    sa.select(articles.c.story_id, articles.c.id, revision_rows.c.title, articles.c.url, partner.c.name)
    .join(revision_rows, _TEXT)
    .join(source, source.c.id == articles.c.source_id)
    .join(partner, partner.c.id == source.c.partner_id)
    .where(articles.c.story_id.in_(_GIVEN), articles.c.state == ArticleState.LIVE.value)
    .order_by(articles.c.id)
)


def _topics_of(connection: Connection, ids: list[int]) -> dict[int, tuple[str, ...]]:
    rows = connection.execute(_TOPICS, {"ids": ids})
    found: dict[int, tuple[str, ...]] = {}
    for id, slug in rows:
        found[id] = (*found.get(id, ()), slug)
    return found


def _images_of(connection: Connection, ids: list[int]) -> Mapping[int, list[Image]]:
    """The pictures that are kept of each."""
    found: defaultdict[int, list[Image]] = defaultdict(list)
    for row in connection.execute(_IMAGES, {"ids": ids}):
        sizes = tuple(ImageSize(*size) for size in row.sizes)
        found[row.article_id].append(Image(row.origin, row.hash, sizes))
    return found


def _tellings(connection: Connection, stories: set[int]) -> Mapping[int, list[StoryLink]]:
    """The live tellings of each story, in the order in which they came."""
    rows = connection.execute(_TELLINGS, {"ids": stories})
    found: defaultdict[int, list[StoryLink]] = defaultdict(list)
    for story_id, id, title, url, name in rows:
        found[story_id].append(StoryLink(article_id=id, title=title, url=url, partner=name))
    return found
