"""Names of the gazetteer in other languages: their forms, and where they are found."""

import numpy as np
import pyarrow as pa
import pytest

from transforms.tag.entities.known_names import KnownNames
from transforms.tag.gazetteer import Cues, build_automaton, find_names, load_automaton
from transforms.tag.gazetteer.automaton import NameAutomaton
from transforms.tag.gazetteer.foreign import Form, inflect, load_forms, load_rules
from transforms.tag.gazetteer.names import Name, load_names
from transforms.tag.text import Hits, join_fields

NAMES = (
    Name("countries", "Thailand", "LOC", strong=("Thailand",)),
    Name("cities", "Essen", "LOC", strong=("Essen",)),
    Name("people", "Ada Novak", "PERSON", strong=("Ada Novak",)),
)
CUES = Cues((), (), (), ())


@pytest.fixture(scope="module")
def known() -> NameAutomaton:
    return load_automaton(abroad=True)


def find(known: NameAutomaton, names: tuple[Name, ...], texts: list[str], english: list[bool]) -> list[tuple[str, str]]:
    """What stands in the texts, and the name that it stands for."""
    text = join_fields([pa.array(texts)])
    hits: Hits = find_names(known, text, np.array(english))
    return [
        (bytes(text.raw[start:end]).decode(), names[known.names[known.firsts[pattern]]].name)
        for pattern, start, end in zip(hits.pattern, hits.start, hits.end, strict=True)
        if known.counts[pattern]
    ]


def build(forms: dict[Form, int], *not_names_abroad: str) -> NameAutomaton:
    return build_automaton(NAMES, Cues((), (), (), (), not_names_abroad), forms)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        pytest.param(
            "Министр Германии прилетел в Москву", [("Германии", "Germany"), ("Москву", "Moscow")], id="ru-cases"
        ),
        pytest.param("Встреча с Владимиром Путиным", [("Владимиром Путиным", "Vladimir Putin")], id="ru-person"),
        pytest.param("Посол Саудовской Аравии", [("Саудовской Аравии", "Saudi Arabia")], id="ru-adjective-and-noun"),
        pytest.param("У Києві та Харкові", [("Києві", "Kyiv"), ("Харкові", "Kharkiv")], id="uk-cases"),
        pytest.param("W Warszawie i Rosji", [("Warszawie", "Warsaw"), ("Rosji", "Russia")], id="pl-cases"),
        pytest.param(
            "Berlins Senat, w Berlinie", [("Berlins", "Berlin"), ("Berlinie", "Berlin")], id="same-as-in-english"
        ),
        pytest.param("Die Regierung Frankreichs", [("Frankreichs", "France")], id="de-genitive"),
        pytest.param("Londres et la Suisse", [("Londres", "London"), ("Suisse", "Switzerland")], id="fr"),
        pytest.param("La OTAN y Alemania", [("OTAN", "NATO"), ("Alemania", "Germany")], id="es-organisation"),
        pytest.param("Rusya'ya ve Çin'e", [("Rusya", "Russia"), ("Çin", "China")], id="tr-apostrophe"),
        pytest.param("وقال وزير فرنسا، وروسيا", [("فرنسا", "France"), ("روسيا", "Russia")], id="ar-comma-and-prefix"),
        pytest.param("وزیر پاکستان۔", [("پاکستان", "Pakistan")], id="ur-full-stop"),
        pytest.param("בצרפת ובגרמניה", [("צרפת", "France"), ("גרמניה", "Germany")], id="he-prefixes"),
        pytest.param(
            "法国总统访问北京和联合国", [("法国", "France"), ("北京", "Beijing"), ("联合国", "United Nations")], id="zh"
        ),
        pytest.param("ロシアと日本の外相", [("ロシア", "Russia"), ("日本", "Japan")], id="ja"),
        pytest.param("독일은 서울에서", [("독일", "Germany"), ("서울", "Seoul")], id="ko-particles"),
        pytest.param(
            "Google und Angela Merkel", [("Google", "Google"), ("Angela Merkel", "Angela Merkel")], id="as-in-english"
        ),
    ],
)
def test_names_are_found_in_their_language(known: NameAutomaton, text: str, found: list[tuple[str, str]]) -> None:
    assert find(known, load_names(), [text], [False]) == found


