"""The headers that go with every answer. One table for each kind of answer; nothing here reads a request."""

Headers = tuple[tuple[bytes, bytes], ...]

_EVERYWHERE: Headers = (
    (b"x-content-type-options", b"nosniff"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
)

_PAGE_CSP = (
    b"default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)

PAGE: Headers = (
    *_EVERYWHERE,
    (b"content-security-policy", _PAGE_CSP),
    (b"cross-origin-resource-policy", b"same-origin"),
    # Token pages must not tell their address to others. "no-referrer" would also make a form's Origin "null".
    (b"referrer-policy", b"same-origin"),
    (b"x-frame-options", b"DENY"),
)
"""Pages, error pages, styles: no script, nothing from elsewhere, no frame around it."""

FEED: Headers = (
    *_EVERYWHERE,
    # A feed is text for programs; opened in a browser it must run nothing, whatever it carries.
    (b"content-security-policy", b"default-src 'none'; sandbox; base-uri 'none'; frame-ancestors 'none'"),
    (b"cross-origin-resource-policy", b"cross-origin"),
    (b"access-control-allow-origin", b"*"),
    (b"referrer-policy", b"no-referrer"),
)
"""Feeds and OPML: public, to be read by anybody's program, also one that runs in a page."""

IMAGE: Headers = (
    *_EVERYWHERE,
    # Made by ourselves of pixels alone; still, opened by itself it may do nothing.
    (b"content-security-policy", b"default-src 'none'; sandbox"),
    # Mail programs and readers of feeds show it in places of their own.
    (b"cross-origin-resource-policy", b"cross-origin"),
    (b"referrer-policy", b"no-referrer"),
)

OUTBOX: Headers = (
    *_EVERYWHERE,
    (b"content-security-policy", _PAGE_CSP + b"; frame-src 'self'"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-frame-options", b"DENY"),
    (b"cache-control", b"no-store"),
    (b"x-robots-tag", b"noindex, nofollow"),
)

MAIL_BODY: Headers = (
    *_EVERYWHERE,
    # A mail's HTML in a frame of ours: its styles work, its links open elsewhere, nothing runs and nothing is loaded.
    (
        b"content-security-policy",
        b"default-src 'none'; style-src 'unsafe-inline'; form-action 'none'; frame-ancestors 'self'; "
        b"sandbox allow-popups allow-popups-to-escape-sandbox",
    ),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-frame-options", b"SAMEORIGIN"),
    (b"cache-control", b"no-store"),
    (b"x-robots-tag", b"noindex, nofollow"),
)


def page_csp(counter: str) -> str:
    """A page's own policy, and pictures from one origin beside."""
    return _PAGE_CSP.decode().replace("img-src 'self'", f"img-src 'self' {counter}")


HTTPS_ONLY: Headers = ((b"strict-transport-security", b"max-age=31536000"),)
"""Added where the publication's own address is https."""
