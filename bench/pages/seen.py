"""Themes that the rules were written against."""

import json
from html import escape as e

from chrome import block, blocks, comments, head, menu, teasers, word
from stories import Story


def classic(s: Story) -> str:
    """A classic WordPress theme: sharing row, related posts, sidebar widgets, a comment thread."""
    w = lambda key: e(word(s, key))
    between = {
        1: f'<div class="code-block code-block-1" style="margin:8px 0"><p>{w("advert")}</p></div>',
        2: f'<p><strong>{w("read")}:</strong> <a href="/2026/ferry">Ferry timetable changes from Monday</a></p>',
    }
    return (
        head(s, s.house)
        + f"""<body class="post-template-default single single-post postid-77">
<div id="page" class="site"><a class="skip-link screen-reader-text" href="#content">Skip to content</a>
<header id="masthead" class="site-header"><p class="site-title"><a href="/">{e(s.house)}</a></p><nav id="site-navigation" class="main-navigation"><ul id="primary-menu" class="menu">{menu(s)}</ul></nav></header>
<div id="content" class="site-content"><div id="primary" class="content-area"><main id="main" class="site-main">
<article id="post-77" class="post-77 post type-post status-publish has-post-thumbnail hentry category-news">
<header class="entry-header"><h1 class="entry-title">{e(s.title)}</h1><div class="entry-meta"><span class="posted-on">{w("published")} <time class="entry-date published" datetime="{s.date}">{s.date[:10]}</time></span> <span class="byline"> {w("by")} <span class="author vcard"><a class="url fn n" href="/author/x">{e(s.byline)}</a></span></span></div></header>
<div class="post-thumbnail"><img src="/a.jpg" alt=""></div>
<div class="entry-content"><figure class="wp-caption aligncenter"><img src="/b.jpg"><figcaption class="wp-caption-text">The quay at dawn. ({w("photo")}: Lena Holm/Coast Wire)</figcaption></figure>
{blocks(s, between)}
<div class="sharedaddy sd-sharing-enabled"><div class="robots-nocontent sd-block sd-social"><h3 class="sd-title">{w("share")}:</h3><div class="sd-content"><ul><li><a>Facebook</a></li><li><a>Twitter</a></li></ul></div></div></div>
<div id="jp-relatedposts" class="jp-relatedposts"><h3 class="jp-relatedposts-headline"><em>{w("related")}</em></h3>{teasers(1, 3)}</div></div>
<footer class="entry-footer"><span class="cat-links">News</span> <span class="tags-links">{w("tags")}: <a href="/t">harbour</a>, <a href="/u">ships</a></span></footer></article>
<nav class="navigation post-navigation"><div class="nav-links"><div class="nav-previous"><a href="/p">Mayor opens bridge, closes it again</a></div></div></nav>
<div class="author-info"><h2 class="author-title">{e(s.byline)}</h2><p class="author-bio">{e(s.byline)} {w("bio")}</p></div>
<div id="comments" class="comments-area"><h2 class="comments-title">5 {w("comments")}</h2><ol class="comment-list">{comments()}</ol><div id="respond" class="comment-respond"><h3>{w("reply")}</h3><form><p class="comment-notes">Your email address will not be published. Required fields are marked.</p></form></div></div>
</main></div><aside id="secondary" class="widget-area"><section class="widget widget_recent_entries"><h2 class="widget-title">{w("related")}</h2>{teasers(0, 4)}</section><section class="widget widget_text"><p>{w("newsletter")}</p></section></aside></div>
<footer id="colophon" class="site-footer"><div class="site-info"><p>© 2026 {e(s.house)}. {w("copyright")}</p></div></footer></div>
<div id="cookie-notice" class="cookie-notice-container"><span>{w("cookie")}</span><a>OK</a></div></body></html>"""
    )


