"""Marks of how far a claim has come: on disk, whole, and of every process."""

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndication.model.carrying import Cursor
from syndication.storage.trail import BITMAP_BYTES, SLOT_BYTES, Trail

BITS = st.integers(min_value=0, max_value=2 ** (8 * BITMAP_BYTES) - 1)


@given(cursors=st.lists(st.builds(Cursor, BITS, BITS), min_size=1, max_size=6))
def test_the_newest_mark_is_read_back_by_another_opening(tmp_path_factory, cursors: list[Cursor]) -> None:
    directory = tmp_path_factory.mktemp("trail")
    trail = Trail(directory)
    for cursor in cursors:
        trail.mark("a1", cursor)
    trail.close()
    assert Trail(directory).marks() == {"a1": cursors[-1]}


@pytest.mark.parametrize("torn", range(0, SLOT_BYTES, 37))
def test_del_01_a_mark_torn_at_any_byte_leaves_the_one_before(tmp_path: Path, torn: int) -> None:
    trail = Trail(tmp_path)
    trail.mark("a1", Cursor(1, 0))
    before = (tmp_path / "a1.cursor").read_bytes()
    trail.mark("a1", Cursor(3, 1))
    after = (tmp_path / "a1.cursor").read_bytes()
    (tmp_path / "a1.cursor").write_bytes(after[:torn] + before[torn:])  # the second slot is the first in the file
    assert trail.marks()["a1"] == Cursor(1, 0)


def test_marks_are_kept_apart_and_forgotten_one_by_one(tmp_path: Path) -> None:
    one, other = Trail(tmp_path), Trail(tmp_path)
    one.mark("a1", Cursor(1, 1))
    other.mark("b2", Cursor(2, 0))
    assert one.marks() == other.marks() == {"a1": Cursor(1, 1), "b2": Cursor(2, 0)}
    other.forget("a1")
    one.forget("a1")
    assert one.marks() == {"b2": Cursor(2, 0)}


def test_a_file_without_a_whole_mark_says_nothing(tmp_path: Path) -> None:
    (tmp_path / "a1.cursor").write_bytes(b"")
    (tmp_path / "b2.cursor").write_bytes(os.urandom(100))
    assert Trail(tmp_path).marks() == {"a1": Cursor(), "b2": Cursor()}
    assert Trail(tmp_path / "nowhere").marks() == {}


def test_an_attempt_names_no_other_place(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="letters and digits"):
        Trail(tmp_path).mark("../a1", Cursor())
