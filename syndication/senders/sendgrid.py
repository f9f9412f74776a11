"""SendGrid's v3 Mail Send: a batch offered in one call. In: a Submission. Out: an Outcome. Alone knows that library.

The library's client makes its requests over the product's one way out instead of its own: that one has a total
deadline, knows how far a failed call came, follows no redirect with the key in hand and takes no proxy from the
environment. The key is shown nowhere: not in a log, a representation, an error or an outcome.
"""

import logging
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Protocol
from urllib.parse import urlsplit

import python_http_client
from sendgrid import SendGridAPIClient

from syndication.errors import SettingsError
from syndication.model.delivery import Fence, Outcome, Submission, Verdict
from syndication.model.exchange import Answer, Failure, Request
from syndication.senders import sendgrid_answer, sendgrid_body

HOST = "https://api.sendgrid.com"
HOST_EU = "https://api.eu.sendgrid.com"
BODY_BYTES_MAX = 20 * 1024 * 1024
ANSWER_BYTES_MAX = 1024 * 1024
CALLS_AT_ONCE = 16
"""A call takes the service some 0.2 s, so that one after the other they would not fill the line."""


class Exchange(Protocol):
    def fetch(self, request: Request) -> Answer | Failure: ...


class SendGrid:
    """An Outbox. Thread-safe: each call has a client of its own, because the library's shares its headers."""

    repeatable = False

    def __init__(
        self,
        api_key: str,
        *,
        exchange: Exchange,
        host: str = HOST,
        batch_size: int = 500,
        calls_at_once: int = CALLS_AT_ONCE,
        connect_seconds: float = 10.0,
        total_seconds: float = 60.0,
        sandbox: bool = False,
        ip_pool: str = "",
        fence_minutes: int = 0,
        name: str = "sendgrid",
        clock: Callable[[], float] = time.time,
    ) -> None:
        """`sandbox`: the service checks each call and sends nothing. `fence_minutes`: it keeps fenced calls back for
        so long, and can cancel them until shortly before. Raises SettingsError for what cannot work.
        """
        variable = "_".join(("SYNDICATION_SENDGRID_API_KEY", *name.upper().split(":")[1:]))
        if not api_key.strip() or not api_key.isascii() or not api_key.isprintable():
            raise SettingsError(
                f"the transport {name!r} has no usable key",
                why="the API key is empty or holds what no key holds",
                fix=f"set {variable}, or name a file in {variable}_FILE",
            )
        if not 1 <= batch_size <= sendgrid_body.RECIPIENTS_MAX:
            raise SettingsError(
                f"the transport 'sendgrid' cannot take {batch_size} readers in a call",
                why=f"the service takes 1 to {sendgrid_body.RECIPIENTS_MAX}",
            )
        self.name = name
        self.fenced = fence_minutes > 0
        self.batch_size = batch_size
        self.calls_at_once = calls_at_once
        self.total_seconds = total_seconds
        self._host = _checked(host)
        self._key = api_key.strip()
        self._exchange = exchange
        self._connect_seconds = connect_seconds
        self._sandbox = sandbox
        self._ip_pool = ip_pool
        self._fence_span = timedelta(minutes=fence_minutes)
        self._clock = clock

    def __repr__(self) -> str:
        return f"SendGrid({self._host!r}, batch_size={self.batch_size}, sandbox={self._sandbox})"

    def submit(self, submission: Submission) -> Outcome:
        """Offer it once. What the service would refuse for certain is not offered, and named instead."""
        count = len(submission.recipients)
        if count > sendgrid_body.RECIPIENTS_MAX:
            return Outcome(Verdict.TOO_LARGE, f"{count} readers, the service takes {sendgrid_body.RECIPIENTS_MAX}")
        fault = sendgrid_body.header_fault(submission.headers)
        if fault:
            return Outcome(Verdict.STOPPED, fault)
        refused = sendgrid_body.faults(submission)
        if refused:
            return Outcome(Verdict.REFUSED, f"{len(refused)} of {count} readers were not offered", refused=refused)
        body = sendgrid_body.build(submission, sandbox=self._sandbox, ip_pool=self._ip_pool)
        return self._offer(body, count)

    def fence(self, now: datetime) -> Fence | Outcome:
        """A name under which a call can be cancelled. Whatever the answer, nothing was offered yet."""
        found: Answer | Failure = self.client().mail.batch.post().body
        drawn = sendgrid_answer.fence(found, now=self._clock())
        return self._without_key(drawn) if isinstance(drawn, Outcome) else Fence(drawn, now + self._fence_span)

    def client(self) -> Any:
        """The library's client, for one call: `client().mail.batch.post().body` is an Answer or a Failure."""
        # Pinned at each call: at DEBUG the library writes every header, the key among them.
        for name in ("python_http_client", "python_http_client.client"):
            logging.getLogger(name).setLevel(logging.WARNING)
        return self._official().client

    def _offer(self, body: sendgrid_body.Body, count: int) -> Outcome:
        try:
            reply = self.client().mail.send.post(request_body=body)
        except _TooLarge as error:
            detail = str(error)
            if count == 1:
                return Outcome(Verdict.REFUSED, detail, refused=((0, detail),))
            return Outcome(Verdict.TOO_LARGE, detail)
        return self._without_key(sendgrid_answer.judge(reply.body, recipients=count, now=self._clock()))

    def _without_key(self, outcome: Outcome) -> Outcome:
        """Whatever the other side wrote back, the key is not kept in a ledger."""

        def clean(text: str) -> str:
            return text.replace(self._key, "[key]")

        refused = tuple((position, clean(reason)) for position, reason in outcome.refused)
        return replace(outcome, detail=clean(outcome.detail), provider_ref=clean(outcome.provider_ref), refused=refused)

    def _official(self) -> Any:
        official = SendGridAPIClient(self._key, host=self._host)
        inner = official.client
        official.client = _Client(
            host=inner.host,
            request_headers=inner.request_headers,
            version=inner._version,
            exchange=self._ask,
        )
        return official

    def _ask(self, url: str, method: str, headers: dict[str, str], data: bytes | None) -> Answer | Failure:
        if data is not None and len(data) > BODY_BYTES_MAX:
            raise _TooLarge(f"a body of {len(data)} bytes, {BODY_BYTES_MAX} are allowed")
        secret = {"authorization"}
        return self._exchange.fetch(
            Request(
                url=url,
                method=method,
                headers=tuple((name, value) for name, value in headers.items() if name.lower() not in secret),
                credentials=tuple((name, value) for name, value in headers.items() if name.lower() in secret),
                body=data,
                redirects_max=0,
                wire_bytes_max=ANSWER_BYTES_MAX,
                body_bytes_max=ANSWER_BYTES_MAX,
                connect_seconds=self._connect_seconds,
                total_seconds=self.total_seconds,
            )
        )


