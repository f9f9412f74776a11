"""`source add|test|pause|resume`: from any address to a source, shown before it is one."""

import io
from base64 import b64encode

import pytest

from tests.world import item, rss

LINK = '<link rel="alternate" type="application/rss+xml" href="{}">'


@pytest.fixture
def seated(operator):
    operator.sets_up()
    return operator


@pytest.fixture
def bay(seated, partner):
    """A site with two feeds, whose first story has junk in it."""
    html = f"<!doctype html><html><head>{LINK.format('/bay.xml')}{LINK.format('/sport.xml')}</head><body></body></html>"
    partner.puts("/bay/", html, type="text/html")
    text = "The bay is calm. " * 20 + "</p><p>CLICK HERE TO READ MORE FROM BAY NEWS</p>"
    home = rss(item(1, text=text, link=partner.url("/n/1")), title="Bay News").replace("harbour.example", "bay.example")
    partner.puts("/bay.xml", home)
    partner.puts("/sport.xml", rss(item(7), title="Bay Sport"))
    return partner.url("/bay/")


def says(monkeypatch, text):
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(text.encode())))


def test_add_finds_the_feed_shows_what_it_will_look_like_and_asks(seated, bay, partner, monkeypatch):
    says(monkeypatch, "1\ny\n")
    said = seated("source", "add", bay, "--name", "bay")
    assert said.code == 0, said.err
    assert "named by the page" in said.out
    assert "The bay is calm." in said.out
    assert "CLICK HERE TO READ MORE FROM BAY NEWS" in said.out  # what was removed, with its rule
    assert "First published by Bay News" in said.out
    assert "added as bay" in said.err
    assert seated("source", "poll", "bay", "--json").json["polled"][0]["new"] == 1


@pytest.mark.parametrize(("typed", "why"), [("1\nn\n", "you said no"), ("", "say --yes"), ("9\n", "no feed 9")])
def test_add_without_agreement_adds_nothing(seated, bay, monkeypatch, typed, why):
    says(monkeypatch, typed)
    said = seated("source", "add", bay)
    assert said.code == 5
    assert why in " ".join(said.err.lower().split())
    assert len(seated("source", "list", "--json").json) == 1


def test_add_with_yes_takes_the_likeliest_and_names_the_others(seated, bay, partner):
    added = seated("source", "add", bay, "--yes", "--json").json
    assert (added["source"], added["address"], added["other_feeds"]) == (
        "127-0-0-1", partner.url("/bay.xml"), [partner.url("/sport.xml")],
    )  # fmt: skip
    assert added["previews"][0]["removed"]
    partner.puts("/bay.xml/", rss(item(1)))
    again = seated("source", "add", partner.url("/bay.xml/"), "--yes")
    assert again.code == 5  # a last slash makes no other feed
    assert f"it is the source '127-0-0-1', as {partner.url('/bay.xml')}" in again.err


def test_add_in_a_rehearsal_shows_all_and_adds_nothing(seated, bay):
    rehearsed = seated("source", "add", bay, "--dry-run", "--json").json
    assert rehearsed["dry_run"] is True and rehearsed["previews"]
    assert len(seated("source", "list", "--json").json) == 1


def test_add_of_what_is_a_source_already_names_it(seated, partner):
    partner.lists(1)
    said = seated("source", "add", partner.url("/feed"), "--yes")
    assert said.code == 5
    assert "it is the source 'harbour'" in said.err


def test_add_of_a_private_address_says_so_in_plain_words(seated):
    said = seated("source", "add", "http://10.1.2.3/feed", "--yes")
    assert said.code == 5
    assert "10.1.2.3 is private" in said.err and "[outbound] allow" in said.err


def test_col_18_add_of_our_own_feed_is_refused(seated, partner):
    seated.settings(f'[service]\nbase_url = "{partner.url("")}"\n')
    partner.puts("/feeds/all.rss", rss(item(1)))
    said = seated("source", "add", partner.url("/feeds/all.rss"), "--yes")
    assert said.code == 5
    assert "published by this very service" in said.err


