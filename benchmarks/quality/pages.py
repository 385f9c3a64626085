"""How well the text of pages is found: `python -m benchmarks.quality.pages [folder]`.

The folder holds `ground-truth.json` (`articleBody` by name) and `html/<name>.html.gz`. The scores are those of the
article-extraction-benchmark: precision and recall over runs of four words, averaged over pages, and their F1. *Even*
and *odd* are the F1 of the pages whose names start with such a byte: the rules were written on the even ones.
*Comments* and *links* are the shares of the extracted runs that are not the article's, and stand in elements named as
comments, or in links and elements named as related stories.
"""

import gzip
import importlib.util
import json
import logging
import re
import statistics
import sys
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import trafilatura
from selectolax.lexbor import LexborHTMLParser

from benchmarks.timing import best_seconds
from schemas.records import Document
from transforms.parse.decode import decode
from transforms.parse.page.entry import Profile, read_page

PAGES = Path(__file__).parent.parent.parent.parent / "shared" / "data" / "extraction" / "aeb_dev_half"
RUN = 4
ROUNDS = 3
COMMENTS = "comment disqus livefyre replies respond"
RELATED = "related recommend recirc popular trending outbrain taboola more-stor teaser promo"

_WORD = re.compile(r"\w+")

Shingles = Counter[tuple[str, ...]]
Extractor = Callable[[bytes], str]


@dataclass(frozen=True)
class Page:
    """A page, and the text of its article by a person."""

    name: str
    data: bytes
    truth: Shingles
    comments: Shingles
    related: Shingles


def main(folder: Path) -> None:
    """Print a line for each extractor."""
    pages = list(read_pages(folder))
    columns = " ".join(f"{name:>6}" for name in ("F1", "P", "R", "even", "odd"))
    print(f"{len(pages)} pages\n{'':12} {columns} {'comments':>9} {'links':>7} {'ms':>6}")
    for name, extract in extractors().items():
        found = [shingles(extract(page.data)) for page in pages]
        scores = [score(page.truth, each) for page, each in zip(pages, found, strict=True)]
        halves = ([s for p, s in zip(pages, scores, strict=True) if int(p.name[:2], 16) % 2 == odd] for odd in (0, 1))
        astray = [(each - page.truth, page) for page, each in zip(pages, found, strict=True)]
        total = sum(each.total() for each in found)
        comments = sum((extra & page.comments).total() for extra, page in astray) / total
        links = sum((extra & page.related).total() for extra, page in astray) / total
        figures = " ".join(f"{figure:6.4f}" for figure in (*average(scores), *(average(half)[0] for half in halves)))
        print(f"{name:12} {figures} {comments:9.3%} {links:7.3%} {milliseconds(extract, pages):6.2f}")


def extractors() -> dict[str, Extractor]:
    """Ours, trafilatura, and resiliparse where it is installed."""
    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    found: dict[str, Extractor] = {
        "accurate": lambda data: ours(data, "accurate"),
        "fast": lambda data: ours(data, "fast"),
        "trafilatura": lambda data: trafilatura.extract(decode(data), include_comments=False) or "",
    }
    if importlib.util.find_spec("resiliparse"):
        plain = importlib.import_module("resiliparse.extract.html2text").extract_plain_text
        found["resiliparse"] = lambda data: plain(decode(data), main_content=True, alt_texts=False)
    return found


def ours(data: bytes, profile: Profile) -> str:
    """The body of a page's entry: bytes decoded, metadata read and all."""
    return read_page(Document("page", data, 0, url="https://example.org/news/1"), profile).body


def read_pages(folder: Path) -> Iterable[Page]:
    """The pages of a benchmark's folder."""
    for name, truth in json.loads((folder / "ground-truth.json").read_text(encoding="utf-8")).items():
        data = gzip.decompress((folder / "html" / f"{name}.html.gz").read_bytes())
        comments, related = text_named(data, COMMENTS), text_named(data, RELATED, "a")
        yield Page(name, data, shingles(truth["articleBody"]), shingles(comments), shingles(related))


def text_named(data: bytes, names: str, *others: str) -> str:
    """The texts of the elements whose class or id has one of the names in it, and of other elements."""
    selectors = [f"[{kind}*={name} i]" for name in names.split() for kind in ("class", "id")]
    nodes = LexborHTMLParser(decode(data)).css(", ".join([*selectors, *others]))
    return "\n".join(node.text(separator=" ") for node in nodes if node.tag not in ("html", "body", "article", "main"))


def shingles(text: str) -> Shingles:
    """How often each run of words is in a text; a shorter text is one run."""
    words = _WORD.findall(text)
    runs = (tuple(words[start : start + RUN]) for start in range(max(1, len(words) - RUN + 1)))
    return Counter(run for run in runs if run)


def score(truth: Shingles, found: Shingles) -> tuple[float, float]:
    """Precision and recall of one page; 1 where there is nothing to find and nothing was found."""
    common = (truth & found).total()
    if truth == found:
        return 1.0, 1.0
    return common / max(1, found.total()), common / max(1, truth.total())


def average(scores: list[tuple[float, float]]) -> tuple[float, float, float]:
    """F1 of the averages, and the averages of precision and recall."""
    precision, recall = (statistics.mean(column) for column in zip(*scores, strict=True))
    return 2 * precision * recall / (precision + recall), precision, recall


def milliseconds(extract: Extractor, pages: list[Page]) -> float:
    """Of one core for a page; the best of several rounds."""
    return best_seconds(lambda page: extract(page.data), pages, ROUNDS) / len(pages) * 1e3


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else PAGES)
