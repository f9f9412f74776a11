"""Bits over the places of a manifest: OR-ing twice changes nothing, and what was set is found again."""

from hypothesis import given
from hypothesis import strategies as st

from syndication.deliveries import bits
from syndication.model.event import EventKind

PLACES = st.sets(st.integers(min_value=0, max_value=999))
OF_NO_MAIL = {EventKind.SUSPENDED, EventKind.REACTIVATED}


@given(PLACES)
def test_what_is_set_is_found_in_order(places: set[int]) -> None:
    data = bits.to_bytes(bits.bit(places))
    assert list(bits.places(data)) == sorted(places)
    assert bits.count(data, of=1000) == len(places)
    assert all(bits.has(data, place) is (place in places) for place in range(1000))
    assert len(data) <= 125


@given(st.lists(PLACES, max_size=5), st.randoms())
def test_told_twice_and_in_any_order_is_told_once(told: list[set[int]], chance) -> None:
    def or_all(parts: list[set[int]]) -> int:
        found = 0
        for part in parts:
            found |= bits.bit(part)
        return found

    shuffled = told * 2
    chance.shuffle(shuffled)
    assert or_all(shuffled) == or_all(told)


def test_places_that_a_halved_manifest_has_no_more_are_not_counted() -> None:
    assert bits.count(bits.to_bytes(bits.bit({0, 1, 7})), of=4) == 2
    assert bits.count(b"", of=4) == 0


def test_every_kind_that_is_about_a_mail_has_its_bits() -> None:
    assert set(EventKind) - set(bits.BITS) == OF_NO_MAIL


@given(st.sets(st.integers(0, 200)), st.sets(st.integers(0, 200)))
def test_bits_go_along_with_their_readers_when_places_leave(told, gone):
    readers = list(range(201))
    staying = [reader for reader in readers if reader not in gone]
    left = bits.without(bits.to_bytes(bits.bit(told)), gone)
    assert {staying[place] for place in bits.places(left)} == told - gone
