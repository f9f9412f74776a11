"""[smtp], [dkim] and [returns]: what is accepted, and in what words the rest is refused."""

from pathlib import Path

import pytest

from syndication.errors import SettingsError
from syndication.settings.service import load


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "syndication.toml"
    path.write_text(text)
    return path


def test_a_relay_on_this_machine_and_one_with_a_log_in(tmp_path: Path) -> None:
    near = load(written(tmp_path, '[smtp]\nhost = "127.0.0.1"\nport = 25\ntls = "none"'), environ={})
    assert near.smtp.port == 25
    far = load(
        written(tmp_path, '[mail]\ntransport = "smtp"\n[smtp]\nhost = "mail.example.org"\nuser = "ada"'), environ={}
    )
    assert (far.smtp.port, far.smtp.tls, far.smtp.verify) == (587, "starttls", True)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ('[smtp]\nhost = "mail.example.org"\ntls = "none"', "on this machine"),
        ('[smtp]\nhost = "smtp://mail.example.org"', "a name or an address"),
        ('[smtp]\ntls = "sometimes"', "starttls"),
        ("[smtp]\nport = 0", "greater than or equal to 1"),
        ('[smtp]\nehlo = "news example"', "name of this machine"),
        ("[smtp]\nconnections = 1000", "less than or equal to 200"),
        ('[dkim]\ndomain = "example.org"', "together"),
        ('[dkim]\ndomain = "example.org"\nselector = "a b"', "letters"),
        ('[returns]\nbounce_address = "a-very-long-name-of-a-box@example.org"', "20 characters"),
        ('[returns]\nunsubscribe_address = "leave@example.org"', "only when its mailbox is read"),
        ('[returns]\nmaildir = "/box"\nimap_host = "mail.example.org"\nimap_user = "a"', "not both"),
        ('[returns]\nimap_host = "mail.example.org"', "imap_user is missing"),
    ],
)
def test_what_cannot_work_is_said_at_once(tmp_path: Path, text: str, word: str) -> None:
    with pytest.raises(SettingsError) as raised:
        load(written(tmp_path, text), environ={})
    assert word in str(raised.value)
