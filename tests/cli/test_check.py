"""`check`: each wrong setting with its cause, what to do, and a code that is not zero (CON-14, STO-09)."""

import os
import shutil
import socket
import sqlite3
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from syndication.engine.lock import DirectoryLock
from syndication.wiring import machine
from tests.conftest import needs

SITE = '[service]\nbase_url = "https://news.harvest.press"\n'
MAIL = '[mail]\ntransport = "sendgrid"\nfrom_address = "desk@harvest.press"\n'


@pytest.fixture
def names(monkeypatch):
    """The names that have an address, as the machine's resolver would tell."""
    known = {"news.harvest.press"}

    def look_up(host: str, port: int) -> tuple[str, ...]:
        if host not in known:
            raise socket.gaierror(-2, "Name or service not known")
        return ("198.51.100.7",)

    monkeypatch.setattr("syndication.outbound.lookup.system_look_up", look_up)
    return known


@pytest.fixture
def provider(operator, monkeypatch):
    """SendGrid, as far as a key can ask about itself; answers the settings of mail that lead there."""
    monkeypatch.setenv("SYNDICATION_SENDGRID_API_KEY", "SG.a-key-of-this-test")
    operator.partner.puts("/v3/scopes", '{"scopes": ["mail.send", "user.email.read"]}', type="application/json")
    return f'{MAIL}[sendgrid]\nhost = "http://{operator.partner.address}"\n'


def findings(said, level: str = "wrong") -> list[dict[str, str]]:
    return [finding for finding in said.json if finding["level"] == level]


def the_one(said) -> dict[str, str]:
    (finding,) = findings(said)
    assert finding["fix"] or finding["what"] == "settings", "a cause without a way out"
    return finding


def test_a_new_installation_can_start_and_says_what_to_know(operator):
    operator.publication()
    said = operator("check", "--json")
    assert said.code == 0
    assert findings(said) == []
    assert [note["what"] for note in findings(said, "note")] == ["base address", "outbound", "database"]
    assert all(finding.keys() == {"level", "what", "said", "fix", "configuration"} for finding in said.json)
    assert not Path("data").exists()
    assert "nothing is wrong" in operator("check").err


def test_a_live_installation_that_is_right_is_right(operator, names, provider):
    operator.settings(SITE + provider)
    operator.sets_up()
    said = operator("check", "--json")
    assert (said.code, findings(said)) == (0, [])
    assert "its key may send" in said.out
    assert "SG.a-key" not in said.out + said.err


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ('[service]\nbase_url = "http://127.0.0.1:8080"\n', "lead to 127.0.0.1, which readers cannot reach"),
        ('[service]\nbase_url = "https://news.example.org"\n', "lead to news.example.org, which readers cannot reach"),
        ('[service]\nbase_url = "http://news.harvest.press"\n', "not https"),
        ('[service]\nbase_url = "https://nowhere.harvest.press"\n', "the name nowhere.harvest.press has no address"),
    ],
)
def test_con_14_a_base_address_that_readers_cannot_use(settings, words, operator, names, provider):
    operator.settings(settings + provider)
    operator.publication()
    said = operator("check", "--json")
    assert said.code == (1 if "has no address" in words else 3)
    assert any(words in finding["said"] and finding["fix"] for finding in findings(said))


def test_con_14_a_base_address_that_is_none_is_a_slip_in_the_file(operator):
    operator.settings('[service]\nbase_url = "news.example.org"\n')
    said = operator("check", "--json")
    assert said.code == 3
    assert "line 4: service.base_url" in the_one(said)["said"]


def test_con_14_mail_without_a_sender(operator):
    operator.writes("config/publication.toml", '[publication]\ntitle = "T"\n')
    said = operator("check", "--json")
    assert said.code == 3
    assert "mail has no sender" in the_one(said)["said"]
    assert "from_address" in the_one(said)["fix"]
    run = operator("run")
    assert run.code == 3
    assert "mail has no sender" in run.err


def test_con_14_a_sender_whom_nobody_can_answer(operator, names, provider):
    operator.settings(SITE + provider.replace("desk@harvest.press", "desk@example.org"))
    operator.publication()
    said = operator("check", "--json")
    assert (said.code, the_one(said)["what"]) == (3, "sender")


def test_con_14_live_mail_without_what_the_law_asks_for(operator, names, provider):
    operator.settings(SITE + provider)
    operator.writes("config/publication.toml", '[publication]\ntitle = "T"\n')
    said = operator("check", "--json")
    assert said.code == 3
    assert "publisher, address, privacy_url, contact" in the_one(said)["said"]


def test_con_14_a_live_transport_without_a_key(operator, names, provider, monkeypatch):
    monkeypatch.delenv("SYNDICATION_SENDGRID_API_KEY")
    operator.settings(SITE + provider)
    operator.publication()
    said = operator("check", "--json")
    assert said.code == 3
    assert "has no usable key" in the_one(said)["said"]
    assert "SYNDICATION_SENDGRID_API_KEY" in the_one(said)["fix"]
    assert operator("run").code == 3


