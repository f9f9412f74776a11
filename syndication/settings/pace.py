"""How much a transport takes, of whom and when: keys that every table of a transport has. In: TOML. Out: a Route."""

import re
from datetime import time
from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, field_validator

from syndication.model.route import OTHERS, Hours, Route
from syndication.model.subscriber import EmailAddress
from syndication.settings.toml import Section

HOURS = re.compile(r"([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-3]):([0-5]\d)")
Count = Annotated[int, Field(ge=0, le=100_000_000)]


class PaceSection(Section):
    share: Annotated[int, Field(ge=0, le=1000)] = 0
    domains: tuple[str, ...] = ()
    daily: Count = 0
    domain_daily: dict[str, Annotated[int, Field(ge=1, le=100_000_000)]] = Field(default_factory=dict)
    warm_up: Count = 0
    warm_up_growth: Annotated[float, Field(ge=1.0, le=10.0)] = 1.5
    hours: str = ""
    hours_zone: str = "UTC"

    @field_validator("domains")
    @classmethod
    def _names(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(_domain(name) for name in value)

    @field_validator("domain_daily")
    @classmethod
    def _limits(cls, value: dict[str, int]) -> dict[str, int]:
        return {name if name == OTHERS else _domain(name): limit for name, limit in value.items()}

    @field_validator("hours")
    @classmethod
    def _span(cls, value: str) -> str:
        found = HOURS.fullmatch(value)
        if value and (not found or value[:5] == value[6:]):
            raise ValueError('hours are written "06:00-22:00"')
        return value

    @field_validator("hours_zone")
    @classmethod
    def _zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError, OSError) as error:
            raise ValueError('a zone is a name such as "Europe/Berlin"') from error
        return value

    def route(self, name: str) -> Route:
        return Route(
            name=name,
            share=self.share,
            domains=frozenset(self.domains),
            daily=self.daily,
            domain_daily=self.domain_daily,
            warm_up=self.warm_up,
            growth=self.warm_up_growth,
            hours=self._hours(),
        )

    def _hours(self) -> Hours | None:
        if not self.hours:
            return None
        start, end = (time.fromisoformat(part) for part in self.hours.split("-"))
        return Hours(start, end, ZoneInfo(self.hours_zone))


def _domain(name: str) -> str:
    try:
        return EmailAddress.parse(f"reader@{name}").domain
    except ValueError as error:
        raise ValueError(f'{name!r} is no domain of readers, such as "mail.example"') from error
