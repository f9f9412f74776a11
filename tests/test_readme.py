"""The README names what is there."""

import re
from pathlib import Path

import pytest

from syndication.cli.app import COMMANDS

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
PLACES = sorted(set(re.findall(r"[`(]((?:tests|docs|config|templates)/[\w./-]+)[`)]", README)))
NAMED = sorted(set(re.findall(r"(?:^|`)syndication ([a-z]+)", README, flags=re.MULTILINE)))


def test_it_names_places_and_commands() -> None:
    assert len(PLACES) > 5
    assert len(NAMED) > 5


@pytest.mark.parametrize("place", PLACES)
def test_a_place_that_it_names_is_there(place: str) -> None:
    assert (ROOT / place).exists()


@pytest.mark.parametrize("name", NAMED)
def test_a_command_that_it_names_is_there(name: str) -> None:
    assert name in {command.name for command in COMMANDS}
