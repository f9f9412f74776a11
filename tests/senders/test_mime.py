"""Mail as bytes: headers, bodies, and the proof that nothing else is in them."""

import email
import email.policy
import quopri
from dataclasses import replace
from datetime import UTC, datetime
from email.header import decode_header, make_header

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from syndication.errors import SendError
from syndication.model.delivery import Message, Sender
from syndication.model.subscriber import EmailAddress
from syndication.senders import headers, mime, proof

MESSAGE = Message(
    sender=Sender("The Tideline", EmailAddress.parse("news@tideline.example")),
    to=EmailAddress.parse("mara@reader.example"),
    subject="Morning at the harbour",
    html="<p>The ferry is back.</p>\n",
    text="The ferry is back.\n",
    headers=(
        ("List-Id", '"Tideline" <morning.tideline.example>'),
        ("List-Unsubscribe", "<https://tideline.example/unsubscribe/" + "t" * 120 + ">"),
        ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"),
        ("Message-ID", "<0123456789abcdef@tideline.example>"),
    ),
    date=datetime(2026, 3, 29, 5, 0, tzinfo=UTC),
)
HOSTILE = [
    "Tide\r\nBcc: all@evil.example",
    "Tide\nBcc: all@evil.example\n\nbody",
    "Tide\r\r\nX: y",
    "Tide\x00\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029Bcc: all@evil.example",
    "=?utf-8?q?=0D=0ABcc:all@evil.example?=",
    "=?utf-8?B?DQpCY2M6IGFsbEBldmlsLmV4YW1wbGU=?= tail",
    "a =?utf-8?q?x?= b",
    'Tide" <x@evil.example>, "y',
    "\ud800Tide",
]
ANY_TEXT = st.text(st.characters(exclude_categories=("Cs",)), max_size=200)


def parsed(message):
    return email.message_from_bytes(mime.to_bytes(message), policy=email.policy.default)


def names_of(message):
    return [name for name, _ in email.message_from_bytes(mime.to_bytes(message)).items()]


def decoded(data):
    """What a reader's program makes of one header field's bytes."""
    value = data.decode("ascii").partition(":")[2].replace("\r\n", "").strip()
    return str(make_header(decode_header(value)))


def test_a_mail_as_a_whole():
    data = mime.to_bytes(MESSAGE)
    assert names_of(MESSAGE) == [
        "Date",
        "From",
        "To",
        "Subject",
        "List-Id",
        "List-Unsubscribe",
        "List-Unsubscribe-Post",
        "Message-ID",
        "MIME-Version",
        "Content-Type",
    ]
    found = parsed(MESSAGE)
    assert found["Date"].datetime == MESSAGE.date
    assert str(found["From"]) == "The Tideline <news@tideline.example>"
    assert [part.get_content_type() for part in found.iter_parts()] == ["text/plain", "text/html"]
    assert found.get_body(("plain",)).get_content() == MESSAGE.text.replace("\n", "\r\n")
    assert found.get_body(("html",)).get_content() == MESSAGE.html.replace("\n", "\r\n")
    assert data.endswith(b"--\r\n")


def test_equal_messages_are_equal_bytes_and_others_have_another_boundary():
    assert mime.to_bytes(MESSAGE) == mime.to_bytes(replace(MESSAGE))
    one, two = parsed(MESSAGE), parsed(replace(MESSAGE, text="Other"))
    assert one.get_boundary() != two.get_boundary()


def test_a_message_id_that_nobody_gave_is_made_from_the_content():
    bare = replace(MESSAGE, headers=())
    assert parsed(bare)["Message-ID"] == parsed(bare)["Message-ID"]
    assert parsed(bare)["Message-ID"].endswith("@tideline.example>")
    assert parsed(bare)["Message-ID"] != parsed(replace(bare, text="Other"))["Message-ID"]


def test_a_mail_without_a_date_is_refused():
    with pytest.raises(SendError, match="date"):
        mime.to_bytes(replace(MESSAGE, date=None))


def test_a_reply_address_stands_in_its_own_header():
    sender = replace(MESSAGE.sender, reply_to=EmailAddress.parse("desk@tideline.example"))
    assert parsed(replace(MESSAGE, sender=sender))["Reply-To"] == "desk@tideline.example"


@pytest.mark.parametrize("hostile", HOSTILE)
def test_ren_01_a_hostile_subject_stays_one_header(hostile):
    message = replace(MESSAGE, subject=hostile)
    assert names_of(message) == names_of(MESSAGE)
    assert parsed(message)["Bcc"] is None
    raw = email.message_from_bytes(mime.to_bytes(message))["Subject"]
    assert str(make_header(decode_header(raw))) == headers.one_line(hostile)


