"""`edition`: made, shown, tried, let go, told of; on both databases, without a running service and beside one."""

import io
import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import pytest

from syndication.engine.lock import DirectoryLock
from tests.standin.handle import Handle

STATES = {"id", "newsletter", "cadence", "slot", "due", "state", "reason", "counts", "sent_by", "dry_run"}


def mails() -> list[str]:
    return [path.read_bytes().decode() for path in sorted(Path("data/outbox").glob("*.eml"))]


@pytest.fixture
def service_runs(operator):
    """As if a service held the data directory."""
    operator.has_news(readers=2)
    lock = DirectoryLock(Path("data"))
    lock.take(datetime.now(UTC))
    yield
    lock.release()


def test_without_a_service_build_sends_here(on_both):
    on_both.has_news(readers=3)
    came = on_both("edition", "build", "morning", "--json")
    assert came.code == 0
    assert came.json.keys() == STATES
    assert (came.json["state"], came.json["sent_by"]) == ("settled", "this command")
    assert came.json["counts"] == {
        "audience": 3, "accepted": 3, "refused": 0, "suppressed": 0, "uncertain": 0, "unsent": 0
    }  # fmt: skip
    assert "audience 3 = accepted 3" in came.err
    assert len(mails()) == 3


def test_a_second_one_has_nothing_new_and_mails_nobody(operator):
    operator.has_news(readers=1)
    operator("edition", "build", "morning")
    again = operator("edition", "build", "morning", "--json")
    assert (again.code, again.json["state"], again.json["sent_by"]) == (0, "skipped", None)
    assert "nothing is mailed" in again.err
    assert len(mails()) == 1


def test_beside_a_service_build_leaves_the_sending_to_it(operator, service_runs):
    came = operator("edition", "build", "morning", "--json")
    assert (came.json["state"], came.json["sent_by"], came.json["counts"]["unsent"]) == ("sending", "service", 2)
    assert "the running service sends it" in came.err
    assert mails() == []


def test_a_rehearsal_shows_what_it_would_be_and_writes_nothing(operator, rows):
    operator.has_news(readers=1)
    would = operator("edition", "build", "morning", "--dry-run", "--json")
    assert would.json.keys() == STATES
    assert (would.json["id"], would.json["state"], would.json["dry_run"]) == (None, "frozen", True)
    assert "story 3" in would.err
    assert rows("SELECT count(*) FROM edition") == [(0,)]
    assert mails() == []


def test_an_edition_that_needs_approval_waits_and_goes_when_approved(operator):
    operator.has_news(readers=2, newsletter="approval = true")
    assert operator("edition", "build", "morning", "--dry-run", "--json").json["state"] == "review"
    waits = operator("edition", "build", "morning", "--json")
    assert waits.json["state"] == "review"
    assert "syndication edition approve 1" in waits.err
    would = operator("edition", "approve", 1, "--dry-run", "--json").json
    assert (would["state"], would["dry_run"]) == ("frozen", True)
    assert operator("edition", "list", "--state", "review", "--json").json[0]["id"] == 1
    went = operator("edition", "approve", 1, "--json")
    assert (went.code, went.json["state"], went.json["sent_by"]) == (0, "settled", "this command")
    assert len(mails()) == 2
    again = operator("edition", "approve", 1)
    assert (again.code, again.out) == (5, "")


def test_what_is_held_is_told_with_its_reason(operator):
    operator.settings('[service]\ntemplates = "own"\n')
    for part in ("subject.txt", "body.txt", "body.html"):
        operator.writes(f"config/own/email/digest/{part}", "{{ digest.nothing_of_that_name }}")
        operator.writes(f"own/email/digest/{part}", "{{ digest.nothing_of_that_name }}")
    operator.has_news(readers=1)
    came = operator("edition", "build", "morning")
    assert came.code == 1
    assert "edition 1 is held" in came.err
    assert "nothing_of_that_name" in came.err


def test_while_sending_is_stopped_nothing_is_sent_and_it_says_so(operator):
    operator.has_news(readers=1)
    connection = sqlite3.connect("data/syndication.db")
    connection.execute("INSERT INTO meta (key, value) VALUES ('sending_stopped', 'the account is suspended')")
    connection.commit()
    connection.close()
    came = operator("edition", "build", "morning")
    assert came.code == 5
    assert "the account is suspended" in came.err
    assert "syndication resolve --resume" in came.err
    assert operator("resolve", "--resume", "--json").json["lifted"] == ["the account is suspended"]


