"""Documents -> a public folder, the bytes as they are. Each file is whole at every instant; unchanged ones rest.

New files are written and synced beside the old ones first and put in place at the end, so that a full disk or a kill
while writing leaves the folder as it was. What is no longer published goes; files that others put there stay: a list in
the folder says which are ours, and names a file before it is there.
"""

import fcntl
import json
import os
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from syndication.errors import PolicyError, StoreError

LIST = ".syndication.json"
LOCK = ".syndication.lock"
DRAFT = ".syndication-draft-"
"""Begins the name of a file that is being written. What a kill left is swept out the next time."""


class Put(NamedTuple):
    """The paths that were written, and those that went, or would be."""

    written: tuple[str, ...]
    removed: tuple[str, ...]


def publish_to(directory: Path, documents: Mapping[str, bytes]) -> Put:
    """Put `documents` (path below the directory -> bytes) in place, and nothing else of ours.

    Raises StoreError when the folder cannot be written, PolicyError for a path that leads out of it.
    """
    places = {path: _inside(directory, path) for path in documents}
    try:
        directory.mkdir(parents=True, exist_ok=True)
        with _locked(directory):
            put = differing(directory, documents)
            _sweep(directory, {*documents, *put.removed})
            if put.written or put.removed:
                _write_list(directory, {*documents, *put.removed})
                _replace([(places[path], documents[path]) for path in put.written])
                _remove(directory, put.removed)
                _write_list(directory, documents)
    except OSError as error:
        raise StoreError(f"{directory} cannot be written", why=str(error), fix="what was there before stays") from error
    return put


def differing(directory: Path, documents: Mapping[str, bytes]) -> Put:
    """What `publish_to` would do. Raises StoreError when the folder cannot be read."""
    written = tuple(path for path, data in documents.items() if not _holds(_inside(directory, path), data))
    removed = tuple(sorted(path for path in _read_list(directory) if path not in documents))
    return Put(written, removed)


def _inside(directory: Path, path: str) -> Path:
    place = (directory / path).resolve()
    if not place.is_relative_to(directory.resolve()):
        raise PolicyError(f"{path} leads out of {directory}")
    return place


def _holds(place: Path, data: bytes) -> bool:
    try:
        return place.stat().st_size == len(data) and place.read_bytes() == data
    except OSError:
        return False


@contextmanager
def _locked(directory: Path) -> Iterator[None]:
    """Of two at once, the second waits."""
    handle = os.open(directory / LOCK, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _sweep(directory: Path, documents: Iterable[str]) -> None:
    for folder in {directory, *((directory / path).parent for path in documents)}:
        if folder.is_dir():
            for left in folder.glob(f"{DRAFT}*"):
                left.unlink(missing_ok=True)


def _replace(files: Iterable[tuple[Path, bytes]]) -> None:
    """All of these files, or, when one cannot be written, none."""
    ready: list[tuple[Path, Path]] = []
    try:
        for place, data in files:
            place.parent.mkdir(parents=True, exist_ok=True)
            ready.append((_written_beside(place, data), place))
        for draft, place in ready:
            draft.replace(place)
        for folder in {place.parent for _, place in ready}:
            _sync(folder)
    finally:
        for draft, _ in ready:
            draft.unlink(missing_ok=True)


def _remove(directory: Path, paths: Iterable[str]) -> None:
    folders = set()
    for path in paths:
        place = _inside(directory, path)
        place.unlink(missing_ok=True)
        folders.add(place.parent)
    for folder in folders:
        if folder.is_dir():
            _sync(folder)
            if folder != directory.resolve() and not any(folder.iterdir()):
                folder.rmdir()


def _read_list(directory: Path) -> tuple[str, ...]:
    """Which files here are ours. Raises StoreError: without it nobody could tell whose they are."""
    place = directory / LIST
    try:
        found = json.loads(place.read_bytes()) if place.exists() else []
        if isinstance(found, list) and all(isinstance(path, str) for path in found):
            return tuple(found)
    except (OSError, ValueError) as error:
        raise StoreError(f"{place} cannot be read", why=str(error), fix="remove it, and publish again") from error
    raise StoreError(f"{place} is not a list of files", fix="remove it, and publish again")


def _write_list(directory: Path, paths: Iterable[str]) -> None:
    if tuple(listed := sorted(paths)) != _read_list(directory):
        _replace([(directory.resolve() / LIST, json.dumps(listed, indent=0).encode() + b"\n")])


def _written_beside(place: Path, data: bytes) -> Path:
    handle, name = tempfile.mkstemp(prefix=DRAFT, dir=place.parent)
    draft = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fchmod(file.fileno(), 0o644)  # a web server of another user reads it
            os.fsync(file.fileno())
    except OSError:
        draft.unlink(missing_ok=True)
        raise
    return draft


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