def test_a_feed_behind_a_door_is_added_tested_and_polled_with_its_credentials(seated, partner, monkeypatch):
    partner.puts("/closed?apikey=s3cr3t", rss(item(1)))
    missing = seated("source", "add", partner.url("/closed"), "--yes", "--credentials", "bay")
    assert missing.code == 3
    assert "SYNDICATION_FEED_BAY" in missing.err
    monkeypatch.setenv("SYNDICATION_FEED_BAY", "key apikey: s3cr3t")
    for said in (
        seated("source", "add", partner.url("/closed"), "--yes", "--credentials", "bay", "--name", "bay"),
        seated("source", "test", "bay"),
        seated("source", "poll", "bay"),
        seated("source", "show", "bay", "--json"),
    ):
        assert said.code == 0, said.err
        assert "s3cr3t" not in said.out + said.err


def test_a_password_is_never_shown(seated, partner, monkeypatch):
    told = b64encode(b"ada:s3cr3t").decode()
    partner.puts("/feed", rss(item(1)))
    monkeypatch.setenv("SYNDICATION_FEED_BAY", "basic ada:s3cr3t")
    said = seated("source", "test", partner.url("/feed"), "--credentials", "bay")
    assert said.code == 0 and told not in said.out + said.err


def test_test_stores_nothing(seated, bay, partner, rows):
    before = [rows(f"SELECT * FROM {table}") for table in ("source", "article", "fetch_log", "quarantine")]
    partner.lists(1, 2)
    assert len(seated("source", "test", "harbour", "--json").json["previews"]) == 2
    assert seated("source", "test", bay, "--json").json["title"] == "Bay News"
    assert before == [rows(f"SELECT * FROM {table}") for table in ("source", "article", "fetch_log", "quarantine")]


def test_test_of_what_is_no_feed_says_what_came(seated, partner):
    partner.puts("/feed", "<html><body>busy</body></html>", type="text/html")
    said = seated("source", "test", "harbour")
    assert said.code == 7
    assert "a web page came in place of the feed" in said.out
    assert seated("source", "test", "harbuor").code == 4


def test_pause_and_resume(seated, partner):
    partner.lists(1)
    assert seated("source", "pause", "harbour", "--why", "they rebuild").code == 0
    (row,) = seated("source", "list", "--json").json
    assert (row["state"], row["trouble"]) == ("paused", "paused by hand: they rebuild")
    refused = seated("source", "poll", "harbour")
    assert refused.code == 5 and "source resume harbour" in refused.err
    assert seated("source", "pause", "harbour").code == 5
    assert seated("source", "resume", "harbour", "--dry-run").code == 0
    assert seated("source", "list", "--json").json[0]["state"] == "paused"
    assert seated("source", "resume", "harbour").code == 0
    assert seated("source", "poll", "harbour").code == 0
    assert seated("source", "resume", "harbour").code == 5
    assert seated("source", "pause", "harbuor").code == 4


def test_test_shows_what_came_beside_what_became_of_it(seated, bay):
    said = seated("source", "test", bay, "--beside")
    assert said.code == 0, said.err
    assert "as it came" in said.out
    assert "credit-line" in said.out.partition("as it came")[2]


def test_a_guess_that_leads_nowhere_is_told_once_for_each_reason(seated, partner):
    links = LINK.format("/gone.xml") + LINK.format("/lost.xml") + LINK.format("/bay.xml")
    partner.puts("/bay/", f"<!doctype html><html><head>{links}</head><body></body></html>", type="text/html")
    partner.puts("/bay.xml", rss(item(1), title="Bay News"))
    added = seated("source", "add", partner.url("/bay/"), "--yes", "--json").json
    assert added["passed_over"] == [f"{partner.url('/gone.xml')} and 1 more: its status is 404"]


@pytest.mark.parametrize(
    ("address", "fix"), [("ftp://bay.example/feed", False), ("http://10.0.0.1/feed", True), ("http://a\\b/", False)]
)
def test_only_a_private_address_is_told_how_to_be_allowed(seated, address, fix):
    said = seated("source", "add", address, "--yes")
    assert said.code == 5
    assert ("[outbound] allow" in said.err) is fix


def test_a_long_list_in_an_agreement_is_shown_by_its_beginning(seated):
    said = seated("source", "show", "harbour")
    assert "AFP, Agence France-Presse" in said.out
    assert " more\n" in said.out
    assert len(seated("source", "show", "harbour", "--json").json["rights"]["credits_denied"]) > 20
