"""What a storm came to, in words and a table. In: what was told. Out: Markdown, and whether all held."""

import os
import platform
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.storm.great import Told

INTRODUCTION = """# A storm, and who got the edition

`make storm` ends with this: one edition by the SendGrid transport, through a proxy that cuts, stalls and resets, to a
stand-in that drops, errs, limits and tells what became of mail late, twice or not at all. The worker is killed at named
steps drawn by a seed, or stopped until its lease is over and then let go on. The oracle reads the stand-in's own log
and SQL, no line of the product. First all doubt is held, and looked at; then silence is taken for an answer.

    python -m tests.storm.great {arguments}
"""
WANTED = (
    ("nobody lost", "lost"),
    ("nobody twice", "doubled"),
    ("nobody called accepted whom the provider never had", "untrue"),
    ("nobody with the provider of whom the ledger does not know", "unseen"),
    ("nobody in two batches", "twice_planned"),
)


def held(told: "Told") -> bool:
    return told.verdict is not None and not any(getattr(told.verdict, name) for _, name in WANTED)


def written(found: Sequence["Told"], steps: Sequence[str]) -> str:
    first = found[0]
    engines = ",".join(told.engine for told in found)
    arguments = (
        f"--readers {first.readers} --batch-size {first.batch_size} --kills {first.kills.total()} "
        f"--seed {first.seed} --engines {engines}"
    )
    names = " | ".join(told.engine for told in found)
    head = f"| | {names} |\n|---|{'---|' * len(found)}\n"
    return "\n".join(
        (
            INTRODUCTION.format(arguments=arguments),
            f"Machine: {_machine()}.\n",
            head + "".join(_row(what, cells) for what, cells in _facts(found)),
            "Where death came, by step:\n",
            head + "".join(_row(f"`{step}`", [told.kills[step] for told in found]) for step in steps),
        )
    )


def _facts(found: Sequence["Told"]) -> list[tuple[str, list[object]]]:
    verdicts = [told.verdict for told in found]
    return [
        ("readers", [f"{told.readers:,}" for told in found]),
        ("kills", [told.kills.total() for told in found]),
        ("stopped and let go on", [told.stops.total() for told in found]),
        ("lives of the worker", [told.lives for told in found]),
        ("connections that the proxy broke or slowed", [told.network.total() for told in found]),
        ("batches under way at a death, at most", [told.in_flight_most for told in found]),
        ("batches accepted whose answer nobody got, settled by events", [told.settled_by_events for told in found]),
        ("accepted and still in doubt when all was heard", [told.taken_in_doubt for told in found]),
        ("in doubt then, never accepted: held, each with its evidence", [told.doubted for told in found]),
        ("of those sent again after silence", [told.sent_again for told in found]),
        ("settled by hand, by the provider's list", [told.by_hand for told in found]),
        ("readers reached", [f"{len(one.reached):,}" if one else "-" for one in verdicts]),
        ("refused by the provider, with its reason", [len(one.refused) if one else "-" for one in verdicts]),
        *((what, [_faults(getattr(one, name)) if one else "-" for one in verdicts]) for what, name in WANTED),
        ("seconds", [f"{told.seconds:,.0f}" for told in found]),
    ]


def _faults(of: frozenset[object]) -> str:
    return "held" if not of else f"**{len(of)}**"


def _row(what: str, cells: Sequence[object]) -> str:
    return f"| {what} | {' | '.join(map(str, cells))} |\n"


def _machine() -> str:
    cpu = next(
        (
            line.partition(":")[2].strip()
            for line in Path("/proc/cpuinfo").read_text().splitlines()
            if line.startswith("model name")
        ),
        platform.machine(),
    )
    load = " ".join(f"{value:.1f}" for value in os.getloadavg())
    return f"{os.cpu_count()} cores ({cpu}), CPython {platform.python_version()}, load {load} at the end"
