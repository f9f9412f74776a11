"""What it costs to take events: the webhook's whole way, beside a bare loop that verifies, parses and stores.

`python -m bench.events` prints CPU time, since the machine may be busy. Bulk posts of 1,500 events (as the provider
makes them), posts of one event, and the drain that applies them to an edition of 100,000 readers.
"""

import base64
import json
import sqlite3
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from sqlalchemy import insert

from syndication.deliveries import manifest, personalize
from syndication.jobs.drain import Drain
from syndication.senders.sendgrid_events import SIGNATURE, TIMESTAMP, Keys, parse
from syndication.storage import schema
from syndication.storage.database import Database
from syndication.storage.events import Events, EventSpool
from syndication.storage.journal import Journal
from syndication.web.events import EventDoor

KEY = b"a key for the bench"
NOW = datetime.now(UTC)
BATCHES, READERS = 200, 500
IN_ONE = 1500
BODIES = 60
SINGLE = 1500


class Signer:
    def __init__(self) -> None:
        self._key = ec.generate_private_key(ec.SECP256R1())
        public = self._key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        self.public = base64.b64encode(public).decode()

    def headers(self, body: bytes) -> dict[str, str]:
        timestamp = str(int(NOW.timestamp()))
        signature = self._key.sign(timestamp.encode() + body, ec.ECDSA(SHA256()))
        return {SIGNATURE: base64.b64encode(signature).decode(), TIMESTAMP: timestamp}


def event(n: int, kind: str) -> dict[str, object]:
    batch, place = divmod(n % (BATCHES * READERS), READERS)
    return {
        "email": f"reader{n}@readers.example",
        "timestamp": int(NOW.timestamp()),
        "smtp-id": f"<{n}@standin.example>",
        "event": kind,
        "category": ["morning"],
        "sg_event_id": f"{kind}-{n}",
        "sg_message_id": f"reference-{batch}.filter0001.1.0",
        "response": "250 2.0.0 OK  1770000000 gsmtp",
        "nl_sub": f"attempt-{batch}",
        "nl_dlv": personalize.delivery_id(KEY, 1, batch * READERS + place + 1),
    }


def bulk() -> list[bytes]:
    kinds = ("processed", "delivered", "delivered")
    lines = [event(n, kinds[n % 3]) for n in range(IN_ONE * BODIES)]
    return [json.dumps(lines[start : start + IN_ONE]).encode() for start in range(0, len(lines), IN_ONE)]


def bare(signer: Signer, bodies: list[bytes], folder: Path) -> Callable[[], None]:
    """No more than has to be: verify, parse, store the events, commit each body."""
    store = sqlite3.connect(folder / "bare.db", isolation_level=None)
    store.execute("PRAGMA journal_mode=wal")
    store.execute("PRAGMA synchronous=FULL")
    store.execute("CREATE TABLE told (sub text, dlv text, kind text, at integer)")
    keys, signed = Keys([signer.public]), [(body, signer.headers(body)) for body in bodies]

    def run() -> None:
        for body, headers in signed:
            assert keys.judge(headers, body, NOW) == "good"
            rows = [(one["nl_sub"], one["nl_dlv"], one["event"], one["timestamp"]) for one in json.loads(body)]
            store.execute("BEGIN IMMEDIATE")
            store.executemany("INSERT INTO told VALUES (?, ?, ?, ?)", rows)
            store.execute("COMMIT")

    return run


def taken(signer: Signer, bodies: list[bytes], database: Database) -> Callable[[], None]:
    """As the webhook's thread does it, from the moment a body is read to its answer."""
    signed = [(body, signer.headers(body)) for body in bodies]
    spool = EventSpool(database)
    door = EventDoor("sendgrid", Keys([signer.public]).judge, (), spool, lambda: None, lambda: NOW)

    def run() -> None:
        for body, headers in signed:
            assert door._take(headers, body).status_code == 204

    return run


def at_once(signer: Signer, bodies: list[bytes], database: Database) -> Callable[[], None]:
    """As many threads of a server do it: one commit serves all who wait."""
    signed = [(body, signer.headers(body)) for body in bodies]
    door = EventDoor("sendgrid", Keys([signer.public]).judge, (), EventSpool(database), lambda: None, lambda: NOW)

    def run() -> None:
        with ThreadPoolExecutor(16) as pool:
            answers = list(pool.map(lambda one: door._take(one[1], one[0]).status_code, signed))
        assert answers == [204] * len(answers)

    return run


def furnish(folder: Path) -> Database:
    database = Database(f"sqlite:///{folder / 'house.db'}")
    with database.write() as connection:
        schema.create(connection)
        usual = {
            "schedules": [],
            "choice": {},
            "items_min": 1,
            "items_max": 9,
            "approval": False,
            "late_policy": "send",
        }
        letter = {"slug": "m", "title": "", "description": "", "template": "", "late_after_seconds": 1, "reply_to": ""}
        connection.execute(insert(schema.newsletter).values(**usual, **letter))
        slot = {"cadence": "daily", "slot_local": "2026-05-07T06:30", "due_at": NOW, "created_at": NOW}
        connection.execute(insert(schema.edition).values(newsletter_id=1, state="settled", **slot))
        content = dict.fromkeys(("variant", "subject", "preheader", "html", "text", "nonce", "hash"), "")
        connection.execute(insert(schema.edition_content).values(edition_id=1, item_ids=[], **content))
        for n in range(BATCHES):
            ids = range(n * READERS + 1, (n + 1) * READERS + 1)
            connection.execute(
                insert(schema.batch).values(
                    edition_id=1,
                    n=n + 1,
                    content_id=1,
                    wave=NOW,
                    state="accepted",
                    manifest=manifest.encode(ids),
                    count=READERS,
                    attempt=1,
                    changed_at=NOW,
                )
            )
            attempt = {"edition_id": 1, "n": n + 1, "attempt": 1, "transport": "sendgrid", "recipients": READERS}
            connection.execute(
                insert(schema.batch_attempt).values(attempt_id=f"attempt-{n}", claimed_at=NOW, **attempt)
            )
    return database


def timed(what: str, run: Callable[[], object], number: int, unit: str) -> float:
    start, wall = time.process_time(), time.monotonic()
    run()
    cpu, wall = time.process_time() - start, time.monotonic() - wall
    print(
        f"{what:42} {number / cpu:10,.0f} {unit}/CPU-s   {number / wall:10,.0f} {unit}/s   {1e6 * cpu / number:7.1f} us"
    )
    return cpu


def main() -> None:
    signer, bodies = Signer(), bulk()
    singles = [json.dumps([event(n, "delivered")]).encode() for n in range(SINGLE)]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        database, journal = furnish(folder), Journal(folder / "journal")
        count = IN_ONE * BODIES
        floor = timed("bare: verify, parse, store, in bulk", bare(signer, bodies, folder), count, "events")
        ours = timed("webhook: verify, spool, in bulk", taken(signer, bodies, database), count, "events")
        drain = Drain(Events(database), journal, {"sendgrid": parse}, KEY, lambda: NOW)
        applied = timed("drain: parse, map, apply, in bulk", drain.run, count, "events")
        print(f"{'webhook and drain together, beside the bare loop':50} {floor / (ours + applied):.2f} of its rate")
        timed("webhook: one event a post, one at a time", taken(signer, singles, database), SINGLE, "posts")
        timed("drain: one event a post", drain.run, SINGLE, "posts")
        timed("webhook: one event a post, 16 at a time", at_once(signer, singles, database), SINGLE, "posts")
        journal.close()
        database.close()


if __name__ == "__main__":
    main()
