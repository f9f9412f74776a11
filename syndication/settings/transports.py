"""Transports beside the first: `[transport.NAME]`, each of a kind. In: the settings. Out: those in force, in order."""

from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import Field

from syndication.settings.pace import PaceSection
from syndication.settings.relay import SmtpSection
from syndication.settings.sendgrid import SendGridSection

KINDS = ("spool", "sendgrid", "smtp")


class SendGridTransport(SendGridSection):
    kind: Literal["sendgrid"]


class SmtpTransport(SmtpSection):
    kind: Literal["smtp"]


Name = Annotated[str, Field(pattern="^[a-z][a-z0-9_]{0,30}$")]
Transports = dict[Name, Annotated[SendGridTransport | SmtpTransport, Field(discriminator="kind")]]


@dataclass(frozen=True, slots=True)
class Placed:
    """A transport in its place. `name` is empty for the one that has its kind's own table."""

    kind: str
    name: str
    section: PaceSection

    @property
    def ledger_name(self) -> str:
        """As the ledger records it: "sendgrid", "smtp:relay"."""
        return f"{self.kind}:{self.name}" if self.name else self.kind

    def secret(self, base: str) -> str:
        """The name of a secret of its own: "sendgrid_api_key", "smtp_password_relay"."""
        return f"{base}_{self.name}" if self.name else base
