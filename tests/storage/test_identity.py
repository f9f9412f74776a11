"""Two installations on one snapshot: the copy is told from the one that it was made of, and does not send (STO-05)."""

import shutil
from pathlib import Path

import pytest

from syndication.errors import StoreError
from syndication.jobs import record
from syndication.jobs.recover import recover
from syndication.jobs.send import send_due
from syndication.storage.database import Database
from syndication.storage.identity import NAME, mark_of
from syndication.storage.recovery import Recovery
from tests.pressroom import PressRoom


def test_it_is_the_same_at_every_start_and_another_for_every_copy(tmp_path: Path) -> None:
    here = tmp_path / "here"
    first = mark_of(here)
    assert mark_of(here) == first and (here / NAME).stat().st_mode & 0o777 == 0o600
    shutil.copytree(here, tmp_path / "copy")
    assert mark_of(tmp_path / "copy") != first
    here.rename(tmp_path / "moved")
    assert mark_of(tmp_path / "moved") == first, "moved within a file system it is itself"


def test_a_machine_that_was_copied_with_another_id_is_another(tmp_path: Path) -> None:
    (tmp_path / "one").write_text("1\n")
    (tmp_path / "other").write_text("2\n")
    here = tmp_path / "here"
    assert mark_of(here, tmp_path / "one") != mark_of(here, tmp_path / "other")
    assert mark_of(here, tmp_path / "none") == mark_of(here, tmp_path / "none")


def test_a_directory_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="cannot be kept"):
        mark_of(tmp_path / "file" / "within")


def test_sto_05_of_two_installations_on_one_snapshot_one_sends(database: Database, tmp_path: Path) -> None:
    room = PressRoom(database, tmp_path, readers=4)
    edition_id = room.planned()
    recovery = Recovery(database)
    for _ in range(2):
        assert recover(recovery, room.journal, room.clock(), installation="first") == ""
    why = recover(recovery, room.journal, room.clock(), installation="copy")
    assert "another installation" in why
    assert send_due(edition_id, room.mailroom).barred == why and not room.provider.accepted
    assert recover(recovery, room.journal, room.clock(), installation="copy") == why, "asking twice is no yes"
    record.resume_sending(room.ledger, room.clock(), actor="ada")
    assert recover(recovery, room.journal, room.clock(), installation="copy") == "", "a person has spoken"
    assert send_due(edition_id, room.mailroom).settled
    assert "another installation" in recover(recovery, room.journal, room.clock(), installation="first")
