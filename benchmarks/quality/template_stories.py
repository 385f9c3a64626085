"""Stories from templates: the same sentences about other numbers and names, of kinds that newsrooms write by machine.

`template_stories/*.txt` hold the templates (a line `== kind`, the title, the text) and `slots.tsv` what may stand in
their slots: values, or a range of numbers whose form gives theirs. A slot `{team.a}` has one value in a story.
"""

import random
import re
from dataclasses import dataclass
from pathlib import Path

_FOLDER = Path(__file__).parent / "template_stories"
_SLOT = re.compile(r"\{(\w+)\.(\w)\}")


@dataclass(frozen=True)
class Template:
    """A kind of story, and its text with slots."""

    kind: str
    text: str


def read_templates(name: str) -> list[Template]:
    """The templates of `tuned` (thresholds were chosen on them) or of `held_out`."""
    parts = (_FOLDER / f"{name}.txt").read_text("utf-8").split("== ")[1:]
    return [Template(*part.strip().split("\n", 1)) for part in parts]


def fill(template: Template, chooser: random.Random) -> str:
    """A story: every slot filled."""
    chosen: dict[str, str] = {}

    def value(slot: re.Match[str]) -> str:
        if slot[0] not in chosen:
            chosen[slot[0]] = _draw(_SLOTS[slot[1]], chosen, chooser)
        return chosen[slot[0]]

    return _SLOT.sub(value, template.text)


def _draw(values: str, chosen: dict[str, str], chooser: random.Random) -> str:
    if ".." in values:
        low, high = (part.replace(",", "") for part in values.split(".."))
        places = len(low.partition(".")[2])
        number = chooser.randint(round(float(low) * 10**places), round(float(high) * 10**places)) / 10**places
        return f"{number:,.{places}f}" if "," in values else f"{number:.{places}f}"
    return chooser.choice([value for value in values.split("|") if value not in chosen.values()])


_SLOTS = dict(line.split("\t") for line in (_FOLDER / "slots.tsv").read_text("utf-8").splitlines())
