"""Sample readers: valid addresses that nobody has, no two alike, the same every time."""

import pytest

from syndication.demo.readers import sample_readers


@pytest.mark.parametrize("count", [0, 1, 200, 2000])
def test_there_are_as_many_as_asked_for_and_no_two_alike(count):
    readers = sample_readers(count)
    assert len(readers) == len({reader.norm for reader in readers}) == count
    assert {reader.domain for reader in readers} <= {"readers.example"}


def test_they_are_the_same_every_time_and_more_of_them_begin_alike():
    assert sample_readers() == sample_readers(200)
    assert sample_readers(900)[:200] == sample_readers(200)


def test_names_vary():
    local_parts = [reader.text.partition("@")[0] for reader in sample_readers()]
    assert len({name[:3] for name in local_parts}) > 20
    assert all(any(mark in name for name in local_parts) for mark in ".-+")
