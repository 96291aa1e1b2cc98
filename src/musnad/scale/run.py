"""A pool of processes over shards: resumable, with steady memory; a shard that kills its worker is searched for the culprit.

What comes of a shard is written by its worker under a temporary name and renamed when complete, so a file that is there is whole:
the files are the completion markers.
"""

from __future__ import annotations

import json
import multiprocessing
import os
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any, NamedTuple

from musnad import __version__
from musnad.reading.build import ReadingError
from musnad.scale.shards import Shard, rows, shards


class Task(NamedTuple):
    """Rows ``first`` to ``last`` of a shard (all where ``last`` is None), to be written as part ``part`` of it."""

    shard: Shard
    part: str = ""
    first: int = 0
    last: int | None = None
    tries: int = 0


@dataclass
class Summary:
    """What a run did."""

    shards: int = 0
    skipped: int = 0
    records: int = 0
    failed: int = 0
    deaths: int = 0
    problems: list[str] = field(default_factory=list)


def run(
    inputs: list[Path],
    output: Path,
    jobs: int,
    time_limit: float,
    step: Callable[[int], None] = lambda _: None,
) -> Summary:
    """Code every article of the inputs into Parquet files under ``output``.

    ``output/records/*.parquet`` hold the records, ``output/failures/*.jsonl`` what could not be coded. Run again with the
    same output, it goes on where it stopped.

    :param step: called with the number of records after each shard.
    :raises ReadingError: where inputs are missing, or ``output`` holds a run of another version.
    """
    work = shards(inputs)
    _claim(output)
    summary = Summary(shards=len(work))
    tasks: deque[Task] = deque()
    for shard in work:
        if (output / "done" / shard.name).exists():
            summary.skipped += 1
        else:
            tasks.append(Task(shard))
    if tasks:
        _Pool(output, jobs, time_limit, tasks, summary, step).run()
    return summary


def _claim(output: Path) -> None:
    marker = output / "run.json"
    if marker.exists():
        made = json.loads(marker.read_text(encoding="utf-8")).get("musnad")
        if made != __version__:
            raise ReadingError(f"{output} holds a run of Musnad {made}: choose another folder")
    elif output.exists() and any(output.iterdir()):
        raise ReadingError(f"{output} is not empty and holds no run: choose another folder")
    for name in ("records", "failures", "done"):
        (output / name).mkdir(parents=True, exist_ok=True)
    marker.write_text(json.dumps({"musnad": __version__}), encoding="utf-8")


@contextmanager
def _one_thread() -> Iterator[None]:
    """Processes started meanwhile do their sums with one thread each: N workers must not fight over the cores."""
    names = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
    before = {name: os.environ.get(name) for name in names}
    os.environ.update(dict.fromkeys(names, "1"))
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


class _Worker:
    def __init__(self, output: Path, time_limit: float) -> None:
        context = multiprocessing.get_context("spawn")
        self.pipe, theirs = context.Pipe()
        self.process = context.Process(target=work_on, args=(theirs, str(output), time_limit), daemon=True)
        with _one_thread():
            self.process.start()
        theirs.close()
        self.task: Task | None = None

    def give(self, task: Task) -> None:
        """Hand over a task. Where the worker is dead already, its pipe says so to who waits for an answer."""
        self.task = task
        with suppress(BrokenPipeError):
            self.pipe.send(task)


