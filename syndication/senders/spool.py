"""Mail as files, the transport before any provider is set up. In: a Submission. Out: .eml files and an Outcome.

A mail's file is named by its delivery id, so the same delivery has the same name at every attempt. Each is written
under a passing name, synced, and put in its place by link(), which fails when the name is taken: whoever is killed at
any instant, and however many write at once, the mail is there exactly once and whole. It knows nothing of SMTP.
"""

import hashlib
import heapq
import os
import re
import secrets
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from email.parser import BytesHeaderParser
from email.utils import getaddresses, parsedate_to_datetime
from pathlib import Path

from syndication.errors import SendError
from syndication.model.delivery import Outcome, Spooled, Submission, Verdict
from syndication.senders import mime, proof

LEFTOVER_SECONDS = 3600
"""A passing file this old belongs to nobody: no submission lasts that long."""

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,99}")
_SUFFIX = ".eml"


class Spool:
    """An Outbox of files in one directory, which must be on a file system with hard links."""

    name = "spool"
    repeatable = True

    def __init__(
        self,
        directory: Path,
        *,
        batch_size: int = 100,
        total_seconds: float = 60.0,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """`clock` dates a mail that has no date of its own. Nothing is touched before the first submission."""
        self.directory = directory
        self.batch_size = batch_size
        self.total_seconds = total_seconds
        self._passing = directory / ".passing"
        self._clock = clock

    def submit(self, submission: Submission) -> Outcome:
        """Write every mail of it or none. Again changes nothing: what is there stays as it is."""
        mails, refused = self._mails(submission)
        if refused:
            return Outcome(Verdict.REFUSED, "a mail could not be made", refused=tuple(refused))
        passing: list[Path] = []
        try:
            self._prepare()
            for _, data in mails:
                passing.append(self._write(data))
        except OSError as error:
            _remove(passing)
            return _not_written(error)
        try:
            return self._place(submission, [mail_id for mail_id, _ in mails], passing)
        finally:
            _remove(passing)

    def listing(self, limit: int) -> list[Spooled]:
        """The newest `limit` mails, newest first. A file that cannot be read is left out."""
        newest = heapq.nlargest(limit, self._stamped())
        return [found for _, mail_id in newest if (found := _spooled(mail_id, self._path(mail_id)))]

    def read(self, mail_id: str) -> bytes | None:
        """A mail's bytes, None when there is none of that id."""
        if not _ID.fullmatch(mail_id):
            return None
        with suppress(FileNotFoundError):
            return self._path(mail_id).read_bytes()
        return None

    def _mails(self, submission: Submission) -> tuple[list[tuple[str, bytes]], list[tuple[int, str]]]:
        date = submission.date or self._clock()
        mails, refused = [], []
        for position, recipient in enumerate(submission.recipients):
            try:
                data = mime.to_bytes(replace(submission.message(position), date=date))
            except SendError as error:
                refused.append((position, str(error)))
            else:
                mails.append((_mail_id(recipient.delivery_id), data))
        return mails, refused

    def _prepare(self) -> None:
        if not self._passing.is_dir():
            # Mails hold addresses and the links that speak for their owners: they are nobody else's on this machine.
            self.directory.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._passing.mkdir(mode=0o700, exist_ok=True)
            _sync(self.directory.parent)
        for path in self._passing.iterdir():
            with suppress(FileNotFoundError):
                if path.stat().st_mtime < time.time() - LEFTOVER_SECONDS:
                    path.unlink()

    def _write(self, data: bytes) -> Path:
        path = self._passing / f"{os.getpid()}-{secrets.token_hex(8)}"
        try:
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600), "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
        except OSError:
            _remove([path])
            raise
        return path

    def _place(self, submission: Submission, mail_ids: Sequence[str], passing: Sequence[Path]) -> Outcome:
        new = before = 0
        try:
            for mail_id, path in zip(mail_ids, passing, strict=True):
                try:
                    os.link(path, self._path(mail_id))
                    new += 1
                except FileExistsError:
                    before += 1
            _sync(self.directory)
        except OSError as error:
            if not new + before:
                return _not_written(error)
            return Outcome(Verdict.UNCERTAIN, f"the spool failed half-way: {error.strerror}", phase="placing")
        return Outcome(Verdict.ACCEPTED, f"{new} written, {before} there before", provider_ref=submission.attempt_id)

    def _path(self, mail_id: str) -> Path:
        return self.directory / f"{mail_id}{_SUFFIX}"

    def _stamped(self) -> list[tuple[int, str]]:
        """(when written, id) of every mail."""
        found = []
        with suppress(FileNotFoundError), os.scandir(self.directory) as entries:
            for entry in entries:
                if entry.name.endswith(_SUFFIX) and _ID.fullmatch(entry.name[: -len(_SUFFIX)]):
                    with suppress(FileNotFoundError):
                        found.append((entry.stat().st_mtime_ns, entry.name[: -len(_SUFFIX)]))
        return found


def _mail_id(delivery_id: str) -> str:
    """The id as it stands where it makes a safe file name, else a digest of it."""
    if _ID.fullmatch(delivery_id):
        return delivery_id
    return "x" + hashlib.blake2b(delivery_id.encode(), digest_size=16).hexdigest()


def _not_written(error: OSError) -> Outcome:
    """Nothing was put in its place. A full disk may be made room on; a directory we may not use waits for a person."""
    detail = f"the spool cannot be written: {error.strerror} ({error.filename})"
    if isinstance(error, PermissionError | NotADirectoryError | FileExistsError):
        return Outcome(Verdict.STOPPED, detail, phase="writing")
    return Outcome(Verdict.DEFERRED, detail, phase="writing")


def _sync(directory: Path) -> None:
    handle = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _remove(paths: Sequence[Path]) -> None:
    for path in paths:
        with suppress(OSError):
            path.unlink()


def _spooled(mail_id: str, path: Path) -> Spooled | None:
    try:
        with path.open("rb") as file:
            size = os.fstat(file.fileno()).st_size
            head = BytesHeaderParser().parse(file)
        ((name, sender),), ((_, to),) = (getaddresses([str(head[field])]) for field in ("From", "To"))
        return Spooled(
            id=mail_id,
            subject=proof.decoded(str(head["Subject"])),
            sender=proof.decoded(name) or sender,
            to=to,
            date=parsedate_to_datetime(str(head["Date"])),
            size_bytes=size,
        )
    except (OSError, SendError, ValueError):
        return None
