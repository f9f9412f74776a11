"""A date as some publisher wrote it -> an instant in UTC, or None. Pure; never asks what day it is.

RFC 822 in all its wild forms, RFC 3339 and the W3C's shorter ones, the C library's, and what Greek, Hungarian and
Korean software writes. A date without a zone, or with one that nobody knows, counts as UTC (RFC 5322, section 4.3).
What cannot be read is None, never a guess: 03/04/2026 is two days. Years from 1 to 9999 are answered as written; what
is absurd is judged by whoever stores it.
"""

import re
import unicodedata
from datetime import UTC, datetime, timedelta, timezone

MONTHS = {"jan": 1, "feb": 2, "mar": 3, "apr": 4, "may": 5, "jun": 6}
MONTHS |= {"jul": 7, "aug": 8, "sep": 9, "oct": 10, "nov": 11, "dec": 12}
MINUTES = {"est": -300, "edt": -240, "cst": -360, "cdt": -300, "mst": -420, "mdt": -360, "pst": -480, "pdt": -420}
MINUTES |= {"bst": 60, "ist": 330, "wet": 0, "west": 60, "cet": 60, "cest": 120, "eet": 120, "eest": 180, "msk": 180}
MINUTES |= {
    "met": 60,
    "mest": 120,
    "at": -240,
    "ast": -240,
    "adt": -180,
    "et": -300,
    "ct": -360,
    "mt": -420,
    "pt": -480,
}
MINUTES |= {"nst": -210, "ndt": -150, "brt": -180, "art": -180, "clt": -240, "sast": 120, "eat": 180, "cat": 120}
MINUTES |= {
    "pkt": 300,
    "gst": 240,
    "ict": 420,
    "wib": 420,
    "hkt": 480,
    "sgt": 480,
    "pht": 480,
    "awst": 480,
    "acst": 570,
}
MINUTES |= {
    "acdt": 630,
    "msd": 240,
    "trt": 180,
    "idt": 180,
    "jst": 540,
    "kst": 540,
    "aest": 600,
    "aedt": 660,
    "nzst": 720,
    "nzdt": 780,
    "akst": -540,
    "hst": -600,
}
"""Zone names in use. The military letters are left out: RFC 822 had them backwards."""

ABROAD = {"ιαν": 1, "φεβ": 2, "μαρ": 3, "μαω": 3, "απρ": 4, "μαι": 5, "ιουν": 6, "ιον": 6, "ιουλ": 7, "ιολ": 7}
ABROAD |= {"αυγ": 8, "σεπ": 9, "οκτ": 10, "νοε": 11, "δεκ": 12}
ABROAD |= {"janu": 1, "febr": 2, "marc": 3, "apri": 4, "maj": 5, "mauj": 5, "juni": 6, "juli": 7, "augu": 8}
ABROAD |= {"szep": 9, "okto": 10, "nove": 11, "dece": 12}
"""Greek and Hungarian months without accents, to the third or fourth letter; some are misspelt by the software."""
ABROAD |= {"janv": 1, "fevr": 2, "avr": 4, "mai": 5, "juin": 6, "juil": 7, "aou": 8}
ABROAD |= {"ene": 1, "abr": 4, "ago": 8, "dic": 12, "gen": 1, "mag": 5, "giu": 6, "lug": 7, "set": 9, "ott": 10}
ABROAD |= {"fev": 2, "out": 10, "dez": 12, "okt": 10, "mrz": 3, "mrt": 3, "mei": 5, "des": 12}
ABROAD |= {"янв": 1, "фев": 2, "мар": 3, "апр": 4, "маи": 5, "мая": 5, "июн": 6, "июл": 7, "авг": 8, "сен": 9}
ABROAD |= {"окт": 10, "ноя": 11, "дек": 12}
"""French, Spanish, Italian, Portuguese, German, Dutch, Nordic and Russian ones, as themes in those languages print them
where RFC 822 wants English. Those that begin as the English ones do are not repeated."""

CHARACTERS_MAX = 100

_CLOCK = r"(?P<hour>\d{1,2})[:.](?P<minute>\d{1,2})(?:[:.](?P<second>\d{1,2})(?:[.,](?P<fraction>\d+))?)?"
_ISO_CLOCK = r"(?P<hour>\d\d|\d(?=:)):?(?P<minute>\d\d)(?::?(?P<second>\d\d)(?:[.,](?P<fraction>\d+))?)?"
_ZONE = r"(?P<zone>[+-]\d\d?(?::?\d\d)?|(?:etc/)?[a-z]{1,5}(?:[+-]\d\d?:?\d\d)?)?"

