"""Several transports as the settings name them: each with its own key, name and pace, and none of the keys shown."""

import io
import logging
from pathlib import Path

import pytest

from syndication import logs
from syndication.errors import PolicyError, SettingsError
from syndication.model.event import Trust
from syndication.senders.sendgrid import SendGrid
from syndication.senders.smtp import Smtp
from syndication.wiring import House
from syndication.wiring.transports import ways_of
from tests.builders import NOW
from tests.web.test_events import BODY, Signer
from tests.wiring.test_house import a_house

TWO = """
[mail]
transport = "sendgrid"
then = ["second", "smtp"]
on_uncertain = "fenced"
[sendgrid]
share = 3
[smtp]
host = "127.0.0.1"
port = 25
tls = "none"
daily = 500
[transport.second]
kind = "sendgrid"
host = "https://api.eu.sendgrid.com"
share = 1
[transport.unused]
kind = "smtp"
host = "mail.example.org"
"""
FIRST, SECOND = "SG.the-first-key-of-all", "SG.the-second-key-of-all"


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> House:
    monkeypatch.setenv("SYNDICATION_SENDGRID_API_KEY", FIRST)
    monkeypatch.setenv("SYNDICATION_SENDGRID_API_KEY_SECOND", SECOND)
    return a_house(tmp_path, service=TWO)


def test_each_has_its_name_its_kind_and_its_pace_in_their_order(house: House) -> None:
    assert [(outbox.name, type(outbox)) for outbox in house.outboxes] == [
        ("sendgrid", SendGrid), ("sendgrid:second", SendGrid), ("smtp", Smtp)
    ]  # fmt: skip
    assert [(way.route.name, way.route.share, way.route.daily) for way in ways_of(house)] == [
        ("sendgrid", 3, 0), ("sendgrid:second", 1, 0), ("smtp", 0, 500)
    ]  # fmt: skip
    house.close()


def test_accounts_that_keep_calls_back_can_be_asked_and_relays_cannot(house: House) -> None:
    assert set(house.witnesses) == {"sendgrid", "sendgrid:second"}
    assert house.letterbox.name == "sendgrid"
    house.close()


def test_a_key_that_is_missing_is_named(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SYNDICATION_SENDGRID_API_KEY_SECOND")
    with pytest.raises(SettingsError) as raised:
        _ = house.outboxes
    assert "sendgrid:second" in str(raised.value) and "SYNDICATION_SENDGRID_API_KEY_SECOND" in str(raised.value)


def test_no_key_of_any_of_them_is_in_a_log(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    written = io.StringIO()
    monkeypatch.setattr("sys.stderr", written)
    house.log_to("test")
    try:
        logging.getLogger("syndication").warning("the other side said %s and %s", FIRST, SECOND)
    finally:
        logs.set_up(level=logging.CRITICAL)
    assert "the other side said" in written.getvalue()
    assert FIRST not in written.getvalue() and SECOND not in written.getvalue()


def test_events_of_every_account_are_verified_by_its_own_key(tmp_path: Path) -> None:
    signers = [Signer(), Signer()]
    service = f'[sendgrid]\nwebhook_keys = ["{signers[0].public}"]\n[transport.second]\nkind = "sendgrid"\n'
    keys = a_house(tmp_path, service=f'{service}webhook_keys = ["{signers[1].public}"]\n').event_keys
    assert [keys.judge(signer.headers(BODY), BODY, NOW) for signer in signers] == [Trust.GOOD] * 2
    assert keys.judge(Signer().headers(BODY), BODY, NOW) is Trust.FORGED


def test_without_an_account_there_is_no_sandbox(tmp_path: Path) -> None:
    with pytest.raises(PolicyError, match="without sending"):
        _ = a_house(tmp_path).sandbox
