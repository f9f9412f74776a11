"""Items come as they came; who waits is told once; who stops early stops the source."""

import threading

import pytest

from syndication.jobs.lulls import with_lulls


def test_a_lull_is_told_once_and_nothing_is_lost():
    go_on = threading.Event()

    def items():
        yield from range(3)
        assert go_on.wait(20)
        yield 3

    found = []
    for item in with_lulls(items(), 0.02):
        found.append(item)
        if item is None:
            go_on.set()
    assert [item for item in found if item is not None] == [0, 1, 2, 3]
    assert None in found


def test_without_a_lull_nothing_is_added():
    assert list(with_lulls(range(500), 20)) == list(range(500))
    assert list(with_lulls([], 20)) == []


def test_an_exception_comes_through_after_what_came_before_it():
    def items():
        yield 1
        raise OSError("gone")

    found = []
    with pytest.raises(OSError, match="gone"):
        for item in with_lulls(items(), 20):
            found.append(item)
    assert found == [1]


def test_who_stops_early_stops_the_source():
    closed = threading.Event()

    def items():
        try:
            n = 0
            while True:
                yield (n := n + 1)
        finally:
            closed.set()

    for item in with_lulls(items(), 20):
        if item == 3:
            break
    assert closed.wait(20)
