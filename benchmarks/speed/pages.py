"""What each step of reading a page costs: `python -m benchmarks.speed.pages [folder]`.

The folder is that of `benchmarks.quality.pages`. Times are of one core for a page, the best of several rounds.
"""

import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import trafilatura
from selectolax.lexbor import LexborHTMLParser

from benchmarks.quality.pages import PAGES, ours, read_pages
from benchmarks.timing import best_seconds
from transforms.parse.decode import decode
from transforms.parse.page.bounds import check_markup
from transforms.parse.page.cutting import cut_scripts
from transforms.parse.page.main_text import article_text
from transforms.parse.page.metadata import read_metadata

ROUNDS = 5


def main(folder: Path) -> None:
    """Print a line for each step, and for the whole."""
    pages = [page.data for page in read_pages(folder)]
    texts = [decode(data) for data in pages]
    cut = [cut_scripts(text) for text in texts]
    markup = [html.encode() for html, _ in cut]
    trees = [(LexborHTMLParser(html), blocks) for html, (_, blocks) in zip(markup, cut, strict=True)]
    show("decode", decode, pages)
    show("cut scripts", cut_scripts, texts)
    show("check bounds", check_markup, markup)
    show("parse", LexborHTMLParser, markup)
    show("metadata", lambda tree: read_metadata(*tree, "https://example.org/news/1"), trees)
    show("parse, text", lambda html: article_text(LexborHTMLParser(html)), markup)
    fast = show("fast", lambda data: ours(data, "fast"), pages)
    accurate = show("accurate", lambda data: ours(data, "accurate"), pages)
    other = show("trafilatura", lambda data: trafilatura.extract(decode(data), include_comments=False), pages)
    print(f"fast / trafilatura {fast / other:.3f}   accurate / trafilatura {accurate / other:.3f}")


def show(name: str, step: Callable[[Any], object], inputs: Iterable[Any]) -> float:
    """Print and return the milliseconds that a step takes for one input."""
    inputs = list(inputs)
    best = best_seconds(step, inputs, ROUNDS) / len(inputs) * 1e3
    print(f"{name:14} {best:7.3f} ms")
    return best


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else PAGES)
