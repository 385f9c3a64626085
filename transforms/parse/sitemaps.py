"""News sitemaps to entries, one for each page that they list with a title.

Sources: https://www.sitemaps.org/protocol.html, and the news and image extensions of
https://developers.google.com/search/docs/crawling-indexing/sitemaps/news-sitemap. Elements are known by their
names without prefixes, for many sitemaps declare theirs wrongly or not at all.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.parsers import expat

from schemas.errors import Malformed, NotANewsSitemap, SitemapIndex, TooComplex
from schemas.records import Document, Entry
from transforms.parse.bounds import MAX_ATTRIBUTES, MAX_DEPTH, describe_excess, parse_in_chunks
from transforms.parse.failures import failed_entry
from transforms.parse.feed.repair_tags import repair_references

MAX_PAGES = 50_000  # the protocol's own

_WITH_SUBSCRIPTION = ("subscription", "registration")

Item = dict[str, str]  # texts by path below the item: `loc`, `news/title`


def parse_sitemap(document: Document, text: str) -> Iterator[Entry]:
    """The entries of a sitemap in document order, then a failed entry for the pages that are left out.

    A sitemap without any page has no entries: many a site has no news of the last two days, which is all they list.
    Raises SitemapIndex for a list of sitemaps, NotANewsSitemap where no page has a title, TooComplex or
    Malformed where nothing of the document can be used.
    """
    listing = _read(text)
    if listing.root == "sitemapindex":
        raise SitemapIndex(f"a list of {listing.count:,} sitemaps, to be given one by one: {_first_address(listing)}")
    titled = [item for item in listing.items if item.get("news/title") and item.get("loc")]
    if listing.items and not titled:
        raise NotANewsSitemap(f"{listing.count:,} pages without news titles: {_first_address(listing)}")
    yield from (_to_entry(document, item) for item in titled)
    if untitled := len(listing.items) - len(titled):
        yield failed_entry(document, "NotANewsSitemap", f"{untitled:,} more pages without news titles", document.url)
    if listing.count > MAX_PAGES:
        yield failed_entry(document, "TooManyEntries", describe_excess(listing.count, MAX_PAGES), document.url)


def _to_entry(document: Document, item: Item) -> Entry:
    published, updated = item.get("news/publication_date", ""), item.get("lastmod", "")
    return Entry(
        source=document.source,
        read_at=document.read_at,
        feed_url=document.source if document.is_feed else "",
        collection=document.collection,
        zone=document.zone,
        link=item["loc"],
        title=item["news/title"],
        categories=_names(item.get("news/keywords", "")) + _names(item.get("news/genres", "")),
        image_url=item.get("image/loc", ""),
        paywalled=True if item.get("news/access", "").lower() in _WITH_SUBSCRIPTION else None,
        language=item.get("news/publication/language", ""),
        published_raw=published or updated,
        published_source="entry" if published else "updated" if updated else "",
        updated_raw=updated,
    )


def _names(keywords: str) -> list[str]:
    return list(dict.fromkeys(name for word in keywords.split(",") if (name := word.strip())))


@dataclass
class _Listing:
    """The items below the root of a sitemap, as one pass of a parser finds them."""

    root: str = ""
    items: list[Item] = field(default_factory=list)
    count: int = 0
    path: list[str] = field(default_factory=list)
    text: list[str] = field(default_factory=list)

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self.path.append(name.rpartition(":")[2])
        self.text.clear()
        if len(self.path) > MAX_DEPTH or len(attributes) > MAX_ATTRIBUTES:
            raise TooComplex(f"over {MAX_DEPTH} elements nested, or {MAX_ATTRIBUTES} attributes of one")
        if len(self.path) == 1:
            self.root = self.path[0].lower()
        if len(self.path) == 2:
            self.count += 1
            if self.count <= MAX_PAGES:
                self.items.append({})

    def end(self, _: str) -> None:
        if len(self.path) > 2 and self.count <= MAX_PAGES and (text := "".join(self.text).strip()):
            self.items[-1].setdefault("/".join(self.path[2:]), text)
        self.text.clear()
        self.path.pop()


def _read(text: str) -> _Listing:
    try:
        return _parse(text)
    except expat.ExpatError:
        try:
            return _parse(repair_references(text))
        except expat.ExpatError as error:
            raise Malformed(f"a sitemap that is not well-formed XML: {error}") from error


def _parse(text: str) -> _Listing:
    listing = _Listing()
    parser = expat.ParserCreate("utf-8")
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler = listing.start, listing.end
    parser.CharacterDataHandler = listing.text.append
    parser.EntityDeclHandler = _refuse_entity
    parse_in_chunks(parser, text.strip().encode())
    return listing


def _refuse_entity(*_: object) -> None:
    raise TooComplex("entity definitions")


def _first_address(listing: _Listing) -> str:
    return next((item["loc"][:200] for item in listing.items if "loc" in item), "no address")
