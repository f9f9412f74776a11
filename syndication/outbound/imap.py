"""An IMAP account that mail comes back to, over TLS. In: a host, a user, a folder. Out: its unseen mails, one by one.

What was looked at carries a mark of ours, so that it does not matter whether a person has opened it meanwhile. What was
understood is deleted, by its own number and nobody else's with it; what was not is flagged and left for a person. The
account is the operator's own, so its address is not judged. Alone knows imaplib.
"""

import imaplib
import ssl
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field

from syndication.errors import StoreError

SECONDS = 30.0
MARK = "SyndicationRead"
FETCHED_MAX = 1024 * 1024 + 1
"""A longer mail is cut off there, and whoever reads it finds it too long."""


@dataclass
class ImapMailbox:
    host: str
    port: int
    user: str
    password: str = field(repr=False)
    folder: str
    context: ssl.SSLContext
    _open: imaplib.IMAP4_SSL | None = field(default=None, repr=False)
    _marks: bool = False
    """The account keeps marks of ours."""

    def __str__(self) -> str:
        return f"{self.folder} of {self.user} at {self.host}"

    def waiting(self, limit: int) -> Iterator[tuple[str, bytes]]:
        """(uid, bytes) of mails that nobody has looked at. Raises StoreError."""
        try:
            account = self._account()
            unread = ("UNKEYWORD", MARK) if self._marks else ("UNSEEN",)
            _, found = account.uid("SEARCH", *unread, "UNFLAGGED", "UNDELETED")
            for uid in (found[0] or b"").split()[:limit]:
                _, parts = account.uid("FETCH", uid.decode(), f"(BODY.PEEK[]<0.{FETCHED_MAX}>)")
                data = next((part[1] for part in parts if isinstance(part, tuple)), None)
                if data is not None:
                    yield uid.decode(), data
        except (OSError, imaplib.IMAP4.error) as error:
            self.close()
            raise StoreError(f"the mailbox {self} cannot be read", why=str(error) or type(error).__name__) from error

    def done(self, uid: str, *, understood: bool) -> None:
        try:
            account = self._account()
            mark = f" {MARK}" if self._marks else ""
            account.uid("STORE", uid, "+FLAGS", rf"(\Seen \Deleted{mark})" if understood else rf"(\Flagged{mark})")
            # Without RFC 4315 whatever a person has marked as deleted would go with it: then it waits for them.
            if understood and "UIDPLUS" in account.capabilities:
                account.uid("EXPUNGE", uid)
        except (OSError, imaplib.IMAP4.error) as error:
            self.close()
            why = str(error) or type(error).__name__
            raise StoreError(f"the mailbox {self} cannot be changed", why=why) from error

    def close(self) -> None:
        account, self._open = self._open, None
        if account is not None:
            with suppress(OSError, imaplib.IMAP4.error):
                account.logout()

    def _account(self) -> imaplib.IMAP4_SSL:
        if self._open is None:
            account = imaplib.IMAP4_SSL(self.host, self.port, ssl_context=self.context, timeout=SECONDS)
            self._open = account
            account.login(self.user, self.password)
            status, said = account.select(f'"{self.folder}"')
            if status != "OK":
                raise imaplib.IMAP4.error(f"no folder {self.folder}: {said!r}")
            _, flags = account.response("PERMANENTFLAGS")
            self._marks = any(rb"\*" in (one or b"") or MARK.encode() in (one or b"") for one in flags)
        return self._open
