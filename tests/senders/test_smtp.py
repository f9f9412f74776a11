"""SMTP over real sockets: what is offered, in what words, and what is believed of the answers (DEL-05, -08, -09)."""

import asyncio
import socket
import ssl
import struct
import subprocess
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from email import message_from_bytes
from pathlib import Path

import pytest

from syndication.model.carrying import Carried, Fared, Fate
from syndication.model.delivery import Submission, Verdict
from syndication.outbound.wire import open_wire, tls_context
from syndication.senders.smtp import Smtp
from syndication.senders.smtp_pool import Connections
from syndication.senders.smtp_reply import Garbage, Reader
from syndication.senders.smtp_run import Run
from syndication.senders.smtp_session import Relay as At
from syndication.senders.smtp_session import Tls, open_session
from tests.relay import DROP, HANG, TAKE_AND_DROP, Gone, Relay, Session
from tests.senders.submissions import a_batch, a_reader


class Gate:
    """Lets everybody through but those named, and remembers what it was told."""

    def __init__(self, but: Sequence[int] = (), shut_after: int = 10**9) -> None:
        self.but, self.left = set(but), shut_after
        self.let: list[int] = []
        self.told: dict[int, Fared] = {}
        self.shut = False

    def through(self, wanted: Sequence[int], fared: Mapping[int, Fared]) -> frozenset[int]:
        self.told |= fared
        let = [one for one in wanted if one not in self.but][: self.left]
        self.left -= len(let)
        self.let += let
        self.shut = self.left <= 0
        return frozenset(let)


@pytest.fixture
def smtp() -> Iterator[Callable[..., Smtp]]:
    made: list[Smtp] = []

    def make(relay: Relay, **given: object) -> Smtp:
        own = {
            name: given.pop(name) for name in ("connections", "domain_connections", "total_seconds") if name in given
        }
        at = At("127.0.0.1", relay.port, **{"tls": Tls.NONE, "reply_seconds": 5.0, **given})  # type: ignore[arg-type]
        made.append(Smtp(at, open_wire=open_wire, **own))  # type: ignore[arg-type]
        return made[-1]

    yield make
    for one in made:
        one.close()


def fates(carried: Carried) -> dict[int, Fate]:
    return {position: fared.fate for position, fared in sorted(carried.fared.items())}


def many(count: int, domains: int = 50) -> Submission:
    return a_batch(recipients=tuple(a_reader(n, address=f"reader{n}@d{n % domains}.example") for n in range(count)))


def at_step(step: str, reply: object, *, of: str = "", times: int = 10**9) -> Callable[[str, str, Session], object]:
    """Answer `reply` at a step, for the recipient whose address begins so; the first so many times."""
    left, lock = [times], threading.Lock()

    def answer(found: str, line: str, session: Session) -> object:
        with lock:
            if found != step or left[0] <= 0 or (of and not line.startswith(of)):
                return None
            left[0] -= 1
            return reply

    return answer


def test_each_reader_gets_one_mail_of_their_own(smtp) -> None:
    with Relay() as relay:
        carried = smtp(relay, connections=4).carry(many(30), Gate())
    assert set(fates(carried).values()) == {Fate.ACCEPTED} and len(carried.fared) == 30
    assert set(relay.got.values()) == {1} and len(relay.got) == 30
    for one in relay.taken:
        mail = message_from_bytes(one.data)
        assert mail["To"] == one.recipient and one.sender == "news@tideline.example"
    assert relay.most_open <= 4


@pytest.mark.parametrize("offers", [("PIPELINING",), ()])
def test_a_message_is_one_packet_of_commands_where_the_relay_allows_it(smtp, offers: tuple[str, ...]) -> None:
    with Relay(offers=offers) as relay:
        smtp(relay, connections=1).carry(many(3), Gate())
    assert len(relay.taken) == 3
    assert not any("SIZE=" in line for line in relay.commands), "SIZE is said only where it is offered"


