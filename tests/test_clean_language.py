"""Languages, words, publishers, authors."""

from pathlib import Path

import pytest

from transforms.clean.authors import clean_authors
from transforms.clean.language import detect_language
from transforms.clean.publisher import registrable_domain
from transforms.clean.text import clean_text
from transforms.clean.words import count_words

SENTENCES = Path(__file__).parent.parent.parent / "shared" / "data" / "langid"

LANGUAGES = {
    "en": "The council voted on Tuesday to reopen the old harbour railway before the summer.",
    "de": "Der Stadtrat hat am Dienstag beschlossen, die alte Hafenbahn vor dem Sommer wieder zu öffnen.",
    "fr": "Le conseil municipal a décidé mardi de rouvrir la vieille ligne du port avant l’été.",
    "ru": "Городской совет решил во вторник вновь открыть старую портовую железную дорогу. Работы начнутся в мае.",
    "zh": "市议会星期二决定在夏天之前重新开放旧港口铁路。",
    "ja": "市議会は火曜日、夏までに古い港の鉄道を再開することを決めた。",
    "he": "מועצת העיר החליטה ביום שלישי לפתוח מחדש את מסילת הנמל הישנה לפני הקיץ.",
}
SHORT = "Ny bro over havnen"
DOMAINS = {
    "https://www.example.co.uk/a": "example.co.uk",
    "https://example.org:8080/": "example.org",
    "https://name.blogspot.com/2025/": "name.blogspot.com",
    "http://xn--bcher-kva.example.de/": "example.de",
    "http://192.0.2.7/a": "",
    "http://[2001:db8::1]/a": "",
    "http://localhost/": "",
    "https://co.uk/": "",
    "": "",
}
AUTHORS = {
    "plain": (["Jo Roe"], ["Jo Roe"]),
    "by": (["By Jo Roe", "by: Al Poe", "Written by Bo Low"], ["Jo Roe", "Al Poe", "Bo Low"]),
    "no by": (["Byron Smith", "Abby"], ["Byron Smith", "Abby"]),
    "mail before": (["jo@example.org (Jo Roe)"], ["Jo Roe"]),
    "mail after": (["Jo Roe <jo@example.org>", "Al Poe (al@example.org)"], ["Jo Roe", "Al Poe"]),
    "mail alone": (["jo@example.org"], ["jo@example.org"]),
    "repeats": (["Jo Roe", "By Jo Roe", ""], ["Jo Roe"]),
    "separators": (["Jo Roe; Al Poe | Bo Low"], ["Jo Roe", "Al Poe", "Bo Low"]),
    "commas stay": (["Roe, Jo", "Roe and Poe"], ["Roe, Jo", "Roe and Poe"]),
}


@pytest.mark.parametrize(("code", "text"), LANGUAGES.items(), ids=LANGUAGES)
def test_languages_are_told(code: str, text: str) -> None:
    language, score = detect_language(text)
    assert language == code
    assert 0.8 < score <= 1


@pytest.mark.parametrize("text", ["", "42", "OK", "Lorem xqz"])
def test_too_little_text_is_undetermined(text: str) -> None:
    assert detect_language(text) == ("und", 0.0)


def test_a_declared_language_decides_a_close_call() -> None:
    assert detect_language(SHORT)[0] == "und"
    assert detect_language(SHORT, "da-DK")[0] == "da"


def test_a_best_guess_counts_where_it_is_the_declared_language() -> None:
    assert detect_language("De raad beslist")[0] == "und"
    assert detect_language("De raad beslist", "nl")[0] == "nl"
    assert detect_language("De raad beslist", "fr")[0] == "und"


@pytest.mark.parametrize("declared", ["fr", "fr-FR", "en", "xx", "english", "zz_ZZ", "\x00"])
def test_a_declared_language_never_overrules_the_text(declared: str) -> None:
    assert detect_language(LANGUAGES["de"], declared)[0] == "de"


def test_english_is_no_hint() -> None:
    assert detect_language(SHORT, "en-US") == detect_language(SHORT) == ("und", 0.0)


def test_any_clean_text_is_accepted() -> None:
    for start in range(0, 0x110000, 0x400):
        detect_language(clean_text("hello " + "".join(map(chr, range(start, start + 0x400)))))


@pytest.mark.skipif(not SENTENCES.is_dir(), reason="the sentences in twenty languages are not here")
@pytest.mark.parametrize(("length", "hinted", "least"), [(40, False, 0.88), (40, True, 0.95), (1000, True, 0.98)])
def test_accuracy(length: int, hinted: bool, least: float) -> None:
    right = total = 0
    for path in sorted(SENTENCES.glob("??.txt")):
        for line in path.read_text(encoding="utf-8").splitlines():
            total += 1
            right += detect_language(clean_text(line)[:length], path.stem if hinted else "")[0] == path.stem
    assert right / total >= least


@pytest.mark.parametrize(
    ("text", "language", "words"),
    [
        ("", "und", 0),
        ("one", "en", 1),
        ("one two\nthree\n\nfour", "en", 4),
        ("港口鉄道 opens 2025", "ja", 6),
        ("旧港口", "zh", 3),
    ],
)
def test_words_are_counted(text: str, language: str, words: int) -> None:
    assert count_words(text, language) == words


@pytest.mark.parametrize(("url", "domain"), DOMAINS.items())
def test_publishers_are_registrable_domains(url: str, domain: str) -> None:
    assert registrable_domain(url) == domain


@pytest.mark.parametrize(("lines", "names"), AUTHORS.values(), ids=AUTHORS)
def test_authors(lines: list[str], names: list[str]) -> None:
    assert clean_authors(lines) == names
