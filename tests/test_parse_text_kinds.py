"""Plain texts of many kinds, as they are found: what is read of the header, the dateline and the footer."""

from typing import Any

import pytest

from tests.parsing import parse_one
from transforms.parse.text.front_matter import split_front_matter
from transforms.parse.text.said import Said

A = "The ferry to the outer islands sails again after a winter in the dock, the company said on Saturday."
B = "Its new engines burn less oil and make less noise, and the cook has come back from his year in the mountains."
C = "A second ship is to follow in the autumn, if the bank and the weather allow it, the company's director said."
BODY = f"{A}\n\n{B}\n\n{C}"
TITLE = "Ferry to the outer islands sails again"
DECK = "New engines, and the old cook"


def header(published: str, **more: Any) -> dict[str, Any]:
    """What is expected of a text with the usual title and body, and a date in its header."""
    return {"title": TITLE, "body": BODY, "published_raw": published, "published_source": "header"} | more


KINDS: dict[str, tuple[str, dict[str, Any]]] = {
    # Wire copy
    "slug and editors' note": (
        f"BC-EU--Island-Ferry, 1st Ld\n{TITLE}\nEds: Updates with quotes. Will be led.\n\n"
        f"HARBOURTOWN, March 22, 2025 (Northwire) - {BODY}\n\n(MORE)\n\n-0-\n",
        header(
            "March 22, 2025",
            credit="Northwire",
            description="",
            body=f"HARBOURTOWN, March 22, 2025 (Northwire) - {BODY}",
        ),
    ),
    "slug in capitals": (
        f"URGENT\nISLANDS-FERRY/ (UPDATE 2)\n\n{TITLE}\n(Recasts, adds quotes)\n\n22 March 2025\n\n{BODY}\n\n"
        "NW-GB-03-22-25 1342GMT",
        header("22 March 2025", description=""),
    ),
    "wire in Spanish": (
        f"PUERTO ISLAS (Ampliación)\n{TITLE}\n\n(Actualiza con declaraciones)\n\nPuerto, 22 mar (Agencia).- {BODY}\n\n"
        "ar/jm\n\n(foto) (vídeo)",
        {"title": TITLE, "credit": "Agencia", "description": "", "body": f"Puerto, 22 mar (Agencia).- {BODY}"},
    ),
    "page in Arabic": (
        f"{TITLE}\n\nكتب: سامر الحداد\nنشر في: 12 مارس 2025 - 10:30\n\n{BODY}\n\nشارك على واتساب\nجميع الحقوق محفوظة",
        header("12 مارس 2025 - 10:30", authors=["سامر الحداد"], rights="جميع الحقوق محفوظة"),
    ),
    "notes to a broadcast": (
        f"{TITLE}\n\nShow: Undercurrent\nHost: Ana Ruiz\nReleased: Mar 22, 2025\n\n{BODY}\n\n"
        "Subscribe on Apple Podcasts, Spotify or wherever you listen.",
        header("Mar 22, 2025", authors=["Ana Ruiz"], publisher="Undercurrent"),
    ),
    "official paper": (
        f"{TITLE}\nMedieninformation Nr. 37/2025\nHafenstadt, den 5. März 2025\n\n{BODY}\n\n"
        "Für Rückfragen: Pressestelle, Tel. 0123 / 45 67-0\n\nSeite 1 von 1",
        header("5. März 2025"),
    ),
    "blog in Greek": (
        f"{TITLE}\n\n22 Μαρτίου 2025\n\n{BODY}\n\nΑναρτήθηκε από Νίκος στις 10:15 π.μ.\nΔεν υπάρχουν σχόλια:\n"
        "Δημοσίευση σχολίου\nΝεότερη ανάρτηση Παλαιότερη Ανάρτηση Αρχική σελίδα",
        header("22 Μαρτίου 2025"),
    ),
    "post of a channel": (
        f"{TITLE}\n\n{BODY}\n\n👉 Подписаться на канал\n@island_news\n\n#ferry #островa",
        {"body": BODY, "categories": ["ferry", "островa"]},
    ),
    "what a match is followed by": (
        f"{TITLE}\n\n{BODY}\n\nUP NEXT\n\nIslands: Host the town on Friday.",
        {"body": f"{BODY}\n\nUP NEXT\n\nIslands: Host the town on Friday."},
    ),
    "a title that begins as a slug does": (f"EU-Ferry to the islands\n\n{BODY}", {"title": "EU-Ferry to the islands"}),
    "a note to readers": (
        f"{TITLE}\n\nEditor's note: a sister of ours sails on her.\n\n{BODY}",
        {"body": f"Editor's note: a sister of ours sails on her.\n\n{BODY}"},
    ),
    "broadcast": (
        f"{TITLE}\nAired March 22, 2025 - 18:00 ET\n\nTHIS IS A RUSH TRANSCRIPT. IT MAY BE UPDATED.\n\n[18:00:04]\n"
        f"ANA RUIZ, HOST: {A}\nJO MARLOW, CAPTAIN OF THE FERRY: {B}\n(00:41)\nRUIZ: {C}",
        header(
            "March 22, 2025 - 18:00 ET",
            body=f"ANA RUIZ, HOST: {A}\n\nJO MARLOW, CAPTAIN OF THE FERRY: {B}\n\nRUIZ: {C}",
        ),
    ),
    "share lines": (
        f"{TITLE}\n22 March 2025\n\n{BODY}\n\nShare on X\nPartager sur X\nAuf Bluesky teilen\nDela på X\n"
        "Facebook'ta paylaş\nXでシェア\nПоделиться в VK\nUdostępnij na X",
        header("22 March 2025"),
    ),
    "wire": (
        f"{TITLE}\n\nHARBOURTOWN, March 22 (Northwire) - {BODY}\n",
        {
            "title": TITLE,
            "body": f"HARBOURTOWN, March 22 (Northwire) - {BODY}",
            "credit": "Northwire",
            "published_raw": "",
        },
    ),
    "wire with the year": (
        f"{TITLE}\n\nHARBOURTOWN, March 22, 2025 (Northwire) -- {BODY}\n",
        header("March 22, 2025", body=f"HARBOURTOWN, March 22, 2025 (Northwire) -- {BODY}", credit="Northwire"),
    ),
    "wire of a service": (
        f"{TITLE}\n{DECK}\n\nHARBOURTOWN, March 22, 2025 /NewsDesk/ -- {BODY}",
        header(
            "March 22, 2025",
            description=DECK,
            credit="NewsDesk",
            body=f"HARBOURTOWN, March 22, 2025 /NewsDesk/ -- {BODY}",
        ),
    ),
    "wire in French": (
        f"{TITLE}\n\nPORT-AUX-ÎLES, 22 mars (ANP) - {BODY}",
        {"credit": "ANP", "body": f"PORT-AUX-ÎLES, 22 mars (ANP) - {BODY}", "published_raw": ""},
    ),
    "two places": (f"{TITLE}\n\nHarbourtown/Eastbay (dpn) – {BODY}", {"credit": "dpn"}),
    "agency alone": (f"{TITLE}\n\n(Northwire) - {BODY}", {"credit": "Northwire", "body": f"(Northwire) - {BODY}"}),
    "header date before that of the dateline": (
        f"{TITLE}\nPublished: 23 March 2025\n\nHARBOURTOWN, March 22, 2025 (Northwire) - {BODY}",
        {"published_raw": "23 March 2025", "credit": "Northwire"},
    ),
    "the year from the header": (
        f"Title: {TITLE}\nDate: March 2025\n\nHARBOURTOWN, March 22 (Northwire) - {BODY}",
        {"published_raw": "March 22 2025", "published_source": "header"},
    ),
    "the year of another month": (
        f"Title: {TITLE}\nDate: January 2026\n\nHARBOURTOWN, December 22 (Northwire) - {BODY}",
        {"published_raw": "January 2026"},
    ),
    "source before agency": (f"{TITLE}\n\nHARBOURTOWN (NW) — {BODY}\n\nSource: The Courier", {"credit": "The Courier"}),
    "a dash in a sentence": (f"{TITLE}\n\nThe ferry (a ship of 1958) - {BODY}", {"credit": "", "published_raw": ""}),
    "wire end credit": (
        f"{TITLE}\n\n{BODY}\n\nReporting by Ana Ruiz and Jo Marlow; Editing by Sam Whitlow\n\nOur Standards: a link.\n",
        {"body": BODY, "authors": ["Ana Ruiz", "Jo Marlow"]},
    ),
    "initials at the end": (f"{TITLE}\n\n{BODY}\n\nabc/de", {"body": BODY}),
    # Bylines and dates below the title
    "byline and date": (
        f"{TITLE}\n\nBy Ana Ruiz\nSaturday, March 22, 2025\n\n{BODY}",
        header("March 22, 2025", authors=["Ana Ruiz"]),
    ),
    "deck, byline, time and zone": (
        f"{TITLE}\n{DECK}\n\nBy ANA RUIZ and JO MARLOW\nPublished: 22 March 2025 14:05 GMT\nUpdated 23 March "
        f"2025\n\n{BODY}",
        header(
            "22 March 2025 14:05 GMT", description=DECK, authors=["ANA RUIZ", "JO MARLOW"], updated_raw="23 March 2025"
        ),
    ),
    "on one line": (
        f"{TITLE}\n\nBy Ana Ruiz | March 22, 2025 | 5 min read\n\n{BODY}",
        header("March 22, 2025", authors=["Ana Ruiz"]),
    ),
    "posted by": (
        f"{TITLE}\n\nPosted by Ana Ruiz on March 22, 2025 in Ports\n\n{BODY}",
        header("March 22, 2025", authors=["Ana Ruiz"]),
    ),
    "labels on their own lines": (
        f"{TITLE}\n\nPublished\n\n2025-03-22\n\nBy\nAna Ruiz\n\n{BODY}",
        header("2025-03-22", authors=["Ana Ruiz"]),
    ),
    "name above the date": (
        f"{TITLE}\n\nAna Ruiz in Harbourtown\nSat 22 Mar 2025\n\n{BODY}",
        header("22 Mar 2025", authors=["Ana Ruiz"]),
    ),
    "role": (f"{TITLE}\n\nBy Ana Ruiz, Staff Writer\n\n{BODY}", {"authors": ["Ana Ruiz"], "body": BODY}),
    "only updated": (
        f"{TITLE}\n\nLast updated: 22 March 2025\n\n{BODY}",
        {"published_raw": "22 March 2025", "published_source": "updated", "updated_raw": "22 March 2025"},
    ),
    "a date that could be two": (f"{TITLE}\n\n03/04/2025\n\n{BODY}", header("03/04/2025")),
    "above the title": (f"22 March 2025\n\n{TITLE}\n\n{BODY}", header("22 March 2025")),
    "kicker": (f"Politics\n\n{TITLE}\n\n{BODY}", {"title": TITLE, "categories": ["Politics"], "body": BODY}),
    "German": (
        f"{TITLE}\n\nVon Petra Lang\nVeröffentlicht am 22.03.2025\n\n{BODY}",
        header("22.03.2025", authors=["Petra Lang"]),
    ),
    "French": (
        f"{TITLE}\n\nPar Maëlle Kervran\nPublié le 22 mars 2025\n\n{BODY}",
        header("22 mars 2025", authors=["Maëlle Kervran"]),
    ),
    "Spanish": (
        f"{TITLE}\n\nPor Lucía Pérez y Jorge Ruiz\n22 de marzo de 2025\n\n{BODY}",
        header("22 de marzo de 2025", authors=["Lucía Pérez", "Jorge Ruiz"]),
    ),
    "keys": (
        f"Title: {TITLE}\nAuthor: Ana Ruiz\nDate: 2025-03-22\nSource: The Wire\nURL: https://news.example/ferry\n"
        f"Tags: ports, ships\nLanguage: en\nSection: Travel\n\n{BODY}",
        header(
            "2025-03-22",
            authors=["Ana Ruiz"],
            credit="The Wire",
            link="https://news.example/ferry",
            categories=["ports", "ships", "Travel"],
            language="en",
        ),
    ),
    "keys below the title": (
        f"{TITLE}\n\nAuthor: Ana Ruiz\nDate: 2025-03-22\n\n{BODY}",
        header("2025-03-22", authors=["Ana Ruiz"]),
    ),
    "YAML": (
        f'---\ntitle: "{TITLE}"\ndate: 2025-03-22T10:00:00Z\nauthor: Ana Ruiz\ntags:\n  - ports\n  - ships\n---\n\n'
        f"{BODY}",
        header("2025-03-22T10:00:00Z", authors=["Ana Ruiz"], categories=["ports", "ships"]),
    ),
    "TOML": (
        f'+++\ntitle = "{TITLE}"\ndate = 2025-03-22\nauthors = ["Ana Ruiz", "Jo Marlow"]\n+++\n{BODY}',
        header("2025-03-22", authors=["Ana Ruiz", "Jo Marlow"]),
    ),
    "message": (
        f"From: Ana Ruiz <ana@news.example>\nTo: list@news.example\nSubject: Fwd: {TITLE}\n"
        f"Date: Sat, 22 Mar 2025 10:00:00 +0100\n\n{BODY}\n\n-- \nAna Ruiz\nHarbourtown",
        header("Sat, 22 Mar 2025 10:00:00 +0100", authors=["Ana Ruiz <ana@news.example>"]),
    ),
    "message with encoded words": (
        f"From: =?UTF-8?Q?Ren=C3=A9_M?= <r@news.example>\nSubject: =?ISO-8859-1?Q?F=E4hre?= sails\nDate: 22 Mar "
        f"2025\n\n{BODY}",
        {"title": "Fähre sails", "authors": ["René M <r@news.example>"]},
    ),
    **{
        f"message with words in {name}": (
            f"From: a@news.example\nSubject: =?{name}?Q?{word}?=\nDate: 22 Mar 2025\n\n{BODY}",
            {"title": f"=?{name}?Q?{word}?=", "body": BODY},
        )
        for name, word in (("idna", "ferry"), ("utf-7", "ferry+2AA-"), ("nothing", "ferry"))
    },
    "message that is not in base64": (
        f"Subject: {TITLE}\nDate: 22 Mar 2025\nContent-Transfer-Encoding: base64\n\nRmVycnkh\u2003RmVycnkh",
        {"title": TITLE, "body": "RmVycnkh\u2003RmVycnkh"},
    ),
    "answer": (
        f"From: a@news.example\nSubject: Re: {TITLE}\nDate: 22 Mar 2025\n\nJo wrote:\n> Does it sail?\n> I hope "
        f"so.\n\n{BODY}",
        {"title": TITLE, "body": BODY},
    ),
    "all quoted": (f"> {TITLE}\n>\n> {A}\n>\n> {B}", {"title": TITLE, "body": f"{A}\n\n{B}"}),
    "a quotation": (f"{TITLE}\n\n{A}\n\n> {B}\n\n{C}", {"title": TITLE, "body": BODY}),
    "quoted-printable": (
        f"{TITLE}\n\nThe caf=C3=A9 on the quay =E2=80=93 closed since autumn =E2=80=93 opens as wel=\nl.\n\n{B}",
        {"title": TITLE, "body": f"The café on the quay – closed since autumn – opens as well.\n\n{B}"},
    ),
    # Pasted pages
    "page": (
        f"Skip to content\nMenu\nWe use cookies to improve your experience on this site.\nAccept all\nHome > News "
        "> Ports\n"
        f"{TITLE}\nShare\nFacebook\nTwitter\n\n{A}\n\nAdvertisement\n\n{B}\n\nRead more: The cook in the "
        f"mountains\n\n{C}\n\n"
        "Related articles\nThe cook in the mountains\nA ship of 1958\n\n© 2025 The Courier. All rights reserved.\n"
        "Terms | Privacy | Contact\n",
        {"title": TITLE, "body": BODY, "rights": "© 2025 The Courier. All rights reserved."},
    ),
    "caption": (
        f"{TITLE}\n\nBy Ana Ruiz\n\nThe ferry in dock. Photo: Jo Marlow/The Courier\n\n{BODY}",
        {"body": BODY, "authors": ["Ana Ruiz"]},
    ),
    "comments": (f"{TITLE}\n\n{BODY}\n\n2 Comments\n\nJo: Well done\n\nSam: At last!\n", {"body": BODY}),
    "German page": (
        f"Startseite\n{TITLE}\nVon Petra Lang\n22.03.2025, 14:05 Uhr\nTeilen\nDrucken\n\n{A}\n\nAnzeige\n\n{B}\n\n"
        f"{C}\n\n"
        "Mehr zum Thema\nDer Koch in den Bergen\n",
        {"title": TITLE, "authors": ["Petra Lang"], "published_raw": "22.03.2025, 14:05 Uhr", "body": BODY},
    ),
    "tags at the end": (f"{TITLE}\n\n{BODY}\n\nTags: ports, ships", {"body": BODY, "categories": ["ports", "ships"]}),
    # Releases
    "release": (
        f"FOR IMMEDIATE RELEASE\n\nContact: Jo Marlow, press@news.example\n\n{TITLE}\n\nHARBOURTOWN, March 22, "
        f"2025 — {BODY}\n\n"
        "###\n\nAbout the company\nIt has four ships.\n",
        header("March 22, 2025", body=f"HARBOURTOWN, March 22, 2025 — {BODY}"),
    ),
    "thirty": (f"{TITLE}\n\n{BODY}\n\n-30-\n\nJo Marlow\n555 0100", {"body": BODY}),
    "contact at the end": (f"{TITLE}\n\n{BODY}\n\nMedia contact:\nJo Marlow\n+44 555 0100", {"body": BODY}),
    # Markdown
    "Markdown": (
        f"# {TITLE}\n\n*By Ana Ruiz*\n\n**{A}**\n\n## Engines\n\nSee [the yard](https://yard.example) and ![a "
        "ship](s.png)\n\n- one\n",
        {"title": TITLE, "authors": ["Ana Ruiz"], "body": f"{A}\n\nEngines\n\nSee the yard and\n\none"},
    ),
    # Layout
    "indented": (
        f"{TITLE}\n\n   The ferry to the outer islands sails again after a\nwinter in the dock, the company said on "
        "Saturday.\n"
        "   Its new engines burn less oil and make less noise,\nand the cook has come back from his year in the\n"
        "mountains.\n",
        {"title": TITLE, "body": f"{A}\n\n{B}"},
    ),
    "hyphenated": (
        f"{TITLE}\n\nThe ferry to the outer islands sails again after a win-\nter in the dock, the company said on "
        "Saturday. Its en-\n"
        "gines burn less oil and make less noise, and the moun-\ntain cook is back.",
        {
            "body": "The ferry to the outer islands sails again after a winter in the dock, the company said on "
            "Saturday."
            " Its engines burn less oil and make less noise, and the mountain cook is back."
        },
    ),
    "pages": (
        f"THE COURIER\n\n{TITLE}\n\n{A}\n\nIts new engines burn less oil\n- 1 -\n\fTHE COURIER\n\nand make less "
        "noise.\n\n2\n",
        {"title": TITLE, "body": f"{A}\n\nIts new engines burn less oil\nand make less noise."},
    ),
    # Speech
    "SRT": (
        "1\n00:00:01,000 --> 00:00:02,500\n<i>The ferry</i> sails\n\n2\n00:00:02,600 --> 00:00:04,000\nagain.\n\n"
        "3\n00:00:09,000 --> 00:00:11,000\nAnd the cook is back.\n",
        {"title": "", "body": "The ferry sails again.\n\nAnd the cook is back."},
    ),
    "WebVTT": (
        "WEBVTT - The ferry\nLanguage: en\n\nNOTE draft\n\n00:01.000 --> 00:02.500 align:start\n<v Ana>Good "
        "evening.\n<v Jo>It sails.\n",
        {"title": "The ferry", "language": "en", "body": "Ana: Good evening.\n\nJo: It sails."},
    ),
    "transcript": (
        f"{TITLE}\n\n[00:00:01] ANCHOR: Good evening.\n[00:00:05] REPORTER: It sails.\n[00:00:09] ANCHOR: And the "
        "cook?\n",
        {"title": TITLE, "body": "ANCHOR: Good evening.\n\nREPORTER: It sails.\n\nANCHOR: And the cook?"},
    ),
    # Found on texts of other makers
    "release with its contact first": (
        f"FOR IMMEDIATE RELEASE\nMarch 3, 2025\n\nMedia Contact:\nJo Pike\n(555) 010-2233\n\n{TITLE}\n\n{BODY}\n\n###",
        header("March 3, 2025"),
    ),
    "release with a source and others": (
        f"{TITLE}\n\nNEWS PROVIDED BY\nMar 3, 2025, 16:05 ET\n\n{BODY}\n\nSOURCE Island Ferries\n\n"
        "Also from this source\nIsland Ferries buys a ship\nMore Releases From This Source",
        header("Mar 3, 2025, 16:05 ET", credit="Island Ferries", description=""),
    ),
    "byline below bullets": (
        f"{TITLE}\n\n* Engines burn less\n* Cook is back\n\nBy Ana Ruiz\n\nPORT, June 12 (Northwire) - {BODY}",
        {
            "title": TITLE,
            "authors": ["Ana Ruiz"],
            "credit": "Northwire",
            "body": f"PORT, June 12 (Northwire) - {BODY}",
        },
    ),
    "two dates in French": (
        f"{TITLE}\n\nPar Ana Ruiz\nPublié le 21 janvier 2025 à 18h42, modifié le 22 janvier 2025 à 07h15\n\n"
        f"{BODY}\n\nAna Ruiz",
        header("21 janvier 2025 à 18h42", authors=["Ana Ruiz"], updated_raw="22 janvier 2025 à 07h15"),
    ),
    "time in Japanese": (
        f"トップ ＞ 社会\n{TITLE}\n2024年11月5日 17時30分\n\n{BODY}",
        header("2024年11月5日 17時30分"),
    ),
    "breadcrumbs with arrows": (
        f"Главная → Новости → Общество\n{TITLE}\nОпубликовано: 3 сентября 2024\nФото: мэрия\n\n{BODY}",
        header("3 сентября 2024"),
    ),
    "page with a consent notice": (
        f"We value your privacy\nAccept all\nManage options\n\nBREAKING\n{TITLE}\nMarch 22, 2025\n\n{BODY}",
        header("March 22, 2025"),
    ),
    "page with a bar of sections": (
        f"Open menu\nThe Marlow Echo\nSubscribe\nNews Sport Culture Opinion\n{TITLE}\nMarch 22, 2025\n\n{BODY}",
        header("March 22, 2025", publisher="The Marlow Echo"),
    ),
    "caption above the agency": (
        f"{TITLE}\nMarch 22, 2025\n\nThe ferry leaves the dock on Saturday.\nNorthwire —\n{A}\n\n{B}\n\n"
        f"Related article\nWhere have the cooks gone?\n\n{C}",
        header("March 22, 2025", credit="Northwire"),
    ),
    "date below the text": (f"{TITLE}\n\n{BODY}\n\nUpdates to this page\nPublished 8 July 2024", header("8 July 2024")),
    "blog with its sidebar": (
        f"{TITLE}\n\n{BODY}\nPosted by Edda at 6:12 AM 3 comments: Links to this post\nLabels: sea\n"
        "Newer Post Older Post Home\nSubscribe to: Posts (Atom)\nAbout Me\nMy Photo\nBlog Archive\n▼  2024 (41)",
        {"title": TITLE, "body": BODY},
    ),
    "answer to a list": (
        f"From: Ana Ruiz <ana@list.example>\nSubject: {TITLE}\n\nOn Wed, 5 Feb 2025 at 18:02, Jo Pike via list\n"
        f"<list@list.example> wrote:\n> Does it sail?\n\n{BODY}\n\n-- \nAna Ruiz\n{'_' * 40}\nlist mailing list",
        {"title": TITLE, "body": BODY},
    ),
    "authors as mappings": (
        f"---\ntitle: {TITLE}\ndate: 2025-03-22\nauthor:\n  - Ana Ruiz\n  - name: Jo Pike\n---\n{BODY}",
        header("2025-03-22", authors=["Ana Ruiz", "Jo Pike"]),
    ),
    "document of an archive": (
        f"1 of 12 DOCUMENTS\n\nThe Marlow Echo\n\nSeptember 14, 1998 Monday\nFinal Edition\n\n{TITLE}\n\n"
        f"BYLINE: Ana Ruiz\n\n{BODY}",
        header("September 14, 1998", authors=["Ana Ruiz"], publisher="The Marlow Echo"),
    ),
}


