"""A House puts the real parts together, and refuses at the door what could never work."""

from pathlib import Path

import pytest

from syndication.errors import SettingsError
from syndication.wiring import House


def a_house(folder: Path, *, source_url: str = "https://harbour.example/feed", service: str = "") -> House:
    config = folder / "config"
    config.mkdir(exist_ok=True)
    (config / "syndication.toml").write_text(service)
    (config / "publication.toml").write_text(
        "[publication]\ntitle = 'The Harvest'\ncontact = 'desk@example.org'\n\n"
        "[partner.harbour]\nname = 'Harbour Daily'\nhomepage = 'https://harbour.example'\n\n"
        f"[source.harbour]\npartner = 'harbour'\nurl = '{source_url}'\n"
    )
    return House.open(config / "syndication.toml", folder / "data")


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("https://user:word@harbour.example/feed", "user"),
        ("https://harbour.example\\\\feed", "backslash"),
        ("https://harbour.example/a feed", "space"),
    ],
)
def test_col_01_an_address_that_is_never_fetched_is_refused_where_it_is_declared(
    tmp_path: Path, url: str, why: str
) -> None:
    with pytest.raises(SettingsError) as caught:
        _ = a_house(tmp_path, source_url=url).declared
    assert "publication.toml:9" in str(caught.value) and "'harbour'" in str(caught.value)
    assert why in caught.value.why.lower()


def test_a_key_is_made_once_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    first, second = a_house(tmp_path), a_house(tmp_path)
    assert first.key == second.key
    assert (tmp_path / "data" / "secret.key").stat().st_mode & 0o777 == 0o600


def test_links_addresses_and_deliveries_have_keys_of_their_own(tmp_path: Path) -> None:
    house = a_house(tmp_path)
    assert len({house.key, house.address_key, house.letterhead.key}) == 3


def test_mail_without_a_sender_is_an_error_that_says_where_to_name_one(tmp_path: Path) -> None:
    house = a_house(tmp_path)
    file = tmp_path / "config" / "publication.toml"
    file.write_text(file.read_text().replace("contact = 'desk@example.org'\n", ""))
    with pytest.raises(SettingsError, match="from_address"):
        _ = house.sender


def test_a_live_transport_without_a_key_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="SYNDICATION_SENDGRID_API_KEY"):
        _ = a_house(tmp_path, service="[mail]\ntransport = 'sendgrid'\n").outbox
