"""The language of a text: by cld2, and where that is not to be relied on by py3langid as well."""

from functools import cache, lru_cache

import pycld2
from py3langid.langid import MODEL_FILE, LanguageIdentifier

UNSURE = "und"

# cld2's names that ISO 639-1 has replaced, and what its other names are to it.
_TO_ISO = {"iw": "he", "jw": "jv", "zh-Hant": "zh", "sr-ME": "sr"}
_FROM_ISO = {"he": "iw", "jv": "jw"}
_KNOWN = frozenset(code for _, code in pycld2.LANGUAGES if len(code) == 2)

# cld2 finds these in short texts of their larger neighbours too.
_DOUBTFUL = frozenset(["af", "bh", "bs", "co", "fy", "gl", "ia", "la", "lb", "ne", "nn", "no", "oc", "rm", "sa", "sr"])

# py3langid's names of languages that ISO 639-3 counts to one of ISO 639-1.
_MACROLANGUAGE = {"ary": "ar", "arz": "ar", "sdh": "ku", "uzs": "uz", "wuu": "zh", "yue": "zh"}
_PROBABLE = 0.5  # of py3langid's probability: enough by itself
_POSSIBLE = 0.2  # enough where the feed, or cld2's best guess, says the same
_LONGEST = 200  # characters; more tell py3langid no more, and it takes 0.3 us each


def detect_language(text: str, declared: str = "") -> tuple[str, float]:
    """ISO 639-1 code, and a score up to 1; `und` and 0 where it is unsure.

    The score is the share of the text in that language (cld2), or its probability (py3langid). The text is
    clean (`clean_text`): cld2 refuses control characters. The declared language decides close calls, never
    against the text; English hardly counts, for feeds in any language declare it: their software does.
    """
    declared, hint = _read_declared(declared)
    code, score = _ask_cld2(text, hint)
    if code == UNSURE:
        return _decide_unsure(text, declared, hint)
    if code in _DOUBTFUL and code != hint:
        other, probability = _ask_py3langid(text)
        if probability >= _PROBABLE and other != UNSURE:
            return other, probability
    return code, score


def _decide_unsure(text: str, declared: str, hint: str) -> tuple[str, float]:
    """The best guess of one that the other, or what is declared, supports."""
    guess, score = _ask_cld2(text, "", best_effort=True)
    if guess == hint:
        return guess, score
    other, probability = _ask_py3langid(text)
    needed = _POSSIBLE if other in (guess, declared) else _PROBABLE
    return (other, probability) if probability >= needed and other != UNSURE else (UNSURE, 0.0)


@lru_cache(maxsize=1024)
def _read_declared(declared: str) -> tuple[str, str]:
    """`pt` of `pt-BR`, and the same as a hint, where cld2 knows it and it is not English."""
    code = declared.strip()[:3].lower().partition("-")[0].partition("_")[0]
    code = "no" if code == "nb" else code  # what both detectors call Norwegian's written standard
    return code, code if code != "en" and _FROM_ISO.get(code, code) in _KNOWN else ""


def _ask_cld2(text: str, hint: str, best_effort: bool = False) -> tuple[str, float]:
    hints = {"hintLanguage": _FROM_ISO.get(hint, hint)} if hint else {}
    reliable, _, found = pycld2.detect(text, isPlainText=True, bestEffort=best_effort, **hints)
    _, code, percent, _ = found[0]
    code = _TO_ISO.get(code, code)
    if not reliable or code == "un" or len(code) != 2:
        return UNSURE, 0.0
    return code, percent / 100


def _ask_py3langid(text: str) -> tuple[str, float]:
    """Its best guess, however improbable; `und` for what is no language, or none of ISO 639-1."""
    code, probability = _identifier().classify(text[:_LONGEST])
    code = _MACROLANGUAGE.get(code, code)
    return code if len(code) == 2 else UNSURE, probability


@cache
def _identifier() -> LanguageIdentifier:
    """Loaded where it is first needed: it takes half a second and 77 MB, and many runs never ask it."""
    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
