"""Themes that were written before the rules of their day were mended, and have not been looked at since: scored only."""

import json
import re
from html import escape as e

from blind_stories import WORDS
from chrome import block, head, teasers
from stories import Story, told

MENU = "".join(f'<a href="/{n}">{word}</a>' for n, word in enumerate(("Home", "Region", "World", "Money", "Shop")))


def w(s: Story, place: int) -> str:
    return e(WORDS[s.language][place])


def data(s: Story, **more: object) -> str:
    """JSON-LD as most houses write it: a graph, the author a node of its own."""
    graph = [
        {"@type": "WebSite", "@id": "https://x.example/#site", "name": s.house},
        {"@type": "Person", "@id": "https://x.example/#who", "name": s.byline},
        {
            "@type": "NewsArticle",
            "headline": s.title,
            "datePublished": s.date,
            "author": {"@id": "https://x.example/#who"},
            "publisher": {"@type": "Organization", "name": s.house},
            "description": s.summary,
            **more,
        },
    ]
    text = json.dumps({"@context": "https://schema.org", "@graph": graph}, ensure_ascii=False)
    return f'<script type="application/ld+json">{text}</script>'


def broadcaster(s: Story) -> str:
    """Names made by a machine, each paragraph in boxes of its own, links to other stories between them."""
    more = f'<div data-component="links-block" class="ssrcss-1ocoo3l-Wrap"><div class="ssrcss-x1"><p class="ssrcss-pT"><b>{w(s, 0)}</b></p><ul>{teasers(2, 3, "<li><a href=/{n}>{title}</a></li>")}</ul></div></div>'
    picture = '<div data-component="image-block" class="ssrcss-pv1rh6"><figure><span><picture><img src="https://i.example/480/crane.jpg" srcset="https://i.example/240/crane.jpg 240w, https://i.example/976/crane.jpg 976w" width="976" height="549" alt="Tower"></picture><span class="ssrcss-cr"><span class="visually-hidden">Image source, </span>Lena Holm</span></span><figcaption><span class="visually-hidden">Image caption, </span>The tower stood still for nine days</figcaption></figure></div>'
    parts = []
    for place, one in enumerate(s.blocks):
        name = "subheadline-block" if one[0] == "h" else "text-block"
        inner = block(one, '<p class="ssrcss-1q0x1qg-Paragraph">{}</p>', '<h2 class="ssrcss-y2fd7s-Heading">{}</h2>')
        parts.append(
            f'<div data-component="{name}" class="ssrcss-7uxr49-R"><div class="ssrcss-11r1m41">{inner}</div></div>'
        )
        parts.append(picture if place == 1 else more if place == 3 else "")
    return (
        head(s, s.house, data(s))
        + f"""<body><div id="root"><header class="ssrcss-h"><nav>{MENU}</nav></header><div class="ssrcss-nk"><main id="main-content"><article class="ssrcss-pv1"><div data-component="headline-block"><h1 class="ssrcss-15xko80">{e(s.title)}</h1></div><div data-component="byline-block"><div class="ssrcss-b">{e(s.byline)}</div><div class="ssrcss-r">Harbour correspondent</div><time datetime="{s.date}">3 hours ago</time></div><div data-component="topic-list"><button>{w(s, 1)}</button><button>{w(s, 4)}</button></div>{"".join(parts)}<section data-component="tag-list-block"><h2>{w(s, 3)}</h2><ul><li><a href="/t">Melby</a></li><li><a href="/u">Skarn</a></li></ul></section></article></main><aside><section data-component="features"><h2>Features</h2>{teasers(1, 4, "<div class=ssrcss-p><a href=/{n}><h3>{title}</h3></a><p>{text}</p></div>")}</section></aside></div><footer>Copyright © 2026. {e(s.house)} is not responsible for the content of other sites.</footer></div></body></html>"""
    )


