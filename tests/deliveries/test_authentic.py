"""SPF, DKIM and DMARC as an operator needs to know them: what is wrong, and what to publish (CON-14)."""

from collections.abc import Sequence

import pytest

from syndication.deliveries.authentic import Remark, dkim, dmarc, policy_of, signed_elsewhere, spf

KEY = "MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDabcdefghijklmnop"


def names(known: dict[tuple[str, str], Sequence[str]]):
    return lambda name, kind: tuple(known.get((name, kind), ()))


@pytest.mark.parametrize(
    ("record", "grave", "words"),
    [
        ([], True, "names no hosts"),
        (["v=spf1 -all", "v=spf1 mx -all"], True, "2 SPF records"),
        (["v=spf1 +all"], True, "lets everybody"),
        (["v=spf1 all"], True, "lets everybody"),
        (["v=spf1 mx"], False, "refuses nobody"),
        (["v=spf1 mx ?all"], False, "refuses nobody"),
        (["something else", "v=spf1 ip4:192.0.2.1 -all"], None, "v=spf1 ip4"),
        (["V=SPF1 mx ~ALL"], None, "V=SPF1"),
        (["v=spf1" + " a:h.example" * 11 + " -all"], True, "11 look-ups"),
        (["v=spf1 include:a.example -all"], True, "look-ups"),
        (["v=spf1 redirect=other.example"], None, "redirect"),
        (["v=spf1 exists:%{i}.x.example a/24 mx//64 ptr -all"], None, "exists"),
    ],
)
def test_con_14_spf(record: Sequence[str], grave: bool | None, words: str) -> None:
    loop = {("a.example", "TXT"): ("v=spf1 include:a.example -all",), ("other.example", "TXT"): ("v=spf1 mx -all",)}
    found = spf("news.press", names({("news.press", "TXT"): record, **loop}))
    assert words in found.said
    assert (found.grave if found.fix else None) is grave
    assert found.what == "spf"


def test_con_14_look_ups_of_what_is_included_count() -> None:
    known = {("news.press", "TXT"): ("v=spf1 " + " ".join(f"include:p{n}.example" for n in range(5)) + " -all",)}
    known |= {(f"p{n}.example", "TXT"): ("v=spf1 mx -all",) for n in range(5)}
    assert not spf("news.press", names(known)).fix, "ten are allowed"
    known["p4.example", "TXT"] = ("v=spf1 mx a -all",)
    assert spf("news.press", names(known)).grave


@pytest.mark.parametrize(
    ("record", "words"),
    [
        ([], "there is no key"),
        (["v=DKIM1; k=rsa; p="], "withdrawn"),
        (["v=DKIM1; k=rsa; p=AAAA"], "another one"),
        ([f"v=DKIM1; k=rsa; p={KEY[:20]} {KEY[20:]}"], ""),
        ([f"p={KEY}"], ""),
    ],
)
def test_con_14_dkim(record: Sequence[str], words: str) -> None:
    found = dkim("news.press", "s2026", KEY, names({("s2026._domainkey.news.press", "TXT"): record}))
    assert (words in found.said and KEY in found.fix and found.grave) if words else not found.fix


def test_con_14_a_provider_s_keys_are_looked_for_under_its_usual_names() -> None:
    assert signed_elsewhere("news.press", ("s1", "s2"), names({})).fix
    there = {("s2._domainkey.news.press", "CNAME"): ("s2.domainkey.u1.provider.example",)}
    assert signed_elsewhere("news.press", ("s1", "s2"), names(there)) == Remark(
        "dkim", "s2._domainkey.news.press names a key of the provider"
    )


@pytest.mark.parametrize(
    ("policy", "bounces", "signed", "grave", "words"),
    [
        ("", "news.press", "news.press", True, "no DMARC policy"),
        ("v=DMARC1; p=reject", "news.press", "", None, "aligned by SPF"),
        ("v=DMARC1; p=reject", "", "news.press", None, "aligned by DKIM"),
        ("v=DMARC1; p=quarantine", "bounces.news.press", "mail.news.press", None, "aligned by SPF and DKIM"),
        ("v=DMARC1; p=reject; aspf=s", "bounces.news.press", "", True, "bounces go to bounces.news.press"),
        ("v=DMARC1; p=reject; adkim=s; aspf=s", "bounces.news.press", "news.press", None, "by DKIM"),
        ("v=DMARC1; p=reject", "provider.example", "provider.example", True, "signed for provider.example"),
        ("v=DMARC1; p=reject", "", "", True, "signed for nobody"),
        ("v=DMARC1; p=none", "news.press", "", False, "asks receivers for nothing"),
    ],
)
def test_con_14_dmarc(policy: str, bounces: str, signed: str, grave: bool | None, words: str) -> None:
    found = dmarc("news.press", bounces, signed, names({("_dmarc.news.press", "TXT"): [policy] if policy else []}))
    assert words in found.said
    assert (found.grave if found.fix else None) is grave


def test_con_14_a_policy_of_the_organisation_above_holds_and_joins_its_names() -> None:
    look_up = names({("_dmarc.press.example", "TXT"): ("v=DMARC1; p=reject",)})
    found = policy_of("mail.news.press.example", look_up)
    assert found is not None and found.domain == "press.example"
    assert not dmarc("news.press.example", "bounces.press.example", "", look_up).fix, "two under one organisation"
    assert policy_of("news.press", names({("_dmarc.press", "TXT"): ("v=DMARC1; p=reject",)})) is None
    both = names({("_dmarc.news.press", "TXT"): ("v=DMARC1; p=none", "v=DMARC1; p=reject")})
    assert policy_of("news.press", both) is None, "two policies are none"
