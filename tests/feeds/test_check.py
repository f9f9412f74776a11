"""The gate: what is wrong with a document, and where."""

from dataclasses import replace

import pytest

from syndication.feeds.build import build
from syndication.feeds.check import BYTES_MAX, faults
from syndication.model.feed import FeedDocument, FeedFormat
from tests.builders import a_permission, a_stored
from tests.feeds.test_build import FEED, HOUSE

SHOWN = [(a_stored(publisher_guid="urn:ex:1"), a_permission()), (a_stored(publisher_guid="urn:ex:2"), a_permission())]


def broken(format: FeedFormat, old: str, new: str) -> FeedDocument:
    document = build(FEED, HOUSE, SHOWN, format)
    data = document.data.decode()
    assert old in data, f"{old} is not in {data}"
    return replace(document, data=data.replace(old, new).encode())


@pytest.mark.parametrize(
    ("format", "old", "new", "where", "what"),
    [
        (FeedFormat.ATOM, "</feed>", "", "feed", "not well-formed"),
        (FeedFormat.ATOM, "<id>urn:ex:1</id>", "<id>1 2</id>", "1 2", "no URI"),
        (FeedFormat.ATOM, "<id>urn:ex:1</id>", "<id>urn:ex:2</id>", "urn:ex:2", "2 items have this id"),
        (FeedFormat.ATOM, "<title>The ferry sails again</title>", "<title> </title>", "urn:ex:1", "no title"),
        (FeedFormat.ATOM, "T06:30:00+00:00", "", "urn:ex:1", "no date"),
        (FeedFormat.ATOM, "https://harbour.example/news/", "/news/", "urn:ex:1", "not an absolute web address"),
        (FeedFormat.ATOM, "<source><id>", "<source/><source><id>", "urn:ex:1", "the id is no URI"),
        (FeedFormat.ATOM, "</source></entry>", "</source><rights>x</rights></entry>", "urn:ex:1", "not the last"),
        (FeedFormat.RSS, "<guid isPermaLink=\"false\">urn:ex:1</guid>", "", "The ferry sails again", "no guid"),
        (FeedFormat.RSS, "urn:ex:1", "urn:ex:2", "urn:ex:2", "2 items have this id"),
        (FeedFormat.RSS, "<link>https://harbour.example", "<link>javascript:", "urn:ex:1", "not an absolute"),
        (FeedFormat.RSS, "<description>News of the coast</description>", "", "feed", "no description"),
        (FeedFormat.RSS, "pubDate>Thu, 07 May 2026", "pubDate>Someday", "urn:ex:1", "no date"),
        (FeedFormat.JSON, "urn:ex:1", "urn:ex:2", "urn:ex:2", "2 items have this id"),
        (FeedFormat.JSON, '"url":"https://harbour.example', '"url":"mailto:', "urn:ex:1", "not an absolute"),
        (FeedFormat.JSON, '"version"', '"v"', "feed", "no version"),
        (FeedFormat.JSON, '"content_html"', '"content"', "urn:ex:1", "no content"),
        (FeedFormat.JSON, "]}", "]", "feed", "not JSON"),
    ],
)  # fmt: skip
def test_a_fault_names_its_place(format: FeedFormat, old: str, new: str, where: str, what: str) -> None:
    found = faults(broken(format, old, new))
    assert any(fault.where == where and what in fault.what for fault in found), found


@pytest.mark.parametrize("format", list(FeedFormat))
def test_a_document_without_end_is_refused(format: FeedFormat) -> None:
    document = replace(build(FEED, HOUSE, SHOWN, format), data=b" " * (BYTES_MAX + 1))
    assert "at most" in faults(document)[0].what


def test_an_entity_is_not_followed() -> None:
    document = build(FEED, HOUSE, SHOWN, FeedFormat.ATOM)
    bomb = b'<?xml version="1.0"?><!DOCTYPE feed [<!ENTITY x SYSTEM "file:///etc/hostname">]><feed>&x;</feed>'
    assert faults(replace(document, data=bomb))
