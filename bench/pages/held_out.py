"""Themes that were written before the rules and are only ever scored."""

import json
from html import escape as e

from chrome import block, blocks, comments, head, menu, teasers, word
from stories import Story


def letter(s: Story) -> str:
    """A newsletter platform: prompts to subscribe in the text, reactions, a discussion."""
    w = lambda key: e(word(s, key))
    widget = f'<div class="subscription-widget-wrap"><div class="subscription-widget show-subscribe"><div class="preamble"><p class="cta-caption">{w("newsletter")}</p></div><form class="subscription-widget-subscribe"><input value="Type your email..."></form></div></div>'
    button = '<p class="button-wrapper" data-component-name="ButtonCreateButton"><a class="button primary" href="/share"><span>Share</span></a></p>'
    return (
        head(s, s.house)
        + f"""<body><div id="entry"><div id="main" class="main typography use-theme-bg"><div class="topbar-content"><a href="/">{e(s.house)}</a><button>Subscribe</button><button>Sign in</button></div>
<div class="single-post-container"><div class="single-post"><article class="typography newsletter-post post"><div class="post-header"><h1 class="post-title published">{e(s.title)}</h1><h3 class="subtitle">{e(s.summary)}</h3><div class="byline-wrapper"><a href="/@x">{e(s.byline)}</a><div class="meta-EgzBVA">May 12, 2026</div><div class="post-ufi"><a>41</a><a>5</a><a>Share</a></div></div></div>
<div><div class="available-content"><div dir="auto" class="body markup">{blocks(s, {1: widget, 3: button})}{widget}</div></div></div><div class="post-footer"><a>Like</a><a>Share</a></div></article></div></div>
<div class="discussion"><h4>Discussion about this post</h4><div class="comments-page">{comments('<div class="comment"><div class="comment-meta">{who} May 13</div><div class="comment-body"><p>{text}</p></div></div>')}</div></div>
<div class="portable-archive"><a>Top</a><a>Latest</a>{teasers(1, 3, '<div class="post-preview"><a class="post-preview-title" href="/{n}">{title}</a><a class="post-preview-description" href="/{n}">{text}</a></div>')}</div>
<div class="footer-wrap"><p>© 2026 {e(s.byline)}. {w("copyright")}</p><p>Murmur is the home for great culture</p></div></div></div></body></html>"""
    )


def joomla(s: Story) -> str:
    w = lambda key: e(word(s, key))
    return (
        head(s, s.house, og=False)
        + f"""<body class="site com_content view-article"><div class="body"><div class="container"><header class="header"><span class="site-title">{e(s.house)}</span></header><nav class="navigation"><ul class="nav menu">{menu(s)}</ul></nav><div class="row-fluid"><main id="content" class="span9"><ul class="breadcrumb"><li>You are here:</li><li><a href="/">Home</a></li></ul>
<div class="item-page" itemscope itemtype="https://schema.org/Article"><meta itemprop="inLanguage" content="{s.language}"><div class="page-header"><h2 itemprop="headline">{e(s.title)}</h2></div><dl class="article-info muted"><dt class="article-info-term">Details</dt><dd class="createdby" itemprop="author">Written by <span itemprop="name">{e(s.byline)}</span></dd><dd class="published"><time datetime="{s.date}" itemprop="datePublished">Published: 12 May 2026</time></dd><dd class="hits">Hits: 812</dd></dl>
<div class="icons"><div class="btn-group"><ul><li class="print-icon"><a>Print</a></li><li class="email-icon"><a>Email</a></li></ul></div></div><div itemprop="articleBody"><p><img src="/a.jpg" alt=""></p>{blocks(s)}</div>
<ul class="pager pagenav"><li class="previous"><a>Prev</a></li><li class="next"><a>Next</a></li></ul></div></main><div id="aside" class="span3"><div class="well"><h3>{w("related")}</h3><ul class="mostread">{teasers(0, 5, '<li><a href="/{n}">{title}</a><p>{text}</p></li>')}</ul></div></div></div></div></div><footer class="footer"><p>{w("copyright")}</p></footer></body></html>"""
    )


