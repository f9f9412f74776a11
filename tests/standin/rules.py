"""What the service refuses. In: a body, the time. Out: its errors, in the service's own shape; none means accepted.

First the schema, format checks on; then, when that is content, the rules that a schema cannot say. All that is wrong
is answered together, each with the dotted path of its field.
"""

import base64
import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import jsonschema

Error = dict[str, str | None]

RECIPIENTS_MAX = 1000
SUBSTITUTION_TAGS_MAX = 150
BYTES_MAX = 10_000
AHEAD_SECONDS_MAX = 72 * 3600
RESERVED = {
    "x-sg-id",
    "x-sg-eid",
    "received",
    "dkim-signature",
    "content-type",
    "content-transfer-encoding",
    "to",
    "from",
    "subject",
    "reply-to",
    "cc",
    "bcc",
}
BYPASSES = ("bypass_spam_management", "bypass_bounce_management", "bypass_unsubscribe_management")
MAILBOX = re.compile(
    r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
    r"@([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z][A-Za-z0-9-]*[A-Za-z0-9]"
)

formats = jsonschema.FormatChecker()


@formats.checks("email")
def _is_mailbox(value: object) -> bool:
    return not isinstance(value, str) or (len(value) <= 320 and MAILBOX.fullmatch(value) is not None)


SCHEMA = json.loads((Path(__file__).parent / "schema.json").read_text())
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA, format_checker=formats)


def error(field: str | None, message: str) -> Error:
    return {"message": message, "field": field, "help": None}


def errors_in(body: object, now: float) -> list[Error]:
    found = [_of_schema(fault) for fault in VALIDATOR.iter_errors(body)]
    if found or not isinstance(body, dict):
        return found
    checks = (_addressed, _worded, _extras, _headers, _mailboxes, _timed, _attached, _settled)
    return [fault for check in checks for fault in check(body, now)]


def _of_schema(fault: jsonschema.ValidationError) -> Error:
    path = [str(step) for step in fault.absolute_path]
    if fault.validator == "required":
        path.append(fault.message.split("'")[1])
    return error(".".join(path) or None, fault.message[:200])


def _each(body: dict) -> Iterator[tuple[str, dict]]:
    for n, one in enumerate(body["personalizations"]):
        yield f"personalizations.{n}", one


def _addressed(body: dict, now: float) -> Iterator[Error]:
    if not body["personalizations"]:
        yield error("personalizations", "The personalizations field is required and must have at least one.")
    total = 0
    for path, one in _each(body):
        if not one["to"]:
            yield error(f"{path}.to", "The to array is required and must have at least one address.")
        addresses = [box["email"].lower() for kind in ("to", "cc", "bcc") for box in one.get(kind, [])]
        total += len(addresses)
        if len(set(addresses)) != len(addresses):
            yield error(f"{path}.to", "Each email address in the personalization should be unique.")
    if total > RECIPIENTS_MAX:
        yield error("personalizations", f"There are {total} recipients, at most {RECIPIENTS_MAX} are allowed.")


def _worded(body: dict, now: float) -> Iterator[Error]:
    dynamic = str(body.get("template_id", "")).startswith("d-")
    if "subject" not in body and not body.get("template_id"):
        for path, one in _each(body):
            if "subject" not in one:
                yield error(f"{path}.subject", "The subject is required.")
    if re.search(r"[\x00-\x1f\x7f]", body.get("subject", "")):
        yield error("subject", "The subject may not contain control characters.")
    kinds = [part["type"] for part in body.get("content", [])]
    if not kinds and not body.get("template_id"):
        yield error("content", "The content is required.")
    order = [{"text/plain": 0, "text/html": 1}.get(kind, 2) for kind in kinds]
    if order != sorted(order):
        yield error("content", "If present, text/plain and text/html may only be provided once, and in that order.")
    for n, kind in enumerate(kinds):
        if _breaks(kind):
            yield error(f"content.{n}.type", "The content type may not contain CRLF characters.")
    for path, one in _each(body):
        if dynamic and "substitutions" in one:
            yield error(f"{path}.substitutions", "Substitutions may not be used with dynamic templating.")


