import os
import signal

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
