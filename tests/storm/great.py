"""The great storm: one edition to very many readers, killed again and again at named steps, over a network that cuts
and a provider that answers late, wrongly or never. In: an engine, a size, a seed. Out: what happened, and the oracle's
word.

    python -m tests.storm.great [--readers 100000] [--kills 200] [--engines sqlite,postgresql] [--write docs/storm.md]

Doubt is held first, so that whatever nobody can know piles up and is looked at; then silence is taken for an answer,
and the rest is settled as a person would who can read the provider's own list.
"""

import argparse
import multiprocessing
import os
import random
import signal
import sys
import tempfile
import threading
import time
from collections import Counter, deque
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit

from syndication.jobs import record
from syndication.senders import sendgrid_events
from syndication.senders.sendgrid_events import SIGNATURE, TIMESTAMP, Keys
from syndication.storage.batches import Ledger
from syndication.storage.database import Database
from syndication.storage.events import EventSpool
from syndication.storage.schema import create
from syndication.web.events import EventDoor
from tests.faults.clock import SharedClock
from tests.faults.oracle import Oracle, Verdict
from tests.faults.proxy import Proxy
from tests.postgres import postgres
from tests.pressroom import PressRoom
from tests.standin.handle import Handle
from tests.storm import great_life, storm_report
from tests.storm.great_life import ALIVE, API_KEY, LEASE, LIFE_SECONDS, UNFINISHED, Lot
from tests.storm.life import FIRST_LIFE
from tests.storm.mortal import ASSEMBLING, OPENING, PLANNING, SETTLING, WHENEVER, Death

SENDING = (
    *("ledger.begin", "ledger.commit", "ledger.holds", "ledger.unfit", "ledger.finish"),
    *("journal.append", "os.fsync", "outbox.submit", "exchange.fetch", WHENEVER),
)
HEARING = ("events.take", "events.add_bits", "events.commit")
STEPS = (*OPENING, *ASSEMBLING, *PLANNING, *SENDING, *HEARING, *SETTLING)
STOPPED_AT = ("journal.append", "outbox.submit", "exchange.fetch")
"""Where a life is stopped instead of killed, and goes on when others have gone past it: it holds no lock there."""

TIMES_MIN = 3
STOP_EVERY = 12
"""One life of so many is stopped instead of killed."""
CALLS = 3
LEASE_OF_AN_EDITION = timedelta(minutes=6)
LIVES_A_KILL = 6
NETWORK = {
    "refuse": 0.01,
    "cut-before-body": 0.01,
    "cut-in-body": 0.01,
    "cut-after-body": 0.015,
    "reset": 0.01,
    "cut-answer": 0.01,
    "stall": 0.003,
    "slow": 0.02,
}
PROVIDER: tuple[dict[str, Any], ...] = (
    {"kind": "drop", "probability": 0.01},
    {"kind": "status", "status": 500, "body": "html", "accepted": True, "probability": 0.01},
    {"kind": "status", "status": 502, "body": "none", "probability": 0.01},
    {"kind": "status", "status": 503, "body": "json", "probability": 0.005},
    {"kind": "status", "status": 429, "body": "json", "reset_seconds": 20, "probability": 0.005},
    {"kind": "reset-mid-body", "probability": 0.005},
    {"kind": "truncate", "probability": 0.01},
    {"kind": "trickle", "gap": 0.001, "probability": 0.01},
    {"kind": "garbage", "probability": 0.005},
    {"kind": "refuse", "position": 0, "times": 2, "probability": 0.01},
)
EVENTS = {"delay": 0.5, "lose": 0.02, "double": 0.05, "rename": 0.02, "shuffle": True, "in_one": 500}

processes = multiprocessing.get_context("forkserver")
processes.set_forkserver_preload(["tests.storm.great_life"])


