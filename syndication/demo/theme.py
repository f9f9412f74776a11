"""Coast Courier's blog theme: the frames of its pages, its style sheet, and the icons of its share buttons."""

THEME = "wp-content/themes/tideline/"
NETWORKS = ("Facebook", "Twitter", "WhatsApp", "Email", "Print")

_COLOURS = {"Facebook": "#41598c", "Twitter": "#3d8fb8", "WhatsApp": "#3e9b62", "Email": "#6c7178", "Print": "#8d6a4f"}

PAGE = """<!DOCTYPE html>
<html lang="en-GB">
<head>
<meta charset="UTF-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
{meta}
<link rel="alternate" type="application/rss+xml" title="{name} &raquo; Feed" href="{feed}">
<link rel="stylesheet" id="tideline-style-css" href="{home}{theme}style.css" media="all">
</head>
<body class="wp-embed-responsive {kind}">
<div id="page" class="site">
<header id="masthead" class="site-header">
<div class="site-branding"><p class="site-title"><a href="{home}" rel="home">{name}</a></p>
<p class="site-description">{motto}</p></div>
<nav id="site-navigation" class="main-navigation"><ul id="primary-menu" class="menu">
<li class="menu-item"><a href="{home}">Home</a></li><li class="menu-item"><a href="{home}">Shore</a></li>
<li class="menu-item"><a href="{home}">Town</a></li><li class="menu-item"><a href="{home}">What’s on</a></li>
<li class="menu-item"><a href="{home}">Tides</a></li></ul></nav>
</header>
<div id="content" class="site-content">
<main id="primary" class="site-main">
{main}
</main>
<aside id="secondary" class="widget-area">
<section class="widget widget_tides">
<h2 class="widget-title">Tides at Lanmouth</h2>
<p>High 6.12 and 18.40<br>Low 0.05 and 12.27</p></section>
<section class="widget widget_notice"><h2 class="widget-title">From our readers</h2>
<p>Lost: one grey oar, somewhere off Cape Hollin. Sentimental value. Ask for Bram at the boathouse.</p></section>
</aside>
</div>
<footer id="colophon" class="site-footer">
<p>{name} is a sample partner. Its places, people and stories are invented.</p>
</footer>
</div>
</body>
</html>
"""

ARTICLE = """<article id="post-{number}" class="post-{number} post type-post status-publish format-standard hentry">
<header class="entry-header">
<span class="cat-links">{categories}</span>
<h1 class="entry-title">{title}</h1>
<div class="entry-meta">
<span class="posted-on"><time class="entry-date published" datetime="{stamp}">{day}</time></span>
<span class="byline">by <span class="author vcard"><a class="url fn n" href="{home}">{byline}</a></span></span>
</div>
</header>
<div class="entry-summary"><p>{excerpt}</p></div>
<div class="entry-content">
<p>{day} | by {byline}</p>
<p>{excerpt}</p>
{body}
<div class="sharedaddy sd-sharing-enabled"><div class="sd-content">{share}</div></div>
</div>
<footer class="entry-footer"><span class="tags-links">Tagged {tags}</span></footer>
</article>
<section class="newsletter-signup"><h2>Never miss a tide</h2>
<p>Sign up for the Courier’s Friday letter: the week on the coast, and the tide table.</p>
<form action="#" method="get"><label>Your e-mail address <input type="email" name="address"></label>
<button type="submit">Sign me up</button></form></section>
<section class="related-posts"><h2>You may also like</h2><ul>
{related}
</ul></section>
<div id="comments" class="comments-area"><h2 class="comments-title">2 thoughts on “{title}”</h2>
<ol class="comment-list">
{comments}
</ol><p class="no-comments">Comments are closed.</p></div>"""

STYLE = """* { box-sizing: border-box; }
body { margin: 0; font: 17px/1.65 "Helvetica Neue", Helvetica, Arial, sans-serif; color: #2b2b2b; background: #eef1f2; }
a { color: #b3372f; text-decoration: none; }
a:hover { text-decoration: underline; }
.site { max-width: 1080px; margin: 0 auto; background: #fff; box-shadow: 0 0 24px rgba(0, 0, 0, .07); }
.site-branding { padding: 26px 32px 18px; }
.site-title { margin: 0; font: 900 38px/1.1 Georgia, serif; letter-spacing: -.5px; text-transform: uppercase; }
.site-description { margin: 4px 0 0; color: #777; font-size: 14px; }
.main-navigation { background: #b3372f; }
.menu { display: flex; flex-wrap: wrap; margin: 0; padding: 0 20px; list-style: none; }
.menu a { display: block; padding: 10px 12px; color: #fff; font-size: 14px; font-weight: bold;
  text-transform: uppercase; }
.site-content { display: flex; flex-wrap: wrap; padding: 28px 32px; gap: 40px; }
.site-main { flex: 1 1 480px; min-width: 0; }
.widget-area { flex: 0 1 250px; font-size: 15px; }
.widget { border: 1px solid #e1e4e6; padding: 14px 18px; margin-bottom: 22px; background: #fafbfb; }
.widget-title, .newsletter-signup h2, .related-posts h2, .comments-title { margin: 0 0 8px; font-size: 17px; }
.entry-title { margin: 6px 0 8px; font: 700 32px/1.2 Georgia, serif; }
.blog .entry-title { font-size: 24px; }
.blog .post { border-bottom: 1px solid #e1e4e6; margin-bottom: 22px; }
.cat-links { font-size: 13px; font-weight: bold; text-transform: uppercase; letter-spacing: .5px; }
.entry-meta, .entry-footer { color: #777; font-size: 14px; }
.entry-summary { margin: 18px 0; padding-left: 16px; border-left: 4px solid #b3372f; font-size: 18px; color: #555; }
.wp-caption { max-width: 100%; margin: 22px 0; background: #f4f5f6; }
.wp-caption img { display: block; width: 100%; height: auto; }
.wp-caption-text { padding: 8px 12px; font-size: 14px; color: #555; }
.entry-content h4 { margin: 28px 0; padding: 12px; border: 2px solid #b3372f; }
.sharedaddy { margin: 28px 0; padding-top: 14px; border-top: 1px solid #e1e4e6; }
.sd-content a { margin-right: 8px; }
.newsletter-signup { margin: 26px 0; padding: 18px 22px; background: #fdf1e7; }
.newsletter-signup input, .newsletter-signup button { font: inherit; padding: 4px 10px; max-width: 100%; }
.related-posts, .comments-area { margin: 26px 0; padding-top: 16px; border-top: 1px solid #e1e4e6; }
.comment-list { padding: 0; list-style: none; }
.comment { margin-bottom: 12px; padding: 10px 14px; background: #f4f5f6; font-size: 15px; }
.comment p { margin: 4px 0 0; }
.site-footer { padding: 16px 32px; background: #2b2b2b; color: #ccc; font-size: 13px; }
@media (max-width: 700px) { .site-content { padding: 18px; } .entry-title { font-size: 26px; } }
"""


def icon(network: str) -> str:
    """A round button with the first letter of a network's name, as SVG."""
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 28 28"><circle cx="14" cy="14" r="14" '
        f'fill="{_COLOURS[network]}"/><text x="14" y="19" font-size="14" font-weight="bold" '
        f'font-family="Arial, sans-serif" text-anchor="middle" fill="#fff">{network[0]}</text></svg>'
    )
