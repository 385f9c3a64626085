"""XML of a feed to dictionaries, by feedparser's own handlers: for all that the plain reader does not know.

feedparser.parse reads dates, merges captions into the text, makes links of guids, and falls back to a second
parser that takes quadratic time on hostile input. Here its handlers are driven over XML that is bounded and
well formed, with those handlers replaced.
"""

import io
from xml.sax.expatreader import ExpatParser
from xml.sax.handler import feature_external_ges
from xml.sax.xmlreader import InputSource

from feedparser import FeedParserDict
from feedparser.api import StrictFeedParser

from schemas.errors import Malformed
from transforms.parse.feed.feed import BYTES, Feed
from transforms.parse.feed.plain.elements import is_neutral


def read_with_feedparser(xml_bytes: bytes) -> Feed:
    """The feed in well-formed XML in UTF-8, unresolved and unsanitised. Raises Malformed where that fails."""
    handler = _Handler("", None, "utf-8")
    handler.resolve_relative_uris = handler.sanitize_html = False
    reader = _Reader(namespaceHandling=1)
    reader.setFeature(feature_external_ges, False)
    reader.setContentHandler(handler)
    reader.setErrorHandler(handler)
    source = InputSource()
    source.setByteStream(io.BytesIO(xml_bytes))
    source.setEncoding("utf-8")
    try:
        reader.parse(source)
    except Exception as error:  # the handlers raise what they happen to, such as KeyError for odd nesting
        raise Malformed(f"{type(error).__name__}: {error}"[:200]) from error
    items = [dict(item) for item in handler.entries]  # feedparser's own dictionaries answer for other keys too
    return Feed(dict(handler.feeddata), items, handler.version)


class _Reader(ExpatParser):
    """Gives text in long pieces: without a buffer every line end and reference is a piece of its own."""

    def reset(self) -> None:
        super().reset()
        self._parser.buffer_text = True  # type: ignore[attr-defined]


class _Handler(StrictFeedParser):  # type: ignore[misc]
    """feedparser's handlers, less those that guess, and linear in their input."""

    def __init__(self, base: str, language: str | None, encoding: str) -> None:
        super().__init__(base, language, encoding)
        self.is_permalink = False
        self.outer: list[tuple[str, str | None, int]] = []

    def unknown_starttag(self, tag: str, attrs: list[tuple[str, str]]) -> None:
        self.outer.append((self.baseuri, self.lang, self.depth))
        super().unknown_starttag(tag, attrs)

    def unknown_endtag(self, tag: str) -> None:
        """feedparser lets a base or a language that only one element has hold for what follows it."""
        super().unknown_endtag(tag)
        self.baseuri, self.lang, self.depth = self.outer.pop()

    def _is_base64(self, attributes: dict[str, str], params: dict[str, str]) -> bool:
        """Bytes of no type are decoded later, where it can be told whether that went well."""
        return params["type"] != BYTES and bool(super()._is_base64(attributes, params))

    def _start_link(self, attributes: dict[str, str]) -> None:
        attributes.pop("uri", None)  # another name of the page, such as in the AT protocol
        super()._start_link(attributes)

    def _end_link(self) -> None:
        """The text of a link that is not the page's own, such as an enclosure, is not the entry's link."""
        context = self._get_context()
        before = dict.get(context, "link")
        self.pop("link")
        links = context.get("links")
        if links and links[-1].get("rel") != "alternate" and dict.get(context, "link") != before:
            context["link"] = before or ""

    def _start_title(self, attributes: dict[str, str]) -> None:
        if self.inentry and self.inimage:
            self.push("unread", 1)
        else:
            super()._start_title(attributes)

    def _end_title(self) -> None:
        """The title of a picture in an entry is not the entry's."""
        if self.elementstack and self.elementstack[-1][0] == "unread":
            self.pop("unread")
        else:
            super()._end_title()

    def _start_guid(self, attributes: dict[str, str]) -> None:
        self.is_permalink = attributes.get("ispermalink", "true").strip().lower() == "true"
        self.push("id", 1)

    def _end_guid(self) -> None:
        guid = self.pop("id") or ""
        if self.is_permalink and guid.lower().startswith(("http://", "https://")):
            self._save("permalink", guid)

    def _start_id(self, attributes: dict[str, str]) -> None:
        self.push("id", 1)

    def _end_id(self) -> None:
        self.pop("id")

    def _end_author(self) -> None:
        text = self.pop("author")
        self.inauthor = 0
        people = self._get_context().get("authors")
        if text and people and not people[-1]:
            people[-1]["name"] = text

    _end_managingeditor = _end_author

    def _sync_author_detail(self, key: str = "author") -> None:
        """Names and addresses are told apart later."""

    def _add_tag(self, term: str | None, scheme: str | None, label: str | None) -> None:
        tag = FeedParserDict(term=term, scheme=scheme, label=label)
        self._get_context().setdefault("tags", []).append(tag)


def _keep_as_text(*elements: str, key: str) -> None:
    """Let the text of these elements (with feedparser's prefix) stand under `key`, and nothing else."""

    def start(handler: StrictFeedParser, attributes: dict[str, str]) -> None:
        handler.push(key, 1)

    def end(handler: StrictFeedParser) -> None:
        handler.pop(key)

    for element in elements:
        setattr(_Handler, f"_start_{element}", start)
        setattr(_Handler, f"_end_{element}", end)


_keep_as_text("published", "issued", "pubdate", "dcterms_issued", key="published")
_keep_as_text("updated", "modified", "lastbuilddate", "dcterms_modified", key="updated")
_keep_as_text("created", "dcterms_created", key="created")
_keep_as_text("dc_date", key="dc_date")
_keep_as_text("expirationdate", "dcterms_valid", key="expired")
# Of a picture or a recording, not the entry's own text.
_keep_as_text("media_title", key="media_title")
_keep_as_text("media_description", key="media_description")
_keep_as_text("itunes_summary", key="itunes_summary")
# Elements that would otherwise stand where a list or a dictionary is expected.
_keep_as_text("links", "authors", "author_detail", "contributors", "title_detail", "summary_detail", key="unread")
# Of no use here, and their handlers fail where they stand in odd places.
_keep_as_text("where", "width", "height", "cc_license", "creativecommons_license", key="unread")
_keep_as_text(*(f"media_{name}" for name in ("player", "rating", "credit", "restriction", "license")), key="unread")
_HANDLED = [name.removeprefix("_start_") for name in dir(StrictFeedParser) if name.startswith("_start_")]
_keep_as_text(*filter(is_neutral, _HANDLED), key="unread")