def _extras(body: dict, now: float) -> Iterator[Error]:
    common = body.get("custom_args") if isinstance(body.get("custom_args"), dict) else {}
    yield from _strings("custom_args", common)
    for path, one in _each(body):
        arguments = one.get("custom_args", {})
        yield from _strings(f"{path}.custom_args", arguments)
        if _size({**common, **arguments}) > BYTES_MAX:
            yield error(f"{path}.custom_args", "The custom args are too large.")
        substitutions = one.get("substitutions", {})
        if len(substitutions) > SUBSTITUTION_TAGS_MAX:
            yield error(f"{path}.substitutions", f"At most {SUBSTITUTION_TAGS_MAX} substitutions are allowed.")
        if _size(substitutions) > BYTES_MAX:
            yield error(f"{path}.substitutions", "The substitutions are too large.")
    for n, category in enumerate(body.get("categories", [])):
        if not category.isascii():
            yield error(f"categories.{n}", "Categories may only contain ASCII characters.")


def _headers(body: dict, now: float) -> Iterator[Error]:
    places = [("headers", body.get("headers", {}))]
    places += [(f"{path}.headers", one.get("headers", {})) for path, one in _each(body)]
    for path, headers in places:
        yield from _strings(path, headers)
        names = [name.lower() for name in headers]
        for name, value in headers.items():
            if name.lower() in RESERVED:
                yield error(f"{path}.{name}", "This header is reserved.")
            if names.count(name.lower()) > 1:
                yield error(f"{path}.{name}", "Headers must be unique.")
            if not re.fullmatch(r"[!-9;-~]+", name):
                yield error(f"{path}.{name}", "Header names must be ASCII without spaces.")
            if isinstance(value, str) and _breaks(value):
                yield error(f"{path}.{name}", "Header values may not contain CRLF characters.")


def _mailboxes(body: dict, now: float) -> Iterator[Error]:
    if "reply_to" in body and "reply_to_list" in body:
        yield error("reply_to_list", "Use reply_to or reply_to_list, not both.")
    domain = body["from"]["email"].rpartition("@")[2].lower()
    for path, one in _each(body):
        if "from" in one and one["from"]["email"].rpartition("@")[2].lower() != domain:
            yield error(f"{path}.from.email", "The from domain must match the domain of the message's from.")


def _timed(body: dict, now: float) -> Iterator[Error]:
    places = [("send_at", body), *((f"{path}.send_at", one) for path, one in _each(body))]
    for path, holder in places:
        if holder.get("send_at", 0) > now + AHEAD_SECONDS_MAX:
            yield error(path, "Scheduling more than 72 hours in advance is forbidden.")


def _attached(body: dict, now: float) -> Iterator[Error]:
    for n, attachment in enumerate(body.get("attachments", [])):
        try:
            base64.b64decode(attachment["content"], validate=True)
        except ValueError:
            yield error(f"attachments.{n}.content", "The attachment content must be base64 encoded.")
        for key in ("type", "filename", "content_id"):
            if _breaks(attachment.get(key, "")):
                yield error(f"attachments.{n}.{key}", "This field may not contain CRLF characters.")


def _settled(body: dict, now: float) -> Iterator[Error]:
    settings = body.get("mail_settings", {})
    on = {name for name, setting in settings.items() if setting.get("enable")}
    if "bypass_list_management" in on and on & set(BYPASSES):
        yield error("mail_settings.bypass_list_management", "This bypass cannot be combined with another.")


def _strings(path: str, values: dict) -> Iterable[Error]:
    return [
        error(f"{path}.{key}", "The value must be a string.") for key, v in values.items() if not isinstance(v, str)
    ]


def _size(values: dict) -> int:
    return sum(len(str(key).encode()) + len(str(value).encode()) for key, value in values.items())


def _breaks(text: str) -> bool:
    return "\r" in text or "\n" in text
