import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndication.errors import SettingsError
from syndication.outbound.address import AddressPolicy

NOBODY = AddressPolicy()


@pytest.mark.parametrize(
    ("address", "because"),
    [
        ("0.0.0.0", "this network"),
        ("10.0.0.1", "private"),
        ("100.64.0.1", "carrier-grade"),
        ("100.127.255.255", "carrier-grade"),
        ("127.0.0.1", "loopback"),
        ("127.255.255.254", "loopback"),
        ("169.254.169.254", "link-local"),  # where clouds keep their keys
        ("172.16.0.1", "private"),
        ("172.31.255.255", "private"),
        ("192.0.0.170", "protocol"),
        ("192.0.2.1", "documentation"),
        ("192.88.99.1", "6to4"),
        ("192.168.1.1", "private"),
        ("198.18.0.1", "benchmarks"),
        ("198.19.255.255", "benchmarks"),
        ("198.51.100.7", "documentation"),
        ("203.0.113.7", "documentation"),
        ("224.0.0.1", "multicast"),
        ("239.255.255.255", "multicast"),
        ("240.0.0.1", "reserved"),
        ("255.255.255.255", "reserved"),
    ],
)
def test_col_02_an_address_that_is_not_public_is_refused(address, because):
    assert because in (NOBODY.judge(address, 80) or "")


@pytest.mark.parametrize(
    "address",
    [
        "::",
        "::1",
        "::7f00:1",  # IPv4-compatible, long abolished
        "::ffff:127.0.0.1",
        "::ffff:8.8.8.8",  # a mapped address is never what a resolver should answer
        "::ffff:0:127.0.0.1",  # IPv4-translated
        "64:ff9b::7f00:1",
        "64:ff9b::808:808",
        "64:ff9b:1::1",
        "100::1",
        "2001::1",  # Teredo
        "2001:2::1",  # benchmarks
        "2001:10::1",  # ORCHID
        "2001:20::1",
        "2001:db8::1",
        "2002:7f00:1::",  # 6to4 of loopback
        "2002:a00:1::1",
        "3fff::1",
        "4000::1",
        "5f00::1",
        "fc00::1",
        "fd00:ec2::254",
        "fe80::1",
        "fe80::1%eth0",
        "febf::1",
        "fec0::1",
        "ff02::1",
    ],
)
def test_col_03_the_ipv6_forms_of_it_are_refused(address):
    assert NOBODY.judge(address, 443)


@pytest.mark.parametrize("address", ["1.1.1.1", "8.8.8.8", "100.63.255.255", "100.128.0.1", "172.32.0.1", "192.0.1.1"])
def test_a_public_ipv4_address_is_allowed(address):
    assert NOBODY.judge(address, 443) is None


@pytest.mark.parametrize("address", ["2606:4700::1111", "2001:4860:4860::8888", "2a00:1450::1", "2003::1", "3ffe::1"])
def test_a_public_ipv6_address_is_allowed(address):
    assert NOBODY.judge(address, 443) is None


@pytest.mark.parametrize("text", ["", "localhost", "2130706433", "127.1", "0x7f.0.0.1", "1.2.3.4.5"])
def test_what_is_not_an_address_is_refused(text):
    assert "not an address" in (NOBODY.judge(text, 80) or "")


@given(st.ip_addresses())
def test_what_the_standard_library_calls_private_is_never_allowed(address):
    if not address.is_global or address.is_multicast:
        assert NOBODY.judge(str(address), 80)


@pytest.mark.parametrize(
    ("entry", "address", "port", "allowed"),
    [
        ("127.0.0.1:8081", "127.0.0.1", 8081, True),
        ("127.0.0.1:8081", "127.0.0.1", 8082, False),
        ("127.0.0.1:8081", "127.0.0.2", 8081, False),
        ("127.0.0.1", "127.0.0.1", 1, True),
        ("10.1.0.0/16", "10.1.2.3", 80, True),
        ("10.1.0.0/16", "10.2.2.3", 80, False),
        ("10.1.0.0/16:8080", "10.1.2.3", 8080, True),
        ("10.1.0.0/16:8080", "10.1.2.3", 80, False),
        ("::1", "::1", 80, True),
        ("[::1]:8081", "::1", 8081, True),
        ("[::1]:8081", "::1", 80, False),
        ("fd00::/8", "fd00::7", 80, True),
        ("127.0.0.1", "::ffff:127.0.0.1", 80, False),  # named in one form, asked for in another
        ("64:ff9b::/96", "64:ff9b::808:808", 80, True),  # an IPv6-only network, the internet behind its gateway
        ("64:ff9b::/96", "64:ff9b::a00:1", 80, False),  # but not the gateway's own networks
        ("2002::/16", "2002:7f00:1::", 80, False),
        ("2001::/32", "2001:0:808:808:0:0:80ff:fffe", 80, False),  # Teredo whose client is 127.0.0.1
    ],
)
def test_the_allow_list_names_what_it_allows_and_no_more(entry, address, port, allowed):
    assert (AddressPolicy((entry,)).judge(address, port) is None) is allowed


@given(st.ip_addresses(v=4, network="10.0.0.0/8"))
def test_a_nat64_prefix_that_is_allowed_does_not_lead_to_private_networks(inner):
    address = ipaddress.IPv6Address(int(ipaddress.IPv6Address("64:ff9b::")) + int(inner))
    assert AddressPolicy(("64:ff9b::/96",)).judge(str(address), 80)


@pytest.mark.parametrize("entry", ["localhost", "10.0.0.1/8", "10.0.0.0/33", "127.0.0.1:port", "[::1", ""])
def test_an_entry_that_cannot_be_read_is_a_setting_to_mend(entry):
    with pytest.raises(SettingsError, match="allow-list") as raised:
        AddressPolicy((entry,))
    assert "10.1.0.0/16" in raised.value.fix


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("https://harbour.example/feed", None),  # a name: judged when it is looked up
        ("https://93.184.216.34/feed", None),
        ("http://10.0.0.1/", "10.0.0.1 is private, RFC 1918"),
        ("http://2130706433/", "127.0.0.1 is loopback, RFC 1122"),
        ("http://0x7f.1/", "127.0.0.1 is loopback, RFC 1122"),
        ("http://0177.0.0.1/", "127.0.0.1 is loopback, RFC 1122"),
        ("http://bay.localhost./", "127.0.0.1 is loopback, RFC 1122"),
        ("http://[fe80::1]/", "fe80::1 is link-local, RFC 4291"),
        ("http://192.168.7.9:8000/", None),  # allowed
        (
            "http://user@harbour.example/",
            "character 12 is an @ after user-info, credentials belong in their own setting",
        ),
    ],
)
def test_col_04_an_address_of_any_spelling_is_judged_before_a_look_up(url: str, why: str | None) -> None:
    assert AddressPolicy(("192.168.7.9:8000",)).judge_spelling(url) == why
