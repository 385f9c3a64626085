"""Plain texts of many shapes: title, lead, paragraphs, credit, template lines."""

from typing import Any

import pytest

from tests.parsing import parse_one

P1 = "The harbour opened to ships on Monday, two years after the storm that closed it. " * 3
P1 = P1.strip()
P2 = "The council had set aside nine million for the work, and spent seven of them. " * 3
P2 = P2.strip()
TITLE = "Harbour opens after two years"
WRAPPED = (
    "The harbour opened to ships on Monday, two years after the\n"
    "storm that closed it. The council had set aside nine million\n"
    "for the work and spent seven of them, said the mayor, who\n"
    "cut the ribbon."
)
JOINED = WRAPPED.replace("\n", " ")
HYPHENATED = (
    "The new terminal of the harbour was built for ships of the sea-\n"
    "going kind, and not for those that ply the river and its canals."
)
CHINESE = (
    "港口在风暴关闭两年后于周一重新向船只开放，市议会为此拨出\n"
    "九百万元的工程款，实际只花费了其中的七百万元，市长在开\n"
    "幕式上表示满意。"
)
HEADLINES = (
    "The bridge over the river closes for repairs\n"
    "The museum of the sea shows its oldest ship\n"
    "The council puts off its vote on the budget"
)
LONG_TITLE = "Harbour opens after two years of work that cost the council\nseven of the nine million it had set aside"