@pytest.mark.parametrize(("text", "expected"), KINDS.values(), ids=KINDS)
def test_kinds(text: str, expected: dict[str, Any]) -> None:
    entry = parse_one(text)
    assert {name: getattr(entry, name) for name in expected} == expected


# Body text that looks like a header, a footer or a template.
KEPT = {
    "a date that begins a sentence": f"22 March 2025 was a long day for the crew of the ferry.\n\n{B}",
    "a date in a sentence": f"The ferry was launched on 22 March 2025.\n\n{B}",
    "a name alone": f"Ana Ruiz\n\n{A}\n\n{B}",
    "by as a word": f"By the end of the winter the ferry was as new.\n\n{B}",
    "by and a name in a sentence": f"By Ana Ruiz's own account the ferry was as new, and she should know.\n\n{B}",
    "a date below a paragraph": f"{A}\n\n{B}\n\n22 March 2025\n\n{C}",
    "a byline below a paragraph": f"{A}\n\n{B}\n\nBy Ana Ruiz\n\n{C}",
    "an invitation": f"The company shows the ferry to its neighbours.\n\nDate: 22 March 2025\nPlace: the dock\n\n{B}",
    "an equation": f"{A}\n\nIn the yard's own terms, a=b and c=20 and d=e.\n\n{B}",
    "many equations": f"{A}\n\nIn their own terms a=20, b=30, c=40, d=e, e=f, f=g and g=h.\n\n{B}",
    "a list of times": f"{A}\n\n10:15 The ferry leaves\n11:30 The ferry arrives\n12:45 The ferry leaves\n\n{B}",
    "a sentence with a newsletter": f"{A}\n\nPassengers learnt of it from the company's newsletter.\n\n{B}",
    "rights in the middle": f"{A}\n\n© 2025 stood on the hull in red paint.\n\n{B}",
    "a colon": f"{A}\n\nThe cook: a man of few words.\n\n{B}",
    "stars": f"{A}\n\n* * *\n\n{B}",
    "related in running text": f"{A}\n\nRelated articles\n\n{B}\n\n{C}",
    "copyright as a subject": f"{A}\n\nCopyright law was no hindrance, said the painter of the hull.",
    "editing as a subject": f"{A}\n\nEditing by hand takes the crew's magazine a week.",
    "an image as a subject": f"{A}\n\nThe cook drew the following image: a ship on a hill\n\n{B}",
    "help as a subject": f"{A}\n\nHelp - the ship is late",
    "a label and a paragraph": f"Words\n\n{A}\n\n{B}",
    "a capital name and a dash": f"{A}\n\nFERRY 2 – the second ship – is to follow, and the third one too.\n\n{B}",
    "a name above a sentence": f"Ana Ruiz\n\nThe ferry that nobody wanted\n\n{A}",
    "a mark before most of the text": f"{A}\n\n###\n\n{B}\n\n{C}",
    "two marks": f"{A}\n\n###\n\n{B}\n\n###\n\n{C}",
}


