"""`syndication.toml` and the environment -> Settings."""

from pathlib import Path

import pytest

from syndication.errors import SettingsError
from syndication.settings import service

SHIPPED = Path(__file__).parents[2] / "config" / "syndication.toml"


def written(folder: Path, text: str) -> Path:
    path = folder / "syndication.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_shipped_file_is_all_defaults(tmp_path: Path) -> None:
    empty = service.load(written(tmp_path, ""), tmp_path, environ={})
    shipped = service.load(SHIPPED, tmp_path, environ={})
    assert shipped.model_dump(exclude={"config_file"}) == empty.model_dump(exclude={"config_file"})


def test_the_shipped_file_shows_every_key_with_its_default(tmp_path: Path) -> None:
    uncommented = "\n".join(
        line.removeprefix("# ") if line.startswith("# ") and " = " in line and "e.g." not in line else line
        for line in SHIPPED.read_text(encoding="utf-8").splitlines()
        if '["10.0.0.0/8"]' not in line and "wins over the file" not in line and "proxy.example" not in line
    )
    shown = service.load(written(tmp_path, uncommented), tmp_path, environ={})
    assert shown.model_dump() == service.load(written(tmp_path, ""), tmp_path, environ={}).model_dump()
    for name, section in service.File.model_fields.items():
        for key in getattr(section.annotation, "model_fields", ()):  # a further transport has the keys of its kind
            assert f"\n{key} = " in uncommented, f"[{name}] {key} is not shown"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[service]\nlisten = '8080'\n", ["line 2", "service.listen", "address:port"]),
        ("[service]\n\nbase_ulr = 'x'\n", ["line 3", "service.base_ulr", "did you mean 'base_url'"]),
        ("[servise]\nlisten = '1:1'\n", ["line 1", "servise", "did you mean 'service'"]),
        ("[mail]\ntransport = 'pigeon'\n", ["line 2", "mail.transport", "spool"]),
        ("[mail]\nbatch_size = 5000\n", ["line 2", "mail.batch_size", "5000"]),
        ("[mail]\nfrom_address = 'nobody'\n", ["line 2", "mail.from_address"]),
        ("[service\n", ["not valid TOML", "line 1"]),
        ("[database]\nurl = 'mysql://x'\n", ["line 2", "sqlite:///", "postgresql://"]),
    ],
)
def test_a_wrong_key_names_file_line_key_and_a_way_out(tmp_path: Path, text: str, expected: list[str]) -> None:
    path = written(tmp_path, text)
    with pytest.raises(SettingsError) as caught:
        service.load(path, tmp_path, environ={})
    told = str(caught.value)
    assert str(path) in told
    for words in expected:
        assert words.lower() in told.lower()


def test_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    path = written(tmp_path, "[service]\nlisten = '127.0.0.1:1'\n")
    environ = {"SYNDICATION__SERVICE__LISTEN": "127.0.0.1:2", "SYNDICATION__MAIL__BATCH_SIZE": "7"}
    settings = service.load(path, tmp_path, environ=environ)
    assert settings.service.listen == "127.0.0.1:2"
    assert settings.mail.batch_size == 7


def test_a_wrong_key_in_the_environment_is_an_error_too(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"^the environment, SYNDICATION__…: 'service\.listn' is not a known key"):
        service.load(written(tmp_path, ""), tmp_path, environ={"SYNDICATION__SERVICE__LISTN": "x:1"})


def test_a_missing_file_says_how_to_get_one(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="syndication init"):
        service.load(tmp_path / "nowhere.toml", tmp_path, environ={})


def test_a_secret_comes_from_a_variable_a_file_or_the_credentials_directory(tmp_path: Path) -> None:
    settings = service.load(written(tmp_path, ""), tmp_path, environ={})
    (tmp_path / "sendgrid_api_key").write_text("from-directory\n")
    (tmp_path / "other").write_text("from-file\n")
    read = settings.secret
    assert read("sendgrid_api_key", {}) == ""
    assert read("sendgrid_api_key", {"CREDENTIALS_DIRECTORY": str(tmp_path)}) == "from-directory"
    assert read("sendgrid_api_key", {"SYNDICATION_SENDGRID_API_KEY_FILE": str(tmp_path / "other")}) == "from-file"
    assert read("sendgrid_api_key", {"SYNDICATION_SENDGRID_API_KEY": "plain"}) == "plain"
    with pytest.raises(SettingsError, match="cannot be read"):
        read("sendgrid_api_key", {"SYNDICATION_SENDGRID_API_KEY_FILE": str(tmp_path / "none")})


def test_a_secret_in_the_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="api_key"):
        service.load(written(tmp_path, "[sendgrid]\napi_key = 'SG.x'\n"), tmp_path, environ={})


def test_secrets_of_a_kind_are_listed_by_name_and_never_by_value(tmp_path: Path) -> None:
    folder = tmp_path / "credentials"
    folder.mkdir()
    (folder / "feed_bay").write_text("bearer b")
    (folder / "secret_key").write_text("k")
    environ = {
        "SYNDICATION_FEED_HARBOUR": "basic a:b",
        "SYNDICATION_FEED_HILL_FILE": "/run/hill",
        "SYNDICATION_SECRET_KEY": "k",
        "CREDENTIALS_DIRECTORY": str(folder),
    }
    settings = service.load(written(tmp_path, ""), tmp_path, environ={})
    assert settings.secrets("feed_", environ) == ["feed_bay", "feed_harbour", "feed_hill"]
    assert settings.secrets("feed_", {}) == []
