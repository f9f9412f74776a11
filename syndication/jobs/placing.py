"""New articles -> the stories that they tell. In: what came with a group of polls. Out: Arrivals, written to the stack.

An article that shares no shingle and no address with any other telling begins a story of its own; most do, and these
are written together. The others are held against their candidates one by one, in the order in which they came.
"""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace

from syndication.articles.originals import dated_as, is_again
from syndication.articles.relate import WINDOW, Placed, boilerplate, house_phrases, leads, text_of, weigh
from syndication.jobs.gather import Gathered
from syndication.jobs.ports.library import Stack
from syndication.model.article import Article, ArticleState, DecidedBy
from syndication.model.collecting import Arrival, Correction
from syndication.model.story import Candidate

CANDIDATES_MAX = 20
RECENT_MAX = 20
"""Articles of a source in which its own phrases are looked for."""


@dataclass(frozen=True, slots=True)
class Newcomer:
    """A new article, what was judged of it, and the poll that brought it."""

    gathered: Gathered
    article: Article
    topics: tuple[tuple[str, DecidedBy], ...]
    shingles: frozenset[int]
    """Those that stand for it in the index."""
    why_held: str = ""


@dataclass(slots=True)
class Placing:
    """Finds the story of each newcomer; what a house says in every article proves nothing.

    A trace is a shingle or an address: an article that shares none with any telling is a story of its own.
    """

    stack: Stack
    newcomers: Sequence[Newcomer]
    """All that may come in this transaction, so that the library is asked once what they share with it."""
    theirs: AbstractSet[int | str] | None = None
    ours: set[int | str] = field(default_factory=set)
    """Traces of the newcomers placed before."""
    marks: dict[int, frozenset[int]] = field(default_factory=dict)
    """By source: the indexed shingles of its house's phrases."""

    def add(self, newcomers: Sequence[Newcomer]) -> None:
        """Place and write these, together as far as they have nothing in common."""
        waiting: list[Arrival] = []
        for one in newcomers:
            alone = self._is_alone(one)
            if waiting and not alone:  # those it may be a copy of must be there to be found
                self.stack.add(waiting)
                waiting = []
            waiting.append(self._arrival(one, Placed() if alone else self._placed(one)))
            self.ours |= one.shingles
            self.ours.add(one.article.url)
        if waiting:
            self.stack.add(waiting)

    def _is_alone(self, one: Newcomer) -> bool:
        url, theirs = one.article.url, self._theirs()
        return not (url and (url in theirs or url in self.ours)) and (
            one.shingles.isdisjoint(theirs) and one.shingles.isdisjoint(self.ours)
        )

    def _theirs(self) -> AbstractSet[int | str]:
        if self.theirs is None:
            shingles = frozenset().union(*(one.shingles for one in self.newcomers))
            urls = {one.article.url for one in self.newcomers if one.article.url}
            first = min(one.article.first_seen_at for one in self.newcomers)
            self.theirs = self.stack.traces(shingles, urls, since=first - WINDOW)
        return self.theirs

    def _placed(self, one: Newcomer) -> Placed:
        article = one.article
        since = article.first_seen_at - WINDOW
        near = self.stack.candidates(one.shingles, url=article.url, since=since, limit=CANDIDATES_MAX)
        if not near:
            return Placed()
        found = weigh(article, near, house_phrases=self._phrases(one))
        return replace(found, twin=_same_page(article, near) or found.twin)

    def _phrases(self, one: Newcomer) -> frozenset[int]:
        source_id = one.gathered.due.source.id
        if source_id not in self.marks:
            self.marks[source_id] = boilerplate(self.stack.recent(source_id, limit=RECENT_MAX))
        return house_phrases(text_of(one.article), self.marks[source_id])

    def _arrival(self, one: Newcomer, placed: Placed) -> Arrival:
        article, due, twin = one.article, one.gathered.due, placed.twin
        if twin is not None and is_again(twin.article.published_at, article.published_at):
            article = dated_as(article, twin.article.published_at)
        leader = self.stack.leader(twin.story_id) if twin else None
        own = Candidate(article_id=0, story_id=0, partner=due.source.partner, article=article)
        return Arrival(
            article=replace(article, flags=(*article.flags, one.why_held)) if one.why_held else article,
            entry_hash=one.gathered.hashes[article.guid],
            topics=one.topics,
            state=ArticleState.HELD if one.why_held else ArticleState.LIVE,
            backfill=due.first,
            story_id=twin.story_id if twin else None,
            leads=twin is None or (not one.why_held and (leader is None or leads(own, leader))),
            shingles=one.shingles,
            versions=placed.versions,
        )


def revise(stack: Stack, corrections: Sequence[Correction]) -> None:
    """Write new texts of known articles. What was an excerpt and is whole now is placed anew among the stories."""
    grown = [one for one in corrections if one.article.body and one.known.state is ArticleState.LIVE]
    before = {one.article_id: one for one in stack.tellings([one.known.article_id for one in grown])}
    stack.revise(corrections)
    for one in grown:
        telling = before.get(one.known.article_id)
        if telling is not None and not telling.article.body:
            _place_again(stack, replace(telling, article=one.article), one.shingles)


def _place_again(stack: Stack, own: Candidate, shingles: frozenset[int]) -> None:
    """Its story may be another's, and it may be the one to lead it."""
    since = own.article.first_seen_at - WINDOW
    near = stack.candidates(shingles, url=own.article.url, since=since, limit=CANDIDATES_MAX)
    found = weigh(own.article, [one for one in near if one.article_id != own.article_id])
    story_id, versions = own.story_id, found.versions
    if found.twin is not None and found.twin.story_id != story_id:
        story_id = stack.join(story_id, found.twin.story_id)
        if story_id != found.twin.story_id and not _is_in(stack, found.twin, story_id):  # readers have both already
            versions = ((found.twin.article_id, 100), *versions)
    leader = stack.leader(story_id)
    if leader is None or (leader.article_id != own.article_id and leads(own, leader)):
        stack.lead(story_id, own.article_id)
    stack.relate(own.article_id, versions)


def _is_in(stack: Stack, telling: Candidate, story_id: int) -> bool:
    return any(one.story_id == story_id for one in stack.tellings([telling.article_id]))


def _same_page(article: Article, near: Sequence[Candidate]) -> Candidate | None:
    """A telling at the same address under the same title: its publisher moved house, or carries it in two feeds."""
    return next(
        (
            one
            for one in near
            if article.url
            and one.article.url == article.url
            and one.article.title.casefold() == article.title.casefold()
        ),
        None,
    )
