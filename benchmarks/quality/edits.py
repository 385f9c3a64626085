"""Copies of a text as other outlets carry them: edited, followed up, with numbers written otherwise."""

import random
import re

_NUMBER = re.compile(r"\d[\d,.]*\d|\d")
_WORDS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_ADDED = "Inspector Rhys Maddox of the district police said on arrival that more details would follow by 9 pm."


def edit_words(text: str, share: float, vocabulary: list[str], chooser: random.Random) -> str:
    """A share of the words, evenly: three of five are replaced by others, one is left out, one has another added."""
    words = text.split(" ")
    for place in chooser.sample(range(len(words)), round(share * len(words))):
        other = chooser.choice(vocabulary)
        words[place] = chooser.choice([other, other, other, "", f"{words[place]} {other}"])
    return " ".join(word for word in words if word)


def follow_up(text: str, chooser: random.Random) -> str:
    """The same news with one or two of its numbers one higher, and a sentence more."""
    numbers = list(_NUMBER.finditer(text))
    chosen = chooser.sample(numbers, min(len(numbers), chooser.randint(1, 2)))
    for number in sorted(chosen, key=re.Match.start, reverse=True):
        digits = number[0]
        text = text[: number.start()] + digits[:-1] + str((int(digits[-1]) + 1) % 10) + text[number.end() :]
    return f"{text} {_ADDED}"


def reformat_numbers(text: str) -> str:
    """Numbers in another house style: no separators, no zeros after the point, small ones as words."""
    return _NUMBER.sub(_reformat, text)


def _reformat(number: re.Match[str]) -> str:
    plain = number[0].replace(",", "")
    if plain.isdigit() and int(plain) < len(_WORDS):
        return _WORDS[int(plain)]
    return plain.rstrip("0").rstrip(".") if "." in plain else plain
