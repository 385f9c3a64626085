"""Documents made to cost much: a table of what makes them, by size in bytes."""

from collections.abc import Callable

Maker = Callable[[int], bytes]


def repeat(unit: str, before: str = "", after: str = "") -> Maker:
    """A document of one unit, over and over."""
    return lambda size: (before + unit * (size // len(unit)) + after).encode()


def count(unit: str, before: str = "", after: str = "") -> Maker:
    """A document of one unit with a number in it."""
    length = len(unit.format(1_000_000))
    return lambda size: (before + "".join(unit.format(number) for number in range(size // length)) + after).encode()


RSS, END = '<rss version="2.0"><channel>', "</channel></rss>"
ITEM = "<item><title>a</title><description>"
END_ITEM = "</description></item>"

SLOW = "<textInput/>"  # sends a feed to the slow reader
TEXT = "a" * 18  # elements of that length are just not too many
MEDIA = f'<media:content url="{TEXT}"/>'
NAMESPACES = "".join(f" xmlns:n{number}='u{number}'" for number in range(190))

DOCUMENTS: dict[str, Maker] = {
    "slow reader: categories": repeat(f"<item>{f'<category>{TEXT}</category>' * 80_000}</item>", RSS + SLOW, END),
    "slow reader: media": repeat(f"<item>{MEDIA * 80_000}</item>", RSS + SLOW, END),
    "slow reader: namespaces": repeat(
        f"<item>{f'<n189:a>{TEXT}</n189:a>' * 80_000}</item>", f"<rss{NAMESPACES}><channel>{SLOW}", END
    ),
    "slow reader: XHTML": repeat(
        f"<item><description>{f'<p>{TEXT * 2}</p>' * 80_000}</description></item>", RSS + SLOW, END
    ),
    "slow reader: items": repeat(f"<item><title>{'a&lt;b>é' * 100}</title></item>", RSS + SLOW, END),
    "slow reader: accents": repeat(f"<item><title>{'é&amp;' * 500_000}</title></item>", RSS + SLOW, END),
    "slow reader: texts": repeat(f"<item><description>{'é &amp; ' * 200_000}</description></item>", RSS + SLOW, END),
    "items broken, each of 1 KB": repeat(
        f"<item><title>a&b</titel>{'x' * 900}<b></item>", f"<rss{NAMESPACES}><channel>", END
    ),
    "items broken, with many tags": repeat(f"<item>{'<a b=c>x</a>' * 200}</titel></item>", RSS, END),
    "references unknown, fewer": repeat(f"{'x' * 12}&harbour;", RSS + ITEM, END_ITEM + END),
    "elements nested": lambda size: (RSS + "<a>" * (size // 7) + "</a>" * (size // 7) + END).encode(),
    "elements nested, never closed": repeat("<a>", RSS),
    "items nested": lambda size: (RSS + "<item>" * (size // 13) + "</item>" * (size // 13) + END).encode(),
    "HTML nested in a text": repeat("&lt;div&gt;", RSS + ITEM, END_ITEM + END),
    "XHTML nested in a text": repeat("<div>", RSS + ITEM, END_ITEM + END),
    "one attribute": repeat("x", "<rss a='", "'><channel><item/></channel></rss>"),
    "attributes": count("a{}='' ", "<rss ", "><channel/></rss>"),
    "attributes without quotes": count("a{}=b ", "<rss ", "><channel/></rss>"),
    "attributes of an item": count("a{}='' ", RSS + "<item ", "/>" + END),
    "namespaces": count("<a xmlns:n{}='u'/>", RSS, END),
    "namespaces of one element": count("xmlns:n{0}='u{0}' ", "<rss ", "><channel/></rss>"),
    "prefixes not declared": count("<n{}:a/>", RSS, END),
    "empty items": repeat("<item/>", RSS, END),
    "items": repeat("<item><title>a</title></item>", RSS, END),
    "items with one address": repeat("<item><link>https://port.example/1</link></item>", RSS, END),
    "starts of items": repeat("<item>", RSS),
    "ends of items": repeat("</item>", RSS),
    "items broken": repeat("<item><title>a&b</titel></item>", RSS, END),
    "categories": repeat("<category>a</category>", RSS + "<item>", "</item>" + END),
    "categories that differ": count("<category>a{}</category>", RSS + "<item>", "</item>" + END),
    "links": repeat("<link>a</link>", RSS + "<item>", "</item>" + END),
    "pictures": repeat("<media:content url='a' medium='image'/>", RSS + "<item>", "</item>" + END),
    "authors": repeat("<author>a</author>", RSS + "<item>", "</item>" + END),
    "empty elements": repeat("<a/>", RSS, END),
    "one text": repeat("x", RSS + ITEM, END_ITEM + END),
    "one title": repeat("x ", RSS + "<item><title>", "</title></item>" + END),
    "one title of accents": repeat("é", RSS + "<item><title>", "</title></item>" + END),
    "references": repeat("&amp;", RSS + ITEM, END_ITEM + END),
    "references unknown": repeat("&a;", RSS + ITEM, END_ITEM + END),
    "references never ended": repeat("&a", RSS + ITEM, END_ITEM + END),
    "references to characters": repeat("&#233;", RSS + ITEM, END_ITEM + END),
    "entity definitions": count("<!ENTITY e{} 'x'>", "<!DOCTYPE rss [", "]>" + RSS + END),
    "document type": repeat("x", "<!DOCTYPE rss [", "]>" + RSS + END),
    "document types": repeat("<!DOCTYPE rss>", "", RSS + END),
    "comments": repeat("<!-- a -->", RSS, END),
    "comments before the root": repeat("<!-- a -->", "", RSS + END),
    "one comment": repeat("x", RSS + "<!--", "-->" + END),
    "comment never closed": repeat("<!--", RSS),
    "instructions": repeat("<?a b?>", RSS, END),
    "sections": repeat("<![CDATA[a]]>", RSS + ITEM, END_ITEM + END),
    "one section": repeat("x", RSS + ITEM + "<![CDATA[", "]]>" + END_ITEM + END),
    "section never closed": repeat("<![CDATA[", RSS + ITEM),
    "signs <": repeat("<", RSS),
    "signs < alone": repeat("<"),
    "signs &": repeat("&", RSS),
    "signs & alone": repeat("&"),
    "signs >": repeat(">", RSS),
    "quotes": repeat("\"'", "<rss a="),
    "quotes in tags": repeat("<a '>", RSS),
    "spaces": repeat(" ", "<rss", ">"),
    "spaces before the root": repeat(" ", "", RSS + END),
    "line ends": repeat("\r\n", RSS, END),
    "mojibake": repeat("Ã¼â€™", RSS + ITEM, END_ITEM + END),
    "bytes that are no UTF-8": lambda size: RSS.encode() + ITEM.encode() + b"\xe9 " * (size // 2),
    "bytes in UTF-16": lambda size: (RSS + "<item/>" * (size // 14) + END).encode("utf-16"),
    "control characters": repeat("&#7;\x0b", RSS + ITEM, END_ITEM + END),
    "tags never ended": repeat("<a b='", RSS),
    "root never ended": repeat("a ", "<rss "),
    "Atom entries": repeat("<entry><title>a</title></entry>", '<feed xmlns="http://www.w3.org/2005/Atom">', "</feed>"),
    "XHTML": repeat(
        "<p>a</p>",
        '<feed xmlns="http://www.w3.org/2005/Atom"><entry><content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">',
        "</div></content></entry></feed>",
    ),
    "JSON nested": lambda size: b"[" * (size // 2) + b"]" * (size // 2),
    "JSON objects nested": lambda size: b'{"a":' * (size // 6) + b"1" + b"}" * (size // 6),
    "JSON never closed": repeat('{"a":[', ""),
    "JSON Feed items": repeat(
        '{"id":"1","title":"a"},', '{"version":"https://jsonfeed.org/version/1.1","items":[', "{}]}"
    ),
    "JSON Feed tags": repeat(
        '"a",', '{"version":"https://jsonfeed.org/version/1.1","items":[{"id":"1","title":"a","tags":[', '"b"]}]}'
    ),
    "JSON surrogates": repeat(r"\ud800", '[{"title":"a","body":"', '"}]'),
    "JSON digits": repeat("1", '{"version":"https://jsonfeed.org/version/1.1","items":[{"id":', "}]}"),
    "JSON lines": repeat('{"title":"a"}\n'),
}
