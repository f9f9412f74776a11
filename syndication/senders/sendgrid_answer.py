"""What SendGrid's answer, or its silence, means. In: Answer or Failure. Out: Outcome. Pure: one rule a case.

There is no key that would make a repeated call harmless, so everything hangs on one question: can it have been
accepted? A definite no may be tried again; a definite yes is the end of it; anything else is uncertain, and nobody
guesses. The status line decides, even when what should follow it was cut.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from syndication.model.delivery import Outcome, Verdict
from syndication.model.exchange import Answer, Failure, Phase

WAIT_SECONDS_MAX = 900.0
"""A rate limit's end further away than this is not believed."""
DETAIL_MAX = 300

_POSITION = re.compile(r"personalizations(?:\.|\[)(\d+)")
_NOTHING_LEFT = {Phase.CONNECT, Phase.SENDING}


def judge(found: Answer | Failure, *, recipients: int, now: float) -> Outcome:
    """`recipients` is how many were in the call, `now` the time in epoch seconds."""
    if isinstance(found, Answer):
        headers = {name.lower(): value for name, value in reversed(found.headers)}
        return _by_status(found.status, headers, found.body, recipients, now)
    if found.status is not None:
        headers = {name.lower(): value for name, value in reversed(found.headers)}
        return _by_status(found.status, headers, b"", recipients, now)
    return _by_phase(found)


def fence(found: Answer | Failure, *, now: float) -> str | Outcome:
    """The name in an answer to `POST /v3/mail/batch`. That call had no mail in it, so any other answer is a no."""
    if isinstance(found, Answer) and found.status == 201:
        name = _field(found.body, "batch_id")
        return name or Outcome(Verdict.DEFERRED, "201 without a batch_id", phase=Phase.STATUS.value, status=201)
    judged = judge(found, recipients=1, now=now)
    if judged.verdict in (Verdict.STOPPED, Verdict.DEFERRED):
        return judged
    # 400 and 413 are about this account or its plan, not about a reader.
    verdict = Verdict.STOPPED if judged.verdict is Verdict.REFUSED else Verdict.DEFERRED
    return replace(judged, verdict=verdict, detail=f"no fence: {judged.detail}"[:DETAIL_MAX], refused=())


def _field(body: bytes, name: str) -> str:
    try:
        found = json.loads(body)
    except ValueError:
        return ""
    value = found.get(name) if isinstance(found, dict) else None
    return value if isinstance(value, str) and value.isascii() and value.isprintable() and len(value) < 200 else ""


def _by_phase(failure: Failure) -> Outcome:
    detail = f"{failure.kind.value}: {failure.detail}"[:DETAIL_MAX]
    if failure.phase is Phase.JUDGED:
        return Outcome(Verdict.STOPPED, detail, phase=failure.phase.value)
    verdict = Verdict.DEFERRED if failure.phase in _NOTHING_LEFT else Verdict.UNCERTAIN
    return Outcome(verdict, detail, phase=failure.phase.value)


def _by_status(status: int, headers: Mapping[str, str], body: bytes, recipients: int, now: float) -> Outcome:
    errors = _errors(body)
    detail = _detail(status, errors or [])
    phase = Phase.STATUS.value
    if status == 202:
        reference = headers.get("x-message-id", "")
        return Outcome(Verdict.ACCEPTED, detail, provider_ref=reference, phase=phase, status=status)
    if status == 200:
        return Outcome(Verdict.VALIDATED, f"{detail}: valid, nothing queued", phase=phase, status=status)
    if status == 400:
        refused = tuple(_named(errors or [], recipients))
        if not refused and recipients == 1:
            refused = ((0, detail),)
        return Outcome(Verdict.REFUSED, detail, refused=refused, phase=phase, status=status)
    if status == 413:
        if recipients == 1:
            return Outcome(Verdict.REFUSED, detail, refused=((0, detail),), phase=phase, status=status)
        return Outcome(Verdict.TOO_LARGE, detail, phase=phase, status=status)
    if status == 429:
        wait = _wait(headers.get("x-ratelimit-reset", ""), now)
        return Outcome(Verdict.DEFERRED, detail, retry_after_seconds=wait, phase=phase, status=status)
    if status == 503 and errors is not None:
        return Outcome(Verdict.DEFERRED, detail, phase=phase, status=status)
    # Any other refusal is about us, not about a reader: key, permission, address, content type, a redirect.
    verdict = Verdict.STOPPED if 300 <= status < 500 else Verdict.UNCERTAIN
    return Outcome(verdict, detail, phase=phase, status=status)


def _errors(body: bytes) -> list[Any] | None:
    """The list of errors in the service's own shape, None when the body is anything else."""
    try:
        found = json.loads(body)
    except ValueError:
        return None
    errors = found.get("errors") if isinstance(found, dict) else None
    return errors if isinstance(errors, list) else None


def _named(errors: list[Any], recipients: int) -> Iterator[tuple[int, str]]:
    """(position, reason) of each reader whom an error names, once, in order."""
    reasons: dict[int, str] = {}
    for error in errors:
        field = str(error.get("field") or "") if isinstance(error, dict) else ""
        position = _POSITION.match(field)
        if position and int(position[1]) < recipients:
            reasons.setdefault(int(position[1]), _message(error))
    yield from sorted(reasons.items())


def _detail(status: int, errors: list[Any]) -> str:
    messages = "; ".join(filter(None, map(_message, errors[:3])))
    return f"{status} {messages}".strip()[:DETAIL_MAX]


def _message(error: Any) -> str:
    text = str(error.get("message") or "") if isinstance(error, dict) else ""
    return "".join(character for character in text if character.isprintable())[:DETAIL_MAX]


def _wait(reset: str, now: float) -> float | None:
    """Seconds until a rate limit ends, None when the header is absent or not to be believed."""
    if not reset.isascii() or not reset.isdigit() or len(reset) > 12:
        return None
    seconds = int(reset) - now
    return seconds if 0 < seconds <= WAIT_SECONDS_MAX else None
