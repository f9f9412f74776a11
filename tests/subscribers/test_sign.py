"""Tokens: one purpose, one id, any of the keys; everything else is noise."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndication.errors import SettingsError
from syndication.subscribers.sign import Purpose, Signer

OLD, NEW, OTHER = b"o" * 32, b"n" * 32, b"x" * 32
IDS = st.integers(min_value=0, max_value=(1 << 63) - 1)
URL_SAFE = set(string.ascii_letters + string.digits + "-_")


@given(IDS, st.sampled_from(Purpose))
def test_a_token_reads_back_and_is_url_safe(subject, purpose):
    token = Signer((NEW,)).token(purpose, subject)
    assert Signer((NEW,)).read(purpose, token) == subject
    assert set(token) <= URL_SAFE
    assert len(token) == 35


@given(IDS, st.sampled_from(Purpose), st.sampled_from(Purpose))
def test_pub_04_a_token_is_noise_for_every_other_purpose(subject, made_for, used_for):
    signer = Signer((NEW,))
    assert (signer.read(used_for, signer.token(made_for, subject)) == subject) == (made_for is used_for)


@given(IDS, st.integers(0, 34), st.sampled_from(sorted(URL_SAFE)))
def test_pub_04_a_token_with_one_character_changed_is_noise(subject, place, character):
    signer = Signer((NEW,))
    token = signer.token(Purpose.CONFIRM, subject)
    changed = token[:place] + character + token[place + 1 :]
    assert (signer.read(Purpose.CONFIRM, changed) == subject) == (changed == token)


@given(st.text(max_size=60))
def test_pub_04_guessed_text_is_noise(text):
    assert Signer((NEW,)).read(Purpose.UNSUBSCRIBE, text) is None


@pytest.mark.parametrize("cut", [0, 1, 8, 34])
def test_pub_04_a_truncated_token_is_noise(cut):
    signer = Signer((NEW,))
    assert signer.read(Purpose.UNSUBSCRIBE, signer.token(Purpose.UNSUBSCRIBE, 7)[:cut]) is None


def test_keys_are_changed_while_old_links_live_on():
    old_link = Signer((OLD,)).token(Purpose.UNSUBSCRIBE, 7)
    both = Signer((NEW, OLD))
    assert both.read(Purpose.UNSUBSCRIBE, old_link) == 7
    assert both.token(Purpose.UNSUBSCRIBE, 7) == Signer((NEW,)).token(Purpose.UNSUBSCRIBE, 7)
    assert Signer((OTHER,)).read(Purpose.UNSUBSCRIBE, old_link) is None


@pytest.mark.parametrize("keys", [(), (b"",), (b"short",), (NEW, b"short")])
def test_a_missing_or_short_key_stops_the_service(keys):
    with pytest.raises(SettingsError, match="key"):
        Signer(keys)


@pytest.mark.parametrize("subject", [-1, 1 << 63])
def test_an_id_that_does_not_fit_is_refused(subject):
    with pytest.raises(ValueError, match="63"):
        Signer((NEW,)).token(Purpose.CONFIRM, subject)
