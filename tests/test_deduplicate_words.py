"""Words of texts in any script, and the shingles that texts without spaces share."""

import pytest

from transforms.deduplicate.texts.shingles import jaccard_of
from transforms.deduplicate.texts.signatures import sign_and_shingle
from transforms.deduplicate.texts.words import read_words

CHINESE = (
    "市政府周三宣布，新的跨河大桥将于明年春天通车，预计每天有两万辆汽车通过。",
    "国家队昨晚在客场以一球小胜，主教练赛后称赞了年轻门将的出色表现。",
)
JAPANESE = (
    "市は水曜日、川に架かる新しい橋が来年の春に開通すると発表した。一日に二万台の車が通る見込みだ。",
    "代表チームは昨夜、敵地での試合に勝ち、監督は若いキーパーの活躍をたたえた。",
)
THAI = (
    "เทศบาลประกาศเมื่อวันพุธว่าสะพานแห่งใหม่ข้ามแม่น้ำจะเปิดใช้ในฤดูใบไม้ผลิปีหน้าและคาดว่าจะมีรถผ่านวันละสองหมื่นคัน",
    "ทีมชาติชนะเกมเยือนเมื่อคืนนี้ด้วยคะแนนหนึ่งต่อศูนย์และโค้ชชื่นชมผู้รักษาประตูหนุ่มที่ป้องกันไว้ได้หลายครั้ง",
)
KHMER = (
    "សាលាក្រុងបានប្រកាសកាលពីថ្ងៃពុធថាស្ពានថ្មីឆ្លងទន្លេនឹងបើកឱ្យប្រើប្រាស់នៅឆ្នាំក្រោយ",
    "ក្រុមជម្រើសជាតិបានឈ្នះការប្រកួតកាលពីយប់មិញហើយគ្រូបង្វឹកបានសរសើរអ្នកចាំទី",
)
SCRIPTS = [pytest.param(*pair, id=name) for name, pair in vars().copy().items() if name.isupper()]


def hashes_of(text: str) -> list[int]:
    """The hashes of the words of one text."""
    found: list[int] = read_words([text]).hashes.tolist()
    return found


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        pytest.param("Rain, in (the) NORTH!", "rain in the north", True, id="ascii"),
        pytest.param("ŽENEVA – Ústí «Élysée»", "ženeva ústí élysée", True, id="latin"),
        pytest.param("МОСКВА: Дождь…", "москва дождь", True, id="cyrillic"),
        pytest.param("٢٠٢٥ و ３", "2025 و 3", True, id="digits"),
        pytest.param("rain\u3000north。south、", "rain north south", True, id="wide-punctuation"),
        pytest.param("rain 🌧 north \ud83c", "rain north", True, id="emoji-and-half-of-one"),
        pytest.param("rain\0north", "rain north", True, id="nul"),
        pytest.param("rain", "ruin", False, id="a-letter"),
        pytest.param("rain", "rains", False, id="an-ending"),
        pytest.param("railways", "railwaymen", False, id="past-eight-letters"),
        pytest.param("unconstitutional", "unconstitutionally", False, id="long"),
        pytest.param("a" * 40, "a" * 41, False, id="length-alone"),
        pytest.param("雨", "雪", False, id="characters"),
    ],
)
def test_what_counts_as_the_same_words(one: str, other: str, same: bool) -> None:
    assert (hashes_of(one) == hashes_of(other)) is same


def test_words_are_those_of_their_text() -> None:
    words = read_words(["Rain, 12 (rain)", "", "RAIN", "雨 rain", ""])
    assert words.offsets.tolist() == [0, 3, 3, 4, 6, 6]
    assert words.letters.tolist() == [0, 0, 0, 1, 0]
    rain = [words.hashes[place] for place in (0, 2, 3, 5)]
    assert len(set(rain)) == 1


def test_no_texts_have_no_words() -> None:
    assert read_words([]).offsets.tolist() == [0]
    assert read_words(["", "…"]).offsets.tolist() == [0, 0, 0]


@pytest.mark.parametrize(
    ("text", "count"),
    [
        pytest.param("新橋2025年", 4, id="characters-and-a-number"),
        pytest.param("กรุงเทพ", 7, id="letters"),
        pytest.param("서울 날씨", 2, id="korean-has-spaces"),
        pytest.param("カメラ", 3, id="kana"),
    ],
)
def test_scripts_without_spaces(text: str, count: int) -> None:
    assert len(hashes_of(text)) == count


def test_a_word_of_letters_ends_with_its_run() -> None:
    whole, cut = hashes_of("กรุงเทพ"), hashes_of("กรุง")
    assert [one == other for one, other in zip(whole, cut, strict=False)] == [True, False, False, False]


@pytest.mark.parametrize(("one", "other"), SCRIPTS)
def test_texts_without_spaces_are_compared(one: str, other: str) -> None:
    copy = one[:30] + one[31:]
    _, shingles = sign_and_shingle([one, copy, other])
    assert jaccard_of(shingles[0], shingles[1]) > 0.7
    assert jaccard_of(shingles[0], shingles[2]) < 0.1
