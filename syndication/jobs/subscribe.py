"""Sign up, confirm, unsubscribe: read, let `consent` decide, write, and answer only what is on disk.

Whoever asks learns nothing about others: signing up answers the same for a new, a known and a suppressed address, and
does as much work for each. Leaving is written to the journal first, so that it holds when the database is away.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from syndication.errors import NotFoundError, PolicyError, StoreError
from syndication.jobs.ports.journal import Journal
from syndication.jobs.ports.registry import Desk, Registry
from syndication.model.journal import Unsubscribed
from syndication.model.newsletter import Newsletter
from syndication.model.subscriber import Consent, EmailAddress, Subscriber, Subscription, SubscriptionState
from syndication.subscribers.consent import after_asking, after_confirming, letter_for, purpose_key


@dataclass(frozen=True, slots=True)
class Waiting:
    """One subscription as its owner is shown it, before or after they press the button."""

    subscription: Subscription
    newsletter: Newsletter


@dataclass(frozen=True, slots=True)
class Left:
    """What leaving came to. `newsletter` is None when the subscription is erased, or the database is away."""

    newsletter: Newsletter | None
    stored: bool
    """False: only the journal has it until the database is back."""


def sign_up(
    address: EmailAddress,
    newsletters: Sequence[str],
    consent: Consent,
    *,
    registry: Registry,
    key: bytes,
    locale: str,
    wake: Callable[[], None],
) -> None:
    """Ask for these newsletters (by slug; unknown ones are passed over) and owe the mailbox one mail a day at most.

    `key` hashes addresses; `consent.asked_at` is the present. Raises StoreError, and then nothing is written.
    """
    now, address_hash = consent.asked_at, address.keyed_hash(key)
    with registry.writing() as desk:
        # Written whatever comes of it: a sign-up that changes nothing must not be the faster one.
        desk.note("sign-up", f"newsletters {', '.join(sorted(newsletters))}"[:200], now)
        asked = _allowed(desk, newsletters, address_hash)
        if asked:
            zone = asked[0].schedules[0].zone
            subscriber, _ = desk.enter(address, address_hash=address_hash, locale=locale, zone=zone, now=now)
            states = _ask(desk, subscriber, asked, consent)
            purpose = purpose_key(address, now.date(), key)
            desk.post(purpose=purpose, kind=letter_for(states), subscriber_id=subscriber.id, now=now)
    wake()


def waiting(subscriber_id: int, *, registry: Registry) -> tuple[Waiting, ...]:
    """What the confirmation page shows: each subscription of this subscriber that is not left. Changes nothing."""
    with registry.reading() as desk:
        return _standing(desk, subscriber_id)


def confirm(
    subscriber_id: int, shown: Sequence[int], *, registry: Registry, network_hash: str, now: datetime
) -> tuple[Waiting, ...]:
    """Confirm what waits and was shown on the page that was sent; answer all that stands. Twice is once.

    A subscription that was asked for after the page was made waits on: nobody confirms what they did not see.
    """
    with registry.writing() as desk:
        for subscription in desk.subscriptions(subscriber_id):
            then = after_confirming(subscription.state)
            if subscription.id in shown and then is not subscription.state:
                desk.confirm(subscription.id, network_hash=network_hash, now=now)
        return _standing(desk, subscriber_id)


def leaving(subscription_id: int, *, registry: Registry) -> Waiting | None:
    """What the page before leaving shows. None when it is erased or cannot be looked up now. Changes nothing."""
    try:
        with registry.reading() as desk:
            return _look_up(desk, subscription_id)
    except StoreError:
        return None


def unsubscribe(
    subscription_id: int,
    *,
    registry: Registry,
    journal: Journal,
    key: bytes,
    now: datetime,
    wished_at: datetime | None = None,
) -> Left:
    """Leave, for good and any number of times. Returns when journal or database has it on disk.

    `wished_at`: when they wished it, if that was earlier. Raises StoreError when neither could take it.
    """
    known = leaving(subscription_id, registry=registry)
    address_hash = known.subscription.subscriber.address.keyed_hash(key) if known else ""
    refused: StoreError | None = None
    try:
        journal.append(Unsubscribed(now, subscription_id, address_hash, wished_at))
    except StoreError as error:
        refused = error
    try:
        with registry.writing() as desk:
            desk.leave(subscription_id, wished_at or now)
    except StoreError:
        if refused is not None:
            raise refused from None
        return Left(known.newsletter if known else None, stored=False)
    return Left(known.newsletter if known else None, stored=True)


def add(
    address: EmailAddress, slug: str, consent: Consent, *, registry: Registry, key: bytes, locale: str
) -> Subscription:
    """Subscribe an address on a person's word that its owner agreed; `consent.text` says how. No mail is sent.

    Raises NotFoundError for an unknown newsletter, PolicyError for a suppressed address or one that has left.
    """
    now, address_hash = consent.asked_at, address.keyed_hash(key)
    with registry.writing() as desk:
        newsletter = next((letter for letter in desk.newsletters() if letter.slug == slug), None)
        if newsletter is None:
            raise NotFoundError(f"there is no newsletter {slug!r}")
        if not _allowed(desk, [slug], address_hash):
            raise PolicyError("the address is suppressed", why="its owner, or its host, does not want our mail")
        zone = newsletter.schedules[0].zone
        subscriber, _ = desk.enter(address, address_hash=address_hash, locale=locale, zone=zone, now=now)
        for subscription in desk.subscriptions(subscriber.id):
            if subscription.newsletter_id == newsletter.id and subscription.state is SubscriptionState.UNSUBSCRIBED:
                raise PolicyError(
                    "the address has unsubscribed",
                    why="only its owner can come back",
                    fix="let them use the sign-up form",
                )
        asked = _ask_one(desk, subscriber, newsletter, None, consent)
        if asked.state is not SubscriptionState.CONFIRMED:
            desk.confirm(asked.id, network_hash="", now=now)
        return desk.subscription(asked.id) or asked


def _allowed(desk: Desk, slugs: Sequence[str], address_hash: str) -> list[Newsletter]:
    closed = desk.suppressed(address_hash)
    return [
        letter for letter in desk.newsletters() if letter.slug in slugs and 0 not in closed and letter.id not in closed
    ]


def _ask(
    desk: Desk, subscriber: Subscriber, newsletters: Sequence[Newsletter], consent: Consent
) -> list[SubscriptionState]:
    known = {subscription.newsletter_id: subscription.state for subscription in desk.subscriptions(subscriber.id)}
    return [_ask_one(desk, subscriber, letter, known.get(letter.id), consent).state for letter in newsletters]


def _ask_one(
    desk: Desk, subscriber: Subscriber, newsletter: Newsletter, state: SubscriptionState | None, consent: Consent
) -> Subscription:
    return desk.ask(
        subscriber.id,
        newsletter.id,
        state=after_asking(state),
        cadence=newsletter.schedules[0].cadence,
        consent=consent,
        now=consent.asked_at,
    )


def _standing(desk: Desk, subscriber_id: int) -> tuple[Waiting, ...]:
    newsletters = {newsletter.id: newsletter for newsletter in desk.newsletters()}
    return tuple(
        Waiting(subscription, newsletters[subscription.newsletter_id])
        for subscription in desk.subscriptions(subscriber_id)
        if subscription.state is not SubscriptionState.UNSUBSCRIBED
    )


def _look_up(desk: Desk, subscription_id: int) -> Waiting | None:
    subscription = desk.subscription(subscription_id)
    if subscription is None:
        return None
    letter = next(letter for letter in desk.newsletters() if letter.id == subscription.newsletter_id)
    return Waiting(subscription, letter)
