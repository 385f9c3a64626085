"""The lead image of a fragment of HTML."""

import re
from itertools import islice

from transforms.clean.entities import decode_entities
from transforms.clean.urls import resolve, web_address

_IMAGE_TAG = re.compile(r"<[iI][mM][gG]\b([^<>]{1,4000})>")
_ATTRIBUTE = re.compile(r"""(?<![\w-])(src|width|height)\s*=\s*["']?\s*([^"'\s>]*)""", re.IGNORECASE)
_TRIED = 5  # the first images of a fragment
_PIXEL = ("0", "1", "0px", "1px")


def lead_image(html: str, base: str) -> str:
    """The URL of the first image that is no tracking pixel, resolved against `base`; empty where none is."""
    for tag in islice(_IMAGE_TAG.finditer(html), _TRIED):
        given = {name.lower(): value for name, value in _ATTRIBUTE.findall(tag[1])}
        if not given.get("src") or given.get("width") in _PIXEL or given.get("height") in _PIXEL:
            continue
        if url := web_address(resolve(base, decode_entities(given["src"]))):
            return url
    return ""