def block_theme(s: Story) -> str:
    """A WordPress block theme: everything is a group in a group; more posts in a query loop."""
    w = lambda key: e(word(s, key))
    between = {
        0: f'<div class="wp-block-group has-background is-layout-constrained"><h4 class="wp-block-heading">{w("newsletter")}</h4><form><input type="email"></form></div>',
        3: f'<p class="wp-block-paragraph has-small-font-size"><em>{w("read")}: <a href="/x">Choir seeks basses, will accept baritones</a></em></p>',
    }
    return (
        head(s, s.house, og=False)
        + f"""<body class="wp-site-blocks-x"><div class="wp-site-blocks">
<header class="wp-block-template-part"><div class="wp-block-group alignfull"><p class="wp-block-site-title"><a href="/">{e(s.house)}</a></p><nav class="wp-block-navigation"><ul>{menu(s)}</ul></nav></div></header>
<main class="wp-block-group is-layout-flow"><div class="wp-block-group has-global-padding is-layout-constrained"><h1 class="wp-block-post-title">{e(s.title)}</h1>
<div class="wp-block-group is-nowrap is-layout-flex"><div class="wp-block-post-date"><time datetime="{s.date}">{s.date[:10]}</time></div><div class="wp-block-post-author"><p class="wp-block-post-author__name">{e(s.byline)}</p></div></div>
<figure class="wp-block-post-featured-image"><img src="/f.jpg"></figure>
<div class="entry-content wp-block-post-content has-global-padding is-layout-constrained">{blocks(s, between)}
<figure class="wp-block-image size-large"><img src="/g.jpg"><figcaption class="wp-element-caption">A view from the tower, which is closed on Mondays. {w("photo")}: Ida Roe</figcaption></figure></div>
<div class="wp-block-group"><div class="taxonomy-post_tag wp-block-post-terms"><a href="/t">harbour</a>, <a href="/u">tower</a></div></div>
<div class="wp-block-group"><h2 class="wp-block-heading">{w("related")}</h2><div class="wp-block-query"><ul class="wp-block-post-template">{teasers(2, 4, '<li class="wp-block-post"><h3 class="wp-block-post-title"><a href="/{n}">{title}</a></h3><div class="wp-block-post-excerpt"><p class="wp-block-post-excerpt__excerpt">{text}</p></div></li>')}</ul></div></div>
<div class="wp-block-comments"><h2>{w("comments")}</h2><ol class="wp-block-comment-template">{comments('<li class="comment"><div class="wp-block-group"><p>{who}</p><div class="wp-block-comment-content"><p>{text}</p></div></div></li>')}</ol></div></div></main>
<footer class="wp-block-template-part"><p>{w("copyright")}</p></footer></div></body></html>"""
    )


def ghost(s: Story) -> str:
    w = lambda key: e(word(s, key))
    card = '<figure class="kg-card kg-bookmark-card"><a class="kg-bookmark-container" href="/z"><div class="kg-bookmark-content"><div class="kg-bookmark-title">Herring late for the third year</div><div class="kg-bookmark-description">Fishermen between Skarn and Melby report that the herring have not come.</div></div></a></figure>'
    call = f'<div class="kg-card kg-signup-card"><h3>{w("newsletter")}</h3><p>{w("subscribe")}</p></div>'
    data = json.dumps(
        {
            "@context": "https://schema.org",
            "@type": "Article",
            "headline": s.title,
            "author": {"@type": "Person", "name": s.byline},
            "datePublished": s.date,
            "publisher": {"@type": "Organization", "name": s.house},
        }
    )
    return (
        head(s, s.house, f'<script type="application/ld+json">{data}</script>')
        + f"""<body class="post-template"><div class="gh-viewport"><header id="gh-head" class="gh-head"><nav class="gh-head-menu"><ul class="nav">{menu(s)}</ul></nav></header>
<main class="gh-main"><article class="gh-article post"><header class="gh-article-header gh-canvas"><h1 class="gh-article-title">{e(s.title)}</h1><p class="gh-article-excerpt">{e(s.summary)}</p>
<div class="gh-article-meta"><h4 class="gh-article-author-name">{e(s.byline)}</h4><div class="byline-meta-content"><time datetime="{s.date}">{s.date[:10]}</time> — 4 min read</div></div><figure class="gh-article-image"><img src="/h.jpg"><figcaption>{w("photo")} by Lena Holm / Coast Wire</figcaption></figure></header>
<section class="gh-content gh-canvas">{blocks(s, {1: card, 2: call})}<hr></section></article>
<section class="gh-cta"><h2>{w("subscribe")}</h2><p>{w("newsletter")}</p></section></main>
<section class="gh-read-next"><h3>{w("related")}</h3><div class="gh-feed">{teasers(3, 4, '<article class="gh-card post"><a href="/{n}"><h4 class="gh-card-title">{title}</h4><p class="gh-card-excerpt">{text}</p></a></article>')}</div></section>
<footer class="gh-foot">{e(s.house)} © 2026. {w("copyright")}</footer></div></body></html>"""
    )


