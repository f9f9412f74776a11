"""The operator's IMAP account, over real TLS: what is read, marked and deleted, and what a person's own mail keeps."""

import re
import socketserver
import ssl
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from syndication.errors import StoreError
from syndication.outbound.imap import FETCHED_MAX, MARK, ImapMailbox
from syndication.outbound.wire import tls_context


class Account:
    """A folder with mails and their flags, and as much of IMAP as it takes to work on it."""

    def __init__(self, *mails: bytes, marks: bool = True, uidplus: bool = True) -> None:
        self.mails = dict(enumerate(mails, start=7))
        self.flags: dict[int, set[str]] = {uid: set() for uid in self.mails}
        self.marks, self.capabilities = marks, "IMAP4rev1 UIDPLUS" if uidplus else "IMAP4rev1"

    def answer(self, words: list[str], say) -> str:
        match [word.upper() for word in words]:
            case ["CAPABILITY"]:
                say(f"* CAPABILITY {self.capabilities}")
            case ["SELECT", *_]:
                say(f"* {len(self.mails)} EXISTS")
                kept = r"\Seen \Deleted \Flagged" + (r" \*" if self.marks else "")
                say(f"* OK [PERMANENTFLAGS ({kept})] limited")
            case ["UID", "SEARCH", *_]:
                say("* SEARCH " + " ".join(str(uid) for uid in self.mails if self._fits(uid, words[2:])))
            case ["UID", "FETCH", uid, _]:
                data = self.mails[int(uid)][:FETCHED_MAX]
                say(f"* 1 FETCH (UID {uid} BODY[]<0> {{{len(data)}}}\r\n{data.decode()})")
            case ["UID", "STORE", uid, "+FLAGS", *_]:
                self.flags[int(uid)] |= set(re.findall(r"[^() ]+", " ".join(words[4:])))
            case ["UID", "EXPUNGE", uid]:
                self._expunge(int(uid))
            case ["EXPUNGE"]:
                for one in list(self.mails):
                    self._expunge(one)
            case ["LOGIN", _, password] if password != '"S3CRET"':
                return "NO who are you?"
        return "OK done"

    def _fits(self, uid: int, asked: list[str]) -> bool:
        has = self.flags[uid]
        wanted = {"UNSEEN": "\\Seen", "UNFLAGGED": "\\Flagged", "UNDELETED": "\\Deleted"}
        lacks = [asked[at + 1] if word == "UNKEYWORD" else wanted.get(word) for at, word in enumerate(asked)]
        return not has & {word for word in lacks if word}

    def _expunge(self, uid: int) -> None:
        if "\\Deleted" in self.flags[uid]:
            del self.mails[uid]


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("imap")
    subject = ["-subj", "/CN=mail.example", "-addext", "subjectAltName=IP:127.0.0.1"]
    kind = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "30"]
    key, made = folder / "key.pem", folder / "cert.pem"
    command = ["openssl", "req", "-x509", *kind, *subject, "-keyout", str(key), "-out", str(made)]
    subprocess.run(command, check=True, capture_output=True)
    (folder / "both.pem").write_text(made.read_text() + key.read_text())
    return folder / "both.pem"


@pytest.fixture
def serve(certificate: Path) -> Iterator:
    servers = []

    def start(account: Account, password: str = "s3cret") -> ImapMailbox:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)

        class Handler(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                def say(line: str) -> None:
                    self.wfile.write(line.encode() + b"\r\n")

                say("* OK IMAP4rev1 ready")
                for line in self.rfile:
                    tag, *words = line.decode().split()
                    say(f"{tag} {account.answer(words, say)}")
                    if words[0].upper() == "LOGOUT":
                        return

        class Server(socketserver.ThreadingTCPServer):
            daemon_threads = True

            def get_request(self):
                found, address = super().get_request()
                return context.wrap_socket(found, server_side=True), address

            def handle_error(self, *_) -> None:
                pass  # whoever hung up is no news

        server = Server(("127.0.0.1", 0), Handler)
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        servers.append(server)
        at = server.server_address
        return ImapMailbox(at[0], at[1], "ada", password, "INBOX", tls_context(str(certificate)))

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


def read(mailbox: ImapMailbox, understood: bool = True) -> list[bytes]:
    found = []
    for name, mail in mailbox.waiting(100):
        mailbox.done(name, understood=understood)
        found.append(mail)
    mailbox.close()
    return found


def test_what_a_person_has_opened_is_read_all_the_same(serve) -> None:
    account = Account(b"one", b"two")
    account.flags[7].add("\\Seen")
    assert read(serve(account)) == [b"one", b"two"] and not account.mails


def test_what_is_not_understood_is_left_and_looked_at_once(serve) -> None:
    account = Account(b"a letter")
    assert read(serve(account), understood=False) == [b"a letter"]
    assert account.flags[7] == {"\\Flagged", MARK}
    account.flags[7].discard("\\Flagged")  # a person has dealt with it
    assert read(serve(account)) == [] and account.mails


def test_what_a_person_has_marked_as_deleted_is_not_deleted_by_us(serve) -> None:
    account = Account(b"theirs", b"ours")
    account.flags[7].add("\\Deleted")
    assert read(serve(account)) == [b"ours"] and account.mails == {7: b"theirs"}


def test_without_deleting_by_number_nothing_is_expunged_and_nothing_read_twice(serve) -> None:
    account = Account(b"theirs", b"ours", uidplus=False)
    account.flags[7].add("\\Deleted")
    mailbox = serve(account)
    assert read(mailbox) == [b"ours"] and read(mailbox) == []
    assert account.mails == {7: b"theirs", 8: b"ours"} and "\\Deleted" in account.flags[8]


def test_an_account_that_keeps_no_marks_is_asked_for_what_nobody_has_opened(serve) -> None:
    account = Account(b"one", b"two", marks=False)
    account.flags[7].add("\\Seen")
    mailbox = serve(account)
    assert read(mailbox, understood=False) == [b"two"] and account.flags[8] == {"\\Flagged"}
    assert read(mailbox) == []


def test_no_more_is_fetched_of_a_mail_than_can_be_read(serve) -> None:
    (found,) = read(serve(Account(b"x" * (2 * FETCHED_MAX))))
    assert len(found) == FETCHED_MAX


def test_an_account_that_refuses_us_says_so(serve) -> None:
    with pytest.raises(StoreError, match="cannot be read") as told:
        read(serve(Account(b"one"), password="wrong"))
    assert "wrong" not in str(told.value)
