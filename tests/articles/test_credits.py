"""An agency is known by its place in a credit; a word that only looks like its name is nobody's."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndication.articles.credits import agencies_in, first_named
from syndication.model.rights import AGENCIES


@pytest.mark.parametrize(
    ("credit", "names"),
    [
        ("(Reuters)", {"Reuters"}),
        ("REUTERS/Lena Holm", {"Reuters"}),
        ("Lena Holm, Reuters", {"Reuters"}),
        ("AFP/Getty Images", {"AFP", "Getty Images"}),
        ("Photo by Lena Holm / AFP", {"AFP"}),
        ("AFP via Getty Images", {"AFP", "Getty Images"}),
        ("dpa", {"dpa"}),
        ("Foto: Lena Holm/dpa-Zentralbild", {"dpa"}),
        ("picture alliance/dpa", {"picture alliance", "dpa"}),
        ("AP Photo/Lena Holm", {"AP"}),
        ("A.P.", {"AP"}),
        ("Lena Holm for The Associated Press", {"Associated Press"}),
        ("EPA-EFE/LENA HOLM", {"EPA-EFE"}),
        ("EPA/LENA HOLM", {"EPA"}),
        ("ANSA", {"ANSA"}),
        ("foto ANSA / Lena Holm", {"ANSA"}),
        ("Keystone", {"Keystone"}),
        ("KEYSTONE/Lena Holm", {"Keystone"}),
        ("Keystone-SDA", {"Keystone-SDA"}),
        ("© Shutterstock", {"Shutterstock"}),
        ("Lena Holm Getty Images", {"Getty Images"}),
        ("PA Wire", {"PA Wire"}),
        ("Lena Holm - AP", {"AP"}),
        ("ＡＰ", {"AP"}),
        ("R\u200beuters", {"Reuters"}),
        ("共同", {"共同"}),
        ("写真：共同通信社", {"共同通信社"}),
        ("新华社 记者", {"新华社"}),
        ("ロイター／港の人", {"ロイター"}),
        ("연합뉴스", {"연합뉴스"}),
        ("РИА Новости", {"РИА Новости"}),
        ("Gettyimages.de", {"Gettyimages.de"}),
        ("Lena Holm/Lusa", {"Lusa"}),
        ("Lena Holm / Ritzau Scanpix", {"Ritzau Scanpix"}),
        ("ABACA", {"ABACA"}),
        ("Lena Holm / Magnum", {"Magnum"}),
        ("CP", {"CP"}),
    ],
)
def test_the_usual_credits_of_agencies(credit, names):
    found = set(agencies_in(credit, "", AGENCIES))
    assert names <= found
    assert found <= set(AGENCIES)


@pytest.mark.parametrize(
    "credit",
    [
        "",
        "Lena Holm",
        "Ansa Lindqvist",
        "Keystone Street Photographers",
        "Getty Museum",
        "J. Paul Getty",
        "Apple Press",
        "Kapp / Holm",
        "Fritz Reuter",
        "Reuterswerk Foto",
        "Epa Holm",
        "Tass Holm",
        "Rapid Foto",
        "Map: Harbour Daily",
        "Paper Mill Archive",
        "Tor Pa",
        "Imago Holm",
    ],
)
def test_words_that_look_like_an_agency_are_none(credit):
    assert agencies_in(credit, credit, AGENCIES) == ()


@pytest.mark.parametrize(
    ("caption", "denied"),
    [
        ("The storm at the pier. (Lena Holm/AFP)", True),
        ("The storm at the pier (Reuters).", True),
        ("The storm at the pier. Photo: AP", True),
        ("The storm at the pier © dpa", True),
        ("The storm at the pier | ANSA", True),
        ("A gull, photographed for Reuters", True),
        ("The storm, Lena Holm/EPA-EFE", True),
        ("The storm at the pier. REUTERS/Lena Holm", True),
        ("The storm at the pier. AP/Lena Holm", True),
        ("The storm at the pier. Lena Holm, AFP", True),
        ("The storm | Reuters", True),
        ("港の船（共同）", True),
        ("港の船＝共同", True),
        ("港の船 時事通信社", True),
        ("Лодка у причала (РИА Новости)", True),
        ("She told Reuters that the pier is closed.", False),
        ("The old Keystone factory before the fire.", False),
        ("Ansa Lindqvist (left) opens the new school.", False),
        ("Inspectors of the EPA at the mill.", False),
        ("The editor of AFP at the harbour (second from left).", False),
        ("An aerial view (the mill is at the top).", False),
    ],
)
def test_a_credit_at_the_end_of_a_caption_counts_and_prose_does_not(caption, denied):
    assert bool(agencies_in("", caption, AGENCIES)) is denied


@given(st.text(max_size=400), st.text(max_size=400))
def test_any_text_is_judged_and_nothing_outside_the_list_is_named(credit, caption):
    assert set(agencies_in(credit, caption, AGENCIES)) <= set(AGENCIES)


@pytest.mark.parametrize(
    ("text", "names", "found"),
    [
        ("Photo: tor  bright", ("Tor Bright",), "Tor Bright"),
        ("Tor Brightly", ("Tor Bright",), ""),
        ("Harbour Daily / L. Holm", ("", "Harbour Daily"), "Harbour Daily"),
    ],
)
def test_a_name_is_found_as_whole_words(text, names, found):
    assert first_named(text, names) == found
