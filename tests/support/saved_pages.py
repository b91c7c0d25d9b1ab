# ruff: noqa: E501
"""Pages as browsers save them, with everything that stands around an essay on a web site.

`pages(title, blocks)` gives each as HTML around the essay's blocks ("h2" or "p", and the text);
`AROUND` are texts that are no part of any essay.
"""

from collections.abc import Callable, Sequence
from html import escape

Blocks = Sequence[tuple[str, str]]

AROUND = (
    "We use cookies to improve your visit",
    "Accept all",
    "Skip to content",
    "Sign in",
    "About us",
    "Share on Facebook",
    "Tweet this",
    "You might also like",
    "Ten castles of Bavaria",
    "How bread was baked in Rome",
    "Get our weekly letter",
    "Your e-mail address",
    "Great piece, thank you",
    "All rights reserved",
    "Terms of use",
)
_LINKS = "".join(
    f'<li><a href="/{word.lower()}">{word}</a></li>' for word in ("Home", "History", "About us", "Sign in")
)
_COOKIES = '<p>We use cookies to improve your visit. <a href="/privacy">Read more</a></p><button>Accept all</button>'
_SHARE = '<a href="#">Share on Facebook</a> <a href="#">Tweet this</a>'
_RELATED = (
    "<h3>You might also like</h3><ul>"
    '<li><a href="/castles">Ten castles of Bavaria</a><p>From the alps to the plains, a journey in stone.</p></li>'
    '<li><a href="/bread">How bread was baked in Rome</a><p>Of grain, of ovens and of the poor.</p></li></ul>'
)
_LETTER = '<h4>Get our weekly letter</h4><input placeholder="Your e-mail address"><button>Subscribe</button>'
_COMMENTS = "<h3>2 replies</h3><p>Great piece, thank you!</p><p>I never knew that, and my teacher did not either.</p>"
_FOOT = '<p>© 2021 The Chronicle. All rights reserved. <a href="/terms">Terms of use</a></p>'
_SCRIPT = '<script src="a_files/main.js"></script><script>var tracked = "We use cookies";</script>'


def inner(blocks: Blocks, heading: str = "h2") -> str:
    """The blocks of the essay as HTML."""
    return "\n".join(
        f"<{heading}>{escape(text)}</{heading}>" if kind == "h2" else f"<p>{escape(text)}</p>" for kind, text in blocks
    )


def blog(title: str, blocks: Blocks) -> str:
    """A blog with a theme: article, sidebar, share buttons and related posts inside the article."""
    return (
        f"<!DOCTYPE html><html lang='en'><head><meta charset='utf-8'><title>{title} – The Chronicle</title>"
        f"<meta property='og:site_name' content='The Chronicle'><meta name='author' content='Anna Lee'>"
        f"<meta property='article:published_time' content='2021-05-04T10:00:00+00:00'>{_SCRIPT}</head>"
        f"<body class='post-template single has-sidebar comments-open'><a class='skip-link' href='#c'>Skip to content</a>"
        f"<header class='site-header'><nav><ul>{_LINKS}</ul></nav></header><main id='c'>"
        f"<article class='post type-post category-related'><header><h1>{title}</h1></header>"
        f"<div class='entry-content'>{inner(blocks)}<div class='sharedaddy sd-sharing'>{_SHARE}</div></div>"
        f"<footer class='entry-footer'>Filed under <a href='/war'>War</a></footer></article>"
        f"<section class='related-posts'>{_RELATED}</section><div id='comments'>{_COMMENTS}</div></main>"
        f"<aside class='sidebar'>{_LETTER}</aside><footer>{_FOOT}</footer>"
        f"<div id='cookie-notice' role='dialog'>{_COOKIES}</div></body></html>"
    )


