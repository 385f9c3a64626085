"""RSS, RDF and Atom: what an entry takes from which element."""

from typing import Any

import pytest

from tests.parsing import atom, parse, parse_one, rss

RSS_ITEMS: dict[str, tuple[str, dict[str, Any]]] = {
    "title": ("<title> Harbour opens </title>", {"title": "Harbour opens", "markup": []}),
    "title with markup": (
        "<title>&lt;b&gt;Harbour&lt;/b&gt; opens</title>",
        {"title": "<b>Harbour</b> opens", "markup": ["title"]},
    ),
    "title with an entity twice": ("<title>R&amp;amp;D</title>", {"title": "R&amp;D", "markup": ["title"]}),
    "title in CDATA": ("<title><![CDATA[R&D opens]]></title>", {"title": "R&D opens", "markup": []}),
    "description": (
        "<description>One &lt;b>two&lt;/b></description>",
        {"description": "One <b>two</b>", "body": "", "markup": ["description"]},
    ),
    "content": (
        "<content:encoded><![CDATA[<p>One]]></content:encoded>",
        {"description": "", "body": "<p>One", "markup": ["body"]},
    ),
    "content and description": (
        "<description>One</description><content:encoded>&lt;p>One two</content:encoded>",
        {"description": "One", "body": "<p>One two", "markup": ["description", "body"]},
    ),
    "content before description": (
        "<content:encoded>&lt;p>One two</content:encoded><description>One</description>",
        {"description": "One", "body": "<p>One two"},
    ),
    "content that repeats the description": (
        "<description>One</description><content:encoded>One</content:encoded>",
        {"description": "", "body": "One"},
    ),
    "caption is no text": (
        "<description>One</description><media:description>A ship</media:description><media:title>Ship</media:title>",
        {"title": "", "description": "One", "body": ""},
    ),
    "caption before the title": (
        "<media:title>Ship</media:title><title>Harbour opens</title><media:description>A ship</media:description>",
        {"title": "Harbour opens", "description": "A ship", "body": "", "markup": []},
    ),
    "podcast summary": (
        "<itunes:summary>All of it</itunes:summary><description>Some of it</description>",
        {"description": "Some of it", "body": ""},
    ),
    "published": (
        "<pubDate> Sat, 22 Mar 2025 10:00:00 GMT </pubDate>",
        {"published_raw": "Sat, 22 Mar 2025 10:00:00 GMT", "published_source": "entry", "updated_raw": ""},
    ),
    "published as Dublin Core": (
        "<dc:date>2025-03-22</dc:date>",
        {"published_raw": "2025-03-22", "published_source": "entry"},
    ),
    "published and modified": (
        "<pubDate>22 Mar 2025</pubDate><dcterms:modified>2025-03-23</dcterms:modified>",
        {"published_raw": "22 Mar 2025", "published_source": "entry", "updated_raw": "2025-03-23"},
    ),
    "only modified": (
        "<atom:updated>2025-03-23</atom:updated>",
        {"published_raw": "2025-03-23", "published_source": "updated", "updated_raw": "2025-03-23"},
    ),
    "date that is none": ("<pubDate>yesterday</pubDate>", {"published_raw": "yesterday", "published_source": "entry"}),
    "no date": ("<title>a</title>", {"published_raw": "", "published_source": "", "updated_raw": ""}),
    "creators": ("<dc:creator>Ana Ruiz</dc:creator><dc:creator>Bo Li</dc:creator>", {"authors": ["Ana Ruiz", "Bo Li"]}),
    "author with address": ("<author>ana@port.example (Ana Ruiz)</author>", {"authors": ["Ana Ruiz"]}),
    "author as in mail": ("<author>Ana Ruiz &lt;ana@port.example></author>", {"authors": ["Ana Ruiz"]}),
    "only an address": ("<author>ana@port.example</author>", {"authors": ["ana@port.example"]}),
    "author with a tag": ("<author>&lt;i>Ana&lt;/i> Ruiz</author>", {"authors": ["<i>Ana</i> Ruiz"]}),
    "author in brackets": ("<author>Ana Ruiz &lt; ana@port.example ></author>", {"authors": ["Ana Ruiz"]}),
    "element of an unknown kind": (
        "<authors>Ana</authors><links>a</links><title_detail>b</title_detail><author_detail/><title>c</title>",
        {"authors": [], "title": "c", "link": ""},
    ),
    "title of a picture": (
        "<title>Harbour opens</title><image><title>Ship</title></image><category>a</category>",
        {"title": "Harbour opens", "categories": ["a"]},
    ),
    "picture before the title": (
        "<image><title>Ship</title></image><title>Harbour opens</title>",
        {"title": "Harbour opens"},
    ),
    "author with an entity": ("<dc:creator><![CDATA[Se&aacute;n]]></dc:creator>", {"authors": ["Seán"]}),
    "same author twice": ("<author>Ana</author><dc:creator>Ana</dc:creator>", {"authors": ["Ana"]}),
    "categories": (
        "<category domain='x'>Ports &amp;amp; ships</category><dc:subject>Trade</dc:subject>"
        "<category>Trade</category><category/>",
        {"categories": ["Ports & ships", "Trade"]},
    ),
    "widest picture": (
        "<media:content url='https://i.example/1.jpg' medium='image' width='140'/>"
        "<media:content url='https://i.example/2.jpg' medium='image' width='700'/>"
        "<media:content url='https://i.example/3.mp4' type='video/mp4' width='1920'/>",
        {"image_url": "https://i.example/2.jpg"},
    ),
    "picture in a group": (
        "<media:group><media:content url='https://i.example/1.jpg' type='image/jpeg'/></media:group>",
        {"image_url": "https://i.example/1.jpg"},
    ),
    "thumbnail": ("<media:thumbnail url='https://i.example/t.jpg'/>", {"image_url": "https://i.example/t.jpg"}),
    "enclosed picture": (
        "<enclosure url='https://i.example/a.mp3' type='audio/mpeg'/>"
        "<enclosure url='https://i.example/e.png' type='image/png'/>",
        {"image_url": "https://i.example/e.png", "link": ""},
    ),
    "cover": ("<itunes:image href='https://i.example/c.jpg'/>", {"image_url": "https://i.example/c.jpg"}),
    "source": ("<source url='https://wire.example/rss'>The Wire</source>", {"publisher": "The Wire"}),
    "publisher": ("<dc:publisher>The Wire</dc:publisher>", {"publisher": "The Wire"}),
    "rights": ("<dc:rights>Ana Ruiz</dc:rights>", {"rights": "Ana Ruiz"}),
    "language": ("<dc:language>de</dc:language>", {"language": "de"}),
    "nothing": ("", {"title": "", "description": "", "body": "", "link": "", "guid": "", "authors": [], "failure": ""}),
}

