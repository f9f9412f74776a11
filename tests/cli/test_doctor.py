"""`doctor`: each thing that a running installation hangs on, with its cause and what to do (CON-14)."""

import os
import shutil
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest

from syndication.model.exchange import Answer, Failure, FailureKind, Phase, Request
from syndication.outbound.transport import Transport
from syndication.senders.dkim import public_key
from syndication.storage import reserve
from tests.nameserver import NameServer
from tests.senders.test_dkim import RSA, pem

RSA_KEY = pem(RSA).decode()
SITE = '[service]\nbase_url = "https://news.harvest.press"\n'
LIVE = '[mail]\ntransport = "sendgrid"\nfrom_address = "desk@harvest.press"\n'
HOOK = "[sendgrid]\nwebhook_keys = [%r]\n"
GOOD = {
    ("s1._domainkey.harvest.press", "CNAME"): ("s1.provider.example.",),
    ("_dmarc.harvest.press", "TXT"): ("v=DMARC1; p=reject",),
}


class Web:
    """Hosts out on the web, as they answer us: by method and path."""

    def __init__(self) -> None:
        self.answers: dict[tuple[str, str], int | str] = {
            ("GET", "/v3/scopes"): 200,
            ("HEAD", ""): 200,
            ("GET", "/livez"): 200,
            ("POST", "/webhooks/sendgrid"): 403,
        }
        self.ahead = timedelta(0)

    def fetch(self, request: Request) -> Answer | Failure:
        path = request.url.partition("://")[2].partition("/")
        found = self.answers[request.method, f"/{path[2]}" if path[1] else ""]
        if isinstance(found, str):
            return Failure(request.url, FailureKind.UNREACHABLE, Phase.CONNECT, found)
        date = format_datetime(datetime.now(UTC) + self.ahead)
        body = b'{"scopes": ["mail.send"]}'
        return Answer(request.url, found, (("date", date),), body, "198.51.100.7")


@pytest.fixture
def web(monkeypatch: pytest.MonkeyPatch) -> Web:
    made = Web()
    monkeypatch.setattr(Transport, "fetch", lambda _, request: made.fetch(request))
    monkeypatch.setattr("syndication.outbound.lookup.system_look_up", lambda host, port: ("198.51.100.7",))
    monkeypatch.setenv("SYNDICATION_SENDGRID_API_KEY", "SG.a-key-of-this-test")
    return made


@pytest.fixture
def names() -> Iterator[NameServer]:
    with NameServer(GOOD) as server:
        yield server


@pytest.fixture
def live(operator, web):
    """An installation that mails through the provider, with its events told."""
    operator.sets_up()
    operator.settings(SITE + LIVE + HOOK % _event_key())
    return operator


def _event_key() -> str:
    import base64

    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    form = serialization.PublicFormat.SubjectPublicKeyInfo
    made = ec.generate_private_key(ec.SECP256R1()).public_key().public_bytes(serialization.Encoding.DER, form)
    return base64.b64encode(made).decode()


def look(operator, names: NameServer):
    return operator("doctor", "--resolver", names.address, "--json")


def found(said, what: str) -> list[tuple[str, str, str]]:
    return [(one["level"], one["said"], one["fix"]) for one in said.json if one["what"] == what]


def the_one(said, what: str, level: str, words: str) -> None:
    (one,) = found(said, what)
    assert one[0] == level and words in one[1], one
    assert one[2] or level == "ok", "a cause without a way out"
    assert (said.code != 0) == (level == "wrong"), said.json


def test_an_installation_that_is_right_is_right(live, names) -> None:
    said = look(live, names)
    assert said.code == 0 and not [one for one in said.json if one["level"] == "wrong"], said.json
    for what in ("dkim", "dmarc", "clock", "public address", "webhook", "database settings"):
        assert "ok" in {level for level, *_ in found(said, what)}, (what, said.json)


def test_a_spool_asks_no_name_server(operator, names) -> None:
    operator.sets_up()
    assert look(operator, names).code == 0 and not names.asked


def test_doctor_changes_nothing_of_a_house_that_is_not_there(operator, names) -> None:
    operator.publication()
    assert look(operator, names).code == 0 and not Path("data").exists()


@pytest.mark.parametrize(
    ("change", "what", "level", "words"),
    [
        ({("_dmarc.harvest.press", "TXT"): ()}, "dmarc", "wrong", "no DMARC policy"),
        ({("s1._domainkey.harvest.press", "CNAME"): ()}, "dkim", "note", "for the provider only"),
    ],
)
def test_con_14_records_of_the_domain(live, names, change, what, level, words) -> None:
    names.records |= change
    the_one(look(live, names), what, level, words)


def test_con_14_name_servers_that_do_not_answer(live, names, monkeypatch) -> None:
    names.broken.add("_dmarc.harvest.press")
    the_one(look(live, names), "dns", "wrong", "do not tell")


