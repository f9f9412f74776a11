"""The public listener's application, put together. In: the parts it is handed. Out: an ASGI application."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from starlette.applications import Starlette
from starlette.types import ASGIApp

from syndication.jobs.ports.archive import Archive
from syndication.jobs.ports.clock import Clock
from syndication.jobs.ports.journal import Journal
from syndication.jobs.ports.own_feeds import OwnFeeds
from syndication.jobs.ports.registry import Registry
from syndication.jobs.ports.shelf import Shelf as Stock
from syndication.model.feed import Publication
from syndication.subscribers.sign import Signer
from syndication.web import policy
from syndication.web.assets import Assets
from syndication.web.errors import ErrorAnswers, make_errors
from syndication.web.events import EventDoor
from syndication.web.feed_pages import FeedPages
from syndication.web.feeds import Feeds
from syndication.web.form import Stamps
from syndication.web.gate import Gate
from syndication.web.hub import Hub
from syndication.web.images import Images
from syndication.web.network import Hosts, Proxies
from syndication.web.pages import Pages
from syndication.web.search import Search
from syndication.web.shelf import Shelf
from syndication.web.shelves import Shelves
from syndication.web.sign_up import SignUp
from syndication.web.site import Head, Site
from syndication.web.stacks import Stacks
from syndication.web.websub import HubCalls


@dataclass(frozen=True, slots=True)
class Doors:
    """Who may knock: names beside the base address's own, and proxies whose word on addresses counts (CIDRs)."""

    allowed_hosts: tuple[str, ...] = ()
    trusted_proxies: tuple[str, ...] = ()


def public_app(
    *,
    publication: Publication,
    render: Callable[..., str],
    templates: Sequence[Path],
    shelf: Shelf,
    archive: Archive,
    registry: Registry,
    journal: Journal,
    signer: Signer,
    key: bytes,
    wake: Callable[[], None],
    clock: Clock,
    ready: Callable[[], bool],
    stock: Stock,
    own_feeds: OwnFeeds,
    hub: Hub,
    zone: str = "UTC",
    doors: Doors | None = None,
    calls: HubCalls | None = None,
    events: EventDoor | None = None,
    read_image: Callable[[str], bytes | None] = lambda _: None,
) -> ASGIApp:
    """`render` is `Renderer.page`, `key` hashes addresses, `wake` asks for service mail to be sent soon.

    `shelf` holds what is served from memory, `stock` what feeds are made from.
    """
    doors = doors or Doors()
    hosts = Hosts.of(publication.base_url, doors.allowed_hosts)
    extra = policy.HTTPS_ONLY if publication.base_url.startswith("https:") else ()
    assets = Assets(templates, extra=extra)
    site = Site(publication, render, assets, clock, zone)
    stamps = Stamps(signer)
    errors = make_errors(error_page(site))
    sign_up = SignUp(site, archive, registry, journal, signer, stamps, hosts, Proxies(doors.trusted_proxies), key, wake)
    pages = starlette(
        [
            *Stacks(publication, stock, own_feeds, clock, extra).routes(),
            *Pages(site, archive, stamps).routes(),
            *FeedPages(site, archive, stamps).routes(),
            *Shelves(site, archive).routes(),
            *Search(site, archive).routes(),
            *Images(read_image, extra).routes(),
            *sign_up.routes(),
            *hub.routes(),
            *(calls.routes() if calls else ()),
            *(events.routes() if events else ()),
        ],
        errors,
    )
    return Gate(
        pages,
        hosts=hosts,
        headers=(*policy.PAGE, *extra),
        errors=errors,
        health={"/livez": lambda: True, "/readyz": lambda: shelf.loaded and ready()},
        memory=(Feeds(shelf).answer, assets.answer),
        recall=lambda: shelf.recall,
    )


def error_page(site: Site) -> Callable[..., str]:
    def page(name: str, *, status: int, title: str, words: str) -> str:
        return site.html(name, Head(title, "/", noindex=True), status=status, words=words)

    return page


def starlette(routes: Iterable[object], errors: dict[int, bytes]) -> Starlette:
    app = Starlette(routes=list(routes), exception_handlers=ErrorAnswers(errors).handlers())  # type: ignore[arg-type]
    # A redirect to the same path with a slash would be built from the request's own Host.
    app.router.redirect_slashes = False
    return app
