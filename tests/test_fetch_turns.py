"""Turns at hosts."""

import threading

import pytest

from schemas.errors import FetchFailed
from transforms.fetch.turns import HostTurns, Task, TaskQueue


def tasks(*urls: str) -> list[Task]:
    return [Task(url) for url in urls]


def begun(turns: TaskQueue[Task]) -> list[Task]:
    return list(iter(turns.begin, None))


def paths(found: list[Task]) -> list[str]:
    return [task.url.removeprefix("http://") for task in found]


def test_hosts_take_turns_and_two_tasks_of_a_host_run() -> None:
    turns = TaskQueue(tasks("http://a/1", "http://a/2", "http://a/3", "http://b/1", "http://a/4"), 2)
    first = begun(turns)
    assert paths(first) == ["a/1", "a/2", "b/1"]
    turns.end(first[2])
    assert begun(turns) == []
    turns.end(first[0])
    assert paths(begun(turns)) == ["a/3"]
    assert paths(turns.not_begun()) == ["a/4"]
    turns.end(first[1])
    assert paths(begun(turns)) == ["a/4"]
    assert paths(list(turns.running.values())) == ["a/3", "a/4"]


def test_a_delayed_task_waits_for_its_time_and_its_turn() -> None:
    turns = TaskQueue(tasks("http://a/1", "http://a/2", "http://a/3"), 1)
    (first,) = begun(turns)
    turns.end(first)
    turns.delay(first, until=5)
    assert (turns.next_release(), paths(turns.not_begun())) == (5, ["a/2", "a/3", "a/1"])
    turns.release(4.9)
    (second,) = begun(turns)
    turns.release(5)
    assert begun(turns) == []
    turns.end(second)
    (third,) = begun(turns)
    turns.end(third)
    assert begun(turns) == [first]
    assert (first.attempts, second.attempts, turns.next_release()) == (2, 1, float("inf"))


def test_a_host_rests_between_its_tasks_and_others_do_not() -> None:
    turns = TaskQueue(tasks("http://a/1", "http://a/2", "http://b/1"), 1)
    first, other = begun(turns)
    turns.end(first, rest_until=5)
    turns.end(other)
    turns.delay(first, until=1)
    turns.release(4.9)
    assert (begun(turns), turns.next_release()) == ([], 5)
    turns.release(5)
    assert paths(begun(turns)) == ["a/2"]


def test_a_host_rests_after_its_last_task_too() -> None:
    turns = TaskQueue(tasks("http://a/1"), 1)
    (task,) = begun(turns)
    turns.end(task, rest_until=5)
    turns.delay(task, until=2)
    turns.release(2)
    assert begun(turns) == []
    turns.release(5)
    assert begun(turns) == [task]
    turns.end(task, rest_until=9)
    turns.release(9)
    turns.delay(task, until=10)
    turns.release(10)
    assert begun(turns) == [task]


def test_a_turn_that_nobody_needs_is_given_back() -> None:
    turns = TaskQueue(tasks("http://a/1", "http://a/2", "http://a/3"), 2)
    first, second = begun(turns)
    turns.end(first)
    turns.end(second)
    assert paths(begun(turns)) == ["a/3"]
    turns.delay(first, until=0)
    turns.release(0)
    assert begun(turns) == [first]


def test_every_task_runs_once_whatever_ends_first() -> None:
    turns = TaskQueue(tasks(*[f"http://{host}/{n}" for n in range(9) for host in "abc"]), 2)
    ran, running = [], begun(turns)
    while running:
        assert len(running) <= 6
        turns.end(running[-1])
        ran.append(running.pop())
        running += begun(turns)
    assert len(set(paths(ran))) == len(ran) == 27


def test_a_host_has_two_turns_at_a_time() -> None:
    turns = HostTurns(2)
    with turns.take("http://a/1", 1), turns.take("https://A:8443/2", 1), turns.take("http://b/", 1):
        with pytest.raises(FetchFailed, match="no turn at a in time"), turns.take("http://a/", 0.01):
            raise AssertionError("a third turn")
        waiting = threading.Thread(target=lambda: turns.take("http://a/", 5).__enter__())
        waiting.start()
    waiting.join(5)
    assert not waiting.is_alive()
