"""How mail leaves by a relay, who signs it, and where what comes back of it is read: three tables of the settings."""

from enum import StrEnum
from ipaddress import ip_address
from typing import Annotated, Any

from pydantic import Field, field_validator, model_validator

from syndication.settings.fields import mailbox
from syndication.settings.pace import PaceSection
from syndication.settings.toml import Section

Port = Annotated[int, Field(ge=1, le=65_535)]
Seconds = Annotated[float, Field(gt=0, le=86_400)]
Few = Annotated[int, Field(ge=1, le=200)]


class Tls(StrEnum):
    STARTTLS = "starttls"
    IMPLICIT = "implicit"
    NONE = "none"


class SmtpSection(PaceSection):
    host: str = ""
    port: Port = 587
    tls: Tls = Tls.STARTTLS
    verify: bool = True
    ca_file: str = ""
    user: str = ""
    ehlo: str = ""
    connections: Few = 10
    domain_connections: Few = 10
    messages_per_connection: Annotated[int, Field(ge=1, le=100_000)] = 100
    connect_seconds: Seconds = 15
    reply_seconds: Seconds = 300
    total_seconds: Seconds = 300

    @field_validator("host")
    @classmethod
    def _host(cls, value: str) -> str:
        if value and (not value.isascii() or any(sign in value for sign in "/@ ")):
            raise ValueError('a relay is a name or an address, such as "mail.example.org"')
        return value

    @field_validator("ehlo")
    @classmethod
    def _name(cls, value: str) -> str:
        if value and (not value.isascii() or any(not (sign.isalnum() or sign in "-.[]:") for sign in value)):
            raise ValueError('we greet with the name of this machine, such as "news.example.org"')
        return value

    @model_validator(mode="after")
    def _open(self) -> "SmtpSection":
        if self.tls is Tls.NONE and self.host and not _on_this_machine(self.host):
            raise ValueError(f'tls = "none" is for a relay on this machine, and {self.host} is another')
        return self


class DkimSection(Section):
    domain: str = ""
    selector: str = ""

    @field_validator("domain", "selector")
    @classmethod
    def _label(cls, value: str) -> str:
        if value and (not value.isascii() or not all(sign.isalnum() or sign in "-._" for sign in value)):
            raise ValueError("a domain or a selector is letters, digits, dots and hyphens")
        return value.lower()

    @model_validator(mode="after")
    def _both(self) -> "DkimSection":
        if bool(self.domain) != bool(self.selector):
            raise ValueError("domain and selector are given together, or neither")
        return self


class ReturnsSection(Section):
    bounce_address: str = ""
    verp: bool = True
    unsubscribe_address: str = ""
    maildir: str = ""
    imap_host: str = ""
    imap_port: Port = 993
    imap_user: str = ""
    imap_folder: str = "INBOX"
    imap_ca_file: str = ""

    @field_validator("bounce_address", "unsubscribe_address")
    @classmethod
    def _short(cls, value: str) -> str:
        found: Any = mailbox(value)
        if found and len(found.partition("@")[0]) > 20:
            raise ValueError("what stands before the @ has 20 characters at most: a token is added to it")
        return str(found)

    @model_validator(mode="after")
    def _read(self) -> "ReturnsSection":
        if self.maildir and self.imap_host:
            raise ValueError("a mailbox is a maildir or an IMAP account, not both")
        if self.imap_host and not self.imap_user:
            raise ValueError("imap_user is missing")
        if self.unsubscribe_address and not (self.maildir or self.imap_host):
            raise ValueError("an unsubscribe_address is offered to readers only when its mailbox is read: name it too")
        return self


def _on_this_machine(host: str) -> bool:
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host in ("localhost", "localhost.localdomain", "ip6-localhost")
