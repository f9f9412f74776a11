"""The family of errors. Each member is a decision for the caller.

    SyndicationError
    ├── FetchError       another host did not answer as it should    -> try later
    ├── ParseError       a document or entry cannot be read          -> set it aside, tell the partner
    ├── RenderError      a template failed on its values             -> hold the edition
    ├── SendError        the transport is misconfigured or refused   -> stop sending for all, alert
    ├── StoreError       the database is missing, damaged, newer     -> refuse to start, change nothing
    │   └── BusyError    it is held by another, or away for a moment -> try later
    ├── PolicyError      asked for something the rules forbid        -> refuse, name the rule
    ├── NotFoundError    no such source, feed, edition, subscriber   -> say so, name the nearest
    └── SettingsError    the configuration is wrong                  -> stop the service

What is expected is a value, not an error: an unchanged feed, a refused address, no news today.
"""


class SyndicationError(Exception):
    """What happened, why, and what to do. `why` and `fix` are whole phrases for a person; either may be empty."""

    def __init__(self, what: str, *, why: str = "", fix: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.why = why
        self.fix = fix

    def __str__(self) -> str:
        text = self.what
        if self.why:
            text += f": {self.why}"
        if self.fix:
            text += f". {self.fix[:1].upper()}{self.fix[1:]}"
        return text


class FetchError(SyndicationError):
    """Another host could not be asked, or did not answer as it should. Try later."""


class ParseError(SyndicationError):
    """A document or an entry cannot be read. It is set aside with its bytes and this reason."""


class RenderError(SyndicationError):
    """A template failed on the values it was given."""


class SendError(SyndicationError):
    """The transport is misconfigured, or refuses us altogether. Sending stops for all until a person acts."""


class StoreError(SyndicationError):
    """The database cannot be used as it is. Nothing was changed."""


class BusyError(StoreError):
    """The database is held by another program, or away for the moment. Nothing was changed; later it may work."""


class PolicyError(SyndicationError):
    """A rule of the service forbids what was asked."""


class NotFoundError(SyndicationError):
    """There is no such thing here."""


class SettingsError(SyndicationError):
    """The configuration is wrong. Nothing was started."""
