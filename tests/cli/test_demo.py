"""`demo` makes its directory anew: what it may throw away, and what it may not."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from syndication.cli.app import app
from syndication.engine.lock import DirectoryLock
from syndication.errors import PolicyError


def demo_in(directory: Path) -> Exception | None:
    result = CliRunner().invoke(app, ["--data", str(directory), "demo", "--once"])
    return result.exception


def test_sto_04_a_demo_that_runs_is_not_thrown_away_by_another(tmp_path: Path) -> None:
    (tmp_path / ".demo").touch()
    (tmp_path / "syndication.db").write_text("in use")
    held = DirectoryLock(tmp_path)
    held.take(datetime.now(UTC))
    try:
        refused = demo_in(tmp_path)
    finally:
        held.release()
    assert isinstance(refused, PolicyError)
    assert "a demo runs on" in str(refused)
    assert (tmp_path / "syndication.db").read_text() == "in use"


def test_a_directory_that_is_no_demos_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("years of work")
    with pytest.raises(PolicyError, match="is not a demo's"):
        raise demo_in(tmp_path) or AssertionError("it was not refused")
    assert (tmp_path / "thesis.txt").read_text() == "years of work"
