"""The private listener's application: the outbox. In: a spool. Out: an ASGI application for loopback.

It has a Host list too: without one, any page in the operator's browser could read it by a name that it points here.
"""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from starlette.types import ASGIApp

from syndication.jobs.ports.clock import Clock
from syndication.model.feed import Publication
from syndication.web import policy
from syndication.web.assets import Assets
from syndication.web.errors import make_errors
from syndication.web.gate import Gate
from syndication.web.network import Hosts
from syndication.web.outbox import Outbox, Spool
from syndication.web.public import error_page, starlette
from syndication.web.site import Site

LOOPBACK = ("localhost", "127.0.0.1", "::1")


def private_app(
    *,
    publication: Publication,
    render: Callable[..., str],
    templates: Sequence[Path],
    spool: Spool | None,
    clock: Clock,
    zone: str = "UTC",
    hosts: Iterable[str] = (),
) -> ASGIApp:
    """`hosts`: names beside loopback's own. `spool` None: mail goes to a provider, and there is no outbox to see."""
    assets = Assets(templates)
    site = Site(publication, render, assets, clock, zone)
    errors = make_errors(error_page(site))
    routes = [] if spool is None else Outbox(site, spool).routes()
    return Gate(
        starlette(routes, errors),
        hosts=Hosts([*LOOPBACK, *hosts]),
        headers=policy.OUTBOX,
        errors=errors,
        health={"/livez": lambda: True},
        memory=(assets.answer,),
    )
