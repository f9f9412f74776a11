"""The journal survives what it is there to survive."""

import os
import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndication.errors import StoreError
from syndication.model.choice import Cadence
from syndication.model.journal import Claimed, Departed, Suppressed, Unsubscribed
from syndication.storage import journal as module
from syndication.storage.journal import Journal, decode, encode

NOW = datetime(2026, 5, 7, 6, 30, tzinfo=UTC)
CLAIMED = Claimed(NOW, "a1", 5, 2, 1, 500, "morning", Cadence.DAILY, datetime(2026, 5, 7, 6, 30), NOW)


def left(n: int) -> Unsubscribed:
    return Unsubscribed(NOW, n, f"{n:032x}")


def test_what_is_written_is_read_back_in_order_by_another_opening(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    lines = [CLAIMED, left(1), Suppressed(NOW, "ab" * 16, 0, "complaint"), left(2)]
    for line in lines:
        journal.append(line)
    assert list(Journal(tmp_path).lines()) == lines


def test_a_line_of_an_older_version_lacks_what_was_added_since_and_is_read(tmp_path: Path) -> None:
    old = b'{"kind":"unsubscribed","at":"2026-05-07T06:30:00+00:00","subscription_id":1,"address_hash":"ab"}'
    assert decode(old) == Unsubscribed(NOW, 1, "ab")
    for line in (Unsubscribed(NOW, 1, "ab", NOW), Departed(NOW, 3, tuple(f"{n:032x}" for n in range(80)))):
        assert decode(encode(line)) == line


@given(cut=st.integers(min_value=0, max_value=400))
def test_del_01_a_line_torn_at_any_byte_is_passed_over_and_harms_no_other(tmp_path_factory, cut: int) -> None:
    directory = tmp_path_factory.mktemp("journal")
    journal = Journal(directory)
    journal.append(left(1))
    whole = (directory / "journal.jsonl").stat().st_size
    journal.append(CLAIMED)
    os.truncate(directory / "journal.jsonl", min(whole + cut, (directory / "journal.jsonl").stat().st_size))
    again = Journal(directory)
    again.append(left(2))
    found = list(again.lines())
    assert [line for line in found if line != CLAIMED] == [left(1), left(2)]


def test_two_openings_and_many_threads_append_to_one_file_and_lose_no_line(tmp_path: Path) -> None:
    openings = [Journal(tmp_path, segment_bytes_max=4000), Journal(tmp_path, segment_bytes_max=4000)]

    def write(which: int) -> None:
        for n in range(25):
            openings[which % 2].append(left(which * 1000 + n))

    threads = [threading.Thread(target=write, args=(which,)) for which in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    expected = {which * 1000 + n for which in range(8) for n in range(25)}
    found = [line.subscription_id for line in openings[0].lines() if isinstance(line, Unsubscribed)]
    assert sorted(found) == sorted(expected)
    assert len(list(tmp_path.glob("journal-*.jsonl"))) > 2


def test_del_03_what_another_process_appends_is_news_until_the_database_has_it(tmp_path: Path) -> None:
    back, front = Journal(tmp_path, segment_bytes_max=150), Journal(tmp_path, segment_bytes_max=150)
    assert back.news() == ([], 0)
    for n in range(5):  # each segment takes two lines
        front.append(left(n))
        front.append(CLAIMED)
    lines, mark = back.news()
    assert lines == [left(n) for n in range(5)]
    front.append(left(5))
    back.seen(mark)
    assert back.news()[0] == [left(5)]
    assert Journal(tmp_path).news() == ([], 0), "what was there before the opening is for `lines`"


def test_a_line_half_written_is_no_news_yet(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    data = encode(left(1))
    with (tmp_path / "journal.jsonl").open("ab", buffering=0) as other:
        other.write(data[:20])
        assert journal.news()[0] == []
        other.write(data[20:])
        assert journal.news()[0] == [left(1)]


def test_segments_are_set_aside_and_the_oldest_let_go(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "SEGMENTS_MAX", 3)
    journal = Journal(tmp_path, segment_bytes_max=1)
    for n in range(8):
        journal.append(left(n))
    assert [line.subscription_id for line in journal.lines()] == [4, 5, 6, 7]  # three aside and the one being written


def test_a_failed_fsync_is_the_end_of_trust(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    journal = Journal(tmp_path)

    def fail(_file: int) -> None:
        raise OSError(5, "Input/output error")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", fail)
        with pytest.raises(StoreError, match="cannot be used"):
            journal.append(left(1))
    with pytest.raises(StoreError, match="not written any more"):
        journal.append(left(2))


def test_a_directory_that_cannot_be_written_is_a_clear_refusal(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file")
    with pytest.raises(StoreError, match="journal"):
        Journal(tmp_path / "taken")


@pytest.mark.parametrize("data", [b"", b"\n", b"null\n", b'{"kind":"other"}', b'{"kind":"claimed","n":1}', b"\xff\xfe"])
def test_a_foreign_line_is_none(data: bytes) -> None:
    assert decode(data) is None


def test_a_line_is_one_line() -> None:
    data = encode(CLAIMED)
    assert data.count(b"\n") == 2 and data.startswith(b"\n") and data.endswith(b"\n")


def test_sto_01_a_line_nested_beyond_all_depth_is_none() -> None:
    assert decode(b"[" * 200_000) is None