def listicle(s: Story) -> str:
    """Pictures and buttons between numbered parts, a table of contents above, a card of the author below."""
    heads = [str(one[1]) for one in s.blocks if one[0] == "h"]
    contents = f'<div class="wp-block-yoast-toc"><p class="toc-title">In this article</p><ul>{"".join(f"<li><a href=#{n}>{e(t)}</a></li>" for n, t in enumerate(heads))}</ul></div>'
    shop = '<div class="product-card"><img src="https://i.example/shears.jpg" alt="Shears"><span class="product-name">Shears No. 4</span><span class="price">19 crowns</span><a class="btn btn-buy" href="https://shop.example/1">Check price</a></div>'
    support = f'<div class="support-callout"><p>{w(s, 5)}! Everything here is free to read and will stay so.</p><a href="/give">{w(s, 5)}</a></div>'
    parts = [contents]
    for place, one in enumerate(s.blocks):
        parts += [block(one), {2: shop, 4: support}.get(place, "")]
    return (
        head(s, s.house)
        + f"""<body class="single single-post"><div class="topline"><p>We earn a commission if you buy through our links.</p></div><header class="site-header"><a href="/">{e(s.house)}</a><nav>{MENU}</nav></header><div class="content-sidebar-wrap"><main class="content"><article class="post-44 post type-post entry"><header class="entry-header"><h1 class="entry-title">{e(s.title)}</h1><p class="entry-meta"><time class="entry-time" datetime="{s.date}">2 April</time> by <span class="entry-author"><a rel="author" href="/a"><span class="entry-author-name">{e(s.byline)}</span></a></span> · <span class="entry-comments-link"><a href="#c">4 {w(s, 2)}</a></span></p></header><div class="entry-content">{"".join(parts)}<div class="saboxplugin-wrap"><div class="saboxplugin-authorname"><a href="/a">{e(s.byline)}</a></div><div class="saboxplugin-desc"><p>{e(s.byline)} keeps forty trees and one opinion, and writes about both on Thursdays.</p></div></div></div><footer class="entry-footer"><p class="entry-categories">Filed Under: <a href="/g">Garden</a></p></footer></article><div class="after-entry widget-area"><section class="widget"><h4>{w(s, 5)}</h4><p>One letter a month, on nothing in particular.</p></section></div><div class="entry-comments"><h3>{w(s, 2)}</h3><ol class="comment-list"><li><p>My grandfather had the same knife and lost it in the same way.</p></li><li><p>What did the sheep say when they saw the wire for the first time?</p></li></ol></div></main><aside class="sidebar"><h4>Popular</h4>{teasers(0, 4, "<p><a href=/{n}>{title}</a></p>")}</aside></div></body></html>"""
    )


def wire(s: Story) -> str:
    """A press office: logo, date, boxes with files and people beside the text, no names that tell anything."""
    paragraphs = "".join(
        block(one, '<div class="rt"><p>{}</p></div>', '<div class="rt"><h3>{}</h3></div>') for one in s.blocks
    )
    return (
        head(s, s.house, og=False)
        + f"""<body><div class="wrap"><div class="row"><div class="col-12"><a href="/"><img src="/logo.svg" alt="logo"></a><ul class="m">{"".join(f"<li><a href=/{n}>{t}</a></li>" for n, t in enumerate(("About us", "Careers", "Investors", "Press")))}</ul></div></div><div class="row"><div class="col-8"><div class="d">{s.date[:10]}</div><h1>{e(s.title)}</h1><div class="t">{paragraphs}</div><div class="dl"><h4>Downloads</h4><ul><li><a href="/f.pdf">Release as PDF (120 kB)</a></li><li><a href="/f.zip">Pictures (8 MB)</a></li></ul></div></div><div class="col-4"><div class="box"><h4>Contact</h4><p>Press Office<br>Coal Quay 4<br>Port Ellery<br><a href="mailto:press@harbour.example">press@harbour.example</a></p></div><div class="box"><h4>Latest releases</h4>{teasers(1, 3, "<p><a href=/{n}>{title}</a></p>")}</div></div></div><div class="row f"><p>© 2026 {e(s.house)} | <a href="/i">Imprint</a> | <a href="/p">Privacy</a></p></div></div></body></html>"""
    )


