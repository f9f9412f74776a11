"""Lists of readers, as others write them and as we do. In: a heading, rows of text. Out: Applicants, or why not. Pure.

Known by their headings: Mailchimp, Substack, Ghost, listmonk, Buttondown, and our own. Of any other list the columns
are found by their usual names, or named by whoever brings it. Whoever such a list says has left, stays left.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from types import MappingProxyType

from syndication.errors import ParseError
from syndication.model.intake import Applicant, Columns, Fate, Judged, Standing, Word
from syndication.model.subscriber import EmailAddress, SubscriptionState

FIELDS_MAX = 200
EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
"""Nobody agreed to a newsletter before; a list that says so has a default there."""

YES_WORDS = ("true", "yes", "y", "t", "1", "on")
NO_WORDS = ("false", "no", "n", "f", "0", "off")
AGREES: Mapping[str, Word] = MappingProxyType(
    dict.fromkeys(("", *YES_WORDS), Word.SUBSCRIBED) | dict.fromkeys(NO_WORDS, Word.LEFT)
)
"""Of a column that asks whether an address is subscribed."""


def _objects(word: Word) -> Mapping[str, Word]:
    """Of a column that asks whether it is not."""
    return MappingProxyType(dict.fromkeys(("", *NO_WORDS), Word.SUBSCRIBED) | dict.fromkeys(YES_WORDS, word))


LEFT_WORDS = (
    "unsubscribed", "unsubscribe", "non-subscribed", "not subscribed", "opted out", "opted_out", "opt-out", "optout",
    "inactive", "disabled", "removed", "deleted", "archived", "cancelled", "canceled", "paused", "left", "pending",
    "unconfirmed", "unactivated", "transactional",
)  # fmt: skip
"""Who never confirmed elsewhere has not agreed here either."""
STATES: Mapping[str, Word] = MappingProxyType(
    dict.fromkeys(
        ("", "subscribed", "subscriber", "active", "enabled", "confirmed", "regular", "premium", "free", "paid",
         "gifted", "comped", "complimentary", "trialing", "trialed", "trial", "member", "opted in",
         "opted_in", *YES_WORDS),
        Word.SUBSCRIBED,
    )
    | dict.fromkeys((*LEFT_WORDS, *NO_WORDS), Word.LEFT)
    | dict.fromkeys(("cleaned", "bounced", "hard bounced", "undeliverable", "invalid"), Word.BOUNCED)
    | dict.fromkeys(
        ("blocklisted", "blacklisted", "suppressed", "complained", "complaint", "abuse", "spammy", "spam"),
        Word.COMPLAINED,
    )
)  # fmt: skip
"""Of a status. A word that is not here refuses its row: to guess would mail somebody who said no."""

FLAGS: Mapping[str, Mapping[str, Word]] = MappingProxyType(
    {
        "status": STATES,
        "state": STATES,
        "subscriber_type": STATES,
        "type": STATES,
        "email marketing": STATES,
        "subscribed": AGREES,
        "subscribed_to_emails": AGREES,
        "email_disabled": _objects(Word.LEFT),
        "unsubscribed": _objects(Word.LEFT),
        "opt_out": _objects(Word.LEFT),
        "optout": _objects(Word.LEFT),
        "opted_out": _objects(Word.LEFT),
        "bounced": _objects(Word.BOUNCED),
        "complained": _objects(Word.COMPLAINED),
    }
)
"""Columns that say whether an address is subscribed, and what their values mean. All of them count."""

ADDRESS = ("address", "email address", "email", "e-mail", "e-mail address", "mail", "subscriber email", "email_address")
AGREED = ("asked_at", "optin_time", "confirm_time", "confirmed_at", "created at", "created_at", "creation_date",
          "start date", "subscribed at", "subscribed_at", "signup date", "date")  # fmt: skip
GONE = ("unsubscribed_at", "unsub_time", "unsubscription_date", "deleted_at", "unsubscribed at")
FAILED = ("clean_time", "bounced_at")
CLOSED = ("suppressed",)

SHAPES: tuple[tuple[str, frozenset[str]], ...] = (
    ("our own", frozenset({"address", "newsletter", "state"})),
    ("Mailchimp", frozenset({"email address", "optin_time"})),
    ("Mailchimp", frozenset({"email address", "member_rating"})),
    ("Substack", frozenset({"email", "active_subscription"})),
    ("Substack", frozenset({"email", "stripe plan"})),
    ("Ghost", frozenset({"email", "subscribed_to_emails"})),
    ("listmonk", frozenset({"email", "attributes"})),
    ("Buttondown", frozenset({"email", "subscriber_type"})),
    ("Buttondown", frozenset({"email", "creation_date"})),
)
"""Name, and headings by which it is known."""


def columns_of(heading: Sequence[str], named: Mapping[str, str]) -> Columns:
    """Where this list says what. `named`: what the person says of it, as {"address": "Mail"}; that counts first.

    Raises ParseError when no column holds addresses, or a named one is not there.
    """
    at = {name.strip().casefold(): place for place, name in reversed(list(enumerate(heading)))}
    for name in named.values():
        if name.strip().casefold() not in at:
            raise ParseError(f"the list has no column {name!r}", fix=f"its columns are: {_list(heading)}")
    own = {what: (at[name.strip().casefold()],) for what, name in named.items()}
    address = own.get("address") or _found(at, ADDRESS)
    if not address:
        raise ParseError(
            "no column of the list is known to hold mail addresses",
            why=f"its columns are: {_list(heading)}",
            fix="name it: --column address=NAME",
        )
    flags = {at[name]: words for name, words in FLAGS.items() if name in at}
    shape = next((name for name, keys in SHAPES if keys <= at.keys()), "")
    return Columns(
        shape=shape,
        address=address[0],
        flags=tuple((flags | dict.fromkeys(own.get("status", ()), STATES)).items()),
        agreed_at=own.get("agreed") or _found(at, AGREED),
        left_at=_found(at, GONE),
        bounced_at=_found(at, FAILED),
        suppressed=_found(at, CLOSED),
        newsletter=at["newsletter"] if shape == "our own" else None,
    )


def headless(row: Sequence[str]) -> Columns | None:
    """For a list that begins at once: where its first row has an address. None when it is a heading."""
    for place, cell in enumerate(row[:FIELDS_MAX]):
        try:
            EmailAddress.parse(_cell(cell))
        except ValueError:
            continue
        return Columns("", place)
    return None


def applicants(
    rows: Iterable[tuple[int, Sequence[str] | None]], columns: Columns, newsletter: str = ""
) -> Iterator[Applicant | Judged]:
    """Each row as it is read, with its line. An empty row is nobody and is passed over.

    `newsletter` is the one that the list is for: a row of our own lists that names another is refused.
    """
    for line, row in rows:
        if row is None:
            yield Judged(line, Fate.REFUSED, "", "it cannot be read: a cell without end, or a quote that is not closed")
            continue
        if not any(row):
            continue
        try:
            address = EmailAddress.parse(_cell(row[columns.address]))
            _belongs(row, columns, newsletter)
            left_at = _filled(row, columns.left_at)
            word = _word(row, columns, left_at)
        except IndexError:
            yield Judged(line, Fate.REFUSED, "", f"it has only {len(row)} columns")
        except ValueError as error:
            yield Judged(line, Fate.REFUSED, row[columns.address][:254], str(error))
        else:
            agreed_at = _moment(_filled(row, columns.agreed_at))
            yield Applicant(line, address.text, address.norm, word, agreed_at, _moment(left_at))


def _belongs(row: Sequence[str], columns: Columns, newsletter: str) -> None:
    if columns.newsletter is not None and newsletter and (other := row[columns.newsletter]) != newsletter:
        raise ValueError(f"it is about the newsletter {other[:60]!r}: import that one with -n {other[:60]}")


ELSEWHERE: Mapping[Word, str] = MappingProxyType(
    {Word.BOUNCED: "it bounced, says the list", Word.COMPLAINED: "it must not be mailed, says the list"}
)
"""Why an address is suppressed here that was nobody's here."""