@dataclass
class Told:
    """What a storm came to."""

    engine: str
    readers: int
    batch_size: int
    seed: int
    kills: Counter[str] = field(default_factory=Counter)
    stops: Counter[str] = field(default_factory=Counter)
    lives: int = 0
    network: Counter[str] = field(default_factory=Counter)
    in_flight_most: int = 0
    """Batches under way at a death, at most."""
    taken_in_doubt: int = 0
    """Accepted by the provider and in doubt with us, when all events were heard."""
    doubted: int = 0
    """Batches in doubt when all was sent and heard."""
    settled_by_events: int = 0
    sent_again: int = 0
    by_hand: int = 0
    verdict: Verdict | None = None
    seconds: float = 0.0


class Door:
    """The webhook of the house on a port of its own, in a thread of the test: it lives while the workers die."""

    def __init__(self, url: str, key: str) -> None:
        self._database = Database(url)
        spool = EventSpool(self._database)
        needs = (SIGNATURE, TIMESTAMP)
        judge = Keys([key]).judge
        door = EventDoor(sendgrid_events.NAME, judge, needs, spool, lambda: None, lambda: datetime.now(UTC))

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                answer = door._take({name: self.headers.get(name, "") for name in needs}, body)
                self.send_response(answer.status_code)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, format: str, *args: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/webhooks/sendgrid"

    def __enter__(self) -> Self:
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), name="door", daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._database.close()


