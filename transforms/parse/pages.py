"""An HTML page to one entry: what it states of itself, and its text."""

from collections.abc import Iterator

from selectolax.lexbor import LexborHTMLParser

from schemas.errors import EmptyDocument, Malformed, TooLarge
from schemas.records import Document, Entry
from transforms.parse.bounds import MAX_ENTRY_BYTES
from transforms.parse.decode import decode
from transforms.parse.page.body import Profile, extract_body
from transforms.parse.page.bounds import check_markup
from transforms.parse.page.cutting import cut_scripts
from transforms.parse.page.metadata import PageMetadata, is_home_page, read_metadata
from transforms.parse.sniff import Format, tell_format
from transforms.parse.text.template_lines import drop_template_lines
from transforms.parse.text.title import choose_title

_TOP = 5  # lines in which the title may be repeated, after what stands above it
_LONGEST_TITLE = 200  # characters


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
    """The one entry of a page. Its date is one that the page states, never a guess.

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
    body = _without_title(extract_body(markup, tree, profile), metadata.title)
    if len(body) > MAX_ENTRY_BYTES:
        raise TooLarge(f"a text of {len(body):,} characters")
    yield _to_entry(document, metadata, body)


def _without_title(body: str, title: str) -> str:
    """The text after the heading that repeats the title, without the lines of a template at its ends."""
    lines = drop_template_lines(body.split("\n"))
    top = [line if len(line) <= _LONGEST_TITLE else "" for line in lines[: min(_TOP, len(lines) - 1)]]
    start = next((number for number, line in enumerate(top, 1) if line and choose_title(title, line)), 0)
    return "\n".join(lines[start:]).strip("\n")


def _to_entry(document: Document, metadata: PageMetadata, body: str) -> Entry:
    return Entry(
        source=document.source,
        read_at=document.read_at,
        collection=document.collection,
        zone=document.zone,
        link=metadata.link,
        link_is_shared=metadata.link != "" and is_home_page(metadata.link),
        title=metadata.title,
        description=metadata.description if metadata.description != body else "",
        body=body,
        publisher="" if metadata.link else metadata.site,
        authors=metadata.authors,
        categories=metadata.categories,
        image_url=metadata.image,
        rights=metadata.rights,
        paywalled=metadata.paywalled,
        language=metadata.language,
        published_raw=metadata.published or metadata.updated,
        published_source="page" if metadata.published else "updated" if metadata.updated else "",
        updated_raw=metadata.updated,
    )