def test_a_preview_is_the_mail_and_why(operator):
    operator.has_news()
    shown = operator("edition", "preview", "morning", "--to", "shown")
    assert "Ferry 3 sails again" in shown.out
    assert "subject: " in shown.err
    assert Path("shown/body.txt").read_text() == shown.out
    assert "<html" in Path("shown/body.html").read_text()
    data = operator("edition", "preview", "morning", "--json").json
    assert data.keys() == {"reason", "items", "mail", "faults"}
    assert {item["story_id"] for item in data["items"]} == {2, 3}


def test_a_preview_of_nothing_has_the_same_keys(operator):
    operator.sets_up()
    data = operator("edition", "preview", "morning", "--json").json
    assert data.keys() == {"reason", "items", "mail", "faults"}
    assert data["reason"]
    assert "there would be none" in operator("edition", "preview", "morning").err


def test_a_preview_that_cannot_be_written_says_so(operator):
    operator.has_news()
    operator.writes("file", "")
    said = operator("edition", "preview", "morning", "--to", "file/below")
    assert said.code == 1
    assert "file/below cannot be written" in said.err


def test_a_test_goes_to_its_addresses_and_touches_no_ledger(operator, rows):
    operator.has_news(readers=1, newsletter="approval = true")
    operator("edition", "build", "morning")
    would = operator("edition", "test", 1, "--to", "me@desk.example", "--dry-run", "--json").json
    assert (would["outcome"], would["dry_run"]) == ("validated", True)
    assert mails() == []
    assert rows("SELECT count(*) FROM audit_log WHERE action = 'edition.test'") == [(0,)]
    did = operator("edition", "test", 1, "--to", "me@desk.example", "--json").json
    assert did.keys() == would.keys()
    assert did["outcome"] == "accepted"
    assert "[Test]" in mails()[0]
    assert operator("edition", "report", 1, "--json").json["counts"]["audience"] == 0


def test_a_test_to_somebody_who_left_is_refused_in_a_rehearsal_too(operator):
    operator.has_news(newsletter="approval = true")
    operator("edition", "build", "morning")
    many = [option for n in range(11) for option in ("--to", f"a{n}@desk.example")]
    assert operator("edition", "test", 1, *many, "--dry-run").code == 5
    assert operator("edition", "test", 1, "--to", "no address").code == 2


def test_only_a_provider_with_a_sandbox_checks_without_sending(operator):
    operator.has_news(readers=1)
    operator("edition", "build", "morning")
    refused = operator("edition", "test", 1, "--to", "me@desk.example", "--sandbox")
    assert refused.code == 5 and "only SendGrid has a sandbox" in refused.err
    assert len(mails()) == 1


def test_a_sandbox_check_sends_nothing_and_touches_no_ledger(operator, tmp_path, monkeypatch):
    operator.has_news(readers=1)
    operator("edition", "build", "morning")
    standin = Handle(tmp_path / "accepted.jsonl", "--key", "SG.a.key")
    try:
        monkeypatch.setenv("SYNDICATION_SENDGRID_API_KEY", "SG.a.key")
        address = standin.url.removeprefix("http://")
        operator.writes(
            "config/syndication.toml",
            f'[outbound]\nallow = ["{address}"]\n[mail]\ntransport = "sendgrid"\n[sendgrid]\nhost = "{standin.url}"\n',
        )
        checked = operator("edition", "test", 1, "--to", "me@desk.example", "--sandbox", "--json")
        assert (checked.code, checked.json["outcome"]) == (0, "validated"), checked.err
        (call,) = standin.requests()
        assert call["status"] == 200 and not standin.accepted()
    finally:
        standin.stop()
    assert operator("edition", "report", 1, "--json").json["counts"]["accepted"] == 1


def test_a_report_adds_up_and_shows_its_evidence(operator):
    operator.has_news(readers=2)
    operator("edition", "build", "morning")
    report = operator("edition", "report", 1)
    for words in ("audience 2 = accepted 2", "spool", "provider's reference", "settled"):
        assert words in report.out
    data = operator("edition", "report", 1, "--json").json
    assert data["adds_up"]
    assert [batch["state"] for batch in data["batches"]] == ["accepted"]
    assert [attempt["transport"] for attempt in data["attempts"]] == ["spool"]


def test_what_became_of_one_readers_mail_and_of_everybodys(operator):
    operator.has_news(readers=2)
    operator("edition", "build", "morning")
    told = operator("edition", "report", 1, "--for", "Reader0@readers.example", "--json").json
    assert (told["word"], told["batch"], told["address"]) == ("accepted", 1, "Reader0@readers.example")
    assert "accepted" in operator("edition", "report", 1, "--for", "reader0@readers.example").out
    assert operator("edition", "report", 1, "--for", "nobody@readers.example").code == 4
    assert operator("edition", "report", 1, "--for", "no address").code == 2
    assert operator("edition", "report", 1, "--export", "readers.csv", "--json").json["readers"] == 2
    lines = (operator.folder / "readers.csv").read_text().splitlines()
    assert lines[0].startswith("subscriber,address,word,batch")
    assert [line.split(",")[1:3] for line in lines[1:]] == [
        ["reader0@readers.example", "accepted"],
        ["reader1@readers.example", "accepted"],
    ]
    assert (operator.folder / "readers.csv").stat().st_mode & 0o777 == 0o600
    assert operator("edition", "report", 1, "--export", "no/such/folder.csv").code == 1