@pytest.mark.parametrize(
    ("status", "body", "words"),
    [
        (200, '{"scopes": ["user.email.read"]}', "it lacks the scope 'mail.send'"),
        (401, "{}", "refuses the key"),
        (403, "{}", "refuses the key"),
        (500, "{}", "its status is 500"),
        (200, "no JSON", "cannot be read"),
    ],
)
def test_con_14_a_key_that_may_not_send(status, body, words, operator, names, provider):
    operator.settings(SITE + provider)
    operator.publication()
    operator.partner.puts("/v3/scopes", body, type="application/json", status=status)
    said = operator("check", "--json")
    assert said.code == 1
    assert words in the_one(said)["said"]


def test_con_14_a_provider_that_cannot_be_reached(operator, names, provider):
    operator.settings(SITE + provider.replace(operator.partner.address, "192.0.2.1:443"))
    operator.publication()
    said = operator("check", "--json")
    assert said.code == 1
    assert "does not answer" in the_one(said)["said"]


def test_con_14_a_disk_that_is_full(operator, monkeypatch):
    operator.publication()
    monkeypatch.setattr(machine, "DISK_FREE_MIN", 2**62)
    said = operator("check", "--json")
    assert said.code == 1
    assert "MiB are free" in the_one(said)["said"]
    assert "make room" in the_one(said)["fix"]


def test_con_14_a_data_directory_of_somebody_else(operator):
    operator.publication()
    if os.geteuid() != 0:
        Path("data").mkdir(mode=0o500)
        said = operator("check", "--json")
        assert said.code == 1
        assert "cannot be written" in the_one(said)["said"]
        return
    Path("data").write_text("a file in the way")  # nothing keeps the superuser out but this
    said = operator("check", "--json")
    assert said.code == 1
    assert "is no directory" in findings(said)[0]["said"]


@pytest.mark.parametrize(
    ("mode", "level", "words"), [(0o777, "wrong", "may write"), (0o755, "note", "may look"), (0o700, None, "")]
)
def test_con_14_a_data_directory_open_to_others(mode, level, words, operator):
    operator.sets_up()
    Path("data").chmod(mode)
    said = operator("check", "--json")
    assert said.code == (1 if level == "wrong" else 0)
    told = [finding for finding in said.json if "everybody" in finding["said"]]
    assert [finding["level"] for finding in told] == ([level] if level else [])
    assert all(words in finding["said"] and "chmod 700" in finding["fix"] for finding in told)


def test_sto_09_a_secret_that_others_can_read(operator):
    operator.has_news(readers=1)
    Path("data/secret.key").chmod(0o644)
    said = operator("check", "--json")
    assert said.code == 1
    assert "secret.key can be read by others" in the_one(said)["said"]
    assert the_one(said)["fix"].startswith("chmod 600 ")
    Path("data/secret.key").chmod(0o600)
    assert operator("check").code == 0


def test_sto_09_a_file_of_secrets_and_a_password_in_the_settings(operator, monkeypatch):
    kept = operator.writes("key", "x" * 40)
    kept.chmod(0o644)
    monkeypatch.setenv("SYNDICATION_SECRET_KEY_FILE", str(kept))
    operator.settings('[database]\nurl = "postgresql://house:a-password@127.0.0.1:1/house"\n')
    Path("config/syndication.toml").chmod(0o644)
    operator.publication()
    said = operator("check", "--json")
    told = [finding["said"] for finding in findings(said) if finding["what"] == "secrets"]
    assert [text.rpartition("/")[2] for text in told] == [
        "key can be read by others", "syndication.toml can be read by others"
    ]  # fmt: skip
    assert "a-password" not in said.out + said.err


@pytest.mark.parametrize("name", ["SENDGRID_API_KEY", "IMAP_PASSWORD", "DKIM_KEY", "ALERTS_KEY", "FEED_HARBOUR"])
def test_sto_09_each_file_of_a_secret_is_looked_at(operator, monkeypatch, name):
    kept = operator.writes("kept", "not told to others")
    kept.chmod(0o644)
    monkeypatch.setenv(f"SYNDICATION_{name}_FILE", str(kept))
    operator.publication()
    said = operator("check", "--json")
    told = [finding["said"] for finding in findings(said) if finding["what"] == "secrets"]
    assert [text.rpartition("/")[2] for text in told] == ["kept can be read by others"]


def test_sto_09_a_secret_in_a_repository(operator):
    needs(shutil.which("git"), "git")
    operator.has_news(readers=1)
    for command in (["init", "-q"], ["add", "-f", "data/secret.key"]):
        subprocess.run(["git", *command], check=True)
    said = operator("check", "--json")
    assert said.code == 1
    assert "is in the repository" in the_one(said)["said"]
    subprocess.run(["git", "rm", "-q", "--cached", "data/secret.key"], check=True)
    assert operator("check").code == 0


