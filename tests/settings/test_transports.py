"""Several transports: named, in order, each of a kind and with its pace; and in what words the rest is refused."""

from datetime import time
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from syndication.errors import SettingsError
from syndication.model.route import Hours
from syndication.settings.service import load

SECOND = '[transport.second]\nkind = "sendgrid"\nhost = "https://api.eu.sendgrid.com"\nshare = 30\n'


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "syndication.toml"
    path.write_text(text)
    return path


def test_the_first_alone_is_all_there_is(tmp_path: Path) -> None:
    (only,) = load(written(tmp_path, '[mail]\ntransport = "smtp"'), environ={}).transports
    assert (only.ledger_name, only.secret("smtp_password")) == ("smtp", "smtp_password")
    assert not only.section.route("smtp").choosy


def test_further_ones_in_their_order_each_with_a_secret_of_its_own(tmp_path: Path) -> None:
    text = f'[mail]\ntransport = "sendgrid"\nthen = ["second", "smtp"]\n{SECOND}[smtp]\nhost = "mail.example.org"\n'
    found = load(written(tmp_path, text), environ={}).transports
    assert [one.ledger_name for one in found] == ["sendgrid", "sendgrid:second", "smtp"]
    assert found[1].secret("sendgrid_api_key") == "sendgrid_api_key_second"
    assert found[1].section.route("sendgrid:second").share == 30


def test_a_pace_is_read_as_a_route(tmp_path: Path) -> None:
    text = (
        '[sendgrid]\ndomains = ["Bay.example"]\ndaily = 5000\ndomain_daily = {"bay.example" = 200, "*" = 900}\n'
        'warm_up = 50\nwarm_up_growth = 2\nhours = "22:00-06:30"\nhours_zone = "Europe/Berlin"\n'
    )
    route = load(written(tmp_path, text), environ={}).sendgrid.route("sendgrid")
    assert (route.domains, route.daily, route.domain_daily) == ({"bay.example"}, 5000, {"bay.example": 200, "*": 900})
    assert (route.warm_up, route.growth) == (50, 2.0)
    assert route.hours == Hours(time(22), time(6, 30), ZoneInfo("Europe/Berlin"))


def test_the_environment_reaches_a_named_one(tmp_path: Path) -> None:
    environ = {"SYNDICATION__TRANSPORT__SECOND__DAILY": "7", "SYNDICATION__MAIL__THEN": '["second"]'}
    path = written(tmp_path, f'[mail]\ntransport = "sendgrid"\n{SECOND}')
    found = load(path, environ=environ)
    assert (found.transport["second"].daily, found.transport["second"].share) == (7, 30)
    assert [one.name for one in found.transports] == ["", "second"]
    assert load(path, environ={}).transport["second"].daily == 0


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ('[mail]\ntransport = "sendgrid"\nthen = ["pigeon"]', "line 3: mail.then names 'pigeon': there is no such"),
        ('[mail]\ntransport = "sendgrid"\nthen = ["sendgrid"]', "it stands there twice"),
        ('[mail]\nthen = ["smtp"]', "the spool takes all mail"),
        ('[transport.smtp]\nkind = "smtp"', "a name that is taken"),
        ('[transport.spare]\nhost = "mail.example.org"', 'of no kind. Add kind = "sendgrid" or kind = "smtp"'),
        ('[transport.spare]\nkind = "pigeon"', 'of no kind. Add kind = "sendgrid" or kind = "smtp"'),
        ('[transport.spare]\nkind = "smtp"\nport = 0', "line 3: transport.spare.port = 0"),
        ('[transport.second]\nkind = "sendgrid"\nhsot = "x"', "'transport.second.hsot' is not a known key"),
        ('[sendgrid]\nhours = "6-22"', "06:00-22:00"),
        ('[sendgrid]\nhours = "06:00-06:00"', "06:00-22:00"),
        ('[sendgrid]\nhours_zone = "Mars/Base"', "Europe/Berlin"),
        ('[sendgrid]\ndomains = ["not a domain"]', "is no domain of readers"),
        ('[sendgrid]\ndomain_daily = {"bay.example" = 0}', "greater than or equal to 1"),
        ("[sendgrid]\nfence_minutes = 5", "greater than or equal to 20"),
    ],
)
def test_what_cannot_work_is_said_at_once(tmp_path: Path, text: str, word: str) -> None:
    with pytest.raises(SettingsError) as raised:
        load(written(tmp_path, text), environ={})
    assert word in str(raised.value)