def test_service_mail_goes_beside_an_edition(smtp) -> None:
    with Relay() as relay:
        outcome = smtp(relay).submit(a_batch(1))
    assert outcome.verdict is Verdict.ACCEPTED and len(relay.taken) == 1


# -- before the last dot nothing is accepted, after it nobody knows


@pytest.mark.parametrize(
    ("step", "reply", "fate"),
    [
        ("rcpt", b"550 5.1.1 no such user\r\n", Fate.REFUSED),
        ("rcpt", b"450 4.2.1 busy\r\n", Fate.DEFERRED),
        ("rcpt", b"452 4.5.3 too many recipients\r\n", Fate.DEFERRED),
        ("rcpt", b"451 4.7.1 Greylisted, try again in 300 seconds\r\n", Fate.DEFERRED),
        ("data", b"451 4.3.0 later\r\n", Fate.DEFERRED),
        ("end", b"451 4.3.0 later\r\n", Fate.DEFERRED),
        ("end", b"554 5.7.1 spam\r\n", Fate.REFUSED),
        ("end", b"552 5.2.2 mailbox full\r\n", Fate.REFUSED),
        ("end", DROP, Fate.UNCERTAIN),
        ("end", TAKE_AND_DROP, Fate.UNCERTAIN),
        ("end", HANG, Fate.UNCERTAIN),
        ("end", b"what?\r\n", Fate.UNCERTAIN),
        ("end", b"354 again?\r\n", Fate.UNCERTAIN),
        ("rcpt", DROP, Fate.DEFERRED),
        ("data", DROP, Fate.DEFERRED),
        ("data", b"250 surprise\r\n", Fate.DEFERRED),
        ("rcpt", b"garbage\r\n", Fate.DEFERRED),
        ("rcpt", b"2" * 5000, Fate.DEFERRED),
    ],
)
def test_del_05_del_08_what_an_answer_means_for_its_reader_and_for_no_other(smtp, step, reply, fate) -> None:
    with Relay(answer=at_step(step, reply, of="reader1@")) as relay:
        carried = smtp(relay, connections=1, reply_seconds=0.5).carry(many(3), Gate())
    assert fates(carried) == {0: Fate.ACCEPTED, 1: fate, 2: Fate.ACCEPTED}
    assert not carried.stopped and not carried.put_off
    assert relay.got["reader0@d0.example"] == relay.got["reader2@d2.example"] == 1
    assert relay.got["reader1@d1.example"] <= int(reply == TAKE_AND_DROP)


@pytest.mark.parametrize("step", ["mail", "rcpt", "end"])
def test_del_08_a_421_in_the_middle_costs_the_connection_and_no_message(smtp, step: str) -> None:
    with Relay(answer=at_step(step, b"421 4.3.2 shutting down\r\n", times=2)) as relay:
        carried = smtp(relay, connections=2).carry(many(8), Gate())
    assert set(fates(carried).values()) == {Fate.ACCEPTED} and set(relay.got.values()) == {1}


def test_del_05_a_relay_that_breaks_off_each_time_leaves_little_in_doubt(smtp) -> None:
    with Relay(answer=at_step("end", DROP)) as relay:
        carried = smtp(relay, connections=2).carry(many(60), Gate())
    assert set(fates(carried).values()) == {Fate.UNCERTAIN} and 5 <= len(carried.fared) <= 6
    assert "last dot" in carried.put_off


def test_del_08_a_message_that_always_breaks_off_is_put_off_in_the_end(smtp) -> None:
    with Relay(answer=at_step("rcpt", DROP, of="reader0@")) as relay:
        carried = smtp(relay, connections=1).carry(many(2), Gate())
    assert fates(carried) == {0: Fate.DEFERRED, 1: Fate.ACCEPTED}
    assert relay.connections <= 5


