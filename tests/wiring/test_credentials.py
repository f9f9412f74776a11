"""Secrets that open feeds: from the environment or a directory, told when missing, and masked in every log."""

import logging
from pathlib import Path

import pytest

from syndication.errors import SettingsError
from tests.wiring.test_house import a_house


def test_credentials_come_from_wherever_secrets_come_from(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    house = a_house(tmp_path)
    monkeypatch.setenv("SYNDICATION_FEED_HILL_POST", "bearer from-environment")
    (tmp_path / "bay").write_text("bearer from-file\n")
    monkeypatch.setenv("SYNDICATION_FEED_BAY_FILE", str(tmp_path / "bay"))
    (tmp_path / "feed_sound").write_text("bearer from-directory\n")
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
    found = {name: house.credential(name).words for name in ("hill-post", "bay", "sound")}
    assert found == {"hill-post": ("from-environment",), "bay": ("from-file",), "sound": ("from-directory",)}


def test_credentials_that_are_missing_say_which_variable_to_set(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(SettingsError, match=r"'hill-post' are not set.*SYNDICATION_FEED_HILL_POST"):
        a_house(tmp_path).credential("hill-post")
    monkeypatch.setenv("SYNDICATION_FEED_BAY", "s3cr3t")
    with pytest.raises(SettingsError, match="'bay' cannot be read") as caught:
        a_house(tmp_path).credential("bay")
    assert "s3cr3t" not in str(caught.value)


def test_no_log_holds_a_feeds_secret(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SYNDICATION_FEED_BAY", "basic ada:pässw0rd")
    monkeypatch.setenv("SYNDICATION_FEED_HILL", "key apikey: s3cr3t/word")
    monkeypatch.setenv("SYNDICATION_FEED_BROKEN", "nonsense")  # its source will say so
    a_house(tmp_path).log_to()
    words = "pässw0rd YWRhOnDDpHNzdzByZA== s3cr3t/word s3cr3t%2Fword"
    logging.getLogger("syndication.test").error(
        "leaked: %s", words, extra={"url": "https://h.example/?apikey=s3cr3t/word"}
    )
    said = capsys.readouterr().err
    assert said.count("[secret]") == 5
    assert not any(word in said for word in (*words.split(), "s3cr3t"))


def test_col_18_our_own_feed_is_refused_where_it_is_declared(tmp_path: Path) -> None:
    service = "[service]\nbase_url = 'https://news.example.org'\n"
    with pytest.raises(SettingsError, match="published by this very service"):
        _ = a_house(tmp_path, source_url="https://news.example.org/feeds/all.rss", service=service).declared