def wiki(s: Story) -> str:
    box = '<table class="infobox"><tr><th colspan="2">Facts in brief</th></tr><tr><th>Founded</th><td>1958</td></tr><tr><th>Owner</th><td>Harbour board</td></tr></table>'
    toc = '<div id="toc" class="toc"><div class="toctitle"><h2>Contents</h2></div><ul><li><a href="#a"><span class="tocnumber">1</span> <span class="toctext">Beginnings</span></a></li><li><a href="#b"><span class="tocnumber">2</span> <span class="toctext">Later years</span></a></li></ul></div>'
    body = blocks(
        s,
        {0: toc},
        heading='<h2><span class="mw-headline">{}</span><span class="mw-editsection"><span class="mw-editsection-bracket">[</span><a href="/e">edit</a><span class="mw-editsection-bracket">]</span></span></h2>',
    )
    return (
        head(s, "Coastwiki", og=False)
        + f"""<body class="mediawiki ltr"><div id="mw-page-base"></div><div id="content" class="mw-body" role="main"><div id="siteNotice"><p>Please help the volunteers who keep this collection alive with a gift of any size.</p></div><h1 id="firstHeading" class="firstHeading">{e(s.title)}</h1><div id="bodyContent" class="mw-body-content"><div id="siteSub" class="noprint">From Coastwiki, the free collection</div><div id="contentSub"></div><a class="mw-jump-link" href="#n">Jump to navigation</a>
<div id="mw-content-text" class="mw-content-ltr"><div class="mw-parser-output">{box}{body}<div role="navigation" class="navbox"><table><tr><th>Harbours of the western coast</th></tr><tr><td><a href="/1">Melby</a> · <a href="/2">Skarn</a> · <a href="/3">Tarn</a></td></tr></table></div></div><div class="printfooter">Retrieved from "https://coastwiki.example/w/index"</div></div><div id="catlinks" class="catlinks"><div class="mw-normal-catlinks"><a href="/c">Categories</a>: <ul><li><a href="/c1">Ships</a></li></ul></div></div></div></div>
<div id="mw-navigation"><h2>Navigation menu</h2><div id="mw-panel"><ul>{menu(s)}</ul></div></div><footer id="footer"><ul><li id="footer-info-lastmod">This page was last edited on 12 May 2026, at 08:30.</li><li id="footer-info-copyright">Text is available under a licence; additional terms may apply.</li></ul></footer></body></html>"""
    )


def regional(s: Story) -> str:
    """A regional paper: block-element-modifier names, an author card with a long life, most read, a poll."""
    w = lambda key: e(word(s, key))
    teaser = f'<div class="c-teaser c-teaser--inline"><span class="c-teaser__kicker">{w("read")}</span><a class="c-teaser__link" href="/r">Opinion: leave the cobbles alone</a></div>'
    poll = '<div class="c-poll"><p class="c-poll__question">Do you think that the harbour needs another café?</p><ul><li>Yes, with a view</li><li>No, there are enough of them already</li></ul><p class="c-poll__note">1,204 readers have voted so far in this poll.</p></div>'
    return (
        head(s, s.house)
        + f"""<body><div class="c-consent" role="dialog"><h2>Your privacy</h2><p>{w("cookie")}</p><p>We and our 214 partners store and access information on a device, such as unique identifiers, to select advertisements and to measure how they perform.</p><button>Accept all</button></div>
<header class="c-header"><nav class="c-nav"><ul>{menu(s)}</ul></nav></header><div class="l-page"><main class="l-main"><div class="c-article"><div class="c-article__head"><p class="c-article__topline">Harbour</p><h1 class="c-article__headline">{e(s.title)}</h1><p class="c-article__intro">{e(s.summary)}</p><div class="c-article__byline"><span class="c-byline__prefix">{w("by")}</span> <span class="c-byline__name">{e(s.byline)}</span> <span class="c-article__date" datetime="{s.date}">12.05.2026, 08:30</span></div></div>
<div class="c-article__media"><picture><img data-src="/b.jpg" src="data:image/gif;base64,R0lGODlhAQABAAAAACw="></picture><div class="c-article__caption">The crane seen from the ferry. {w("photo")}: Holm</div></div>
<div class="c-article__content">{blocks(s, {1: teaser, 2: poll})}<p><em>{w("follow")}</em></p></div>
<div class="c-author"><img src="/c.jpg"><div class="c-author__text"><p class="c-author__name">{e(s.byline)}</p><p class="c-author__bio">{e(s.byline)} {w("bio")}</p></div></div><div class="c-share"><a>Facebook</a><a>WhatsApp</a><a>E-Mail</a></div></div>
<section class="c-most-read"><h2>{w("related")}</h2>{teasers(1, 5, '<div class="c-teaser"><h3 class="c-teaser__title"><a href="/{n}">{title}</a></h3><p class="c-teaser__text">{text}</p></div>')}</section></main></div><footer class="c-footer"><p>{w("copyright")}</p></footer></body></html>"""
    )


