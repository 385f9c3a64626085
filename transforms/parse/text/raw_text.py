"""Plain text of any kind, such as an article copied from a page, to one entry."""

from collections.abc import Iterator

from schemas.errors import TooLarge
from schemas.records import Document, Entry
from transforms.parse.bounds import MAX_ENTRY_BYTES
from transforms.parse.text.datelines import read_dateline
from transforms.parse.text.footer import drop_contact, read_footer
from transforms.parse.text.front_matter import split_front_matter
from transforms.parse.text.header import read_below_lead, read_header
from transforms.parse.text.header_dates import find_dates
from transforms.parse.text.layout import lay_out
from transforms.parse.text.mail import decode_body, drop_quotes
from transforms.parse.text.markdown import is_markdown, markdown_to_text, strip_inline
from transforms.parse.text.said import Said
from transforms.parse.text.subtitles import is_subtitles, read_subtitles
from transforms.parse.text.template_lines import drop_inner_lines, drop_template_lines
from transforms.parse.text.title import split_lead
from transforms.parse.text.wrapped_lines import join_paragraphs, unwrap


def parse_raw_text(document: Document, text: str) -> Iterator[Entry]:
    """One entry: the title, the deck and the bullets above the body as description, the body.

    A text is one article, however many it may hold. Authors, dates, the source and the like are what its header,
    its dateline and its footer say, never running text. Raises TooLarge for a text over the size of an entry.
    """
    if len(text) > MAX_ENTRY_BYTES:
        raise TooLarge(f"a text of {len(text):,} characters")
    said = Said()
    if is_subtitles(text):
        captions = read_subtitles(text)
        said.add("title", captions.title)
        said.add("language", captions.language)
        yield _to_entry(document, said, "\n\n".join(captions.paragraphs))
        return
    text = decode_body(split_front_matter(text, said), said.all("other"))
    yield _read_markdown(document, text, said) if is_markdown(text) else _read_plain(document, text, said)


def _read_plain(document: Document, text: str, said: Said) -> Entry:
    lines = drop_contact(drop_template_lines(drop_quotes(lay_out(text))))
    lines = _split_lead(read_header(drop_inner_lines(lines), said), said)
    lines = read_footer(unwrap(lines), said)
    _read_dateline(lines, said)
    return _to_entry(document, said, join_paragraphs(lines))


def _read_markdown(document: Document, text: str, said: Said) -> Entry:
    """As plain text, but what makes paragraphs is the marks and the indentation."""
    lines = [line.rstrip() for line in text.splitlines()]
    lines = _split_lead(read_header(drop_inner_lines(drop_template_lines(lines)), said), said)
    lines = read_footer(lines, said)
    _read_dateline(lines, said)
    for name in ("title", "description"):
        said.values[name] = [strip_inline(line) for line in said.all(name)]
    return _to_entry(document, said, markdown_to_text("\n".join(lines)))


def _split_lead(lines: list[str], said: Said) -> list[str]:
    bullets, lines = split_lead(lines)
    said.values["description"] = said.all("description") + bullets
    return read_below_lead(lines, said) if bullets else lines


def _read_dateline(lines: list[str], said: Said) -> None:
    """Add what the dateline says: the agency where no source is named, the date where the header has none."""
    header_date = said.first("published")
    dateline = read_dateline(lines[0], header_date) if lines else None
    if dateline and dateline.agency:
        said.values["description"] = [line for line in said.all("description") if line != dateline.agency]
        said.values["credit"] = said.all("credit") or [dateline.agency]
    if dateline and dateline.published and not find_dates(header_date):
        said.values["published"] = [dateline.published]


def _to_entry(document: Document, said: Said, body: str) -> Entry:
    published, updated = said.first("published"), said.first("updated")
    return Entry(
        source=document.source,
        read_at=document.read_at,
        collection=document.collection,
        zone=document.zone,
        link=said.first("link"),
        title=said.first("title"),
        description="\n".join(said.all("description")),
        body=body,
        credit="\n".join(said.all("credit")),
        publisher=said.first("publisher"),
        authors=said.all("authors"),
        categories=said.all("categories"),
        image_url=said.first("image"),
        rights=said.first("rights"),
        language=said.first("language"),
        published_raw=published or updated,
        published_source="header" if published else "updated" if updated else "",
        updated_raw=updated,
    )
