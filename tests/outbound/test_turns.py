from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from syndication.outbound.turns import Turns


def test_hosts_take_turns_in_the_order_they_came():
    turns: Turns[int] = Turns()
    for number, host in enumerate("aab"):
        turns.add(host, number)
    assert [turns.next(), turns.next(), turns.next()] == [("a", 0), ("b", 2), None]
    turns.done("a")
    assert turns.next() == ("a", 1)
    assert not turns


def test_a_further_hop_goes_before_what_waited():
    turns: Turns[str] = Turns()
    turns.add("a", "later")
    turns.add("a", "hop", first=True)
    assert turns.next() == ("a", "hop")


@given(
    st.lists(st.one_of(st.tuples(st.just("add"), st.sampled_from("abc")), st.tuples(st.just("end"), st.integers(0, 9))))
)
def test_no_host_is_ever_busy_twice_and_nothing_is_lost(steps):
    turns: Turns[int] = Turns()
    added: list[int] = []
    served: list[int] = []
    busy: list[str] = []
    for number, (what, where) in enumerate(steps):
        if what == "add":
            turns.add(str(where), number)
            added.append(number)
        elif busy:
            turns.done(busy.pop(int(where) % len(busy)))
        while turn := turns.next():
            busy.append(turn[0])
            served.append(turn[1])
        assert max(Counter(busy).values(), default=1) == 1
    while busy:
        turns.done(busy.pop())
        while turn := turns.next():
            busy.append(turn[0])
            served.append(turn[1])
    assert sorted(served) == added
    assert not turns
