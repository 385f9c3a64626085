"""What was taken down leaves documents that are kept as they came, and packs that wait; the rest of them stays."""

import json
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from pipelines.command import main
from schemas.records import Document
from tests.dataset import NOON
from tests.every_byte import holds
from tests.feed_server import serving
from tests.make import READ_AT, article, entry, story
from tests.object_store import OBJECTS
from tests.runs import ingest_articles, rows_of, settle_articles
from transforms.deduplicate.keys import gather_facts
from transforms.deduplicate.stored.forgotten import NOTHING_FORGOTTEN, Forgotten
from transforms.deduplicate.stored.remembered import KeyFiles, list_key_files
from transforms.forget.documents import without_forgotten
from transforms.forget.forget import forget
from transforms.forget.mentions import hold_entries, is_reject_held, mentions
from transforms.forget.selection import Selection, address_key
from transforms.forget.tombstones import look_up_tombstones, make_tombstones, taken_down
from transforms.keep_raw import pack_document, write_raw
from transforms.parse import parse_document
from transforms.reclean.kept import list_kept, read_kept
from transforms.rejects import rejects_table, to_reject
from transforms.write.commit import commit
from transforms.write.raw import list_raw
from transforms.write.staging import begin

SOURCE = "https://a.example/feed"
GONE = "https://a.example/2"
FORGOTTEN = taken_down(np.array([address_key(GONE)], np.uint64))
NO_KEYS = KeyFiles("", (), (), ())


def rss(*numbers: int, head: str = "") -> bytes:
    texts = "<item><title>Story {0} &amp; more</title><link>https://a.example/{0}</link><description>{1}</description></item>"
    items = "".join(texts.format(n, story(n)) for n in numbers)
    return f'<rss version="2.0"><channel><title>a > b</title>{head}{items}</channel></rss>'.encode()


def atom(*numbers: int) -> bytes:
    entries = "".join(
        f'<a:entry><a:title>Story {n}</a:title><a:link href="https://a.example/{n}"/><a:content>{story(n)}</a:content></a:entry>'
        for n in numbers
    )
    return f'<a:feed xmlns:a="http://www.w3.org/2005/Atom"><a:title>A</a:title>{entries}</a:feed>'.encode()


def json_feed(*numbers: int) -> bytes:
    items = [{"id": str(n), "url": f"https://a.example/{n}", "content_text": story(n)} for n in numbers]
    return json.dumps({"version": "https://jsonfeed.org/version/1.1", "title": "A", "items": items}).encode()


def page(number: int) -> bytes:
    head = f'<head><link rel="canonical" href="https://a.example/{number}"></head>'
    return f"<html>{head}<body><article><h1>Story</h1><p>{story(number, 200)}</p></article></body></html>".encode()


def document(data: bytes, **given: Any) -> Document:
    return Document(**{"source": SOURCE, "data": data, "read_at": NOON, "url": SOURCE, "is_feed": True} | given)


# A document, and the bytes that are left of it, if any.
CUT = {
    "RSS": (rss(1, 2, 3), rss(1, 3)),
    "the first of Atom, with a prefix": (atom(2, 1), atom(1)),
    "the only one": (rss(2), rss()),
    "none of it": (rss(1, 3), rss(1, 3)),
    "a JSON feed": (json_feed(1, 2, 3), json.dumps(json.loads(json_feed(1, 3)), separators=(",", ":")).encode()),
    "named in the channel, too": (rss(1, 2, head=f"<image><link>{GONE}</link></image>"), None),
    "not well-formed": (rss(1, 2).replace(b"</channel>", b""), None),
    "an encoding of several bytes": (b"<?xml version='1.0' encoding='gb2312'?>" + rss(1, 2), None),
    "UTF-16": (f"<?xml version='1.0' encoding='utf-16'?>{rss(1, 2).decode()}".encode("utf-16"), None),
    "no feed that can be read": (b"<html>see https:\\/\\/a.example\\/2 for more</html>", None),
    "no feed, of something else": (b"<html>see https://a.example/3 for more</html>", b""),
}


@pytest.mark.parametrize(("data", "left"), CUT.values(), ids=CUT)
def test_entries_are_cut_out_of_feeds(data: bytes, left: bytes | None) -> None:
    given = document(data)
    rest = without_forgotten(given, FORGOTTEN)
    assert (rest and rest.data) == (left if left != b"" else data)
    assert without_forgotten(given, NOTHING_FORGOTTEN) is given
    if rest and left:
        links = [entry.link for entry in parse_document(rest)]
        assert links == [entry.link for entry in parse_document(given) if entry.link != GONE]


