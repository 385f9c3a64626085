"""The schedules of deploy/: what each tool says of its own, and the command in each, run as it is written there."""

import configparser
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import orjson
import pytest
import yaml

ROOT = Path(__file__).parent.parent
DEPLOY = ROOT / "deploy"
SERVICE, TIMER = DEPLOY / "systemd/dateline.service", DEPLOY / "systemd/dateline.timer"
MANIFESTS = list(yaml.safe_load_all((DEPLOY / "kubernetes/cronjob.yaml").read_text()))
BIN = str(Path(sys.executable).parent)
AIRFLOW = ROOT / ".venv-airflow/bin"
INGEST = "dateline ingest --feeds feeds.txt --output news --contact you@example.org"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where a schedule starts its command; the one feed is refused: it is on this machine."""
    (tmp_path / "feeds.txt").write_text("http://127.0.0.1:9/feed.xml\n")
    return tmp_path


def unit(path: Path) -> configparser.ConfigParser:
    """A unit of systemd."""
    parser = configparser.ConfigParser(strict=False, interpolation=None)
    parser.optionxform = str  # type: ignore[assignment, method-assign]
    parser.read(path)
    return parser


def container() -> dict[str, Any]:
    """The container of the CronJob."""
    (job,) = (manifest for manifest in MANIFESTS if manifest["kind"] == "CronJob")
    (one,) = job["spec"]["jobTemplate"]["spec"]["template"]["spec"]["containers"]
    return dict(one)


def cron_line() -> list[str]:
    """What cron starts, through the shell."""
    (line,) = re.findall(r"^\*(?:\S+ ){5}(.+)$", (DEPLOY / "cron/crontab").read_text(), re.M)
    assert "%" not in line  # a line break, to cron
    return ["sh", "-c", line]


COMMANDS: dict[str, Callable[[], list[str]]] = {
    "cron": cron_line,
    "systemd": lambda: shlex.split(unit(SERVICE)["Service"]["ExecStart"]),
    "kubernetes": lambda: container()["command"],
}


def run(command: list[str], folder: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """A command as a scheduler starts it: nothing in the environment but what it sets."""
    given = {"HOME": str(folder), "PATH": f"{BIN}:/usr/local/bin:/usr/bin:/bin"} | variables
    return subprocess.run(command, cwd=folder, env=given, capture_output=True, text=True, timeout=100)


def failed_feeds(folder: Path) -> list[int]:
    """The feeds that failed, by run."""
    return [orjson.loads(path.read_bytes())["counts"]["feeds_failed"] for path in folder.glob("news/_manifests/*.json")]


@pytest.mark.parametrize(
    "path",
    [
        "cron/crontab",
        "systemd/dateline.service",
        "kubernetes/cronjob.yaml",
        "airflow/dateline.py",
        "../docs/operators.md",
    ],
)
def test_all_start_the_same_command(path: str) -> None:
    assert INGEST in (DEPLOY / path).read_text()


@pytest.mark.tools
@pytest.mark.parametrize("name", COMMANDS)
def test_a_feed_that_fails_is_no_failure_of_the_schedule(name: str, folder: Path) -> None:
    done = run(COMMANDS[name](), folder, JOB="dateline-29012345")
    well = int(unit(SERVICE)["Service"]["SuccessExitStatus"]) if name == "systemd" else 0
    assert (done.returncode, failed_feeds(folder)) == (well, [1])
    if name == "cron":
        assert done.stdout + done.stderr == ""  # or each run would send a mail


@pytest.mark.tools
@pytest.mark.parametrize("name", COMMANDS)
def test_a_run_that_fails_fails_the_schedule(name: str, folder: Path) -> None:
    (folder / "news").write_text("a file where the dataset should be")
    done = run(COMMANDS[name](), folder, JOB="dateline-29012345")
    assert done.returncode != 0 or name == "cron"  # which takes what is printed for a failure
    assert "cannot be written" in done.stdout + done.stderr


def test_cron_leaves_a_run_out_while_another_one_runs(folder: Path) -> None:
    command = ["flock", "-n", "cron.lock", *cron_line()]
    assert run(command, folder).returncode == 0
    assert not (folder / "news").exists()


@pytest.mark.tools
def test_cron_reads_the_table() -> None:
    done = run(["crontab", "-n", str(DEPLOY / "cron/crontab")], ROOT)
    assert (done.returncode, done.stderr) == (0, "The syntax of the crontab file was successfully checked.\n")


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    """The root of a machine with systemd's own units, ours, and a stand-in for the command."""
    shutil.copytree("/lib/systemd/system", tmp_path / "usr/lib/systemd/system", symlinks=True)
    (tmp_path / "etc/systemd/system").mkdir(parents=True)
    for path in (SERVICE, TIMER):
        shutil.copy(path, tmp_path / "etc/systemd/system")
    (tmp_path / "usr/local/bin").mkdir(parents=True)
    shutil.copy("/bin/true", tmp_path / "usr/local/bin/dateline")
    return tmp_path


