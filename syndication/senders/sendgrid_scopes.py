"""What an API key of SendGrid's may do, asked before the start. In: the key, an answer. Out: the trouble with it."""

import json

from syndication.model.exchange import Answer, Failure, Request

SEND = "mail.send"
FENCES = ("mail.batch.create", "user.scheduled_sends.create", "user.scheduled_sends.read")
"""What a call needs beside that is to be cancelled when its answer is lost."""


def request(api_key: str, host: str) -> Request:
    """`GET /v3/scopes`, which every key may ask about itself."""
    return Request(
        url=f"{host}/v3/scopes",
        headers=(("Accept", "application/json"),),
        credentials=(("Authorization", f"Bearer {api_key}"),),
        redirects_max=0,
        wire_bytes_max=1024 * 1024,
        body_bytes_max=1024 * 1024,
        total_seconds=15.0,
    )


def trouble(answer: Answer | Failure, *, fenced: bool = False) -> str:
    """Why no mail could be sent with it; empty when it may. `fenced`: calls are to be cancelled where needed."""
    if isinstance(answer, Failure):
        return f"SendGrid does not answer: {answer.detail}"
    if answer.status in (401, 403):
        return f"SendGrid refuses the key: its status is {answer.status}"
    if answer.status != 200:
        return f"SendGrid does not say what the key may do: its status is {answer.status}"
    try:
        scopes = json.loads(answer.body)["scopes"]
    except (ValueError, KeyError, TypeError):
        return "SendGrid does not say what the key may do: its answer cannot be read"
    held = scopes if isinstance(scopes, list) else []
    if SEND not in held:
        return f"the key may not send: it lacks the scope {SEND!r}"
    missing = [scope for scope in FENCES if fenced and scope not in held]
    return f"the key may not cancel what it sent: it lacks the scopes {', '.join(missing)}" if missing else ""
