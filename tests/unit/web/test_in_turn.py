"""Few forms are taken in at once, some wait, and for the rest there is no room (SECURITY E2)."""

import asyncio
import contextlib

import pytest

from app.web.in_turn import ManyAtOnce, Turns, TurnsOfProved


async def test_two_are_at_work_as_many_as_are_allowed_wait_and_the_next_is_refused() -> None:
    turns, go_on, working = Turns(at_once=2, most_waiting=3, patience_s=60), asyncio.Event(), 0
    both = asyncio.Event()

    async def send() -> None:
        nonlocal working
        async with turns.seat():
            working += 1
            assert working <= 2
            if working == 2:
                both.set()
            await go_on.wait()
            working -= 1

    sending = [asyncio.create_task(send()) for _ in range(5)]
    await both.wait()
    with pytest.raises(ManyAtOnce):
        await send()
    go_on.set()
    await asyncio.gather(*sending)
    # What failed gives its seat back as well.
    for _ in range(3):
        with contextlib.suppress(ZeroDivisionError):
            async with turns.seat():
                raise ZeroDivisionError
    turns = Turns(at_once=2, patience_s=0.01)
    async with turns.seat(), turns.seat():
        with pytest.raises(ManyAtOnce):
            async with turns.seat():
                raise AssertionError("there were two seats")


async def test_e3_who_has_a_proof_does_not_wait_behind_those_who_have_none() -> None:
    turns = TurnsOfProved()
    assert not turns.has_had("one")
    async with turns.seat_for("one"):
        # Sent once more, it is no second one.
        assert turns.has_had("one")
    assert turns.has_had("one")


async def test_e3_a_proof_that_found_no_seat_may_come_again() -> None:
    turns = TurnsOfProved(patience_s=0.01)
    async with turns.seat_for("one"), turns.seat_for("two"):
        with pytest.raises(ManyAtOnce):
            async with turns.seat_for("three"):
                raise AssertionError("there were two seats")
    assert not turns.has_had("three")
