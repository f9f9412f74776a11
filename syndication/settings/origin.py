"""Settings in force -> each value with where it comes from: default, file or environment. Secrets: set or not, no more.

What a value may hold of a secret, a password inside an address, a token in a webhook's path, is masked.
"""

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from syndication.settings.service import PREFIX, File, Settings
from syndication.settings.toml import line_of, read

SECRETS = ("secret_key", "alerts_key", "imap_password", "dkim_key")
OF_TRANSPORTS = {"sendgrid": "sendgrid_api_key", "smtp": "smtp_password"}
MASK = "***"
IN_PATHS = ("alerts.webhook",)
"""Addresses whose path and query are as good as a password."""


@dataclass(frozen=True, slots=True)
class Value:
    key: str
    value: Any
    whence: str
    """ "default", "FILE, line N" or the name of a variable."""


@dataclass(frozen=True, slots=True)
class Secret:
    name: str
    is_set: bool
    whence: str


def values(settings: Settings, environ: Mapping[str, str] = os.environ) -> list[Value]:
    """Every key, in the order of the file's tables. Raises SettingsError when the file is gone."""
    text, given = read(settings.config_file)
    found = []
    dumped = settings.model_dump(mode="json", include=set(File.model_fields))
    for path, value in _leaves(dumped):
        key = ".".join(path)
        if variable := _variable(path, environ):
            whence = variable
        else:
            whence = f"{settings.config_file}, line {line_of(text, path)}" if _has(given, path) else "default"
        found.append(Value(key, masked(key, value), whence))
    return found


def secrets(settings: Settings, environ: Mapping[str, str] = os.environ) -> list[Secret]:
    """Those that the service knows, whether set or not, and each partner's that is set."""
    named = dict.fromkeys(SECRETS)
    for placed in settings.transports:
        if base := OF_TRANSPORTS.get(placed.kind or placed.name):
            named[placed.secret(base)] = None
    named |= dict.fromkeys(settings.secrets("feed_", environ))
    return [_secret(settings, name, environ) for name in named]


def masked(key: str, value: Any) -> Any:
    """The value without what only its owner may see."""
    if isinstance(value, list):
        return [masked(key, one) for one in value]
    if not isinstance(value, str) or "://" not in value:
        return value
    try:
        parts = urlsplit(value)
        hidden = parts._replace(netloc=_host(parts.netloc), query=MASK if parts.query else "")
    except ValueError:
        return MASK
    if key in IN_PATHS:
        hidden = hidden._replace(path="/" + MASK if parts.path.strip("/") else parts.path)
    shown = hidden.geturl()
    # "sqlite:///data" has no host, and keeps its slashes.
    return value if shown == value or hidden == parts else shown


def _host(netloc: str) -> str:
    user, at, host = netloc.rpartition("@")
    name, colon, _ = user.partition(":")
    return f"{name}{colon}{MASK if colon else ''}{at}{host}"


def _secret(settings: Settings, name: str, environ: Mapping[str, str]) -> Secret:
    variable = f"SYNDICATION_{name.upper()}"
    if environ.get(variable):
        return Secret(name, is_set=True, whence=variable)
    path = settings.secret_file(name, environ)
    if path is not None:
        return Secret(name, is_set=path.is_file(), whence=str(path) if path.is_file() else f"{path} is missing")
    kept = settings.data / "secret.key"
    return _kept(kept) if name == "secret_key" and kept.is_file() else Secret(name, is_set=False, whence="")


def _kept(path: Path) -> Secret:
    return Secret("secret_key", is_set=True, whence=str(path))


def _leaves(values: Mapping[str, Any], above: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    for name, value in values.items():
        if isinstance(value, dict) and value:
            yield from _leaves(value, (*above, name))
        else:
            yield (*above, name), value


def _has(given: Any, path: tuple[str, ...]) -> bool:
    for name in path:
        if not isinstance(given, dict) or name not in given:
            return False
        given = given[name]
    return True


def _variable(path: tuple[str, ...], environ: Mapping[str, str]) -> str:
    """The variable that sets this key, or a table around it; empty when none does."""
    names = (PREFIX + "__".join(path[:depth]).upper() for depth in range(len(path), 0, -1))
    return next((name for name in names if name in environ), "")
