"""What is a reader's own in a mail: tags, headers, ids. In: ids, address, links. Out: Recipient, common headers.

A mail is rendered once for many. Where a reader's own values go it carries tags, `{name-nonce}`, that the transport
replaces literally: nobody escapes anything later, so a value that stands in both parts has one tag for HTML and one
for text. The nonce is drawn for each content, so no article can name a tag beforehand. Pure: the nonce, the key and
every link are handed in; what the mail says is none of this file's business.
"""

import hashlib
import html
import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

import idna

from syndication.model.delivery import Recipient
from syndication.model.edition import Rendered
from syndication.model.feed import Publication
from syndication.model.subscriber import EmailAddress

NONCE_DIGITS_MIN = 6
SERVICE_HEADERS = (("Auto-Submitted", "auto-generated"),)
"""What a confirmation, a welcome or an alert carries: no list sends it, and no robot is to answer (RFC 3834)."""

_HEX = re.compile(r"[0-9a-f]+")
_PLAIN_URL = re.compile(r"https?://[A-Za-z0-9][A-Za-z0-9.-]*(:[0-9]{1,5})?/[A-Za-z0-9/._~=&?%-]*")
_UNSAFE_IN_A_HEADER = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_PHRASE = re.compile(r"[A-Za-z0-9 !#$%&'*+/^_`{|}~.,:;()\[\]@-]+")


@dataclass(frozen=True, slots=True)
class Tags:
    """The tags of one content. `…_html` stands in markup, attributes included; `…_text` in the text part."""

    nonce: str

    def __post_init__(self) -> None:
        if len(self.nonce) < NONCE_DIGITS_MIN or not _HEX.fullmatch(self.nonce):
            raise ValueError(f"a nonce is {NONCE_DIGITS_MIN} or more lower-case hex digits, got {self.nonce!r}")

    @property
    def unsubscribe_html(self) -> str:
        return f"{{uh-{self.nonce}}}"

    @property
    def unsubscribe_text(self) -> str:
        return f"{{ut-{self.nonce}}}"

    @property
    def address_html(self) -> str:
        return f"{{ah-{self.nonce}}}"

    @property
    def address_text(self) -> str:
        return f"{{at-{self.nonce}}}"

    def all(self) -> tuple[str, str, str, str]:
        return (self.unsubscribe_html, self.unsubscribe_text, self.address_html, self.address_text)

    def collide(self, texts: Iterable[str]) -> bool:
        """Whether this nonce already stands in what is about to be rendered: then draw another one."""
        return any(self.nonce in text for text in texts)

    def unknown_in(self, rendered: Rendered) -> tuple[str, ...]:
        """What looks like a tag of this content and is none: it would reach readers as it stands."""
        looks = re.compile(rf"\{{[^{{}}]*{self.nonce}[^{{}}]*\}}")
        text = "\n".join((rendered.subject, rendered.html, rendered.text))
        return tuple(sorted({found for found in looks.findall(text) if found not in self.all()}))


def delivery_id(key: bytes, edition_id: int, subscriber_id: int) -> str:
    """32 hex digits for one edition and one reader: the same at every attempt, meaningless without the key."""
    return _keyed(key, f"edition:{edition_id}:{subscriber_id}")


def service_delivery_id(key: bytes, purpose: str) -> str:
    """The same for a service mail, named by its purpose, which is unique ("confirm:17:2026-03-29")."""
    return _keyed(key, f"message:{purpose}")


