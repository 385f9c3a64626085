"""Author names."""

import pytest

from transforms.clean.authors import clean_authors

# A line, and the names in it.
BYLINES = {
    "plain": ("Jo Roe", ["Jo Roe"]),
    "by": ("By Jo Roe", ["Jo Roe"]),
    "by with a colon": ("by: Al Poe", ["Al Poe"]),
    "written by": ("Written by Bo Low", ["Bo Low"]),
    "label": ("Autor: Jan Now", ["Jan Now"]),
    "label of the text": ("Текст: Анна Нова", ["Анна Нова"]),
    "French": ("Par Jean Ledoux", ["Jean Ledoux"]),
    "German": ("Von Hans Alder", ["Hans Alder"]),
    "Spanish": ("Por Ana Ruiz y Juan Vera", ["Ana Ruiz", "Juan Vera"]),
    "a given name": ("Byron Smith", ["Byron Smith"]),
    "a name like a byline": ("Von Alder", ["Von Alder"]),
    "a noble name": ("von der Au", ["von der Au"]),
    "by in a name": ("Guest by Night", ["Guest by Night"]),
    # Lists
    "semicolon and bar": ("Jo Roe; Al Poe | By Bo Low", ["Jo Roe", "Al Poe", "Bo Low"]),
    "list": ("By Jo Roe, Al Poe and Bo Low", ["Jo Roe", "Al Poe", "Bo Low"]),
    "list of two": ("Jo Roe, Al Poe", ["Jo Roe", "Al Poe"]),
    "last comma": ("Jo Roe, Al Poe, and Bo Low", ["Jo Roe", "Al Poe", "Bo Low"]),
    "ampersand": ("Jo Roe & Al Poe", ["Jo Roe", "Al Poe"]),
    "particles": ("Jan ter Horst en Piet de Wit", ["Jan ter Horst", "Piet de Wit"]),
    "Cyrillic": ("Иван Лесной и Анна Полевая", ["Иван Лесной", "Анна Полевая"]),
    # One name, for all its commas
    "surname first": ("Roe, Jo", ["Roe, Jo"]),
    "surnames first": ("Roe, Jo; Poe, Al", ["Roe, Jo", "Poe, Al"]),
    "suffix": ("King, Martin Luther, Jr.", ["King, Martin Luther, Jr."]),
    "suffix in a list": ("Martin Luther King, Jr., and Jo Roe", ["Martin Luther King, Jr.", "Jo Roe"]),
    "two surnames": ("José Roe y Casas", ["José Roe y Casas"]),
    "initial": ("Jo E Roe", ["Jo E Roe"]),
    "firm": ("Roe and Poe", ["Roe and Poe"]),
    "firm with ampersand": ("Roe & Poe Ltd", ["Roe & Poe Ltd"]),
    "institution": ("Department of Coasts and Fishing Harbours", ["Department of Coasts and Fishing Harbours"]),
    "no Latin letters": ("山田太郎、鈴木花子", ["山田太郎、鈴木花子"]),
    # Who they are and for whom they write
    "role": ("Jo Roe, Political Editor", ["Jo Roe"]),
    "roles": ("Jo Roe, Political Editor, and Al Poe, Chief Reporter", ["Jo Roe", "Al Poe"]),
    "role alone": ("Staff writer, Reuters", ["Staff writer, Reuters"]),
    "agency": ("Jo Roe (Reuters)", ["Jo Roe"]),
    "agency after a slash": ("Jo Roe/Associated Press", ["Jo Roe"]),
    "agency alone": ("Associated Press", ["Associated Press"]),
    "newspaper": ("Jo Roe for The New York Times", ["Jo Roe"]),
    "team": ("Jo Roe and the Harbour News team", ["Jo Roe"]),
    "place": ("Jo Roe in Kyiv and Al Poe in London", ["Jo Roe", "Al Poe"]),
    "other brackets": ("Jo (Joanna Roe)", ["Jo (Joanna Roe)"]),
    # Capitals
    "capitals": ("JO MCROE AND AL O'POE", ["Jo McRoe", "Al O'Poe"]),
    "initials": ("J.K. ROE", ["J.K. Roe"]),
    "abbreviation": ("AFP", ["AFP"]),
    "outlet in capitals": ("BBC NEWS", ["BBC NEWS"]),
    # Addresses
    "mail before": ("jo@example.org (Jo Roe)", ["Jo Roe"]),
    "mail after": ("Jo Roe <jo@example.org>", ["Jo Roe"]),
    "mail in brackets": ("Al Poe (al@example.org)", ["Al Poe"]),
    "mail beside": ("Al Poe al@example.org", ["Al Poe"]),
    "mail alone": ("jo@example.org", ["jo@example.org"]),
    "mail that nobody reads": ("no-reply@example.org", []),
    "nobody": ("noreply@example.org (Unknown)", []),
    "handle": ("Jo Roe (@joroe)", ["Jo Roe"]),
    "handle alone": ("@joroe", ["@joroe"]),
    "profile": ("Jo Roe https://example.org/jo", ["Jo Roe"]),
    "profile alone": ("https://example.org/jo", []),
    "empty": ("", []),
    "long": ("Jo Roe, " * 1000, ["Jo Roe, " * 1000]),
}
# Lines of one entry, and the names in them.
ENTRIES = {
    "repeats": (["Jo Roe", "Al Poe", "By Jo Roe", "JO ROE", ""], ["Jo Roe", "Al Poe"]),
    "a name and an agency": (["Reuters", "Jo Roe"], ["Jo Roe"]),
    "a name and an address": (["jo@example.org", "Jo Roe"], ["Jo Roe"]),
    "two agencies": (["Reuters", "AFP"], ["Reuters", "AFP"]),
}


@pytest.mark.parametrize(("line", "names"), BYLINES.values(), ids=BYLINES)
def test_bylines(line: str, names: list[str]) -> None:
    assert clean_authors([line]) == names


@pytest.mark.parametrize(("lines", "names"), ENTRIES.values(), ids=ENTRIES)
def test_names_of_an_entry(lines: list[str], names: list[str]) -> None:
    assert clean_authors(lines) == names


@pytest.mark.parametrize("line", ["a@" * 200, "(" * 400, "and " * 120, ", " * 240, "http://" * 70, "a." * 240 + "@"])
def test_no_line_takes_long(line: str) -> None:
    assert len(clean_authors([line])) < 2