ATOM_ENTRIES: dict[str, tuple[str, dict[str, Any]]] = {
    "text": ("<title>R&amp;D opens</title>", {"title": "R&D opens", "markup": []}),
    "html": ("<title type='html'>R&amp;amp;D &lt;b>opens</title>", {"title": "R&amp;D <b>opens", "markup": ["title"]}),
    "xhtml": (
        "<content type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'><p>One <b>two</b></p></div></content>",
        {"body": "<p>One <b>two</b></p>", "markup": ["body"]},
    ),
    "plain content": ("<content>5 &lt; 6</content>", {"body": "5 < 6", "markup": []}),
    "summary and content": (
        "<summary>One</summary><content type='html'>&lt;p>One two</content>",
        {"description": "One", "body": "<p>One two", "markup": ["body"]},
    ),
    "content elsewhere": ("<content type='video/mp4' src='https://v.example/1'/>", {"body": ""}),
    "content in base64": (
        "<content type='application/octet-stream'>PHA+SGFyYm91cg==</content>",
        {"body": "<p>Harbour", "markup": ["body"]},
    ),
    "title in base64": ("<title type='application/octet-stream'> SGFy\n Ym91cg== </title>", {"title": "Harbour"}),
    "bytes that are no text": ("<content type='application/octet-stream'>/9j/4A==</content>", {"body": ""}),
    "bytes that are not in base64": ("<content type='application/octet-stream'>Harbour!</content>", {"body": ""}),
    "HTML in base64": ("<content type='text/html' mode='base64'>PHA+SGFyYm91cg==</content>", {"body": "<p>Harbour"}),
    "content of another kind": ("<content type='image/png'>aGFyYm91cg==</content>", {"body": ""}),
    "published": (
        "<published>2025-03-22T10:00:00Z</published><updated>2025-03-23T10:00:00Z</updated>",
        {"published_raw": "2025-03-22T10:00:00Z", "published_source": "entry", "updated_raw": "2025-03-23T10:00:00Z"},
    ),
    "updated": (
        "<updated>2025-03-23T10:00:00Z</updated>",
        {"published_raw": "2025-03-23T10:00:00Z", "published_source": "updated"},
    ),
    "author": ("<author><name>Ana Ruiz</name><email>ana@port.example</email></author>", {"authors": ["Ana Ruiz"]}),
    "author with address first": (
        "<author><email>ana@port.example</email><name>Ana Ruiz</name></author>",
        {"authors": ["Ana Ruiz"]},
    ),
    "author without name": ("<author><email>ana@port.example</email></author>", {"authors": ["ana@port.example"]}),
    "the feed's author": ("<title>a</title>", {"authors": ["The Harbour Board"]}),
    "label before term": (
        "<category term='p1' label='Ports'/><category term='Trade'/>",
        {"categories": ["Ports", "Trade"]},
    ),
    "id is no link": ("<id>https://port.example/1</id>", {"guid": "https://port.example/1", "link": ""}),
    "alternate link": (
        "<link rel='replies' href='https://port.example/r'/><link rel='enclosure' href='https://port.example/e'/>"
        "<link href='https://port.example/1'/>",
        {"link": "https://port.example/1"},
    ),
    "enclosure as a text": (
        "<link href='https://port.example/1'/><link rel='enclosure'>https://port.example/e</link>",
        {"link": "https://port.example/1"},
    ),
    "link of another type": (
        "<link type='text/plain' href='https://port.example/1'/>",
        {"link": "https://port.example/1"},
    ),
    "source": (
        "<source><title>The Wire</title><updated>2001-01-01</updated></source>",
        {"publisher": "The Wire", "published_raw": ""},
    ),
    "language": ("<title xml:lang='de'>Der Hafen</title>", {"language": "de"}),
    "rights": ("<rights>Ana Ruiz</rights>", {"rights": "Ana Ruiz"}),
}


