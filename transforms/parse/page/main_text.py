"""Which element of a page holds the article, and its text: by where the prose is, names, and links.

The idea is Boilerpipe's and Readability's: prose stands together, in paragraphs; what surrounds it is links,
short lines, and elements whose names say what they are.
"""

from collections.abc import Iterator

from selectolax.lexbor import LexborHTMLParser, LexborNode

from schemas.errors import TooComplex
from transforms.clean.layout import KEPT_SPACE
from transforms.clean.markup import markup_to_text
from transforms.clean.text import clean_laid_out
from transforms.parse.page.junk import is_junk, may_hold_article
from transforms.parse.page.weights import Weights

_PARAGRAPH = 40  # characters; what is shorter may be a label
_LOOSE = 80  # characters of a line outside of a paragraph
_MOST = 0.7  # of an element's prose: where one child has so much, the rest is not the article's
_HALF = 0.5
_LEAST = 0.05  # of all prose; less is no article but a notice
_ENOUGH = 0.4  # of a page's prose, for an element that is marked up as the article
_MOST_MEASURED = 16 << 20  # characters; a page is bounded, so more of them are the same ones again
_DEEPEST = 100  # levels within an article that are looked at
_SOME = 0.1  # of an element's prose that stands directly in it
_SMALL_ARTICLE = 500  # characters
_SCATTERED = 0.2  # of its prose in one place, at most
_RANKS = {"main": 1, "article": 2}
_LINKED = 0.6  # of an element's text: a list of links
_LONGEST_LINKS = 150  # characters of a line of links
_LAST_LINKS = 50  # that such lines may consist of
_PARAGRAPHS = "p, pre, blockquote, br"
_IS_PARAGRAPH = frozenset(("p", "pre", "blockquote"))
_INLINE_NAMES = "a abbr b br cite code em font i img mark q s small span strong sub sup time u wbr"
_INLINE = frozenset(_INLINE_NAMES.split())
_LISTS = frozenset(("ul", "ol", "dl", "li", "div", "section", "table", "p", "h2", "h3", "h4", "h5", "h6"))


def article_text(tree: LexborHTMLParser) -> str:
    """The text of the article in a page: paragraphs separated by blank lines; empty where there is no prose.

    The tree loses what is not the article's. Raises TooComplex.
    """
    body = tree.body
    if body is None:  # a frameset
        return ""
    prose = _weigh(body)
    article = _descend(_named_article(body, prose), prose)
    links = [node for node in article.css("a") if node.mem_id != article.mem_id]
    linked = Weights(_measure(links), article)
    for node in list(_foreign(article, prose, linked)):
        node.decompose()
    text = clean_laid_out(markup_to_text(article.html or "")).replace(KEPT_SPACE, " ")
    return _drop_link_lines(text.split("\n"), article)


def _drop_link_lines(lines: list[str], article: LexborNode) -> str:
    """The text without the lines at its end that are nothing but links, such as `Print | Send to a friend`."""
    if lines[-1].endswith("."):  # as most texts do
        return "\n".join(lines)
    links = [" ".join(link.text().split()) for link in article.css("a")[-_LAST_LINKS:]]
    links = sorted(filter(None, links), key=len, reverse=True)
    end = len(lines)
    while end > 1 and len(lines[end - 1]) <= _LONGEST_LINKS and _is_links(lines[end - 1], links):
        end -= 1
    return "\n".join(lines[:end])


def _is_links(line: str, links: list[str]) -> bool:
    if line.endswith("."):
        return False
    for link in links:
        line = line.replace(link, "")
    return not any(map(str.isalnum, line))


def _weigh(body: LexborNode) -> Weights:
    """Prose outside of elements that are named as something else, but for those that hold the most and may."""
    prose = Weights(list(_paragraphs(body)) or _loose_lines(body), body)
    everything = prose.inside.get(body.mem_id, 0)
    junk = {key for key, node in prose.nodes.items() if node.tag == "a" or is_junk(node)}
    junk -= {key for key in junk if prose.inside[key] >= _HALF * everything and may_hold_article(prose.nodes[key])}
    kept = prose.sum_up(junk) if junk else {}
    if kept.get(body.mem_id, 0) > _LEAST * everything:
        prose.inside = kept
    return prose


