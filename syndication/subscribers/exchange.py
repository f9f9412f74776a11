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

NO = MappingProxyType({"false": Word.LEFT, "no": Word.LEFT, "0": Word.LEFT})
YES = MappingProxyType({"true": Word.LEFT, "yes": Word.LEFT, "1": Word.LEFT})
STATES: Mapping[str, Word] = MappingProxyType(
    {
        "unsubscribed": Word.LEFT,
        "inactive": Word.LEFT,
        "disabled": Word.LEFT,
        "removed": Word.LEFT,
        "deleted": Word.LEFT,
        "paused": Word.LEFT,
        "left": Word.LEFT,
        "false": Word.LEFT,
        "pending": Word.LEFT,
        "unconfirmed": Word.LEFT,
        "unactivated": Word.LEFT,
        "cleaned": Word.BOUNCED,
        "bounced": Word.BOUNCED,
        "undeliverable": Word.BOUNCED,
        "blocklisted": Word.COMPLAINED,
        "blacklisted": Word.COMPLAINED,
        "complained": Word.COMPLAINED,
        "spammy": Word.COMPLAINED,
        "spam": Word.COMPLAINED,
    }
)
"""Values of a status column. Who never confirmed elsewhere has not agreed here either."""

ADDRESS = ("address", "email address", "email", "e-mail", "e-mail address", "mail", "subscriber email", "email_address")
AGREED = ("asked_at", "optin_time", "confirm_time", "confirmed_at", "created at", "created_at", "creation_date",
          "start date", "subscribed at", "subscribed_at", "signup date", "date")  # fmt: skip
GONE = ("unsubscribed_at", "unsub_time", "unsubscription_date", "cancel date", "deleted_at", "unsubscribed at")
FAILED = ("clean_time", "bounced_at")

SHAPES: tuple[tuple[str, frozenset[str], str, Mapping[str, Word]], ...] = (
    ("our own", frozenset({"address", "newsletter", "state"}), "state", STATES),
    ("Mailchimp", frozenset({"email address", "optin_time"}), "status", STATES),
    ("Mailchimp", frozenset({"email address", "member_rating"}), "status", STATES),
    ("Substack", frozenset({"email", "active_subscription"}), "email_disabled", YES),
    ("Substack", frozenset({"email", "stripe plan"}), "email_disabled", YES),
    ("Ghost", frozenset({"email", "subscribed_to_emails"}), "subscribed_to_emails", NO),
    ("listmonk", frozenset({"email", "attributes"}), "status", STATES),
    ("Buttondown", frozenset({"email", "subscriber_type"}), "subscriber_type", STATES),
    ("Buttondown", frozenset({"email", "creation_date"}), "type", STATES),
)
"""Name, headings by which it is known, the column that says whether the address is subscribed, and its values."""


def columns_of(heading: Sequence[str], named: Mapping[str, str]) -> Columns:
    """Where this list says what. `named`: what the person says of it, as {"address": "Mail"}; that counts first.

    Raises ParseError when no column holds addresses, or a named one is not there.
    """
    at = {name.strip().casefold(): place for place, name in reversed(list(enumerate(heading)))}
    for name in named.values():
        if name.strip().casefold() not in at:
            raise ParseError(f"the list has no column {name!r}", fix=f"its columns are: {_list(heading)}")
    shape, state, words = next(
        ((name, state, words) for name, keys, state, words in SHAPES if keys <= at.keys()), ("", "status", STATES)
    )
    own = {what: (at[name.strip().casefold()],) for what, name in named.items()}
    address = own.get("address") or _found(at, ADDRESS)
    if not address:
        raise ParseError(
            "no column of the list is known to hold mail addresses",
            why=f"its columns are: {_list(heading)}",
            fix="name it: --column address=NAME",
        )
    word = own.get("status") or _found(at, (state, "status", "state"))
    return Columns(
        shape=shape,
        address=address[0],
        word=word[0] if word else None,
        words=words if word == _found(at, (state,)) else STATES,
        agreed_at=own.get("agreed") or _found(at, AGREED),
        left_at=_found(at, GONE),
        bounced_at=_found(at, FAILED),
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


def applicants(rows: Iterable[tuple[int, Sequence[str] | None]], columns: Columns) -> Iterator[Applicant | Judged]:
    """Each row as it is read, with its line. An empty row is nobody and is passed over."""
    for line, row in rows:
        if row is None:
            yield Judged(line, Fate.REFUSED, "", "it cannot be read: a cell without end, or a quote that is not closed")
            continue
        if not any(row):
            continue
        try:
            address = EmailAddress.parse(_cell(row[columns.address]))
        except IndexError:
            yield Judged(line, Fate.REFUSED, "", f"it has only {len(row)} columns")
        except ValueError as error:
            yield Judged(line, Fate.REFUSED, row[columns.address][:254], str(error))
        else:
            left_at = _filled(row, columns.left_at)
            yield Applicant(
                line,
                address.text,
                address.norm,
                _word(row, columns, left_at),
                _moment(_filled(row, columns.agreed_at)),
                _moment(left_at),
            )


ELSEWHERE: Mapping[Word, str] = MappingProxyType(
    {Word.BOUNCED: "it bounced, says the list", Word.COMPLAINED: "its reader complained, says the list"}
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
    said = Word.SUBSCRIBED
    if columns.word is not None and columns.words is not None and columns.word < len(row):
        said = columns.words.get(row[columns.word].strip().casefold(), Word.SUBSCRIBED)
    if said is Word.SUBSCRIBED and columns.bounced_at and _filled(row, columns.bounced_at):
        return Word.BOUNCED
    return Word.LEFT if said is Word.SUBSCRIBED and left_at else said


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

FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet runs, at the start of a cell."""


def harmless(cell: str) -> str:
    """As text to every spreadsheet: a quote goes before what would be read as a formula."""
    return f"'{cell}" if cell.startswith(FORMULA) else cell