def test_del_08_a_limit_on_connections_is_lived_with(smtp) -> None:
    def answer(step: str, line: str, session: Session) -> object:
        return b"421 4.7.0 too many connections\r\n" if step == "connect" and session.relay.open_now > 2 else None

    with Relay(answer=answer) as relay:
        carried = smtp(relay, connections=6).carry(many(40), Gate())
    assert set(fates(carried).values()) == {Fate.ACCEPTED} and len(relay.got) == 40


def test_del_08_a_domain_that_puts_off_one_after_the_other_rests(smtp) -> None:
    def answer(step: str, line: str, session: Session) -> object:
        return b"450 4.2.0 not now\r\n" if step == "rcpt" and line.endswith("@d1.example") else None

    with Relay(answer=answer) as relay:
        carried = smtp(relay, connections=1).carry(many(40, domains=2), Gate())
    found = fates(carried)
    assert [found[n] for n in range(0, 40, 2)] == [Fate.ACCEPTED] * 20
    assert sorted(found[n] for n in range(1, 40, 2)) == [Fate.DEFERRED] * 3 + [Fate.HELD] * 17
    assert carried.resting == {"d1.example": "450 4.2.0 not now"}


def test_connections_to_one_domain_are_few(smtp) -> None:
    busy, most, lock = [0], [0], threading.Lock()

    def answer(step: str, line: str, session: Session) -> object:
        if step in ("mail", "end") and session.relay.taken is not None:
            with lock:
                busy[0] += 1 if step == "mail" else -1
                most[0] = max(most[0], busy[0])
        return None

    with Relay(answer=answer) as relay:
        carried = smtp(relay, connections=8, domain_connections=2).carry(many(30, domains=1), Gate())
    assert len(carried.fared) == 30 and most[0] <= 2


def test_all_refused_in_the_same_words_means_us_and_not_the_readers(smtp) -> None:
    with Relay(answer=at_step("rcpt", b"554 5.7.1 Relay access denied\r\n")) as relay:
        carried = smtp(relay, connections=2).carry(many(60), Gate())
    assert "Relay access denied" in carried.stopped
    assert Fate.REFUSED not in fates(carried).values() and len(relay.taken) == 0


def test_a_few_refused_in_the_same_words_are_refused(smtp) -> None:
    with Relay(answer=at_step("rcpt", b"550 5.1.1 unknown\r\n")) as relay:
        carried = smtp(relay, connections=2).carry(many(4), Gate())
    assert set(fates(carried).values()) == {Fate.REFUSED} and not carried.stopped


@pytest.mark.parametrize(
    ("step", "reply"),
    [
        ("connect", b"554 5.3.2 no service\r\n"),
        ("mail", b"550 5.7.1 sender not allowed\r\n"),
        ("rcpt", b"530 5.7.0 authenticate first\r\n"),
    ],
)
def test_what_is_said_of_us_stops_all_sending(smtp, step: str, reply: bytes) -> None:
    with Relay(answer=at_step(step, reply)) as relay:
        carried = smtp(relay, connections=1).carry(many(5), Gate())
    assert carried.stopped and Fate.REFUSED not in fates(carried).values()


def test_a_relay_that_is_down_puts_all_off(smtp) -> None:
    with Relay() as relay:
        pass
    carried = smtp(relay, connections=3).carry(many(5), Gate())
    assert carried.put_off and not carried.fared and not carried.stopped
    assert smtp(relay).submit(a_batch(1)).verdict is Verdict.DEFERRED


def test_a_mail_that_is_too_large_for_the_relay_is_not_offered(smtp) -> None:
    with Relay(offers=("PIPELINING", "SIZE 500")) as relay:
        carried = smtp(relay, connections=1).carry(many(2), Gate())
    assert set(fates(carried).values()) == {Fate.REFUSED} and "500" in carried.fared[0].detail
    assert not relay.taken


def test_when_nobody_may_have_a_mail_so_long_it_is_us_that_the_relay_means(smtp) -> None:
    with Relay(offers=("PIPELINING", "SIZE 500")) as relay:
        carried = smtp(relay, connections=1).carry(many(12), Gate())
    assert "500" in carried.stopped and set(fates(carried).values()) == {Fate.DEFERRED}
    assert not relay.taken


