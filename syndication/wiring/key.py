"""The secret key of an installation, kept in its data directory and made on first need."""

import os
import secrets
from contextlib import suppress
from pathlib import Path

from syndication.errors import SettingsError, StoreError

FILE = "secret.key"
KEY_LENGTH_MIN = 32


def kept_key(data: Path, *, make: bool = True) -> bytes:
    """The key. Of two processes that make it at once, one wins for both. Raises StoreError, SettingsError.

    Not to `make` one answers a passing key where there is none, for a rehearsal.
    """
    path = data / FILE
    with suppress(FileNotFoundError):
        return _read_key(path)
    if not make:
        return secrets.token_hex(KEY_LENGTH_MIN).encode()
    try:
        data.mkdir(parents=True, exist_ok=True)
        draft = data / f".{FILE}.{os.getpid()}"
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_hex(KEY_LENGTH_MIN) + "\n")
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):
            os.link(draft, path)
        draft.unlink()
    except OSError as error:
        raise StoreError(f"the secret key cannot be kept in {data}", why=str(error)) from error
    return _read_key(path)


def _read_key(path: Path) -> bytes:
    try:
        text = path.read_text().strip()
    except (PermissionError, UnicodeDecodeError) as error:
        raise StoreError(f"{path} cannot be read", why=str(error), fix="run this as its owner") from error
    if len(text) < KEY_LENGTH_MIN:
        raise SettingsError(f"{path} holds no usable key", fix="restore it from a backup: old links depend on it")
    return text.encode()