def soup(s: Story) -> str:
    """A platform of hashed class names; the story is one section among many."""
    w = lambda key: e(word(s, key))
    body = blocks(
        s,
        {
            3: f'<div class="hq hr"><p class="bf b">Sign up to discover human stories</p><p class="bf b">{w("newsletter")}</p><button>Sign up</button></div>'
        },
        paragraph='<p id="ab1" class="pw-post-body-paragraph nx ny gu">{}</p>',
        heading='<h1 id="cd2" class="oi oj gu">{}</h1>',
    )
    more = teasers(
        0,
        4,
        '<div class="rs rt"><div class="ru"><a href="/{n}"><h2 class="bf gv">{title}</h2><div class="ng"><h3 class="bf b">{text}</h3></div></a><div class="ab q"><span>Mar 3</span><span>5 min read</span></div></div></div>',
    )
    return (
        head(s, "Murmur")
        + f"""<body><div id="root"><div class="a b c"><div class="d e f"><div class="ab cb"><a href="/">Open in app</a><a>Sign up</a><a>Sign in</a></div></div>
<div class="l"><article><div class="m n o"><section><div><div class="gi gj"><div class="ab ca"><div class="ch bg">
<div><h1 id="ee3" class="pw-post-title gp gq">{e(s.title)}</h1></div><div class="speechify-ignore ab"><div class="bn"><a href="/@x"><p class="bf b">{e(s.byline)}</p></a><span>·</span><button>Follow</button><span data-testid="storyReadTime">4 min read</span><span>·</span><span data-testid="storyPublishDate">May 12, 2026</span></div></div>
<div class="ab co"><p class="bf b">214</p><p class="bf b">5</p><button>Listen</button><button>Share</button></div>
<figure class="paragraph-image"><img src="/i.jpg"><figcaption class="figure-caption">{w("photo")} by Lena Holm on Coastpix</figcaption></figure>
{body}</div></div></div></div></section></div></article></div>
<div class="ab q"><a class="tag" href="/t1">Ships</a><a class="tag" href="/t2">Harbours</a></div>
<div class="ab"><h2 class="pw-author-name">Written by {e(s.byline)}</h2><p>312 Followers</p><p>{e(s.byline)} {w("bio")}</p><button>Follow</button></div>
<div class="qa qb"><h2>More from {e(s.byline)}</h2>{more}</div><div class="qc"><h2>Recommended from Murmur</h2>{teasers(2, 4, '<div class="rs"><a href="/{n}"><h2>{title}</h2><p>{text}</p></a></div>')}</div>
<div class="qd"><h2>Responses (5)</h2>{comments('<div class="re"><div><p>{who}</p></div><div class="pre-wrap"><p>{text}</p></div></div>')}</div></div></div></body></html>"""
    )


def newspaper(s: Story) -> str:
    """A newspaper's own system: data, a mega-menu with texts, boxes in the body, a second article below."""
    w = lambda key: e(word(s, key))
    data = json.dumps(
        {
            "@context": "https://schema.org",
            "@graph": [
                {"@type": "WebSite", "name": s.house},
                {
                    "@type": "NewsArticle",
                    "headline": s.title,
                    "datePublished": s.date,
                    "author": [{"@type": "Person", "name": s.byline}],
                    "publisher": {"@type": "NewsMediaOrganization", "name": s.house},
                    "articleBody": " ".join(s.gold.split()),
                },
            ],
        },
        ensure_ascii=False,
    )
    box = f'<aside class="inline-related"><span class="inline-related__label">{w("read")}</span><a href="/k"><strong>Mayor opens bridge, closes it again</strong></a><p>A ceremony on the new footbridge ended early on Saturday.</p></aside>'
    ad = f'<div class="ad-slot" id="ad-inread-1"><span class="ad-label">{w("advert")}</span></div>'
    card = (
        f'<div class="newsletter-box"><p class="newsletter-box__title">Morning letter</p><p>{w("newsletter")}</p></div>'
    )
    mega = teasers(0, 3, '<div class="megamenu__story"><a href="/{n}">{title}</a><p>{text}</p></div>')
    other = teasers(
        4,
        2,
        '<article class="article article--next"><h1 class="article__title">{title}</h1><div class="article__body"><p>{text}</p><p>{text}</p></div></article>',
    )
    return (
        head(s, s.house, f'<script type="application/ld+json">{data}</script>')
        + f"""<body><header class="header"><div class="megamenu"><ul>{menu(s)}</ul>{mega}</div></header>
<main><article class="article article--full"><header class="article__header"><span class="article__kicker">Region</span><h1 class="article__title">{e(s.title)}</h1><p class="article__lead">{e(s.summary)}</p><div class="article__meta"><span class="article__author">{w("by")} {e(s.byline)}</span><time datetime="{s.date}">{s.date[:10]}, 8:30</time></div></header>
<figure class="article__image"><img src="/l.jpg"><figcaption><span class="caption">Boats in the inner harbour.</span> <span class="credit">Lena Holm / Coast Wire</span></figcaption></figure>
<div class="article__body" itemprop="articleBody">{blocks(s, {0: ad, 1: box, 3: card, 4: ad}, paragraph='<p class="article__paragraph">{}</p>')}<div class="paywall-prompt"><p>{w("subscribe")}</p></div></div>
<div class="article__share"><span>{w("share")}</span><a>Facebook</a><a>X</a><a>WhatsApp</a></div><div class="article__tags"><a href="/t">Harbour</a><a href="/u">Skarn</a></div></article>
<section class="comments"><h2>{w("comments")} (5)</h2>{comments('<div class="comments__item"><span>{who}</span><div>{text}</div></div>')}</section>{other}</main>
<aside class="sidebar"><h2>Most read</h2><ol>{teasers(1, 4, '<li><a href="/{n}">{title}</a></li>')}</ol></aside>
<footer class="footer"><p>{w("copyright")}</p></footer></body></html>"""
    )