@pytest.mark.parametrize(
    ("step", "reply"),
    [
        ("rcpt", b"421 4.3.2 shutting down\r\n"),
        ("data", b"250 surprise\r\n"),
        ("end", b"354 again?\r\n"),
        ("end", b"421 4.3.2 shutting down\r\n"),
    ],
)
def test_a_connection_that_is_over_is_used_no_more(smtp, step: str, reply: bytes) -> None:
    with Relay(answer=at_step(step, reply, times=1)) as relay:
        smtp(relay, connections=1).carry(many(3), Gate())
    assert relay.connections == 2


def test_del_04_a_message_broken_off_from_outside_leaves_nothing_for_the_next_reader() -> None:
    reached, go_on = threading.Event(), threading.Event()

    def answer(step: str, line: str, session: Session) -> object:
        if step == "rcpt" and line.startswith("reader1@"):
            reached.set()
            go_on.wait(5)
        return None

    async def story(pool: Connections) -> None:
        session = await pool.take()
        first = asyncio.create_task(session.deliver("a@b.example", "reader1@d.example", b"for one\r\n.\r\n"))
        await asyncio.to_thread(reached.wait, 5)
        assert not session.alive, "a message is under way"
        first.cancel()
        await asyncio.wait([first])
        await pool.give_back(session)
        go_on.set()
        other = await pool.take()
        assert other is not session
        found = await other.deliver("a@b.example", "reader2@d.example", b"for two\r\n.\r\n")
        assert found.fared.fate is Fate.ACCEPTED
        await pool.give_back(other)
        await pool.close()

    with Relay(answer=answer) as relay:
        at = At("127.0.0.1", relay.port, tls=Tls.NONE, reply_seconds=5.0)
        asyncio.run(story(Connections(at, open_wire, 1)))
    assert [(one.recipient, b"two" in one.data) for one in relay.taken] == [("reader2@d.example", True)]


# -- the gate


def test_del_03_nobody_is_offered_anything_whom_the_gate_keeps(smtp) -> None:
    gate = Gate(but=[1, 4])
    with Relay() as relay:
        carried = smtp(relay, connections=2).carry(many(6), gate)
    assert sorted(carried.fared) == [0, 2, 3, 5] == sorted(gate.let)
    assert not {"reader1@d1.example", "reader4@d4.example"} & set(relay.got)


def test_kil_01_a_gate_that_shuts_ends_it_after_the_messages_under_way(smtp) -> None:
    gate = Gate(shut_after=7)
    with Relay() as relay:
        carried = smtp(relay, connections=3).carry(many(50), gate)
    assert sorted(carried.fared) == sorted(gate.let) and len(relay.taken) == 7
    assert set(fates(carried).values()) == {Fate.ACCEPTED}


def test_a_gate_that_falls_is_heard_of(smtp) -> None:
    class Broken(Gate):
        def through(self, wanted: Sequence[int], fared: Mapping[int, Fared]) -> frozenset[int]:
            raise RuntimeError("the gate fell")

    with Relay() as relay, pytest.raises(RuntimeError, match="the gate fell"):
        smtp(relay, connections=3).carry(many(5), Broken())
    assert not relay.taken


