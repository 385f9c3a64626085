"""Ingests feeds every quarter of an hour: a DAG for Airflow 3, with `dateline` on the PATH of its workers."""

import os
from datetime import UTC, datetime, timedelta

from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk import DAG

# An attempt after the one that has committed adds nothing: a run id commits once.
INGEST = """
dateline ingest --feeds feeds.txt --output news --contact you@example.org \
  --run_id "{{ dag_run.run_after.strftime('%Y%m%dT%H%M%S') }}" || [ $? -eq 3 ]
"""

with DAG(
    "dateline",
    schedule="*/15 * * * *",
    start_date=datetime(2025, 1, 1, tzinfo=UTC),
    catchup=False,  # feeds say what is new now: the next run makes up for those missed
    max_active_runs=1,
):
    BashOperator(
        task_id="ingest",
        bash_command=INGEST,
        cwd=os.environ.get("DATELINE_FOLDER", "/var/lib/dateline"),
        append_env=True,
        retries=2,
        retry_delay=timedelta(minutes=2),
        execution_timeout=timedelta(hours=1),
    )
