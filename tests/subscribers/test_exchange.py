"""Lists of readers: where each says what, and what comes of a row."""

from datetime import UTC, datetime, timedelta

import pytest
from email_validator import EmailNotValidError, validate_email
from hypothesis import given
from hypothesis import strategies as st

from syndication.errors import ParseError
from syndication.model.intake import Applicant, Fate, Judged, Standing, Word
from syndication.model.subscriber import PLAIN, EmailAddress, SubscriptionState
from syndication.subscribers.exchange import applicants, columns_of, fate, headless, once_each

NOW = datetime(2026, 5, 7, 8, tzinfo=UTC)
CONFIRMED, PENDING, GONE = SubscriptionState.CONFIRMED, SubscriptionState.PENDING, SubscriptionState.UNSUBSCRIBED


def read(heading: str, *rows: str, **named: str):
    columns = columns_of(heading.split(","), named)
    return columns.shape, list(applicants(enumerate((row.split(",") for row in rows), start=2), columns))


@pytest.mark.parametrize(
    ("shape", "heading", "subscribed", "left"),
    [
        (
            "Mailchimp",
            "Email Address,First Name,MEMBER_RATING,OPTIN_TIME,UNSUB_TIME",
            "ada@x.example,Ada,2,2024-03-01 10:00:00,",
            "ada@x.example,Ada,2,2024-03-01 10:00:00,2025-01-02 03:04:05",
        ),
        (
            "Substack",
            "email,active_subscription,expiry,plan,email_disabled,created_at",
            "ada@x.example,false,,,false,2024-03-01T10:00:00.000Z",
            "ada@x.example,false,,,true,2024-03-01T10:00:00.000Z",
        ),
        (
            "Ghost",
            "id,email,name,note,subscribed_to_emails,complimentary_plan,created_at,deleted_at",
            "1,ada@x.example,Ada,,true,,2024-03-01T10:00:00.000Z,",
            "1,ada@x.example,Ada,,false,,2024-03-01T10:00:00.000Z,",
        ),
        (
            "listmonk",
            "uuid,email,name,attributes,status,created_at",
            "u,ada@x.example,Ada,{},enabled,2024-03-01T10:00:00Z",
            "u,ada@x.example,Ada,{},disabled,2024-03-01T10:00:00Z",
        ),
        (
            "Buttondown",
            "id,email,creation_date,type",
            "1,ada@x.example,2024-03-01T10:00:00Z,regular",
            "1,ada@x.example,2024-03-01T10:00:00Z,unsubscribed",
        ),
        ("", "Name,E-Mail,Date", "Ada,ada@x.example,2024-03-01 10:00", None),
    ],
)
def test_con_09_lists_are_known_by_their_headings(shape, heading, subscribed, left):
    found, (row,) = read(heading, subscribed)
    assert found == shape
    assert (row.address, row.word) == ("ada@x.example", Word.SUBSCRIBED)
    assert row.agreed_at == datetime(2024, 3, 1, 10, tzinfo=UTC)
    if left:
        assert read(heading, left)[1][0].word is Word.LEFT


def test_whoever_bounced_or_complained_elsewhere_is_told_apart():
    assert read("Email Address,OPTIN_TIME,CLEAN_TIME", "a@x.example,,2025-01-01")[1][0].word is Word.BOUNCED
    assert read("email,status", "a@x.example,Cleaned")[1][0].word is Word.BOUNCED
    assert read("email,status,attributes", "a@x.example,blocklisted,{}")[1][0].word is Word.COMPLAINED


@pytest.mark.parametrize(
    ("column", "value", "word"),
    [
        ("status", "opted out", Word.LEFT),
        ("status", "Non-Subscribed", Word.LEFT),
        ("status", "archived", Word.LEFT),
        ("status", "hard bounced", Word.BOUNCED),
        ("status", "suppressed", Word.COMPLAINED),
        ("status", "", Word.SUBSCRIBED),
        ("subscribed", "no", Word.LEFT),
        ("subscribed", "Yes", Word.SUBSCRIBED),
        ("unsubscribed", "true", Word.LEFT),
        ("opt_out", "1", Word.LEFT),
        ("opt_out", "0", Word.SUBSCRIBED),
        ("suppressed", "any reason", Word.COMPLAINED),
    ],
)
def test_nobody_who_said_no_is_read_as_a_yes(column, value, word):
    (row,) = read(f"email,{column}", f"a@x.example,{value}")[1]
    assert row.word is word


@pytest.mark.parametrize("said", ["abgemeldet", "maybe", "2"])
def test_a_status_that_nobody_knows_refuses_its_row(said):
    (row,) = read("email,status", f"a@x.example,{said}")[1]
    assert row.fate is Fate.REFUSED and said in row.reason


def test_the_worst_that_any_column_says_counts():
    heading = "email,status,unsubscribed,bounced"
    assert read(heading, "a@x.example,active,true,")[1][0].word is Word.LEFT
    assert read(heading, "a@x.example,unsubscribed,,yes")[1][0].word is Word.BOUNCED


def test_our_own_list_is_for_the_newsletter_that_it_names():
    columns = columns_of(["address", "newsletter", "state", "suppressed"], {})
    rows = [(2, ["a@x.example", "morning", "confirmed", ""]), (3, ["a@x.example", "weekly", "confirmed", ""])]
    mine, other = applicants(rows, columns, "morning")
    assert mine.word is Word.SUBSCRIBED
    assert other.fate is Fate.REFUSED and "-n weekly" in other.reason