def once_each(group: Iterable[Applicant | Judged]) -> tuple[list[Applicant], list[Judged]]:
    """Each address once, and a reason for the rows that were judged already or say it again.

    The first row counts; but where one says that it is subscribed and another that it is not, it is not.
    """
    judged: list[Judged] = []
    kept: dict[str, Applicant] = {}
    for row in group:
        if isinstance(row, Judged):
            judged.append(row)
            continue
        first = kept.setdefault(row.norm, row)
        if first is row:
            continue
        if row.word is not Word.SUBSCRIBED and first.word is Word.SUBSCRIBED:
            kept[row.norm] = row
            first, row = row, first
        judged.append(Judged(row.line, Fate.TWICE, row.address, f"line {first.line} of the list has it too"))
    return list(kept.values()), judged


def fate(applicant: Applicant, standing: Standing | None) -> tuple[Fate, str]:
    """What comes of a row, and why. `standing`: how its address stands here already, None for a stranger."""
    if standing is not None and standing.twice:
        if applicant.word is Word.SUBSCRIBED:
            return Fate.TWICE, "an earlier line of the list has it too"
        return Fate.CLOSED, "it is not subscribed, says the list, though an earlier line says that it is"
    if applicant.word is not Word.SUBSCRIBED:
        return _closed(applicant, standing)
    if standing is None or (standing.state in (None, SubscriptionState.PENDING) and not standing.suppressed):
        return Fate.ADDED, ""
    if standing.suppressed:
        return Fate.SUPPRESSED, f"it is suppressed: {standing.suppressed}"
    if standing.state is SubscriptionState.UNSUBSCRIBED:
        return Fate.LEFT, "it has left this newsletter; only its owner can come back"
    return Fate.KNOWN, "it is subscribed already"


