"""Subtitles (SRT, WebVTT) to text. https://www.w3.org/TR/webvtt1/"""

import re
from collections.abc import Iterator
from html import unescape
from typing import NamedTuple

_TIME = r"(?:\d{1,3}:)?\d\d:\d\d[.,]\d{3}"
_TIMING = re.compile(rf"({_TIME})\s+-->\s+({_TIME})(?:\s.*)?")
_START = re.compile(rf"\s*+(?:WEBVTT(?:[ \t][^\n]*)?(?:\r?\n|$)|(?:\d+[ \t]*\r?\n)?{_TIME}[ \t]+-->)")
_TAG = re.compile(r"</?[a-z][^<>]{0,200}>|<\d[\d:.]{4,15}>|\{\\[^{}]{0,50}\}", re.IGNORECASE)
_VOICE = re.compile(r"<v(?:\.[^\s<>]{0,50})?\s([^<>]{1,100})>", re.IGNORECASE)
_TURN = re.compile(r"(?:>>+|[-–—])\s*(?=\S)|(?=[^\W\d_][\w.'’ -]{0,40}:\s)")
_STOPS = (".", "!", "?", "…", "。", '"', "”", "»")
_PAUSE = 2.0  # seconds between sentences, after which a paragraph begins
_LANGUAGE = "language:"


class Captions(NamedTuple):
    """What subtitles hold: a title and a language where a WebVTT header gives them, and paragraphs."""

    title: str
    language: str
    paragraphs: list[str]


class _Line(NamedTuple):
    voice: str
    text: str
    start: float  # of its cue, seconds
    end: float


def is_subtitles(text: str) -> bool:
    """Whether a text starts as SRT or WebVTT does."""
    return _START.match(text) is not None


def read_subtitles(text: str) -> Captions:
    """The words spoken: a paragraph for each speaker, or after a pause; a line that the next cue repeats once."""
    lines = text.strip().splitlines()
    title = lines[0].partition("WEBVTT")[2].strip(" \t-–—")
    header = [line for line in lines[1:10] if line.casefold().startswith(_LANGUAGE)]
    language = header[0][len(_LANGUAGE) :].strip() if header else ""
    return Captions(title, language, [" ".join(part) for part in _gather(_read_cues(lines))])


def _gather(lines: Iterator[_Line]) -> list[list[str]]:
    paragraphs: list[list[str]] = []
    last = _Line("", "", 0, 0)
    for line in lines:
        if line.text == last.text:
            continue
        turn = _TURN.match(line.text)
        said = line.text[turn.end() :] if turn else line.text
        is_new_voice = line.voice != last.voice
        paused = last.text.endswith(_STOPS) and line.start - last.end >= _PAUSE
        if is_new_voice or turn or paused or not paragraphs:
            paragraphs.append([f"{line.voice}: {said}" if line.voice and is_new_voice else said])
        else:
            paragraphs[-1].append(said)
        last = line
    return paragraphs


def _read_cues(lines: list[str]) -> Iterator[_Line]:
    """The lines of the cues; notes, styles, numbers and what precedes the first cue are none."""
    timing: re.Match[str] | None = None
    voice = ""
    for line in lines:
        if not line.strip():
            timing = None
        elif found := _TIMING.fullmatch(line.strip()) if "-->" in line else None:
            timing, voice = found, ""
        elif timing and (text := " ".join(unescape(_TAG.sub("", line)).split())):
            named = _VOICE.search(line)
            voice = named.group(1).strip() if named else voice
            yield _Line(voice, text, _seconds(timing[1]), _seconds(timing[2]))


def _seconds(time: str) -> float:
    seconds = 0.0
    for part in time.replace(",", ".").split(":"):
        seconds = 60 * seconds + float(part)
    return seconds
