"""What a reader would get: one RFC 5322 file for each recipient, tags replaced literally, headers merged."""

import email.policy
import re
from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path

# The standard library would fold a long List-Unsubscribe into encoded words; so it is given no reason to fold.
WIDE = email.policy.SMTP.clone(max_line_length=998)


def write_mails(directory: Path, message_id: str, body: dict) -> None:
    directory.mkdir(parents=True, exist_ok=True)
    for n in range(len(body["personalizations"])):
        (directory / f"{message_id}-{n:04d}.eml").write_bytes(mail(body, n).as_bytes())


def mail(body: dict, n: int) -> EmailMessage:
    """The mail of personalization `n`."""
    one = body["personalizations"][n]
    values = one.get("substitutions", {})
    made = EmailMessage(policy=WIDE)
    made["Date"] = format_datetime(datetime.now(UTC))
    made["From"] = _mailbox(one.get("from", body["from"]))
    made["To"] = [_mailbox(box) for box in one["to"]]
    made["Subject"] = _filled(one.get("subject", body.get("subject", "")), values)
    if "reply_to" in body:
        made["Reply-To"] = _mailbox({k: _filled(v, values) for k, v in body["reply_to"].items()})
    for name, value in {**body.get("headers", {}), **one.get("headers", {})}.items():
        made[name] = value
    first, *others = body["content"]
    made.set_content(_filled(first["value"], values), subtype=first["type"].partition("/")[2])
    for part in others:
        made.add_alternative(_filled(part["value"], values), subtype=part["type"].partition("/")[2])
    return made


def _filled(text: str, values: dict) -> str:
    """All tags in one pass: the service promises no order, so a value must not hold a tag."""
    if not values:
        return text
    pattern = "|".join(re.escape(tag) for tag in sorted(values, key=len, reverse=True))
    return re.sub(pattern, lambda found: values[found.group()], text)


def _mailbox(box: dict) -> Address:
    return Address(display_name=box.get("name", ""), addr_spec=box["email"])
