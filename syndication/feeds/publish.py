"""Feed documents -> a public folder, the bytes as they are. Each file is whole at every instant; unchanged ones rest.

New files are written and synced beside the old ones first and put in place at the end, so that a full disk or a kill
while writing leaves the folder as it was.
"""

import os
import tempfile
from collections.abc import Mapping
from pathlib import Path

from syndication.errors import PolicyError, StoreError


def publish_to(directory: Path, documents: Mapping[str, bytes]) -> tuple[str, ...]:
    """Put `documents` (path below the directory -> bytes) in place; answers the paths that changed.

    Raises StoreError when the folder cannot be written, PolicyError for a path that leads out of it.
    """
    changed = differing(directory, documents)
    ready: list[tuple[Path, Path]] = []
    try:
        for path in changed:
            place = _inside(directory, path)
            place.parent.mkdir(parents=True, exist_ok=True)
            ready.append((_written_beside(place, documents[path]), place))
        for temporary, place in ready:
            temporary.replace(place)
        for folder in {place.parent for _, place in ready}:
            _sync(folder)
    except OSError as error:
        raise StoreError(f"{directory} cannot be written", why=str(error), fix="what was there before stays") from error
    finally:
        for temporary, _ in ready:
            temporary.unlink(missing_ok=True)
    return changed


def differing(directory: Path, documents: Mapping[str, bytes]) -> tuple[str, ...]:
    """The paths that `publish_to` would write."""
    return tuple(path for path, data in documents.items() if not _holds(_inside(directory, path), data))


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


def _written_beside(place: Path, data: bytes) -> Path:
    handle, name = tempfile.mkstemp(prefix=f".{place.name}.", dir=place.parent)
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fchmod(file.fileno(), 0o644)  # a web server of another user reads it
            os.fsync(file.fileno())
    except OSError:
        temporary.unlink(missing_ok=True)
        raise
    return temporary


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
