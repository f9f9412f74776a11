"""In what words a reader was refused -> the class of the refusal, so that a person can say "these again". Pure.

The words are the provider's or our own, as the ledger keeps them. The first rule that fits decides.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Sequence

from syndication.deliveries.bounces import kind_of
from syndication.model.refusal import Refusal, RefusalClass
from syndication.model.setback import SetbackKind

_RULES = (
    (RefusalClass.PUT_OFF, re.compile(r"^put off for ", re.I)),
    (RefusalClass.POLICY, re.compile(r"(?<![0-9.])5\.7\.[0-9]|\b(spam|policy|blocked|reputation|blacklist)", re.I)),
    (RefusalClass.SIZE, re.compile(r"(?<![0-9.])5\.3\.4\b|\b413\b|too large|bytes, \d+ are allowed", re.I)),
    (RefusalClass.ADDRESS, re.compile(r"(?<![0-9.])5\.1\.[0-9]|\baddress", re.I)),
)
_KINDS = {SetbackKind.HARD: RefusalClass.MAILBOX, SetbackKind.FULL: RefusalClass.FULL}


def class_of(detail: str) -> RefusalClass:
    """Of one refusal, by the words that were kept of it."""
    if _RULES[0][1].search(detail):
        return RefusalClass.PUT_OFF  # whatever it was put off for
    found = _KINDS.get(kind_of("", detail))
    return found or next((name for name, rule in _RULES if rule.search(detail)), RefusalClass.OTHER)


def by_class(refusals: Iterable[Refusal]) -> dict[RefusalClass, int]:
    """How many of each class might be offered it again, in the order of the classes."""
    counts = Counter(class_of(one.detail) for one in refusals if not one.doubtful)
    return {name: counts[name] for name in RefusalClass if counts[name]}


def chosen(refusals: Sequence[Refusal], classes: Collection[RefusalClass]) -> list[Refusal]:
    """Those of these classes whom no earlier attempt can have reached."""
    return [one for one in refusals if not one.doubtful and class_of(one.detail) in classes]