def test_a_run_that_is_told_to_end_offers_nothing_more() -> None:
    async def story(pool: Connections) -> None:
        asked, go_on = asyncio.Event(), asyncio.Event()

        async def ask(wanted: Sequence[int], fared: dict[int, Fared]) -> tuple[frozenset[int], bool]:
            asked.set()
            await go_on.wait()
            return frozenset(wanted), False

        run = Run(many(4), pool, ask, domain_max=4, seconds=60.0, sign=lambda mail: b"")
        carrying = asyncio.create_task(run.carry(2, 60.0))
        await asked.wait()
        carrying.cancel()
        await asyncio.sleep(0)
        go_on.set()
        with pytest.raises(asyncio.CancelledError):
            await carrying
        await pool.close()

    with Relay() as relay:
        at = At("127.0.0.1", relay.port, tls=Tls.NONE, reply_seconds=5.0)
        asyncio.run(asyncio.wait_for(story(Connections(at, open_wire, 2)), 60))
    assert not relay.taken and not any(line.startswith("MAIL") for line in relay.commands)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (b"550 5.1.1 <reader@d.example> \x1b[31munknown\x07", "550 5.1.1 … �[31munknown�"),
        (b"450 a\x00b\x7f\x9b c", "450 a�b�\\x9b c"),
        (b"250   ok \t  then ", "250 ok then"),
    ],
)
def test_what_a_relay_says_is_harmless_to_show_and_to_store(line: bytes, said: str) -> None:
    reader = Reader()
    reader.feed(line + b"\r\n")
    reply = reader.next()
    assert reply is not None and reply.said == said


def test_what_is_no_answer_is_told_harmlessly_too() -> None:
    with pytest.raises(Garbage) as told:
        Reader().feed(b"\x1b]0;you are\x07 reader@d.example \x00\r\n")
    assert not any(sign in str(told.value) for sign in ("\x1b", "\x07", "\x00", "reader@")), str(told.value)


def test_messages_over_one_connection_are_counted(smtp) -> None:
    with Relay() as relay:
        smtp(relay, connections=1, messages_max=3).carry(many(8), Gate())
    assert relay.connections == 3 and len(relay.taken) == 8


# -- TLS and log-in


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """For 127.0.0.1, signed by itself; certificate and key in one file."""
    folder = tmp_path_factory.mktemp("tls")
    key, made = folder / "key.pem", folder / "cert.pem"
    subject = ["-subj", "/CN=relay.example", "-addext", "subjectAltName=IP:127.0.0.1"]
    kind = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "30"]
    command = ["openssl", "req", "-x509", *kind, *subject, "-keyout", str(key), "-out", str(made)]
    subprocess.run(command, check=True, capture_output=True)
    both = folder / "both.pem"
    both.write_text(made.read_text() + key.read_text())
    return both


