"""What is said against an address -> what follows. In: a Setback and those before it. Out: a Ruling. Pure.

A mailbox that is not there is mailed nothing more, and neither is a reader who called our mail spam. A mail that was
not taken proves little, so it counts: five mailings over a fortnight, with nothing delivered between, are enough. A
full mailbox is a reader on a journey; only when it stays full for a month is nobody coming back.
"""

import re
from collections.abc import Sequence
from datetime import timedelta

from syndication.model.event import DeliveryEvent, EventKind
from syndication.model.setback import Ruling, Setback, SetbackKind

SOFT_TIMES, SOFT_SPAN = 5, timedelta(days=14)
FULL_TIMES, FULL_SPAN = 3, timedelta(days=30)
MEMORY = timedelta(days=90)
"""What is older than this says nothing about a mailbox of today."""
DETAIL_MAX = 300

AT_ONCE = {
    SetbackKind.HARD: "bounced: there is no such mailbox",
    SetbackKind.INVALID: "invalid: the provider takes it for no address",
    SetbackKind.COMPLAINT: "complaint: its reader called our mail spam",
}
COUNTED = {
    SetbackKind.SOFT: (SOFT_TIMES, SOFT_SPAN, "bounced: {times} mails in {days} days were not taken"),
    SetbackKind.FULL: (FULL_TIMES, FULL_SPAN, "bounced: the mailbox has been full for {days} days"),
}

_STATUS = re.compile(r"(?<![0-9.])([245])\.([0-9]{1,3})\.([0-9]{1,3})(?![0-9.])")
_ADDRESS = re.compile(r"[^\s<>\"'(),;:@]+@(?=[^\s<>\"'(),;:@])")
_FULL_WORDS = re.compile(
    r"(mailbox|quota|storage|inbox)[^.]{0,40}\b(full|exceed|over)|over ?quota|quota exceeded", re.I
)
_NOBODY = {"1": frozenset({"1", "2", "3", "6", "9", "10"}), "2": frozenset({"1"})}
"""Subjects and details of RFC 3463 by which a mailbox or its host is not there. 1.7 and 1.8 blame the sender."""


def kind_of(status: str, text: str = "") -> SetbackKind:
    """What a permanent or given-up failure says of a mailbox: HARD, FULL or SOFT.

    `status` is the enhanced code (RFC 3463), looked for in `text` when it is empty. Without one it is SOFT: a bare 550
    is said to spammers as often as to readers who are gone.
    """
    found = _STATUS.search(status) or _STATUS.search(text)
    severity, subject, detail = found.groups() if found else ("", "", "")
    if (subject, detail) == ("2", "2") or (subject != "1" and _FULL_WORDS.search(text)):
        return SetbackKind.FULL
    gone = severity == "5" and detail in _NOBODY.get(subject, frozenset())
    return SetbackKind.HARD if gone else SetbackKind.SOFT


def ruling(setback: Setback, earlier: Sequence[Setback]) -> Ruling:
    """`earlier` are the setbacks of the same address that still count, in any order, this one or its like among them
    or not."""
    if setback.kind in AT_ONCE:
        return Ruling(suppress=AT_ONCE[setback.kind])
    if setback.kind is SetbackKind.LEFT:
        return Ruling(leave=True)
    times, span, reason = COUNTED[setback.kind]
    same = {one.about: one.at for one in (*earlier, setback) if one.kind is setback.kind}
    newest = max(same.values())
    counted = [at for at in same.values() if newest - at <= MEMORY]
    lasted = newest - min(counted)
    if len(counted) < times or lasted < span:
        return Ruling()
    return Ruling(suppress=reason.format(times=len(counted), days=lasted.days))


def told(text: str) -> str:
    """An answer as it may be kept: one line, bounded, with nobody's mailbox named in it."""
    line = " ".join("".join(character if character.isprintable() else " " for character in text).split())
    return _ADDRESS.sub("…@", line)[:DETAIL_MAX]


def said_by(event: DeliveryEvent) -> SetbackKind | None:
    """What an event says against its address. A full mailbox is one whatever else the provider calls it."""
    if event.kind is not EventKind.BOUNCED:
        return event.setback
    found = kind_of(event.status, event.text)
    return found if found is SetbackKind.FULL else (event.setback or found)