@pytest.mark.tools
def test_systemd_finds_no_fault(machine: Path) -> None:
    done = run(["systemd-analyze", "verify", f"--root={machine}", TIMER.name, SERVICE.name], ROOT)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@pytest.mark.tools
def test_systemd_finds_a_fault(machine: Path) -> None:
    with (machine / "etc/systemd/system" / SERVICE.name).open("a") as file:
        file.write("ProtectSistem=strict\n")
    assert "ProtectSistem" in run(["systemd-analyze", "verify", f"--root={machine}", SERVICE.name], ROOT).stderr


@pytest.mark.tools
def test_systemd_counts_the_service_as_shut_in() -> None:
    """Of 100 points of exposure, 20 are allowed: a service that reaches the network cannot have none."""
    command = ["systemd-analyze", "security", "--offline=true", "--threshold=20", "--no-pager", str(SERVICE)]
    done = run(command, ROOT)
    assert done.returncode == 0, done.stdout


@pytest.mark.tools
@pytest.mark.parametrize("manifest", MANIFESTS, ids=lambda manifest: manifest["kind"])
@pytest.mark.parametrize("version", ["1.31", "1.34"])
def test_kubernetes_knows_every_field(manifest: dict[str, Any], version: str) -> None:
    import kubernetes_validate

    kubernetes_validate.validate(manifest, version, strict=True)


@pytest.mark.tools
def test_kubernetes_finds_a_fault() -> None:
    import kubernetes_validate

    with pytest.raises(kubernetes_validate.ValidationError):
        kubernetes_validate.validate(MANIFESTS[-1] | {"spec": {"schedul": "*/15 * * * *"}}, "1.34", strict=True)


def test_the_pod_mounts_what_it_has_and_writes_nowhere_else() -> None:
    spec = MANIFESTS[-1]["spec"]["jobTemplate"]["spec"]["template"]["spec"]
    one = container()
    assert {mount["name"] for mount in one["volumeMounts"]} == {volume["name"] for volume in spec["volumes"]}
    assert one["securityContext"]["readOnlyRootFilesystem"]
    assert one["workingDir"] in {mount["mountPath"] for mount in one["volumeMounts"]}
    assert spec["securityContext"]["runAsNonRoot"]


def airflow(*arguments: str, home: Path, folder: Path) -> subprocess.CompletedProcess[str]:
    """A command of Airflow, in a home of its own."""
    return run(
        [str(AIRFLOW / "airflow"), *arguments],
        folder,
        AIRFLOW_HOME=str(home),
        AIRFLOW__CORE__LOAD_EXAMPLES="False",
        AIRFLOW__CORE__DAGS_FOLDER=str(DEPLOY / "airflow"),
        DATELINE_FOLDER=str(folder),
    )


@pytest.mark.tools
def test_airflow_reads_the_dag() -> None:
    look = (
        "import sys; from airflow.dag_processing.dagbag import DagBag; bag = DagBag(sys.argv[1]);"
        "dag = bag.dags['dateline']; print(bag.import_errors, dag.catchup, dag.max_active_runs, len(dag.tasks))"
    )
    done = run([str(AIRFLOW / "python"), "-c", look, str(DEPLOY / "airflow")], ROOT, AIRFLOW_HOME=os.devnull)
    assert done.stdout.endswith("{} False 1 1\n"), done.stderr


@pytest.mark.tools
def test_airflow_runs_the_dag(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    home = tmp_path_factory.mktemp("airflow")
    assert airflow("db", "migrate", home=home, folder=folder).returncode == 0
    done = airflow("dags", "test", "dateline", home=home, folder=folder)
    assert "state=success" in done.stdout + done.stderr
    assert failed_feeds(folder) == [1]