def endless(s: Story) -> str:
    """Three whole articles on one page, as endless scrolling leaves them; only the first is asked for."""
    w = lambda key: e(word(s, key))
    other = teasers(
        0,
        3,
        '<article class="post-article" data-url="/{n}"><h2 class="post-headline">{title}</h2><div class="post-info">12 May 2026</div><div class="post-copy"><p>{text}</p><p>{text} The board will come back to it.</p><p>Nobody who was asked wanted to add anything, and the dog was asleep.</p></div></article>',
    )
    return (
        head(s, s.house)
        + f"""<body><nav class="bar">{menu(s, "span")}</nav><div class="scroller"><article class="post-article" data-url="/this"><h1 class="post-headline">{e(s.title)}</h1><div class="post-info"><span class="name">{e(s.byline)}</span><time datetime="{s.date}">12 May 2026</time></div><div class="post-share"><a>Share</a><a>Tweet</a></div><div class="post-copy">{blocks(s, {2: f'<div class="midroll"><small>{w("advert")}</small></div>'})}</div></article><div class="sep">Next article</div>{other}</div><footer>{w("copyright")}</footer></body></html>"""
    )


def page_builder(s: Story) -> str:
    """A site builder: each block of the story in rows of its own, without one container that is only the story's."""
    w = lambda key: e(word(s, key))
    rows = "".join(
        f'<div class="row sqs-row"><div class="col sqs-col-12 span-12"><div class="sqs-block html-block sqs-block-html"><div class="sqs-block-content">{block(one)}</div></div></div></div>'
        for one in s.blocks
    )
    return (
        head(s, s.house)
        + f"""<body class="collection-type-blog view-item"><div id="siteWrapper"><header id="header"><nav>{menu(s, "div")}</nav></header><main id="page"><section class="page-section"><article class="h-entry entry entry--list hentry"><div class="blog-item-wrapper"><div class="blog-item-top-wrapper"><div class="blog-item-title"><h1 class="entry-title">{e(s.title)}</h1></div><div class="blog-item-meta-wrapper"><time class="dt-published blog-meta-item" datetime="{s.date}">May 12</time><span class="blog-item-author">Written By {e(s.byline)}</span></div></div>
<div class="blog-item-content-wrapper"><div class="blog-item-content e-content"><div class="sqs-layout sqs-grid-12"><div class="row sqs-row"><div class="sqs-block image-block"><figure><img data-src="/d.jpg"><figcaption class="image-caption-wrapper"><p>Low water, as seen by nobody in particular.</p></figcaption></figure></div></div>{rows}</div></div></div><div class="blog-item-comments">{comments('<div class="comment"><span>{who}</span><p>{text}</p></div>', 3)}</div></div></article></section>
<section class="item-pagination"><a href="/p"><div class="item-pagination-prev-next">Previous</div><h2>Mayor opens bridge, closes it again</h2></a></section></main><footer id="footer-sections"><p>{w("newsletter")}</p><p>{w("copyright")}</p></footer></div></body></html>"""
    )


def application(s: Story) -> str:
    """A page drawn by a program: generated names, each paragraph in wrappers of its own, a carousel in the middle."""
    w = lambda key: e(word(s, key))
    carousel = teasers(
        0, 4, '<div class="css-1a2"><a class="css-9x" href="/{n}"><span class="css-3k">{title}</span></a></div>'
    )
    parts = "".join(
        f'<div class="css-kk{n}"><div class="css-s99gbd StoryBodyCompanionColumn"><div class="css-53u6y8">{block(one, chr(60) + "p class=css-at9mc1>{}</p>")}</div></div></div>'
        + (f'<div class="css-car"><h3 class="css-h">{w("related")}</h3>{carousel}</div>' if n == 1 else "")
        for n, one in enumerate(s.blocks)
    )
    data = json.dumps(
        {
            "@context": "https://schema.org",
            "@type": "NewsArticle",
            "headline": s.title,
            "datePublished": s.date,
            "author": {"name": s.byline},
        }
    )
    return (
        head(s, s.house, f'<script type="application/ld+json">{data}</script>')
        + f"""<body><div id="app"><div class="css-0"><div class="css-hd"><div class="css-mn">{menu(s, "div")}</div></div><div class="css-mid"><div id="story" class="css-1vkm6nb"><div class="css-h1w"><h1 class="css-88wicj" data-testid="headline">{e(s.title)}</h1></div><div class="css-103l8m3"><p class="css-4anu6l">{w("by")} <span>{e(s.byline)}</span></p><time datetime="{s.date}">May 12, 2026</time><div class="css-sh"><button>{w("share")}</button></div></div><section name="articleBody" class="css-1r7ky0e">{parts}</section><div class="css-bio"><p class="css-1fp">{e(s.byline)} {w("bio")}</p></div></div>
<div class="css-more"><h2>{w("related")}</h2>{teasers(2, 4, '<div class="css-m"><a href="/{n}"><h3>{title}</h3><p>{text}</p></a></div>')}</div></div><div class="css-ft"><span>{w("copyright")}</span></div></div></div></body></html>"""
    )


