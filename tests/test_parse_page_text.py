"""Which text of a page is the article's, by either profile."""

from pathlib import Path
from typing import get_args

import pytest

from schemas.errors import EmptyDocument, Malformed, NotText, TooComplex
from schemas.records import Document
from tests.make import READ_AT
from tests.parsing import parse_one
from transforms.parse import parse_document
from transforms.parse.page.body import Profile, compare
from transforms.parse.page.cutting import cut_scripts
from transforms.parse.page.entry import parse_page, read_page
from transforms.parse_entries import parse_entries

P1 = "The harbour opened to ships on Monday, two years after the storm that closed it to all of them."
P2 = "The council had set aside nine million for the work, and spent seven of them on the new quay wall."
P3 = "Pilots said the channel is deeper than before, and that the largest ships can come in at any tide."
OTHER = "A long comment by a reader who has never seen the harbour, and has much to say of it all the same."
BOTH = f"{P1}\n\n{P2}"
TWO = f"<p>{P1}</p><p>{P2}</p>"
MENU = "<ul><li><a href=/>Home</a></li><li><a href=/ports>Ports</a></li><li><a href=/ships>Ships</a></li></ul>"
TEASERS = "".join(
    f"<p><a href=/{n}>Story number {n}: what the pilots, the council and the port say</a></p>" for n in range(4)
)

TEXTS = {
    "article among menus": (f"{MENU}<article>{TWO}</article>{MENU}", BOTH),
    "no article element": (f"<div>{MENU}</div><div><div>{TWO}</div></div><div>{MENU}</div>", BOTH),
    "comments": (f"<div>{TWO}<div id=comments><p>{OTHER}</p></div></div>", BOTH),
    "more comments than text": (f"<div>{TWO}</div><div class=post-comments>{f'<p>{OTHER}</p>' * 3}</div>", BOTH),
    "names in camel case": (f"<div>{TWO}<div class='x relatedPosts'><p>{OTHER}</p></div></div>", BOTH),
    "a name inside of a word": (f"<div><p>{P1}</p><div class='shareholders'><p>{P2}</p></div></div>", BOTH),
    "a name on what holds the article": (f"<div class=with-sidebar>{TWO}</div>", BOTH),
    "teasers": (f"<div>{TWO}<div>{TEASERS}</div></div>", BOTH),
    "hidden": (f"<div>{TWO}<div style='display: none'><p>{OTHER}</p></div><p hidden>{OTHER}</p></div>", BOTH),
    "role": (f"<div>{TWO}<div role=complementary><p>{OTHER}</p></div></div>", BOTH),
    "share bar and form": (f"<article>{TWO}<form><p>Your address, and we write to you</p></form></article>", BOTH),
    "caption": (f"<div><p>{P1}</p><figure><img src=x><figcaption>{OTHER}</figcaption></figure><p>{P2}</p></div>", BOTH),
    "parts": (f"<div><div><p>{P1}</p></div><div><p>{P2}</p></div><div><p>{P3}</p></div></div>", f"{BOTH}\n\n{P3}"),
    "a part behind a wall": (f"<div><p>{P1}</p><div><p>{P2}</p><p>{P3}</p></div></div>", f"{BOTH}\n\n{P3}"),
    "lines set apart by breaks": (f"<div>{MENU}</div><div>{P1}<br><br>{P2}</div>", BOTH),
    "neither paragraphs nor breaks": (f"<div>{MENU}</div><div><div>{P1}</div><div>{P2}</div></div>", BOTH),
    "the first of several articles": (f"<main><article>{TWO}</article><article><p>{OTHER}</p></article></main>", BOTH),
    "a link that is all": (f"<a href=/a><p>{P1}</p></a>", P1),
    "links in a paragraph": (f"<article>{TWO}<p>{P3} <a href=/a>{P3}</a></p></article>", f"{BOTH}\n\n{P3} {P3}"),
    "heading": (f"<article>{TWO}<h2>The channel</h2><p>{P3}</p></article>", f"{BOTH}\n\nThe channel\n\n{P3}"),
    "list": (
        f"<article><p>{P1}</p><ul><li>one crane</li><li>two tugs</li></ul><p>{P2}</p></article>",
        f"{P1}\n\none crane\ntwo tugs\n\n{P2}",
    ),
    "title repeated": (f"<article><h1>Harbour</h1><p>By Ana</p>{TWO}</article>", f"By Ana\n\n{BOTH}"),
    "advertisement of AMP": (f"<article><p>{P1}</p><amp-ad><p>{OTHER}</p></amp-ad><p>{P2}</p></article>", BOTH),
    "headings in Turkish": (f"<article>{TWO}<p>Facebook'ta Paylaş</p><h3>İlgili Haberler</h3></article>", BOTH),
    "wall": (f"<article>{TWO}<div class='paywall-teaser'><p>{OTHER}</p></div></article>", BOTH),
    "wall that asks": (f"<article>{TWO}<div class=paywall><p>{OTHER}</p><button>Join</button></div></article>", BOTH),
    "behind a wall": (
        f"<article><p>{P1}</p><p>{P3}</p><div class=paywall><p>{P2}</p></div></article>",
        f"{P1}\n\n{P3}\n\n{P2}",
    ),
    "links below": (
        f"<div>{P1}<br><br>{P2}<br><br><a href=/p>Print</a> | <a href=/m>Print and <i>mail</i></a></div>",
        BOTH,
    ),
    "a link within the last line": (
        f"<div>{P1}<br><br>{P2} <a href=/p>Plan</a> | <a href=/m>Mail</a></div>",
        f"{P1}\n\n{P2} Plan | Mail",
    ),
    "pictures below": (f"<div>{P1}<br><br>{P2}<a href=/p><img src=x></a></div>", BOTH),
    "scripts": (f"<article><script>if (a<b) '<p>{OTHER}</p>'</script><!-- <p>{OTHER}</p> -->{TWO}</article>", BOTH),
}  # fmt: skip


