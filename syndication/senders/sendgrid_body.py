"""A Submission -> the body of one Mail Send call, as a plain dict, or the readers who cannot be in it. Pure.

The service replaces tags blindly and knows tags of its own, so a partner's text that spells one of those is broken up
here. What the service stores for ever (custom arguments, categories) carries opaque ids only. Bounds are narrower than
the service's own where its pages disagree. It knows neither the key nor the host.
"""

import re
from collections import Counter
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from syndication.model.delivery import Recipient, Submission
from syndication.senders.headers import OCTETS_MAX, one_line
from syndication.senders.mime import body_text

RECIPIENTS_MAX = 1000
TAGS_MAX = 20
SUBSTITUTIONS_BYTES_MAX = 8000
CUSTOM_ARGS_BYTES_MAX = 500
RESERVED = frozenset(
    {"x-sg-id", "x-sg-eid", "received", "dkim-signature", "content-type", "content-transfer-encoding"}
    | {"to", "from", "subject", "reply-to", "cc", "bcc"}
)

Body = dict[str, Any]

_VENDOR_TAG = re.compile(r"\[(?=(?:unsubscribe|weblink|unsubscribe_preferences|sender_[a-z0-9_]+)\])", re.IGNORECASE)
_VENDOR_OPEN = re.compile(r"<(?=%)")
_HEADER_NAME = re.compile(r"[!-9;-~]+")
_SURROGATE = re.compile("[\ud800-\udfff]")
# All of it is said, because what is left out takes the account's own setting.
_NOTHING_TRACKED = {
    "click_tracking": {"enable": False, "enable_text": False},
    "open_tracking": {"enable": False},
    "subscription_tracking": {"enable": False},
    "ganalytics": {"enable": False},
}


def build(submission: Submission, *, sandbox: bool, ip_pool: str) -> Body:
    """The whole body. Ask `faults` first: this trusts every reader in it."""
    sender, content = submission.sender, submission.content
    parts = (
        {"type": "text/plain", "value": broken_up(body_text(content.text))},
        {"type": "text/html", "value": broken_up_html(body_text(content.html))},
    )
    body: Body = {
        "from": {"email": sender.address.text, "name": one_line(sender.name)},
        "subject": broken_up(one_line(content.subject)),
        "content": [part for part in parts if part["value"]],
        "personalizations": [_personalization(recipient, submission.attempt_id) for recipient in submission.recipients],
        "headers": dict(submission.headers),
        "tracking_settings": _NOTHING_TRACKED,
        "mail_settings": {"sandbox_mode": {"enable": sandbox}},
    }
    if not body["from"]["name"]:
        del body["from"]["name"]
    if sender.reply_to:
        body["reply_to"] = {"email": sender.reply_to.text}
    if submission.category:
        body["categories"] = [submission.category]
    if ip_pool:
        body["ip_pool_name"] = ip_pool
    if submission.fence is not None:
        body["batch_id"] = submission.fence.name
        body["send_at"] = int(submission.fence.at.timestamp())
    return body


def faults(submission: Submission) -> tuple[tuple[int, str], ...]:
    """(position, reason) of each reader whom the service would refuse, or whose refusal would take the others along."""
    if _all_well(submission):
        return ()
    seen: Counter[str] = Counter()
    found = []
    for position, recipient in enumerate(submission.recipients):
        norm = recipient.address.text.lower()
        seen[norm] += 1
        reason = "the address is in this submission twice" if seen[norm] > 1 else _fault(recipient, submission)
        if reason:
            found.append((position, reason))
    return tuple(found)


def _all_well(submission: Submission) -> bool:
    """Whether nobody can have a fault, by one look at all of them together; if not, each is judged alone.

    A thousand readers are looked at in the time that a dozen of them take by themselves.
    """
    everybody = submission.recipients
    tags = everybody[0].values.keys() if everybody else ()
    values = [value for reader in everybody for value in reader.values.values()]
    lines = [value for reader in everybody for _, value in reader.headers]
    kinds = {tuple(name for name, _ in reader.headers) for reader in everybody}
    text = "\n".join(values)
    longest = max(map(len, values), default=0)
    return (
        len({reader.address.text.lower() for reader in everybody}) == len(everybody)
        and all(reader.values.keys() == tags for reader in everybody)
        and len(tags) <= TAGS_MAX
        and text.isascii()
        and len("".join(tags).encode()) + len(tags) * longest <= SUBSTITUTIONS_BYTES_MAX
        and broken_up(text) == text
        and not any(tag in text for tag in tags)
        and _ids_fit(submission)
        and all(lines)
        and "".join(lines).isascii()
        and "".join(lines).isprintable()
        and len(kinds) <= 1
        and not any(_own_names_fault(names, submission, max(map(len, lines), default=0)) for names in kinds)
    )


