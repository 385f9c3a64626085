"""An HTML page to one entry: what it states of itself, and its text."""

from collections.abc import Iterator

from selectolax.lexbor import LexborHTMLParser

from schemas.errors import EmptyDocument, Malformed, TooLarge
from schemas.records import Document, Entry
from transforms.parse.bounds import MAX_ENTRY_BYTES
from transforms.parse.decode import decode
from transforms.parse.page.body import Profile, choose_stated, extract_body
from transforms.parse.page.bounds import check_markup
from transforms.parse.page.cutting import cut_scripts
from transforms.parse.page.heading import read_below_heading
from transforms.parse.page.metadata import PageMetadata, is_home_page, read_metadata
from transforms.parse.sniff import Format, tell_format
from transforms.parse.text.dated_lines import read_dated_line
from transforms.parse.text.footer import read_footer
from transforms.parse.text.said import Said
from transforms.parse.text.title import choose_title, skip_blank

_TOP = 5  # lines in which the title may be repeated, after what stands above it
_LONGEST_TITLE = 200  # characters
_DATES = frozenset(("published", "updated", "date"))


def read_page(document: Document, profile: Profile = "accurate") -> Entry:
    """The entry of a document fetched as a page.

    Raises as `parse_page` does, and EmptyDocument, NotText or Malformed for what is no page.
    """
    text = decode(document.data, document.media_type)
    if not text or text.isspace():
        raise EmptyDocument(f"{len(document.data)} bytes")
    form = tell_format(text)
    if form is not Format.PAGE:
        raise Malformed(f"{form} in place of a page: {text.strip()[:80]!r}")
    return next(parse_page(document, text, profile))


def parse_page(document: Document, text: str, profile: Profile = "accurate") -> Iterator[Entry]:
    """The one entry of a page. Its date is one that the page states, or shows below its heading; never a guess.

    Raises TooComplex for a page over the bounds, EmptyDocument where nothing but scripts and comments is in it,
    TooLarge for a text over the size of an entry.
    """
    cut, blocks = cut_scripts(text)
    if not blocks and (not cut or cut.isspace()):
        raise EmptyDocument("a page of scripts and comments alone")
    markup = cut.encode()
    check_markup(markup)
    tree = LexborHTMLParser(markup)
    metadata = read_metadata(tree, blocks, document.url)
    said = Said()
    if not metadata.published:
        read_below_heading(tree, metadata.title, said)
    text = choose_stated(extract_body(markup, tree, profile), metadata.body)
    body = _read_text(text, metadata.title, said)
    if len(body) > MAX_ENTRY_BYTES:
        raise TooLarge(f"a text of {len(body):,} characters")
    yield _to_entry(document, metadata, said, body)


def _read_text(body: str, title: str, said: Said) -> str:
    """The text between the heading that repeats the title and the footer, without the lines of a template.

    What the footer says, and a date below the heading, are added to `said`; so is the title, without the name of
    the site that the heading leaves out.
    """
    lines = read_footer(body.split("\n"), said)
    top = [line if len(line) <= _LONGEST_TITLE else "" for line in lines[: min(_TOP, len(lines) - 1)]]
    start = next((number for number, line in enumerate(top, 1) if line and choose_title(title, line)), 0)
    if start:
        said.add("title", choose_title(title, top[start - 1]))
        lines = _read_date(skip_blank(lines[start:]), said)
    return "\n".join(lines).strip("\n")


def _read_date(lines: list[str], said: Said) -> list[str]:
    """The lines after the first, where that is a date, perhaps with a label, and nothing else."""
    says = read_dated_line(lines[0]) if len(lines) > 1 else None
    if not says or not _DATES.issuperset(name for name, _ in says):
        return lines
    for name, value in says:
        said.add_given(name, value)
    return lines[1:]


def _to_entry(document: Document, metadata: PageMetadata, said: Said, body: str) -> Entry:
    """What the page states comes before what its text says."""
    updated = metadata.updated or said.first("updated")
    dates = {"page": metadata.published, "header": said.first("published"), "updated": updated}
    source = next((name for name, raw in dates.items() if raw), "")
    return Entry(
        source=document.source,
        read_at=document.read_at,
        collection=document.collection,
        zone=document.zone,
        link=metadata.link,
        link_is_shared=metadata.link != "" and is_home_page(metadata.link),
        title=said.first("title") or metadata.title,
        description=metadata.description if metadata.description != body else "",
        body=body,
        credit="\n".join(said.all("credit")),
        publisher="" if metadata.link else metadata.site,
        authors=metadata.authors or said.all("authors"),
        categories=metadata.categories or said.all("categories"),
        image_url=metadata.image,
        rights=metadata.rights or said.first("rights"),
        paywalled=metadata.paywalled,
        language=metadata.language,
        published_raw=dates.get(source, ""),
        published_source=source,
        updated_raw=updated,
    )
