"""Sentences that begin as furniture does, and are none."""

import pytest

from syndication.articles.tidy import tidy_html

FIRST = "<p>The ferry sails again on Monday, after eleven weeks in the yard, the company said on the pier.</p>"


@pytest.mark.parametrize(
    "sentence",
    [
        "By Monday all was well.",
        "Already a subscriber of the Tribune, he wrote letters daily.",
        "© is a sign of owners, he explained to us.",
        "続きを読むには会員登録が必要だと市は説明していたが、今は誰でも読めるようになった。",
    ],
)
def test_a_sentence_that_begins_as_furniture_stays(sentence):
    assert sentence in tidy_html(f"{FIRST}<p>{sentence}</p>{FIRST.replace('ferry', 'boat')}", base_url="").text


@pytest.mark.parametrize(
    ("line", "rule"),
    [
        ("By Mara Quill", "byline"),
        ("Already a subscriber? Log in to go on.", "paywall"),
        ("© 2026 The Harbour Herald. All rights reserved.", "copyright"),
        ("続きを読むには会員登録が必要です。", "paywall"),
    ],
)
def test_furniture_still_goes(line, rule):
    told = tidy_html(f"{FIRST}<p>{line}</p>{FIRST.replace('ferry', 'boat')}", base_url="")
    assert [block.rule for block in told.removed] == [rule]


@pytest.mark.parametrize(
    "line",
    [
        'This story originally appeared on <a href="https://herald.example/">Harbour Herald</a> and is part of X.',
        'Dieser Artikel erschien zuerst im <a href="https://herald.example/">Hafenboten</a>.',
        "Der Beitrag erschien zuerst auf Hafenbote.",
        'Cet article est paru initialement dans <a href="https://herald.example/">Le Quai</a>.',
        'Quelle: <a href="https://herald.example/">Hafenbote</a>',
    ],
)
def test_a_line_that_credits_another_house_is_known(line):
    told = tidy_html(f"{FIRST}<p>{line}</p>", base_url="")
    assert [block.rule for block in told.removed] == ["credit-line"]
    assert told.publisher
