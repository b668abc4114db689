"""The table of states, and what can be undone: every pair of states is looked at."""

import itertools

import pytest

from app.moderation.states import (
    MOVES,
    UNDOABLE,
    NothingToUndo,
    SubmissionAlreadyDecided,
    SubmissionState,
    check_move,
    check_undo,
)

S = SubmissionState


@pytest.mark.parametrize(("was", "wanted"), list(itertools.product(S, S)))
def test_only_what_the_table_says_is_a_move(was: S, wanted: S) -> None:
    if wanted in MOVES[was]:
        check_move(was, wanted)
    else:
        with pytest.raises(SubmissionAlreadyDecided):
            check_move(was, wanted)


def test_what_is_decided_moves_nowhere_by_itself() -> None:
    assert {state for state in S if not MOVES[state]} == {S.APPROVED, S.REJECTED, S.SPAM, S.WITHDRAWN}


def test_spam_is_what_waits_and_was_asked_about_but_not_what_nobody_confirmed() -> None:
    assert {state for state in S if S.SPAM in MOVES[state]} == {S.PENDING, S.NEEDS_CHANGES}


@pytest.mark.parametrize("state", S)
def test_only_a_moderators_decision_is_undone(state: S) -> None:
    if state in {S.APPROVED, S.REJECTED, S.SPAM, S.NEEDS_CHANGES}:
        check_undo(state)
    else:
        assert state not in UNDOABLE
        with pytest.raises(NothingToUndo):
            check_undo(state)
