"""A real standalone cluster on this machine, one worker killed in the middle: the output is complete and equals the pool's."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pyarrow.dataset as ds
import pyarrow.parquet as pq
import pytest

pyspark = pytest.importorskip("pyspark")

from musnad.scale import spark as module  # noqa: E402
from musnad.scale.batch import articles_batch, code_batch  # noqa: E402
from musnad.scale.shards import rows, shards  # noqa: E402

HOME = Path(pyspark.__file__).parent
FILES = 24
#: so slow that the cluster needs seconds: a worker is killed while it codes
PLUGIN = """
import time
from musnad.linking import LinksStage
class Links(LinksStage):
    def run(self, analysis):
        time.sleep(0.2)
        super().run(analysis)
"""


def free_port() -> int:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return int(s.getsockname()[1])


def wait_for(what: str, ready: Callable[[], Any], seconds: float = 180) -> Any:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            if found := ready():
                return found
        except OSError:
            pass  # not listening yet
        time.sleep(0.1)
    raise AssertionError(f"waited {seconds:g} s for {what}")


def kill(process: subprocess.Popen[bytes]) -> None:
    # the group: a worker's executors die with it, as they do when a machine is lost
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


class Cluster:
    """A master and two workers of one core each."""

    def __init__(self, folder: Path, env: dict[str, str]) -> None:
        self.folder, self.env = folder, env
        self.port, self.web = free_port(), free_port()
        self.processes = [self._start("master", "--port", self.port, "--webui-port", self.web)]
        wait_for("the master", lambda: self.state()["status"] == "ALIVE")
        memory = ("--cores", 1, "--memory", "600m", "--webui-port", 0)
        for n in (1, 2):
            self.processes.append(self._start("worker", *memory, "--work-dir", folder / f"w{n}", self.url))
        wait_for("the workers", lambda: self.state()["aliveworkers"] == 2)

    def _start(self, role: str, *args: object) -> subprocess.Popen[bytes]:
        name = f"org.apache.spark.deploy.{role}.{role.title()}"
        command = [str(HOME / "bin/spark-class"), name, "--host", "127.0.0.1", *map(str, args)]
        log = (self.folder / f"{role}{time.monotonic_ns()}.log").open("wb")
        return subprocess.Popen(command, env=self.env, stdout=log, stderr=log, start_new_session=True)

    @property
    def url(self) -> str:
        return f"spark://127.0.0.1:{self.port}"

    def state(self) -> dict[str, Any]:
        with urlopen(f"http://127.0.0.1:{self.web}/json/", timeout=5) as answer:
            found: dict[str, Any] = json.load(answer)
            return found


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Cluster]:
    plugin = tmp_path / "plugin"
    info = plugin / "slow-1.0.dist-info"
    info.mkdir(parents=True)
    (plugin / "slow.py").write_text(PLUGIN, encoding="utf-8")
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: slow\nVersion: 1.0\n", encoding="utf-8")
    (info / "entry_points.txt").write_text("[musnad.stages]\nlinks = slow:Links\n", encoding="utf-8")
    env = os.environ | {
        "PYTHONPATH": os.pathsep.join(filter(None, (str(plugin), os.environ.get("PYTHONPATH")))),
        "SPARK_HOME": str(HOME),
        "SPARK_LOCAL_IP": "127.0.0.1",
        "SPARK_DAEMON_MEMORY": "128m",
        "SPARK_LOCAL_DIRS": str(tmp_path / "scratch"),
    }
    env.pop("PYSPARK_PYTHON", None)
    (tmp_path / "events").mkdir()
    made = Cluster(tmp_path, env)
    try:
        yield made
    finally:
        for process in made.processes:
            kill(process)


def articles(folder: Path) -> list[Path]:
    """Files of two articles and one that is none, each file a shard and so a task."""
    folder.mkdir()
    for n in range(FILES):
        texts = [f"قال وزير الدفاع رقم {n} أمس إن {n + m} جنود قتلوا في هجوم قرب بغداد، مضيفا أن التحقيق مستمر." for m in (3, 40)]
        lines = [{"text": t, "published": "2024-01-27", "n": n} for t in (*texts, "latin")]
        content = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
        (folder / f"{n:02d}.jsonl").write_text(content, encoding="utf-8")
    return sorted(folder.iterdir())


def by_where(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(rows, key=lambda r: str(r["where"]))


def test_a_killed_worker_loses_nothing_and_rows_equal_the_pools(tmp_path: Path, cluster: Cluster) -> None:
    articles(tmp_path / "in")
    settings = {
        "spark.driver.host": "127.0.0.1",
        "spark.driver.memory": "512m",
        "spark.executor.memory": "512m",
        "spark.ui.enabled": "false",
        "spark.eventLog.enabled": "true",
        "spark.eventLog.rolling.enabled": "false",
        "spark.eventLog.compress": "false",
        "spark.eventLog.dir": (tmp_path / "events").as_uri(),
    }
    flags = [f for k, v in settings.items() for f in ("--conf", f"{k}={v}")]
    command = [HOME / "bin/spark-submit", "--master", cluster.url, *flags, module.__file__]
    with (tmp_path / "driver.log").open("wb") as log:
        driver = subprocess.Popen(
            [*map(str, command), str(tmp_path / "in"), str(tmp_path / "out")],
            # spark-submit takes the first python3 for the driver
            env=cluster.env | {"PYSPARK_DRIVER_PYTHON": sys.executable},
            stdout=log, stderr=log, start_new_session=True, cwd=tmp_path,
        )  # fmt: skip
    try:
        committed = tmp_path / "out/_temporary/0"

        def finished() -> int:
            assert driver.poll() is None, (tmp_path / "driver.log").read_text(errors="replace")[-3000:]
            return len(list(committed.glob("task_*")))

        before = wait_for("tasks of the middle", lambda: n if (n := finished()) >= 6 else 0)
        kill(cluster.processes[1])
        assert 6 <= before < FILES - 4
        assert driver.wait(180) == 0, (tmp_path / "driver.log").read_text(errors="replace")[-3000:]
    finally:
        kill(driver)

    # Spark saw it: an executor was lost, a task of its was run again
    (log_file,) = (tmp_path / "events").iterdir()
    events = [json.loads(line) for line in log_file.read_text(encoding="utf-8").splitlines()]
    ends = [e["Task End Reason"]["Reason"] for e in events if e["Event"] == "SparkListenerTaskEnd"]
    assert any(e["Event"] == "SparkListenerExecutorRemoved" for e in events)
    assert any(reason != "Success" for reason in ends)

    pool = subprocess.run(
        [sys.executable, "-m", "musnad", "run", str(tmp_path / "in"), str(tmp_path / "pool"), "--jobs", "2"],
        capture_output=True, check=True,
    )  # fmt: skip
    assert b"48 coded, 24 set aside" in pool.stderr
    theirs = ds.dataset(tmp_path / "out/kind=records", format="parquet").to_table().to_pylist()
    assert {r.pop("reason") for r in theirs} == {None}
    ours = [r for f in (tmp_path / "pool/records").iterdir() for r in pq.read_table(f).to_pylist()]
    assert len(ours) == 2 * FILES
    assert all(r["figures"] and r["mentions"] for r in ours)
    assert by_where(theirs) == by_where(ours)
    failed = ds.dataset(tmp_path / "out/kind=failures", format="parquet").to_table(["where", "reason"])
    lines = "".join(f.read_text(encoding="utf-8") for f in (tmp_path / "pool/failures").iterdir())
    assert by_where(failed.to_pylist()) == by_where([json.loads(line) for line in lines.splitlines()])


def test_partitions_hold_what_batches_hold(tmp_path: Path) -> None:
    files = articles(tmp_path / "in")[:2]
    given = articles_batch([r for f in files for s in shards([f]) for r in rows(s) if isinstance(r, dict)])
    coded, failed = code_batch(given)
    made = [row for batch in module.code_partition([given]) for row in batch.to_pylist()]
    assert [{k: v for k, v in r.items() if k != "reason"} for r in made if not r["reason"]] == coded.to_pylist()
    assert [{k: r[k] for k in ("where", "reason")} for r in made if r["reason"]] == failed.to_pylist()
    work = [{"path": str(f), "first": s.first, "last": s.last} for f in files for s in shards([f])]
    import pyarrow as pa

    again = [r for b in module.code_shards([pa.RecordBatch.from_pylist(work)]) for r in b.to_pylist()]
    assert by_where(again) == by_where(made)
    assert len(made) == 6
