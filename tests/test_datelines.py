"""Datelines of agencies in many languages, and lines that only look like one."""

import pytest

from transforms.parse.text.datelines import opens_body, read_dateline

DATELINES = {
    "slashes and full stops": ("ВЕЛЬСК, 12 марта. /СЕВЕР/. Вода поднялась.", "СЕВЕР", ""),
    "year in Russian": ("ВЕЛЬСК, 12 марта 2024 года. /СЕВЕР/. Вода поднялась.", "СЕВЕР", "12 марта 2024"),
    "nothing after the dash": ("Port-Salins (France), 14 mars 2024 (AFI) -", "AFI", "14 mars 2024"),
    "no spaces": ("MARLOW, Texas--(COAST WIRE)--Acme said today that it works.", "COAST WIRE", ""),
    "no dash": ("Marlow, Mar 12 (CTI) The minister said that it works.", "CTI", ""),
    "ordinal": ("PORT CITY, 12th March, 2024 (PAM) -- The minister said.", "PAM", "12th March, 2024"),
    "day in brackets": ("GENEVA (13 March 2024) – The experts said.", "", "13 March 2024"),
    "Arabic": ("الرملة 12 مارس (ساحل) - قال الوزير اليوم.", "ساحل", ""),
    "Chinese": ("临江社北海3月12日电（记者王晓明）市长今天说了一句话。", "临江社", ""),
    "Korean": ("(서울=해안뉴스) 홍길동 기자 = 정부는 오늘 발표했다.", "해안뉴스", ""),
}
NO_DATELINES = {
    "a weekday in brackets": "The minister said on March 12 (Tuesday) that it works.",
    "a treaty": "The treaty (March 12, 2024) – which nobody read – was signed.",
    "a ticker": "Acme Corp (ACM) said that it works.",
}


@pytest.mark.parametrize(("line", "agency", "published"), DATELINES.values(), ids=DATELINES)
def test_datelines(line: str, agency: str, published: str) -> None:
    assert read_dateline(line, "") == (agency, published)
    assert opens_body(line, by_place=False)


@pytest.mark.parametrize("line", NO_DATELINES.values(), ids=NO_DATELINES)
def test_running_text_is_no_dateline(line: str) -> None:
    assert read_dateline(line, "") == ("", "")
    assert not opens_body(line, by_place=False)