class _TooLarge(Exception):
    """The body never left: it is over our own bound."""


class _Client(python_http_client.Client):  # type: ignore[misc]  # the library ships no types
    """The library's client over our exchange. `_make_request` is the seam the library itself names."""

    def __init__(self, *, exchange: Callable[..., Answer | Failure], **settings: Any) -> None:
        super().__init__(**settings)
        self._exchange = exchange

    def _build_client(self, name: str | None = None) -> "_Client":
        """The next step of a path. The library's own makes a plain Client here, and would leave our exchange."""
        return _Client(
            exchange=self._exchange,
            host=self.host,
            version=self._version,
            request_headers=self.request_headers,
            url_path=[*self._url_path, name] if name else self._url_path,
            append_slash=self.append_slash,
            timeout=self.timeout,
        )

    def _make_request(self, opener: object, request: Any, timeout: float | None = None) -> "_Reply":
        found = self._exchange(request.full_url, request.get_method(), request.headers, request.data)
        return _Reply(found)


class _Reply:
    """What the library reads a reply from. The whole finding stands in for the body: refusals are not exceptions."""

    def __init__(self, found: Answer | Failure) -> None:
        self._found = found

    def getcode(self) -> int | None:
        return self._found.status

    def read(self) -> Answer | Failure:
        return self._found

    def info(self) -> tuple[tuple[str, str], ...]:
        return self._found.headers


def _checked(host: str) -> str:
    parts = urlsplit(host)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path.strip("/") or parts.query:
        raise SettingsError(
            f"the transport 'sendgrid' cannot reach {host!r}",
            why="its host is a scheme and a name, nothing more",
            fix=f"use {HOST!r}, or {HOST_EU!r} for an account in the EU",
        )
    return f"{parts.scheme}://{parts.netloc}"
