"""The query for alerts in docs/streaming.md, over a status as a stream writes it."""

import contextlib
import json
import time
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.test_docs import ROOT, blocks
from transforms.stream.settings import StreamSettings
from transforms.stream.status import Committed, status_path, write_status
from transforms.write.manifests import iso_time

(ALERTS,) = blocks("sql", (ROOT / "docs/streaming.md").read_text())
LONG_AGO = "2025-03-22T10:15:00.000000Z"
HOUR = 3_600_000_000  # microseconds
COUNTS = {"reads": 100, "new_articles": 100, "rejects": 0}
WELL = Committed("s.1", COUNTS, {"same_text": 2}, {}, lag_s=1.5)
REFUSED = {"reads": 100, "new_articles": 90, "rejects": 10}


def alerts(folder: Path, committed: Committed = WELL, age_us: int = 0, **changes: Any) -> list[str]:
    """What the query gives where a stream has written this, so long ago; `changes` are to the status."""
    now, output = time.time_ns() // 1000, str(folder / "out")
    Path(output, "_stream").mkdir(parents=True)
    write_status(StreamSettings(output, "s", 300), now // 1_000_000, committed)
    status = json.loads(Path(status_path(output)).read_text()) | changes | {"written_at": iso_time(now - age_us)}
    Path(status_path(output)).write_text(json.dumps(status))
    with contextlib.chdir(folder):
        return [alert for (alert,) in duckdb.sql(ALERTS).fetchall()]


@pytest.mark.parametrize("committed", [WELL, Committed()], ids=["news", "nothing-new"])
def test_no_alert_while_all_is_well(committed: Committed, tmp_path: Path) -> None:
    assert alerts(tmp_path, committed) == []


@pytest.mark.parametrize(
    ("given", "alert"),
    [
        pytest.param({"age_us": HOUR}, "it stands: ", id="stands"),
        pytest.param({"committed": WELL._replace(lag_s=90.0)}, "it falls behind: stored 90", id="behind"),
        pytest.param({"feeds": {"known": 20, "failing": 3}}, "feeds fail: 3 of 20", id="feeds"),
        pytest.param(
            {"committed": WELL._replace(counts=REFUSED, rejects={"TooLarge": 10})},
            'entries are refused: {"TooLarge":10}',
            id="rejects",
        ),
        pytest.param(
            {"committed": WELL._replace(levels={"kafka_behind a": 7, "kafka_behind b": 300_000})},
            'Kafka waits: {"kafka_behind a":7,"kafka_behind b":300000} messages',
            id="kafka",
        ),
        pytest.param({"last_new_article_at": LONG_AGO}, "no news for an hour: since 2025-03-22", id="silent"),
        pytest.param(
            {"last_new_article_at": None, "since_start": {"from": LONG_AGO}},
            "no news for an hour: since 2025-03-22",
            id="silent-from-the-start",
        ),
    ],
)
def test_an_alert_for_what_is_wrong(given: dict[str, Any], alert: str, tmp_path: Path) -> None:
    (found,) = alerts(tmp_path, **given)
    assert found.startswith(alert)
