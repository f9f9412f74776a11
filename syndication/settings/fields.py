"""What a value of a configuration file may look like. Each answers the value tidied, or raises ValueError in words."""

from urllib.parse import urlsplit

from syndication.model.subscriber import EmailAddress


def web_address(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
        raise ValueError("an address starts with http:// or https:// and names a host")
    return value.rstrip("/")


def hook_address(value: str) -> str:
    """Like a web address, and may have a query. Empty: none."""
    parts = urlsplit(value)
    if value and (parts.scheme not in ("http", "https") or not parts.hostname or parts.fragment):
        raise ValueError("a webhook's address starts with http:// or https:// and names a host")
    return value


def mailbox(value: str) -> str:
    return EmailAddress.parse(value).text if value else ""


def listener(value: str) -> str:
    host, _, port = value.rpartition(":")
    if not host or not port.isdigit() or not 0 < int(port) < 65_536:
        raise ValueError('a listener is written "address:port", such as "127.0.0.1:8080"')
    return value
