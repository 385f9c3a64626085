"""HTML fragments to text."""

import random

import pytest

from transforms.clean.images import lead_image
from transforms.clean.layout import KEPT_SPACE
from transforms.clean.markup import is_lone_link, line_to_text, markup_to_text
from transforms.clean.text import clean_laid_out, clean_text

FRAGMENTS = {
    "plain": ("No markup at all", "No markup at all"),
    "paragraphs": ("<p>One</p><p>Two</p>", "One\n\nTwo"),
    "paragraphs left open": ("<p>One<p>Two", "One\n\nTwo"),
    "text around a block": ("a<div>b<p>c</p>d</div>e", "a\n\nb\n\nc\n\nd\n\ne"),
    "line breaks": ("One<br>Two<br/>Three", "One\nTwo\nThree"),
    "two line breaks": ("One<br><br>\nTwo", "One\n\nTwo"),
    "list": ("Now:<ul>\n<li>one</li>\n<li>two</ul>then", "Now:\n\none\ntwo\n\nthen"),
    "table": ("<table><tr><td>a<td>b</tr><tr><th>c</th><td>d</td></tr></table>", "a b\nc d"),
    "inline": ("<b>har</b>bour <a href='/x'>opens</a>", "harbour opens"),
    "source line ends": ("<p>One\n  and\r\n two</p>", "One and two"),
    "nested list": ("<ul><li>a<ul><li>b</li></ul></li><li>c</li></ul>d", "a\n\nb\n\nc\n\nd"),
    "line break in a list": ("<ul><li>a<br></li><li>b</li></ul>", "a\nb"),
    "definitions": ("<dl><dt>a<dd>b<dt>c<dd>d</dl>e", "a\nb\nc\nd\n\ne"),
    "quotes in quotes": ("a<blockquote>b<blockquote>c</blockquote></blockquote>d", "a\n\nb\n\nc\n\nd"),
    "quotation marks": ("He said <q>no</q>.", "He said “no”."),
    "white space": ("a&nbsp;&nbsp;b\t c\u2009d", "a b c d"),
    "break opportunities": ("har<wbr>bour par&shy;lia\xadment", "harbour parliament"),
    "sub- and superscript": ("H<sub>2</sub>O on the 5<sup>th</sup>", "H2O on the 5th"),
    "ruby": ("<ruby>漢<rp>(</rp><rt>かん</rt><rp>)</rp></ruby>字", "漢字"),
    "preformatted": ("<pre>a\nb</pre>\nc\nd", "a\nb\n\nc d"),
    "indentation": ("<pre>if a:\n    b\n\n\n\n\tc = [1,  2] \n</pre>d", "if a:\n    b\n\n    c = [1,  2]\n\nd"),
    "lines of code": ("<pre><div>a</div><div>  b</div>c<br>d\r\ne</pre>", "a\n  b\nc\nd\ne"),
    "preformatted inside": ("x\ny<pre>a<b>\nb</b></PRE>c", "x y\n\na\nb\n\nc"),
    "scripts and styles": ("<script>a<b</script>One<style>p{}</style><noscript>n</noscript>", "One"),
    "frames and forms": ("<iframe>a</iframe>One<button>Share</button><select><option>x</select>", "One"),
    "scripts in scripts": ("<svg><script>a</script><text>b</text></svg>One", "One"),
    "markup in scripts": ("a<script>if (a<b && c>d) write('<p>\"x</p>')</script>b<SCRIPT>c</SCRIPT >d", "abd"),
    "unfinished script": ("One<script>var a", "One"),
    "formulas": ("a <math><mi>x</mi></math>b", "a b"),
    "a whole page": ("<html><head><title>T</title></head><body><nav>Home</nav><p>One</body></html>", "One"),
    "comments": ("a<!-- b > c -->d<!---->e<!-->f<!--[if gte mso 9]><xml>g</xml><![endif]-->h", "adefh"),
    "unfinished comment": ("One<!-- two", "One"),
    "dashes in comments": ("a<!-- b - c -- d -> -!> e--!>f<!--->g<!-- h --", "afg"),
    "CDATA": ("<![CDATA[<p>One</p><p>Two</p>]]>", "One\n\nTwo"),
    "declarations": ("a<?php echo 1 ?>b<!DOCTYPE html>c", "abc"),
    "images have no text": ("One<img src=x width=1 height=1 alt=pixel> two", "One two"),
    "emoji": ("One <img class=wp-smiley src=x alt='🙂'> <img alt=\"&#x1f642;\"><img alt=’>", "One 🙂 🙂"),
    "figure": ("<figure><img src=x><figcaption>Harbour</figcaption></figure>One", "One"),
    "caption by class": ("<p>One</p><p class='wp-caption-text'>Harbour</p>", "One"),
    "caption alone": ("<figure><img src=x><figcaption>Harbour</figcaption></figure>", "Harbour"),
    "hidden": ("a<p hidden>b</p><div style='color:red; DISPLAY : none'>c<div>d</div>e</div>f", "a\n\nf"),
    "not hidden": ("<p data-hidden=1 aria-hidden=true style='overflow:hidden'>a</p><p class='x-sr-only'>b", "a\n\nb"),
    "hidden and never ended": ("<p hidden>a<p>b", "a\n\nb"),
    "end tag of nothing": ("a</ hidden>b</ style='display:none'>c", "abc"),
    "for screen readers": ('<a>One<span class="x sr-only">View</span></a>', "One"),
    "share buttons": ("One<div class=sharedaddy><ul><li>Share</li></ul></div>", "One"),
    "footnotes": (
        "One<sup class=footnote-ref><a href=#1>1</a></sup><p>two<a class=footnote-backref>↩</a>",
        "One\n\ntwo",
    ),
    "brackets in attributes": ("a<a title='x > y' href=\"b>c\">d</a><img alt='<b>x</b>'>e", "ade"),
    "quotes in names": ("<p it's>a <b c=d'e>f</b>", "a f"),
    "capitals": ("<P>a</P><DIV>b</DIV>c<BR>d", "a\n\nb\n\nc\nd"),
    "no tags after all": ("a <3 b < c <- d", "a <3 b < c <- d"),
    "entities": ("<p>R&amp;D&nbsp;&#8217;25 &hellip; &euro;5", "R&D ’25 … €5"),
    "entities without tags": ("R&amp;D &#x2019;25", "R&D ’25"),
    "Windows entities": ("<p>it&#146;s", "it’s"),
    "entities twice": ("<p>R&amp;amp;D &amp;#8217;", "R&D ’"),
    "entities twice, no tags": ("R&amp;amp;D", "R&D"),
    "tags escaped": ("&lt;p&gt;One &amp;amp; two&lt;/p&gt;&lt;p&gt;Three&lt;/p&gt;", "One & two\n\nThree"),
    "tags escaped inside": ("<div>&lt;p&gt;One&lt;/p&gt;&lt;p&gt;Two&lt;/p&gt;</div>", "One\n\nTwo"),
    "links escaped inside": ('<p>See &lt;a href="https://x.org" rel="nofollow"&gt;x.org&lt;/a&gt;', "See x.org"),
    "tags in code": ("<p>Use <code>&lt;b&gt;x&lt;/b&gt;</code>", "Use <b>x</b>"),
    "entities without semicolon": ("<p>a&nbsp b &copy 2024 AT&T", "a b &copy 2024 AT&T"),
    "tags spoken of": ("<p>Use &lt;b&gt; &amp; co", "Use <b> & co"),
    "no tags": ("3 < 5 & 6 > 2", "3 < 5 & 6 > 2"),
    "paragraphs without tags": ("One\nand\n \ntwo", "One and\n\ntwo"),
    "null and surrogate": ("<p>a&#0;&#xD800;\x00b\ud800", "a\ufffd\ufffdb"),
    "endless number": ("&#" + "9" * 9000 + ";", "&#" + "9" * 9000 + ";"),
    "frameset": ("<frameset><frame src=x></frameset>", ""),
    "unfinished tag": ("One <a href='x", "One"),
}
TITLES = {
    "plain": ("Harbour opens", "Harbour opens"),
    "ampersand": ("R&D & more", "R&D & more"),
    "escaped": ("R&amp;D", "R&D"),
    "escaped twice": ("R&amp;amp;D", "R&D"),
    "tags": ("<b>Harbour</b> <i class='x'>opens</i>", "Harbour opens"),
    "escaped tags": ("&lt;em&gt;Harbour&lt;/em&gt; opens", "Harbour opens"),
    "comparison": ("Is 3 < 5 > 2?", "Is 3 < 5 > 2?"),
    "type": ("Why List<String> fails", "Why List<String> fails"),
}
IMAGES = {
    "first": ("<p>x<img alt='a' src='https://x.org/a.jpg'><img src=https://x.org/b.jpg>", "https://x.org/a.jpg"),
    "pixel": ("<img src='https://t.org/p' width='1' height=1><img src=https://x.org/b.jpg>", "https://x.org/b.jpg"),
    "relative": ("<img src='/a.jpg'>", "https://base.org/a.jpg"),
    "signed": ("<IMG SRC='https://x.org/a?w=1&amp;utm_source=b&amp;s=c'>", "https://x.org/a?w=1&utm_source=b&s=c"),
    "not the lazy one": ("<img data-src='https://x.org/l.jpg' src='https://x.org/a.jpg'>", "https://x.org/a.jpg"),
    "data": ("<img src='data:image/png;base64,AAAA'>", ""),
    "none": ("<p>no image</p>", ""),
    "no address": ("<img src='http://[x'><img alt=1>", ""),
}


