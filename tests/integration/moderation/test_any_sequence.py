"""Any legal sequence of what submitters, visitors, owners and moderators do keeps what the map promises.

`./run test integration -k any_sequence --hypothesis-profile=thorough` looks for other sequences each time: many, and long.
"""

import contextlib
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test
from sqlalchemy import Row

from app.localdb import LocalCluster
from tests.postgis import database_of_its_own

from .desk_machine import Desk

#: The same sequences in each run.
QUICK = settings(
    max_examples=10,
    stateful_step_count=20,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)
#: Every kind of move, as the machine names them.
MOVES = {
    "send", "suggest", "confirm", "withdraw", "answer", "ask", "approve", "reject", "spam", "correct", "undo",
    "out of turn", "second", "claim", "release", "check", "turn", "turn back", "bulk", "bulk undo", "merge",
    "unmerge", "close", "reopen", "take down", "put back", "restore", "protect", "report", "resolve",
    "publish own", "trust no more",
    "opening ask", "opening agree", "opening place", "opening approve", "opening cancel", "opening refuse",
}  # fmt: skip


@pytest.fixture
def desk(cluster: LocalCluster, template: str) -> type[Desk]:
    """A desk that gets a database of its own for each sequence."""

    class OnACopy(Desk):
        databases = staticmethod(lambda: database_of_its_own(cluster, template))

    return OnACopy


@contextlib.contextmanager
def _opened(desk: type[Desk]) -> Iterator[Desk]:
    made = desk()
    try:
        made.open()
        yield made
    finally:
        made.teardown()


def test_each_move_is_possible(desk: type[Desk]) -> None:
    """What would only ever be refused shows nothing."""
    with _opened(desk) as d:
        d.send_something_new(hidden=False, confirmed=False)
        d.confirm_the_mail(0)
        d.look_at(0, 1, "claim")
        d.look_at(0, 1, "release")
        d.look_at(0, 1, "check")
        d.ask(0, 1)
        d.answer_the_question(0, corrected=True)
        d.correct_and_approve(0, 1)
        d.decide_out_of_turn(0, "reject", stale=False)
        d.suggest_and_approve(0, "place")
        d.undo(0)
        d.look_at(0, 1, "second")
        d.turn_down(0, 2, "reject")
        d.send_something_new(hidden=True, confirmed=True)
        d.turn_down(0, 0, "spam")
        d.undo(0)
        d.withdraw(0)
        d.turn_into_a_change(0)
        d.turn_back(0)
        d.turn_into_a_change(0)
        d.send_something_new(hidden=False, confirmed=True)
        d.decide_on_many("approve", 0)
        d.undo_many()
        d.suggest_a_change(1, "name")
        d.suggest_and_approve(1, "services")
        d.restore(1, 0, None)
        for n in range(3):
            d.report(n, "unsafe")
        d.resolve(0, down=False, others=True)
        d.merge(0, 0, "both")
        d.undo_a_merge(0)
        d.close(1, back=False)
        d.close(1, back=True)
        d.take_down(1)
        d.put_back(0)
        d.protect(0, "area", off=False)
        hidden = [one.id for one in _hidden(d)].index(d.seen["features"][2].id)
        d.open_up(hidden, 1, None)
        d.open_up(hidden, 1, "cancel")
        d.open_up(hidden, 3, None)
        d.open_up(hidden, 1, "refuse")
        for _ in range(2):
            d.open_up(hidden, 3, None)
        d.open_up(hidden, 2, None)
        _by_itself(d)
        assert MOVES - set(d.made) == set(), d.refused


def _by_itself(d: Desk) -> None:
    """A new place and a change of it, nothing protected, and nothing more once the trust has ended."""
    d.publish_by_itself(0, new=True, hidden=False)
    d.publish_by_itself(0, new=False, hidden=False)
    d.publish_by_itself(0, new=True, hidden=True)
    assert d.made["publish own"] == 2, d.refused
    d.undo(0)
    d.trust_or_not()
    d.publish_by_itself(0, new=True, hidden=False)
    assert d.made["publish own"] == 2


def _hidden(d: Desk) -> list[Row[Any]]:
    return [one for one in d.seen["features"] if one.state == "published" and one.disclosure != "exact"]


def test_a6_any_sequence_at_the_desk_keeps_what_the_map_promises_and_is_in_the_log(desk: type[Desk]) -> None:
    wanted = QUICK
    if settings.get_current_profile_name() == "thorough":
        wanted = settings(stateful_step_count=60, suppress_health_check=list(HealthCheck))
    run_state_machine_as_test(desk, settings=wanted)