class _Pool:
    def __init__(
        self,
        output: Path,
        jobs: int,
        limit: float,
        tasks: deque[Task],
        summary: Summary,
        step: Callable[[int], None],
    ) -> None:
        self.output, self.limit, self.tasks, self.summary, self.step = output, limit, tasks, summary, step
        self.workers = [_Worker(output, limit) for _ in range(min(jobs, len(tasks)))]
        self.open: dict[str, int] = {}  # parts of a shard still to come

    def run(self) -> None:
        for task in self.tasks:
            self.open[task.shard.name] = 1
        try:
            while self.tasks or any(w.task for w in self.workers):
                for worker in self.workers:
                    if worker.task is None and self.tasks:
                        worker.give(self.tasks.popleft())
                # a pipe becomes readable when its worker answers, and when it dies
                for pipe in wait([w.pipe for w in self.workers if w.task]):
                    self._answer(next(w for w in self.workers if w.pipe is pipe))
        finally:
            for worker in self.workers:
                worker.process.terminate()
                worker.process.join()

    def _answer(self, worker: _Worker) -> None:
        task = worker.task
        assert task is not None
        try:
            done: dict[str, Any] = worker.pipe.recv()
        except (EOFError, ConnectionError):
            worker.process.join()
            self._died(worker, task)
            return
        worker.task = None
        self.summary.records += done["records"]
        self.summary.failed += done["failed"]
        self._finish(task, done["records"])

    def _finish(self, task: Task, records: int) -> None:
        name = task.shard.name
        self.open[name] -= 1
        if not self.open[name]:
            (self.output / "done" / name).touch()
        self.step(records)

    def _died(self, worker: _Worker, task: Task) -> None:
        """Replace the worker; try its task once more, then halve it until the article that kills is found alone."""
        self.summary.deaths += 1
        (self.output / "records" / f"{task.shard.name}{task.part}.partial").unlink(missing_ok=True)
        self.workers[self.workers.index(worker)] = _Worker(self.output, self.limit)
        last = task.last if task.last is not None else sum(1 for _ in rows(task.shard))
        if task.tries == 0 and task.last is None:
            self.tasks.appendleft(task._replace(tries=1))
            return
        if last - task.first <= 1:
            self._set_aside(task)
            return
        middle = (task.first + last) // 2
        self.open[task.shard.name] += 1
        for first, end in ((middle, last), (task.first, middle)):
            self.tasks.appendleft(Task(task.shard, f".{first:06d}", first, end, 1))

    def _set_aside(self, task: Task) -> None:
        row = next((r for n, r in enumerate(rows(task.shard)) if n == task.first), None)
        where = row["where"] if isinstance(row, dict) else f"{task.shard.path} row {task.first}"
        reason = "it ends the process that codes it"
        path = self.output / "failures" / f"{task.shard.name}{task.part}.jsonl"
        path.write_text(json.dumps({"where": where, "reason": reason}, ensure_ascii=False) + "\n", encoding="utf-8")
        self.summary.failed += 1
        self.summary.problems.append(f"{where}: {reason}")
        self._finish(task, 0)


def work_on(pipe: Connection, output: str, time_limit: float) -> None:
    """A worker's life: code tasks until the pipe closes (runs in its own process)."""
    while True:
        try:
            task: Task = pipe.recv()
        except (EOFError, KeyboardInterrupt):
            return
        pipe.send(code_task(task, Path(output), time_limit))


def code_task(task: Task, output: Path, time_limit: float) -> dict[str, int]:
    """Code the articles of a task into its files; how many records and failures."""
    import pyarrow.parquet as pq

    from musnad.reading.files import Failure
    from musnad.scale.arrow import records_schema
    from musnad.scale.batch import BATCH, articles_batch, code_batch

    name = f"{task.shard.name}{task.part}"
    target = output / "records" / f"{name}.parquet"
    partial = target.with_suffix(".partial")
    failures: list[dict[str, str]] = []
    count = 0
    with pq.ParquetWriter(partial, records_schema(), compression="zstd") as writer:

        def flush(batch: list[dict[str, Any]]) -> int:
            records, failed = code_batch(articles_batch(batch), time_limit, hard=True)
            failures.extend(failed.to_pylist())
            if records.num_rows:
                writer.write_batch(records)
            return int(records.num_rows)

        batch: list[dict[str, Any]] = []
        for n, row in enumerate(rows(task.shard)):
            if n < task.first:
                continue
            if task.last is not None and n >= task.last:
                break
            if isinstance(row, Failure):
                failures.append({"where": row.where, "reason": row.reason})
                continue
            batch.append(row)
            if len(batch) == BATCH:
                count += flush(batch)
                batch = []
        if batch:
            count += flush(batch)
    partial.replace(target)
    if failures:
        lines = "".join(json.dumps(f, ensure_ascii=False) + "\n" for f in failures)
        (output / "failures" / f"{name}.jsonl").write_text(lines, encoding="utf-8")
    return {"records": count, "failed": len(failures)}
