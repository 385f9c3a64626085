"""Plain text: invisible characters, white space, Unicode forms, mojibake."""

import random
import unicodedata
from collections.abc import Callable

import pytest

from transforms.clean.text import clean_laid_out, clean_line, clean_text, repair_mojibake

LINES = {
    "plain": ("Harbour opens", "Harbour opens"),
    "white space": ("  Harbour \t opens\n today ", "Harbour opens today"),
    "no-break spaces": ("20\u00a0000\u202feuros\u3000net", "20 000 euros net"),
    "line separators": ("one\u2028two\u2029three\x85four", "one two three four"),
    "control characters": ("a\x00b\x07c\x1bd\x7fe\x9ff", "abcdef"),
    "soft hyphen": ("par\u00adlia\u00adment", "parliament"),
    "zero width": ("\ufeffpar\u200blia\u2060ment\u200c", "parliament"),
    "directions": ("\u202eabc\u202c \u2066def\u2069\u200f", "abc def"),
    "NFC": ("Cafe\u0301", "Café"),
    "NFC around a zero width": ("e\u200b\u0301", "é"),
    "surrogates": ("a\ud83db\udc00", "ab"),
    "noncharacters": ("a\ufffeb\U0001ffff", "ab"),
    "tags": ("a\U000e0041b", "ab"),
    "picture that is not there": ("a \ufffc b", "a b"),
    "Persian keeps its joiner": ("می\u200cخواهم", "می\u200cخواهم"),
    "emoji keep theirs": ("👩\u200d🚀 lands", "👩\u200d🚀 lands"),
    "joiners of nothing": ("pay\u200dpal می\u200c ok", "paypal می ok"),
    "emoji newer than the tables": ("\U0001fae9 x", "\U0001fae9 x"),
    "lost characters stay": ("caf\ufffd", "caf\ufffd"),
    "nothing left": ("\u200b \x00", ""),
}
TEXTS = {
    "lines": ("one\r\ntwo\rthree", "one\ntwo\nthree"),
    "paragraphs": ("\n\none \n \n\n\n two\n\n", "one\n\ntwo"),
    "lines of spaces": ("one\n\u00a0\n\t\ntwo", "one\n\ntwo"),
    "tidy": ("one\n\ntwo\nthree", "one\n\ntwo\nthree"),
    "NFC in tidy lines": ("e\u0301\n\no\u0308", "é\n\nö"),
}
MOJIBAKE = {
    "two bytes": ("CafÃ© ouvert", "Café ouvert"),
    "three bytes": ("itâ€™s late", "it’s late"),
    "Latin-1 controls": ("itâ\x80\x99s late", "it’s late"),
    "no-break space inside": ("voilÃ\xa0 tout", "voilà tout"),
    "Cyrillic": ("Ð\x9fÑ\x80Ð¸Ð²ÐµÑ\x82", "Привет"),
    "kana": ("ã\x81\x82ã\x81\x84", "あい"),
    "Windows quotes": ("it\x92s late", "it’s late"),
    "only the bad line": ("été\ncafÃ©\n", "été\ncafé\n"),
}
SOUND = ["Wait – “it’s” naïve", "l’été à » été", "Spaß”", "SÃO PAULO: ÀÉ", "Ã la carte", "Привет", "日本語", "plain"]
NASTY = [
    *" \n\r\t\x0b\x0c\x1c\x1f\x00\x7f\x85\xa0\xadaAé\u0301\u200b\u200c\u200d\u200e\u2028\u2029\u202e\u2000\u3000\u1680",
    *"\u1f71\u212b\u2126\ufeffمی\u094d\u1100\u1161\ufffc\ufffe\ud83d\ude00👩\U000e0041",
]


def nasty_strings() -> list[str]:
    choose = random.Random(7)
    return ["".join(choose.choices(NASTY, k=choose.randint(0, 12))) for _ in range(3000)]


@pytest.mark.parametrize(("given", "wanted"), LINES.values(), ids=LINES)
def test_a_line_is_clean(given: str, wanted: str) -> None:
    assert clean_line(given) == wanted


@pytest.mark.parametrize(("given", "wanted"), TEXTS.values(), ids=TEXTS)
def test_a_text_keeps_lines_and_paragraphs(given: str, wanted: str) -> None:
    assert clean_text(given) == wanted


def test_a_text_that_is_laid_out_is_as_clean() -> None:
    for text in nasty_strings():
        laid_out = "\n".join(filter(None, map(str.strip, text.splitlines())))
        assert clean_laid_out(laid_out) == clean_text(laid_out), ascii(text)


def test_a_text_is_as_clean_as_a_line_whatever_character_is_in_it() -> None:
    for text in (f"a{chr(code)}b" for code in range(0x1_0000)):
        if len(text.splitlines()) == 1:
            assert clean_laid_out(text) == clean_line(text), ascii(text)


@pytest.mark.parametrize(("given", "wanted"), MOJIBAKE.values(), ids=MOJIBAKE)
def test_mojibake_is_repaired(given: str, wanted: str) -> None:
    assert repair_mojibake(given) == wanted


@pytest.mark.parametrize("text", SOUND)
def test_sound_text_is_left_alone(text: str) -> None:
    assert repair_mojibake(text) == text


@pytest.mark.parametrize("clean", [clean_line, clean_text])
def test_nothing_nasty_comes_out(clean: Callable[[str], str]) -> None:
    for given in nasty_strings():
        text = clean(given)
        assert clean(text) == text, ascii(given)
        assert unicodedata.is_normalized("NFC", text)
        assert not {unicodedata.category(character) for character in text.replace("\n", "")} & {"Cc", "Cs", "Zl", "Zp"}
        assert "  " not in text
        assert "\n\n\n" not in text
        assert text == text.strip()
        text.encode()


def test_a_line_has_no_line_ends() -> None:
    assert not any("\n" in clean_line(text) for text in nasty_strings())


def test_long_runs_take_linear_time() -> None:
    assert clean_text("م" + "\u200c" * 1_000_000 + "م") == "م\u200cم"
    assert clean_text("\n " * 500_000 + "x") == "x"
    assert repair_mojibake("â€™" * 500_000).startswith("â€™")  # a line too long to repair