def _ids_fit(submission: Submission) -> bool:
    longest = max((reader.delivery_id for reader in submission.recipients), key=len, default="")
    return 4 * (len(longest) + len(submission.attempt_id)) + len("nl_subnl_dlv") <= CUSTOM_ARGS_BYTES_MAX


def _own_names_fault(names: tuple[str, ...], submission: Submission, longest: int) -> str:
    """Of headers that all readers have alike, with values that are well but for their length."""
    common = _names(submission.headers)
    fault = header_fault(tuple((name, "x" * max(longest, 1)) for name in names))
    return fault or next((name for name in names if name.lower() in common), "")


def header_fault(headers: tuple[tuple[str, str], ...]) -> str:
    """Why these headers cannot be handed to the service, empty when they can."""
    seen: set[str] = set()
    for name, value in headers:
        lowered = name.lower()
        if not _HEADER_NAME.fullmatch(name) or lowered in RESERVED:
            return f"the header {name!r} is not ours to set"
        if lowered in seen:
            return f"the header {name!r} stands there twice"
        seen.add(lowered)
        if not value or not value.isascii() or not value.isprintable() or len(value) > OCTETS_MAX - len(name) - 2:
            return f"the value of the header {name!r} is not a line of printable ASCII"
    return ""


def broken_up(text: str) -> str:
    """Plain text in which no tag of the service's own is left. A space is the least that a reader can see."""
    return _VENDOR_OPEN.sub("< ", _VENDOR_TAG.sub("[ ", text))


def broken_up_html(markup: str) -> str:
    """The same for HTML, where a reader sees no difference."""
    return _VENDOR_OPEN.sub("&lt;", _VENDOR_TAG.sub("&#91;", markup))


def _personalization(recipient: Recipient, attempt_id: str) -> Body:
    """One reader. No name: the service's pages disagree about what one may hold."""
    return {
        "to": [{"email": recipient.address.text}],
        "headers": dict(recipient.headers),
        "substitutions": dict(recipient.values),
        "custom_args": _custom_args(recipient, attempt_id),
    }


def _custom_args(recipient: Recipient, attempt_id: str) -> Mapping[str, str]:
    return {"nl_sub": attempt_id, "nl_dlv": recipient.delivery_id}


def _fault(recipient: Recipient, submission: Submission) -> str:
    values = recipient.values
    if len(values) > TAGS_MAX:
        return f"{len(values)} tags, {TAGS_MAX} are allowed"
    text = "".join(values.values())
    size = len("".join((*values, text)).encode("utf-8", "surrogatepass"))
    if size > SUBSTITUTIONS_BYTES_MAX:
        return f"{size} bytes of a reader's own values, {SUBSTITUTIONS_BYTES_MAX} are allowed"
    if not text.isascii() and _SURROGATE.search(text):
        return "a reader's own value is no Unicode text"
    apart = "\n".join(values.values())  # of a million readers none has a fault: all their values are judged at once
    if broken_up(apart) != apart:
        return "a reader's own value spells a tag of the service"
    if any(tag in apart for tag in values):
        return "a reader's own value spells one of our tags"
    arguments = _custom_args(recipient, submission.attempt_id)
    if sum(len(key) + len(value.encode()) for key, value in arguments.items()) > CUSTOM_ARGS_BYTES_MAX:
        return "ids too long for the service"
    return _own_header_fault(recipient, submission)


def _own_header_fault(recipient: Recipient, submission: Submission) -> str:
    """Of the reader's headers beside the common ones, which `header_fault` has been asked about already."""
    fault = header_fault(recipient.headers)
    if fault:
        return fault
    common = _names(submission.headers)
    twice = next((name for name, _ in recipient.headers if name.lower() in common), None)
    return f"the header {twice!r} stands there twice" if twice else ""


@lru_cache(maxsize=16)
def _names(headers: tuple[tuple[str, str], ...]) -> frozenset[str]:
    return frozenset(name.lower() for name, _ in headers)
