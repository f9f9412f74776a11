"""Creative Commons by its address; what it allows; anything else widens nothing."""

import pytest

from syndication.articles.licences import licence_in, licence_of, licence_of_page

BY = "https://creativecommons.org/licenses/by/4.0/"


@pytest.mark.parametrize(
    ("address", "name", "commercial", "derivatives"),
    [
        ("https://creativecommons.org/licenses/by/4.0/", "CC BY 4.0", True, True),
        ("http://www.creativecommons.org/licenses/by-sa/3.0/de/", "CC BY-SA 3.0", True, True),
        ("https://creativecommons.org/licenses/by-nd/4.0/deed.en", "CC BY-ND 4.0", True, False),
        ("https://creativecommons.org/licenses/by-nc-nd/4.0/", "CC BY-NC-ND 4.0", False, False),
        ("https://creativecommons.org/publicdomain/zero/1.0/", "CC0 1.0", True, True),
        ("https://creativecommons.org/publicdomain/mark/1.0/", "Public Domain Mark 1.0", True, True),
    ],
)
def test_a_licence_by_its_address(address, name, commercial, derivatives):
    licence = licence_of(address)
    assert licence is not None
    assert (licence.name, licence.commercial, licence.derivatives) == (name, commercial, derivatives)


@pytest.mark.parametrize(
    "address",
    ["", "https://creativecommons.example/licenses/by/4.0/", "https://creativecommons.org/licenses/sampling+/1.0/",
     "https://creativecommons.org/licenses/free-for-all/4.0/", "https://house.example/licence"],
)  # fmt: skip
def test_any_other_licence_is_not_known(address):
    assert licence_of(address) is None


def test_a_note_names_a_licence_when_it_names_one_only():
    by, nd = "https://creativecommons.org/licenses/by/4.0/", "https://creativecommons.org/licenses/by-nd/4.0/"
    assert licence_in(f"(c) Bay Wire, {by}.") == by
    assert licence_in(f"{by} or {nd}") == ""
    assert licence_in("All rights reserved, https://bay.example/terms") == ""


@pytest.mark.parametrize(
    ("html", "licence"),
    [
        (b'<link rel="license" href="https://creativecommons.org/licenses/by/4.0/">', BY),
        (b'<p>Text under <a href="https://creativecommons.org/licenses/by/4.0/" rel="noopener license">CC BY</a>', BY),
        (
            b'<script type="application/ld+json">{"license": "https://creativecommons.org/licenses/by/4.0/"}</script>',
            BY,
        ),
        (b'<a rel="license" href="https://a.example/1"></a><a rel="license" href="https://a.example/2"></a>', ""),
        (b'<a href="https://creativecommons.org/licenses/by/4.0/">a picture of ours</a>', ""),
        (b'<a rel="license" href="javascript:alert(1)">x</a>', ""),
        (b"<a " * 20_000 + b'rel="license"', ""),
        (b"", ""),
    ],
)
def test_a_page_names_its_licence_where_a_link_says_that_it_is_one(html, licence):
    assert licence_of_page(html) == licence