WHOLE = {
    "a page by its address": (document(page(2), source=GONE, url=GONE, is_feed=False), True),
    "a page by what it says of itself": (document(page(2), source="x.html", url="", is_feed=False), True),
    "another page": (document(page(3), source="https://a.example/3", url="", is_feed=False), False),
    "a failure": (document(b"", failure="FetchFailed"), False),
}


@pytest.mark.parametrize(("given", "is_gone"), WHOLE.values(), ids=WHOLE)
def test_pages_go_whole(given: Document, is_gone: bool) -> None:
    assert (without_forgotten(given, FORGOTTEN) is None) == is_gone


MENTIONED = {
    "plain": (b"at https://a.example/2 .", True),
    "with an end": (b"(see https://www.example.org, http://a.example/2/).", True),
    "JSON": (b'"https:\\/\\/a.example\\/2"', True),
    "XML": (b"<a href='https://a.example/2?utm_source=x&amp;utm_medium=y'>", True),
    "another": (b"https://a.example/22 https://a.example/ https://[x https://", False),
    "no text": (bytes(range(256)), False),
}


@pytest.mark.parametrize(("data", "is_met"), MENTIONED.values(), ids=MENTIONED)
def test_addresses_are_met_as_they_are_written(data: bytes, is_met: bool) -> None:
    assert mentions(data, FORGOTTEN) == is_met


def forgotten_article() -> Forgotten:
    facts = gather_facts([article(url=GONE, guid="g2", source=SOURCE, body=story(2))])
    keys = np.array([[0, *(int(facts[name][0]) for name in ("url", "guid", "text"))]], np.uint64)
    return look_up_tombstones(make_tombstones(Selection(urls=(GONE,)), keys[0, 1:2], keys[0, :0], keys))


HELD = {
    "by its link": (entry(link="http://a.example/2/amp?utm_source=x", body="b"), True),
    "by its guid": (entry(link="https://a.example/moved", guid="g2", source=SOURCE, body="b"), True),
    "by a guid of another source": (entry(link="https://a.example/x", guid="g2", source="other", body="b"), False),
    "by its text": (entry(link="https://z.example/9", body=story(2)), True),
    "without a text": (entry(link=GONE, title=""), True),
    "by nothing": (entry(link="https://a.example/3", body=story(3)), False),
}


@pytest.mark.parametrize(("given", "is_held"), HELD.values(), ids=HELD)
def test_entries_are_known_by_any_key(given: Any, is_held: bool) -> None:
    assert hold_entries([given, entry(link="https://a.example/4")], forgotten_article()).tolist() == [is_held, False]
    reject = to_reject((given, (KeyError, "why", [])))
    fields = rejects_table([reject]).to_pylist()[0]
    assert is_reject_held(fields, forgotten_article()) == is_held
    assert not is_reject_held(fields, NOTHING_FORGOTTEN)


def keep(output: str, run_id: str, *documents: Document) -> None:
    """One commit of raw documents."""
    with begin(output, run_id, NOON) as run:
        records = [record for each in documents for _, record in pack_document(each, run_id, NO_KEYS, 1)]
        write_raw((("2025-03-22", 0), records), run)
        commit(run, [], {"run_id": run_id})


def kept(output: str) -> list[Document]:
    return [read_kept(place, NOON) for path in list_raw(output) for _, place in list_kept(path, NOON)]


def test_raw_files_are_written_anew(tmp_path: Path) -> None:
    output = str(tmp_path / "out")
    ingest_articles(output, "r1", [article(url=GONE, source=SOURCE, body=story(2))], settle_articles)
    feeds = [document(rss(1, 2, 3)), document(rss(4, 5), source="https://b.example/feed"), document(rss(3))]
    keep(output, "k1", *feeds, document(page(2), source=GONE, url=GONE, is_feed=False))
    keep(output, "k2", feeds[1])
    keep(output, "k3", document(page(2), source=GONE, url=GONE, is_feed=False))
    untouched = [path for path in list_raw(output) if "k2" in path]
    done = forget(output, Selection(urls=(GONE,)), READ_AT)
    assert (done.articles, done.raw_documents) == (1, 3)
    assert holds(output, story(2)) == holds(output, "a.example/2") == []
    assert set(untouched) < set(list_raw(output))
    assert sorted(each.data for each in kept(output)) == sorted([rss(1, 3), rss(4, 5), rss(3), rss(4, 5)])
    assert forget(output, Selection(urls=(GONE,)), READ_AT).is_nothing
    assert rows_of(output, "articles") == []


