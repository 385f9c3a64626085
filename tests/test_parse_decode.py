"""Encodings: bytes to text."""

import codecs

import pytest

from schemas.errors import NotText
from transforms.parse.decode import decode

TEXTS = {
    "ascii": (b"Harbour", "", "Harbour"),
    "utf-8": ("Zürich – 東京".encode(), "", "Zürich – 東京"),
    "utf-8 with mark": (codecs.BOM_UTF8 + "Zürich".encode(), "", "Zürich"),
    "utf-8 called latin-1": ("Zürich".encode(), "text/html; charset=ISO-8859-1", "Zürich"),
    "utf-16 with mark": ("Zürich".encode("utf-16"), "", "Zürich"),
    "utf-16 big-endian": (codecs.BOM_UTF16_BE + "東京".encode("utf-16-be"), "", "東京"),
    "utf-32": ("東京".encode("utf-32"), "", "東京"),
    "utf-16 XML without mark": (
        "<?xml version='1.0'?><a>é</a>".encode("utf-16-le"),
        "",
        "<?xml version='1.0'?><a>é</a>",
    ),
    "utf-16 text without mark": ("Der Hafen von Zürich".encode("utf-16-le"), "", "Der Hafen von Zürich"),
    "utf-16 big-endian text without mark": ("The harbour".encode("utf-16-be"), "", "The harbour"),
    "utf-32 XML without mark": ("<a>é</a>".encode("utf-32-be"), "", "<a>é</a>"),
    "called utf-16 and is not": (
        b"<?xml version='1.0' encoding='utf-16'?><a/>",
        "",
        "<?xml version='1.0' encoding='utf-16'?><a/>",
    ),
    "header": ("Привет".encode("koi8-r"), "text/plain; charset=koi8-r", "Привет"),
    "XML declaration": (
        "<?xml version='1.0' encoding='windows-1251'?><a>Мир</a>".encode("cp1251"),
        "",
        "<?xml version='1.0' encoding='windows-1251'?><a>Мир</a>",
    ),
    "meta": ("<meta charset=shift_jis><p>東京".encode("shift_jis"), "", "<meta charset=shift_jis><p>東京"),
    "seven bits": ("東京".encode("iso-2022-jp"), "text/plain; charset=iso-2022-jp", "東京"),
    "gb2312 beyond its set": ("镕".encode("gb18030"), "text/html; charset=gb2312", "镕"),
    "nothing declared": ("Café “Zürich”".encode("cp1252"), "", "Café “Zürich”"),
    "no such charset": ("Café".encode("cp1252"), "text/plain; charset=klingon", "Café"),
    "a codec that is no charset": (b"Caf\xe9", "text/plain; charset=hex", "Café"),
    "utf-8 with a byte of Windows-1252": (
        "Zürich wasn".encode() + b"\x92" + "t Genève".encode(),
        "",
        "Zürich wasn’t Genève",
    ),
    "undefined in Windows-1252": (b"Caf\xe9 \x81", "", "Café \ufffd"),
    "utf-8 cut inside a character": ("Zürich Genève".encode() + "é".encode()[:1], "", "Zürich GenèveÃ"),
    "NUL": (
        b"Harbour\0and all that is in it, at some length, so that one NUL is not much of it",
        "",
        "Harbour and all that is in it, at some length, so that one NUL is not much of it",
    ),
}

BINARY = {
    "PNG": b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x02\x58",
    "PDF": b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\n",
    "zip": b"PK\x03\x04\x14\0\0\0\x08\0",
    "numbers of 16 bits": b"".join(number.to_bytes(2) for number in range(1, 200)),
    "compressed": bytes((7 * number * number + 13 * number) % 256 for number in range(4096)),
}


@pytest.mark.parametrize(("data", "media_type", "text"), TEXTS.values(), ids=TEXTS)
def test_decode(data: bytes, media_type: str, text: str) -> None:
    assert decode(data, media_type) == text


@pytest.mark.parametrize("data", BINARY.values(), ids=BINARY)
def test_binary_content_is_refused(data: bytes) -> None:
    with pytest.raises(NotText, match=data[:3].hex(" ")):
        decode(data)


def test_terminal_colours_are_text() -> None:
    assert decode(b"\x1b[1mHarbour\x1b[0m\n") == "\x1b[1mHarbour\x1b[0m\n"