def encyclopedia(title: str, blocks: Blocks) -> str:
    """An encyclopedia's page: contents, [edit] links, boxes of links at the end."""
    body = inner(blocks).replace("</h2>", "<span class='mw-editsection'>[<a href='#e'>edit</a>]</span></h2>")
    return (
        f"<html class='client-js vector-feature-toc-pinned'><head><meta charset='UTF-8'><title>{title} - Pedia</title>"
        f"</head><body class='skin-vector mediawiki'><div id='mw-page-base'></div><div class='vector-header-container'>"
        f"<header><nav id='p-navigation'><ul>{_LINKS}</ul></nav></header></div><div id='siteNotice'>{_COOKIES}</div>"
        f"<main id='content' class='mw-body'><h1 id='firstHeading'>{title}</h1><div id='toc' class='toc'><ul>"
        f"<li><a href='#1'>1 You might also like</a></li></ul></div><div id='mw-content-text'>{body}"
        f"<div class='navbox' role='navigation'><ul>{_LINKS}</ul></div></div><div id='catlinks'>{_RELATED}</div></main>"
        f"<footer id='footer' role='contentinfo'>{_FOOT}{_SHARE}</footer></body></html>"
    )


def newspaper(title: str, blocks: Blocks) -> str:
    """A newspaper's page of nothing but <div>, with an advertisement between paragraphs."""
    half = len(blocks) // 2
    return (
        f"<html><head><meta http-equiv='Content-Type' content='text/html; charset=utf-8'><title>{title} | The Post"
        f"</title>{_SCRIPT}</head><body><div id='app'><div class='topNav'><ul>{_LINKS}</ul></div>"
        f"<div class='CookieBanner__wrap'>{_COOKIES}</div><div class='page'><div class='storyBody'><h1>{title}</h1>"
        f"<div class='social-buttons'>{_SHARE}</div>{inner(blocks[:half])}<div class='ad-slot'>Advertisement</div>"
        f"{inner(blocks[half:])}</div><div class='rightRail sidebar'>{_RELATED}</div>"
        f"<div class='commentsSection'>{_COMMENTS}</div></div><div class='newsletter-signup'><form>{_LETTER}</form></div>"
        f"<div class='site-footer'><footer>{_FOOT}</footer></div></div></body></html>"
    )


def platform(title: str, blocks: Blocks) -> str:
    """A writing platform: the article is cut in sections, its tools stand between title and text."""
    return (
        f"<!doctype html><html><head><meta charset=utf-8><meta property='og:title' content='{title}'><title>{title} | "
        f"by Anna Lee | Platform</title></head><body><div id='root'><div role='banner'><div><ul>{_LINKS}</ul></div></div>"
        f"<article><section><h1 class='pw-post-title'>{title}</h1><div role='toolbar'>{_SHARE}<button>Listen</button>"
        f"</div></section><section>{inner(blocks)}</section></article><div class='upsell'>{_LETTER}</div>"
        f"<div class='recirc'>{_RELATED}</div><div role='dialog' aria-modal='true'>{_COOKIES}</div>"
        f"<div class='responses-comments'>{_COMMENTS}</div><div role='contentinfo'>{_FOOT}</div></div></body></html>"
    )


def old(title: str, blocks: Blocks) -> str:
    """A page of the nineties: a table lays it out, a form wraps it, lines are broken by hand."""
    text = "<br><br>".join(f"<b>{escape(t)}</b>" if kind == "h2" else escape(t) for kind, t in blocks)
    return (
        f"<HTML><HEAD><TITLE>{title}</TITLE></HEAD><BODY BGCOLOR=white><FORM ACTION='x.aspx'><TABLE WIDTH='100%'><TR>"
        f"<TD CLASS='navmenu' ID='menu'><UL>{_LINKS}</UL></TD><TD><H1>{title}</H1><FONT FACE=Arial>{text}</FONT></TD>"
        f"</TR></TABLE></FORM><DIV CLASS='footer'><FOOTER>{_FOOT}</FOOTER></DIV></BODY></HTML>"
    )


def bare(title: str, blocks: Blocks) -> str:
    """A file made by hand: nothing but the essay, which has to stay whole."""
    return f"<html><head><title>{title}</title></head><body><h1>{title}</h1>\n{inner(blocks)}</body></html>"


PAGES: dict[str, Callable[[str, Blocks], str]] = {
    "blog": blog,
    "encyclopedia": encyclopedia,
    "newspaper": newspaper,
    "platform": platform,
    "old": old,
    "bare": bare,
}
