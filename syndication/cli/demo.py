"""`demo`: the whole service, for real, with sample partners and sample readers. Nothing leaves this machine."""

import os
import shutil
import signal
import socket
import threading
from pathlib import Path
from typing import Annotated

import typer

from syndication.cli import show
from syndication.cli.desk import desk_of
from syndication.cli.serve import prepare
from syndication.cli.tour import Tour
from syndication.demo import world
from syndication.demo.partners import Partners
from syndication.engine import lock
from syndication.errors import PolicyError
from syndication.wiring import House, parts

MARK = ".demo"
DIRECTORY = Path("demo-data")
PORTS = (8080, 8081)


def register(app: typer.Typer) -> None:
    app.command()(demo)


def demo(
    context: typer.Context,
    once: Annotated[bool, typer.Option("--once", help="One full round, then stop.")] = False,
    readers: Annotated[int, typer.Option(min=1, max=100_000, help="How many sample readers.")] = 200,
) -> None:
    """Start everything with four sample partners: collect, publish, mail a digest, and keep running.

    All of it lies in one directory (demo-data, or --data) that is made anew at each start.
    """
    directory = (desk_of(context).data or DIRECTORY).absolute()
    _make_anew(directory)
    with Partners() as partners:
        house = _house(directory, partners)
        tour = Tour(House(house.settings), partners, readers=readers, once=once)
        status = parts.run(house, before=lambda: _before(house, tour), on_ready=lambda: _guide(tour))
    if once and not tour.done:
        show.complain("the round did not come to its end", tour.fault, f"see {directory / 'service.log'}")
        status = 1
    raise typer.Exit(status)


def _before(house: House, tour: Tour) -> None:
    house.log_to("run")
    prepare(house)
    tour.sign_up_everybody()


def _guide(tour: Tour) -> None:
    """Walk through it in a thread of its own. When the walk is over, so is a demo that runs once."""

    def walk() -> None:
        try:
            tour.walk()
        finally:
            if tour.once:
                os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=walk, name="tour", daemon=True).start()


def _make_anew(directory: Path) -> None:
    """Only what an earlier demo made is thrown away, and never from under one that still runs."""
    if held := lock.running(directory):
        raise PolicyError(
            f"a demo runs on {directory}",
            why=f"{held} holds it",
            fix="stop it first, or give this one another directory with --data",
        )
    if directory.exists() and any(directory.iterdir()):
        if not (directory / MARK).exists():
            raise PolicyError(
                f"{directory} is not a demo's", why="it holds other files", fix="name another directory with --data"
            )
        shutil.rmtree(directory)
    directory.mkdir(parents=True, exist_ok=True)
    (directory / MARK).touch()


def _house(directory: Path, partners: Partners) -> House:
    public, private = (f"127.0.0.1:{_free(port)}" for port in PORTS)
    config = directory / "config"
    config.mkdir()
    (config / "publication.toml").write_text(world.publication_toml(partners), encoding="utf-8")
    (config / "syndication.toml").write_text(
        world.syndication_toml(
            listen=public,
            private_listen=private,
            base_url=f"http://{public}",
            allow=(*partners.addresses, public, private),
        )
        + f'\n[log]\nfile = "{directory / "service.log"}"\nterminal = false\n',
        encoding="utf-8",
    )
    return House.open(config / "syndication.toml", directory)


def _free(wish: int) -> int:
    """The port wished for, or any free one when somebody has it."""
    for port in (wish, 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise PolicyError("no port is free on 127.0.0.1")
