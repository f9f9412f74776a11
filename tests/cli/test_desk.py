"""A name that is none: the nearest that is, or what there is."""

import pytest

from syndication.cli.desk import Desk, unknown


@pytest.mark.parametrize(
    ("name", "known", "fix"),
    [
        ("harbor", ["bay", "harbour"], "did you mean 'harbour'?"),
        ("xyz", ["bay", "harbour"], "known here: bay, harbour"),
        ("xyz", [], "there is none yet: declare one in publication.toml and run `syndication apply`"),
    ],
)
def test_an_unknown_name_is_answered_with_the_nearest(name, known, fix):
    error = unknown("source", name, known)
    assert (error.what, error.fix) == (f"there is no source {name!r}", fix)


def test_a_long_list_is_not_told_whole():
    assert unknown("source", "xyz", [f"bay-{n}" for n in range(30)]).fix.endswith("bay-19 and 10 more")


def test_an_actor_without_a_name_has_a_number(monkeypatch):
    for variable in ("LOGNAME", "USER", "LNAME", "USERNAME"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setattr("os.getuid", lambda: 54_321)  # as in a container, where no line of passwd has it
    assert Desk(None, None).actor == "command line, user 54321"
