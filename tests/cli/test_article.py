"""`article`: listed, narrowed, and shown with what each output may show of it and why."""

import sqlite3

import pytest


def test_a_listing_has_the_newest_first(operator):
    operator.has_news()
    listed = operator("article", "list", "--json").json
    assert [row["title"] for row in listed][:2] == ["Ferry 3 sails again", "Ferry 2 sails again"]
    assert {row["partner"] for row in listed} == {"Harbour Daily"}
    assert {tuple(row["topics"]) for row in listed} == {("harbour",)}
    assert len(operator("article", "list", "--limit", 1, "--json").json) == 1
    assert "Ferry 3 sails again" in operator("article", "list").out


def test_it_can_be_narrowed(operator):
    operator.has_news(more='[topic.land]\ntitle = "Land"\n')
    assert len(operator("article", "list", "--topic", "harbour", "--partner", "harbour", "--json").json) == 3
    assert operator("article", "list", "--topic", "land", "--json").json == []
    assert operator("article", "list", "--state", "withdrawn", "--json").json == []
    assert "no such article" in operator("article", "list", "--topic", "land").err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("list", "--topic", "harbor"), "did you mean 'harbour'?"),
        (("list", "--partner", "harbor"), "did you mean 'harbour'?"),
        (("show", 99), "see `syndication article list`"),
    ],
)
def test_what_is_not_there_is_said_to_be(arguments, words, operator):
    operator.sets_up()
    said = operator("article", *arguments)
    assert (said.code, said.out) == (4, "")
    assert words in said.err


def test_one_article_is_told_whole(operator):
    operator.has_news()
    shown = operator("article", "show", 1)
    for words in ("Ferry 1 sails again", "in feed", "in web", "in mail", "an excerpt of at most", "1, seen 20"):
        assert words in shown.out
    data = operator("article", "show", 1, "--json").json
    assert data.keys() == {"article", "permissions", "revisions"}
    assert data["permissions"].keys() == {"feed", "web", "mail"}


def test_an_empty_house_says_what_is_next(operator):
    operator.sets_up()
    assert "source poll" in operator("article", "list").err


def test_con_15_what_a_partner_wrote_repaints_no_terminal(operator):
    """Past every cleaner: as if it had been stored by an older version."""
    operator.has_news()
    connection = sqlite3.connect("data/syndication.db")
    hostile = "'wiped ' || char(27) || '[2J' || char(155) || '1mbold'"
    connection.execute(f"UPDATE article_revision SET content = json_set(content, '$.title', {hostile})")
    connection.execute("UPDATE source SET last_error = char(27) || ']0;title' || char(7) || 'late'")
    connection.commit()
    connection.close()
    for command in (("article", "list"), ("article", "show", "1"), ("source", "list"), ("article", "list", "--json")):
        said = operator(*command)
        assert said.code == 0
        assert not set(said.out + said.err) & {"\x1b", "\x9b", "\x07"}
    assert "wiped bold" in operator("article", "list").out
    assert operator("article", "list", "--json").json[0]["title"] == "wiped \x1b[2J\x9b1mbold"