def values(entry: object, names: dict[str, Any]) -> dict[str, Any]:
    return {name: getattr(entry, name) for name in names}


@pytest.mark.parametrize(("item", "expected"), RSS_ITEMS.values(), ids=RSS_ITEMS)
def test_rss(item: str, expected: dict[str, Any]) -> None:
    assert values(parse_one(rss(item)), expected) == expected


@pytest.mark.parametrize(("inside", "expected"), ATOM_ENTRIES.values(), ids=ATOM_ENTRIES)
def test_atom(inside: str, expected: dict[str, Any]) -> None:
    feed = atom(inside, feed="<author><name>The Harbour Board</name></author>")
    assert values(parse_one(feed), expected) == expected


def test_a_channel_lends_what_its_items_lack() -> None:
    channel = "<language>fr</language><copyright>The Board</copyright><lastBuildDate>22 Mar 2025</lastBuildDate>"
    bare, own = parse(rss("", "<dc:language>de</dc:language><dc:rights>Ana</dc:rights>", channel=channel))
    assert (bare.language, bare.rights, bare.feed_updated_raw) == ("fr", "The Board", "22 Mar 2025")
    assert (own.language, own.rights, own.feed_updated_raw) == ("de", "Ana", "22 Mar 2025")
    assert bare.published_raw == ""


def test_rss_items_do_not_take_the_editor_for_an_author() -> None:
    assert parse_one(rss("<title>a</title>", channel="<managingEditor>Ed</managingEditor>")).authors == []


OLD_FORMATS = {
    "RSS 0.91": '<rss version="0.91"><channel><item><title>Harbour</title><link>https://port.example/1</link></item></channel></rss>',
    "RSS 0.90": '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://my.netscape.com/rdf/simple/0.9/">'
    "<channel/><item><title>Harbour</title><link>https://port.example/1</link></item></rdf:RDF>",
    "RSS 1.0": '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"><channel/>'
    '<item rdf:about="https://port.example/1"><title>Harbour</title><link>https://port.example/1</link></item></rdf:RDF>',
    "Atom 0.3": '<feed version="0.3" xmlns="http://purl.org/atom/ns#"><entry><title>Harbour</title>'
    '<link rel="alternate" type="text/html" href="https://port.example/1"/></entry></feed>',
    "prefixed": '<a:feed xmlns:a="http://www.w3.org/2005/Atom"><a:entry><a:title>Harbour</a:title><a:link href="https://port.example/1"/>'
    "</a:entry></a:feed>",
    "a single entry": '<entry xmlns="http://www.w3.org/2005/Atom"><title>Harbour</title><link href="https://port.example/1"/></entry>',
    "upper case": "<RSS><CHANNEL><ITEM><TITLE>Harbour</TITLE><LINK>https://port.example/1</LINK></ITEM></CHANNEL></RSS>",
}


@pytest.mark.parametrize("feed", OLD_FORMATS.values(), ids=OLD_FORMATS)
def test_every_version_is_read(feed: str) -> None:
    entry = parse_one(feed)
    assert (entry.title, entry.link) == ("Harbour", "https://port.example/1")


def test_rdf_about_is_the_guid() -> None:
    assert parse_one(OLD_FORMATS["RSS 1.0"]).guid == "https://port.example/1"


def test_encodings_reach_the_entries() -> None:
    feed = "<?xml version='1.0' encoding='koi8-r'?><rss><channel><item><title>Порт</title></item></channel></rss>"
    assert parse_one(feed.encode("koi8-r")).title == "Порт"
    assert parse_one(feed.encode("utf-16")).title == "Порт"
    served = feed.replace(" encoding='koi8-r'", "").encode("koi8-r")
    assert parse_one(served, media_type="text/xml; charset=koi8-r").title == "Порт"
