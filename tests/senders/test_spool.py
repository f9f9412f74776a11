"""The spool: exactly once, whole, newest first."""

import email
import os
import random
import signal
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from syndication.model.delivery import Recipient, Sender, Submission, Verdict
from syndication.model.edition import Rendered
from syndication.model.subscriber import EmailAddress
from syndication.senders.spool import LEFTOVER_SECONDS, Spool

CHECKOUT = Path(__file__).parents[2]
SENDER = Sender("The Tideline", EmailAddress.parse("news@tideline.example"))
CONTENT = Rendered("Ferry back – {at-7f3a91}", "", "<p>{at-7f3a91}</p>", "{at-7f3a91}\n", "7f3a91")
DATE = datetime(2026, 3, 29, 5, 0, tzinfo=UTC)


def a_submission(count=3, *, first=0, content=CONTENT, attempt_id="a1", date=DATE):
    recipients = tuple(
        Recipient(
            subscriber_id=n,
            address=EmailAddress.parse(f"reader{n}@reader.example"),
            delivery_id=f"{n:032x}",
            values={"{at-7f3a91}": f"reader{n}@reader.example"},
            headers=(("Message-ID", f"<{n:032x}@tideline.example>"),),
        )
        for n in range(first, first + count)
    )
    return Submission(attempt_id, SENDER, content, recipients, (("Precedence", "bulk"),), date=date)


def ids(directory: Path) -> list[str]:
    return sorted(path.stem for path in directory.glob("*.eml"))


def passing(directory: Path) -> list[Path]:
    return list((directory / ".passing").iterdir())


def test_each_reader_gets_a_file_of_their_own(tmp_path):
    spool = Spool(tmp_path / "outbox")
    outcome = spool.submit(a_submission())
    assert outcome.verdict is Verdict.ACCEPTED
    assert ids(tmp_path / "outbox") == [f"{n:032x}" for n in range(3)]
    mail = email.message_from_bytes(spool.read(f"{1:032x}"))
    assert (mail["To"], mail["Precedence"]) == ("reader1@reader.example", "bulk")
    assert b"reader1@reader.example" in mail.get_payload()[0].get_payload(decode=True)
    assert passing(tmp_path / "outbox") == []


def test_mails_and_their_folder_are_the_owners_alone(tmp_path):
    Spool(tmp_path / "outbox").submit(a_submission(1))
    modes = {path.stat().st_mode & 0o777 for path in (tmp_path / "outbox").glob("*.eml")}
    assert modes == {0o600}
    assert (tmp_path / "outbox").stat().st_mode & 0o777 == 0o700


def test_again_changes_nothing(tmp_path):
    spool = Spool(tmp_path)
    spool.submit(a_submission(date=None))
    before = {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in tmp_path.glob("*.eml")}
    outcome = spool.submit(a_submission(attempt_id="a2", date=None))
    assert (outcome.verdict, outcome.detail) == (Verdict.ACCEPTED, "0 written, 3 there before")
    assert before == {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in tmp_path.glob("*.eml")}


def test_del_07_a_mail_that_cannot_be_made_names_its_reader_and_holds_back_the_rest(tmp_path):
    submission = a_submission()
    poisoned = list(submission.recipients)
    poisoned[1] = Recipient(1, poisoned[1].address, poisoned[1].delivery_id, {}, (("Subject", "mine"),))
    outcome = Spool(tmp_path).submit(Submission("a1", SENDER, CONTENT, tuple(poisoned), submission.headers, date=DATE))
    assert outcome.verdict is Verdict.REFUSED
    ((position, reason),) = outcome.refused
    assert position == 1
    assert "subject" in reason
    assert ids(tmp_path) == []


def test_a_mail_without_a_date_is_dated_by_the_clock(tmp_path):
    Spool(tmp_path, clock=lambda: DATE).submit(a_submission(1, date=None))
    assert Spool(tmp_path).listing(1)[0].date == DATE


