"""What SendGrid says of a call in doubt, when it is asked. In: a Doubt. Out: Evidence, or nothing. Guesses nothing.

A fenced call is cancelled, and the cancel is read back: what the service confirms is never sent. The Email Activity
of an account, which costs extra, may know a call by its attempt's id: what it finds was accepted, what it does not
find proves nothing. No other answer proves anything either, so it is none.
"""

import json
import time
from collections import deque
from collections.abc import Callable
from typing import Any

from syndication.model.delivery import Fence
from syndication.model.doubt import Doubt, Evidence
from syndication.model.exchange import Answer, Failure
from syndication.senders.sendgrid import SendGrid

ASKED_MAX, ASKED_SECONDS = 6, 60.0
"""So often the Email Activity answers in so many seconds."""


class SendGridWitness:
    """For one account. `activity`: its Email Activity may be asked."""

    def __init__(self, account: SendGrid, *, activity: bool, clock: Callable[[], float] = time.monotonic) -> None:
        self._account, self._activity, self._clock = account, activity, clock
        self._asked: deque[float] = deque(maxlen=ASKED_MAX)

    def ask(self, doubt: Doubt, *, cancel: bool) -> Evidence | None:
        """Raises nothing for what the service answers."""
        if self._activity and (seen := self._seen(doubt.attempt_id)):
            return seen
        return self._cancelled(doubt.fence) if cancel and doubt.fence is not None else None

    def release(self, fence: Fence) -> bool:
        found: Answer | Failure = self._sends()._(fence.name).delete().body
        return found.status in (204, 404)

    def _cancelled(self, fence: Fence) -> Evidence | None:
        # Its answer does not matter: it may have been cancelled by an earlier round whose end was lost.
        self._sends().post(request_body={"batch_id": fence.name, "status": "cancel"})
        found: Answer | Failure = self._sends()._(fence.name).get().body
        confirmed = {"batch_id": fence.name, "status": "cancel"}
        if _json(found, 200) and any(_has(one, confirmed) for one in _list(_json(found, 200))):
            return Evidence(accepted=False, words=f"the provider has cancelled it before {fence.at:%Y-%m-%d %H:%M} UTC")
        return None

    def _seen(self, attempt_id: str) -> Evidence | None:
        now = self._clock()
        if len(self._asked) == ASKED_MAX and now - self._asked[0] < ASKED_SECONDS:
            return None
        self._asked.append(now)
        query = {"limit": 1, "query": f"(unique_args['nl_sub']=\"{attempt_id}\")"}
        found = _json(self._account.client().messages.get(query_params=query).body, 200)
        messages = found.get("messages") if isinstance(found, dict) else None
        if not _list(messages):
            return None
        return Evidence(accepted=True, words="the provider lists a mail of this call")

    def _sends(self) -> Any:
        return self._account.client().user.scheduled_sends


def _json(found: Answer | Failure, status: int) -> Any:
    """None for any other answer, and for what is no JSON."""
    if not isinstance(found, Answer) or found.status != status:
        return None
    try:
        return json.loads(found.body)
    except ValueError:
        return None


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _has(one: object, fields: dict[str, str]) -> bool:
    return isinstance(one, dict) and all(one.get(name) == value for name, value in fields.items())