def alter(query: str) -> None:
    connection = sqlite3.connect("data/syndication.db")
    connection.execute(query)
    connection.commit()
    connection.close()


def test_con_14_a_newer_and_an_older_database(operator, monkeypatch):
    operator.sets_up()
    alter("UPDATE alembic_version SET version_num = '9999'")
    newer = operator("check", "--json")
    assert newer.code == 1
    assert "newer version" in the_one(newer)["said"]
    alter("UPDATE alembic_version SET version_num = '0001'")
    older = operator("check", "--json")
    assert older.code == 1
    assert "older version" in the_one(older)["said"]
    assert "syndication migrate" in the_one(older)["fix"]


def test_con_14_a_database_that_does_not_answer(operator):
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    operator.settings(f'[database]\nurl = "postgresql://house@127.0.0.1:{port}/house"\n')
    operator.publication()
    said = operator("check", "--json")
    assert said.code == 1
    assert "refused" in the_one(said)["said"]
    assert operator("source", "list").code == 7


def test_con_14_a_publication_that_is_missing(operator):
    said = operator("check", "--json")
    assert said.code == 3
    assert "there is no" in the_one(said)["said"]
    assert "publication.toml" in the_one(said)["said"]
    assert operator("run").code == 3


def test_a_publication_that_is_not_in_force_is_a_note(operator):
    operator.sets_up()
    operator.publication(more='[topic.sea]\ntitle = "Sea"\n')
    said = operator("check", "--json")
    assert said.code == 0
    assert "2 things differ, such as topic sea" in said.out


def test_con_14_a_port_that_is_taken(operator):
    operator.publication()
    with socket.create_server(("127.0.0.1", 0)) as other:
        operator.settings(f'[service]\nlisten = "127.0.0.1:{other.getsockname()[1]}"\n')
        said = operator("check", "--json")
        run = operator("run")
    assert (said.code, run.code) == (3, 3)
    assert the_one(said)["what"] == "listeners"
    assert "cannot be had" in the_one(said)["said"]
    assert "cannot be had" in run.err


def test_con_14_ports_of_our_own_service_are_not_taken(operator):
    operator.sets_up()
    lock = DirectoryLock(Path("data"))
    lock.take(datetime.now(UTC))
    said = operator("check")
    lock.release()
    assert "in use by the running service" in said.out


@pytest.mark.parametrize(
    ("settings", "level", "words"),
    [
        ('[service]\nlisten = "127.0.0.1:8080"\nprivate_listen = "127.0.0.1:8080"\n', "wrong", "both listeners"),
        ('[service]\nprivate_listen = "0.0.0.0:8081"\n', "note", "answer whoever reaches 0.0.0.0:8081"),
    ],
)
def test_con_14_listeners_that_would_show_too_much(settings, level, words, operator):
    operator.settings(settings)
    operator.publication()
    assert any(words in finding["said"] for finding in findings(operator("check", "--json"), level))


def test_con_14_a_template_that_is_not_there(operator):
    operator.settings('[service]\ntemplates = "nowhere"\n')
    operator.publication(newsletter='template = "gazette"')
    assert "there is no folder" in the_one(operator("check", "--json"))["said"]
    operator.settings()
    said = operator("check", "--json")
    assert said.code == 3
    assert "publication.toml:" in the_one(said)["said"]
    assert "no mail template 'gazette'" in the_one(said)["said"]


def test_con_14_certificates_that_are_not_there(operator):
    operator.writes("config/syndication.toml", '[outbound]\nca_file = "/nowhere/ca.pem"\n')
    operator.publication()
    said = operator("check", "--json")
    assert said.code == 3
    assert "/nowhere/ca.pem" in the_one(said)["said"]


def test_con_14_a_clock_that_went_back(operator, monkeypatch):
    operator.has_news()
    monkeypatch.setattr(machine, "now", lambda: datetime.now(UTC) - timedelta(hours=2))
    said = operator("check", "--json")
    assert said.code == 1
    assert the_one(said)["what"] == "clock"
    assert "the database knows of" in the_one(said)["said"]


def test_con_14_a_clock_that_was_never_set(operator, monkeypatch):
    operator.publication()
    monkeypatch.setattr(machine, "now", lambda: datetime(1970, 1, 1, 0, 5, tzinfo=UTC))
    said = operator("check", "--json")
    assert said.code == 1
    assert "before this version was made" in the_one(said)["said"]


def test_check_changes_nothing(operator):
    operator.sets_up()
    operator.publication(more='[topic.sea]\ntitle = "Sea"\n')
    before = Path("data/syndication.db").read_bytes()
    operator("check")
    assert Path("data/syndication.db").read_bytes() == before
    assert [path.name for path in Path("data").iterdir()] == ["syndication.db"]