def drupal(s: Story) -> str:
    w = lambda key: e(word(s, key))
    related = teasers(
        2,
        3,
        '<div class="views-row"><div class="views-field views-field-title"><span class="field-content"><a href="/{n}">{title}</a></span></div><div class="views-field views-field-body"><div class="field-content">{text}</div></div></div>',
    )
    return (
        head(s, s.house, og=False)
        + f"""<body class="path-node page-node-type-article"><div class="dialog-off-canvas-main-canvas"><div id="page-wrapper"><header role="banner"><nav role="navigation" class="block block-menu navigation menu--main"><ul class="menu">{menu(s)}</ul></nav></header>
<div class="region region-breadcrumb"><nav class="breadcrumb"><ol><li><a href="/">Home</a></li><li><a href="/news">News</a></li></ol></nav></div>
<main role="main"><div class="layout-content"><div class="region region-content"><div class="block block-core block-page-title-block"><h1 class="page-header"><span class="field field--name-title">{e(s.title)}</span></h1></div>
<div class="block block-system block-system-main-block"><div class="content"><article role="article" class="node node--type-article node--view-mode-full"><footer class="node__meta"><div class="node__submitted">Submitted by <span class="field field--name-uid">{e(s.byline)}</span> on <span class="field field--name-created">Tue, 05/12/2026 - 08:30</span></div></footer>
<div class="node__content"><div class="field field--name-field-image"><img src="/m.jpg"></div><div class="clearfix text-formatted field field--name-body field--type-text-with-summary field--label-hidden field__item">{blocks(s)}</div>
<div class="field field--name-field-tags field--label-inline"><div class="field__label">{w("tags")}</div><div class="field__items"><div class="field__item"><a href="/t">harbour</a></div></div></div><div class="node__links"><ul class="links inline"><li class="comment-forbidden"><a href="/login">Log in</a> to post comments</li></ul></div></div></article></div></div>
<div class="views-element-container block block-views"><h2>{w("related")}</h2><div class="view-content">{related}</div></div></div></div>
<aside class="layout-sidebar-second"><div class="region region-sidebar-second">{teasers(0, 3, '<div class="block"><h2>{title}</h2><div class="content"><p>{text}</p></div></div>')}</div></aside></main>
<footer class="site-footer"><p>{w("copyright")}</p></footer></div></div></body></html>"""
    )


def old_tables(s: Story) -> str:
    """A page of 1999 that is still served: tables, fonts, paragraphs parted by breaks."""
    w = lambda key: e(word(s, key))
    body = "<br><br>\n".join(block(one, "{}", "<b>{}</b>") for one in s.blocks)
    links = teasers(0, 6, '<tr><td><font size="1"><a href="/{n}.htm">{title}</a></font></td></tr>')
    return f"""<html lang="{s.language}"><head><meta charset="utf-8"><title>{e(s.house)}: {e(s.title)}</title></head><body bgcolor="#ffffff"><center><table width="780"><tr><td colspan="3"><img src="/logo.gif" width="300" height="60"><font size="1">{menu(s, "span")}</font></td></tr>
<tr><td width="140" valign="top"><table>{links}</table></td><td width="460" valign="top"><font face="Verdana" size="4"><b>{e(s.title)}</b></font><br><font size="1">{w("by")} {e(s.byline)}<br>{s.date[:10]}</font><br><br><font face="Verdana" size="2">{body}</font><br><br><font size="1">{w("share")} | <a href="/print">Print</a> | <a href="/mail">E-mail</a></font></td>
<td width="180" valign="top"><table><tr><td><font size="1"><b>{w("related")}</b></font></td></tr>{teasers(1, 3, '<tr><td><font size="1">{text}</font></td></tr>')}</table></td></tr>
<tr><td colspan="3" align="center"><font size="1">© 1999-2026 {e(s.house)}. {w("copyright")}</font></td></tr></table></center></body></html>"""


