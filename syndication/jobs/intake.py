"""A list of readers from elsewhere -> subscriptions, with a reason for each row that is none. In: Applicants as they
are read. Out: groups that are on disk.

Its owner's consent is kept as proof with each address. Suppressed stays suppressed, and who left stays away. Killed in
the middle it has done whole groups; the same list once more goes on, because what it did is known.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import islice

import orjson

from syndication.jobs.ports.intake import Intake
from syndication.model.intake import Applicant, Fate, Judged, Taken, Word
from syndication.model.journal import Departed, Owed, Suppressed
from syndication.model.subscriber import Consent, keyed_hash
from syndication.subscribers.exchange import ELSEWHERE, fate, once_each

GROUP_MAX = 10_000
LEFT_MAX = 80
"""As many who left stand in one line of the journal."""

Append = Callable[[Sequence[Owed]], None]


def take_in(
    rows: Iterable[Applicant | Judged], *, intake: Intake, consent: Consent, key: bytes, actor: str, append: Append
) -> Iterator[Taken]:
    """`consent.asked_at` is the present; where the list knows when its owner agreed, that is kept instead. `append`
    writes into the journal who must not be mailed, before the store has it: a restored backup mails nobody of them.

    Raises StoreError; the groups before are in.
    """
    counts: Counter[Fate] = Counter()
    left = iter(rows)
    while group := list(islice(left, GROUP_MAX)):
        taken = _take(group, intake, consent, key, append)
        counts.update(other.fate for other in taken.others)
        counts[Fate.ADDED] += taken.added
        yield taken
    with intake.writing() as page:
        said = ", ".join(f"{count} {fate}" for fate, count in counts.items() if count)
        page.note(actor, f"{consent.form}: {said or 'no rows'}", consent.asked_at)


def _take(group: list[Applicant | Judged], intake: Intake, consent: Consent, key: bytes, append: Append) -> Taken:
    once, judged = once_each(group)
    with intake.writing() as page:
        page.lay_out(_with_proof(once, consent, key))
        struck: list[int] = []
        standings = page.standings(consent.asked_at)
        for row in once:
            come, why = fate(row, standings.get(row.line))
            if come is not Fate.ADDED:
                judged.append(Judged(row.line, come, row.address, why))
            if come not in (Fate.ADDED, Fate.CLOSED):
                struck.append(row.line)
        append(_owed(once, page.newsletter_id, key, consent.asked_at))
        page.strike(struck)
        page.write(SUPPRESSIONS, consent.asked_at)
    judged.sort()
    return Taken(len(group), len(group) - len(judged), tuple(judged))


def _owed(rows: Iterable[Applicant], newsletter_id: int, key: bytes, now: datetime) -> list[Owed]:
    closed = [(row, why) for row in rows if (why := ELSEWHERE.get(row.word))]
    left = iter([keyed_hash(row.norm, key) for row in rows if row.word is Word.LEFT])
    lines: list[Owed] = [Suppressed(now, keyed_hash(row.norm, key), 0, why) for row, why in closed]
    while hashes := tuple(islice(left, LEFT_MAX)):
        lines.append(Departed(now, newsletter_id, hashes))
    return lines


SUPPRESSIONS: Mapping[str, str] = {word.value: why for word, why in ELSEWHERE.items()}


def _with_proof(rows: Iterable[Applicant], consent: Consent, key: bytes) -> Iterator[tuple[Applicant, str, str]]:
    before, _, after = _proof(consent).partition("\0")
    undated = before + consent.asked_at.isoformat() + after
    for row in rows:
        proof = undated if row.agreed_at is None else before + row.agreed_at.isoformat() + after
        yield row, keyed_hash(row.norm, key), proof


def _proof(consent: Consent) -> str:
    """As JSON, with a NUL where the time goes. No text of ours holds one."""
    text = {"text": consent.text, "form": consent.form, "asked_at": "@", "network_hash": ""}
    head, _, tail = orjson.dumps(text).decode().rpartition('"asked_at":"@"')
    return f'{head}"asked_at":"\0"{tail}'
