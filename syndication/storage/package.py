"""Many files in one, each with its sum, and out again. In: paths and names. Out: a tar file, or what is wrong with it.

It appears at its place whole and on disk, for its owner alone. On the way out nothing is believed: names are looked at,
sums are compared, and a package without its list is none.
"""

import hashlib
import json
import os
import tarfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path, PurePosixPath
from typing import IO, Any

from syndication.errors import StoreError

LIST = "contents.json"
LIST_BYTES_MAX = 256 * 1024 * 1024
PIECE = 1024 * 1024


class Packing:
    """`put` files, then `close` with what is to be known of them."""

    def __init__(self, file: IO[bytes], tell: Callable[[int], None]) -> None:
        self._tar = tarfile.open(fileobj=file, mode="w|", format=tarfile.PAX_FORMAT)  # noqa: SIM115  `close` does
        self._members: dict[str, dict[str, Any]] = {}
        self._tell, self._done = tell, 0

    def put(self, name: str, path: Path) -> None:
        with path.open("rb") as file:
            entry = tarfile.TarInfo(name)
            entry.size = os.fstat(file.fileno()).st_size
            self._add(entry, file)

    def write(self, name: str, data: bytes) -> None:
        entry = tarfile.TarInfo(name)
        entry.size = len(data)
        self._add(entry, BytesIO(data))

    def close(self, known: Mapping[str, Any]) -> None:
        data = json.dumps({**known, "files": self._members}, indent=1).encode()
        entry = tarfile.TarInfo(LIST)
        entry.size = len(data)
        self._tar.addfile(entry, BytesIO(data))
        self._tar.close()

    def _add(self, entry: tarfile.TarInfo, file: IO[bytes]) -> None:
        entry.mode = 0o600
        counted = _Counted(file, entry.size)
        self._tar.addfile(entry, counted)
        self._members[entry.name] = {"bytes": entry.size, "sha256": counted.sum.hexdigest()}
        self._done += entry.size
        self._tell(self._done)


class _Counted:
    """A file that may grow meanwhile: no more is read of it than it had."""

    def __init__(self, file: IO[bytes], size: int) -> None:
        self._file, self._left, self.sum = file, size, hashlib.sha256()

    def read(self, size: int = -1, /) -> bytes:
        data = self._file.read(min(size, self._left) if size >= 0 else self._left)
        self._left -= len(data)
        self.sum.update(data)
        return data


@contextmanager
def packing(to: Path, tell: Callable[[int], None]) -> Iterator[Packing]:
    """The package is at `to` once this is left without an exception. Raises StoreError, also when there is one."""
    draft = to.with_name(f".{to.name}.part")
    try:
        descriptor = os.open(draft, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600)
        try:
            with os.fdopen(descriptor, "w+b") as file:
                yield Packing(file, tell)
                file.flush()
                os.fsync(file.fileno())
            _appear(draft, to)
        finally:
            draft.unlink(missing_ok=True)
        _sync(to.parent)
    except FileExistsError as error:
        raise StoreError(f"{to} is there already", fix="name another file") from error
    except (OSError, tarfile.TarError) as error:
        raise StoreError(f"{to} cannot be written", why=str(error), fix="see to the disk, or name another") from error


def _appear(draft: Path, to: Path) -> None:
    """Raises FileExistsError where there is something. Not every file system knows a second name for a file."""
    try:
        os.link(draft, to)
    except FileExistsError:
        raise
    except OSError:
        if to.exists():
            raise FileExistsError(str(to)) from None
        draft.rename(to)


class Package:
    """One that is read. `known` is what was to be known of it."""

    def __init__(self, tar: tarfile.TarFile, known: Mapping[str, Any]) -> None:
        self._tar, self.known = tar, known

    def names(self) -> Iterable[str]:
        return tuple(self.known["files"])

    def take(self, name: str, to: Path) -> None:
        """Write one file to its place, which is not there yet, and on disk. Raises StoreError when its sum differs."""
        to.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with to.open("xb") as file:
            os.fchmod(file.fileno(), 0o600)
            self._copy(name, file.write)
            file.flush()
            os.fsync(file.fileno())

    def verify(self, tell: Callable[[int], None]) -> None:
        """Read all of it. Raises StoreError."""
        done = 0
        for name in self.names():
            self._copy(name, lambda data: None)
            done += int(self.known["files"][name]["bytes"])
            tell(done)

    def _copy(self, name: str, write: Callable[[bytes], Any]) -> None:
        told, member = self.known["files"][name], self._tar.getmember(name)
        file, sum = self._tar.extractfile(member), hashlib.sha256()
        while file is not None and (data := file.read(PIECE)):
            sum.update(data)
            write(data)
        if sum.hexdigest() != told["sha256"]:
            raise StoreError(f"the backup is damaged: {name} is not what was written", fix="take another one")


@contextmanager
def unpacking(path: Path) -> Iterator[Package]:
    """Raises StoreError for what is no package, or one that was cut short."""
    try:
        with tarfile.open(path, "r:") as tar:
            yield Package(tar, _known(tar))
    except FileNotFoundError as error:
        raise StoreError(f"there is no file {path}") from error
    except (OSError, tarfile.TarError, KeyError, ValueError, TypeError, EOFError) as error:
        raise StoreError(f"{path} is no whole backup", why=str(error), fix="take another one") from error


def _known(tar: tarfile.TarFile) -> Mapping[str, Any]:
    entry = tar.getmember(LIST)
    file = tar.extractfile(entry)
    if file is None or entry.size > LIST_BYTES_MAX:
        raise ValueError("its list is none")
    known: Mapping[str, Any] = json.loads(file.read())
    for name in known["files"]:
        if not _is_plain(name) or not tar.getmember(name).isreg():
            raise ValueError(f"a file in it is named {name!r}")
    return known


def _is_plain(name: str) -> bool:
    parts = PurePosixPath(name).parts
    return bool(parts) and not name.startswith("/") and ".." not in parts and "\0" not in name and "\\" not in name


def _sync(directory: Path) -> None:
    held = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(held)
    finally:
        os.close(held)
