"""A Submission set once, and each reader's mail made of it. In: a Submission. Out: the bytes of a mail by position.

They say what `mime.to_bytes` would say to a reader, and cost far less: bodies are encoded once, around the places where
a reader's own values go, and a soft line break stands on either side of each (RFC 2045, section 6.7, rule 5). The first
mail is proved whole, as `mime` proves each; of the others only the values differ, and those are encoded by themselves.
"""

import re
from collections.abc import Callable, Mapping

from syndication.model.delivery import Message, Recipient, Submission
from syndication.senders import headers, mime, proof

Body = Callable[[Mapping[str, str]], bytes]


class Typeset:
    """Raises SendError when even the first mail cannot be made or proved: then none can."""

    def __init__(self, submission: Submission) -> None:
        self._submission = submission
        tags = sorted({tag for one in submission.recipients for tag in one.values}, key=len, reverse=True)
        self._tag = re.compile("|".join(map(re.escape, tags))) if tags else None
        content = submission.content
        boundary = "=_" + mime.digest(content.subject, content.text, content.html, submission.attempt_id)
        self._opening = f"--{boundary}\r\n".encode("ascii")
        self._end = f"--{boundary}--\r\n".encode("ascii")
        self._content_type = f'Content-Type: multipart/alternative;\r\n boundary="{boundary}"\r\n\r\n'.encode()
        self._each_by_itself = bool(self._tag and self._tag.search(content.subject))
        self._cut_head(submission.recipients[0])
        self._parts = (self._set("plain", content.text), self._set("html", content.html))
        self._prove(0)

    def mail(self, position: int) -> bytes:
        """Raises SendError for a reader whose own headers cannot be written."""
        recipient = self._submission.recipients[position]
        plain, markup = self._parts
        return b"".join(
            (
                self._head(recipient),
                self._opening,
                plain(recipient.values),
                self._opening,
                markup(recipient.values),
                self._end,
            )
        )

    def _prove(self, position: int) -> None:
        message = self._submission.message(position)
        meant = self._meant(self._submission.recipients[position])
        bodies = (mime.body_text(message.text), mime.body_text(message.html))
        proof.require(self.mail(position), [*meant, ("Content-Type", "multipart/alternative")], bodies)

    def _cut_head(self, first: Recipient) -> None:
        """Cut the first reader's head at the lines that are a reader's own."""
        message, meant = self._message(first), self._meant(first)
        self._own_names = tuple(name for name, _ in first.headers)
        lines = [mime.line(name, value, message) for name, value in meant]
        to = [name for name, _ in meant].index("To")
        last = len(lines) - 1  # MIME-Version; a reader's own lines stand before it
        own = last - len(self._own_names)
        self._first = b"".join(lines[:to])
        self._common = (b"".join(lines[to + 1 : own]), b"".join(lines[last:]) + self._content_type)
        if not any(name.lower() == "message-id" for name in (*self._own_names, *dict(self._submission.headers))):
            self._each_by_itself = True  # then each mail has an id made of the whole of it

    def _head(self, recipient: Recipient) -> bytes:
        """What all have in common is written once; a reader's own lines stand between."""
        if tuple(name for name, _ in recipient.headers) != self._own_names or self._each_by_itself:
            return self._whole_head(recipient)
        to, *own = (("To", recipient.address.text), *recipient.headers)
        before, after = self._common
        lines = [headers.verbatim(name, headers.one_line(value)) for name, value in own]
        return b"".join((self._first, headers.verbatim(*to), before, *lines, after))

    def _whole_head(self, recipient: Recipient) -> bytes:
        message = self._message(recipient)
        return b"".join(mime.line(name, value, message) for name, value in self._meant(recipient)) + self._content_type

    def _meant(self, recipient: Recipient) -> proof.Fields:
        return mime.fields(self._message(recipient), recipient.delivery_id, "")

    def _message(self, recipient: Recipient) -> Message:
        submission = self._submission
        subject = self._fill(submission.content.subject, recipient.values)
        fields = (*submission.headers, *recipient.headers)
        return Message(submission.sender, recipient.address, subject, "", "", fields, submission.date)

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

        used = sorted(set(tags))

        def body(values: Mapping[str, str]) -> bytes:
            set_ = {tag: _open(mime.body_text(values.get(tag, tag))) for tag in used}
            found = [pieces[0]]
            for tag, piece in zip(tags, pieces[1:], strict=True):
                found += (set_[tag], piece)
            return b"".join((*found, b"\r\n"))

        return body


def _wire(text: str) -> bytes:
    return text.replace("\n", "\r\n").encode("utf-8")


def _open(text: str) -> bytes:
    """Encoded, with its end left open: what follows begins a line of its own and is read as if it did not."""
    return mime.quoted_printable(_wire(text) + b"x")[:-1] + b"=\r\n" if text else b""
