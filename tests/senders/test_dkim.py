"""DKIM, verified by a verifier that is not ours."""

import base64

import dkim
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ed25519, rsa

from syndication.errors import SettingsError
from syndication.senders.dkim import Dkim
from syndication.senders.typeset import Typeset
from tests.senders.submissions import a_batch

RSA = rsa.generate_private_key(public_exponent=65537, key_size=2048)
ED = ed25519.Ed25519PrivateKey.generate()


def pem(key) -> bytes:
    kind = serialization.PrivateFormat.PKCS8
    return key.private_bytes(serialization.Encoding.PEM, kind, serialization.NoEncryption())


def record(key) -> bytes:
    """The DNS record of its public half."""
    if isinstance(key, ed25519.Ed25519PrivateKey):
        raw = key.public_key().public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
        return b"v=DKIM1; k=ed25519; p=" + base64.b64encode(raw)
    kind = serialization.PublicFormat.SubjectPublicKeyInfo
    return b"v=DKIM1; k=rsa; p=" + base64.b64encode(key.public_key().public_bytes(serialization.Encoding.DER, kind))


def verified(mail: bytes, key) -> bool:
    asked = []

    def dns(name, timeout=5):
        asked.append(name)
        return record(key)

    found = dkim.verify(mail, dnsfunc=dns)
    assert asked == [b"news._domainkey.tideline.example."]
    return found


MAIL = Typeset(a_batch(3)).mail(1)


@pytest.mark.parametrize("key", [RSA, ED], ids=["rsa", "ed25519"])
def test_a_stranger_verifies_what_we_sign(key) -> None:
    signature = Dkim("tideline.example", "news", pem(key)).sign(MAIL)
    assert verified(signature + MAIL, key)
    assert all(len(line) <= 78 for line in signature.split(b"\r\n"))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"Subject: ", b"Subject: Not "),
        (b"To: reader1@", b"To: reader2@"),
        (b"List-Unsubscribe: <", b"List-Unsubscribe: <https://evil.example/>, <"),
        (b"Hej", b"Hey"),
        (b"\r\nDate:", b"\r\nFrom: evil@evil.example\r\nDate:"),
    ],
)
def test_what_was_changed_on_the_way_is_not_verified(old: bytes, new: bytes) -> None:
    signature = Dkim("tideline.example", "news", pem(RSA)).sign(MAIL)
    mail = signature + MAIL
    changed = mail.replace(old, new, 1)
    assert changed != mail and not verified(changed, RSA)


def test_headers_that_a_relay_folds_anew_are_the_same_headers() -> None:
    signature = Dkim("tideline.example", "news", pem(RSA)).sign(MAIL)
    folded = MAIL.replace(b"Auto-Submitted: ", b"Auto-Submitted:\r\n \t ", 1)
    assert folded != MAIL and verified(signature + folded, RSA)


def test_one_click_unsubscribe_is_signed() -> None:
    signature = Dkim("tideline.example", "news", pem(RSA)).sign(MAIL).lower()
    names = b"".join(signature.split()).partition(b"h=")[2].partition(b";")[0].split(b":")
    assert {b"list-unsubscribe", b"list-unsubscribe-post", b"from", b"to", b"subject", b"date"} <= set(names)
    assert names.count(b"from") == 2


@pytest.mark.parametrize("key", [b"", b"no key", pem(RSA)[:80]], ids=["none", "no key", "cut off"])
def test_a_key_that_cannot_be_used_is_told_of_at_once(key: bytes) -> None:
    with pytest.raises(SettingsError, match="DKIM"):
        Dkim("tideline.example", "news", key)
