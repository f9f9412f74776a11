"""`config show`: every value with where it comes from, and no secret."""

import pytest

from syndication.settings import origin

PASSWORD, KEY = "tide-and-timber", "SG.harbour.lantern"


def shown(operator) -> tuple[dict, dict]:
    told = operator("config", "show", "--json").json
    return {one["key"]: one for one in told["settings"]}, {one["name"]: one for one in told["secrets"]}


def test_each_value_says_where_it_comes_from(operator, monkeypatch):
    operator.writes("config/syndication.toml", '[mail]\nfrom_name = "Sound & Shore"\nbatch_size = 200\n')
    monkeypatch.setenv("SYNDICATION__MAIL__BATCH_SIZE", "300")
    values, _ = shown(operator)
    assert values["mail.from_name"]["value"] == "Sound & Shore"
    assert values["mail.from_name"]["from"].endswith("syndication.toml, line 2")
    assert (values["mail.batch_size"]["value"], values["mail.batch_size"]["from"]) == (
        300,
        "SYNDICATION__MAIL__BATCH_SIZE",
    )
    assert (values["work.send"]["value"], values["work.send"]["from"]) == (2, "default")


def test_sto_09_config_show_masks_every_secret(operator, monkeypatch):
    hook = f"https://hooks.example.org/{PASSWORD}?token={PASSWORD}"
    operator.writes(
        "config/syndication.toml",
        f'[database]\nurl = "postgresql://desk:{PASSWORD}@localhost/news"\n[alerts]\nwebhook = "{hook}"\n'
        f'[mail]\ntransport = "sendgrid"\n[outbound]\nproxy = "http://desk:{PASSWORD}@proxy.example.org:3128"\n',
    )
    monkeypatch.setenv("SYNDICATION_SENDGRID_API_KEY", KEY)
    monkeypatch.setenv("SYNDICATION_FEED_HARBOUR", f"desk:{PASSWORD}")
    for arguments in ((), ("--json",)):
        said = operator("config", "show", *arguments)
        assert said.code == 0
        assert "proxy.example.org" in said.out
        assert PASSWORD not in said.out + said.err
        assert KEY not in said.out + said.err
    _, secrets = shown(operator)
    assert secrets["sendgrid_api_key"] == {
        "name": "sendgrid_api_key",
        "set": True,
        "from": "SYNDICATION_SENDGRID_API_KEY",
    }
    assert secrets["feed_harbour"]["set"]
    assert secrets["dkim_key"] == {"name": "dkim_key", "set": False, "from": ""}


@pytest.mark.parametrize(
    ("value", "mask"),
    [
        ("https://news.example.org/a?b=c", "https://news.example.org/a?***"),
        ("postgresql://desk:word@host/news", "postgresql://desk:***@host/news"),
        ("postgresql://desk@host/news", "postgresql://desk@host/news"),
        ("sqlite:///data/news.db", "sqlite:///data/news.db"),
        ("plain words", "plain words"),
        (["http://a:b@host/"], ["http://a:***@host/"]),
        (3, 3),
    ],
)
def test_what_is_masked_of_a_value(value, mask):
    assert origin.masked("some.key", value) == mask
