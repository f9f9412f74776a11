"""Sign up, confirm, leave: the forms. In: a reader's form or link. Out: a page, after what it says is on disk.

GET shows, POST acts (PUB-01). What a token may do stands in the token; nobody needs a cookie.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from syndication.jobs import subscribe
from syndication.jobs.ports.archive import Archive
from syndication.jobs.ports.journal import Journal
from syndication.jobs.ports.registry import Registry
from syndication.model.feed import Publication
from syndication.model.subscriber import Consent, EmailAddress, SubscriptionState
from syndication.subscribers.sign import Purpose, Signer
from syndication.web import present
from syndication.web.form import Fields, Stamps, read_body, read_form, refuse_foreign
from syndication.web.network import Hosts, Proxies, network_of
from syndication.web.site import Head, Site

Show = Callable[[Request], Response]
Act = Callable[[Request], Awaitable[Response]]

FORM_VERSION = "sign-up 1"
TRAP = "website"
"""A field that people do not see."""


def consent_text(publication: Publication) -> str:
    """What a reader agrees to, as the form says it and as it is kept."""
    return (
        f"{publication.publisher or publication.title} may send me the newsletters that I ticked. "
        "I can leave with one click at any time."
    )


@dataclass(frozen=True, slots=True)
class SignUp:
    site: Site
    archive: Archive
    registry: Registry
    journal: Journal
    signer: Signer
    stamps: Stamps
    hosts: Hosts
    proxies: Proxies
    key: bytes
    """Hashes addresses."""
    wake: Callable[[], None]
    """Asks for service mail to be sent soon."""

    def routes(self) -> list[Route]:
        return [
            Route("/subscribe", _either(self.form, self.asked), methods=["GET", "POST"]),
            Route("/confirm/{token}", _either(self.before_confirming, self.confirmed), methods=["GET", "POST"]),
            Route("/unsubscribe/{token}", _either(self.before_leaving, self.left), methods=["GET", "POST"]),
        ]

    # -- asking

    def form(self, request: Request) -> Response:
        return self._form()

    async def asked(self, request: Request) -> Response:
        refuse_foreign(request, self.hosts)
        fields = await read_form(request)
        return await run_in_threadpool(self._ask, fields, self._network(request))

    def _ask(self, fields: Fields, network_hash: str) -> Response:
        typed, slugs = fields.one("address"), fields.all("newsletter")
        try:
            address = EmailAddress.parse(typed)
        except ValueError as error:
            return self._form(typed=typed, chosen=slugs, problem=f"That address will not work: {_sentence(error)}")
        if not slugs:
            return self._form(typed=typed, problem="Choose at least one newsletter.", about_address=False)
        now = self.site.clock()
        # A robot is told what everybody is told.
        if not fields.one(TRAP) and self.stamps.take(fields.one("stamp"), now):
            consent = Consent(consent_text(self.site.publication), FORM_VERSION, now, network_hash)
            subscribe.sign_up(
                address,
                slugs[:20],
                consent,
                registry=self.registry,
                key=self.key,
                locale=self.site.publication.language,
                wake=self.wake,
            )
        return self.site.own("asked", Head("Look into your mailbox", "/subscribe", noindex=True), address=address.text)

    def _form(
        self, *, typed: str = "", chosen: list[str] | None = None, problem: str = "", about_address: bool = True
    ) -> Response:
        newsletters = self.archive.house().newsletters
        title = "Subscribe"
        return self.site.own(
            "subscribe",
            Head(f"Not yet: {title}" if problem else title, "/subscribe", description="Our newsletters, by mail."),
            status=422 if problem else 200,
            newsletters=newsletters,
            chosen=[newsletter.slug for newsletter in newsletters[:1]] if chosen is None else chosen,
            typed=typed[:254],
            problem=problem,
            about_address=about_address,
            rhythm=present.rhythm,
            stamp=self.stamps.draw(self.site.clock()),
            consent=consent_text(self.site.publication),
        )

    # -- confirming

    def before_confirming(self, request: Request) -> Response:
        subscriber_id = self._read(Purpose.CONFIRM, request)
        return self._confirmation(subscribe.waiting(subscriber_id, registry=self.registry))

    async def confirmed(self, request: Request) -> Response:
        subscriber_id = self._read(Purpose.CONFIRM, request)
        refuse_foreign(request, self.hosts)
        fields = await read_form(request)
        shown = [int(text) for text in fields.all("subscription") if text.isdigit() and len(text) < 19]
        standing = await run_in_threadpool(
            subscribe.confirm,
            subscriber_id,
            shown,
            registry=self.registry,
            network_hash=self._network(request),
            now=self.site.clock(),
        )
        return self._confirmation(standing)

    def _confirmation(self, standing: tuple[subscribe.Waiting, ...]) -> Response:
        waiting = [item for item in standing if item.subscription.state is SubscriptionState.PENDING]
        title = "One press, and you are in" if waiting else "You are in" if standing else "Nothing waits for you here"
        return self.site.own(
            "confirm",
            Head(title, "/confirm", noindex=True),
            waiting=waiting,
            standing=[item for item in standing if item not in waiting],
            rhythm=present.rhythm,
        )

    # -- leaving

    def before_leaving(self, request: Request) -> Response:
        subscription_id = self._read(Purpose.UNSUBSCRIBE, request)
        found = subscribe.leaving(subscription_id, registry=self.registry)
        gone = found is not None and found.subscription.state is SubscriptionState.UNSUBSCRIBED
        newsletter = found.newsletter if found else None
        if gone:
            return self._left(newsletter.title if newsletter else "")
        title = f"Leave {newsletter.title}?" if newsletter else "Unsubscribe?"
        return self.site.own("unsubscribe", Head(title, "/unsubscribe", noindex=True), newsletter=newsletter)

    async def left(self, request: Request) -> Response:
        """RFC 8058, section 3.2: one POST, no cookie, no question. Also what the page's own button sends."""
        subscription_id = self._read(Purpose.UNSUBSCRIBE, request)
        await read_body(request)
        left = await run_in_threadpool(
            subscribe.unsubscribe,
            subscription_id,
            registry=self.registry,
            journal=self.journal,
            key=self.key,
            now=self.site.clock(),
        )
        return self._left(left.newsletter.title if left.newsletter else "")

    def _left(self, title: str) -> Response:
        return self.site.own("left", Head("You have left", "/unsubscribe", noindex=True), newsletter_title=title)

    # --

    def _read(self, purpose: Purpose, request: Request) -> int:
        subject = self.signer.read(purpose, request.path_params["token"])
        if subject is None:
            raise HTTPException(404)
        return subject

    def _network(self, request: Request) -> str:
        """A keyed hash of the network that a yes came from."""
        peer = request.client.host if request.client else ""
        network = network_of(self.proxies.visitor(peer, request.headers.getlist("x-forwarded-for")))
        return EmailAddress(network, network).keyed_hash(self.key) if network else ""


def _either(show: Show, act: Act) -> Act:
    """GET and HEAD show, POST acts."""

    async def handler(request: Request) -> Response:
        return await act(request) if request.method == "POST" else await run_in_threadpool(show, request)

    return handler


def _sentence(error: ValueError) -> str:
    text = str(error).strip()
    return text[:1].lower() + text[1:].rstrip(".") + "."
