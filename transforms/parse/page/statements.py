"""What a page states of itself, by name: its meta elements, JSON-LD, microdata and RDFa, and links with a meaning."""

from selectolax.lexbor import LexborHTMLParser, LexborNode

from transforms.parse.page.json_ld import ARTICLE_TYPES, read_article_statements

Statements = dict[str, list[str]]
_Attributes = dict[str, str | None]

# An element is given once for each of the selectors that it matches.
_ELEMENTS = (
    "meta, base, link[rel~=canonical], link[rel~=license], a[rel~=author], a[rel~=license], time[pubdate],"
    " h1:not([itemprop], [property]), [itemprop]:not(meta), [property]:not(meta, [itemprop])"
)
_LINKS = frozenset(("author", "base", "canonical", "license"))
_PAGE_TYPES = (*ARTICLE_TYPES, "WebPage")
_VALUES = {"a": "href", "link": "href", "img": "src", "time": "datetime"}
_PROPERTY_NAMES = (
    "headline description author creator publisher image inLanguage articleSection keywords copyrightNotice license"
    " datePublished dateModified isAccessibleForFree"
)
_PROPERTIES = frozenset(_PROPERTY_NAMES.split())
_NAMES = frozenset(("author", "creator", "publisher"))  # their value is a name, wherever they link to
_LONGEST = 500  # characters of an element's text that can be a value
_DEEPEST = 100  # levels up to the item that a property belongs to


def read_statements(tree: LexborHTMLParser, blocks: list[str], address: str) -> Statements:
    """Values by name, each in the order of the page; `blocks` of JSON-LD come before its other forms.

    Names of meta elements are in lower case. Properties of schema.org have a colon before them, and what a link's
    `rel` says an `@`: `@canonical`, `@license`, `@author`. The texts of all main headings are under `<h1>`.
    """
    stated: Statements = {}
    marked_up: Statements = {}
    for node in tree.css(_ELEMENTS):
        attributes = node.attributes
        if node.tag == "meta":
            name = attributes.get("property") or attributes.get("name") or attributes.get("http-equiv")
            _add(stated, (name or "").lower(), attributes.get("content"))
        elif node.tag == "h1":
            stated.setdefault("<h1>", []).append(text_of(node))
        elif "href" in attributes:
            _read_link(stated, node, attributes)
        elif "pubdate" in attributes:
            _add(stated, "@pubdate", attributes.get("datetime"))
        if "itemprop" in attributes or (node.tag != "meta" and "property" in attributes):
            _read_property(marked_up, node, attributes)
    for key, values in read_article_statements(blocks, [address, *stated.get("@canonical", [])]).items():
        stated[f":{key}"] = values
    for name, values in marked_up.items():
        stated.setdefault(name, []).extend(values)
    return stated


def _add(stated: Statements, name: str, value: str | None) -> None:
    if name and value and (value := value.strip()):
        stated.setdefault(name.strip(), []).append(value)


def _read_link(stated: Statements, node: LexborNode, attributes: _Attributes) -> None:
    kinds = "base" if node.tag == "base" else attributes.get("rel") or ""
    for kind in _LINKS.intersection(kinds.lower().split()):
        _add(stated, f"@{kind}", _text(node) if kind == "author" else attributes["href"])


def _read_property(stated: Statements, node: LexborNode, attributes: _Attributes) -> None:
    """Microdata and RDFa, of the page itself or of its article: not of what else is on it."""
    terms = (attributes.get("itemprop") or attributes.get("property") or "").split()
    names = _PROPERTIES.intersection([term.rpartition(":")[2].rpartition("/")[2] for term in terms])
    if names and _is_of_article(node.parent):
        for name in names:
            _add(stated, f":{name}", _value(node, name, attributes))


def _is_of_article(node: LexborNode | None) -> bool:
    for _ in range(_DEEPEST):
        if node is None:
            return True
        attributes = node.attributes
        if "itemscope" in attributes or "typeof" in attributes:
            kinds = f"{attributes.get('itemtype') or ''} {attributes.get('typeof') or ''}".split()
            return any(kind.endswith(_PAGE_TYPES) for kind in kinds)
        node = node.parent
    return False


def _value(node: LexborNode, name: str, attributes: _Attributes) -> str | None:
    """What HTML says the value of a property is; of a person or organisation, the name."""
    if attributes.get("content"):
        return attributes["content"]
    if name in _NAMES:
        named = node.css_first("[itemprop~=name], [property~=name], [property~='schema:name']")
        if named is not None:
            return named.attributes.get("content") or _text(named)
        return _text(node)
    kind = _VALUES.get(node.tag or "")
    return attributes.get(kind) if kind else _text(node)


def _text(node: LexborNode) -> str:
    text = text_of(node)
    return text if len(text) <= _LONGEST else ""


def text_of(element: LexborNode) -> str:
    """The text of an element on one line."""
    return " ".join(element.text(separator=" ").split())
