"""Lanes: one kind of work in several threads, each piece done once, the first error told, nothing begun after it."""

import threading
from collections import deque

import pytest

from syndication.jobs.lanes import side_by_side


def never() -> bool:
    return False


@pytest.mark.parametrize("lanes", [1, 2, 7], ids=str)
@pytest.mark.parametrize("pieces", [0, 1, 50], ids=str)
def test_each_piece_is_done_once(lanes: int, pieces: int) -> None:
    waiting, done = deque(range(pieces)), []

    def work() -> bool:
        try:
            piece = waiting.popleft()
        except IndexError:
            return False
        done.append(piece)
        return True

    assert side_by_side(work, lanes, never) == pieces
    assert sorted(done) == list(range(pieces))


@pytest.mark.parametrize("lanes", [1, 3], ids=str)
def test_nothing_is_begun_once_it_should_stop(lanes: int) -> None:
    begun = []
    assert side_by_side(lambda: begun.append(1) or True, lanes, lambda: bool(begun)) == len(begun) <= lanes


def test_the_first_error_is_told_and_the_others_finish_what_they_had_begun() -> None:
    met, first, finished = threading.Barrier(2, timeout=60), threading.Event(), []

    def work() -> bool:
        if not first.is_set():
            first.set()
            return True
        if met.wait() == 0:
            raise KeyError("a fault")
        finished.append(1)
        return False

    with pytest.raises(KeyError, match="a fault"):
        side_by_side(work, 2, never)
    assert finished == [1]