def read(html: str) -> str:
    return clean_laid_out(markup_to_text(html)).replace(KEPT_SPACE, " ")


@pytest.mark.parametrize(("html", "text"), FRAGMENTS.values(), ids=FRAGMENTS)
def test_markup_becomes_text(html: str, text: str) -> None:
    assert read(html) == text


def nested(choose: random.Random, depth: int) -> tuple[str, str]:
    """A random fragment, and its text: paragraphs between line ends."""
    html, text = "", ""
    for _ in range(choose.randint(1, 4)):
        kind = choose.choice(("word", "word", "inline", "block", "hidden", "nothing") if depth else ("word",))
        inner = nested(choose, depth - 1) if depth else ("", "")
        quote = choose.choice("\"'")
        attributes = choose.choice(("", f" title={quote}a > b{quote}", " data-x=1 y", f"\n class={quote}c{quote}"))
        if kind == "word":
            word, entity = choose.choice((("harbour", ""), ("l’été", ""), ("R&D", "R&amp;D"), ("é", "&#233;")))
            html, text = f"{html} {entity or word}\n", f"{text} {word} "
        elif kind == "inline":
            name = choose.choice(("b", "SPAN", "a", "my-tag"))
            html, text = f"{html}<{name}{attributes}>{inner[0]}</{name}>", text + inner[1]
        elif kind == "block":
            name = choose.choice(("p", "div", "section", "H2"))
            html, text = f"{html}<{name}{attributes}>{inner[0]}</{name} >", f"{text}\n{inner[1]}\n"
        elif kind == "hidden":
            html += choose.choice(("<i hidden>{}</i>", "<svg>{}</svg>", "<nav x>{}</nav>")).format(inner[0])
        else:
            html += choose.choice(("<!-- <p> > -->", "<img src=x>", "<wbr/>", "<?x?>", "<script>a='<p>'</script>"))
    return html, text


