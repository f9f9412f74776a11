"""Every right is enforced and explained; a new source gets the safe default; what is not live goes nowhere."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndication.articles.permit import changes_at, granted_figures, may
from syndication.model.article import ArticleState, Figure
from syndication.model.image import Image, ImageSize
from syndication.model.rights import AGENCIES, Channel, ImageRight, Rights, Terms, TextRight
from syndication.model.signals import Signals
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


def named(*figures):
    """As they are shown: what carries no credit is credited to the partner."""
    return tuple(replace(figure, credit=figure.credit or "Harbour Daily") for figure in figures)


def _ask(rights, channel=Channel.WEB, now=NOW, **stored):
    return may(a_stored(rights=rights, figures=FIGURES, **stored), channel, now)


@pytest.mark.parametrize("channel", Channel)
def test_a_new_source_gets_an_excerpt_a_link_and_its_own_pictures(channel):
    permission = _ask(Rights(), channel)
    assert permission.allowed
    assert permission.body == ""
    assert permission.excerpt
    assert permission.figures == named(OWN, BARE)
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
    assert permission.figures == named(*shown)


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


# -- what an item says of itself

BY, ND, NC = (f"https://creativecommons.org/licenses/{kind}/4.0/" for kind in ("by", "by-nd", "by-nc"))
LONG = "One two three four five six seven. " * 12


@pytest.mark.parametrize(
    ("rights", "licence", "full"),
    [
        (Rights(), BY, False),  # an agreement must say so first
        (Rights(open_licences=True), BY, True),
        (Rights(open_licences=True), ND, True),
        (Rights(open_licences=True), NC, False),  # nobody knows whether we are commercial
        (Rights(open_licences=True), "https://house.example/licence", False),
        (Rights(open_licences=True), "", False),
        (Rights(open_licences=True, text=TextRight.LINK), BY, True),
    ],
)
def test_an_open_licence_grants_the_text_where_the_agreement_follows_it(rights, licence, full):
    permission = _ask(rights, terms=Terms(licence=licence))
    assert bool(permission.body) is full
    assert permission.no_edit is (licence == ND and rights.open_licences)


def test_a_licence_is_named_with_its_address_beside_the_attribution():
    permission = _ask(Rights(), terms=Terms(licence=BY))
    assert permission.attribution == f"First published by Harbour Daily. Licence: CC BY 4.0, {BY}"
    assert permission.licence == BY
    assert _ask(Rights(), rights_note=f"(c) The house, {BY}").licence == BY
    assert _ask(Rights(text=TextRight.LINK), terms=Terms(licence=BY)).attribution == "First published by Harbour Daily"


def test_the_later_of_two_embargoes_holds():
    opens = NOW + timedelta(hours=5)
    rights = Rights(embargo_minutes=60)
    assert not _ask(rights, terms=Terms(embargo_until=opens), now=opens - timedelta(seconds=1)).allowed
    assert _ask(rights, terms=Terms(embargo_until=opens), now=opens).allowed
    stored = a_stored(rights=rights, terms=Terms(embargo_until=opens))
    assert changes_at(stored, NOW) == opens
    assert changes_at(stored, opens) is None


@pytest.mark.parametrize(
    ("signals", "rights", "excerpted"),
    [
        (Signals(nosnippet=True), Rights(), False),
        (Signals(max_snippet=0), Rights(), False),
        (Signals(max_snippet=60), Rights(), True),
        (Signals(nosnippet=True), Rights(text=TextRight.FULL), True),  # the agreement reaches further
    ],
)
def test_what_a_page_asks_of_robots_narrows_an_excerpt(signals, rights, excerpted):
    permission = _ask(rights, signals=signals)
    assert bool(permission.excerpt) is excerpted
    assert (permission.nosnippet, permission.max_snippet) == (signals.nosnippet, signals.max_snippet)
    if signals.max_snippet is not None:
        assert len(permission.excerpt) <= signals.max_snippet


def test_noindex_reservation_and_end_of_the_page_itself_are_kept():
    ends = NOW + timedelta(days=2)
    signals = Signals(noindex=True, tdm_reserved=True, unavailable_after=ends)
    permission = _ask(Rights(), signals=signals)
    assert permission.noindex
    assert permission.tdm_reserved
    assert not _ask(Rights(), signals=signals, now=ends).allowed
    assert not _ask(Rights(expiry_days=1), signals=signals, now=NOW + timedelta(days=1)).allowed


def test_what_may_not_be_edited_fits_or_is_left_out():
    permission = _ask(Rights(no_edit=True), excerpt=LONG)
    assert (permission.excerpt, permission.no_edit) == ("", True)
    assert any("must not be cut" in reason for reason in permission.reasons)
    assert _ask(Rights(no_edit=True), excerpt="One two three.").excerpt == "One two three."
    assert _ask(Rights(no_edit=True, text=TextRight.FULL), excerpt=LONG).body


# -- where, and counted by whom


@pytest.mark.parametrize("channel", Channel)
def test_an_agreement_may_reach_some_places_only(channel):
    rights = Rights(channels=(Channel.WEB,), image_channels=(Channel.WEB,))
    assert _ask(rights, channel).allowed is (channel is Channel.WEB)
    permission = _ask(Rights(image_channels=(Channel.WEB,)), channel)
    assert bool(permission.figures) is (channel is Channel.WEB)


@pytest.mark.parametrize("channel", Channel)
def test_readers_are_counted_by_agreement_of_full_texts_and_never_in_mail(channel):
    counted = Rights(text=TextRight.FULL, counter_pixel="https://count.example/p.gif?u={url}&i={id}")
    pixel = _ask(counted, channel, url="https://h.example/a?b=c&d").pixel
    assert bool(pixel) is (channel is not Channel.MAIL)
    if pixel:
        assert pixel.startswith("https://count.example/p.gif?u=https%3A%2F%2Fh.example%2Fa%3Fb%3Dc%26d&i=")
    assert _ask(replace(counted, text=TextRight.EXCERPT), channel).pixel == ""
    assert _ask(Rights(text=TextRight.FULL), channel).pixel == ""


@pytest.mark.parametrize(
    "address", ["http://count.example/p", "javascript:alert(1)", "//count.example", "https://{id}"]
)
def test_a_counter_has_an_https_address(address):
    with pytest.raises(ValueError, match="https"):
        Rights(counter_pixel=address)


def test_a_picture_of_two_houses_needs_both_to_be_allowed():
    figure = Figure("https://h.example/a.jpg", "", "AFP/Getty Images")

    def ask(*allowed):
        rights = Rights(images=ImageRight.ALL, credits_allowed=allowed)
        return may(a_stored(rights=rights, figures=(figure,)), Channel.WEB, NOW).figures

    assert ask("AFP") == ()
    assert ask("AFP", "Getty Images") == (figure,)


def test_pictures_worth_keeping_are_those_that_some_place_may_show_embargo_or_not():
    rights = Rights(embargo_minutes=600, image_channels=(Channel.MAIL,))
    assert granted_figures(a_stored(rights=rights, figures=FIGURES)) == named(OWN, BARE)
    assert granted_figures(a_stored(rights=Rights(images=ImageRight.NONE), figures=FIGURES)) == ()


def test_an_image_is_shown_only_beside_its_figure():
    image, stranger = (Image(src, "ab" * 16, (ImageSize(640, 400, 9),)) for src in (OWN.src, AGENCY.src))
    permission = _ask(Rights(), images=(image, stranger))
    assert permission.images == (image,)
    assert permission.image(OWN) == image
    assert permission.image(BARE) is None