def blogger(s: Story) -> str:
    w = lambda key: e(word(s, key))
    body = "<br /><br />".join(block(one, "{}", "<b>{}</b>") for one in s.blocks)
    thread = comments(
        '<dt class="comment-author">{who} said...</dt><dd class="comment-body"><p>{text}</p></dd><dd class="comment-footer">12 May 2026 at 10:00</dd>'
    )
    return (
        head(s, s.house, og=False)
        + f"""<body class="item-view"><div class="content-outer"><div class="header-outer"><div class="Header"><h1 class="title"><a href="/">{e(s.house)}</a></h1><p class="description">Notes from a small harbour, mostly before breakfast.</p></div></div>
<div class="main-outer"><div class="main section" id="main"><div class="widget Blog" id="Blog1"><div class="blog-posts hfeed"><div class="date-outer"><h2 class="date-header"><span>Tuesday, May 12, 2026</span></h2><div class="date-posts"><div class="post-outer"><div class="post hentry"><h3 class="post-title entry-title">{e(s.title)}</h3>
<div class="post-body entry-content" id="post-body-1"><div class="separator" style="clear: both;"><a href="/n.jpg"><img src="/n.jpg"></a></div>{body}<div style="clear: both;"></div></div>
<div class="post-footer"><div class="post-footer-line post-footer-line-1"><span class="post-author vcard">Posted by <span class="fn">{e(s.byline)}</span></span> <span class="post-timestamp">at <abbr class="published" title="{s.date}">8:30 AM</abbr></span></div><div class="post-footer-line post-footer-line-2"><span class="post-labels">Labels: <a rel="tag" href="/t">harbour</a></span></div><div class="post-share-buttons"><a>Email This</a><a>BlogThis!</a><a>Share to X</a></div></div></div>
<div class="comments" id="comments"><h4>5 comments:</h4><dl id="comments-block">{thread}</dl></div></div></div></div></div><div class="blog-pager"><a>Newer Post</a><a>Older Post</a></div></div></div>
<div class="column-right-outer"><div class="sidebar section"><div class="widget Profile"><h2>About Me</h2><p>{e(s.byline)} {w("bio")}</p></div><div class="widget PopularPosts"><h2>Popular Posts</h2><ul>{teasers(0, 5, '<li><div class="item-title"><a href="/{n}">{title}</a></div><div class="item-snippet">{text}</div></li>')}</ul></div></div></div></div></div></body></html>"""
    )


def no_paragraphs(s: Story) -> str:
    """Text in plain divs; a second copy for small screens is hidden; a teaser list is parted by rules."""
    w = lambda key: e(word(s, key))
    body = blocks(
        s,
        {
            1: f'<div class="rec"><div class="rec-t">{w("related")}</div><div><a href="/1">Ferry timetable changes from Monday</a></div><div><a href="/2">Herring late for the third year</a></div></div>'
        },
        paragraph="<div>{}</div>",
        heading='<div class="sub">{}</div>',
    )
    return (
        head(s, s.house)
        + f"""<body><div id="w"><div id="top"><div class="nav">{menu(s, "span")}</div></div><div style="display:none" class="mobile-only"><div class="t">{e(s.title)}</div>{blocks(s, paragraph="<div>{}</div>")}</div>
<div id="mid"><div id="left"><div class="hd">{e(s.title)}</div><div class="inf">{s.date[:10]} | {e(s.byline)} | 1,204 views</div><div id="txt">{body}</div><div class="src">{w("copyright")}</div><div class="kw">{w("tags")}: <a href="/t">quay</a> <a href="/u">board</a></div></div>
<div id="right">{teasers(0, 5, '<div class="it"><div class="itt"><a href="/{n}">{title}</a></div><div class="itx">{text}</div></div>')}</div></div><div id="bot">{w("cookie")} {w("copyright")}</div></div></body></html>"""
    )


