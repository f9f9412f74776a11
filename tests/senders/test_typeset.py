"""A mail that was typeset says what the mail builder would say, for each reader."""

import email
import email.policy
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndication.errors import SendError
from syndication.model.edition import Rendered
from syndication.senders import mime, proof
from syndication.senders.headers import OCTETS_MAX
from syndication.senders.typeset import Typeset
from tests.senders.submissions import TAGS, a_batch, a_reader


def bodies(data: bytes) -> list[str]:
    parsed = email.message_from_bytes(data, policy=email.policy.default)
    return [part.get_content() for part in parsed.iter_parts()]


def same(submission, position: int) -> None:
    made = Typeset(submission).mail(position)
    meant = submission.message(position)
    assert bodies(made) == bodies(mime.to_bytes(meant))
    parsed = email.message_from_bytes(made)
    for name, value in email.message_from_bytes(mime.to_bytes(meant)).items():
        if name != "Content-Type":  # its boundary is the batch's
            assert parsed[name] == value, name
    assert max(map(len, made.split(b"\r\n"))) <= OCTETS_MAX
    assert made.isascii() and b"\r\n." not in made


@pytest.mark.parametrize("position", [0, 1, 2])
def test_each_reader_gets_their_own(position: int) -> None:
    same(a_batch(3), position)


LINES = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=90)
TAG = st.sampled_from([TAGS.unsubscribe_text, TAGS.address_text, "\n", ".", " ", "From ", "=", "é" * 40])


@given(st.lists(st.one_of(LINES, TAG), max_size=12).map("".join), st.text("ab .=\néЖ文", max_size=100))
def test_any_text_around_any_value_reads_back_as_it_was_meant(text: str, value: str) -> None:
    content = Rendered(subject="A subject", preheader="", html=f"<p>{text}</p>", text=text, nonce=TAGS.nonce)
    readers = tuple(
        replace(reader, values={**reader.values, TAGS.address_text: value}) for reader in (a_reader(1), a_reader(2))
    )
    same(a_batch(recipients=readers, content=content), 1)


def test_a_text_in_another_script_is_base64_for_each() -> None:
    content = Rendered(
        subject="ж", preheader="", html=f"<p>{'ж' * 500}{TAGS.address_html}</p>", text="ж" * 500, nonce=TAGS.nonce
    )
    submission = a_batch(3, content=content)
    assert b"base64" in Typeset(submission).mail(2)
    same(submission, 2)


def test_a_subject_may_be_a_readers_own_and_a_mail_without_an_id_gets_one() -> None:
    content = replace(a_batch().content, subject=f"For {TAGS.address_text}")
    readers = tuple(replace(a_reader(n), headers=()) for n in range(2))
    submission = a_batch(recipients=readers, content=content)
    set_ = Typeset(submission)
    ids = {email.message_from_bytes(set_.mail(n))["Message-ID"] for n in range(2)}
    assert len(ids) == 2
    assert "reader1@" in email.message_from_bytes(set_.mail(1))["Subject"]


def test_ren_03_the_first_is_proved_whole_before_any_leaves(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []
    real = proof.require
    monkeypatch.setattr(proof, "require", lambda *given: asked.append(given) or real(*given))
    Typeset(a_batch(3))
    assert len(asked) == 1


def test_a_header_that_cannot_be_written_stops_that_reader_only() -> None:
    odd = replace(a_reader(1), headers=(("List-Unsubscribe", "<https://x.example/ж>"), ("Message-ID", "<a@b.example>")))
    set_ = Typeset(a_batch(recipients=(a_reader(0), odd, a_reader(2))))
    set_.mail(0)
    with pytest.raises(SendError):
        set_.mail(1)
    set_.mail(2)
