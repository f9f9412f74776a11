"""A Submission set once, and each reader's mail made of it. In: a Submission. Out: the bytes of the mail at a position.

The same bytes-to-be as `mime.to_bytes` for a reader, far cheaper: the bodies are encoded once, around the places where a
reader's own values go, and a soft line break stands on either side of each (RFC 2045, section 6.7, rule 5). The first
mail is proved whole, as `mime` proves each; of the others only the values differ, and those are encoded by themselves.
"""

import re
from collections.abc import Callable, Mapping

from syndication.model.delivery import Message, Recipient, Submission
from syndication.senders import mime, proof

Body = Callable[[Mapping[str, str]], bytes]


class Typeset:
    """Raises SendError when even the first mail cannot be made or proved: then none can."""

    def __init__(self, submission: Submission) -> None:
        self._submission = submission
        tags = sorted({tag for one in submission.recipients for tag in one.values}, key=len, reverse=True)
        self._tag = re.compile("|".join(map(re.escape, tags))) if tags else None
        content = submission.content
        self._boundary = "=_" + mime.digest(content.subject, content.text, content.html, submission.attempt_id)
        self._parts = (self._set("plain", content.text), self._set("html", content.html))
        self._prove(0)

    def mail(self, position: int) -> bytes:
        """Raises SendError for a reader whose own headers cannot be written."""
        recipient = self._submission.recipients[position]
        head, _ = self._head(recipient)
        opening = f"--{self._boundary}\r\n".encode("ascii")
        bodies = [opening + part(recipient.values) for part in self._parts]
        return b"".join((head, b"\r\n", *bodies, f"--{self._boundary}--\r\n".encode("ascii")))

    def _prove(self, position: int) -> None:
        message = self._submission.message(position)
        _, meant = self._head(self._submission.recipients[position])
        bodies = (mime.body_text(message.text), mime.body_text(message.html))
        proof.require(self.mail(position), [*meant, ("Content-Type", "multipart/alternative")], bodies)

    def _head(self, recipient: Recipient) -> tuple[bytes, proof.Fields]:
        message = self._message(recipient)
        meant = mime.fields(message, recipient.delivery_id, "")
        content_type = f'Content-Type: multipart/alternative;\r\n boundary="{self._boundary}"\r\n'
        return b"".join(mime.line(name, value, message) for name, value in meant) + content_type.encode(), meant

    def _message(self, recipient: Recipient) -> Message:
        submission = self._submission
        subject = self._fill(submission.content.subject, recipient.values)
        headers = (*submission.headers, *recipient.headers)
        return Message(submission.sender, recipient.address, subject, "", "", headers, submission.date)

    def _fill(self, text: str, values: Mapping[str, str]) -> str:
        return self._tag.sub(lambda found: values.get(found[0], found[0]), text) if self._tag else text

    def _set(self, kind: str, text: str) -> Body:
        text = mime.body_text(text)
        quoted = mime.as_quoted(_wire(text))
        name = "quoted-printable" if quoted else "base64"
        head = f"Content-Type: text/{kind}; charset=utf-8\r\nContent-Transfer-Encoding: {name}\r\n\r\n".encode("ascii")
        if not quoted:
            return lambda values: head + mime.base64_lines(_wire(mime.body_text(self._fill(text, values)))) + b"\r\n"
        return self._set_quoted(head, text)

    def _set_quoted(self, head: bytes, text: str) -> Body:
        texts = self._tag.split(text) if self._tag else [text]
        tags = self._tag.findall(text) if self._tag else []
        pieces = [*(_open(piece) for piece in texts[:-1]), mime.quoted_printable(_wire(texts[-1]))]
        pieces[0] = head + pieces[0]

        def body(values: Mapping[str, str]) -> bytes:
            set_ = {tag: _open(mime.body_text(value)) for tag, value in values.items()}
            found = [pieces[0]]
            for tag, piece in zip(tags, pieces[1:], strict=True):
                found += (set_[tag] if tag in set_ else _open(tag), piece)
            return b"".join((*found, b"\r\n"))

        return body


def _wire(text: str) -> bytes:
    return text.replace("\n", "\r\n").encode("utf-8")


def _open(text: str) -> bytes:
    """Encoded, with its end left open: what follows begins a line of its own and is read as if it did not."""
    return mime.quoted_printable(_wire(text) + b"x")[:-1] + b"=\r\n" if text else b""
