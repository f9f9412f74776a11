"""What a page states as the text of its story: a third voice, and the story itself where the page shows none."""

import json

import pytest

from syndication.articles.extract import extract_article

URL = "https://coast.example/a"
STORY = [
    f"Boat number {n} came in at dawn with {n * 7} crates of herring, and its crew went home to sleep until noon."
    for n in range(2, 9)
]
SHELL = "<div id=app><nav><a href=/>Home</a></nav><h1>Boats at dawn</h1><p>Loading…</p></div>"


def _page(inside: str, told: str, **more: object) -> str:
    data = {"@type": "NewsArticle", "headline": "Boats at dawn", "articleBody": told, **more}
    return (
        f'<html><head><script type="application/ld+json">{json.dumps(data)}</script></head><body>{inside}</body></html>'
    )


@pytest.mark.parametrize(
    "told",
    [
        "\n\n".join(STORY),
        "\r\n".join(STORY),
        "".join(f"<p>{line}</p>" for line in STORY),
        "".join(f"<p onclick=x()>{line}</p><iframe src=//x.example>script</iframe>" for line in STORY),
    ],
)
def test_a_page_that_a_script_would_fill_gives_the_text_that_it_states(told):
    extract = extract_article(_page(SHELL, told), URL)
    assert extract.text.split("\n\n") == STORY
    assert "script" not in extract.body
    assert extract.title == "Boats at dawn"


@pytest.mark.parametrize(
    ("told", "more"),
    [
        ("\n\n".join(STORY), {"isAccessibleForFree": False}),  # it is for those who pay
        (" ".join(STORY) + " The rest of it […]", {}),
        ("Boats came in at dawn.", {}),
        ("", {}),
    ],
)
def test_what_is_not_free_or_not_whole_is_not_taken(told, more):
    assert extract_article(_page(SHELL, told, **more), URL).body == ""


def test_what_the_page_shows_is_preferred_to_what_it_states():
    shown = "".join(f"<p>{line}</p>" for line in STORY)
    stated = " ".join(STORY)  # without its paragraphs
    assert extract_article(_page(f"<article>{shown}</article>", stated), URL).text.split("\n\n") == STORY


def test_a_name_takes_nothing_that_the_page_vouches_for():
    inside = f"<article><h1>Boats at dawn</h1><p>{STORY[0]}</p>" + "".join(
        f"<div class='promo-box'><p>{line}</p></div>" for line in STORY[1:]
    )
    assert extract_article(_page(inside, "\n".join(STORY)), URL).text.split("\n\n") == STORY


def test_the_story_goes_on_after_links_to_others():
    links = "".join(f"<article><h2><a href=/{n}>Bread riots on the quay, part {n}</a></h2></article>" for n in range(3))
    long = " ".join(STORY[:5])
    inside = f"<div><p>{STORY[5]}</p><aside><h3>Read also:</h3>{links}</aside><p>{long}</p></div>"
    assert extract_article(_page(f"<article><h1>Boats at dawn</h1>{inside}</article>", ""), URL).text.split("\n\n") == [
        STORY[5],
        long,
    ]