def _paragraphs(body: LexborNode) -> Iterator[tuple[LexborNode | None, int]]:
    """What holds each paragraph, and its length; and what sets its own lines apart by `<br>`."""
    broken: dict[int, LexborNode] = {}
    paragraphs = []
    for node in body.css(_PARAGRAPHS):
        if node.tag == "p":
            paragraphs.append(node)
        elif (other := node if node.tag != "br" else node.parent) is not None:
            broken[other.mem_id] = other
    yield from (pair for pair in _measure(paragraphs) if pair[1] >= _PARAGRAPH)
    for node in broken.values():
        size = len(node.text(deep=False).strip()) if node.tag not in _INLINE and node.tag != "p" else 0
        if size >= _LOOSE:
            yield node, size


def _measure(nodes: list[LexborNode]) -> Iterator[tuple[LexborNode | None, int]]:
    """What holds each element, and the length of its text. Raises TooComplex where they are nested too often."""
    measured = 0
    for node in nodes:
        text = node.text()
        measured += len(text)
        if measured > _MOST_MEASURED:
            raise TooComplex(f"over {_MOST_MEASURED:,} characters in paragraphs, or links, within others")
        yield node.parent, len(text.strip())


def _loose_lines(body: LexborNode) -> Iterator[tuple[LexborNode | None, int]]:
    for node in body.traverse(include_text=True):
        if node.is_text_node and node.parent is not None:
            size = len((node.text_content or "").strip())
            if size >= _LOOSE:
                yield node.parent, size


def _named_article(body: LexborNode, prose: Weights) -> LexborNode:
    """The element that is marked up as the article, where it holds enough of the prose; else the body."""
    enough = _ENOUGH * prose.inside.get(body.mem_id, 0)
    found = [(_rank(node), prose.inside.get(key, 0), node) for key, node in prose.nodes.items()]
    found = [(rank, size, node) for rank, size, node in found if rank and size > enough]
    return max(found, key=lambda each: each[:2], default=(0, 0, body))[2]


def _rank(node: LexborNode) -> int:
    """How surely an element is marked up as an article; 0 for not at all."""
    attributes = node.attributes
    stated = f"{attributes.get('itemprop') or ''} {attributes.get('property') or ''}"
    return 3 if "articleBody" in stated else _RANKS.get(node.tag or "", 0)


def _descend(node: LexborNode, prose: Weights) -> LexborNode:
    """The smallest element that holds the most of the prose."""
    while True:
        inside = [(prose.inside.get(child.mem_id, 0), child) for child in node.iter()]
        most, child = max(inside, key=lambda pair: pair[0], default=(0, node))
        everything = prose.inside.get(node.mem_id, 0)
        if most <= _MOST * everything or prose.own.get(node.mem_id, 0) > _SOME * everything:
            return node
        node = _beside_scattered(inside, child, prose) or child


def _beside_scattered(inside: list[tuple[int, LexborNode]], most: LexborNode, prose: Weights) -> LexborNode | None:
    """Of children the one with the heading and its paragraphs together, where those of the most are each by itself.

    Comments are so, and may well be longer than the article.
    """
    headed = (
        child
        for size, child in inside
        if size >= _SMALL_ARTICLE and child.mem_id != most.mem_id and child.css_first("h1") is not None
    )
    found = next(headed, None)
    if found is None or _largest_own(found, prose) < _SMALL_ARTICLE:
        return None
    return found if _largest_own(most, prose) < _SCATTERED * prose.inside[most.mem_id] else None


def _largest_own(node: LexborNode, prose: Weights) -> int:
    """The most prose that stands together, in one element of those inside."""
    return max(prose.own.get(inner.mem_id, 0) for inner in node.traverse())


def _foreign(article: LexborNode, prose: Weights, linked: Weights) -> Iterator[LexborNode]:
    """The outermost elements in an article that are none of its text."""
    half = _HALF * prose.inside.get(article.mem_id, 0)
    waiting = [(node, 1) for node in article.iter()]
    while waiting:
        node, depth = waiting.pop()
        tag = node.tag or ""
        if tag in _INLINE:
            continue
        key = node.mem_id
        if (prose.inside.get(key, 0) < half and is_junk(node)) or _is_list(node, tag, linked.inside.get(key, 0)):
            yield node
        elif tag not in _IS_PARAGRAPH and depth < _DEEPEST:
            waiting.extend((child, depth + 1) for child in node.iter())


def _is_list(node: LexborNode, tag: str, linked: int) -> bool:
    """Whether an element is a list of links; a paragraph is if it is nothing else."""
    if not linked or tag not in _LISTS:
        return False
    size = len(node.text().strip())
    return linked > _LINKED * size and (tag != "p" or size - linked < _PARAGRAPH)
