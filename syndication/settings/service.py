"""`syndication.toml` and the environment -> Settings: how this installation runs."""

import copy
import os
import tomllib
from collections.abc import Mapping
from enum import StrEnum
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field, field_validator

from syndication.errors import SettingsError
from syndication.model.doubt import OnUncertain
from syndication.settings.fields import hook_address, listener, mailbox, web_address
from syndication.settings.pace import PaceSection
from syndication.settings.relay import DkimSection, ReturnsSection, SmtpSection
from syndication.settings.sendgrid import SendGridSection
from syndication.settings.toml import Section, check, line_of, read
from syndication.settings.transports import KINDS, Placed, Transports

PREFIX = "SYNDICATION__"
DEFAULT_CONFIG = Path("config/syndication.toml")
DEFAULT_DATA = Path("data")

Seconds = Annotated[float, Field(gt=0, le=86_400)]


class Transport(StrEnum):
    SPOOL = "spool"
    SENDGRID = "sendgrid"
    SMTP = "smtp"


class Service(Section):
    base_url: str = "http://127.0.0.1:8080"
    listen: str = "127.0.0.1:8080"
    private_listen: str = "127.0.0.1:8081"
    allowed_hosts: tuple[str, ...] = ()
    trusted_proxies: tuple[str, ...] = ()
    publication: str = "publication.toml"
    templates: str = ""
    drain_seconds: Seconds = 30

    _base_url = field_validator("base_url")(web_address)
    _listen = field_validator("listen", "private_listen")(listener)

    @field_validator("trusted_proxies")
    @classmethod
    def _networks(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for network in value:
            ip_network(network)  # says itself what is wrong
        return value


class DatabaseSection(Section):
    url: str = ""

    @field_validator("url")
    @classmethod
    def _dialect(cls, value: str) -> str:
        if value and not value.startswith(("sqlite:///", "postgresql+psycopg://", "postgresql://")):
            raise ValueError("a database is sqlite:///… or postgresql://…")
        return value.replace("postgresql://", "postgresql+psycopg://", 1)


class MailSection(Section):
    transport: Transport = Transport.SPOOL
    then: tuple[str, ...] = ()
    from_name: str = ""
    from_address: str = ""
    reply_to: str = ""
    batch_size: Annotated[int, Field(ge=1, le=1000)] = 500
    on_uncertain: OnUncertain = OnUncertain.HOLD
    silence_minutes: Annotated[int, Field(ge=10, le=7 * 24 * 60)] = 60

    _mailboxes = field_validator("from_address", "reply_to")(mailbox)


class OutboundSection(Section):
    allow: tuple[str, ...] = ()
    contact: str = ""
    proxy: str = ""
    ca_file: str = ""
    concurrency: Annotated[int, Field(ge=1, le=2000)] = 200


class AlertsSection(Section):
    mail: str = ""
    webhook: str = ""

    _mail = field_validator("mail")(mailbox)
    _webhook = field_validator("webhook")(hook_address)


class WorkSection(Section):
    send: Annotated[int, Field(ge=1, le=64)] = 2
    fetch: Annotated[int, Field(ge=1, le=64)] = 1
    render: Annotated[int, Field(ge=1, le=64)] = 1
    mail: Annotated[int, Field(ge=1, le=64)] = 1
    reconcile_seconds: Seconds = 15
    poll_tick_seconds: Seconds = 5


class LogSection(Section):
    level: Annotated[str, Field(pattern="^(debug|info|warning|error)$")] = "info"
    file: str = ""
    terminal: bool = True


class File(Section):
    """All of `syndication.toml`."""

    service: Service = Service()
    database: DatabaseSection = DatabaseSection()
    mail: MailSection = MailSection()
    transport: Transports = Field(default_factory=dict)
    sendgrid: SendGridSection = SendGridSection()
    smtp: SmtpSection = SmtpSection()
    dkim: DkimSection = DkimSection()
    returns: ReturnsSection = ReturnsSection()
    outbound: OutboundSection = OutboundSection()
    alerts: AlertsSection = AlertsSection()
    work: WorkSection = WorkSection()
    log: LogSection = LogSection()


class Settings(File):
    """The file, the environment's overrides, and where things lie."""

    config_file: Path
    data: Path

    @property
    def transports(self) -> tuple[Placed, ...]:
        """Those in force, in their order."""
        own: dict[str, PaceSection] = {"spool": PaceSection(), "sendgrid": self.sendgrid, "smtp": self.smtp}
        found = []
        for name in (self.mail.transport.value, *self.mail.then):
            named = self.transport.get(name)
            found.append(Placed(named.kind, name, named) if named else Placed(name, "", own[name]))
        return tuple(found)

    @property
    def database_url(self) -> str:
        return self.database.url or f"sqlite:///{self.data / 'syndication.db'}"

    @property
    def publication_file(self) -> Path:
        return self.config_file.parent / self.service.publication

    def secret(self, name: str, environ: Mapping[str, str] = os.environ) -> str:
        """`SYNDICATION_<NAME>`, the file that `SYNDICATION_<NAME>_FILE` names, or `name` in the credentials directory.

        Empty when none is set. Raises SettingsError for a file that cannot be read.
        """
        if value := environ.get(f"SYNDICATION_{name.upper()}"):
            return value.strip()
        path = self.secret_file(name, environ)
        if path is None:
            return ""
        try:
            return path.read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise SettingsError(
                f"the secret {name} cannot be read from {path}",
                why=str(error),
                fix=f"mend SYNDICATION_{name.upper()}_FILE, or make that file readable for the user who runs this",
            ) from error

    def secret_file(self, name: str, environ: Mapping[str, str] = os.environ) -> Path | None:
        """The file that the secret comes from; None when it comes from no file."""
        variable = f"SYNDICATION_{name.upper()}"
        if environ.get(variable):
            return None
        if named := environ.get(f"{variable}_FILE"):
            return Path(named)
        credentials = environ.get("CREDENTIALS_DIRECTORY")
        kept = Path(credentials) / name if credentials else None
        return kept if kept is not None and kept.exists() else None

    def secrets(self, prefix: str, environ: Mapping[str, str] = os.environ) -> list[str]:
        """The names of all secrets that are set and begin with `prefix`."""
        start = f"SYNDICATION_{prefix.upper()}"
        named = {
            variable.removeprefix("SYNDICATION_").removesuffix("_FILE").lower()
            for variable in environ
            if variable.startswith(start)
        }
        credentials = environ.get("CREDENTIALS_DIRECTORY")
        kept = {path.name for path in Path(credentials).glob(f"{prefix}*")} if credentials else set()
        return sorted(named | kept)


def load(config: Path | None = None, data: Path | None = None, environ: Mapping[str, str] = os.environ) -> Settings:
    """The settings in force. Raises SettingsError; nothing is written."""
    path = config or Path(environ.get("SYNDICATION_CONFIG") or DEFAULT_CONFIG)
    folder = data or Path(environ.get("SYNDICATION_DATA") or DEFAULT_DATA)
    text, values = read(path)
    check(File, values, path=path, text=text)
    merged = _override(values, environ)
    found = check(File, merged, path=Path(f"the environment, {PREFIX}…"), text="")
    _require_transports(found, f"{path}, line {line_of(text, ('mail', 'then'))}")
    return Settings(**found.model_dump(), config_file=path.absolute(), data=folder.absolute())


def _override(values: dict[str, Any], environ: Mapping[str, str]) -> dict[str, Any]:
    """`SYNDICATION__SECTION__KEY=value` over what the file says; the value is TOML, or else a plain string."""
    merged: dict[str, Any] = copy.deepcopy(values)
    for variable, value in sorted(environ.items()):
        if variable.startswith(PREFIX):
            *tables, key = variable.removeprefix(PREFIX).lower().split("__")
            table = merged
            for name in tables:
                table = table.setdefault(name, {})
            table[key] = _value(value)
    return merged


def _require_transports(found: File, where: str) -> None:
    """Every name after the first is that of a transport, and stands there once."""
    names = [found.mail.transport.value, *found.mail.then]
    known = {*found.transport, "sendgrid", "smtp"}
    wrong = next((name for name in names[1:] if name not in known or names.count(name) > 1), None)
    if clash := next((name for name in found.transport if name in KINDS), None):
        raise SettingsError(f"[transport.{clash}] has a name that is taken", fix=f"use [{clash}], or another name")
    if wrong is not None:
        why = "it stands there twice" if names.count(wrong) > 1 else "there is no such transport"
        fix = f"known here: {', '.join(sorted(known))}; declare others as [transport.NAME]"
        raise SettingsError(f"{where}: mail.then names {wrong!r}", why=why, fix=fix)
    if len(names) > 1 and found.mail.transport is Transport.SPOOL:
        raise SettingsError(f"{where}: mail.then has no use", why="the spool takes all mail", fix="leave it empty")


def _value(text: str) -> Any:
    try:
        return tomllib.loads(f"value = {text}")["value"]
    except tomllib.TOMLDecodeError:
        return text