def test_english_rows_have_english_names_alone(known: NameAutomaton) -> None:
    texts = ["Suisse, London", "Suisse, London", "Suisse"]
    assert find(known, load_names(), texts, [True, False, True]) == [
        ("London", "London"),
        ("Suisse", "Switzerland"),
        ("London", "London"),
    ]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        pytest.param("タイで", ["タイ"], id="alone"),
        pytest.param("南タイ・北部", ["タイ"], id="dot-ends-the-word"),
        pytest.param("タイトル", [], id="word-goes-on"),
        pytest.param("ネクタイ", [], id="word-began-before"),
        pytest.param("タイ", ["タイ"], id="whole-text"),
        pytest.param("タイー", [], id="long-vowel"),
    ],
)
def test_a_word_in_katakana_is_not_cut(text: str, found: list[str]) -> None:
    assert [word for word, _ in find(build({Form("タイ"): 0}), NAMES, [text], [False])] == found


def test_words_that_are_no_names_abroad() -> None:
    known = build({Form("인도"): 0}, "Essen", "인도적")
    texts = ["Essen und Trinken", "인도적 지원, 인도와", "Essen grows"]
    assert find(known, NAMES, texts, [False, False, True]) == [("인도", "Thailand"), ("Essen", "Essen")]


def test_a_name_known_in_english_keeps_its_sense() -> None:
    known = build({Form("Essen"): 0})
    assert find(known, NAMES, ["Essen"], [False]) == [("Essen", "Essen")]


def test_nothing_to_find() -> None:
    assert find(build({Form("タイ"): 0}), NAMES, ["", ""], [False, True]) == []


@pytest.mark.parametrize(
    ("name", "person", "language", "form"),
    [
        pytest.param("Украина", False, "ru", "Украине", id="ru-feminine"),
        pytest.param("Северная Корея", False, "ru", "Северной Кореи", id="ru-adjective"),
        pytest.param("Совет Европы", False, "ru", "Совета Европы", id="ru-only-the-head"),
        pytest.param("Сергей Лавров", True, "ru", "Сергеем Лавровым", id="ru-person"),
        pytest.param("Велика Британія", False, "uk", "Великою Британією", id="uk-adjective"),
        pytest.param("Wielka Brytania", False, "pl", "Wielkiej Brytanii", id="pl-adjective"),
        pytest.param("Österreich", False, "de", "Österreichs", id="de-genitive"),
        pytest.param("Angela Merkel", True, "de", "Angela Merkels", id="de-last-word"),
    ],
)
def test_inflection(name: str, person: bool, language: str, form: str) -> None:
    assert form in inflect(name, person, language)


@pytest.mark.parametrize(
    ("name", "language"),
    [
        pytest.param("США", "ru", id="abbreviation"),
        pytest.param("Осло", "ru", id="no-rule"),
        pytest.param("Самоа", "ru", id="a-foreign-vowel"),
        pytest.param("Paris", "de", id="ends-in-s"),
    ],
)
def test_what_does_not_change(name: str, language: str) -> None:
    assert set(inflect(name, False, language)) == {name}


def test_rules_of_nouns_and_adjectives_have_all_cases_in_one_order() -> None:
    cases = {"ru": 5, "uk": 5, "pl": 5, "cs": 5, "sk": 5}
    uneven = [
        (key, ending)
        for key, table in load_rules().items()
        for ending, forms in table.items()
        if key[1] != "before" and len(forms) != cases.get(key[0], len(forms))
    ]
    assert not uneven


def test_every_form_names_one_thing() -> None:
    forms = load_forms(load_names())
    assert len(forms) > 20_000
    assert set(forms.values()) <= set(range(len(load_names())))


def test_a_name_that_the_gazetteer_lacks_is_refused() -> None:
    with pytest.raises(ValueError, match="no LOC"):
        load_forms(NAMES)


def test_names_abroad_are_loaded_once_a_text_asks_for_them(known: NameAutomaton) -> None:
    asked: list[bool] = []

    def load(abroad: bool) -> NameAutomaton:
        asked.append(abroad)
        return known if abroad else build_automaton(load_names(), CUES)

    names = KnownNames(load_names(), load)
    texts = join_fields([pa.array(["London", "Londres"])])
    assert [len(names.find(texts, np.array(english)).start) for english in ([True, True], [True, False])] == [1, 2]
    names.find(texts, np.array([False, False]))
    assert asked == [False, True]


def test_an_english_automaton_refuses_other_languages() -> None:
    with pytest.raises(ValueError, match="English alone"):
        find_names(build_automaton(NAMES, CUES), join_fields([pa.array(["Essen"])]), np.array([False]))


def test_numbers_of_english_patterns_do_not_depend_on_other_languages(known: NameAutomaton) -> None:
    english = load_automaton(abroad=False)
    for column in ("given", "title", "suffix", "one_word", "firsts", "counts"):
        assert np.array_equal(getattr(known, column)[: len(english.counts)], getattr(english, column))
    for column in ("names", "strengths", "surnames"):
        assert np.array_equal(getattr(known, column)[: len(english.names)], getattr(english, column))