def fonts(s: Story) -> str:
    """A page of the last century: one table, fonts, two breaks between paragraphs, a line of links at the foot."""
    parts = []
    for one in s.blocks:
        text = e(" ".join(told(one)))
        parts.append(
            f"<b><font size=3>{text}</font></b>" if one[0] == "h" else f"<i>{text}</i>" if one[0] == "q" else text
        )
    links = " | ".join(
        f"<a href=/{n}.htm>{t}</a>" for n, t in enumerate(("Home", "News", "Archive", "Guestbook", "Links"))
    )
    return f"""<HTML><HEAD><META http-equiv="Content-Type" content="text/html; charset=utf-8"><TITLE>{e(s.title)}</TITLE></HEAD><BODY bgcolor="#ffffff"><CENTER><TABLE width=760 border=0><TR><TD colspan=3><IMG src="/head.gif" width=760 height=80 alt=""></TD></TR><TR><TD width=140 valign=top bgcolor="#eeeeee"><FONT size=2>{links.replace(" | ", "<BR>")}<BR><BR><B>{w(s, 0)}</B><BR>{teasers(0, 3, "<a href=/{n}.htm>{title}</a><BR>")}</FONT></TD><TD width=480 valign=top><FONT face="Verdana" size=2><FONT size=5><B>{e(s.title)}</B></FONT><BR><FONT size=1>{e(s.byline)}, {s.date[:10]}</FONT><BR><BR>{"<BR><BR>".join(parts)}<BR><BR><A href="javascript:history.back()">Back</A></FONT></TD><TD width=140 valign=top><FONT size=1><IMG src="/ad.gif" width=120 height=240 alt=""><BR>{w(s, 6)}</FONT></TD></TR><TR><TD colspan=3 align=center><FONT size=1>{links}<BR>Last changed 1 June 2026. Best viewed at 800 by 600.</FONT></TD></TR></TABLE></CENTER></BODY></HTML>"""


def boxes(s: Story) -> str:
    """No paragraph, no heading, no name: boxes in boxes, as builders of pages export them; the comments look alike."""
    line = '<div class="a7x"><div class="a7y"><span>{}</span></div></div>'
    parts = "".join(block(one, line, '<div class="a7x"><div class="a9q"><b>{}</b></div></div>') for one in s.blocks)
    talk = "".join(
        f'<div class="k1"><div class="k2">{name}</div><div class="k3"><span>{text}</span></div><div class="k4">{w(s, 1)}</div></div>'
        for name, text in (
            ("reader44", "I was there that day and it was much colder than this makes it sound."),
            ("tidewatcher", "Three cheers for whoever kept the papers; nobody keeps papers any more."),
            ("m.", "Is it true that the cat has been given a name? Asking for my daughter."),
        )
    )
    return (
        head(s, s.house)
        + f"""<body><div class="z1"><div class="z2">{MENU}</div><div class="z3"><div class="q1"><div class="q2">{e(s.title)}</div><div class="q3">{e(s.byline)}</div><div class="q4">{w(s, 1)} {w(s, 4)}</div></div><div class="b1"><div class="b2"><img src="https://i.example/w.jpg" width="1200" height="800"></div>{parts}</div><div class="c1"><div class="c2">{w(s, 2)} (3)</div>{talk}</div></div><div class="z4">{teasers(3, 4, '<a href="/{n}"><div class="y1">{title}</div></a>')}</div></div></body></html>"""
    )


def unrendered(s: Story) -> str:
    """A page that a script would fill: its text stands in the data only, the body has a teaser and a menu."""
    body = "\n\n".join(" ".join(told(one)) for one in s.blocks)
    return (
        head(s, s.house, data(s, articleBody=body))
        + f"""<body><div id="app"><nav>{MENU}</nav><div class="skeleton"><div class="bar"></div><div class="bar"></div></div><h1>{e(s.title)}</h1><p class="loading">Loading…</p></div><section class="promo-list">{teasers(0, 4, "<a href=/{n}>{title}</a>")}</section><footer><p>{e(s.house)}, all rights reserved.</p></footer></body></html>"""
    )


