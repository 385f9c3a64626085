"""Many tasks at once, without a server."""

import threading
from dataclasses import replace

import pytest

from schemas.errors import FetchFailed, NotAPage
from tests.make import READ_AT
from transforms.fetch.ask import Round, ask_all
from transforms.fetch.http import Answer
from transforms.fetch.settings import FetchSettings
from transforms.fetch.turns import Task

SETTINGS = FetchSettings(threads=4, deadline_s=10, backoff_s=0.001)
OK = Answer(200, "http://a/", "", {}, b"page")
BUSY = replace(OK, status=503, data=b"")


def tasks(count: int) -> list[Task]:
    return [Task(f"http://h{n}/") for n in range(count)]


def answers(asked: list[Task], *given: Answer | Exception, **settings: float) -> list[object]:
    left = list(given)

    def ask(task: Task) -> Answer:
        answer = left.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    how = Round(ask, replace(SETTINGS, threads=1, **settings), READ_AT)  # type: ignore[arg-type]
    return [task.last for task in ask_all(asked, how)]


def test_answers_are_not_kept() -> None:
    asked = tasks(3)
    assert answers(asked, OK, OK, OK) == [OK, OK, OK]
    assert [task.last for task in asked] == [None, None, None]


def test_passing_trouble_is_asked_about_again() -> None:
    asked = tasks(1)
    assert answers(asked, BUSY, BUSY, OK) == [OK]
    assert asked[0].attempts == 3


def test_a_bad_record_is_an_answer_and_anything_else_a_bug() -> None:
    refused = NotAPage("a film")
    assert answers(tasks(2), refused, OK) == [refused, OK]
    with pytest.raises(ZeroDivisionError):
        answers(tasks(1), ZeroDivisionError())


def test_what_the_deadline_cuts_off_tells_of_its_last_attempt() -> None:
    assert answers(tasks(1), BUSY, backoff_s=99, deadline_s=9) == [BUSY]
    assert answers(tasks(1), deadline_s=0) == [None]


def test_no_more_begin_than_are_taken() -> None:
    begun = threading.Semaphore(0)

    def ask(task: Task) -> Answer:
        begun.release()
        raise FetchFailed("no")

    found = ask_all(tasks(20), Round(ask, SETTINGS, READ_AT))
    next(found)
    for _ in range(SETTINGS.threads):
        assert begun.acquire(timeout=5)
    assert not begun.acquire(timeout=0.05)
    assert len(list(found)) == 19
