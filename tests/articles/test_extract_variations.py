"""The usual partner page in every mixture of themes and wordings that we could think of comes out the same."""

import json
from itertools import product
from pathlib import Path
from string import Template

import pytest

from syndication.articles.extract import extract_article
from syndication.model.article import Figure, RelatedLink

URL = "https://shorepost.example/2026/05/otters"
CORPUS = Path(__file__).parents[1] / "corpus" / "themes"
PARTS = json.loads((CORPUS / "parts.json").read_text())
TEXTS = PARTS["texts"]
THEMES = sorted(theme.stem for theme in CORPUS.glob("*.html"))
STORY = [TEXTS[name] for name in ("lead", "second", "third", "fourth", "last")]
CUT = " ".join(f"{TEXTS['lead']} {TEXTS['second']}".split()[:55]) + " [&hellip;]"

# Each kind of part with each theme, the other parts held still.
MIXTURES = sorted(
    {(theme, credit, "images", "label", "figure") for theme, credit in product(THEMES, PARTS["credit_lines"])}
    | {(theme, "strong", share, "label", "figure") for theme, share in product(THEMES, PARTS["shares"])}
    | {(theme, "heading", "text", cross, "caption-div") for theme, cross in product(THEMES, PARTS["cross_links"])}
    | {(theme, "strong", "list", "label", photo) for theme, photo in product(THEMES, PARTS["photos"])}
)


def _page(theme, credit, share, cross, photo):
    lead, second, third, fourth, last = (f"<p>{paragraph}</p>" for paragraph in STORY)
    line = PARTS["credit_lines"][credit]
    third = Template(line).substitute(third=TEXTS["third"]) if "$third" in line else third + line
    picture = Template(PARTS["photos"][photo]).substitute(caption=TEXTS["caption"])
    body = lead + picture + second + PARTS["cross_links"][cross] + third + fourth + last + PARTS["shares"][share]
    return Template((CORPUS / f"{theme}.html").read_text()).substitute(body=body, cut=CUT)


@pytest.mark.parametrize("mixture", MIXTURES, ids="-".join)
def test_the_usual_page_comes_out_clean(mixture):
    extract = extract_article(_page(*mixture), URL)
    assert extract.title == "Otters return to the Lower Mere"
    assert extract.byline == "Lars Fenn"
    assert extract.date.isoformat() == "2026-05-04T10:00:00+00:00"
    assert extract.site == "Shore Post"
    assert extract.original_publisher == "The Mere Herald"
    assert extract.original_link == "https://mereherald.example/"
    assert extract.excerpt == TEXTS["lead"]
    assert extract.text.split("\n\n") == STORY
    assert extract.figures == (
        Figure("https://shorepost.example/otter.jpg", TEXTS["caption"], "Aster Agency", "Otter"),
    )
    assert extract.related == (RelatedLink("Weir to be opened by hand", "https://shorepost.example/weir"),)
    assert "cut-excerpt" in [removed.rule for removed in extract.removed]