_RFC822 = re.compile(
    rf"(?:[^\W\d]+\.?,?\s*)?(?P<day>\d{{1,2}})(?:st|nd|rd|th)?[\s-]+(?P<month>[^\W\d_]{{3,12}})\.?,?[\s-]+"
    rf"(?P<year>\d{{4}}|\d{{2}})(?:,?\s+(?:at\s+)?{_CLOCK}\s*(?P<half>[ap]m\b)?\s*{_ZONE})?(?:\s*\([^)]*\))?",
    re.IGNORECASE,
)
_ISO = re.compile(
    rf"(?:[^\W\d_]{{2,12}}\.?,\s*)?(?P<year>\d{{4}})(?P<dash>[-/]?)(?:(?P<month>\d\d|\d(?=[-/]\d))(?:(?P=dash)(?P<day>\d\d|(?<=[-/])\d(?!\d))"
    rf"(?:(?:t|\s+|(?<=\d{{8}}))(?P<noon>오[전후]\s*)?{_ISO_CLOCK}\s*(?P<half>[ap]m\b)?\s*{_ZONE})?)?)?",
    re.IGNORECASE,
)
_LONG_MONTH = re.compile(r"(\d{4}-)0(\d\d-\d\d)")
"""Some software pads the month to three places."""
_DAY_OF_YEAR = re.compile(r"(\d{4}|\d\d)-?(\d{3})")
_SHORT_YEAR = re.compile(
    r"(?:-(?P<year>\d\d)-?(?P<month>\d\d)|(?P<y>\d\d)(?P<dash>-?)(?P<m>\d\d)(?P=dash)(?P<day>\d\d))"
)
"""ISO 8601 of 1988 left out the century: the year stands first there too."""
_DOTTED = re.compile(
    rf"(?:[^\W\d_]{{2,12}}\.?,?\s+)?(?P<day>\d{{1,2}})\.\s?(?P<month>\d{{1,2}})\.\s?(?P<year>\d{{4}})"
    rf"(?:,?\s+(?:-\s+)?{_CLOCK}(?:\s*uhr)?\s*{_ZONE})?",
    re.IGNORECASE,
)
"""With dots between its parts a date has the day first, wherever dots are used."""
_HUNGARIAN = re.compile(
    rf"(?P<year>\d{{4}})-(?P<month>[^\W\d_]{{3,12}})-(?P<day>\d{{1,2}})t{_CLOCK}\s*{_ZONE}", re.IGNORECASE
)
_KOREAN = re.compile(
    rf"(?P<year>\d{{4}})년\s*(?P<month>\d{{1,2}})월\s*(?P<day>\d{{1,2}})일(?:\s*(?P<noon>오[전후])?\s*{_CLOCK})?"
)
_MONTH_FIRST = re.compile(
    rf"(?:[^\W\d]+\.?,?\s+)??(?P<month>[a-z]{{3}})[a-z]*\.?\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?\s+"
    rf"(?:{_CLOCK}\s*(?:(?P<zone2>[+-]\d{{4}}|[a-z]{{2,5}})\s+)?(?P<year>\d{{4}})|(?P<year2>\d{{4}})(?:,?\s+(?:at\s+)?(?P<hour2>\d{{1,2}}):"
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
    text = _LONG_MONTH.sub(r"\1\2", text, count=1)
    if len(text) == 6 and text.isdigit() and text[:2] not in ("19", "20"):
        text = f"{text[:2]}-{text[2:4]}-{text[4:]}"  # else 2603 would be the year, and 02 the month
    try:
        for form in (_RFC822, _ISO, _MONTH_FIRST, _HUNGARIAN, _KOREAN, _DOTTED):
            if found := form.fullmatch(text):
                return _instant(found.groupdict())
    except (ValueError, OverflowError):
        pass
    try:
        return _rare(text)
    except (ValueError, OverflowError):
        return None


def _rare(text: str) -> datetime | None:
    if found := _SHORT_YEAR.fullmatch(text):
        month, day = int(found["month"] or found["m"]), int(found["day"] or 1)
        return datetime(_year(found["year"] or found["y"]), month, day, tzinfo=UTC)
    if found := _DAY_OF_YEAR.fullmatch(text):
        year, day = _year(found[1]), int(found[2])
        first = datetime(year, 1, 1, tzinfo=UTC) + timedelta(days=day - 1)
        return first if day and first.year == year else None
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
    if half := part.get("half") or part.get("noon"):
        hour = hour % 12 + (12 if half.strip().lower() in ("pm", "오후") else 0)
    days, hour = (1, 0) if (hour, minute, second) == (24, 0, 0) else (0, hour)
    moment = datetime(
        year,
        _month(part["month"]),
        int(part["day"] or 1),
        hour,
        minute,
        min(second, 59) if second == 60 else second,  # a leap second, which Python's clock does not have
        int((part.get("fraction") or "0")[:6].ljust(6, "0")),
        tzinfo=_zone(part.get("zone") or part.get("zone2") or ("kst" if "noon" in part and _is_korean(part) else None)),
    )
    if days:
        moment += timedelta(days=1)
    return moment if moment.tzinfo is UTC else moment.astimezone(UTC)


def _is_korean(part: dict[str, str | None]) -> bool:
    """Korean software gives no zone, and means its own."""
    return part["noon"] is not None or "dash" not in part


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
    word = text.lower()
    if word.isascii() and word[:3] in MONTHS:
        return MONTHS[word[:3]]
    plain = "".join(letter for letter in unicodedata.normalize("NFD", word) if not unicodedata.combining(letter))
    month = ABROAD.get(plain[:4]) or ABROAD.get(plain[:3]) or MONTHS.get(plain[:3])
    if month is None:
        raise ValueError(f"no month begins with {text}")
    return month


def _zone(text: str | None) -> timezone:
    if not text:
        return UTC
    text = text.lower().removeprefix("etc/")
    name, sign, digits = re.match(r"([a-zA-Z]*)([+-]?)(.*)", text).groups()  # type: ignore[union-attr]
    if not sign:
        minutes = MINUTES.get(name.lower(), 0)
    else:
        digits = digits.replace(":", "")
        hours, rest = (digits, "0") if len(digits) < 3 else (digits[:-2], digits[-2:])
        minutes = (int(hours) * 60 + int(rest)) * (-1 if sign == "-" else 1)
    return timezone(timedelta(minutes=minutes)) if minutes else UTC
