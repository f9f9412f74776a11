"""Ctrl-C during long work. Once: what is in hand is finished, and no more begun. Twice: it is broken off."""

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import typer

from syndication.cli import show

SIGNALS = (signal.SIGINT, signal.SIGTERM)


@contextmanager
def stoppable(what: str) -> Iterator[Callable[[], bool]]:
    """Yields what long work asks between two pieces: whether to begin no more. `what` is being finished, in words."""
    asked: list[int] = []
    if threading.current_thread() is not threading.main_thread():
        yield lambda: False
        return

    def on_signal(number: int, _frame: object) -> None:
        if asked:
            raise KeyboardInterrupt
        asked.append(number)
        show.say(f"stopping: {what} is finished first; Ctrl-C again breaks it off")

    before = {number: signal.signal(number, on_signal) for number in SIGNALS}
    try:
        yield lambda: bool(asked)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def leave_if(stopping: Callable[[], bool]) -> None:
    """After the last word: the exit code of a command that was stopped."""
    from syndication.cli.exits import Exit

    if stopping():
        raise typer.Exit(Exit.INTERRUPTED)
