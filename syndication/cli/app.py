"""The command `syndication`: global options, the nouns, and how an error becomes words and an exit code."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from syndication import __version__
from syndication.cli import article, demo, edition, feed, newsletter, resolve, serve, setup, source, status, subscriber
from syndication.cli.desk import Desk
from syndication.cli.exits import Exit, code_for
from syndication.cli.show import complain
from syndication.errors import SyndicationError

app = typer.Typer(
    name="syndication",
    help="Collects partners' stories, publishes them as feeds and pages, and mails digests.",
    epilog="Exit codes: 0 ok, 1 failed, 2 usage, 3 config invalid, 4 not found, 5 refused by policy, 6 partly done, "
    "7 try later. Data goes to stdout, talk to stderr.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

for group in (source, article, feed, newsletter, edition, subscriber):
    app.add_typer(group.app)
for plain in (setup, serve, status, resolve, demo):
    plain.register(app)


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


def main() -> None:
    """The console script. An expected error is words on stderr and a code; only a bug shows a traceback."""
    try:
        app()
    except SyndicationError as error:
        complain(error.what, error.why, error.fix)
        sys.exit(code_for(error))
    except KeyboardInterrupt:
        sys.exit(130)
    except BrokenPipeError:
        # Whoever read our output has enough; what is still buffered must not complain again at exit.
        sys.stdout = None
        sys.exit(Exit.FAILED)
