import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from app.cli.process_tree import ProcessFailed, ProcessTree

ROOT = Path(__file__).resolve().parents[3]
PYTHON = (sys.executable, "-c")
SLEEP = "import time; time.sleep(60)"


def alive(pid: int) -> bool:
    """A killed child of a dead parent may stay as a zombie where nobody collects it."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def becomes_true(condition: Callable[[], bool], patience_s: float = 10) -> bool:
    deadline = time.monotonic() + patience_s
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.05)
    return condition()


def test_a_process_that_ends_is_started_again(tmp_path: Path) -> None:
    marks = tmp_path / "marks"
    once = f"import time; f = open({str(marks)!r}, 'a'); print('x', file=f, flush=True); n = open({str(marks)!r}).read().count('x'); time.sleep(60 if n > 1 else 0)"
    said: list[str] = []

    with ProcessTree(said.append, program=PYTHON) as tree:
        tree.start("web", [once])
        tree.watch(until=lambda: marks.exists() and marks.read_text().count("x") == 2)

    assert said == ["The web process ended (exit code 0); it is started again."]


def test_a_process_that_never_settles_is_given_up() -> None:
    with ProcessTree(print, program=PYTHON) as tree:
        tree.start("worker", ["raise SystemExit(3)"])
        with pytest.raises(ProcessFailed, match="worker process ended by itself 3 times"):
            tree.watch()


def test_leaving_stops_the_willing_and_the_stubborn() -> None:
    stubborn = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('ready', flush=True); time.sleep(60)"
    with ProcessTree(print, program=PYTHON, stop_patience_s=1) as tree:
        pids = [tree.start("a", [SLEEP]), tree.start("b", [stubborn])]
        time.sleep(0.5)
    assert not any(alive(pid) for pid in pids)


def test_open_sockets_and_environment_reach_a_child(tmp_path: Path) -> None:
    out = tmp_path / "out"
    descriptor = os.open(out, os.O_WRONLY | os.O_CREAT)
    code = f"import os; os.write({descriptor}, os.environ['GREETING'].encode()); import time; time.sleep(60)"
    with ProcessTree(print, program=PYTHON) as tree:
        tree.start("a", [code], environment={"GREETING": "cześć"}, descriptors=(descriptor,))
        tree.watch(until=lambda: out.read_text() == "cześć")
    os.close(descriptor)


def test_children_do_not_outlive_a_killed_parent() -> None:
    child = "from app.cli.process_tree import end_with_parent; import os, time; end_with_parent(); print(os.getpid(), flush=True); time.sleep(60)"
    parent = (
        "import sys; from app.cli.process_tree import ProcessTree\n"
        f"tree = ProcessTree(print, program=(sys.executable, '-c')); tree.start('a', [{child!r}]); tree.watch()"
    )
    process = subprocess.Popen(
        [*PYTHON, parent],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    pid = int(process.stdout.readline())
    assert alive(pid)

    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdout.close()

    assert becomes_true(lambda: not alive(pid))