@pytest.mark.parametrize("hostile", HOSTILE)
def test_ren_01_a_hostile_sender_name_stays_one_mailbox(hostile):
    message = replace(MESSAGE, sender=replace(MESSAGE.sender, name=hostile))
    assert names_of(message) == names_of(MESSAGE)
    (mailbox,) = parsed(message)["From"].addresses
    assert mailbox.addr_spec == "news@tideline.example"


@pytest.mark.parametrize("hostile", ["<a.example>\r\nBcc: all@evil.example", "<a.example>\x00\nBcc: x"])
def test_ren_02_a_line_break_in_a_list_header_starts_no_header(hostile):
    message = replace(MESSAGE, headers=(("List-Id", hostile), ("Message-ID", "<1@tideline.example>")))
    assert "Bcc" not in names_of(message)
    assert len(names_of(message)) == 8


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("List-Id", "Küste <a.example>"),
        ("List-Id", "=?utf-8?q?=0D=0ABcc:all@evil.example?= <a.example>"),
        ("List-Id", "=?nonsense?q?x?="),
        ("List-Unsubscribe", ""),
        ("List-Unsubscribe", "<https://tideline.example/" + "x" * 1000 + ">"),
        ("Bad Name", "x"),
        ("Bad\r\nBcc", "x"),
        ("Bad:", "x"),
        ("Bcc", "all@evil.example"),
        ("from", "other@evil.example"),
        ("Content-Type", "text/html"),
    ],
)
def test_ren_02_a_header_that_cannot_be_written_is_refused(name, value):
    with pytest.raises(SendError):
        mime.to_bytes(replace(MESSAGE, headers=((name, value),)))


def test_ren_03_a_header_twice_is_refused():
    with pytest.raises(SendError, match="twice"):
        mime.to_bytes(replace(MESSAGE, headers=(("Precedence", "bulk"), ("precedence", "list"))))


