"""Time an entry takes from parsed to clean, by section: `python -m benchmarks.speed.clean [FOLDER]`.

The folder holds feeds. Microseconds an entry, the smallest of seven rounds over all entries; each section is timed by
itself, so its code and data are warmer than in the whole, and what that makes is in the rest.
"""

import sys
from pathlib import Path

from benchmarks.timing import best_seconds
from schemas.records import Document, Entry
from transforms.clean import CleanSettings, to_article
from transforms.clean.endings import without_footer, without_invitation
from transforms.clean.images import lead_image
from transforms.clean.language import detect_language
from transforms.clean.markup import markup_to_text
from transforms.clean.text import clean_laid_out, repair_mojibake
from transforms.clean.timing import read_dates
from transforms.clean.urls import canonical_url, web_address
from transforms.clean.words import count_words
from transforms.parse import parse_document

ROUNDS = 7
READ_AT = 1_771_400_000_000_000
FEEDS = "../shared/data/feeds_real/captured_2026-02-18"


def main(folder: str) -> None:
    """Measure and print."""
    entries = [entry for path in sorted(Path(folder).iterdir()) for entry in _read(path) if not entry.failure]
    marked_up = [_marked_up(entry) for entry in entries]
    texts = [[markup_to_text(html) for html in fragments] for fragments in marked_up]
    articles = [to_article(entry, CleanSettings()) for entry in entries]
    languages = [entry.language for entry in entries]
    samples = [f"{article.title}\n{(article.body or article.description)[:200]}" for article in articles]
    whole = best_seconds(lambda entry: to_article(entry, CleanSettings()), entries, ROUNDS)
    sections = {
        "markup": best_seconds(markup_to_text, [html for fragments in marked_up for html in fragments], ROUNDS),
        "text": best_seconds(_clean, [text for fragments in texts for text in fragments], ROUNDS),
        "language": best_seconds(lambda pair: detect_language(*pair), zip(samples, languages, strict=True), ROUNDS),
        "urls": best_seconds(_urls, entries, ROUNDS),
        "dates": best_seconds(lambda entry: read_dates(entry, 0, "en"), entries, ROUNDS),
    }
    size = sum(len(html) for fragments in marked_up for html in fragments) / len(entries)
    print(f"{len(entries):,} entries, {size:,.0f} characters of markup in each")
    for name, seconds in (sections | {"rest": whole - sum(sections.values()), "whole": whole}).items():
        print(f"{name:<10}{seconds / len(entries) * 1e6:7.1f} us an entry")


def _read(path: Path) -> list[Entry]:
    return list(parse_document(Document(source=path.name, data=path.read_bytes(), read_at=READ_AT)))


def _marked_up(entry: Entry) -> list[str]:
    found = {"description": entry.description, "body": entry.body}
    return [html for name, html in found.items() if html and name in entry.markup]


def _clean(text: str) -> tuple[str, bool, int]:
    text = clean_laid_out(repair_mojibake(text))
    return *without_invitation(without_footer(text)), count_words(text, "en")


def _urls(entry: Entry) -> list[str]:
    pictures = [lead_image(html, entry.link) for html in _marked_up(entry) if not entry.image_url]
    return [canonical_url(entry.link), web_address(entry.image_url), *pictures]


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else FEEDS)
