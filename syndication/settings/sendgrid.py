"""An account at SendGrid: a table of the settings."""

from typing import Annotated

from pydantic import Field, field_validator

from syndication.settings.fields import web_address
from syndication.settings.pace import PaceSection

Seconds = Annotated[float, Field(gt=0, le=86_400)]


class SendGridSection(PaceSection):
    host: str = "https://api.sendgrid.com"
    sandbox: bool = False
    ip_pool: str = ""
    calls_at_once: Annotated[int, Field(ge=1, le=64)] = 16
    fence_minutes: Annotated[int, Field(ge=20, le=60)] = 30
    activity: bool = False
    webhook_keys: tuple[str, ...] = ()
    connect_seconds: Seconds = 10
    total_seconds: Seconds = 60

    _host = field_validator("host")(web_address)
