"""The ends of texts: invitations, omissions, footers."""

import pytest

from transforms.clean.endings import without_footer, without_invitation

CUT = {
    "ellipsis": ("It goes on …", "It goes on …"),
    "dots": ("It goes on...", "It goes on..."),
    "brackets": ("It goes on […]", "It goes on …"),
    "dots in brackets": ("It goes on[...]", "It goes on …"),
    "more in brackets": ("It goes on (more…)", "It goes on …"),
    "characters left": ("It goes on… [+1234 chars]", "It goes on …"),
    "invitation": ("It goes on. Read more »", "It goes on."),
    "invitation after brackets": ("It goes on [...] Read more", "It goes on …"),
    "invitation in a sentence": ("It goes on Read more", "It goes on"),
    "invitation on a line": ("It goes on.\n\nread more", "It goes on."),
    "invitation in capitals": ("It goes on.\n\nREAD MORE", "It goes on."),
    "with the title, in capitals": ("It goes on.\n\n« CONTINUE READING The old harbour", "It goes on."),
    "invitation alone": ("Continue reading →", ""),
    "with the title": ("It goes on … Continue reading The old harbour – part 2", "It goes on …"),
    "with the site": ("It goes on.\n\nRead the full story at The Gazette.", "It goes on."),
    "German": ("Es geht weiter … Weiterlesen »", "Es geht weiter …"),
    "French": ("Cela continue [Lire la suite…]", "Cela continue"),
    "Spanish": ("Y sigue. Seguir leyendo", "Y sigue."),
    "Russian": ("И дальше… Читать далее →", "И дальше…"),
    "Japanese": ("港が再開した。続きを読む", "港が再開した。"),
    "long text, invitation": ("word " * 900 + "end. Read more", "word " * 900 + "end."),
}
WHOLE = [
    "",
    "Done.",
    "He paused... and left.",
    "They learn to read more books.",
    "He likes to read more",
    "It is so [1]",
    "It is so (see below)",
    "Read more books, he said.",
    "word " * 900 + "and so on ...",
]
FOOTERS = {
    "English": "The post The old harbour appeared first on Example.",
    "German": "Der Beitrag Der alte Hafen erschien zuerst auf Example.",
    "Polish": "Artykuł Stary port pochodzi z serwisu Example.",
    "Japanese": "投稿 港 は Example に最初に表示されました。",
}


@pytest.mark.parametrize(("text", "kept"), CUT.values(), ids=CUT)
def test_texts_that_break_off(text: str, kept: str) -> None:
    assert without_invitation(text) == (kept, True)
    assert without_invitation(kept)[0] == kept


@pytest.mark.parametrize("text", WHOLE)
def test_whole_texts(text: str) -> None:
    assert without_invitation(text) == (text, False)


@pytest.mark.parametrize("footer", FOOTERS.values(), ids=FOOTERS)
def test_footers_go(footer: str) -> None:
    assert without_footer(f"The story.\n\n{footer}") == "The story."
    assert without_footer(footer) == ""
    assert without_footer(f"{footer}\nThe story.") == f"{footer}\nThe story."