TEXTS: dict[str, tuple[str, dict[str, Any]]] = {
    "title and body": (
        f"{TITLE}\n\n{P1}\n\n{P2}",
        {"title": TITLE, "body": f"{P1}\n\n{P2}", "description": "", "credit": ""},
    ),
    "title directly above": (f"{TITLE}\n{P1}\n{P2}\n", {"title": TITLE, "body": f"{P1}\n\n{P2}"}),
    "Windows line ends": (f"{TITLE}\r\n\r\n{P1}\r\n\r\n{P2}", {"title": TITLE, "body": f"{P1}\n\n{P2}"}),
    "white space around": (f"\n\n  {TITLE}  \n \t\n   {P1} ", {"title": TITLE, "body": P1}),
    "only a title": (TITLE, {"title": TITLE, "body": ""}),
    "only a paragraph": (P1, {"title": "", "body": P1}),
    "paragraphs without title": (f"{P1}\n\n{P2}", {"title": "", "body": f"{P1}\n\n{P2}"}),
    "short sentences without title": ("He left.\n\nNobody saw.", {"title": "", "body": "He left.\n\nNobody saw."}),
    "title that ends in a stop": (f"Port Co. sues Ship Inc.\n\n{P1}", {"title": "Port Co. sues Ship Inc.", "body": P1}),
    "title that asks": (f"Who pays for the harbour?\n\n{P1}", {"title": "Who pays for the harbour?", "body": P1}),
    "salutation": (f"Dear neighbours,\n\n{P1}", {"title": "", "body": f"Dear neighbours,\n\n{P1}"}),
    "markdown": (f"# {TITLE}\n\n{P1}", {"title": TITLE, "body": P1}),
    "underlined": (f"{TITLE}\n=====\n\n{P1}", {"title": TITLE, "body": P1}),
    "title wrapped": (f"{LONG_TITLE}\n\n{P1}", {"title": LONG_TITLE.replace("\n", " "), "body": P1}),
    "a date below the title": (
        f"{TITLE}\n\n22 March 2025\n\n{P1}",
        {"published_raw": "22 March 2025", "published_source": "header", "body": P1},
    ),
    # The title's repeat
    "repeat": (f"{TITLE}\n\n{TITLE}\n\n{P1}", {"title": TITLE, "body": P1}),
    "repeat directly below": (f"{TITLE}\n{TITLE}\n{P1}", {"title": TITLE, "body": P1}),
    "repeat in capitals": (f"{TITLE}\n\n{TITLE.upper()}!\n\n{P1}", {"title": TITLE, "body": P1}),
    "near repeat": (f"{TITLE}\n\nThe {TITLE}\n\n{P1}", {"title": TITLE, "body": P1}),
    "repeat with site": (f"{TITLE} | Port News\n\n{TITLE}\n\n{P1}", {"title": TITLE, "body": P1}),
    "repeat before site": (f"{TITLE}\n\n{TITLE} – Port News\n\n{P1}", {"title": TITLE, "body": P1}),
    "repeat of a long sentence": (f"{P1[:80]}\n\n{P1[:80]}\n\n{P2}", {"title": P1[:80], "body": P2}),
    "subtitle": (
        f"{TITLE}\n\nShips may enter again\n\n{P1}",
        {"title": TITLE, "body": f"Ships may enter again\n\n{P1}"},
    ),
    "another number": (
        f"Harbour: part 1\n\nHarbour: part 2\n\n{P1}",
        {"title": "Harbour: part 1", "body": f"Harbour: part 2\n\n{P1}"},
    ),
    "title quoted later": (f"{TITLE}\n\n{P1}\n\n{TITLE}", {"title": TITLE, "body": f"{P1}\n\n{TITLE}"}),
    # The lead
    "bullets": (f"{TITLE}\n • One is.\n • Two is.\n\n{P1}", {"description": "One is.\nTwo is.", "body": P1}),
    "one bullet": (f"{TITLE}\n\n• One is.\n\n{P1}", {"description": "One is.", "body": P1}),
    "hyphens": (f"{TITLE}\n\n- One is\n- Two is\n\n{P1}", {"description": "One is\nTwo is", "body": P1}),
    "stars": (f"{TITLE}\n\n* One is\n* Two is\n\n{P1}", {"description": "One is\nTwo is", "body": P1}),
    "dashes": (f"{TITLE}\n\n– One is\n– Two is\n\n{P1}", {"description": "One is\nTwo is", "body": P1}),
    "numbers": (f"{TITLE}\n\n1. One is\n2) Two is\n\n{P1}", {"description": "One is\nTwo is", "body": P1}),
    "bullets apart": (f"{TITLE}\n\n• One\n\n• Two\n\n{P1}", {"description": "One\nTwo", "body": P1}),
    "bullets without a blank line": (f"{TITLE}\n• One\n• Two\n{P1}", {"description": "One\nTwo", "body": P1}),
    "wrapped bullets": (
        f"{TITLE}\n\n- One is the first\n  of them\n- Two is\n\n{P1}",
        {"description": "One is the first of them\nTwo is", "body": P1},
    ),
    "bullets after the repeat": (
        f"{TITLE}\n{TITLE}\n• One\n• Two\n\n{P1}",
        {"title": TITLE, "description": "One\nTwo", "body": P1},
    ),
    "bullets without title": (
        f"• One is.\n• Two is.\n\n{P1}",
        {"title": "", "description": "One is.\nTwo is.", "body": P1},
    ),
    "speech": (
        f"{TITLE}\n\n– Where is it? – Here.\n\n{P1}",
        {"description": "", "body": f"– Where is it? – Here.\n\n{P1}"},
    ),
    "a list and no body": (f"{TITLE}\n\n- One\n- Two", {"description": "", "body": "- One\n- Two"}),
    "a list in the body": (
        f"{TITLE}\n\n{P1}\n\n- One\n- Two\n\n{P2}",
        {"description": "", "body": f"{P1}\n\n- One\n- Two\n\n{P2}"},
    ),
    "a numbered section": (f"{TITLE}\n\n1. The storm\n\n{P1}", {"description": "", "body": f"1. The storm\n\n{P1}"}),
    "a long list": (f"{TITLE}\n\n" + "• One\n" * 30 + f"\n{P1}", {"description": ""}),
    # Paragraphs
    "wrapped": (f"{TITLE}\n\n{WRAPPED}\n\n{P2}", {"title": TITLE, "body": f"{JOINED}\n\n{P2}"}),
    "wrapped without title": (WRAPPED, {"title": "", "body": JOINED}),
    "wrapped at a hyphen": (HYPHENATED, {"title": "", "body": HYPHENATED.replace("\n", "")}),
    "wrapped in Chinese": (f"{TITLE}\n\n{CHINESE}", {"body": CHINESE.replace("\n", "")}),
    "verse": (
        f"{TITLE}\n\nThe ships come in\nthe ships go out\nthe harbour stays",
        {"body": "The ships come in\nthe ships go out\nthe harbour stays"},
    ),
    "an address": (
        f"{TITLE}\n\nPort Board\n1 Quay Street\nHarbourtown",
        {"body": "Port Board\n1 Quay Street\nHarbourtown"},
    ),
    "headlines": (f"{TITLE}\n\n{HEADLINES}", {"body": HEADLINES}),
    # The credit
    "credit": (f"{TITLE}\n\n{P1}\n\nSource: The Wire", {"body": P1, "credit": "The Wire"}),
    "credit in German": (f"{TITLE}\n\n{P1}\n\nQuelle: Hafenblatt", {"body": P1, "credit": "Hafenblatt"}),
    "two credits": (
        f"{TITLE}\n\n{P1}\n\nSource: The Wire\nSource: Ana Ruiz",
        {"body": P1, "credit": "The Wire\nAna Ruiz"},
    ),
    "credit before the template": (
        f"{TITLE}\n\n{P1}\n\nSource: The Wire\n\nPost a Comment\n",
        {"body": P1, "credit": "The Wire"},
    ),
    "credit after the template": (
        f"{TITLE}\n\n{P1}\n\nShare this\n\nSource: The Wire",
        {"body": P1, "credit": "The Wire"},
    ),
    "source within the body": (
        f"{TITLE}\n\n{P1}\n\nSource: The Wire\n\n{P2}",
        {"body": f"{P1}\n\nSource: The Wire\n\n{P2}", "credit": ""},
    ),
    "a sentence on sources": (
        f"{TITLE}\n\n{P1}\n\nSources close to the mayor agreed.",
        {"credit": "", "body": f"{P1}\n\nSources close to the mayor agreed."},
    ),
    "nothing after the colon": (f"{TITLE}\n\n{P1}\n\nSource:", {"credit": ""}),
    # Template lines
    "comment link": (f"{TITLE}\n\n{P1}\n\nPost a Comment", {"body": P1}),
    "post navigation": (f"{TITLE}\n\n{P1}\n\n« Previous Post   Next Post »", {"body": P1}),
    "comments counted": (f"{TITLE}\n\n{P1}\n\n1,204 Comments", {"body": P1}),
    "share bar": (f"{TITLE}\n\n{P1}\n\nShare on: Facebook | Twitter | WhatsApp", {"body": P1}),
    "share bar in lines": (f"{TITLE}\n\n{P1}\n\nShare\nFacebook\nTwitter\nCopy link\n", {"body": P1}),
    "newsletter": (f"{TITLE}\n\n{P1}\n\nRead more »\n\nSubscribe to our newsletter!", {"body": P1}),
    "end mark": (f"{TITLE}\n\n{P1}\n\n###", {"body": P1}),
    "above the title": (f"Skip to content\nMenu\n\n{TITLE}\n\n{P1}", {"title": TITLE, "body": P1}),
    "a template line that is the text": ("Share", {"title": "Share", "body": ""}),
    "a phrase within the body": (
        f"{TITLE}\n\n{P1}\n\nPost a Comment\n\n{P2}",
        {"body": f"{P1}\n\nPost a Comment\n\n{P2}"},
    ),
    "a sentence that starts alike": (
        f"{TITLE}\n\n{P1}\n\nShare this harbour with your friends in town",
        {"body": f"{P1}\n\nShare this harbour with your friends in town"},
    ),
    "a sentence of one word": (f"{TITLE}\n\n{P1}\n\nNext.", {"body": f"{P1}\n\nNext."}),
    "words of a share bar": (f"{TITLE}\n\n{P1}\n\nShare it to the line", {"body": f"{P1}\n\nShare it to the line"}),
}


@pytest.mark.parametrize(("text", "expected"), TEXTS.values(), ids=TEXTS)
def test_raw_text(text: str, expected: dict[str, Any]) -> None:
    entry = parse_one(text)
    assert {name: getattr(entry, name) for name in expected} == expected


def test_a_text_has_nothing_that_it_does_not_say() -> None:
    entry = parse_one(f"{TITLE}\n\n{P1}")
    assert (entry.link, entry.guid, entry.authors, entry.categories, entry.language, entry.markup) == (
        "",
        "",
        [],
        [],
        "",
        [],
    )
    assert (entry.published_raw, entry.updated_raw, entry.source) == ("", "", "news/a.xml")


@pytest.mark.parametrize("text", [text for text, _ in TEXTS.values()], ids=TEXTS)
def test_no_paragraph_is_lost(text: str) -> None:
    entry = parse_one(text)
    kept = f"{entry.title}\n{entry.description}\n{entry.body}".replace("\n", " ")
    for paragraph in (P1, P2):
        assert (paragraph in kept) == (paragraph in text)
