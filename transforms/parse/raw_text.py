"""Plain text, such as an article copied from a page, to one entry."""

from collections.abc import Iterator

from schemas.errors import TooLarge
from schemas.records import Document, Entry
from transforms.parse.bounds import MAX_ENTRY_BYTES
from transforms.parse.template_lines import drop_template_lines
from transforms.parse.text_parts import split_credit, split_lead, split_title
from transforms.parse.wrapped_lines import join_paragraphs


def parse_raw_text(document: Document, text: str) -> Iterator[Entry]:
    """One entry: the title, bullets between title and body as description, the body, the `Source:` line.

    Raises TooLarge for a text over the size of an entry.
    """
    if len(text) > MAX_ENTRY_BYTES:
        raise TooLarge(f"a text of {len(text):,} characters")
    lines = drop_template_lines([line.strip() for line in text.splitlines()])
    lines, credit = split_credit(lines)
    title, lines = split_title(lines)
    bullets, lines = split_lead(lines)
    yield Entry(
        source=document.source,
        read_at=document.read_at,
        collection=document.collection,
        zone=document.zone,
        title=title,
        description="\n".join(bullets),
        body=join_paragraphs(lines),
        credit=credit,
    )
