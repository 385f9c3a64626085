"""Feeds made at random of what feeds hold, in its place and out of it, for tests that compare two readers."""

from random import Random
from xml.sax.saxutils import escape, quoteattr


def words(text: str) -> list[str]:
    """The words of a text."""
    return text.split()


NAMES = words(
    "title link description guid pubDate category author enclosure source comments image language copyright id "
    "updated published summary content rights contributor name email uri item entry channel generator icon logo "
    "modified issued created tagline info body fullitem abstract keywords tags date permalink links authors "
    "title_detail media_content creator published_parsed url href lastBuildDate managingEditor webMaster "
    "textInput cloud ttl Title LINK dc:title dc:creator dc:date dc:description dc:subject dc:language dc:rights "
    "dc:publisher dc:contributor dc:identifier dcterms:modified dcterms:created dcterms:issued dcterms:valid "
    "content:encoded media:content media:thumbnail media:group media:title media:description media:credit "
    "media:category media:keywords media:rating media:player itunes:author itunes:summary itunes:subtitle "
    "itunes:image itunes:keywords itunes:title itunes:owner itunes:name itunes:category itunes:explicit "
    "feedburner:origLink atom:link atom:updated atom:author atom:title slash:comments georss:point "
    "georss:featurename gml:pos x:thing x:title x:detail thr:total cc:license creativeCommons:license xhtml:div "
    "psc:chapters"
)
ITEM_NAMES = words(
    "title link description guid pubDate category author enclosure dc:creator dc:date content:encoded "
    "media:content media:thumbnail media:group atom:link summary content updated published id category rights "
    "source x:thing thr:total media:description itunes:summary"
)
CHANNEL_NAMES = words(
    "link description pubDate category author generator language copyright updated published rights image "
    "contributor lastBuildDate managingEditor x:thing dc:date dc:creator dc:language title ttl"
)
INSIDE = {
    "author": ["name", "email", "uri", "x:thing"],
    "contributor": ["name", "email"],
    "source": ["title", "link", "id", "updated", "author", "x:thing"],
    "image": ["title", "link", "url", "width", "height", "description"],
    "media:group": ["media:content", "media:thumbnail", "media:title", "media:description", "x:thing"],
    "media:content": ["media:thumbnail", "media:title", "media:description", "media:credit", "media:keywords"],
    "itunes:owner": ["itunes:name", "itunes:email"],
    "x:thing": ["x:other", "thr:total", "x:title"],
}
TEXTS = [
    *[
        "",
        " ",
        "Harbour opens",
        " a \n b ",
        "R&D",
        "<b>Port</b> opens",
        "&lt;b>",
        "5 < 6 & 7",
        "Caf&eacute;</i>",
        "x &copy; y",
    ],
    *["https://port.example/1", "/1?a=b&c=d", "http:////port.example/2", "https://port.example/?a&amp;b&c;d", "urn:1"],
    *[
        "Zürich",
        "ZÃ¼rich",
        "quo\x93te\x94",
        "Порт",
        "ana@port.example (Ana Ruiz)",
        "a, b,,c",
        "2025-03-22",
        "de_AT",
        "yes",
    ],
    *["VGhlIHBvcnQ=", "<p>a</p><unknown/>", "\xa0", "0.5 1.5"],
]
XHTML = [
    '<div xmlns="http://www.w3.org/1999/xhtml"> <p class="a" title="x &lt; &quot;y">R&amp;D</p><br/> </div>',
    "<xhtml:div>a</xhtml:div>",
    " <xhtml:div><xhtml:div>a</xhtml:div>b</xhtml:div>\n",
    "<xhtml:div>a</xhtml:div><xhtml:div>b</xhtml:div>",
    '<xhtml:p xml:lang="de" REL="A">&lt;a&gt;</xhtml:p> <!-- b --> c',
    "<p>a</p>",
    "a &lt;b&gt;",
    "<xhtml:div><x:thing/></xhtml:div>",
    '<xhtml:div x:title="a">b</xhtml:div>',
    "<xhtml:body>b</xhtml:body>",
    "",
]
ATTRIBUTES = {
    "type": ["html", "text", "xhtml", "xhtml", "text/html", "TEXT", "image/png", "", "text/plain", "video/mp4"],
    "rel": ["alternate", "self", "enclosure", "Alternate", "license", ""],
    "href": ["https://port.example/3", "4", "", "http:///port.example"],
    "url": ["https://i.example/1.png", ""],
    "isPermaLink": ["true", "false", " TRUE "],
    "term": ["Ports", ""],
    "label": ["Ports & ships"],
    "scheme": ["https://port.example/scheme"],
    "domain": ["x"],
    "medium": ["image", "video"],
    "width": ["100", "x", "2000"],
    "mode": ["escaped", "base64", "xml"],
    "xml:lang": ["de", "en_GB", ""],
    "lang": ["fr"],
    "xml:base": ["https://other.example/b/", "https://other.example/b/", "c/", "javascript:", "HTTPS://other.example"],
    "base": ["https://third.example/"],
    "rdf:about": ["https://port.example/about"],
    "x:title": ["a"],
    "text": ["Sea"],
    "src": ["https://port.example/5"],
}
ROOTS = {
    "rss": '<rss version="2.0" {0}><channel {1}>{2}</channel>{3}</rss>',
    "rss 0.91": '<rss version="0.91" {0}><channel {1}>{2}{3}</channel></rss>',
    "rss of a namespace": '<rss xmlns="http://backend.userland.com/rss2" {0}><channel {1}>{2}{3}</channel></rss>',
    "atom": '<feed xmlns="http://www.w3.org/2005/Atom" {0} {1}>{2}{3}</feed>',
    "atom 0.3": '<feed version="0.3" xmlns="http://purl.org/atom/ns#" {0} {1}>{2}{3}</feed>',
    "rdf": '<rdf:RDF xmlns="http://purl.org/rss/1.0/" {0}><channel {1}>{2}</channel>{3}</rdf:RDF>',
    "bare rdf": "<rdf:RDF {0}><channel {1}>{2}</channel>{3}</rdf:RDF>",
}
NAMESPACES = {
    "dc": "http://purl.org/dc/elements/1.1/",
    "dcterms": "http://purl.org/dc/terms/",
    "content": "http://purl.org/rss/1.0/modules/content/",
    "media": "http://search.yahoo.com/mrss/",
    "itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
    "feedburner": "http://rssnamespace.org/feedburner/ext/1.0",
    "slash": "http://purl.org/rss/1.0/modules/slash/",
    "georss": "http://www.georss.org/georss",
    "gml": "http://www.opengis.net/gml",
    "x": "https://port.example/ns",
    "thr": "http://purl.org/syndication/thread/1.0",
    "cc": "http://web.resource.org/cc/",
    "creativeCommons": "http://backend.userland.com/creativeCommonsRssModule",
    "xhtml": "http://www.w3.org/1999/xhtml",
    "psc": "http://podlove.org/simple-chapters",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "atom": "http://www.w3.org/2005/Atom",
}
ODD_NAMESPACES = [
    'xmlns:media="http://search.yahoo.com/mrss"',
    'xmlns:media="https://search.example/mrss/"',
    'xmlns:dc="http://purl.org/rss/1.0/"',
    'xmlns:y="http://purl.org/dc/elements/1.1/"',
    'xmlns:xlink="http://www.w3.org/1999/xlink"',
    'xmlns:title="https://port.example/t"',
    'xmlns:y="https://port.example/ns"',
    'xmlns="https://port.example/ns"',
]


