"""Every right is enforced and explained; a new source gets the safe default; what is not live goes nowhere."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndication.articles.permit import may
from syndication.model.article import ArticleState, Figure
from syndication.model.rights import AGENCIES, Channel, ImageRight, Rights, TextRight
from tests.builders import NOW, a_stored

OWN, BARE = (
    Figure("https://h.example/1.jpg", "Boat.", "Lena Holm/Harbour Daily"),
    Figure("https://h.example/2.jpg", "Quay."),
)
AGENCY, OTHER = (
    Figure("https://h.example/3.jpg", "Storm.", "J. Doe/AFP"),
    Figure("https://h.example/4.jpg", "Mill.", "Tor Bright"),
)
HIDDEN = Figure("https://h.example/5.jpg", "A gull, photographed for Reuters")
FIGURES = (OWN, BARE, AGENCY, OTHER, HIDDEN)


def _ask(rights, channel=Channel.WEB, now=NOW, **stored):
    return may(a_stored(rights=rights, figures=FIGURES, **stored), channel, now)


@pytest.mark.parametrize("channel", Channel)
def test_a_new_source_gets_an_excerpt_a_link_and_its_own_pictures(channel):
    permission = _ask(Rights(), channel)
    assert permission.allowed
    assert permission.body == ""
    assert permission.excerpt
    assert permission.figures == (OWN, BARE)
    assert permission.attribution == "First published by Harbour Daily"
    assert permission.canonical.startswith("https://harbour.example/news/")
    assert not permission.noindex


@pytest.mark.parametrize(
    ("text", "has_excerpt", "has_body"),
    [(TextRight.FULL, True, True), (TextRight.EXCERPT, True, False), (TextRight.LINK, False, False)],
)
def test_text_as_far_as_granted(text, has_excerpt, has_body):
    permission = _ask(Rights(text=text))
    assert bool(permission.excerpt) is has_excerpt
    assert bool(permission.body) is has_body
    assert permission.title
    assert any(reason.startswith("text:") for reason in permission.reasons)


def test_full_text_of_an_article_without_a_body_is_its_excerpt():
    permission = _ask(Rights(text=TextRight.FULL), body="", text="")
    assert permission.body == ""
    assert permission.excerpt
    assert "text: full is granted, but the partner gave only an excerpt" in permission.reasons


def test_an_excerpt_is_no_longer_than_granted():
    permission = _ask(Rights(excerpt_words=7), excerpt="One two three four five. Six seven eight nine.")
    assert permission.excerpt == "One two three four five."


@pytest.mark.parametrize(
    ("rights", "shown"),
    [
        (Rights(images=ImageRight.NONE), ()),
        (Rights(images=ImageRight.OWN_CREDIT), (OWN, BARE)),
        (Rights(images=ImageRight.ALL), (OWN, BARE, OTHER)),
        (Rights(images=ImageRight.ALL, credits_denied=()), FIGURES),
        (Rights(images=ImageRight.ALL, credits_allowed=("AFP",)), (OWN, BARE, AGENCY, OTHER)),
        (Rights(images=ImageRight.OWN_CREDIT, credits_allowed=("Tor Bright",)), (OWN, BARE, OTHER)),
        (Rights(images=ImageRight.ALL, credits_denied=(*AGENCIES, "tor bright")), (OWN, BARE)),
        (Rights(images=ImageRight.NONE, credits_allowed=("AFP",)), ()),
    ],
)
def test_pictures_by_their_credit(rights, shown):
    permission = _ask(rights)
    assert permission.figures == shown


@pytest.mark.parametrize(
    ("credit", "denied"),
    [
        ("AP", True),
        ("Lena Holm / AP", True),
        ("AP Photo/J. Doe", True),
        ("photo: ap", True),
        ("Apple Press", False),
        ("Kapp", False),
    ],
)
def test_an_agency_is_denied_as_a_whole_word(credit, denied):
    figure = Figure("https://h.example/a.jpg", "", credit)
    permission = may(a_stored(rights=Rights(images=ImageRight.ALL), figures=(figure,)), Channel.FEED, NOW)
    assert (permission.figures == ()) is denied


def test_an_agency_beside_the_partners_name_is_still_denied():
    figure = Figure("https://h.example/a.jpg", "", "Harbour Daily/Getty")
    assert may(a_stored(rights=Rights(), figures=(figure,)), Channel.MAIL, NOW).figures == ()


@pytest.mark.parametrize(
    ("rights", "now", "allowed", "word"),
    [
        (Rights(embargo_minutes=60), NOW + timedelta(minutes=59), False, "embargo"),
        (Rights(embargo_minutes=60), NOW + timedelta(minutes=60), True, "embargo"),
        (Rights(expiry_days=30), NOW + timedelta(days=30, seconds=-1), True, "ends"),
        (Rights(expiry_days=30), NOW + timedelta(days=30), False, "ended"),
    ],
)
def test_a_right_has_its_time(rights, now, allowed, word):
    permission = _ask(rights, now=now)
    assert permission.allowed is allowed
    assert word in permission.reasons[0]


@pytest.mark.parametrize("state", [ArticleState.WITHDRAWN, ArticleState.HELD])
@pytest.mark.parametrize("channel", Channel)
def test_what_is_not_live_goes_nowhere(state, channel):
    permission = _ask(Rights(text=TextRight.FULL, images=ImageRight.ALL), channel, state=state)
    assert not permission.allowed
    assert (permission.title, permission.excerpt, permission.body, permission.figures) == ("", "", "", ())
    assert permission.noindex


def test_canonical_noindex_and_attribution_follow_the_rights():
    permission = _ask(
        Rights(canonical=False, noindex=True, attribution="Via {publisher}, with thanks"), publisher="The Bugle"
    )
    assert permission.canonical == ""
    assert permission.noindex
    assert permission.attribution == "Via The Bugle, with thanks"
    assert _ask(Rights(attribution="")).attribution == ""
    assert _ask(Rights(attribution="{publisher} {0} {x}"), publisher="B").attribution == "B {0} {x}"


_rights = st.builds(
    Rights,
    text=st.sampled_from(TextRight),
    images=st.sampled_from(ImageRight),
    excerpt_words=st.integers(1, 80),
    expiry_days=st.none() | st.integers(1, 40),
    embargo_minutes=st.integers(0, 100),
    canonical=st.booleans(),
    noindex=st.booleans(),
)


@given(_rights, st.sampled_from(Channel), st.integers(0, 60))
def test_every_decision_is_explained_and_nothing_exceeds_the_grant(rights, channel, days):
    permission = _ask(rights, channel, NOW + timedelta(days=days))
    assert permission.reasons[0].startswith(f"{channel.value}: {'yes' if permission.allowed else 'no'}")
    if not permission.allowed:
        return
    told = " ".join(permission.reasons)
    assert all(word in told for word in ("text:", "image", "attribution:", "canonical:", "noindex:"))
    assert bool(permission.body) is (rights.text is TextRight.FULL)
    assert len(permission.excerpt.split()) <= rights.excerpt_words
    assert AGENCY not in permission.figures
    assert not (rights.images is ImageRight.NONE and permission.figures)
