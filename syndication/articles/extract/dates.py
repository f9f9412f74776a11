"""Dates as pages write them. In: text. Out: an instant in UTC, or None. A date without a zone is taken for UTC."""

import re
from datetime import UTC, datetime

from syndication.articles.tidy import wordings

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_ELSEWHERE = tuple(re.compile(names, re.I) for names in wordings.MONTHS)
_DAY_FIRST = re.compile(
    r"\b(\d{1,2})(?:st|nd|rd|th|er|\.|º|ª)?\s+(?:(?:of|de|del)\s+)?([^\W\d_]{3,12})\.?,?\s+(?:(?:de|del)\s+)?(\d{4})\b",
    re.I,
)
_MONTH_FIRST = re.compile(r"\b([a-z]{3,9})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})\b", re.I)
_NUMBERS = re.compile(r"\b(\d{4})-(\d{2})-(\d{2})\b")
_CLOCK = re.compile(r"\b(\d{1,2})[:.](\d{2})\s*([ap])?\.?m?\b", re.I)


def read_instant(text: str) -> tuple[datetime | None, bool]:
    """A machine's date (ISO 8601), and whether it named its zone."""
    try:
        moment = datetime.fromisoformat(text.strip().replace(" UTC", "+00:00"))
    except ValueError:
        return read_date(text), False
    if moment.tzinfo is None:
        return _plausible(moment.replace(tzinfo=UTC)), False
    try:
        return _plausible(moment.astimezone(UTC)), True
    except OverflowError:
        return None, True


def read_date(text: str) -> datetime | None:
    """A person's date: "12 May 2026", "May 12, 2026 at 4:05 pm"; the first one in the text."""
    found = _DAY_FIRST.search(text)
    if found:
        return _made(found[3], found[2], found[1], text[found.end() :])
    found = _MONTH_FIRST.search(text)
    if found:
        return _made(found[3], found[1], found[2], text[found.end() :])
    found = _NUMBERS.search(text)
    if found:
        return _made(
            found[1], _MONTHS[int(found[2]) - 1] if 1 <= int(found[2]) <= 12 else "", found[3], text[found.end() :]
        )
    return None


def _made(year: str, month: str, day: str, after: str) -> datetime | None:
    number = _month(month)
    if not number:
        return None
    hour = minute = 0
    clock = _CLOCK.search(after[:20])
    if clock:
        hour, minute = int(clock[1]), int(clock[2])
        if clock[3]:
            hour = hour % 12 + (12 if clock[3].lower() == "p" else 0)
    try:
        return _plausible(datetime(int(year), number, int(day), hour, minute, tzinfo=UTC))
    except ValueError:
        return None


def _month(name: str) -> int:
    """1 to 12, by its English name or another language's; 0 for a word that is no month."""
    if name[:3].lower() in _MONTHS:
        return _MONTHS.index(name[:3].lower()) + 1
    return next((number for number, known in enumerate(_ELSEWHERE, 1) if known.fullmatch(name)), 0)


def _plausible(moment: datetime) -> datetime | None:
    return moment if 1990 <= moment.year <= 2200 else None