class Storm:
    def __init__(
        self, url: str, directory: Path, *, readers: int, batch_size: int, kills: int, seed: int, each: int = TIMES_MIN
    ) -> None:
        """`each`: how often every step is hit at least, as far as its turn comes."""
        self.told = Told(url.partition(":")[0].partition("+")[0], readers, batch_size, seed)
        self._url, self._directory, self._kills, self._each = url, directory, kills, each
        self._chance = random.Random(seed)
        self._turns: deque[str] = deque()
        self._clock = SharedClock(directory / "clock", FIRST_LIFE)
        self.oracle = Oracle(url, directory / "accepted.jsonl")

    def run(self) -> Told:
        began = time.monotonic()
        database = Database(self._url)
        room = PressRoom(database, self._directory, readers=0, stories=5)
        furnish(room, self.told.readers)
        standin = Handle(self._directory / "accepted.jsonl", "--key", API_KEY)
        try:
            port = urlsplit(standin.url).port
            assert port is not None
            with Door(self._url, standin.event_key) as door, self._network(port) as network:
                for fault in PROVIDER:
                    standin.fault(**fault, seed=self._chance.randrange(1000))
                standin.tell_events(door.url, seed=self.told.seed, **EVENTS)
                self._lot = Lot(
                    self._url, self._directory, self._directory / "clock", network.url, self.told.batch_size
                )
                self._through_deaths()
                self._until(lambda: not self._waiting(), "hold", "all was offered once")
                self._until(lambda: self._heard(standin), "hold", "what was accepted is settled by its events")
                self._look_at_doubt()
                self._calm(standin, network)
                self.told.network = network.struck
        finally:
            standin.stop()
        self.told.verdict = self.oracle.verdict(self._edition_id())
        self.told.seconds = time.monotonic() - began
        database.close()
        return self.told

    def _network(self, port: int) -> Proxy:
        return Proxy(port, seed=self.told.seed, chances=NETWORK)

    # -- deaths

    def _through_deaths(self) -> None:
        for death in self._early():
            self._die(death)
            self._clock.forward(LEASE_OF_AN_EDITION)
        self._turns = deque(self._chance.sample((*SENDING, *HEARING) * self._each, len(SENDING + HEARING) * self._each))
        last = len(SETTLING) * self._each
        while self.told.kills.total() < self._kills - last and self._waiting():
            self._die(self._late())
            assert self.told.lives < LIVES_A_KILL * self._kills, f"death does not come: {self.told}"
        for step in SETTLING * self._each:
            self._die(Death(step, 1, after=self._chance.random() < 0.5))

    def _early(self) -> list[Death]:
        """Before anything is sent: each step as often as is asked, in any order within its phase."""
        found = []
        for phase in (OPENING, ASSEMBLING, PLANNING):
            steps = list(phase * self._each)
            self._chance.shuffle(steps)
            # Death after a commit would end the phase, and its other steps would never come.
            found += [Death(step, 1, after=step != "press.commit" and self._chance.random() < 0.5) for step in steps]
            found.append(Death("press.commit", 1 + (phase is not OPENING), after=True))
        return found

    def _late(self) -> Death:
        """While it is sent: each step in its turn, and once all had theirs, whichever is drawn."""
        after = self._chance.random() < 0.5
        if self.told.stops.total() * STOP_EVERY < self.told.kills.total() - len(OPENING + ASSEMBLING + PLANNING):
            return Death(self._chance.choice(STOPPED_AT), 1, after, by=signal.SIGSTOP)
        if self._turns:
            return Death(self._turns[0], 1, after)
        step = self._chance.choice((*SENDING, *HEARING))
        deepest = 60 if step == WHENEVER else 2 if step in HEARING else self._deepest
        return Death(step, self._chance.randint(1, deepest), after)

    def _struck(self, step: str, struck: bool) -> None:
        """Whose turn it was has had it; a step that was not reached, with nothing to be done there, comes later."""
        if self._turns and self._turns[0] == step:
            self._turns.popleft()
            if not struck:
                self._turns.append(step)

    @property
    def _deepest(self) -> int:
        """So many batches into a life death comes at most, so that some are left for the last."""
        return max(self.told.readers // self.told.batch_size // (2 * self._kills), 1)

    def _die(self, death: Death) -> None:
        if death.by is signal.SIGSTOP:
            self._be_stopped(death)
            return
        struck = self._live(death, "hold") == -signal.SIGKILL
        self._struck(death.step, struck)
        if struck:
            self.told.kills[death.step] += 1
            under_way = self.oracle.states()["sending"]
            self.told.in_flight_most = max(self.told.in_flight_most, under_way)
            assert under_way <= CALLS, "no more is in doubt after a death than was under way"

    def _be_stopped(self, death: Death) -> None:
        """A life falls asleep with a batch in hand, its lease runs out, another takes up what it left, and it wakes."""
        asleep = self._begin(death, "hold", calls=1)
        while asleep.is_alive() and _state(asleep.pid) != "T":
            asleep.join(0.02)
        if asleep.is_alive():
            self.told.stops[death.step] += 1
            self._clock.forward(LEASE)
            self._live(Death("ledger.finish", 1, after=True), "hold")
            assert asleep.pid is not None
            os.kill(asleep.pid, signal.SIGCONT)
        self._end(asleep)

    # -- lives

    def _live(self, death: Death | None, policy: str, *, most: int = 0) -> int:
        ended = self._end(self._begin(death, policy, calls=CALLS, most=most))
        self._clock.forward(LEASE)
        return ended

    def _begin(self, death: Death | None, policy: str, *, calls: int, most: int = 0) -> Any:
        self.told.lives += 1
        if death is not None:
            most = self._deepest + CALLS  # one that death passes by is not to send all the rest
        process = processes.Process(target=great_life.live, args=(self._lot, death, calls, policy, most))
        process.start()
        return process

    def _end(self, process: Any) -> int:
        process.join(LIFE_SECONDS)
        ended = process.exitcode
        assert ended in (ALIVE, UNFINISHED, -signal.SIGKILL), f"a life ended with {ended}"
        return int(ended)

    def _until(self, fact: Any, policy: str, what: str) -> None:
        for _ in range(200):
            if fact():
                return
            self._live(None, policy)
        raise AssertionError(f"not even after many lives: {what}; {self.oracle.states()}")

    def _waiting(self) -> bool:
        return not self.oracle.states() or any(self.oracle.states()[state] for state in ("planned", "sending"))

    def _heard(self, standin: Handle) -> bool:
        deadline = time.monotonic() + 120
        while standin.events()["pending"] and time.monotonic() < deadline:
            time.sleep(0.1)
        return not self.oracle.ask("SELECT 1 FROM event_spool LIMIT 1") and not self.oracle.taken_and_in_doubt()

    # -- doubt

    def _look_at_doubt(self) -> None:
        """Whatever is in doubt by now the provider never had: each is shown, with what is known of it."""
        doubtful = self.oracle.in_doubt()
        self.told.taken_in_doubt = len(self.oracle.taken_and_in_doubt())
        self.told.doubted = len(doubtful)
        taken = self.oracle.attempts_taken()
        assert not [one for one in doubtful if one["attempt_id"] in taken]
        assert all(one["detail"] and one["claimed_at"] for one in doubtful), "evidence"
        alerts = self.oracle.ask("SELECT key FROM alert WHERE key LIKE 'uncertain:%' AND resolved_at IS NULL")
        assert bool(alerts) == bool(doubtful)
        self.told.settled_by_events = self.oracle.accepted_without_an_answer()
        verdict = self.oracle.verdict(self._edition_id())
        wrong = {name: sorted(getattr(verdict, name))[:5] for name in ("doubled", "untrue", "unseen", "twice_planned")}
        assert not any(wrong.values()), wrong

    def _calm(self, standin: Handle, network: Proxy) -> None:
        """No more faults. Silence is an answer now, and for what silence may not settle a person looks at the list."""
        standin.no_faults()
        network.calm()
        for _ in range(4):
            self._clock.forward(great_life.GRACE)
            self._live(None, "silence")
            self._heard(standin)
        ((self.told.sent_again,),) = self.oracle.ask(
            "SELECT count(*) FROM audit_log WHERE action = 'resolve' AND detail LIKE 'planned%'"
        )
        for one in self.oracle.in_doubt():
            self._resolve(one["edition_id"], one["n"], one["attempt_id"] in self.oracle.attempts_taken())
        self._until(lambda: self._settled(), "hold", "the edition is settled")

    def _resolve(self, edition_id: int, n: int, accepted: bool) -> None:
        database = Database(self._url)
        record.resolve(edition_id, n, Ledger(database), self._clock(), accepted=accepted, actor="ada")
        database.close()
        self.told.by_hand += 1

    def _edition_id(self) -> int:
        """Not always 1: PostgreSQL counts what was rolled back by a death, too."""
        ((found,),) = self.oracle.ask("SELECT id FROM edition")
        return int(found)

    def _settled(self) -> bool:
        return self.oracle.ask("SELECT state FROM edition") == [("settled",)]


def furnish(room: PressRoom, readers: int) -> None:
    for start in range(0, readers, 10_000):
        room.subscribe(min(10_000, readers - start))


def _state(pid: int | None) -> str:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return "gone"


# -- as a command


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.storm.great")
    parser.add_argument("--readers", type=int, default=100_000)
    parser.add_argument("--batch-size", type=int, default=50)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=20260507)
    parser.add_argument("--engines", default="sqlite,postgresql")
    parser.add_argument("--write", type=Path, help="write the report here; else it is printed")
    given = parser.parse_args()
    found = [one_storm(engine, given) for engine in given.engines.split(",")]
    text = storm_report.written(found, STEPS)
    if given.write:
        given.write.write_text(text, encoding="utf-8")
    else:
        print(text)
    sys.exit(any(not storm_report.held(told) for told in found))


def one_storm(engine: str, given: argparse.Namespace) -> Told:
    with tempfile.TemporaryDirectory(prefix="storm-") as name, ExitStack() as ends:
        folder, url = Path(name), f"sqlite:///{name}/house.db"
        if engine == "postgresql":
            url = ends.enter_context(postgres()) + "postgres"
        database = Database(url)
        with database.write() as connection:
            create(connection)
        database.close()
        return Storm(
            url, folder, readers=given.readers, batch_size=given.batch_size, kills=given.kills, seed=given.seed
        ).run()


if __name__ == "__main__":
    # Lives find this module under its own name, and the command must not be another one beside it.
    from tests.storm.great import main as run

    run()
