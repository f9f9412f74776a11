"""Documents -> a public folder: whole files, untouched when unchanged, nothing outside."""

import errno
import os
from pathlib import Path
from typing import Any

import pytest

from syndication.errors import PolicyError, StoreError
from syndication.feeds.publish import publish_to


def test_files_are_written_and_unchanged_ones_rest(tmp_path: Path) -> None:
    assert publish_to(tmp_path, {"feeds/all.rss": b"1", "feeds/all.atom": b"2"}) == ("feeds/all.rss", "feeds/all.atom")
    before = (tmp_path / "feeds/all.rss").stat()
    assert publish_to(tmp_path, {"feeds/all.rss": b"1", "feeds/all.atom": b"3"}) == ("feeds/all.atom",)
    after = (tmp_path / "feeds/all.rss").stat()
    assert (before.st_ino, before.st_mtime_ns) == (after.st_ino, after.st_mtime_ns)
    assert (tmp_path / "feeds/all.atom").read_bytes() == b"3"
    assert after.st_mode & 0o777 == 0o644


def test_a_path_that_leads_out_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PolicyError):
        publish_to(tmp_path / "public", {"../x": b"1"})
    assert not (tmp_path / "x").exists()


def test_a_full_disk_leaves_the_folder_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    publish_to(tmp_path, {"a": b"1", "b": b"1"})
    synced = os.fsync
    calls: list[int] = []

    def full(handle: int) -> None:
        calls.append(handle)
        if len(calls) == 2:
            raise OSError(errno.ENOSPC, "No space left on device")
        synced(handle)

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StoreError, match="No space left"):
        publish_to(tmp_path, {"a": b"2", "b": b"2"})
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {"a": b"1", "b": b"1"}


def test_a_reader_never_sees_half_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    publish_to(tmp_path, {"a": b"old" * 1000})
    seen: list[bytes] = []
    replace: Any = Path.replace

    def watched(self: Path, target: Path) -> Any:
        seen.append(target.read_bytes())
        done = replace(self, target)
        seen.append(target.read_bytes())
        return done

    monkeypatch.setattr(Path, "replace", watched)
    publish_to(tmp_path, {"a": b"new" * 1000})
    assert seen == [b"old" * 1000, b"new" * 1000]
