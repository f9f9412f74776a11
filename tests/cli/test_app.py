"""The command as a whole: quick, complete, and every error in words."""

import subprocess
import sys

import pytest
import typer

from syndication import __version__
from syndication.cli.app import COMMANDS, app, main

LEAVES = {
    "init", "check", "migrate", "apply", "run", "status", "resolve", "demo",
    "source add", "source list", "source show", "source poll",
    "article list", "article show",
    "feed list", "feed build", "feed publish",
    "newsletter list", "newsletter show",
    "edition list", "edition build", "edition preview", "edition test", "edition approve", "edition report",
    "subscriber add", "subscriber list",
}  # fmt: skip
NO_JSON = {"run", "demo", "source export", "subscriber export"}
"""The first two run until they are stopped, so they print no data; the others print OPML and CSV."""
WRITE_OR_SEND = {
    "init", "migrate", "apply", "resolve", "source add", "source poll", "feed build", "feed publish",
    "edition build", "edition test", "edition approve", "subscriber add",
}  # fmt: skip


def leaves():
    for command in COMMANDS:
        found = command.command
        if hasattr(found, "commands"):
            yield from ((f"{command.name} {name}", leaf) for name, leaf in found.commands.items())
        else:
            yield command.name, found


def options(command) -> set[str]:
    return {name for parameter in command.params for name in parameter.opts}


def test_the_commands_of_this_version_are_all_there():
    assert {name for name, _ in leaves()} >= LEAVES


def test_every_command_that_prints_data_prints_json():
    assert {name for name, command in leaves() if "--json" not in options(command)} <= NO_JSON


def test_every_command_that_writes_or_sends_can_be_rehearsed():
    assert {name for name, command in leaves() if "--dry-run" in options(command)} >= WRITE_OR_SEND


def test_every_command_and_every_option_of_it_is_explained():
    unexplained = [
        f"{name} {parameter.name}" for name, command in leaves() for parameter in command.params if not parameter.help
    ]
    assert unexplained == []
    assert [name for name, command in leaves() if not (command.help or "").strip().endswith(".")] == []


def test_the_list_of_commands_says_what_each_command_says_of_itself():
    for command in COMMANDS:
        first = (command.command.help or "").split("\n")[0]
        assert first.startswith((command.help or "").split(":")[0].rstrip(".")), command.name


@pytest.mark.parametrize("name", sorted(LEAVES))
def test_help_is_to_be_had_without_any_installation(name, operator):
    said = operator(*name.split(), "--help")
    assert said.code == 0
    assert "Usage: " in said.out
    assert said.err == ""


def test_the_version(operator):
    assert operator("--version").out == f"syndication {__version__}\n"


def modules_after(*arguments: str) -> set[str]:
    program = (
        "import sys\nfrom syndication.cli.app import main\n"
        f"try: main({list(arguments)!r})\n"
        "except SystemExit: print(*sys.modules, file=sys.stderr)"
    )
    return set(subprocess.run([sys.executable, "-c", program], capture_output=True, text=True).stderr.split())


@pytest.mark.parametrize(
    ("arguments", "unused"),
    [
        (["--version"], {"sqlalchemy", "pydantic", "lxml", "jinja2", "rich.console"}),
        (["--help"], {"sqlalchemy", "pydantic", "lxml", "jinja2"}),
    ],
)
def test_what_needs_little_loads_little(arguments, unused):
    assert not modules_after(*arguments) & unused


def test_a_listing_loads_neither_collector_nor_mail_nor_web(operator):
    operator.sets_up()
    loaded = modules_after("source", "list")
    assert "sqlalchemy" in loaded
    assert not loaded & {
        "alembic",
        "psycopg",
        "pycurl",
        "lxml",
        "jinja2",
        "starlette",
        "granian",
        "feedgen",
        "sendgrid",
    }


def test_an_unknown_command_is_answered_with_the_nearest(operator):
    said = operator("edit")
    assert said.code == 2
    assert "'edition'" in said.err
    assert said.out == ""


def test_an_unknown_option_is_a_slip_of_usage(operator):
    assert operator("source", "list", "--jsno").code == 2


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (OSError(28, "No space left on device"), "error: No space left on device"),
        (PermissionError(13, "Permission denied", "/etc/x"), "error: /etc/x: Permission denied"),
    ],
)
def test_what_the_system_refuses_is_told_in_words(error, words, monkeypatch, capsys):
    def fail(_: object) -> None:
        raise error

    monkeypatch.setattr("syndication.cli.app.app", fail)
    with pytest.raises(SystemExit) as left:
        main([])
    assert left.value.code == 1
    assert capsys.readouterr().err.startswith(words)


def test_con_13_ctrl_c_leaves_with_the_code_of_a_signal(monkeypatch):
    def interrupted(_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("syndication.cli.app.app", interrupted)
    with pytest.raises(SystemExit) as left:
        main([])
    assert left.value.code == 130


def test_the_application_is_one_typer_application():
    assert isinstance(app, typer.Typer)
