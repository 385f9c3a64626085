"""HTML fragments to text."""

import pytest

from schemas.errors import TooComplex
from transforms.clean.bounds import MAX_DEPTH, MAX_TAG
from transforms.clean.images import lead_image
from transforms.clean.markup import line_to_text, markup_to_text
from transforms.clean.text import clean_text

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
    "preformatted": ("<pre>a\nb</pre>\nc\nd", "a\nb\n\nc d"),
    "preformatted inside": ("x\ny<pre>a<b>\nb</b></PRE>c", "x y\n\na\nb\n\nc"),
    "scripts and styles": ("<script>a<b</script>One<style>p{}</style><noscript>n</noscript>", "One"),
    "frames and forms": ("<iframe>a</iframe>One<button>Share</button><select><option>x</select>", "One"),
    "scripts in scripts": ("<svg><script>a</script><text>b</text></svg>One", "One"),
    "comments": ("One<!-- not --> <![CDATA[this]]>two", "One two"),
    "images have no text": ("One<img src=x width=1 height=1 alt=pixel> two", "One two"),
    "figure": ("<figure><img src=x><figcaption>Harbour</figcaption></figure>One", "Harbour\n\nOne"),
    "entities": ("<p>R&amp;D&nbsp;&#8217;25 &hellip; &euro;5", "R&D ’25 … €5"),
    "entities without tags": ("R&amp;D &#x2019;25", "R&D ’25"),
    "Windows entities": ("<p>it&#146;s", "it’s"),
    "entities twice": ("<p>R&amp;amp;D &amp;#8217;", "R&D ’"),
    "entities twice, no tags": ("R&amp;amp;D", "R&D"),
    "tags escaped": ("&lt;p&gt;One &amp;amp; two&lt;/p&gt;&lt;p&gt;Three&lt;/p&gt;", "One & two\n\nThree"),
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


@pytest.mark.parametrize(("html", "text"), FRAGMENTS.values(), ids=FRAGMENTS)
def test_markup_becomes_text(html: str, text: str) -> None:
    assert clean_text(markup_to_text(html)) == text


@pytest.mark.parametrize(("line", "text"), TITLES.values(), ids=TITLES)
def test_titles_lose_markup(line: str, text: str) -> None:
    assert line_to_text(line) == text


@pytest.mark.parametrize(("html", "url"), IMAGES.values(), ids=IMAGES)
def test_lead_image(html: str, url: str) -> None:
    assert lead_image(html, "https://base.org/story/1") == url


@pytest.mark.parametrize(
    "html",
    ["<div>" * (MAX_DEPTH + 1) + "x" * MAX_TAG, "<div><b></div></b>" * (MAX_DEPTH + 1), "<p " + "a " * MAX_TAG + ">x"],
    ids=["deep", "misnested", "attributes"],
)
def test_markup_that_would_take_minutes_is_refused(html: str) -> None:
    with pytest.raises(TooComplex):
        markup_to_text(html)


@pytest.mark.parametrize(
    "html",
    [
        "<p>x</p>" * 10_000,
        "<li>x" * 10_000,
        "<div>" * MAX_DEPTH + "</div>" * MAX_DEPTH + "x" * MAX_TAG,
        "x<img src='data:image/png;base64," + "A" * 100_000 + "'>",
        "3 < 5 " * 10_000,
        "x" + "&" * 100_000 + "<" * 100_000,
    ],
    ids=["flat", "open items", "as deep as may be", "image in the text", "comparisons", "half an entity"],
)
def test_large_markup_is_read(html: str) -> None:
    assert markup_to_text(html).startswith(("x", "3"))