@pytest.mark.parametrize("profile", get_args(Profile))
@pytest.mark.parametrize(("body", "text"), TEXTS.values(), ids=TEXTS)
def test_text(body: str, text: str, profile: Profile) -> None:
    html = f"<html><head><title>Harbour</title></head><body>{body}</body></html>"
    (entry,) = parse_page(Document("a.html", b"", READ_AT), html, profile)
    assert entry.body == text


def test_code_and_tables_keep_their_shape() -> None:
    table = "<table><tr><td>Berth</td><td>Depth</td></tr><tr><td>North</td><td>12</td></tr></table>"
    entry = parse_one(f"<article>{TWO}<pre>if tide:\n    sail()</pre>{table}<p>{P3}</p></article>")
    assert "if tide:\n    sail()" in entry.body
    assert "Berth Depth\nNorth 12" in entry.body


COMPARED = {
    "the same": (BOTH, BOTH, BOTH),
    "ours has more at the ends": (
        f"Photo: a quay\n\nSunday\n\n{BOTH}\n\nShare\n\nAll rights are reserved by the board",
        BOTH,
        BOTH,
    ),
    "ours has more inside": (f"{P1}\n\n{P3}\n\n{P2}", BOTH, f"{P1}\n\n{P3}\n\n{P2}"),
    "theirs has little": (f"{BOTH}\n\n{P3}", P1, f"{BOTH}\n\n{P3}"),
    "theirs has much more": (P1, f"{BOTH}\n\n{P3}", f"{BOTH}\n\n{P3}"),
    "theirs has more short lines": (P1, P1 + "\n\nHome" * 50, P1),
    "ours has none": ("", BOTH, BOTH),
    "theirs has none": (BOTH, "", BOTH),
    "neither has any": ("", "", ""),
}


@pytest.mark.parametrize(("ours", "theirs", "better"), COMPARED.values(), ids=COMPARED)
def test_compare(ours: str, theirs: str, better: str) -> None:
    assert compare(ours, theirs) == better


CUT = {
    "script": ("a<script src=x>b</script>c", "ac"),
    "upper case": ("a<SCRIPT>b</Script >c", "ac"),
    "tags in it": ("a<script>'<b></p>'</script>c", "ac"),
    "style": ("a<style media=x>b > c</style>d", "ad"),
    "not closed": ("a<script>b</scrip", "a"),
    "another element": ("a<scripted>b</scripted>", "a<scripted>b</scripted>"),
    "comment": ("a<!-- <script> -- > b -->c", "ac"),
    "short comments": ("a<!-->b<!--->c", "abc"),
    "comment not closed": ("a<!-- b", "a"),
}


@pytest.mark.parametrize(("html", "rest"), CUT.values(), ids=CUT)
def test_cut(html: str, rest: str) -> None:
    assert cut_scripts(html) == (rest, [])


UNUSABLE = {
    "no bytes": (b"", EmptyDocument),
    "scripts alone": (b"<script>a()</script><script>b()</script>", EmptyDocument),
    "binary": (b"\x89PNG\r\n\x1a\n\0\0\0\r", NotText),
    "a feed": (b"<rss version='2.0'/>", Malformed),
    "plain text": (P1.encode(), Malformed),
    "paragraphs within paragraphs": (b"<p><object>hello " * 900 + b"x" * 20_000, TooComplex),
}


@pytest.mark.parametrize(("data", "error"), UNUSABLE.values(), ids=UNUSABLE)
def test_what_is_no_page(data: bytes, error: type[Exception]) -> None:
    with pytest.raises(error):
        read_page(Document("a.html", data, READ_AT))


def test_a_page_is_decoded_as_it_says() -> None:
    data = f"<html><meta charset=windows-1251><article><h1>Порт</h1>{TWO}</article></html>".encode("cp1251")
    assert read_page(Document("a.html", data, READ_AT), "fast").title == "Порт"


def test_the_profile_is_passed_on(tmp_path: Path) -> None:
    """An article of links alone is one that only the second extractor finds."""
    html = (
        "<article>" + "".join(f"<p><a href=/{n}>{text}</a></p>" for n, text in enumerate((P1, P2, P3))) + "</article>"
    )
    document = Document("a.html", html.encode(), READ_AT)
    bodies = {profile: parse_entries(document, str(tmp_path), profile)[0].body for profile in get_args(Profile)}
    assert bodies == {"accurate": f"{BOTH}\n\n{P3}", "fast": ""}
    assert next(parse_document(document)).body == bodies["accurate"]
