"""What a round of collecting costs, store included, beside the library `reader` in the same run. Prints a table.

    python bench/poll.py [--sources 5000] [--peer-sources 500] [--registered 100000] [--kind summaries|whole]

Every source has an address of its own in 127.0.0.0/8. Rounds: cold (10 new entries a source; 10 kB of summaries, or
45 kB of whole texts with a picture each), nothing new, a tenth changed by two new entries, all changed by two. `reader`
runs as its documentation says for speed: `update_feeds(workers=…)` on a SQLite file; its rounds are shorter, rates
compare. CPU is that of the polling process, all threads, and of its assistant; hosts run in a process of their own.
"""

import argparse
import json
import logging
import multiprocessing
import os
import subprocess
import sys
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Protocol

from machine import heading

if TYPE_CHECKING:
    from contenders import Product

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Round:
    """What one round came to: sources, wall seconds, CPU seconds, new entries."""

    name: str
    sources: int
    seconds: float
    cpu: float
    new: int

    def row(self) -> str:
        rate, cpu = self.sources / self.seconds, 1000 * self.cpu / self.sources
        return f"{self.name:34}{self.sources:>8}{rate:>12,.0f}/s{cpu:>12.2f}{self.new:>10}"


class Partners:
    """The hosts' process, spoken to."""

    def __init__(self, count: int, kind: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, HERE / "hosts.py", str(count), kind],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.port = int(self.process.stdout.readline())  # type: ignore[union-attr]

    def say(self, command: str) -> str:
        self.process.stdin.write(command + "\n")  # type: ignore[union-attr]
        self.process.stdin.flush()  # type: ignore[union-attr]
        return self.process.stdout.readline().strip()  # type: ignore[union-attr]

    def close(self) -> None:
        self.process.stdin.close()  # type: ignore[union-attr]
        self.process.wait()


class Contender(Protocol):
    def poll(self) -> int: ...

    def cpu_seconds(self) -> float: ...


def timed(name: str, sources: int, contender: Contender) -> Round:
    cpu, begun = contender.cpu_seconds(), monotonic()
    new = contender.poll()
    return Round(name, sources, monotonic() - begun, contender.cpu_seconds() - cpu, new)


def rounds(sources: int, contender: Contender, partners: Partners) -> list[Round]:
    """The rounds that every contender makes. The last two would take the peer too long with all sources."""
    found = [timed("cold, 10 new entries each", sources, contender)]
    found.append(timed("nothing new (304)", sources, contender))
    partners.say("round 1")
    found.append(timed("a tenth with 2 new entries", sources, contender))
    partners.say("round all")
    found.append(timed("all with 2 new entries", sources, contender))
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sources", type=int, default=5000)
    parser.add_argument("--peer-sources", type=int, default=500)
    parser.add_argument("--registered", type=int, default=100_000)
    parser.add_argument("--kind", choices=["summaries", "whole"], default="summaries")
    parser.add_argument("--contender", choices=["product", "reader", "memory", "dead"], help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.contender:
        logging.disable(logging.CRITICAL)  # neither writes a log
        print(json.dumps(run_contender(options)))
        return
    print(heading("pycurl", "SQLAlchemy", "nh3", "reader", "feedparser"), end="\n\n", flush=True)
    print(f"{'':36}{'sources':>8}{'rate':>14}{'CPU-ms each':>12}{'new':>10}")
    ours = told("this product", _in_a_process_of_its_own("product", options))
    theirs = told("reader", _in_a_process_of_its_own("reader", options))
    print("\ntimes reader")
    for mine, other in zip(ours, theirs, strict=True):
        rate = (mine.sources / mine.seconds) / (other.sources / other.seconds)
        cpu = (other.cpu / other.sources) / (mine.cpu / mine.sources)
        print(f"  {mine.name:34}{rate:>8.1f}× the rate, {cpu:.1f}× less CPU", flush=True)
    memory = _in_a_process_of_its_own("memory", options)["peak_mib"]
    print(f"\nmemory, {options.registered:,} sources registered and {options.sources:,} polled twice: {memory:.0f} MiB")
    starts = _in_a_process_of_its_own("dead", options)
    print("\nwhen 99 of 100 healthy sources had been asked, in seconds after the round began")
    print(f"  all hosts healthy {starts['healthy']:.2f}, half of them dead {starts['half dead']:.2f}")


def told(title: str, found: dict) -> list[Round]:
    rounds = [Round(**each) for each in found["rounds"]]
    print(title)
    for each in rounds:
        print("  " + each.row(), flush=True)
    return rounds


def _in_a_process_of_its_own(contender: str, options: argparse.Namespace) -> dict:
    command = [sys.executable, __file__, "--contender", contender]
    for name in ("sources", "peer_sources", "registered", "kind"):
        command += [f"--{name.replace('_', '-')}", str(getattr(options, name))]
    done = subprocess.run(command, stdout=subprocess.PIPE, check=True, text=True)
    return json.loads(done.stdout.splitlines()[-1])


def run_contender(options: argparse.Namespace) -> dict:
    from contenders import Peer, Product, furnish

    with tempfile.TemporaryDirectory(prefix="bench-poll-") as directory:
        if options.contender == "reader":
            partners = Partners(options.peer_sources, options.kind)
            peer = Peer(Path(directory), partners.port, options.peer_sources)
            found = rates(options.peer_sources, peer, partners)
            partners.close()
            return found
        partners = Partners(options.sources, options.kind)
        registered = options.registered if options.contender == "memory" else 0
        # Furnished by a process of its own, whose memory is not that of polling.
        given = (Path(directory), partners.port, options.sources, registered)
        child = multiprocessing.get_context("spawn").Process(target=furnish, args=given)
        child.start()
        child.join()
        product = Product(Path(directory))
        found = MEASURES[options.contender](options.sources, product, partners)
        partners.close()
        return found


def rates(sources: int, contender: Contender, partners: Partners) -> dict:
    return {"rounds": [asdict(each) for each in rounds(sources, contender, partners)]}


def memory(_sources: int, product: "Product", _partners: Partners) -> dict:
    product.poll()
    product.poll()
    return {"peak_mib": _peak_mib(os.getpid()) + _peak_mib(product.assistant.pid)}


def dead(_sources: int, product: "Product", partners: Partners) -> dict:
    poll = product.poll
    poll()
    partners.say("mark")
    poll()
    healthy = _p99(partners.say("times"))
    partners.say("half")
    poll()  # now the dead are known
    partners.say("mark")
    poll()
    return {"healthy": healthy, "half dead": _p99(partners.say("times"))}


MEASURES = {"product": rates, "memory": memory, "dead": dead}


def _p99(times: str) -> float:
    found = sorted(map(float, times.split()))
    return found[int(0.99 * (len(found) - 1))]


def _peak_mib(pid: int | None) -> float:
    if pid is None:
        return 0.0
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmHWM"):
            return int(line.split()[1]) / 1024
    return 0.0


if __name__ == "__main__":
    main()