def recipient(
    *,
    subscriber_id: int,
    address: EmailAddress,
    delivery_id: str,
    message_id_domain: str,
    unsubscribe_url: str,
    tags: Tags,
    leave_address: str = "",
    return_path: str = "",
) -> Recipient:
    """One reader of a submission, with the values and headers that are theirs alone.

    An empty `unsubscribe_url` makes a service mail's recipient: no List-Unsubscribe, the tag becomes nothing.
    `leave_address` takes a wish to leave by mail, `return_path` the bounces of this one mail.
    Raises ValueError for a link that is not absolute http(s) or could break out of its header.
    """
    headers = [("Message-ID", message_id(delivery_id, message_id_domain))]
    if unsubscribe_url:
        by_mail = f", <mailto:{quote(leave_address, safe='@+')}?subject=unsubscribe>" if leave_address else ""
        headers.insert(0, ("List-Unsubscribe", f"<{_header_url(unsubscribe_url)}>{by_mail}"))
    shown = _shown(address, tags)
    return Recipient(
        subscriber_id=subscriber_id,
        address=address,
        delivery_id=delivery_id,
        values={
            tags.unsubscribe_html: html.escape(unsubscribe_url),
            tags.unsubscribe_text: unsubscribe_url,
            tags.address_html: html.escape(shown),
            tags.address_text: shown,
        },
        headers=tuple(headers),
        return_path=return_path,
    )


def message_id(delivery_id: str, domain: str) -> str:
    """Stable: a message offered twice is recognised as one by whoever keeps Message-IDs (RFC 5322, section 3.6.4)."""
    return f"<{delivery_id}@{domain}>"


def common_headers(
    *, slug: str, title: str, publication: Publication, edition_id: int, kind: str = "digest"
) -> tuple[tuple[str, str], ...]:
    """What every mail of one edition carries alike. `slug` and `title` are the newsletter's."""
    host = _host(publication.base_url)
    return (
        ("List-Id", _list_id(title, slug, host)),
        ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"),  # RFC 8058, section 3.1
        ("Feedback-ID", f"{edition_id}:{_token(slug)}:{_token(kind)}:{_sender_token(host)}"),
        ("Auto-Submitted", "auto-generated"),  # RFC 3834, section 5
        ("Precedence", "bulk"),
        ("Content-Language", publication.language),
    )


def _keyed(key: bytes, text: str) -> str:
    short = key if len(key) <= hashlib.blake2b.MAX_KEY_SIZE else hashlib.blake2b(key).digest()
    return hashlib.blake2b(text.encode(), key=short, digest_size=16, person=b"delivery").hexdigest()


def _shown(address: EmailAddress, tags: Tags) -> str:
    """The address, as the footer names it. One that spells a tag would be replaced in its turn, so it is cut."""
    if tags.nonce in address.text and any(tag in address.text for tag in tags.all()):
        return f"…@{address.domain}"
    return address.text


def _header_url(url: str) -> str:
    if _PLAIN_URL.fullmatch(url):  # as all of ours are; the others are looked at closely
        return url
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError(f"an unsubscribe link is an absolute http(s) address, got {url!r}")
    if not url.isascii() or re.search(r"[\s<>\x00-\x1f\x7f]", url):
        raise ValueError(f"an unsubscribe link is ASCII without spaces or angle brackets, got {url!r}")
    return url


def _list_id(title: str, slug: str, host: str) -> str:
    """RFC 2919, section 2. A title beyond plain ASCII is left out: filters match on what is in the brackets."""
    phrase = " ".join(_UNSAFE_IN_A_HEADER.sub(" ", title).split())[:100]
    identity = f"<{_token(slug)}.{host}>"
    if not phrase or "=?" in phrase or not _PHRASE.fullmatch(phrase):
        return identity
    return f'"{phrase}" {identity}'


def _host(base_url: str) -> str:
    """The publication's host as a list's domain. A bare number is no domain, so it becomes a subdomain of localhost."""
    host = urlsplit(base_url).hostname or "localhost"
    if not host.isascii():
        host = idna.encode(host, uts46=True).decode("ascii")
    if re.fullmatch(r"[0-9.]+|.*:.*", host):
        return re.sub(r"[^0-9a-f]+", "-", host).strip("-") + ".localhost"
    return host


def _token(text: str) -> str:
    return re.sub(r"[^a-z0-9-]+", "-", text.lower()).strip("-") or "list"


def _sender_token(host: str) -> str:
    """Feedback-ID's last part: 5 to 15 characters that name the sender, the same in all its mail."""
    return (re.sub(r"[^a-z0-9]", "", host) + "sender")[:15]
