"""The usual partner page in every mixture of themes and wordings that we could think of comes out the same."""

from itertools import product

import pytest

from syndication.articles.extract import extract_article
from syndication.model.article import Figure, RelatedLink

URL = "https://shorepost.example/2026/05/otters"
LEAD = (
    "Otters have come back to the Lower Mere, where none had been seen since the mill was built. A night camera counted "
    "five of them in April, two of them cubs."
)
SECOND = (
    "Warden Ida Roe had found their tracks in the mud below the weir in March and told nobody, she said, so that nobody "
    "would come and look."
)
THIRD = "The mere was drained for the mill in the year of the great frost and filled again nine years ago."
FOURTH = "Anglers are to get money for the fish that the otters eat; how much a fish is worth will be decided by a jury of three."
LAST = "“They were here before the mill, and now they are here after it,” said the miller’s granddaughter."
CUT = " ".join(f"{LEAD} {SECOND}".split()[:55]) + " [&hellip;]"
CAPTION = "An otter below the weir of the Lower Mere in April."

CREDIT_LINES = {
    "heading": '<h3><a href="https://mereherald.example/">CLICK HERE TO READ MORE FROM THE MERE HERALD</a></h3>',
    "strong": '<p><strong><a href="https://mereherald.example/" target="_blank">CLICK HERE TO READ MORE FROM THE MERE HERALD</a></strong></p>',
    "link-inside": '<p>CLICK <a href="https://mereherald.example/">HERE</a> TO READ MORE FROM THE MERE HERALD</p>',
    "click-linked": '<p><a href="https://mereherald.example/">Click here</a> to read more from The Mere Herald.</p>',
    "name-linked": '<div class="cta">READ MORE FROM <a href="https://mereherald.example/">THE MERE HERALD</a></div>',
    "full-story": '<p style="text-align:center"><a href="https://mereherald.example/"><b>READ THE FULL STORY AT THE MERE HERALD</b></a> »</p>',
    "click-last": '<p><a href="https://mereherald.example/">For more stories from The Mere Herald, click here</a></p>',
    "button": '<div class="wp-block-button"><a class="wp-block-button__link" href="https://mereherald.example/">Continue reading on The Mere Herald</a></div>',
    "first-published": '<p><em>This article was originally published by <a href="https://mereherald.example/">The Mere Herald</a>.</em></p>',
    "website": '<p><a href="https://mereherald.example/">CLICK HERE FOR MORE NEWS FROM THE MERE HERALD’S WEBSITE</a></p>',
    "line": '<p>{third}<br><br><a href="https://mereherald.example/">CLICK HERE TO READ MORE FROM THE MERE HERALD</a></p>',
}
SHARES = {
    "images": '<div class="x1">Share this:<a href="#"><img src="/f.png" alt="Facebook"></a><a href="#"><img src="/t.png" alt="Twitter"></a><a href="#"><img src="/w.png" alt="WhatsApp"></a></div>',
    "text": "<p>Share on FacebookTweetSave on PinterestSend email</p>",
    "list": '<ul class="share-links"><li><a href="#">Facebook</a></li><li><a href="#">X</a></li><li><a href="#">LinkedIn</a></li></ul>',
    "jetpack": '<div class="sharedaddy"><h3 class="sd-title">Share this:</h3><ul><li><a href="#"><span>Click to share on Facebook (Opens in new window)</span></a></li></ul></div>',
}
CROSS_LINKS = {
    "label": '<p><strong>See also:</strong> <a href="/weir">Weir to be opened by hand</a></p>',
    "inside": '<p><a href="/weir"><em>SEE ALSO: Weir to be opened by hand</em></a></p>',
    "heading": '<h4>See also</h4><ul><li><a href="/weir">Weir to be opened by hand</a></li></ul>',
    "box": '<div class="see-also-box"><span>See also</span> <a href="/weir">Weir to be opened by hand</a></div>',
    "aside": '<aside><h4>Read also</h4><a href="/weir">Weir to be opened by hand</a></aside>',
}
PHOTOS = {
    "figure": '<figure><img src="/otter.jpg" alt="Otter"><figcaption>{caption} (Aster Agency)</figcaption></figure>',
    "caption-div": '<div class="wp-caption"><img src="/otter.jpg" alt="Otter"><p class="wp-caption-text">{caption} (Aster Agency)</p></div>',
    "next-block": '<p><img src="/otter.jpg" alt="Otter"></p><p class="photo-caption">{caption} (Aster Agency)</p>',
    "next-slanted": '<p><a href="/otter.jpg"><img src="/otter.jpg" alt="Otter"></a></p><p><em>{caption} (Aster Agency)</em></p>',
    "one-block": '<p><img src="/otter.jpg" alt="Otter"><br><small>{caption} (Photo: Aster Agency)</small></p>',
    "credit-span": '<figure><img src="/otter.jpg" alt="Otter"><figcaption>{caption} <span class="media-credit">(Aster Agency)</span></figcaption></figure>',
}