def test_con_14_records_for_mail_through_a_relay(operator, web, names, monkeypatch) -> None:
    operator.sets_up()
    relay = '[smtp]\nhost = "127.0.0.1"\nport = 1\ntls = "none"\n'
    operator.settings(
        SITE + LIVE.replace("sendgrid", "smtp") + relay + '[dkim]\ndomain = "harvest.press"\nselector = "k1"\n'
    )
    monkeypatch.setenv("SYNDICATION_DKIM_KEY", RSA_KEY)
    said = look(operator, names)
    assert found(said, "spf")[0][0] == "wrong" and "k1._domainkey" in found(said, "dkim")[-1][1]
    names.records |= {
        ("harvest.press", "TXT"): ("v=spf1 mx -all",),
        ("k1._domainkey.harvest.press", "TXT"): (f"v=DKIM1; p={public_key(RSA_KEY.encode())}",),
    }
    said = look(operator, names)
    assert {level for what in ("spf", "dkim", "dmarc") for level, *_ in found(said, what)} == {"ok"}, said.json


@pytest.mark.parametrize(("ahead", "level"), [(0, "ok"), (20, "note"), (7200, "wrong"), (-7200, "wrong")])
def test_con_14_a_clock_that_others_do_not_share(live, names, web, ahead: int, level: str) -> None:
    web.ahead = timedelta(seconds=ahead)
    said = look(live, names)
    assert found(said, "clock")[-1][0] == level and (said.code != 0) == (level == "wrong")


@pytest.mark.parametrize(
    ("call", "answer", "what", "level", "words"),
    [
        (("POST", "/webhooks/sendgrid"), 404, "webhook", "wrong", "answered with 404"),
        (("POST", "/webhooks/sendgrid"), 301, "webhook", "wrong", "answered with 301"),
        (("POST", "/webhooks/sendgrid"), "connection refused", "webhook", "note", "cannot be reached"),
        (("GET", "/livez"), 502, "public address", "wrong", "answered with 502"),
        (("GET", "/livez"), "no route", "public address", "note", "cannot be reached"),
    ],
)
def test_con_14_doors_that_do_not_lead_here(live, names, web, call, answer, what, level, words) -> None:
    web.answers[call] = answer
    the_one(look(live, names), what, level, words)


def test_con_14_events_that_are_not_told(operator, web, names) -> None:
    operator.sets_up()
    operator.settings(SITE + LIVE)
    the_one(look(operator, names), "webhook", "note", "not told")


def test_con_14_a_key_that_may_not_send(live, names, web) -> None:
    web.answers["GET", "/v3/scopes"] = 401
    said = look(live, names)
    assert said.code != 0 and "refuses the key" in found(said, "transport")[0][1]


def test_con_14_a_damaged_database(operator, names) -> None:
    operator.has_news(readers=200)
    with sqlite3.connect("data/syndication.db") as raw:
        raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        page = raw.execute("PRAGMA page_size").fetchone()[0]
        (root,) = raw.execute("SELECT rootpage FROM sqlite_master WHERE name = 'ix_subscriber_address_hash'").fetchone()
    raw.close()
    with Path("data/syndication.db").open("r+b") as file:
        file.seek((root - 1) * page)
        file.write(os.urandom(page))
    said = look(operator, names)
    assert said.code != 0 and any("damaged" in words for _, words, _ in found(said, "database settings")), said.json


def test_con_14_a_journal_that_takes_no_line(operator, names, monkeypatch) -> None:
    operator.has_news(readers=1)
    assert operator("edition", "build", "morning").code == 0
    monkeypatch.setattr(os, "fsync", lambda file: (_ for _ in ()).throw(OSError(28, "No space left on device")))
    the_one(look(operator, names), "journal", "wrong", "No space left")


def test_con_14_a_disk_that_is_nearly_full(operator, names, monkeypatch) -> None:
    operator.sets_up()
    assert reserve.Reserve(Path("data")).keep()
    monkeypatch.setattr(shutil, "disk_usage", lambda place: shutil._ntuple_diskusage(10**9, 10**9, 60 * 2**20))
    said = look(operator, names)
    (one,) = found(said, "reserve")
    assert one[0] == "wrong" and "nothing is sent" in one[1] and said.code != 0


def test_backups_that_are_never_made_or_old_are_told_of(operator, names) -> None:
    operator.sets_up()
    the_one(look(operator, names), "backup", "note", "has been none")
    assert operator("backup").code == 0
    the_one(look(operator, names), "backup", "ok", "of 20")
    with sqlite3.connect("data/syndication.db") as raw:
        raw.execute("UPDATE meta SET value = '2026-01-01T00:00:00+00:00' WHERE key = 'last_backup_at'")
    raw.close()
    the_one(look(operator, names), "backup", "note", "days old")
