"""The command `syndication`: global options, the nouns, and how an error becomes words and an exit code."""

import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from io import TextIOWrapper
from pathlib import Path
from typing import Annotated

import typer

from syndication import __version__
from syndication.cli.desk import Desk
from syndication.cli.exits import Exit, code_for
from syndication.cli.later import Later, group_of
from syndication.errors import SyndicationError

SET_UP, RUN, THINGS = "Set up", "Run", "What it works with"

COMMANDS = tuple(
    Later(name, f"syndication.cli.{module}", help, panel)
    for name, module, help, panel in (
        ("init", "setup", "Write the two configuration files, every key explained.", SET_UP),
        ("check", "checking", "Look at everything the service needs: what is wrong, why, and what to do.", SET_UP),
        (
            "doctor",
            "checking",
            "Look at what the service hangs on, beyond its settings: names, clock, doors, disk, records.",
            SET_UP,
        ),
        ("config", "config", "The settings in force, and where each comes from.", SET_UP),
        ("migrate", "setup", "Make the database, or bring it to this version.", SET_UP),
        ("apply", "setup", "Write publication.toml to the database. Twice changes nothing.", SET_UP),
        ("run", "serve", "Start the service: web, clock and workers.", RUN),
        ("status", "status", "Show what runs, what is due, what is wrong, and what waits for a person.", RUN),
        ("resolve", "resolve", "Settle an uncertain batch, or let sending go on after it was stopped.", RUN),
        (
            "backup",
            "backup",
            "Write the whole installation into one file, and read it again. The service may run meanwhile.",
            RUN,
        ),
        ("restore", "backup", "Put a backup back. Nothing is sent afterwards until a person says so.", RUN),
        ("demo", "demo", "Start everything with four sample partners: collect, publish, mail a digest.", RUN),
        ("source", "source", "Where stories are collected from.", THINGS),
        ("article", "article", "What was collected, and what may be shown of it.", THINGS),
        ("feed", "feed", "What is published for feed readers.", THINGS),
        ("newsletter", "newsletter", "The standing promises to readers.", THINGS),
        ("edition", "edition", "Dated digests: what is in them, who got them.", THINGS),
        ("subscriber", "subscriber", "Addresses, and what they consented to.", THINGS),
    )
)

app = typer.Typer(
    name="syndication",
    cls=group_of(COMMANDS),
    help="Collects partners' stories, publishes them as feeds and pages, and mails digests.",
    epilog="Data goes to stdout, talk to stderr. Exit codes: 0 ok, 1 failed, 2 usage, 3 configuration invalid, "
    "4 not found, 5 refused by policy, 6 partly done, 7 try later.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(asked: bool) -> None:
    if asked:
        typer.echo(f"syndication {__version__}")
        raise typer.Exit


@app.callback()
def _globals(
    context: typer.Context,
    config: Annotated[
        Path | None,
        typer.Option(
            "--config", help="The settings file.", envvar="SYNDICATION_CONFIG", show_default="config/syndication.toml"
        ),
    ] = None,
    data: Annotated[
        Path | None,
        typer.Option("--data", help="The data directory.", envvar="SYNDICATION_DATA", show_default="data"),
    ] = None,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    context.obj = Desk(config, data)
    context.call_on_close(context.obj.close)


def main(arguments: Sequence[str] | None = None) -> None:
    """The console script. An expected error is words on stderr and a code; only a bug shows a traceback."""
    _write_anything()
    try:
        app(arguments)
    except SyndicationError as error:
        _complain(error.what, error.why, error.fix)
        sys.exit(code_for(error))
    except OSError as error:
        name = f"{error.filename}: " if error.filename else ""
        _complain(f"{name}{error.strerror or error}", "the system refuses it", "")
        sys.exit(Exit.FAILED)
    except KeyboardInterrupt:
        sys.exit(Exit.INTERRUPTED)
    finally:
        _let_go_of_broken_pipes()


def _complain(what: str, why: str, fix: str) -> None:
    from syndication.cli import show

    show.complain(what, why, fix)


def _write_anything() -> None:
    """A terminal that knows no UTF-8 gets `\\u2014` for a dash, and no error."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def _let_go_of_broken_pipes() -> None:
    """Whoever read our output has enough; what is still buffered must not complain at exit."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except OSError:
            with suppress(OSError, ValueError):
                os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