def test_a_list_of_readers_is_its_owner_s_also_where_a_file_lies_already(operator):
    operator.has_news(readers=1)
    operator("edition", "build", "morning")
    operator.writes("readers.csv", "open to all").chmod(0o644)
    assert operator("edition", "report", 1, "--export", "readers.csv").code == 0
    assert (operator.folder / "readers.csv").stat().st_mode & 0o777 == 0o600


def refused(detail: str) -> None:
    """One of edition 1's readers was refused in these words, and the edition is over."""
    connection = sqlite3.connect("data/syndication.db")
    connection.execute(
        "INSERT INTO delivery_exception (edition_id, subscriber_id, kind, batch_n, detail, at)"
        " VALUES (1, 1, 'refused', 1, ?, '2030-01-01 00:00:00')",
        (detail,),
    )
    connection.commit()
    connection.close()


def test_retry_these_by_class_names_its_number_and_asks(operator, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO("n\n"))
    operator.has_news(readers=2)
    operator("edition", "build", "morning")
    assert operator("edition", "retry", 1, "--json").json == []
    refused("552 5.2.2 mailbox full")
    assert operator("edition", "retry", 1, "--json").json == [{"class": "full", "readers": 1}]
    unasked = operator("edition", "retry", 1, "--class", "full")
    assert unasked.code == 5 and "Offer edition 1 again to 1 readers, refused for full?" in unasked.err
    would = operator("edition", "retry", 1, "--class", "full", "--dry-run", "--json").json
    assert would == {"edition": 1, "readers": 1, "batches": [2], "dry_run": True}
    assert operator("edition", "report", 1, "--json").json["counts"]["refused"] == 1
    done = operator("edition", "retry", 1, "--class", "full", "--yes", "--json")
    assert (done.code, done.json) == (0, {**would, "dry_run": False})
    told = operator("edition", "report", 1, "--json").json
    assert told["adds_up"] and told["state"] == "settled" and told["counts"]["accepted"] == 2
    assert operator("edition", "retry", 1, "--class", "full", "--yes").code == 5
    assert operator("edition", "retry", 99).code == 4


def test_a_report_and_the_status_show_doubt_with_its_evidence(operator):
    operator.has_news(readers=2)
    operator("edition", "build", "morning")
    connection = sqlite3.connect("data/syndication.db")
    connection.execute("UPDATE batch SET state = 'uncertain', detail = 'the answer was lost'")
    connection.commit()
    connection.close()
    evidence = "0 of 2 reported in 0 min; no later batches did"
    assert evidence in operator("edition", "report", 1).out
    (doubt,) = operator("edition", "report", 1, "--json").json["doubt"]
    assert doubt == {"batch": 1, "evidence": evidence, "detail": "the answer was lost"}
    assert f"edition 1 batch 1: {evidence}" in operator("status").out
    assert operator("status", "--json").json["in_doubt"] == [f"edition 1 batch 1: {evidence}"]


def test_a_listing_can_be_narrowed(operator):
    operator.has_news(readers=1, more='[newsletter.evening]\ntitle = "Evening"\nat = "19:00"\n')
    operator("edition", "build", "morning")
    operator("edition", "build", "evening")
    listed = operator("edition", "list", "--json").json
    assert {row["newsletter"] for row in listed} == {"morning", "evening"}
    only = operator("edition", "list", "--newsletter", "evening", "--json").json
    assert [row["newsletter"] for row in only] == ["evening"]
    assert operator("edition", "list", "--state", "cancelled", "--json").json == []
    assert "no edition yet" in operator("edition", "list", "--state", "cancelled").err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("report", 99), "there is no edition 99"),
        (("approve", 99), "there is no edition 99"),
        (("test", 99, "--to", "me@desk.example"), "there is no edition 99"),
        (("build", "mornng"), "did you mean 'morning'?"),
        (("preview", "mornng"), "did you mean 'morning'?"),
        (("list", "--newsletter", "mornng"), "did you mean 'morning'?"),
        (("build", "morning", "--cadence", "weekly"), "it has: daily"),
    ],
)
def test_what_is_not_there_is_said_to_be(arguments, words, operator):
    operator.sets_up()
    said = operator("edition", *arguments)
    assert (said.code, said.out) == (4, "")
    assert words in said.err
