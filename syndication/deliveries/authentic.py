"""Whether receivers can tell that our mail is ours: SPF, DKIM, DMARC (RFC 7208, 6376, 7489). In: records. Out: Remarks.

Pure: whoever asks has a way to look records up. What is judged is what we can know: which hosts a relay sends from, its
owner has to say.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

LookUp = Callable[[str, str], Sequence[str]]
"""A name and a kind ("TXT") to its records."""

LOOK_UPS_MAX = 10
"""RFC 7208, section 4.6.4: a receiver that needs more answers with an error."""
LABELS_MAX = 8
_LOOKING_UP = frozenset({"a", "mx", "ptr", "exists"})


@dataclass(frozen=True, slots=True)
class Remark:
    """`fix` is empty when all is well; `grave`: receivers may refuse the mail for it."""

    what: str
    said: str
    fix: str = ""
    grave: bool = False


@dataclass(frozen=True, slots=True)
class Policy:
    """A DMARC record, and the domain it was found at."""

    domain: str
    tags: dict[str, str]


def spf(domain: str, look_up: LookUp) -> Remark:
    """`domain`: of the address that bounces go to."""
    found = _spf_records(domain, look_up)
    if not found:
        fix = f"publish a TXT record at {domain} that names the hosts your mail leaves from: v=spf1 mx -all"
        return Remark("spf", f"{domain} names no hosts that may send its mail", fix, grave=True)
    if len(found) > 1:
        return Remark("spf", f"{domain} has {len(found)} SPF records, and so none", "join them into one", grave=True)
    terms = found[0].lower().split()[1:]
    if "+all" in terms or "all" in terms:
        return Remark("spf", f"{domain} lets everybody send its mail", "end its SPF record with -all", grave=True)
    needed = _look_ups(domain, look_up, frozenset())
    if needed > LOOK_UPS_MAX:
        fix = f"receivers make {LOOK_UPS_MAX} at most: take out what no mail of yours comes from"
        return Remark("spf", f"its SPF record takes {needed} look-ups", fix, grave=True)
    if not any(term in ("-all", "~all") or term.startswith("redirect=") for term in terms):
        return Remark("spf", f"the SPF record of {domain} refuses nobody", "end it with -all or ~all")
    return Remark("spf", f"{domain}: {found[0]}")


def dkim(domain: str, selector: str, public_key: str, look_up: LookUp) -> Remark:
    """`public_key` as it stands in the DNS, of the key that we sign with."""
    name = f"{selector}._domainkey.{domain}"
    found = [tags for text in look_up(name, "TXT") if "p" in (tags := _tags(text))]
    if not found:
        return Remark(
            "dkim", f"there is no key at {name}", f"publish a TXT record there: {_record(public_key)}", grave=True
        )
    if all("".join(tags["p"].split()) != public_key for tags in found):
        said = f"the key at {name} is another one than we sign with" if any(tags["p"] for tags in found) else ""
        said = said or f"the key at {name} is withdrawn"
        return Remark("dkim", said, f"publish there: {_record(public_key)}", grave=True)
    return Remark("dkim", f"{name} has the key that we sign with")


def signed_elsewhere(domain: str, selectors: Sequence[str], look_up: LookUp) -> Remark:
    """For a provider that signs: whether the domain names its keys."""
    names = [f"{selector}._domainkey.{domain}" for selector in selectors]
    there = [name for name in names if look_up(name, "CNAME") or look_up(name, "TXT")]
    if there:
        return Remark("dkim", f"{there[0]} names a key of the provider")
    fix = "authenticate the domain at the provider and publish the records that it shows; other selectors are possible"
    return Remark("dkim", f"none of {', '.join(names)} is there: mail may be signed for the provider only", fix)


def dmarc(sender: str, bounces: str, signed: str, look_up: LookUp) -> Remark:
    """`sender` is the domain of From; `bounces` and `signed` those of the return path and the signature, or empty."""
    policy = policy_of(sender, look_up)
    if policy is None:
        fix = f'publish a TXT record at _dmarc.{sender}: "v=DMARC1; p=none; rua=mailto:…", and stricter later'
        return Remark("dmarc", f"{sender} has no DMARC policy, and large receivers ask for one", fix, grave=True)
    by_spf = bool(bounces) and _aligned(sender, bounces, policy.tags.get("aspf", "r"), look_up)
    by_dkim = bool(signed) and _aligned(sender, signed, policy.tags.get("adkim", "r"), look_up)
    if not by_spf and not by_dkim:
        said = (
            f"mail is from {sender}, bounces go to {bounces or 'the provider'}, it is signed for {signed or 'nobody'}"
        )
        fix = (
            "sign with [dkim] for the sender's domain, or let bounces come to it: one of the two must be of that domain"
        )
        return Remark("dmarc", said, fix, grave=True)
    ways = " and ".join(way for way, aligned in (("SPF", by_spf), ("DKIM", by_dkim)) if aligned)
    if policy.tags.get("p", "none").lower() == "none":
        said = f"aligned by {ways}; the policy at {policy.domain} asks receivers for nothing"
        return Remark("dmarc", said, "p=quarantine once its reports show only mail of yours")
    return Remark("dmarc", f"aligned by {ways}; the policy at {policy.domain} is p={policy.tags['p']}")


def policy_of(domain: str, look_up: LookUp) -> Policy | None:
    """At the domain or, walking up, at the nearest above it that is more than a top-level domain."""
    labels = domain.rstrip(".").lower().split(".")[-LABELS_MAX:]
    for start in range(max(len(labels) - 1, 1)):
        name = ".".join(labels[start:])
        found = [_tags(text) for text in look_up(f"_dmarc.{name}", "TXT") if text.lower().startswith("v=dmarc1")]
        if len(found) == 1:
            return Policy(name, found[0])
    return None


def _aligned(sender: str, other: str, mode: str, look_up: LookUp) -> bool:
    if sender == other or mode.lower() == "s":
        return sender == other
    if sender.endswith(f".{other}") or other.endswith(f".{sender}"):
        return True
    ours, theirs = policy_of(sender, look_up), policy_of(other, look_up)
    return ours is not None and theirs is not None and ours.domain == theirs.domain


def _spf_records(domain: str, look_up: LookUp) -> list[str]:
    return [text for text in look_up(domain, "TXT") if text.lower() == "v=spf1" or text.lower().startswith("v=spf1 ")]


def _look_ups(domain: str, look_up: LookUp, within: frozenset[str]) -> int:
    """How many a receiver makes; a record that names itself needs too many."""
    if domain in within or len(within) > LOOK_UPS_MAX:
        return LOOK_UPS_MAX + 1
    needed = 0
    for text in _spf_records(domain, look_up)[:1]:
        for term in text.lower().split()[1:]:
            bare = term.lstrip("+-~?")
            if bare.startswith(("include:", "redirect=")):
                other = bare.replace("=", ":", 1).partition(":")[2]
                needed += 1 + _look_ups(other, look_up, within | {domain})
            elif bare.split(":")[0].split("/")[0] in _LOOKING_UP:
                needed += 1
            if needed > LOOK_UPS_MAX:
                return needed
    return needed


def _tags(text: str) -> dict[str, str]:
    pairs = (part.partition("=") for part in text.split(";") if "=" in part)
    return {name.strip().lower(): value.strip() for name, _, value in pairs}


def _record(public_key: str) -> str:
    kind = "ed25519" if len(public_key) < 60 else "rsa"
    return f'"v=DKIM1; k={kind}; p={public_key}"'