def test_raw_files_go_by_their_age_and_source(tmp_path: Path) -> None:
    output = str(tmp_path / "out")
    ingest_articles(output, "r1", [article(url=GONE, source=SOURCE, body=story(2))], settle_articles)
    fed = document(page(2), source=GONE, url=GONE, is_feed=False)
    keep(output, "k1", document(rss(1, 2)), document(rss(4), source="https://b.example/feed"), fed)
    assert forget(output, Selection(sources=(SOURCE,)), READ_AT).raw_documents == 2
    assert [each.source for each in kept(output)] == ["https://b.example/feed"]
    assert forget(output, Selection(before=READ_AT // 86_400_000_000), READ_AT).raw_files == 0
    assert forget(output, Selection(before=READ_AT // 86_400_000_000 + 1, to_the_last=True), READ_AT).raw_files == 1
    assert list_raw(output) == []


def test_what_is_damaged_in_a_raw_file_goes(tmp_path: Path) -> None:
    output = str(tmp_path / "out")
    keep(output, "k1", document(rss(1)), document(rss(3)))
    (path,) = map(Path, list_raw(output))
    data = bytearray(path.read_bytes())
    data[-40:-30] = b"\0" * 10
    path.write_bytes(data)
    assert forget(output, Selection(urls=(GONE,)), READ_AT).raw_documents == 1
    assert [each.data for each in kept(output)] == [rss(1)]


def test_documents_are_kept_without_what_was_taken_down(tmp_path: Path) -> None:
    output = str(tmp_path / "out")
    ingest_articles(output, "r1", [article(url=GONE, source=SOURCE, body=story(2))], settle_articles)
    forget(output, Selection(urls=(GONE,)), READ_AT)
    pack = partial(pack_document, run_id="k1", keys=list_key_files(output), shards=1)
    assert [len(list(pack(each))) for each in (document(rss(1, 2)), document(page(2), url=GONE))] == [1, 0]


@pytest.mark.slow
def test_nothing_comes_back_from_feeds_that_are_kept(tmp_path: Path) -> None:
    """Polled again with --keep_raw, cleaned again, rejects tried again, joined, repaired."""
    output = str(tmp_path / "out")
    ingest = ["ingest", "--output", output, "--keep_raw", "--allow_private", "--compact", "never"]
    with serving() as server:
        fed = {"/a": rss(1, 2, 3), "/b": rss(2, 4)}
        answers = {path: lambda call, path=path: call.answer(200, fed[path]) for path in fed}
        server.pages = {"/robots.txt": lambda call: call.answer(404, b""), **answers}
        feeds = [part for path in fed for part in ("--feeds", server.url(path))]
        assert main([*ingest, *feeds, "--as_of", "2025-03-22T01:00Z"]) == 0
        assert len(holds(output, GONE)) > 2
        assert main(["forget", output, "--url", GONE]) == 0
        assert holds(output, GONE) == holds(output, story(2)) == []
        assert sorted(each.data for each in kept(output)) == [rss(1, 3), rss(4)]

        fed |= {"/a": rss(2, 3, 5), "/b": rss(2, 4)[:-20]}
        for hour in (9, 20):
            assert main([*ingest, *feeds, "--as_of", f"2025-03-23T{hour:02}:00Z"]) == 0
        assert main(["forget", output, "--source", server.url("/b")]) == 0
        assert main([*ingest, *feeds, "--as_of", "2025-03-25T09:00Z"]) == 0
        assert holds(output, server.url("/b")) == []
    for command in (["reclean"], ["replay"], ["compact"], ["check"]):
        assert main([command[0], output]) == 0
    assert holds(output, GONE) == holds(output, story(2)) == []
    assert {row["url"][-1] for row in rows_of(output, "articles")} == {"1", "3", "5"}


def test_a_remote_dataset_forgets() -> None:
    output = "objects://bucket/out"
    ingest_articles(output, "r1", [article(url=GONE, body=story(2)), article(body=story(1))], settle_articles)
    keep(output, "k1", document(rss(1, 2), source="feed-1"))
    assert forget(output, Selection(urls=(GONE,)), READ_AT).articles == 1
    packed = b"".join(data for data, _ in OBJECTS.values())
    assert GONE.encode() not in packed
    assert [each.data for each in kept(output)] == [rss(1)]
    OBJECTS.clear()