def test_nested_markup_is_read_as_it_was_made() -> None:
    choose = random.Random(3)
    for _ in range(500):
        html, text = nested(choose, 4)
        paragraphs = [" ".join(line.split()) for line in text.split("\n") if line.strip()]
        assert read(html) == "\n\n".join(paragraphs), html


def test_text_from_markup_is_clean() -> None:
    choose = random.Random(5)
    tags = [
        "<p>",
        "</p>",
        "<br>",
        "<li>",
        "<pre>",
        "</pre>",
        "<td>",
        "<p hidden>",
        "<!--",
        "-->",
        "<script",
        "</script>",
    ]
    parts = [*tags, *"<>'\"=a \n\t\x11\u200b", "&amp;nbsp;", "&#10;", "&lt;"]
    for _ in range(3000):
        html = "".join(choose.choices(parts, k=choose.randint(1, 15)))
        text = clean_laid_out(markup_to_text(html))
        assert clean_text(text) == text, html


@pytest.mark.parametrize(
    ("html", "is_lone"),
    [
        ('<a href="https://x.org">Comments</a>', True),
        ("<p> <a href=x>Read more</a></p>", True),
        ("<a href=x>Old harbour railway reopens</a>", False),
        ("See <a href=x>Comments</a>", False),
        ("<a>One</a><a>Two</a>", False),
        ("Comments", False),
    ],
)
def test_lone_links(html: str, is_lone: bool) -> None:
    assert is_lone_link(html) is is_lone


@pytest.mark.parametrize(("line", "text"), TITLES.values(), ids=TITLES)
def test_titles_lose_markup(line: str, text: str) -> None:
    assert line_to_text(line) == text


@pytest.mark.parametrize(("html", "url"), IMAGES.values(), ids=IMAGES)
def test_lead_image(html: str, url: str) -> None:
    assert lead_image(html, "https://base.org/story/1") == url


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<div>" * 200_000 + "x", "x"),
        ("x" + "<div hidden>" * 50_000, "x"),
        ("x" + "<svg>" * 100_000 + "</svg>" * 100_000, "x"),
        ("<div><b></div></b>" * 50_000 + "x", "x"),
        ("x<p " + "a=' " * 200_000, "x"),
        ("x" + "<a '" * 200_000, "x"),
        ("x" + "<!--" * 200_000, "x"),
        ("x" + "<script>" * 100_000, "x"),
        ("x<script>" + "</scrip" * 100_000, "x"),
        ("x" + "<style>a</style>" * 50_000, "x"),
        ("x<p style='" + "display:" * 100_000 + "'>", "x"),
        ("x<img alt='" + "’" * 200_000 + "'>", "x"),
        ("x<img src='data:image/png;base64," + "A" * 500_000 + "'>", "x"),
        ("x" + "<br> " * 200_000, "x"),
        ("<pre>x" + "\n " * 200_000 + "</pre>", "x"),
        ("x" + "<pre>" * 100_000, "x"),
    ],
    ids=[
        "deep", "hidden and never ended", "nested and dropped", "misnested", "attributes", "quotes", "comments",
        "scripts", "nearly ended", "styles", "style", "text of a picture", "picture", "breaks", "blank lines", "pre",
    ],
)  # fmt: skip
def test_hostile_markup_takes_linear_time(html: str, text: str) -> None:
    """Each would take minutes in quadratic time."""
    assert read(html) == text


def test_large_text_is_read() -> None:
    assert read("<p>3 < 5 " * 50_000).count("3 < 5") == 50_000
    assert read("x<p>" + "&" * 200_000).endswith("&" * 1000)
    assert len(read("&lt;p&gt;x" * 50_000)) == 50_000 * 3 - 2