def threaded(s: Story) -> str:
    """A short story above a thread that is longer than it, both in the article element."""
    w = lambda key: e(word(s, key))
    thread = comments(
        '<div class="c-item" id="c{who}"><div class="c-head">{who} · 3 hours ago</div><div class="c-text"><p>{text}</p></div><div class="c-foot"><a>Like</a> <a>Reply</a> <a>Report</a></div></div>'
    )
    return (
        head(s, s.house)
        + f"""<body><div class="topbar"><ul>{menu(s)}</ul></div><div class="layout"><article class="story"><h1>{e(s.title)}</h1><div class="story-meta"><a rel="author" href="/a">{e(s.byline)}</a><time datetime="{s.date}">12 May 2026</time></div><p class="story-lede">{e(s.summary)}</p><div class="story-tools"><a>Facebook</a><a>Twitter</a><a>{w("share")}</a></div>
<div class="story-text">{blocks(s)}</div><p class="story-follow">{w("follow")}</p><div class="discussion" id="comments-section"><h3>{w("comments")}</h3>{thread}{thread}</div></article></div><footer><p>{w("copyright")}</p><p>{w("cookie")}</p></footer></body></html>"""
    )


def amp(s: Story) -> str:
    w = lambda key: e(word(s, key))
    ad = f'<amp-ad type="x"></amp-ad><div class="amp-ad-label">{w("advert")}</div>'
    return (
        head(s, s.house).replace("<html", "<html amp", 1)
        + f"""<body><header class="amp-wp-header"><div><a href="/">{e(s.house)}</a></div></header><amp-sidebar id="sb"><ul>{menu(s)}</ul></amp-sidebar>
<article class="amp-wp-article"><header class="amp-wp-article-header"><h1 class="amp-wp-title">{e(s.title)}</h1><div class="amp-wp-meta amp-wp-byline"><span class="amp-wp-author author vcard">{e(s.byline)}</span></div><div class="amp-wp-meta amp-wp-posted-on"><time datetime="{s.date}">2 months ago</time></div></header>
<figure class="amp-wp-article-featured-image wp-caption"><amp-img src="/o.jpg" width="800" height="600"></amp-img><p class="wp-caption-text">The lock at noon ({w("photo")}: Coast Wire)</p></figure><div class="amp-wp-article-content">{blocks(s, {1: ad, 3: ad})}<p>{w("read")}: <a href="/q">School wins prize for its weather station</a></p></div>
<footer class="amp-wp-article-footer"><div class="amp-wp-meta amp-wp-tax-tag">{w("tags")}: <a href="/t">lock</a></div><div class="amp-wp-meta amp-wp-comments-link"><a href="#c">{w("reply")}</a></div></footer></article>
<amp-consent id="c"><div>{w("cookie")}</div></amp-consent><footer class="amp-wp-footer"><p>{w("copyright")}</p><a href="#top">Back to top</a></footer></body></html>"""
    )


def static_site(s: Story) -> str:
    """A static generator's plain theme: almost no names, a table of contents, a line of neighbours."""
    w = lambda key: e(word(s, key))
    toc = "".join(
        f'<li><a href="#s{n}">{e(str(content))}</a></li>' for n, (kind, content) in enumerate(s.blocks) if kind == "h"
    )
    return (
        head(s, s.house, og=False)
        + f"""<body><header><a href="/">{e(s.house)}</a><nav>{menu(s, "span")}</nav></header><main><h1>{e(s.title)}</h1><p><small>{s.date[:10]} · {e(s.byline)} · 3 min</small></p><nav id="TableOfContents"><ul>{toc}</ul></nav>
{blocks(s)}
<hr><p>Tags: <a href="/tags/a">harbour</a> <a href="/tags/b">notes</a></p><p><a href="/prev">← Choir seeks basses, will accept baritones</a> <a href="/next">Herring late for the third year →</a></p><p>If you liked this, <a href="/feed.xml">subscribe to the feed</a> or <a href="/mail">get new posts by email</a>.</p></main><footer><p>© 2026 {e(s.byline)}. Built with a static generator. {w("copyright")}</p></footer></body></html>"""
    )


THEMES = (
    classic,
    block_theme,
    ghost,
    soup,
    newspaper,
    drupal,
    old_tables,
    blogger,
    no_paragraphs,
    threaded,
    amp,
    static_site,
)
