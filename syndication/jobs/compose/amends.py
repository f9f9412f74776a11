"""What a stream owes its readers: corrections and withdrawals of what it mailed them, and exactly whom. Reads only.

Whoever got a text that was put right since, by any stream of the newsletter, and was not told yet, is told in the next
edition of their own stream. Who paused meanwhile, or got the old text late, is told when they are reached again.
"""

from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache

from syndication.articles.amend import amendment
from syndication.articles.permit import may
from syndication.articles.sanitize import excerpt
from syndication.deliveries import manifest
from syndication.editions.present import Notice
from syndication.jobs.ports.press import Sheet
from syndication.model.amendment import Amendment
from syndication.model.article import Article, Permission, Stored
from syndication.model.choice import Cadence
from syndication.model.edition import Item, ItemKind
from syndication.model.ledger import Manifested
from syndication.model.newsletter import Newsletter
from syndication.model.rights import Channel
from syndication.model.told import Addressed, Outdated, ToldItem

LOOK_BACK = timedelta(days=90)
"""What was mailed longer ago is not put right by mail."""
AMENDS_MAX = 12
"""Told in one edition; the rest in the next. Only what a reader of the stream is left to be told is counted."""
GROUPS_MAX = 32
"""Contents of one edition beside the one for all. Whoever has no room is told next time."""
READERS_A_STEP = 20_000


class Readers:
    """A set of subscriber ids, a bit each: a million of them take 125 kB."""

    def __init__(self) -> None:
        self._bits = bytearray()

    def add(self, ids: Iterable[int]) -> None:
        for id in ids:
            byte = id >> 3
            if byte >= len(self._bits):
                self._bits.extend(bytes(byte + 1 - len(self._bits)))
            self._bits[byte] |= 1 << (id & 7)

    def discard(self, ids: Iterable[int]) -> None:
        for id in ids:
            if id in self:
                self._bits[id >> 3] &= ~(1 << (id & 7))

    def meets(self, other: "Readers") -> bool:
        """Whether anybody is in both."""
        return bool(int.from_bytes(self._bits, "little") & int.from_bytes(other._bits, "little"))

    def __contains__(self, id: int) -> bool:
        byte = id >> 3
        return byte < len(self._bits) and bool(self._bits[byte] & 1 << (id & 7))

    def __bool__(self) -> bool:
        return any(self._bits)


@dataclass(frozen=True, slots=True)
class Amends:
    """One thing to put right, and to whom. `item_id`: the stream has told it to others; it is the same item."""

    item: Item
    notice: Notice
    readers: Readers
    item_id: int | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """Readers who are to be told the same. `news`: the edition's stories are new to them too."""

    told: tuple[int, ...]
    """Places in the list of Amends."""
    news: bool
    readers: Sequence[int]

    def addressed(self) -> list[Addressed]:
        step = manifest.IDS_MAX
        parts = [self.readers[start : start + step] for start in range(0, len(self.readers), step)]
        return [Addressed(part[0], part[-1], manifest.encode(part)) for part in parts]


def owed(sheet: Sheet, newsletter: Newsletter, cadence: Cadence, now: datetime) -> list[Amends]:
    """What the stream's readers of now are owed: withdrawals first, then corrections, the newest first."""
    found = sheet.outdated(newsletter.id, since=now - LOOK_BACK)
    if not found:
        return []
    told = sheet.told_items(newsletter.id, sorted({one.story_id for one in found}))
    by_article: defaultdict[int, list[Outdated]] = defaultdict(list)
    for one in found:
        by_article[one.article_id].append(one)
    # All readers are walked only when there is something to tell; who left must not take the place of who stayed.
    present = cache(lambda: _present(sheet, newsletter, cadence, now))
    amends: list[Amends] = []
    for stored in sorted(sheet.articles(list(by_article)), key=lambda one: _turn(one, by_article[one.id])):
        one_owed = _of(sheet, stored, by_article[stored.id], told, cadence, now)
        if one_owed is not None and one_owed.readers.meets(present()):
            amends.append(one_owed)
        if len(amends) == AMENDS_MAX:
            break
    return amends


def _turn(stored: Stored, mailed: Sequence[Outdated]) -> tuple[bool, float]:
    withdrawn, mailed_at = mailed[0].withdrawn, mailed[-1].mailed_at
    changed_at = mailed_at if withdrawn else stored.changed_at or mailed_at
    return not withdrawn, -changed_at.timestamp()


def _present(sheet: Sheet, newsletter: Newsletter, cadence: Cadence, now: datetime) -> Readers:
    """Who is to get the stream's editions now."""
    found = Readers()
    for readers in _walk(sheet, newsletter, cadence, now):
        found.add(id for id, _ in readers)
    return found


def _walk(
    sheet: Sheet, newsletter: Newsletter, cadence: Cadence, now: datetime
) -> Iterator[Sequence[tuple[int, datetime | None]]]:
    """The stream's readers, a step at a time."""
    after = 0
    while readers := sheet.readers_of_stream(newsletter.id, cadence, now, after_id=after, limit=READERS_A_STEP):
        yield readers
        after = readers[-1][0]


