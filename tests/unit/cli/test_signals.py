import gc
import os
import signal
import subprocess
import sys

import pytest

from app.cli.signals import stopping_by_signal


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_each_way_to_stop_is_the_same_and_a_second_one_does_not_disturb(number: signal.Signals) -> None:
    before = signal.getsignal(number)
    done: list[str] = []

    def work() -> None:
        try:
            os.kill(os.getpid(), number)
            done.append("went on working")
        finally:
            os.kill(os.getpid(), number)
            done.append("cleaned up")

    with pytest.raises(KeyboardInterrupt), stopping_by_signal():
        work()
    assert done == ["cleaned up"]
    assert signal.getsignal(number) is before


def test_a_signal_that_comes_while_garbage_is_collected_is_not_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    """Python swallows what a callback of the collector raises, and would tell the terminal of it."""
    told: list[str] = []
    monkeypatch.setattr(sys, "unraisablehook", lambda what: told.append(what.exc_type.__name__))

    def signal_meanwhile(phase: str, _info: dict[str, int]) -> None:
        if phase == "start":
            os.kill(os.getpid(), signal.SIGTERM)
        else:
            raise ValueError

    with stopping_by_signal() as stopping:
        assert stopping.check() is False
        gc.callbacks.append(signal_meanwhile)
        try:
            gc.collect()
        finally:
            gc.callbacks.remove(signal_meanwhile)
        with pytest.raises(KeyboardInterrupt):
            stopping.check()
    # Of anything else it is told.
    assert told == ["ValueError"]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_that_comes_while_a_module_is_imported_ends_in_order(number: signal.Signals) -> None:
    """Dataclasses are made by `exec` of a text: Python itself forgets for no `KeyboardInterrupt` that it has left one."""
    program = f"""
from app.cli.signals import stopping_by_signal
try:
    with stopping_by_signal():
        exec("import os; os.kill(os.getpid(), {number:d}); print('went on')")
except KeyboardInterrupt:
    print("stopped")
"""
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "stopped\n", "")