def company(s: Story) -> str:
    """A company's news page: contact in a side column, a strip of other news, a legal notice, a region selector."""
    w = lambda key: e(word(s, key))
    return (
        head(s, s.house, og=False)
        + f"""<body><div class="cmp-container"><div class="experiencefragment"><ul class="cmp-navigation__group">{menu(s)}</ul><div class="region-select"><p>Choose your region and language</p><ul><li>Europe</li><li>Africa</li></ul></div></div>
<main class="container responsivegrid"><div class="aem-Grid"><div class="title"><h1 class="cmp-title__text">{e(s.title)}</h1></div><div class="text"><div class="cmp-text"><p><b>{s.date[:10]}</b></p></div></div><div class="text aem-GridColumn--default--8"><div class="cmp-text">{blocks(s)}</div></div><div class="aem-GridColumn--default--4"><div class="contact-card"><h3>Press contact</h3><p>Gudrun Elias<br>Telephone 555 0134<br>press@company.example</p></div><div class="download"><a href="/x.pdf">Download as PDF (212 kB)</a></div></div></div>
<div class="list"><h2>{w("related")}</h2><ul class="cmp-list">{teasers(3, 4, '<li class="cmp-list__item"><a href="/{n}"><span class="cmp-list__item-title">{title}</span></a><span class="cmp-list__item-description">{text}</span></li>')}</ul></div></main>
<div class="experiencefragment footer"><p>This page may contain statements that look ahead. Actual results can differ from them for many reasons that nobody can foresee.</p><p>{w("copyright")}</p></div></div></body></html>"""
    )


def magazine(s: Story) -> str:
    """A magazine: a dropped capital, pulled quotes that repeat the text, a note on the type, notes at the foot."""
    w = lambda key: e(word(s, key))
    first, *others = s.blocks
    text = str(first[1])
    opening = (
        f'<p class="has-dropcap"><span class="dropcap">{e(text[:1])}</span>{e(text[1:])}</p>'
        if first[0] == "p"
        else block(first)
    )
    pulled = next((str(content) for kind, content in others if kind == "p"), text).split(".")[0]
    rest = "".join(
        block(one)
        + (f'<aside class="pullquote"><p>“{e(pulled)}”</p></aside>' if n == 1 else "")
        + (f'<div class="inset-promo"><a href="/v">{w("subscribe")}</a></div>' if n == 2 else "")
        for n, one in enumerate(others)
    )
    return (
        head(s, s.house)
        + f"""<body><div class="masthead"><a href="/">{e(s.house)}</a></div><div class="nav-drawer" aria-hidden="true"><ul>{menu(s)}</ul><p>{w("subscribe")}</p></div><article class="feature"><div class="feature-hero"><p class="rubric">Letter from the coast</p><h1>{e(s.title)}</h1><p class="dek">{e(s.summary)}</p><p class="feature-byline">{w("by")} <a href="/c">{e(s.byline)}</a></p><p class="feature-date">May 12, 2026</p><div class="audio-player"><p>Listen to this article</p><p>11 minutes</p></div></div><div class="feature-body">{opening}{rest}<p class="print-info"><em>Published in the print edition of the May 18, 2026, issue.</em></p></div><div class="contributor"><p><a href="/c">{e(s.byline)}</a> {w("bio")}</p></div><div class="more-like"><h2>{w("related")}</h2>{teasers(0, 3)}</div></article><footer><p>{w("newsletter")}</p><p>{w("copyright")}</p></footer></body></html>"""
    )


