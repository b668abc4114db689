import pytest

from app.cli.web import AddressTaken, listen


def test_port_zero_takes_a_free_one() -> None:
    with listen("127.0.0.1", 0) as listening:
        assert listening.getsockname()[1] > 0


def test_a_taken_port_is_told_in_a_sentence() -> None:
    with listen("127.0.0.1", 0) as first:
        port = first.getsockname()[1]
        with pytest.raises(AddressTaken, match=rf"port {port}: .*--port"):
            listen("127.0.0.1", port)


def test_a_strange_host_is_told_in_a_sentence() -> None:
    with pytest.raises(AddressTaken, match="--host"):
        listen("256.1.1.1", 0)
