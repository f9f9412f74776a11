"""`publication.toml` -> Publication and Declared."""

import re
from pathlib import Path

import pytest

from syndication.errors import SettingsError
from syndication.model.choice import Cadence
from syndication.model.rights import Rights
from syndication.model.source import SourceKind
from syndication.settings import publication

SHIPPED = Path(__file__).parents[2] / "config" / "publication.toml"
HEAD = "[publication]\ntitle = 'The Harvest'\n"


def load(folder: Path, text: str) -> publication.PublicationFile:
    path = folder / "publication.toml"
    path.write_text(text, encoding="utf-8")
    return publication.load(path, base_url="https://news.example.org")


def test_the_shipped_example_is_valid_once_uncommented_and_shows_the_defaults(tmp_path: Path) -> None:
    lines = [re.sub(r"^# ?(?=\[|[a-z_]+ = |1 Quay|Harbourtown)", "", line) for line in SHIPPED.read_text().splitlines()]
    file = load(tmp_path, "\n".join(lines))
    (source,), (newsletter,), (feed,) = file.declared.sources, file.declared.newsletters, file.declared.feeds
    shown = Rights(expiry_days=365)  # the one right whose default, "never", has no key
    assert source.value.rights == shown
    assert newsletter.value.schedules[0].cadence is Cadence.DAILY
    assert feed.value.items_max == 50
    assert file.publication.base_url == "https://news.example.org"


def test_a_declaration_knows_its_line(tmp_path: Path) -> None:
    file = load(tmp_path, HEAD + "\n[topic.sea]\ntitle = 'Sea'\n\n[topic.land]\ntitle = 'Land'\n")
    assert [topic.declared for topic in file.declared.topics] == ["publication.toml:4", "publication.toml:7"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[partner.a]\nname = 'A'\n", ["line 3", "partner.a.homepage", "add homepage"]),
        ("[source.a]\npartner = 'b'\nurl = 'https://b.example/'\n", ["line 4", "no partner 'b'", "none yet"]),
        ("[source.a]\npartner = 'b'\nurl = 'gopher://b'\n", ["line 5", "http://"]),
        ("[feed.all]\ntitle = 'All'\ntopics = ['sae']\n", ["line 5", "no topic 'sae'"]),
        ("[newsletter.m]\ntitle = 'M'\nzone = 'Europe/Atlantis'\n", ["line 5", "IANA"]),
        ("[newsletter.m]\ntitle = 'M'\nat = '25:00'\n", ["line 5", "newsletter.m.at"]),
        ("[newsletter.m]\ntitle = 'M'\ncadense = ['daily']\n", ["line 5", "did you mean 'cadences'"]),
        ("[newsletter.'../up']\ntitle = 'M'\n", ["line 3", "small letters"]),
        ("[topic.x]\ntitle = ''\n", ["line 4", "topic.x.title"]),
    ],
)
def test_a_fault_names_its_line_and_a_way_out(tmp_path: Path, text: str, expected: list[str]) -> None:
    with pytest.raises(SettingsError) as caught:
        load(tmp_path, HEAD + text)
    for words in expected:
        assert words.lower() in str(caught.value).lower()


def test_a_misspelled_key_is_told_before_the_one_that_is_missing_for_it(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="Did you mean 'title'"):
        load(tmp_path, "[publication]\ntitel = 'The Harvest'\n")


def test_several_faults_are_counted(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="1 more to mend"):
        load(tmp_path, HEAD + "[topic.a]\ntitel = 'A'\n")


PAGES = """
[publication]
title = "The Daily Harvest"

[partner.bay]
name = "Bay Bugle"
homepage = "https://bay.example"

[source.bay]
partner = "bay"
url = "https://bay.example/news"
kind = "listing"
item = "div.teaser"

[[source.bay.rules]]
remove = "aside.letter"

[[source.bay.rules]]
remove = "text:Read more in our letter*"
body = "xpath:.//div[@id='story']"
"""


def test_a_source_may_be_a_list_of_pages_with_rules_about_them(tmp_path: Path) -> None:
    path = tmp_path / "publication.toml"
    path.write_text(PAGES)
    source = publication.load(path, base_url="https://news.example.org").declared.sources[0].value
    assert (source.kind, source.item) == (SourceKind.LISTING, "div.teaser")
    assert [(rule.kind.value, rule.where) for rule in source.rules] == [
        ("remove", "aside.letter"),
        ("remove", "text:Read more in our letter*"),
        ("body", "xpath:.//div[@id='story']"),
    ]


@pytest.mark.parametrize(
    ("old", "new", "line", "says"),
    [
        ('"aside.letter"', '"aside["', 16, "no CSS selector"),
        ("xpath:.//div[@id='story']", "xpath://[", 20, "no XPath"),
        ('"text:Read more in our letter*"', '"text:a*"', 19, "3 to 300"),
        ('remove = "aside.letter"', 'take = "aside"', 16, "not a known key"),
        ('remove = "aside.letter"', "", 15, "a rule says"),
        ('kind = "listing"', 'kind = "sitemap"', 9, "item and link"),
        ('kind = "listing"', 'kind = "site"', 12, "listing"),
        ('"div.teaser"', '"div..x"', 13, "no CSS selector"),
    ],
)
def test_a_wrong_rule_is_told_with_its_line(tmp_path: Path, old: str, new: str, line: int, says: str) -> None:
    path = tmp_path / "publication.toml"
    path.write_text(PAGES.replace(old, new))
    with pytest.raises(SettingsError) as told:
        publication.load(path, base_url="https://news.example.org")
    assert f"line {line}" in str(told.value)
    assert says in str(told.value)
