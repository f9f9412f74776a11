"""Pictures as files in the data directory: names -> bytes. Each is whole at every instant, and on disk before its row.

They lie under the first two letters of their hash, so that no folder grows without end. It judges nothing.
"""

import os
import re
import tempfile
from collections.abc import Collection, Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from syndication.model.image import ImageSize, file_name

NAME = re.compile(r"([0-9a-f]{32})-(?:[1-9]\d{0,3})\.jpg")
DRAFT = ".draft-"


class ImageFiles:
    def __init__(self, folder: Path) -> None:
        """`folder` is made when the first file is put in."""
        self._folder = folder

    def put(self, hash: str, files: Sequence[tuple[ImageSize, bytes]]) -> None:
        """Write and sync these. Twice is as once. Raises OSError."""
        place = self._folder / hash[:2]
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
        for size, data in files:
            _write(place / file_name(hash, size.width), data)
        _sync(place)

    def has(self, hash: str, sizes: Sequence[ImageSize]) -> bool:
        return all((self._folder / hash[:2] / file_name(hash, size.width)).is_file() for size in sizes)

    def read(self, name: str) -> bytes | None:
        """None for what is not there, and for any name that we would not give."""
        found = NAME.fullmatch(name)
        if found is None:
            return None
        try:
            return (self._folder / name[:2] / name).read_bytes()
        except OSError:
            return None

    def drop(self, hash: str) -> None:
        place = self._folder / hash[:2]
        for path in place.glob(f"{hash}-*.jpg"):
            path.unlink(missing_ok=True)
        if place.is_dir():
            _sync(place)
            with suppress(OSError):  # another picture lies there
                place.rmdir()

    def copy_to(self, folder: Path, names: Collection[str]) -> tuple[str, ...]:
        """Put these beside each other where a web server reads them; answers those that were not there yet."""
        folder.mkdir(parents=True, exist_ok=True)
        new = tuple(name for name in names if not (folder / name).is_file())
        written = []
        for name in new:
            data = self.read(name)
            if data is not None:  # it may have left since it was listed
                _write(folder / name, data, mode=0o644)
                written.append(name)
        _sync(folder)
        return tuple(written)

    @staticmethod
    def strays(folder: Path, names: Collection[str]) -> tuple[str, ...]:
        """Pictures of ours that lie there and are not among these."""
        return tuple(
            sorted(path.name for path in folder.glob("*.jpg") if NAME.fullmatch(path.name) and path.name not in names)
        )

    def hashes(self, *, older_than: float) -> Iterator[str]:
        """Those written before that moment (seconds since 1970) and not since. Drafts that a kill left are removed."""
        newest: dict[str, float] = {}
        for path in sorted(self._folder.glob("??/*")):
            with suppress(OSError):  # it went meanwhile
                written = path.stat().st_mtime
                if path.name.startswith(DRAFT) and written < older_than:
                    path.unlink()
                elif found := NAME.fullmatch(path.name):
                    newest[found[1]] = max(written, newest.get(found[1], 0.0))
        return (hash for hash, written in newest.items() if written < older_than)


def _write(place: Path, data: bytes, mode: int = 0o600) -> None:
    handle, name = tempfile.mkstemp(prefix=DRAFT, dir=place.parent)
    draft = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fchmod(file.fileno(), mode)
            os.fsync(file.fileno())
        draft.replace(place)
    finally:
        draft.unlink(missing_ok=True)


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