@pytest.fixture(scope="module")
def server_tls(certificate: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


@pytest.mark.parametrize("reply", [DROP, TAKE_AND_DROP])
@pytest.mark.parametrize("offers", [("PIPELINING", "STARTTLS"), ("STARTTLS",)])
@pytest.mark.parametrize("tls", list(Tls))
def test_del_05_what_was_closed_after_the_dot_is_in_doubt_however_it_travels(
    smtp, certificate, server_tls, tls: Tls, offers: tuple[str, ...], reply: object
) -> None:
    answer = at_step("end", reply, of="reader1@")
    with Relay(offers=offers, context=server_tls, implicit=tls is Tls.IMPLICIT, answer=answer) as relay:
        context = tls_context(str(certificate))
        carried = smtp(relay, connections=1, tls=tls, context=context).carry(many(4), Gate())
    assert fates(carried) == {0: Fate.ACCEPTED, 1: Fate.UNCERTAIN, 2: Fate.ACCEPTED, 3: Fate.ACCEPTED}
    assert relay.got["reader1@d1.example"] == int(reply == TAKE_AND_DROP)


@pytest.mark.parametrize("tls", list(Tls))
@pytest.mark.parametrize("whole", [True, False])
def test_del_05_a_break_within_the_content_is_no_doubt_while_its_last_dot_has_not_left(
    certificate, server_tls, tls: Tls, whole: bool
) -> None:
    """The relay reads nothing of it; what the kernels do not hold between them waits here, and the dot behind it."""

    def hang_up_within(step: str, line: str, session: Session) -> object:
        if step == "data":
            session.socket.sendall(b"354 go on\r\n")
            session.socket.recv(1)
            if whole:
                return DROP
            session.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            raise Gone
        return None

    async def story(at: At) -> Fared:
        session = await open_session(at, open_wire)
        data = b"x" * 64 + b"\r\n" if whole else (b"y" * 998 + b"\r\n") * 40_000
        return (await session.deliver("a@b.example", "reader@d.example", data + b".\r\n")).fared

    offers = ("PIPELINING", "STARTTLS")
    with Relay(offers=offers, context=server_tls, implicit=tls is Tls.IMPLICIT, answer=hang_up_within) as relay:
        at = At("127.0.0.1", relay.port, tls=tls, reply_seconds=30.0, context=tls_context(str(certificate)))
        fared = asyncio.run(story(at))
    assert fared.fate is (Fate.UNCERTAIN if whole else Fate.DEFERRED), fared
    assert not relay.taken


SECURE = ("PIPELINING", "STARTTLS", "AUTH PLAIN LOGIN")


@pytest.mark.parametrize("ways", ["PLAIN LOGIN", "LOGIN"])
@pytest.mark.parametrize("tls", [Tls.STARTTLS, Tls.IMPLICIT])
def test_mail_goes_through_tls_after_a_log_in(smtp, certificate, server_tls, tls: Tls, ways: str) -> None:
    offers = ("PIPELINING", "STARTTLS", f"AUTH {ways}")
    with Relay(offers=offers, context=server_tls, implicit=tls is Tls.IMPLICIT, user=("ada", "s3cret")) as relay:
        given = {"tls": tls, "context": tls_context(str(certificate)), "user": "ada", "password": "s3cret"}
        sender = smtp(relay, connections=2, **given)
        assert sender.knock() == ""
        carried = sender.carry(many(5), Gate())
    assert len(relay.taken) == 5 and set(fates(carried).values()) == {Fate.ACCEPTED}
    assert "s3cret" not in repr(sender)


def test_a_wrong_password_stops_all_sending(smtp, certificate, server_tls) -> None:
    with Relay(offers=SECURE, context=server_tls, user=("ada", "right")) as relay:
        context = tls_context(str(certificate))
        sender = smtp(relay, tls=Tls.STARTTLS, context=context, user="ada", password="wrong")
        carried = sender.carry(many(2), Gate())
    assert "log-in" in carried.stopped and not relay.taken and "wrong" not in carried.stopped


def test_nothing_is_sent_without_the_tls_that_is_required(smtp, certificate, server_tls) -> None:
    with Relay(offers=("PIPELINING",)) as relay:
        carried = smtp(relay, tls=Tls.STARTTLS, context=tls_context(str(certificate))).carry(many(2), Gate())
        assert "STARTTLS" in carried.put_off
    with Relay(offers=SECURE, context=server_tls) as relay:
        strangers = smtp(relay, tls=Tls.STARTTLS, context=tls_context()).carry(many(2), Gate())
        assert "certificate" in strangers.put_off and not relay.taken
        assert not any(line.startswith(("MAIL", "AUTH")) for line in relay.commands)


def test_what_is_slipped_in_before_tls_is_not_believed(smtp, certificate, server_tls) -> None:
    injected = b"220 2.0.0 go ahead\r\n250-relay.example\r\n250 AUTH PLAIN\r\n"
    with Relay(offers=SECURE, context=server_tls, answer=at_step("starttls", injected)) as relay:
        carried = smtp(relay, tls=Tls.STARTTLS, context=tls_context(str(certificate)), user="a", password="b").carry(
            many(1), Gate()
        )
    assert carried.put_off and not relay.taken
    assert not any(line.startswith("AUTH") for line in relay.commands)


def test_del_09_an_address_travels_as_it_was_parsed_and_to_that_mailbox_only(smtp) -> None:
    odd = ["o'brien+news@d.example", "a.b=c@xn--bcher-kva.example", "{x}|y@d.example"]
    with Relay() as relay:
        smtp(relay, connections=1).carry(
            a_batch(recipients=tuple(a_reader(n, address=address) for n, address in enumerate(odd))), Gate()
        )
    assert sorted(relay.got) == sorted(odd)
    assert sum(line.startswith("RCPT TO:") for line in relay.commands) == len(odd)