def walled(s: Story) -> str:
    """A cookie wall that is longer than the story stands first in the page; lines are parted by breaks in sections."""
    w = lambda key: e(word(s, key))
    wall = "".join(
        f"<p>{w('cookie')} Purpose {n}: partners may process your data on the basis of your consent, and of their legitimate interest, to which you may object at any time in the settings.</p>"
        for n in range(1, 9)
    )
    body = "".join(f"<section>{block(one, '{}<br><br>', '<h3>{}</h3>')}</section>" for one in s.blocks)
    return (
        head(s, s.house)
        + f"""<body><div id="gdpr-consent-tool-wrapper" class="cmpbox"><div class="cmpboxtxt"><h2>We value your privacy</h2>{wall}</div></div><div class="wrap"><div class="head"><ul>{menu(s)}</ul></div><div class="main"><div class="story-page"><h1>{e(s.title)}</h1><div class="when">{s.date[:10]} {w("by")} {e(s.byline)}</div><div class="copy">{body}</div><div class="after"><a>{w("share")}</a><a>{w("reply")}</a></div></div></div><div class="rail">{teasers(0, 4)}</div></div><div class="foot">{w("copyright")}</div></body></html>"""
    )


def portal(s: Story) -> str:
    """An old portal: tables in tables, link lists in the text, a line of other sections before the copyright line."""
    w = lambda key: e(word(s, key))
    inner = blocks(
        s,
        {
            1: '<table align="right" width="160"><tr><td class="small"><b>Links</b><br><a href="/1">Ferry timetable changes</a><br><a href="/2">Herring late for the third year</a></td></tr></table>'
        },
        paragraph='<p class="txt">{}</p>',
        heading='<p class="zt"><b>{}</b></p>',
    )
    return f"""<html lang="{s.language}"><head><meta charset="utf-8"><title>{e(s.title)} | {e(s.house)}</title><meta name="author" content="{e(s.byline)}"><meta name="date" content="{s.date}"></head><body><table class="page"><tr><td class="navi">{menu(s, "p")}</td><td><table class="inhalt"><tr><td class="pfad"><a href="/">Home</a> &gt; <a href="/n">News</a> &gt; {e(s.title)}</td></tr><tr><td><h1>{e(s.title)}</h1><p class="datum">{s.date[:10]}</p>{inner}<p class="autor">({e(s.byline)})</p><p class="drucken"><a href="/d">Print version</a> | <a href="/m">Send to a friend</a> | <a href="#top">Top</a></p></td></tr></table></td><td class="rechts">{teasers(0, 4, '<div class="kasten"><b>{title}</b><br>{text} <a href="/{n}">more</a></div>')}</td></tr><tr><td colspan="3" class="fuss">{menu(s, "span")}<br>© {e(s.house)} 2026 - {w("copyright")}</td></tr></table></body></html>"""


def docs(s: Story) -> str:
    """A documentation site: a tree of pages at the side, buttons on code, a was-this-helpful line."""
    tree = "".join(
        f'<li class="toctree-l1"><a href="/{n}">{name}</a><ul><li><a href="/{n}/a">How it works in detail and why</a></li></ul></li>'
        for n, name in enumerate(("Start here", "Guides", "Reference", "Recipes for every day", "Changes"))
    )
    body = (
        blocks(s, heading='<h2 id="x">{}<a class="headerlink" href="#x" title="Permalink to this headline">¶</a></h2>')
        .replace("<pre>", '<div class="highlight"><button class="copybtn">Copy</button><pre>')
        .replace("</pre>", "</pre></div>")
    )
    return (
        head(s, "Tern docs", og=False)
        + f"""<body><div class="wy-grid-for-nav"><nav class="wy-nav-side"><div class="wy-menu"><ul>{tree}</ul></div></nav><section class="wy-nav-content-wrap"><div class="wy-nav-content"><div class="rst-content"><div role="navigation" aria-label="breadcrumbs navigation"><ul class="wy-breadcrumbs"><li><a href="/">Docs</a> »</li><li>{e(s.title)}</li><li class="wy-breadcrumbs-aside"><a href="/src">Edit on the forge</a></li></ul></div><div role="main" class="document"><div itemprop="articleBody"><h1>{e(s.title)}<a class="headerlink" href="#t">¶</a></h1>{body}</div></div><footer><div class="rst-footer-buttons"><a href="/p">Previous</a><a href="/n">Next</a></div><p>Was this page helpful? Yes No</p><div role="contentinfo"><p>© Copyright 2026, Tern. Last updated on May 12, 2026.</p></div></footer></div></div></section></div></body></html>"""
    )


THEMES = (letter, joomla, wiki, regional, endless, page_builder, application, company, magazine, walled, portal, docs)
