"""How often the language is told: `python -m benchmarks.quality.language [folder]`.

The folder holds a file for each language, `de.txt`, with a sentence a line. A title is a sentence cut to 40 characters.
"""

import sys
import time
from dataclasses import dataclass
from pathlib import Path

from transforms.clean.language import UNSURE, detect_language
from transforms.clean.text import clean_text

SENTENCES = Path(__file__).parent.parent.parent.parent / "shared" / "data" / "langid"
LENGTHS = {"titles": 40, "sentences": 1000}


@dataclass
class Tally:
    """Counts over the texts of a file, and the seconds they took."""

    texts: int = 0
    right: int = 0
    unsure: int = 0
    seconds: float = 0.0

    def __add__(self, other: "Tally") -> "Tally":
        """The counts of both."""
        return Tally(*(getattr(self, name) + getattr(other, name) for name in ("texts", "right", "unsure", "seconds")))

    def __str__(self) -> str:
        told, microseconds = self.texts - self.unsure, self.seconds / self.texts * 1e6
        return (
            f"right {self.right / self.texts:.4f}  of those told {self.right / max(1, told):.4f}  "
            f"und {self.unsure / self.texts:.4f}  {microseconds:5.1f} us"
        )


def main(folder: Path) -> None:
    """Print the shares over all files, then the languages that are told worst."""
    detect_language("")  # loads the models
    for name, length in LENGTHS.items():
        for hinted in (False, True):
            tallies = {path.stem: measure(path, length, hinted) for path in sorted(folder.glob("??.txt"))}
            print(f"{name:9} {'declared' if hinted else 'alone':8}", sum(tallies.values(), Tally()))
            worst = sorted(tallies, key=lambda code: tallies[code].right / tallies[code].texts)[:5]
            print(" " * 18, *(f"{code} {tallies[code].right / tallies[code].texts:.3f}" for code in worst))


def measure(path: Path, length: int, hinted: bool) -> Tally:
    """The tally over the lines of a file whose name is their language, each cut to `length` characters."""
    texts = [clean_text(line)[:length] for line in path.read_text(encoding="utf-8").split("\n") if line.strip()]
    start = time.process_time()
    found = [detect_language(text, path.stem if hinted else "")[0] for text in texts]
    seconds = time.process_time() - start
    return Tally(len(texts), found.count(path.stem), found.count(UNSURE), seconds)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else SENTENCES)
