"""Batch ids and scheduled sends: what is kept back until its time, and what of it was cancelled. In: calls, a clock.

`POST /v3/mail/batch` draws an id; mails that name it and a `send_at` wait until then; a batch that is cancelled at that
moment is discarded. Each change is a line on disk, so that a kill loses none and a test can ask what went out.
"""

import json
import os
import secrets
import threading
from pathlib import Path
from typing import Any

STOPPED_MAX = 10
STATUSES = ("cancel", "pause")

Told = tuple[int, Any]


class Schedule:
    def __init__(self, path: Path) -> None:
        self._lock = threading.RLock()
        self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        self._ids: set[str] = set()
        self._status: dict[str, str] = {}
        for line in path.read_bytes().splitlines():
            self._apply(json.loads(line))

    def draw(self, now: float) -> str:
        return self._write({"batch_id": secrets.token_urlsafe(32), "drawn": True, "at": now})

    def forget(self, now: float) -> None:
        """Nothing is cancelled any more; for a new test, which does not look at what an earlier one was told."""
        with self._lock:
            for id in list(self._status):
                self._forget(id, now)

    def knows(self, batch_id: str) -> bool:
        with self._lock:
            return batch_id in self._ids

    def status(self, batch_id: str) -> str | None:
        with self._lock:
            return self._status.get(batch_id)

    def answer(self, method: str, batch_id: str, given: Any, now: float) -> Told:
        """(status, document) of a call to /v3/user/scheduled_sends[/batch_id]."""
        with self._lock:
            if method == "GET":
                found = {batch_id: self._status[batch_id]} if batch_id in self._status else {}
                listed = found if batch_id else self._status
                return 200, [{"batch_id": id, "status": status} for id, status in listed.items()]
            if method == "DELETE":
                return self._forget(batch_id, now)
            id = batch_id or (given.get("batch_id") if isinstance(given, dict) else None)
            status = given.get("status") if isinstance(given, dict) else None
            return self._stop(method, id, status, now)

    def _stop(self, method: str, id: Any, status: Any, now: float) -> Told:
        if id not in self._ids or status not in STATUSES:
            return 400, _error("batch_id" if id not in self._ids else "status", "invalid")
        if method == "POST" and id in self._status:
            return 400, _error("batch_id", "a status is already set for this batch id")
        if method == "PATCH" and id not in self._status:
            return 404, _error("batch_id", "no such scheduled send")
        if id not in self._status and len(self._status) >= STOPPED_MAX:
            return 400, _error(None, f"at most {STOPPED_MAX} batches can be cancelled or paused")
        self._write({"batch_id": id, "status": status, "at": now})
        return (201, {"batch_id": id, "status": status}) if method == "POST" else (204, None)

    def _forget(self, id: str, now: float) -> Told:
        if id not in self._status:
            return 404, _error("batch_id", "no such scheduled send")
        self._write({"batch_id": id, "status": None, "at": now})
        return 204, None

    def _write(self, change: dict[str, Any]) -> str:
        with self._lock:
            os.write(self._file, json.dumps(change).encode() + b"\n")
            os.fsync(self._file)
            self._apply(change)
        return str(change["batch_id"])

    def _apply(self, change: dict[str, Any]) -> None:
        if change.get("drawn"):
            self._ids.add(change["batch_id"])
        elif change["status"] is None:
            self._status.pop(change["batch_id"], None)
        else:
            self._status[change["batch_id"]] = change["status"]


def beside(log: Path) -> Path:
    return log.with_name(log.name + ".schedule")


def went_out(accepted: list[dict[str, Any]], changes: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Of the accepted calls, those that were not stopped when their time came, as if it had come for all."""
    return [call for call in accepted if not _stopped(call, changes)]


def _stopped(call: dict[str, Any], changes: list[dict[str, Any]]) -> bool:
    if "send_at" not in call:
        return False
    before = [
        one
        for one in changes
        if one["batch_id"] == call.get("batch_id") and "status" in one and one["at"] <= call["send_at"]
    ]
    return bool(before) and before[-1]["status"] is not None


def _error(field: str | None, message: str) -> dict[str, Any]:
    return {"errors": [{"message": message, "field": field, "help": None}]}