def notebook(s: Story) -> str:
    """A literary weekly: a large first letter, footnotes with marks, a sentence pulled out and shown twice."""
    first = True
    parts = []
    notes = []
    for one in s.blocks:
        text = str(one[1])
        if one[0] != "p":
            parts.append(block(one, heading='<h3 class="section-title">{}</h3>'))
            continue
        inner = e(text)
        if first:
            inner = f'<span class="dropcap">{e(text[0])}</span>{e(text[1:])}'
            first = False
        elif len(notes) < 2:
            number = len(notes) + 1
            inner += f'<sup class="footnote"><a href="#fn{number}" id="r{number}">{number}</a></sup>'
            notes.append(number)
        parts.append(f"<p>{inner}</p>")
    sentence = re.split(r"(?<=[.。])\s*", str(s.blocks[1][1]))[0]
    parts.insert(2, f'<aside class="pullquote"><p>{e(sentence)}</p></aside>')
    return (
        head(s, s.house, data(s))
        + f"""<body class="weekly"><header class="masthead"><a href="/">{e(s.house)}</a> <span>Vol. 44</span></header><main><article class="essay"><div class="essay-head"><p class="rubric"><a href="/r">Letters</a></p><h1>{e(s.title)}</h1><p class="dek">{e(s.summary)}</p><p class="by">{e(s.byline)}</p></div><div class="essay-text">{"".join(parts)}<ul class="share-row"><li><a href="https://facebook.com/sharer">{w(s, 1)}</a></li><li><a href="https://twitter.com/intent">{w(s, 1)}</a></li></ul></div></article><section class="also"><h2>{w(s, 0)}</h2>{teasers(2, 3, "<article><h3><a href=/{n}>{title}</a></h3><p>{text}</p></article>")}</section></main><footer class="colophon"><p>{e(s.house)} is printed on Thursdays.</p></footer></body></html>"""
    )


def nested(s: Story) -> str:
    """Articles in an article: teasers of other stories stand between the paragraphs, a list of cards below."""
    card = f'<article class="teaser teaser--s"><a class="teaser__link" href="/o"><div class="teaser__media"><img src="https://i.example/t.jpg" alt=""></div><div class="teaser__body"><span class="teaser__kicker">{w(s, 0)}</span><h3 class="teaser__title">A lamp for every step of the harbour stairs</h3></div></a></article>'
    advert = f'<div class="slot"><span class="slot__label">{w(s, 6)}</span></div>'
    parts = [
        block(one, '<p class="copy">{}</p>') + {0: advert, 1: card, 3: advert}.get(place, "")
        for place, one in enumerate(s.blocks)
    ]
    return (
        head(s, s.house, data(s))
        + f"""<body><div class="page"><article class="page__main" itemscope itemtype="https://schema.org/NewsArticle"><header class="page__header"><span class="kicker">Region</span><h1 class="headline" itemprop="headline">{e(s.title)}</h1><p class="standfirst">{e(s.summary)}</p><div class="meta"><span class="meta__author" itemprop="author">{e(s.byline)}</span><time itemprop="datePublished" datetime="{s.date}">12:40</time></div></header><figure class="lead"><img src="https://i.example/640/lead.jpg" alt=""><figcaption>The morning after. <span class="credit">(Peder Vance/Coast Wire)</span></figcaption></figure><div class="page__body">{"".join(parts)}</div><div class="page__tools"><a href="#">{w(s, 1)}</a><a href="#">{w(s, 4)}</a></div></article><section class="grid"><h2>{w(s, 0)}</h2>{teasers(0, 6, '<article class="teaser"><a href="/{n}"><h3 class="teaser__title">{title}</h3><p class="teaser__text">{text}</p></a></article>')}</section></div></body></html>"""
    )


def unfolded(s: Story) -> str:
    """Text behind "read more", hidden until somebody asks; a wall of cookies before it, an app to install after it."""
    half = len(s.blocks) // 2
    before, after = ("".join(block(one) for one in part) for part in (s.blocks[:half], s.blocks[half:]))
    return (
        head(s, s.house)
        + f"""<body><div id="cmp" class="cmp-overlay"><div class="cmp-box"><h2>Before you go on</h2><p>We and our partners place small files on your device to remember you, to count you and to show you what we think you like.</p><p>You can say yes to all of them, or look at them one at a time, which takes longer.</p><button>Yes</button></div></div><div class="app-banner"><p>Read it in the app</p></div><div class="wrapper"><div class="story"><h1 class="story-title">{e(s.title)}</h1><div class="story-by">{e(s.byline)} | {s.date[:10]}</div><div class="story-inner"><div class="story-visible">{before}</div><button class="more-btn">+</button><div class="story-hidden" style="display:none">{after}</div></div><div class="story-foot"><p class="app-prompt">Get the app and never miss a story again.</p></div></div><div class="rec"><h3>{w(s, 0)}</h3>{teasers(1, 5, "<div class=rec-item><a href=/{n}>{title}</a><span>{text}</span></div>")}</div></div></body></html>"""
    )


THEMES = (broadcaster, listicle, wire, fonts, boxes, unrendered, notebook, nested, unfolded)
