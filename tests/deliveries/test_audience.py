"""Planned and left out are the audience; later changes only take out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndication.deliveries.audience import divide, halves, reachable
from syndication.model.delivery import ExceptionKind
from syndication.model.ledger import Standing
from syndication.model.subscriber import EmailAddress

ADDRESS = EmailAddress.parse("reader@readers.example")


def a_standing(id: int, *, confirmed: bool = True, suppressed: str = "") -> Standing:
    return Standing(id, id + 100, ADDRESS, confirmed, suppressed)


standings = st.lists(
    st.builds(a_standing, st.integers(1, 10_000), confirmed=st.booleans(), suppressed=st.sampled_from(["", "bounce"])),
    unique_by=lambda reader: reader.subscriber_id,
).map(lambda readers: sorted(readers, key=lambda reader: reader.subscriber_id))


@given(standings, st.integers(1, 50))
def test_planned_and_left_out_are_the_audience(readers: list[Standing], size: int) -> None:
    division = divide(readers, size)
    planned = [id for part in division.parts for id in part]
    left_out = [one.subscriber_id for one in division.left_out]
    assert sorted(planned + left_out) == [reader.subscriber_id for reader in readers]
    assert planned == sorted(planned)
    assert all(1 <= len(part) <= size for part in division.parts)


@given(standings, st.sets(st.integers(1, 10_000)))
def test_kept_and_gone_are_those_asked_for(readers: list[Standing], others: set[int]) -> None:
    known = {reader.subscriber_id: reader for reader in readers}
    asked = sorted(known.keys() | others)
    kept, gone = reachable(asked, known)
    assert sorted([reader.subscriber_id for reader in kept] + [one.subscriber_id for one in gone]) == asked
    assert all(reader.confirmed and not reader.suppressed for reader in kept)


@pytest.mark.parametrize(
    ("reader", "kind", "detail"),
    [
        (None, ExceptionKind.UNSUBSCRIBED, "no such subscription"),
        (a_standing(1, confirmed=False), ExceptionKind.UNSUBSCRIBED, "left"),
        (a_standing(1, suppressed="complaint"), ExceptionKind.SUPPRESSED, "complaint"),
        (a_standing(1, confirmed=False, suppressed="bounce"), ExceptionKind.SUPPRESSED, "bounce"),
    ],
)
def test_each_who_is_gone_is_gone_for_a_reason(reader: Standing | None, kind: ExceptionKind, detail: str) -> None:
    _, (gone,) = reachable([1], {1: reader} if reader else {}, doubtful=True)
    assert gone.kind is kind and gone.detail.startswith(detail)
    assert gone.detail.endswith("an earlier attempt may have reached them")


@given(st.lists(st.integers(1, 5000), min_size=2, unique=True).map(sorted), st.data())
def test_halves_are_the_whole_and_each_has_somebody_to_mail(ids: list[int], data: st.DataObject) -> None:
    taken_out = frozenset(data.draw(st.sets(st.sampled_from(ids), max_size=len(ids) - 2)))
    first, second = halves(ids, taken_out)
    assert list(first + second) == ids
    live = len(ids) - len(taken_out)
    assert len(set(first) - taken_out) == live // 2
    assert len(set(second) - taken_out) == live - live // 2


def test_one_reader_is_not_split() -> None:
    with pytest.raises(ValueError, match="two readers"):
        halves([1, 2, 3], frozenset({1, 3}))
