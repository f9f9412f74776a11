"""An IMAP account that mail comes back to, over TLS. In: a host, a user, a folder. Out: its unseen mails, one by one.

What was understood is marked as seen and deleted; what was not is marked as flagged and left for a person. The account
is the operator's own, so its address is not judged. Alone knows imaplib.
"""

import imaplib
import ssl
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field

from syndication.errors import StoreError

SECONDS = 30.0


@dataclass
class ImapMailbox:
    host: str
    port: int
    user: str
    password: str = field(repr=False)
    folder: str
    context: ssl.SSLContext
    _open: imaplib.IMAP4_SSL | None = field(default=None, repr=False)

    def __str__(self) -> str:
        return f"{self.folder} of {self.user} at {self.host}"

    def waiting(self, limit: int) -> Iterator[tuple[str, bytes]]:
        """(uid, bytes) of mails that nobody has looked at. Raises StoreError."""
        try:
            account = self._account()
            _, found = account.uid("SEARCH", "UNSEEN", "UNFLAGGED", "UNDELETED")
            for uid in (found[0] or b"").split()[:limit]:
                _, parts = account.uid("FETCH", uid.decode(), "(BODY.PEEK[])")
                data = next((part[1] for part in parts if isinstance(part, tuple)), None)
                if data is not None:
                    yield uid.decode(), data
        except (OSError, imaplib.IMAP4.error) as error:
            self.close()
            raise StoreError(f"the mailbox {self} cannot be read", why=str(error) or type(error).__name__) from error

    def done(self, uid: str, *, understood: bool) -> None:
        try:
            account = self._account()
            account.uid("STORE", uid, "+FLAGS", r"(\Seen \Deleted)" if understood else r"(\Flagged)")
            if understood:
                account.expunge()
        except (OSError, imaplib.IMAP4.error) as error:
            self.close()
            raise StoreError(f"the mailbox {self} cannot be changed", why=str(error)) from error

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
        return self._open