def _body(credit, share, cross, photo):
    line = CREDIT_LINES[credit]
    third = line.format(third=THIRD) if "{third}" in line else f"<p>{THIRD}</p>{line}"
    picture = PHOTOS[photo].format(caption=CAPTION)
    return (
        f"<p>{LEAD}</p>{picture}<p>{SECOND}</p>{CROSS_LINKS[cross]}{third}<p>{FOURTH}</p><p>{LAST}</p>{SHARES[share]}"
    )


def _classic(body):
    return f"""<html lang="en"><head><title>Otters return to the Lower Mere | Shore Post</title>
    <meta property="og:title" content="Otters return to the Lower Mere"><meta property="og:site_name" content="Shore Post">
    <meta property="article:published_time" content="2026-05-04T10:00:00+00:00"><meta property="og:description" content="{CUT}"></head><body>
    <div id="header"><a href="/">Shore Post</a></div><div id="main"><div class="post"><h1>Otters return to the Lower Mere</h1>
    <p class="postmetadata">Posted on May 4, 2026 by <a rel="author" href="/a">Lars Fenn</a></p><p class="excerpt">{CUT}</p>
    <div class="entry"><p>{CUT}</p>{body}</div></div></div><div id="sidebar"><h2>Archive</h2><ul><li><a href="/1">April</a></li></ul></div>
    <div id="footer">Shore Post is delivered by boat to every house on the southern shore of the mere.</div></body></html>"""


def _data_first(body):
    return f"""<html><head><script type="application/ld+json">{{"@context":"https://schema.org","@type":"NewsArticle",
    "headline":"Otters return to the Lower Mere","datePublished":"2026-05-04T10:00:00Z","author":[{{"@type":"Person","name":"Lars Fenn"}}],
    "publisher":{{"@type":"Organization","name":"Shore Post"}},"description":"{CUT}"}}</script></head><body><main><article>
    <header><h1>Otters return to the Lower Mere</h1><div class="summary">{CUT}</div></header>
    <div class="article-body"><div class="intro"><p>{CUT}</p></div>{body}</div><footer><a href="/tag/otters">otters</a></footer></article></main>
    <section class="more"><h2>Latest</h2><article><h3><a href="/2">Bread</a></h3><p>Bread will be dearer by the end of the year, the bakers of the southern shore have let it be known.</p></article></section></body></html>"""


def _microdata(body):
    return f"""<html><head><title>Otters return to the Lower Mere</title><meta property="og:site_name" content="Shore Post"></head><body>
    <form id="aspnet"><div class="wrap"><div itemscope itemtype="http://schema.org/Article"><h1 itemprop="name">Otters return to the Lower Mere</h1>
    <div class="byline author">By Lars Fenn</div><time datetime="2026-05-04T12:00:00+02:00">4 May</time>
    <div itemprop="articleBody"><p>May 4, 2026</p><h2>{CUT}</h2><p>{CUT}</p>{body}</div></div></div></form></body></html>"""


THEMES = {"classic": _classic, "data-first": _data_first, "microdata": _microdata}
MIXTURES = sorted(
    {(theme, credit, "images", "label", "figure") for theme, credit in product(THEMES, CREDIT_LINES)}
    | {(theme, "strong", share, "label", "figure") for theme, share in product(THEMES, SHARES)}
    | {(theme, "heading", "text", cross, "caption-div") for theme, cross in product(THEMES, CROSS_LINKS)}
    | {(theme, "strong", "list", "label", photo) for theme, photo in product(THEMES, PHOTOS)}
)


@pytest.mark.parametrize("mixture", MIXTURES, ids="-".join)
def test_the_usual_page_comes_out_clean(mixture):
    theme, credit, share, cross, photo = mixture
    extract = extract_article(THEMES[theme](_body(credit, share, cross, photo)), URL)
    assert extract.title == "Otters return to the Lower Mere"
    assert extract.byline == "Lars Fenn"
    assert extract.date.isoformat() == "2026-05-04T10:00:00+00:00"
    assert extract.site == "Shore Post"
    assert extract.original_publisher == "The Mere Herald"
    assert extract.original_link == "https://mereherald.example/"
    assert extract.excerpt == LEAD
    assert extract.text.split("\n\n") == [LEAD, SECOND, THIRD, FOURTH, LAST]
    assert extract.figures == (Figure("https://shorepost.example/otter.jpg", CAPTION, "Aster Agency", "Otter"),)
    assert extract.related == (RelatedLink("Weir to be opened by hand", "https://shorepost.example/weir"),)
    assert "cut-excerpt" in [removed.rule for removed in extract.removed]