def test_many_writers_at_once_leave_each_mail_once(tmp_path):
    outcomes = []
    start = threading.Barrier(8)

    def write():
        start.wait()
        outcomes.append(Spool(tmp_path).submit(a_submission(40)))

    writers = [threading.Thread(target=write) for _ in range(8)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert {outcome.verdict for outcome in outcomes} == {Verdict.ACCEPTED}
    assert sum(int(outcome.detail.split()[0]) for outcome in outcomes) == 40
    assert ids(tmp_path) == [f"{n:032x}" for n in range(40)]
    assert passing(tmp_path) == []


WRITER = """
import sys
from pathlib import Path
from tests.senders.test_spool import a_submission
from syndication.senders.spool import Spool
print("ready", flush=True)
while True:
    for first in range(0, 400, 20):
        Spool(Path(sys.argv[1])).submit(a_submission(20, first=first))
        print(first, flush=True)
"""


def test_a_writer_killed_at_any_instant_leaves_whole_mails_and_nothing_twice(tmp_path):
    chance = random.Random(20260329)
    for _ in range(6):
        child = subprocess.Popen(
            [sys.executable, "-c", WRITER, str(tmp_path)], cwd=CHECKOUT, stdout=subprocess.PIPE, text=True
        )
        for _ in range(chance.randint(1, 5)):
            child.stdout.readline()
        threading.Event().wait(chance.random() * 0.03)
        child.send_signal(signal.SIGKILL)
        child.wait()
        child.stdout.close()
        for path in tmp_path.glob("*.eml"):
            assert path.read_bytes().endswith(b"--\r\n")
    spool = Spool(tmp_path)
    for first in range(0, 400, 20):
        assert spool.submit(a_submission(20, first=first)).verdict is Verdict.ACCEPTED
    assert ids(tmp_path) == [f"{n:032x}" for n in range(400)]


def test_leftovers_of_a_killed_writer_are_cleaned_and_a_living_one_s_are_not(tmp_path):
    spool = Spool(tmp_path)
    spool.submit(a_submission(1))
    old, new = tmp_path / ".passing" / "1-old", tmp_path / ".passing" / "1-new"
    for path in (old, new):
        path.write_bytes(b"half a mail")
    long_ago = time.time() - LEFTOVER_SECONDS - 1
    os.utime(old, (long_ago, long_ago))
    spool.submit(a_submission(1, first=1))
    assert passing(tmp_path) == [new]


def test_a_full_disk_puts_nothing_in_place(tmp_path):
    # A limit on the size of a file is the nearest thing to a full disk that an ordinary user can make.
    script = """
import resource, signal, sys
from pathlib import Path
from tests.senders.test_spool import a_submission
from syndication.senders.spool import Spool
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (300, 300))
outcome = Spool(Path(sys.argv[1])).submit(a_submission())
print(outcome.verdict.value, outcome.phase)
"""
    command = [sys.executable, "-c", script, str(tmp_path)]
    ran = subprocess.run(command, cwd=CHECKOUT, capture_output=True, text=True, check=True)
    assert ran.stdout.split() == ["deferred", "writing"]
    assert ids(tmp_path) == []
    assert passing(tmp_path) == []


def test_a_spool_that_is_a_file_waits_for_a_person(tmp_path):
    (tmp_path / "outbox").write_text("in the way")
    outcome = Spool(tmp_path / "outbox").submit(a_submission())
    assert outcome.verdict is Verdict.STOPPED
    assert "outbox" in outcome.detail


def test_a_listing_is_newest_first_decoded_and_bounded(tmp_path):
    spool = Spool(tmp_path)
    for n in range(5):
        spool.submit(a_submission(1, first=n))
        stamp = 1_700_000_000 + n
        os.utime(tmp_path / f"{n:032x}.eml", (stamp, stamp))
    (tmp_path / "notes.txt").write_text("not a mail")
    (tmp_path / "broken.eml").write_bytes(b"\xff\xfe no headers at all")
    newest = spool.listing(4)
    assert [int(found.id, 16) for found in newest] == [4, 3, 2]
    found = newest[-1]
    assert found.subject == "Ferry back – reader2@reader.example"
    assert (found.sender, found.to, found.date) == ("The Tideline", "reader2@reader.example", DATE)
    assert found.size_bytes == (tmp_path / f"{found.id}.eml").stat().st_size


def test_a_spool_nobody_wrote_to_is_empty(tmp_path):
    spool = Spool(tmp_path / "nowhere")
    assert spool.listing(10) == []
    assert spool.read("abc") is None
    assert not (tmp_path / "nowhere").exists()


@pytest.mark.parametrize("mail_id", ["../secret", "/etc/passwd", "", ".passing", "a/b", "a\0b", "x" * 200])
def test_an_id_is_no_path(tmp_path, mail_id):
    (tmp_path / "secret.eml").write_text("not for you")
    spool = Spool(tmp_path / "outbox")
    spool.submit(a_submission(1))
    assert spool.read(mail_id) is None


def test_a_delivery_id_unfit_for_a_file_name_gets_a_digest(tmp_path):
    one = a_submission(1).recipients[0]
    sly = Recipient(1, one.address, "../../confirm:17", one.values, one.headers)
    outcome = Spool(tmp_path / "outbox").submit(Submission("a1", SENDER, CONTENT, (sly,), date=DATE))
    assert outcome.verdict is Verdict.ACCEPTED
    (name,) = ids(tmp_path / "outbox")
    assert name.startswith("x") and len(name) == 33