def _of(
    sheet: Sheet,
    stored: Stored,
    mailed: Sequence[Outdated],
    told: Sequence[ToldItem],
    cadence: Cadence,
    now: datetime,
) -> Amends | None:
    kind = ItemKind.RETRACTION if mailed[0].withdrawn else ItemKind.CORRECTION
    texts = {revision.rev: revision.article for revision in sheet.revisions(stored.id)}
    changes = _changes(stored, mailed, texts) if kind is ItemKind.CORRECTION else {}
    wrong = [one for one in mailed if kind is ItemKind.RETRACTION or changes[one.item_id] is not None]
    same = [
        one for one in told if (one.item.story_id, one.item.kind, one.item.rev) == (stored.story_id, kind, stored.rev)
    ]
    before = next((one for one in same if one.cadence is cadence), None)
    if not wrong or (before and (not before.over or before.item.article_id != stored.id)):
        return None  # nothing worth telling, or an edition is on its way with it
    notice = _notice(kind, stored, wrong, changes, texts, now)
    readers = _readers(sheet, wrong, [*(one.item_id for one in mailed if one not in wrong), *(one.id for one in same)])
    if notice is None or not readers:
        return None
    reason = f"mailed on {wrong[0].mailed_at:%-d %B}"
    item = Item(stored.story_id, stored.id, stored.rev, position=0, kind=kind, reason=reason)
    return Amends(item, notice, readers, before.id if before else None)


def _changes(stored: Stored, mailed: Sequence[Outdated], texts: Mapping[int, Article]) -> dict[int, Amendment | None]:
    """By item: what was put right since. A text that is kept no longer cannot be compared."""
    return {one.item_id: amendment(texts[one.rev], stored.article) if one.rev in texts else None for one in mailed}


def _readers(sheet: Sheet, wrong: Sequence[Outdated], right: Sequence[int]) -> Readers:
    """Who got a wrong text, less those who got a right one, or the correction."""
    carriers = sheet.carriers([*(one.item_id for one in wrong), *right])
    readers = Readers()
    for one in wrong:
        readers.add(_ids(carriers.get(one.item_id, ())))
    for item_id in right:
        readers.discard(_ids(carriers.get(item_id, ())))
    return readers


def _ids(carriers: Iterable[Manifested]) -> Iterator[int]:
    for batch in carriers:
        yield from (id for id in manifest.decode(batch.manifest) if id not in batch.taken_out)


def _notice(
    kind: ItemKind,
    stored: Stored,
    wrong: Sequence[Outdated],
    changes: Mapping[int, Amendment | None],
    texts: Mapping[int, Article],
    now: datetime,
) -> Notice | None:
    """What may be shown of it; None when nothing may. A withdrawn story is named by the headline that was mailed."""
    mailed_at = min(one.mailed_at for one in wrong)
    if kind is ItemKind.RETRACTION:
        title = texts.get(wrong[-1].rev, stored.article).title
        return Notice(kind, stored, title, mailed_at=mailed_at, by_publisher=wrong[-1].by_publisher)
    permission = may(stored, Channel.MAIL, now)
    change = next(found for one in wrong if (found := changes[one.item_id]) is not None)
    if not permission.allowed:
        return None
    shown = f"{permission.title}\n{permission.excerpt}"
    return Notice(
        kind,
        stored,
        permission.title,
        permission=permission,
        note=_note(change.note, stored, permission),
        replaced=tuple(one for one in change.replaced if one.after in shown),
        mailed_at=mailed_at,
    )


def _note(note: str, stored: Stored, permission: Permission) -> str:
    """A note is a part of the text, and as much of it is shown as of the text."""
    if permission.body:
        return note
    return excerpt(note, stored.rights.excerpt_words) if permission.excerpt else ""


def grouped(
    sheet: Sheet,
    newsletter: Newsletter,
    cadence: Cadence,
    amends: Sequence[Amends],
    *,
    newest_story_at: datetime | None,
    now: datetime,
) -> list[Group]:
    """The stream's readers who are owed something, by what it is; the largest groups first."""
    found: defaultdict[tuple[tuple[int, ...], bool], array[int]] = defaultdict(lambda: array("q"))
    for readers in _walk(sheet, newsletter, cadence, now):
        for id, seen_until in readers:
            told = tuple(n for n, one in enumerate(amends) if id in one.readers)
            if told:
                news = newest_story_at is not None and (seen_until is None or seen_until < newest_story_at)
                found[told, news].append(id)
    largest = sorted(found.items(), key=lambda pair: (-len(pair[1]), pair[0]))[:GROUPS_MAX]
    return [Group(told, news, readers) for (told, news), readers in largest]


def needed(amends: Sequence[Amends], groups: Sequence[Group]) -> tuple[list[Amends], list[Group]]:
    """Without what nobody is left to be told."""
    places = sorted({n for group in groups for n in group.told})
    now_at = {old: new for new, old in enumerate(places)}
    return (
        [amends[n] for n in places],
        [replace(group, told=tuple(now_at[n] for n in group.told)) for group in groups],
    )