@pytest.mark.parametrize("body", KEPT.values(), ids=KEPT)
def test_running_text_is_kept_and_says_nothing(body: str) -> None:
    entry = parse_one(f"{TITLE}\n\n{body}")
    assert (entry.title, entry.description, entry.body) == (TITLE, "", body)
    assert (entry.published_raw, entry.updated_raw, entry.authors, entry.rights) == ("", "", [], "")


def test_an_invitation_is_no_header() -> None:
    text = f"Title: {TITLE}\nLanguage: English\nWhen: Monday\nWhere: the dock\nWho: all\nHow: by boat\nFee: none\n\n{A}"
    said = Said()
    assert split_front_matter(text, said) == text
    assert said.values == {}


TITLES = {
    "a year": "1984",
    "the name of a paper in it": "Courier Star Editor Leaves",
    "a name": "Von der Linden",
    "by": "By the sea again",
    "a date in it": "What happened on 22 March 2025 in the harbour",
    "a button": "What to read next summer",
    "a colon": "Update: ferry sails",
    "a key": "Ferry: the second ship",
    "words of another": "Le directeur dit « oui » au second navire",
}


@pytest.mark.parametrize("title", TITLES.values(), ids=TITLES)
def test_titles_that_look_like_something_else(title: str) -> None:
    entry = parse_one(f"{title}\n\n{BODY}")
    assert (entry.title, entry.body, entry.published_raw, entry.authors) == (title, BODY, "", [])


def test_a_last_line_of_speech_is_no_link() -> None:
    assert parse_one(f"{TITLE}\n\n{BODY}\n\n« Nous partons demain »").body.endswith("« Nous partons demain »")


ENCODED = {
    "Windows-1252": "cp1252",
    "UTF-16 with a mark": "utf-16",
    "UTF-8 with a mark": "utf-8-sig",
}


@pytest.mark.parametrize("encoding", ENCODED.values(), ids=ENCODED)
def test_encodings(encoding: str) -> None:
    text = f"{TITLE}\n\nVon Jörg Müller\n22. März 2025\n\n“{A}” – {B}"
    entry = parse_one(text.encode(encoding))
    assert (entry.title, entry.authors, entry.published_raw) == (TITLE, ["Jörg Müller"], "22. März 2025")
    assert entry.body == f"“{A}” – {B}"
