"""A date as some publisher wrote it -> an instant in UTC, or None. Pure; never asks what day it is.

RFC 822 in all its wild forms, RFC 3339 and the W3C's shorter ones, and the C library's. A date without a zone, or with
one that nobody knows, counts as UTC (RFC 5322, section 4.3). What cannot be read is None, never a guess: 03/04/2026 is
two days. Years from 1 to 9999 are answered as written; what is absurd is judged by whoever stores it.
"""

import re
from datetime import UTC, datetime, timedelta, timezone

MONTHS = {"jan": 1, "feb": 2, "mar": 3, "apr": 4, "may": 5, "jun": 6}
MONTHS |= {"jul": 7, "aug": 8, "sep": 9, "oct": 10, "nov": 11, "dec": 12}
MINUTES = {"est": -300, "edt": -240, "cst": -360, "cdt": -300, "mst": -420, "mdt": -360, "pst": -480, "pdt": -420}
MINUTES |= {"bst": 60, "ist": 330, "wet": 0, "west": 60, "cet": 60, "cest": 120, "eet": 120, "eest": 180, "msk": 180}
MINUTES |= {"jst": 540, "kst": 540, "aest": 600, "aedt": 660, "nzst": 720, "nzdt": 780, "akst": -540, "hst": -600}
"""Zone names in use. The military letters are left out: RFC 822 had them backwards."""

CHARACTERS_MAX = 100

_CLOCK = r"(?P<hour>\d{1,2})[:.](?P<minute>\d\d)(?:[:.](?P<second>\d\d)(?:[.,](?P<fraction>\d+))?)?"
_ISO_CLOCK = r"(?P<hour>\d\d):?(?P<minute>\d\d)(?::?(?P<second>\d\d)(?:[.,](?P<fraction>\d+))?)?"
_ZONE = r"(?P<zone>[+-]\d\d?(?::?\d\d)?|[a-z]{1,5}(?:[+-]\d\d?:?\d\d)?)?"

_RFC822 = re.compile(
    rf"(?:[^\W\d]+\.?,?\s*)?(?P<day>\d{{1,2}})(?:st|nd|rd|th)?[\s-]+(?P<month>[a-z]{{3}})[a-z]*\.?,?[\s-]+"
    rf"(?P<year>\d{{4}}|\d{{2}})(?:,?\s+(?:at\s+)?{_CLOCK}\s*(?P<half>[ap]m\b)?\s*{_ZONE})?(?:\s*\([^)]*\))?",
    re.IGNORECASE,
)
_ISO = re.compile(
    rf"(?P<year>\d{{4}})-?(?:(?P<month>\d\d)(?:-?(?P<day>\d\d)(?:(?:t|\s+){_ISO_CLOCK}\s*(?P<half>[ap]m\b)?\s*{_ZONE})?)?)?",
    re.IGNORECASE,
)
_MONTH_FIRST = re.compile(
    rf"(?:[^\W\d]+\.?,?\s+)??(?P<month>[a-z]{{3}})[a-z]*\.?\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?\s+"
    rf"(?:{_CLOCK}\s*(?:[a-z]{{2,5}}\s+)?(?P<year>\d{{4}})|(?P<year2>\d{{4}})(?:,?\s+(?:at\s+)?(?P<hour2>\d{{1,2}}):"
    r"(?P<minute2>\d\d)(?::(?P<second2>\d\d))?\s*(?P<half>[ap]m\b)?)?)\s*(?P<zone>[+-]\d\d?:?\d\d|[a-z]{1,5})?",
    re.IGNORECASE,
)


def parse_date(text: str | None) -> datetime | None:
    """The instant in UTC, or None when `text` cannot be read as one."""
    if text is None or len(text) > CHARACTERS_MAX:
        return None
    text = text.strip()
    if fast := _usual(text):
        return fast
    found = _RFC822.fullmatch(text) or _ISO.fullmatch(text) or _MONTH_FIRST.fullmatch(text)
    if found is None:
        return None
    try:
        return _instant(found.groupdict())
    except (ValueError, OverflowError):
        return None


def _usual(text: str) -> datetime | None:
    """The two spellings that nearly every feed uses, without a regular expression. None: look closer."""
    try:
        if len(text) in (20, 25) and text[10] == "T" and text[4] == text[7] == "-":
            moment = datetime.fromisoformat(text)
            return moment.astimezone(UTC) if moment.tzinfo else None
        if len(text) in (29, 31) and text[25] == " " and text[26:] in ("GMT", "+0000") and text[3:5] == ", ":
            clock = int(text[17:19]), int(text[20:22]), int(text[23:25])
            return datetime(int(text[12:16]), MONTHS[text[8:11].lower()], int(text[5:7]), *clock, tzinfo=UTC)
    except (ValueError, KeyError, OverflowError):
        pass
    return None


def _instant(part: dict[str, str | None]) -> datetime:
    year = _year(part["year"] or part.get("year2") or "")
    hour = int(part["hour"] or part.get("hour2") or 0)
    minute = int(part["minute"] or part.get("minute2") or 0)
    second = int(part["second"] or part.get("second2") or 0)
    if half := part.get("half"):
        hour = hour % 12 + (12 if half.lower() == "pm" else 0)
    days, hour = (1, 0) if (hour, minute, second) == (24, 0, 0) else (0, hour)
    moment = datetime(
        year,
        _month(part["month"]),
        int(part["day"] or 1),
        hour,
        minute,
        min(second, 59) if second == 60 else second,  # a leap second, which Python's clock does not have
        int((part.get("fraction") or "0")[:6].ljust(6, "0")),
        tzinfo=_zone(part["zone"]),
    )
    if days:
        moment += timedelta(days=1)
    return moment if moment.tzinfo is UTC else moment.astimezone(UTC)


def _year(digits: str) -> int:
    """RFC 5322, section 4.3: 00 to 49 are of this century, 50 to 99 of the last."""
    year = int(digits)
    if len(digits) == 2:
        return year + (2000 if year < 50 else 1900)
    return year


def _month(text: str | None) -> int:
    if text is None:
        return 1
    if text.isdigit():
        return int(text)
    month = MONTHS.get(text.lower())
    if month is None:
        raise ValueError(f"no month begins with {text}")
    return month


def _zone(text: str | None) -> timezone:
    if not text:
        return UTC
    name, sign, digits = re.match(r"([a-zA-Z]*)([+-]?)(.*)", text).groups()  # type: ignore[union-attr]
    if not sign:
        minutes = MINUTES.get(name.lower(), 0)
    else:
        digits = digits.replace(":", "")
        hours, rest = (digits, "0") if len(digits) < 3 else (digits[:-2], digits[-2:])
        minutes = (int(hours) * 60 + int(rest)) * (-1 if sign == "-" else 1)
    return timezone(timedelta(minutes=minutes)) if minutes else UTC
