"""Ports that die: they pass every call on, and at the one named in a Death the process is killed, before or after it.

The product knows nothing of this; it is handed mortal parts in place of its own.
"""

import os
import signal
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

OPENING = ("press.add", "press.move_watermark")
ASSEMBLING = ("press.lease", "press.told", "press.move", "press.write_items", "press.write_content", "press.commit")
PLANNING = ("press.start_plan", "press.add_batches", "press.move_cursor")
SENDING = (
    "ledger.begin",
    "ledger.commit",
    "journal.append",
    "ledger.holds",
    "outbox.submit",
    "os.link",
    "os.fsync",
    "ledger.finish",
)
SETTLING = ("ledger.settle",)
STEPS = (*OPENING, *ASSEMBLING, *PLANNING, *SENDING, *SETTLING)


WHENEVER = "whenever"
"""As a step: no step, but so many hundredths of a second after the beginning."""


@dataclass(frozen=True)
class Death:
    """At the `nth` call of `step`, counted in one life. SIGSTOP is a death from which one may come back."""

    step: str
    nth: int
    after: bool
    by: signal.Signals = signal.SIGKILL


class Fate:
    """Counts calls, in all threads, and strikes when the time has come."""

    def __init__(self, death: Death | None) -> None:
        self._death = death
        self.calls: Counter[str] = Counter()
        self._lock = threading.Lock()
        if death is not None and death.step == WHENEVER:
            strike = threading.Timer(death.nth / 100, os.kill, (os.getpid(), death.by))
            strike.daemon = True
            strike.start()

    @contextmanager
    def at(self, step: str) -> Iterator[None]:
        death = self._doomed(step)
        if death is not None and not death.after:
            os.kill(os.getpid(), death.by)
        try:
            yield
        finally:
            if death is not None and death.after:
                os.kill(os.getpid(), death.by)

    def _doomed(self, step: str) -> Death | None:
        with self._lock:
            self.calls[step] += 1
            death = self._death
            return death if death and death.step == step and death.nth == self.calls[step] else None


class Mortal:
    """Stands for `target`; its methods are steps named `<role>.<method>`, leaving a transaction is `<role>.commit`."""

    def __init__(self, target: Any, role: str, fate: Fate) -> None:
        self._target = target
        self._role = role
        self._fate = fate

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._target, name)
        if name in ("reading", "writing"):
            return lambda: self._transaction(found, commits=name == "writing")
        return self._step(found, name) if callable(found) else found

    def _step(self, method: Callable[..., Any], name: str) -> Callable[..., Any]:
        def step(*given: Any, **named: Any) -> Any:
            with self._fate.at(f"{self._role}.{name}"):
                return method(*given, **named)

        return step

    @contextmanager
    def _transaction(self, begin: Callable[[], Any], *, commits: bool) -> Iterator["Mortal"]:
        context = begin()
        inner = context.__enter__()
        try:
            yield Mortal(inner, self._role, self._fate)
        except BaseException as error:
            if not context.__exit__(type(error), error, error.__traceback__):
                raise
        else:
            if commits:
                with self._fate.at(f"{self._role}.commit"):
                    context.__exit__(None, None, None)
            else:
                context.__exit__(None, None, None)


def mortal_system_calls(fate: Fate) -> None:
    """In a process that is to die: link and fsync are steps too, so death comes within a submission or a line."""
    for name in ("link", "fsync"):
        setattr(os, name, Mortal(os, "os", fate).__getattr__(name))