def _closed(applicant: Applicant, standing: Standing | None) -> tuple[Fate, str]:
    if applicant.word is not Word.LEFT:
        return Fate.CLOSED, ELSEWHERE[applicant.word]
    if standing is not None and standing.state is SubscriptionState.UNSUBSCRIBED:
        return Fate.LEFT, "it has left here too"
    confirmed_at = standing.confirmed_at if standing else None
    if confirmed_at and (applicant.left_at is None or applicant.left_at <= confirmed_at):
        return Fate.KNOWN, "it is subscribed here, and nothing says that it left later"
    return Fate.CLOSED, "it is not subscribed, says the list"


def _word(row: Sequence[str], columns: Columns, left_at: str) -> Word:
    """The worst that any column says. Raises ValueError for a value that means nothing to us."""
    found = Word.LEFT if left_at else Word.SUBSCRIBED
    for place, words in columns.flags:
        said = row[place].strip().casefold() if place < len(row) else ""
        word = words.get(said)
        if word is None:
            raise ValueError(f"nobody here knows what {said[:60]!r} says of it: subscribed, or not?")
        found = max(found, word, key=WORST.index)
    if _filled(row, columns.bounced_at):
        found = max(found, Word.BOUNCED, key=WORST.index)
    return Word.COMPLAINED if _filled(row, columns.suppressed) else found


WORST = (Word.SUBSCRIBED, Word.LEFT, Word.BOUNCED, Word.COMPLAINED)


def _filled(row: Sequence[str], places: Sequence[int]) -> str:
    for place in places:
        if place < len(row) and row[place]:
            return row[place]
    return ""


def _moment(text: str) -> datetime | None:
    """In ISO 8601, as all of them write it, with or without a zone. None for what is no date."""
    if not text:
        return None
    try:
        found = datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    found = found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    return found if found >= EARLIEST else None


def _cell(text: str) -> str:
    """Without the quote that keeps a spreadsheet from reading a formula (ours, and that of others)."""
    return text[1:] if text[:1] == "'" else text


def _found(at: Mapping[str, int], names: Iterable[str]) -> tuple[int, ...]:
    return tuple(at[name] for name in names if name in at)


def _list(heading: Sequence[str]) -> str:
    return ", ".join(repr(name[:40]) for name in heading[:20]) or "none"


HEADING = (
    "address", "newsletter", "state", "cadence", "locale", "zone", "requested_at", "confirmed_at", "unsubscribed_at",
    "asked_at", "consent", "form", "suppressed",
)  # fmt: skip
"""Of the lists that we write."""