def make_feed(seed: int) -> str:
    """A feed, the same for the same seed. The more of it is usual, the more of it both readers read."""
    random = Random(seed)
    strangeness = random.choice([0.0, 0.0, 0.02, 0.1, 0.3])
    declared = dict(NAMESPACES)
    root = random.choices(list(ROOTS), weights=[4, 2, 0.3, 4, 1, 2, 0.3])[0]
    if root.startswith("rdf") and random.random() < 0.7:
        del declared["atom"]
    names = [f'xmlns:{prefix}="{uri}"' for prefix, uri in declared.items()]
    if random.random() < strangeness:
        odd = random.choice(ODD_NAMESPACES)
        names = [name for name in names if not name.startswith(odd.partition("=")[0] + "=")] + [odd]
    known = {name for name in (*NAMES, *ITEM_NAMES) if name.partition(":")[0] in declared or ":" not in name}
    tag = "entry" if root.startswith("atom") else "item"
    channel = [_element(random, known, name, strangeness, 3) for name in random.sample(CHANNEL_NAMES, 3)]
    if random.random() < strangeness:
        channel.append(_element(random, known, random.choice(sorted(known)), strangeness, 3))
    items = [_item(random, known, tag, strangeness) for _ in range(random.randint(0, 3))]
    opening = " ".join(names) + (_attributes(random, 1) if random.random() < 0.2 else "")
    return ROOTS[root].format(opening, "", "".join(channel) + "<title>Harbour news</title>", "".join(items))


def _item(random: Random, known: set[str], tag: str, strangeness: float) -> str:
    usual = [name for name in ITEM_NAMES if name in known]
    names = random.sample(usual, random.randint(0, 8))
    names += [random.choice(sorted(known)) for _ in range(4) if random.random() < strangeness]
    inside = "".join(_element(random, known, name, strangeness, 3) for name in names)
    return f"<{tag}{_attributes(random, strangeness / 3)}>{inside}</{tag}>"


def _element(random: Random, known: set[str], name: str, strangeness: float, depth: int) -> str:
    attributes = _attributes(random, 0.4)
    if name.endswith("link") and random.random() < 0.5 and "href" not in attributes:
        attributes += ' href="https://port.example/6"'
    inside = ""
    if 'type="xhtml"' in attributes:
        return f"<{name}{attributes}>{random.choice(XHTML)}</{name}>"
    if depth and name in INSIDE and random.random() < 0.7:
        children = [child for child in INSIDE[name] if ":" not in child or child.partition(":")[0] in NAMESPACES]
        inside = "".join(_element(random, known, child, strangeness, depth - 1) for child in random.sample(children, 2))
    if depth and random.random() < strangeness:
        inside += _element(random, known, random.choice(sorted(known)), strangeness, depth - 1)
    is_silent = inside or name == "media:thumbnail" or (name == "link" and depth < 3)
    text = random.choice(TEXTS) if not is_silent or random.random() < strangeness else ""
    escaped = f"<![CDATA[{text}]]>" if random.random() < 0.3 else escape(text)
    if random.random() < 0.1:
        escaped += "<!-- a -->" + escape(random.choice(TEXTS))
    return f"<{name}{attributes}>{escaped}{inside}</{name}>" if escaped or inside else f"<{name}{attributes}/>"


def _attributes(random: Random, share: float) -> str:
    if random.random() >= share:
        return ""
    names = random.sample(list(ATTRIBUTES), random.randint(1, 3))
    return "".join(f" {name}={quoteattr(random.choice(ATTRIBUTES[name]))}" for name in names)
