"""What a domain says of itself in the DNS. In: a name, a kind. Out: its records as text, none for a name without any.

The machine's own resolver is asked, or the one that an operator names. Alone knows dnspython.
"""

from dataclasses import dataclass

import dns.exception
import dns.resolver

from syndication.errors import FetchError

SECONDS = 5.0
PORT = 53


@dataclass(frozen=True, slots=True)
class Records:
    """`server` is an address, with or without a port; empty: as the machine is set up."""

    server: str = ""

    def of(self, name: str, kind: str) -> tuple[str, ...]:
        """Raises FetchError when the name servers do not answer."""
        try:
            found = self._resolver().resolve(f"{name.rstrip('.')}.", kind, lifetime=SECONDS)
        except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
            return ()
        except (dns.exception.DNSException, OSError, ValueError) as error:
            raise FetchError(
                f"the name servers do not tell the {kind} of {name}",
                why=" ".join(str(error).split()) or type(error).__name__,
                fix="see to the resolver of this machine, or name another with --resolver",
            ) from error
        if kind == "TXT":
            return tuple(b"".join(one.strings).decode("utf-8", "replace") for one in found)
        return tuple(one.to_text().rstrip(".") for one in found)

    def _resolver(self) -> dns.resolver.Resolver:
        if not self.server:
            return dns.resolver.get_default_resolver()
        host, _, port = self.server.rpartition(":") if self.server.count(":") == 1 else (self.server, "", "")
        resolver = dns.resolver.Resolver(configure=False)
        resolver.nameservers = [host.strip("[]")]
        resolver.port = int(port or PORT)
        return resolver
