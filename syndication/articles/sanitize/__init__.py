"""Untrusted HTML and text, made safe. In: what a partner wrote. Out: HTML for mail, feed and page; plain text.

Three passes, each with one duty: `markup` (nh3 parses and drops, a strict writer writes again), `links` (every URL),
`wording` (every character). `sentences` cuts text where a reader would. It knows no partner, no rule and no right.
"""

from syndication.articles.sanitize.links import canonical_host, is_private_host, is_usual, shown_url, web_url
from syndication.articles.sanitize.markup import parsed, plain_text, roughly_safe, safe_html, text_of_safe, was_cut
from syndication.articles.sanitize.sentences import CUT_MARK, ends_cut, excerpt, sentences, whole_sentences
from syndication.articles.sanitize.settled import is_settled, lines_of
from syndication.articles.sanitize.walk import bare
from syndication.articles.sanitize.wording import clean_text, mixes_scripts, one_line

__all__ = [
    "CUT_MARK",
    "bare",
    "canonical_host",
    "clean_text",
    "ends_cut",
    "excerpt",
    "is_private_host",
    "is_settled",
    "is_usual",
    "lines_of",
    "mixes_scripts",
    "one_line",
    "parsed",
    "plain_text",
    "roughly_safe",
    "safe_html",
    "sentences",
    "shown_url",
    "text_of_safe",
    "was_cut",
    "web_url",
    "whole_sentences",
]
