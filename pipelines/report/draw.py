"""Charts as SVG without scripts or styles: colours are the page's own variables, values are titles to hover over.

Vega-Lite describes a chart, Vega draws it. A page shows one of two drawings of each, by its width.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import vl_convert
from lxml import etree

Spec = dict[str, Any]

WIDE, NARROW = 860, 316  # pixels
_VERSION = "v5.20"
_SVG = "{http://www.w3.org/2000/svg}"
_CONFIG: Spec = {
    "background": "transparent",
    "font": "sans-serif",
    "view": {"stroke": None},
    "axis": {
        "labelColor": "var(--muted)", "labelFontSize": 12, "gridColor": "var(--grid)", "domain": False, "ticks": False,
        "title": None, "labelPadding": 6,
    },
    "axisX": {"grid": False, "domain": True, "domainColor": "var(--rule)"},
    "header": {"title": None, "labelColor": "var(--ink)", "labelFontSize": 12, "labelPadding": 4},
    "legend": {"disable": True},
}  # fmt: skip


@dataclass(frozen=True)
class Chart:
    """A chart as drawn for wide and for narrow pages, and in words."""

    wide: str
    narrow: str
    label: str


def draw(label: str, make_spec: Callable[[int], Spec]) -> Chart:
    """The chart that `make_spec` describes for a width in pixels."""
    return Chart(_draw(make_spec(WIDE), label), _draw(make_spec(NARROW), label), label)


def _draw(spec: Spec, label: str) -> str:
    given = {"$schema": "https://vega.github.io/schema/vega-lite/v5.json", "config": _CONFIG, "padding": 2} | spec
    drawn = vl_convert.vegalite_to_svg(given, vl_version=_VERSION, allowed_base_urls=[])
    svg = etree.fromstring(drawn, etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True))
    for element in svg.iter(etree.Element):
        _adapt(element)
    width, height = svg.attrib.pop("width"), svg.attrib.pop("height")
    svg.attrib.update({"role": "img", "aria-label": label, "viewBox": f"0 0 {width} {height}"})
    return str(etree.tostring(svg, encoding="unicode"))


def _adapt(element: Any) -> None:
    """What was said to screen readers of each mark becomes its title; the page's own text says it to them."""
    said = element.attrib.pop("aria-label", "")
    is_mark = element.attrib.pop("aria-roledescription", "") and element.tag == f"{_SVG}path"
    for name in ("role", "aria-hidden", "font-family", "pointer-events"):
        element.attrib.pop(name, None)
    if said and is_mark:
        etree.SubElement(element, f"{_SVG}title").text = said
