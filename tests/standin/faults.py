"""Faults to order. In: rules from the control API, a request. Out: the fault that strikes it, if one does.

A rule is a mapping with a `kind` and any of: `at` (request numbers), `first` and `last` (a span of them), `recipient`
(a pattern found in an address of the request), `probability` with `seed`, `times` (how often it may strike). All that
is said must hold. Further keys belong to the kind.

    close              the connection is closed as soon as it says anything
    reset-mid-body     reset when half of the body was read
    hang               no answer for `seconds`
    drop, reset        closed, or reset, before the status line
    garbage            something that is no status line
    truncate           the answer is cut in its body
    trickle            the answer comes a byte each `gap` seconds
    redirect           302
    status             `status` with a `body` of kind "json", "html" or "none"; 429 may carry `reset_seconds`
    refuse             400 that names `position`, or each position that `recipient` matches

A rule with a `path` strikes calls whose path has that in it, and no mails: kinds `status` and `drop`.

`accepted` says whether the call was accepted before the fault struck; by default true for drop, reset, garbage,
truncate and trickle, false for the others.
"""

import random
import re
import threading
from typing import Any

KINDS = {
    "close": False,
    "reset-mid-body": False,
    "hang": False,
    "drop": True,
    "reset": True,
    "garbage": True,
    "truncate": True,
    "trickle": True,
    "redirect": False,
    "status": False,
    "refuse": False,
}
"""Each kind, and whether the call counts as accepted unless the rule says otherwise."""
BEFORE_BODY = {"close", "reset-mid-body"}


class Faults:
    def __init__(self) -> None:
        self._rules: list[dict[str, Any]] = []
        self._chances: list[random.Random] = []
        self._lock = threading.Lock()

    def add(self, rule: dict[str, Any]) -> None:
        """Raises ValueError for a kind that there is not."""
        if rule.get("kind") not in KINDS:
            raise ValueError(f"no fault of kind {rule.get('kind')!r}; there are {', '.join(KINDS)}")
        with self._lock:
            self._rules.append({"accepted": KINDS[rule["kind"]], **rule})
            self._chances.append(random.Random(rule.get("seed", 0)))

    def clear(self) -> None:
        with self._lock:
            self._rules.clear()
            self._chances.clear()

    def strike_path(self, path: str) -> dict[str, Any] | None:
        """Of a call that is about no mail."""
        with self._lock:
            for rule, chance in zip(self._rules, self._chances, strict=True):
                if rule.get("path", "\0") in path and _holds(rule, chance, 0, []):
                    if "times" in rule:
                        rule["times"] -= 1
                    return dict(rule)
        return None

    def strike(self, number: int, addresses: list[str] | None) -> dict[str, Any] | None:
        """The first rule that holds. `addresses` None: the body was not read yet."""
        with self._lock:
            for rule, chance in zip(self._rules, self._chances, strict=True):
                if "path" in rule:
                    continue
                if (rule["kind"] in BEFORE_BODY) == (addresses is None) and _holds(rule, chance, number, addresses):
                    if "times" in rule:
                        rule["times"] -= 1
                    return dict(rule)
        return None


def _holds(rule: dict[str, Any], chance: random.Random, number: int, addresses: list[str] | None) -> bool:
    if rule.get("times", 1) < 1 or ("at" in rule and number not in rule["at"]):
        return False
    if not rule.get("first", number) <= number <= rule.get("last", number):
        return False
    if "recipient" in rule and not positions(rule, addresses or []):
        return False
    return "probability" not in rule or chance.random() < rule["probability"]


def positions(rule: dict[str, Any], addresses: list[str]) -> list[int]:
    """The positions that a rule of kind `refuse` names."""
    if "position" in rule:
        return [rule["position"]]
    pattern = re.compile(rule.get("recipient", r"(?!)"))
    return [n for n, address in enumerate(addresses) if pattern.search(address)]