def test_columns_are_named_by_hand_and_what_is_not_there_is_told():
    _, (row,) = read("Kontakt,Seit", "ada@x.example,2024-03-01", address="kontakt", agreed="Seit")
    assert (row.address, row.agreed_at) == ("ada@x.example", datetime(2024, 3, 1, tzinfo=UTC))
    with pytest.raises(ParseError, match="no column 'Mail'"):
        read("Kontakt", "x", address="Mail")
    with pytest.raises(ParseError, match="no column of the list is known to hold mail addresses"):
        read("Kontakt", "x")


def test_con_09_a_row_that_is_nobody_has_its_reason_and_the_others_go_on():
    columns = columns_of(["name", "email"], {})
    rows = [(2, ["Ada"]), (3, ["Bo", "bo at home"]), (4, None), (5, ["", ""]), (6, ["Cy", " Cy@X.example "])]
    short, bad, torn, good = applicants(rows, columns)
    assert (short.line, short.fate, short.reason) == (2, Fate.REFUSED, "it has only 1 columns")
    assert (bad.line, bad.address) == (3, "bo at home") and "@-sign" in bad.reason
    assert torn.line == 4 and "cannot be read" in torn.reason
    assert (good.line, good.address, good.norm) == (6, "Cy@x.example", "cy@x.example")


def test_a_list_may_begin_at_once():
    assert headless(["Ada", "ada@x.example"]).address == 1
    assert headless(["Name", "Email"]) is None


@pytest.mark.parametrize("date", ["", "yesterday", "0000-00-00 00:00:00", "1970-01-01"])
def test_what_is_no_date_is_no_date(date):
    assert read("email,created_at", f"a@x.example,{date}")[1][0].agreed_at is None


def row(word=Word.SUBSCRIBED, line=2, norm="a@x.example", left_at=None) -> Applicant:
    return Applicant(line, norm, norm, word, None, left_at)


@pytest.mark.parametrize(
    ("word", "standing", "then"),
    [
        (Word.SUBSCRIBED, None, Fate.ADDED),
        (Word.SUBSCRIBED, Standing(None, None, ""), Fate.ADDED),  # reads another newsletter
        (Word.SUBSCRIBED, Standing(PENDING, None, ""), Fate.ADDED),
        (Word.SUBSCRIBED, Standing(CONFIRMED, NOW, ""), Fate.KNOWN),
        (Word.SUBSCRIBED, Standing(GONE, NOW, ""), Fate.LEFT),
        (Word.SUBSCRIBED, Standing(None, None, "bounced"), Fate.SUPPRESSED),
        (Word.SUBSCRIBED, Standing(PENDING, None, "bounced"), Fate.SUPPRESSED),
        (Word.SUBSCRIBED, Standing(CONFIRMED, NOW, "", twice=True), Fate.TWICE),
        (Word.LEFT, None, Fate.CLOSED),
        (Word.LEFT, Standing(PENDING, None, ""), Fate.CLOSED),
        (Word.LEFT, Standing(GONE, None, ""), Fate.LEFT),
        (Word.LEFT, Standing(CONFIRMED, NOW, ""), Fate.KNOWN),  # nobody knows that they left later
        (Word.LEFT, Standing(CONFIRMED, NOW, "", twice=True), Fate.CLOSED),
        (Word.BOUNCED, Standing(CONFIRMED, NOW, ""), Fate.CLOSED),
        (Word.COMPLAINED, None, Fate.CLOSED),
    ],
)
def test_what_comes_of_a_row(word, standing, then):
    come, why = fate(row(word), standing)
    assert come is then
    assert bool(why) is (come is not Fate.ADDED)


def test_a_later_leaving_counts_and_an_earlier_one_does_not():
    here = Standing(CONFIRMED, NOW, "")
    assert fate(row(Word.LEFT, left_at=NOW + timedelta(days=1)), here)[0] is Fate.CLOSED
    assert fate(row(Word.LEFT, left_at=NOW - timedelta(days=1)), here)[0] is Fate.KNOWN


def test_an_address_is_taken_once_and_a_leave_outweighs_a_join():
    refused = Judged(1, Fate.REFUSED, "", "no")
    kept, judged = once_each([refused, row(line=2), row(line=3), row(Word.LEFT, line=4), row(Word.LEFT, line=5)])
    assert [(one.line, one.word) for one in kept] == [(4, Word.LEFT)]
    assert [one.line for one in judged] == [1, 3, 2, 5]
    assert all(one.fate is Fate.TWICE for one in judged[1:])


@given(
    st.lists(st.builds(row, st.sampled_from(Word), st.integers(1, 9), st.sampled_from(["a@x.example", "b@x.example"])))
)
def test_con_09_the_counts_add_up(rows):
    kept, judged = once_each(rows)
    assert len(kept) + len(judged) == len(rows)
    assert len({one.norm for one in kept}) == len(kept)


@given(
    st.text("aB0_+-.'!", min_size=1, max_size=12),
    st.text("aB0-.x", min_size=1, max_size=20),
    st.sampled_from(
        ["example", "com", "local", "LOCALHOST", "arpa", "x", "c0m", "xn--p1ai", "onion", "invalid", "test"]
    ),
)
def test_del_09_the_short_way_judges_as_the_long_one(local, domain, end):
    typed = f"{local}@{domain}.{end}"
    try:
        found = validate_email(
            typed,
            check_deliverability=False,
            allow_smtputf8=False,
            allow_quoted_local=False,
            allow_domain_literal=False,
            test_environment=True,
        )
        long = None if found.local_part.startswith("-") else f"{found.local_part}@{found.ascii_domain}"
    except EmailNotValidError:
        long = None
    try:
        short = EmailAddress.parse(typed).text
    except ValueError:
        short = None
    assert short == long


def test_most_addresses_go_the_short_way():
    for typed in ("ada.lovelace+news@mail.readers.example", "A_B-c@x-y.example", "7@a.b.c.example"):
        assert PLAIN.match(typed)
