"""Documents -> a public folder: whole files, untouched when unchanged, nothing outside, nothing of others."""

import errno
import os
import random
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from syndication.errors import PolicyError, StoreError
from syndication.feeds.publish import DRAFT, LIST, LOCK, differing, publish_to


def files_in(folder: Path) -> dict[str, bytes]:
    """Without what the folder keeps for itself."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and path.name not in (LIST, LOCK)
    }


def test_files_are_written_and_unchanged_ones_rest(tmp_path: Path) -> None:
    both = {"feeds/all.rss": b"1", "feeds/all.atom": b"2"}
    assert differing(tmp_path, both) == (("feeds/all.rss", "feeds/all.atom"), ())
    assert publish_to(tmp_path, both) == (("feeds/all.rss", "feeds/all.atom"), ())
    before = (tmp_path / "feeds/all.rss").stat()
    assert publish_to(tmp_path, {"feeds/all.rss": b"1", "feeds/all.atom": b"3"}) == (("feeds/all.atom",), ())
    after = (tmp_path / "feeds/all.rss").stat()
    assert (before.st_ino, before.st_mtime_ns) == (after.st_ino, after.st_mtime_ns)
    assert (tmp_path / "feeds/all.atom").read_bytes() == b"3"
    assert after.st_mode & 0o777 == 0o644


def test_what_is_no_longer_published_goes_and_what_others_put_there_stays(tmp_path: Path) -> None:
    publish_to(tmp_path, {"feeds/all.rss": b"1", "feeds/old.rss": b"1", "feeds/old/archive/1.atom": b"1"})
    (tmp_path / "feeds/own.txt").write_bytes(b"mine")
    gone = ("feeds/old.rss", "feeds/old/archive/1.atom")
    assert differing(tmp_path, {"feeds/all.rss": b"1"}) == ((), gone)
    assert publish_to(tmp_path, {"feeds/all.rss": b"1"}) == ((), gone)
    assert files_in(tmp_path) == {"feeds/all.rss": b"1", "feeds/own.txt": b"mine"}
    assert not (tmp_path / "feeds/old/archive").exists()
    assert publish_to(tmp_path, {"feeds/all.rss": b"1"}) == ((), ())


@pytest.mark.parametrize("path", ["../x", "/etc/x", "a/../../x"])
def test_pub_14_a_path_that_leads_out_is_refused(tmp_path: Path, path: str) -> None:
    with pytest.raises(PolicyError):
        publish_to(tmp_path / "public", {path: b"1"})
    assert not (tmp_path / "x").exists()


def test_pub_14_a_list_that_leads_out_removes_nothing(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b"dear")
    publish_to(tmp_path / "public", {"a": b"1"})
    (tmp_path / "public" / LIST).write_bytes(b'["../x"]')
    with pytest.raises(PolicyError):
        publish_to(tmp_path / "public", {"a": b"1"})
    assert (tmp_path / "x").read_bytes() == b"dear"


@pytest.mark.parametrize("text", [b"{}", b"[1]", b"nonsense", b""])
def test_a_damaged_list_is_said_and_nothing_is_done(tmp_path: Path, text: bytes) -> None:
    publish_to(tmp_path, {"a": b"1"})
    (tmp_path / LIST).write_bytes(text)
    with pytest.raises(StoreError, match="publish again"):
        publish_to(tmp_path, {"a": b"2"})
    assert files_in(tmp_path) == {"a": b"1"}


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
    assert files_in(tmp_path) == {"a": b"1", "b": b"1"}


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


PUBLISH = """
import sys
from itertools import count
from pathlib import Path
from syndication.feeds.publish import publish_to
print("ready", flush=True)
for n in count():
    publish_to(Path(sys.argv[1]), {f"feeds/{k}.rss": b"%d " % n * 5000 for k in range(n % 5, 12)})
"""


def test_sto_01_a_kill_leaves_whole_files_and_the_next_time_mends_the_rest(tmp_path: Path) -> None:
    rng = random.Random(7)
    for _ in range(12):
        child = subprocess.Popen([sys.executable, "-c", PUBLISH, str(tmp_path)], stdout=subprocess.PIPE)
        assert child.stdout is not None
        child.stdout.readline()
        try:
            child.wait(rng.random() * 0.15)
        except subprocess.TimeoutExpired:
            child.send_signal(signal.SIGKILL)
        child.wait()
        for name, data in files_in(tmp_path).items():
            if DRAFT not in name:
                assert data == data[: data.index(b" ") + 1] * 5000, name
    wanted = {"feeds/11.rss": b"at last", "feeds/new.rss": b"new"}
    publish_to(tmp_path, wanted)
    assert files_in(tmp_path) == wanted


def test_two_at_once_leave_the_one_or_the_other(tmp_path: Path) -> None:
    children = [subprocess.Popen([sys.executable, "-c", PUBLISH, str(tmp_path)], stdout=subprocess.PIPE) for _ in "ab"]
    for child in children:
        assert child.stdout is not None
        child.stdout.readline()
    with pytest.raises(subprocess.TimeoutExpired):
        children[0].wait(0.5)
    assert [child.poll() for child in children] == [None, None]
    for child in children:
        child.kill()
        child.wait()
    publish_to(tmp_path, {"a": b"1"})
    assert files_in(tmp_path) == {"a": b"1"}