@pytest.mark.parametrize(
    "change",
    [
        lambda data: data.replace(b"Subject:", b"Bcc: all@evil.example\r\nSubject:"),
        lambda data: data.replace(b"Subject: Morning", b"Subject: Evening"),
        lambda data: data.replace(b"The ferry", b"The train", 1),
        lambda data: data.replace(b"To: mara@", b"To: all@"),
        lambda data: data.replace(b"From: The Tideline", b"From: The Other"),
        lambda data: data.replace(b"text/plain", b"text/html"),
        lambda data: data.replace(b"\r\n\r\n", b"\r\n\r\r\n", 1),
        lambda data: data.replace(b"ferry", b"ferr\xff", 1),
        lambda data: data.replace(b"\r\n", b"\n"),
        lambda data: data.replace(b"The ferry", b"x" * 999, 1),
        lambda data: data[: len(data) // 2],
    ],
)
def test_ren_03_bytes_that_say_anything_else_are_stopped(change):
    meant = [
        ("Date", "Sun, 29 Mar 2026 05:00:00 +0000"),
        ("From", "The Tideline <news@tideline.example>"),
        ("To", "mara@reader.example"),
        ("Subject", MESSAGE.subject),
        *MESSAGE.headers,
        ("MIME-Version", "1.0"),
        ("Content-Type", "multipart/alternative"),
    ]
    good = mime.to_bytes(MESSAGE)
    proof.require(good, meant, (MESSAGE.text, MESSAGE.html))
    with pytest.raises(SendError):
        proof.require(change(good), meant, (MESSAGE.text, MESSAGE.html))


@pytest.mark.parametrize(
    "subject",
    [
        "🎣" * 2000,
        "x" * 5000,
        "ä" + "x" * 3000,
        "word " * 400,
        "two  spaces",
        "é" * 37 + " " + "é" * 37,
        "a" * 67,
        "a" * 68,
        "",
        "👩‍👩‍👧‍👦" * 40,
        "مرحبا بالعالم " * 20,
    ],
)
def test_ren_04_a_long_or_odd_subject_survives_in_lines_within_their_limits(subject):
    field = headers.unstructured("Subject", subject)
    lines = field[:-2].split(b"\r\n")
    assert max(map(len, lines)) <= headers.LINE_MAX
    assert all(line[:1] == b" " and line.strip() for line in lines[1:])
    assert decoded(field) == headers.one_line(subject)
    assert parsed(replace(MESSAGE, subject=subject))["Subject"] == headers.one_line(subject)


@given(ANY_TEXT)
def test_ren_04_decoding_a_folded_subject_gives_the_subject(subject):
    field = headers.unstructured("Subject", subject)
    assert decoded(field) == headers.one_line(subject)
    assert field.count(b"\r\n") == field.count(b"\n") == field.count(b"\r")
    assert all(len(line) <= headers.LINE_MAX for line in field.split(b"\r\n"))


@given(ANY_TEXT)
def test_ren_04_encoded_words_are_within_75_and_parted_by_space(subject):
    field = headers.unstructured("Subject", "é" + subject)
    words = field.decode("ascii").partition(": ")[2].split()
    assert all(word.startswith("=?utf-8?") and word.endswith("?=") and len(word) <= 75 for word in words)
    for word in words:
        ((octets, charset),) = decode_header(word)
        octets.decode(charset)  # each stands alone: no character is cut


@given(ANY_TEXT)
@settings(deadline=None)
def test_ren_01_any_subject_and_any_name_leave_the_headers_as_they_were(text):
    message = replace(MESSAGE, subject=text, sender=replace(MESSAGE.sender, name=text))
    assert names_of(message) == names_of(MESSAGE)


@given(ANY_TEXT, ANY_TEXT)
@settings(deadline=None)
def test_ren_05_any_body_reads_back_with_clean_line_ends(text, markup):
    data = mime.to_bytes(replace(MESSAGE, text=text, html=markup))
    found = email.message_from_bytes(data)
    plain, html = found.get_payload()
    assert plain.get_payload(decode=True) == mime.body_text(text).replace("\n", "\r\n").encode()
    assert html.get_payload(decode=True) == mime.body_text(markup).replace("\n", "\r\n").encode()


@pytest.mark.parametrize(
    "body",
    [
        "a\r\n.\r\nMAIL FROM:<x@evil.example>\r\n",
        ".\n..\n.hidden\n",
        "a\r.\rb\n.\n",
        "a\n.\r\nb\r\r\n.\r\n",
        "x" * 74 + ".y" + "x" * 73 + "." * 200,
        "From here on\nFrom \n" + "x" * 75 + "From there",
    ],
)
def test_ren_05_no_line_of_a_mail_starts_with_a_dot_or_stands_bare(body):
    data = mime.to_bytes(replace(MESSAGE, text=body, html=body))
    lines = data.split(b"\r\n")
    assert not [line for line in lines if line.startswith((b".", b"From "))]
    assert not [line for line in lines if b"\r" in line or b"\n" in line]
    assert max(len(line) for line in lines[10:]) <= mime.LINE_OCTETS


@given(st.binary(max_size=400).map(lambda data: data.replace(b"\r", b"").replace(b"\n", b"\r\n")))
def test_quoted_printable_decodes_to_what_it_was_made_from(data):
    coded = mime.quoted_printable(data)
    assert quopri.decodestring(coded) == data
    assert all(len(line) <= mime.LINE_OCTETS for line in coded.split(b"\r\n"))
    assert not any(line.endswith((b" ", b"\t")) for line in coded.split(b"\r\n"))


@pytest.mark.parametrize(
    ("text", "coding"),
    [("Plain and short\n", "quoted-printable"), ("Møde på kajen i morgen", "quoted-printable"), ("تيار" * 9, "base64")],
)
def test_the_smaller_coding_is_chosen(text, coding):
    plain, _ = email.message_from_bytes(mime.to_bytes(replace(MESSAGE, text=text))).get_payload()
    assert plain["Content-Transfer-Encoding"] == coding


def test_a_long_unsubscribe_link_is_never_folded_nor_encoded():
    data = mime.to_bytes(MESSAGE)
    assert b"List-Unsubscribe: <https://tideline.example/unsubscribe/" + b"t" * 120 + b">\r\n" in data


def test_two_links_are_folded_between_them_only():
    two = "<https://tideline.example/unsubscribe/" + "t" * 60 + ">, <mailto:leave@tideline.example?subject=leave>"
    data = mime.to_bytes(replace(MESSAGE, headers=(("List-Unsubscribe", two),)))
    assert b">,\r\n <mailto:" in data
    assert parsed(replace(MESSAGE, headers=(("List-Unsubscribe", two),)))["List-Unsubscribe"] == two


@pytest.mark.parametrize(
    ("name", "field"),
    [
        ("", b"From: a@b.example\r\n"),
        ("The Tideline", b"From: The Tideline <a@b.example>\r\n"),
        ("Tideline, Ltd.", b'From: "Tideline, Ltd." <a@b.example>\r\n'),
        ('The "Tide" \\ Line', b'From: "The \\"Tide\\" \\\\ Line" <a@b.example>\r\n'),
        ("Zeitung für alle", b"From: =?utf-8?q?Zeitung_f=C3=BCr_alle?= <a@b.example>\r\n"),
    ],
)
def test_a_name_is_an_atom_a_quoted_string_or_encoded_words(name, field):
    assert headers.mailbox("From", name, "a@b.example") == field
