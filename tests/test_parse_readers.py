"""Two readers of feeds: which one a feed takes, and that both make the same entries."""

from itertools import filterfalse
from pathlib import Path

import pytest
from feedparser.api import StrictFeedParser

from benchmarks.quality.feed_readers import DIFFERENT, SAME, SLOW, compare_readers
from schemas.records import Document
from tests.feed_makers import make_feed
from tests.parsing import atom, rss
from transforms.parse.bounds import MAX_ATTRIBUTES, MAX_DEPTH, MAX_ELEMENTS, MAX_ENTRIES, MAX_NAMESPACES
from transforms.parse.decode import decode
from transforms.parse.feed.plain.elements import ELEMENTS, NotPlain, find_element, is_neutral
from transforms.parse.feed.plain.reader import read_plain_feed
from transforms.parse.feed.reader import choose_reader
from transforms.parse.feed.well_formed import cut_to_root
from transforms.parse.sniff import Format, tell_format

DATA = Path(__file__).parent.parent.parent / "shared" / "data"
needs_data = pytest.mark.skipif(not DATA.exists(), reason="the data beside the project is not at hand")

XHTML = "<div xmlns='http://www.w3.org/1999/xhtml'>{}</div>"
RDF = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" {}>
<channel/><item><title>a</title></item></rdf:RDF>"""
FOREIGN = "<x:x xmlns:x='https://port.example/w'/>"
WHOLE = "<title>a</title><link>https://port.example/1</link><pubDate>22 Mar 2025</pubDate><description>b</description>"

# Each feed with why the plain reader leaves it to feedparser; nothing where it does not.
PATHS = {
    "usual items": (rss(WHOLE), ""),
    "usual entries": (atom("<title>a</title><link href='https://port.example/1'/><updated>2025</updated>"), ""),
    "no items": (rss(), ""),
    "RDF": (RDF.format('xmlns="http://purl.org/rss/1.0/"'), ""),
    "RDF of no known version": (RDF.format(""), "no known version"),
    "repaired": (rss("<title>R&D opens</titel>"), ""),
    "element without meaning": (rss("<x>a<y z='1'/></x><x z='1'>b</x>"), ""),
    "element of another namespace": (rss("<w:a xmlns:w='https://port.example/w'>a</w:a>"), ""),
    "namespace by its prefix": (rss("<media:x/>").replace("search.yahoo.com", "search.example"), ""),
    "namespace without prefix": (rss("<site xmlns='https://port.example/w'>a</site>"), ""),
    "namespace with and without prefix": (
        rss("<site xmlns='https://port.example/w'>a</site><w:b xmlns:w='https://port.example/w'/>"),
        "with and without a prefix",
    ),
    "captions": (
        rss("<media:description>a</media:description><media:content><media:description>b</media:description></media:content>"),
        "",
    ),
    "XHTML": (atom(f"<content type='xhtml'>{XHTML.format('<p>a</p>')}</content>"), ""),
    "foreign element in XHTML": (atom(f"<content type='xhtml'>{XHTML.format(FOREIGN)}</content>"), "in a text"),
    "element in a text": (rss("<description>a<b>b</b></description>"), "b in leaf"),
    "element known to feedparser": (rss("<fullitem>a</fullitem>"), "fullitem in item"),
    "element in an odd place": (rss("<guid><title>a</title></guid>"), "title in leaf"),
    "element in one without meaning": (rss("<x><title>a</title></x>"), "title in unknown"),
    "element under a name that is read": (rss("<permalink>a</permalink>"), "permalink in item"),
    "text in base64": (rss("<description mode='base64'>YQ==</description>"), "mode base64"),
    "type that is no text": (atom("<content type='image/png'>YQ==</content>"), "image/png"),
    "two titles": (rss("<title>a</title><title>b</title>"), "two titles"),
    "text after the title of a source": (atom("<source><title>a</title>b</source>"), "text between elements"),
    "two titles of a source": (atom("<source><title>a</title><title>b</title></source>"), "two titles of a source"),
    "two summaries": (rss("<description>a</description><description>b</description>"), "two summaries"),
    "text around a name": (atom("<author>a<name>b</name></author>"), "text between elements"),
    "relative base": (atom(WHOLE, attributes="xml:base='a/'"), "base a/"),
    "two namespaces for a prefix": (rss("<dc:date xmlns:dc='https://port.example/w'>a</dc:date>"), "two namespaces"),
    "a prefix for another": (rss("<dc:a/>").replace("/dc/elements/1.1/", "/dc/terms/"), "dc for"),
    "as CDF": (rss("").replace("<item>", "<item href='https://port.example/1'>"), "CDF"),
    "another root": ("<channel><item/></channel>", "channel in document"),
}  # fmt: skip


@pytest.mark.parametrize(("feed", "reason"), PATHS.values(), ids=PATHS)
def test_which_path_a_feed_takes(feed: str, reason: str) -> None:
    found = choose_reader(feed)[2]
    assert reason in found
    assert bool(reason) == bool(found)


AFTER_THE_ROOT = {
    "a script that a server adds": (" <script src='/decode.js'></script>", 1),
    "text": ("\nfatal error: out of memory", 1),
    "a comment that holds the end tag": ("<!-- </rss> -->", 1),
    "another entry": ("<item><title>second</title></item>", 2),
}


@pytest.mark.parametrize(("rest", "entries"), AFTER_THE_ROOT.values(), ids=AFTER_THE_ROOT)
def test_what_follows_the_root_spoils_nothing(rest: str, entries: int) -> None:
    feed, lost, slow = choose_reader(rss("<title>first</title>") + rest)
    assert (len(feed.items), lost, slow) == (entries, [], "")


def test_references_are_the_least_repair() -> None:
    feed, lost, slow = choose_reader(rss("<title>Salt &amp; pepper&nbsp;&copy; R&D</title>"))
    assert (feed.items[0]["title_detail"]["value"], lost, slow) == ("Salt & pepper\xa0© R&D", [], "")


OVER_BOUNDS = {
    "nesting": rss("<x>" * MAX_DEPTH + "</x>" * MAX_DEPTH),
    "nesting in XHTML": atom(f"<content type='xhtml'>{XHTML.format('<p>' * MAX_DEPTH + '</p>' * MAX_DEPTH)}</content>"),
    "attributes": rss("<x " + " ".join(f"a{number}=''" for number in range(MAX_ATTRIBUTES + 1)) + "/>"),
    "namespaces": rss("".join(f"<x xmlns:n{number}='u{number}'/>" for number in range(MAX_NAMESPACES))),
    "entries": rss(*[""] * (MAX_ENTRIES + 1)),
    "elements": rss("<x/>" * (MAX_ELEMENTS + 1)),
    "an entry": rss("a" * (3 << 20)),
}


@pytest.mark.parametrize("feed", OVER_BOUNDS.values(), ids=OVER_BOUNDS)
def test_the_plain_reader_leaves_what_is_over_the_bounds(feed: str) -> None:
    with pytest.raises(NotPlain, match="over the bounds"):
        read_plain_feed(cut_to_root(feed).encode())


HANDLED = {
    name.lower().removeprefix("_start_").removeprefix("_end_")
    for name in dir(StrictFeedParser)
    if name.startswith(("_start_", "_end_"))
}


@pytest.mark.parametrize("scope", ELEMENTS)
def test_what_feedparser_handles_is_in_the_table_or_refused(scope: str) -> None:
    assert len(HANDLED) > 100
    for name in filterfalse(is_neutral, HANDLED):
        prefix, _, local = name.rpartition("_")
        if f"{prefix}:{local}".lstrip(":") not in ELEMENTS[scope]:
            with pytest.raises(NotPlain):
                find_element(scope, prefix, local)


def test_made_feeds_are_read_alike() -> None:
    """Feeds made at random, the usual and the odd ones; about a third of them are read by both."""
    outcomes = [compare_readers(Document(str(seed), make_feed(seed).encode(), 0)) for seed in range(300)]
    assert [detail for outcome, detail in outcomes if outcome == DIFFERENT] == []
    assert sum(outcome == SAME for outcome, _ in outcomes) > 90


@pytest.mark.parametrize("name", [name for name, (_, reason) in PATHS.items() if not reason])
def test_plain_feeds_are_read_alike(name: str) -> None:
    assert compare_readers(Document("a", PATHS[name][0].encode(), 0)) == (SAME, "")


@needs_data
def test_real_feeds_are_read_alike_and_take_the_fast_path() -> None:
    paths = sorted((DATA / "feeds_real").rglob("*.xml"))
    outcomes = [compare_readers(Document(path.name, path.read_bytes(), 0))[0] for path in paths if is_feed(path)]
    assert set(outcomes) <= {SAME, SLOW}
    assert outcomes.count(SAME) >= 0.95 * len(outcomes) > 0


@needs_data
def test_conformance_suites_are_read_alike() -> None:
    """Every fifth of their feeds; `benchmarks.quality.feed_readers` takes all."""
    paths = sorted((DATA / "feeds_conformance").rglob("*.xml"))[::5]
    outcomes = [compare_readers(Document(path.name, path.read_bytes(), 0)) for path in paths]
    assert [detail for outcome, detail in outcomes if outcome == DIFFERENT] == []
    assert sum(outcome == SAME for outcome, _ in outcomes) > 600


def is_feed(path: Path) -> bool:
    return tell_format(decode(path.read_bytes())) is Format.FEED
