"""The states of a submission and the moves between them: one table, tested whole."""

import enum

from app.errors import Conflict


class SubmissionState(enum.StrEnum):
    """Where a submission stands."""

    UNCONFIRMED = "unconfirmed"
    PENDING = "pending"
    NEEDS_CHANGES = "needs_changes"
    APPROVED = "approved"
    REJECTED = "rejected"
    SPAM = "spam"
    WITHDRAWN = "withdrawn"


MOVES: dict[SubmissionState, frozenset[SubmissionState]] = {
    SubmissionState.UNCONFIRMED: frozenset({SubmissionState.PENDING, SubmissionState.WITHDRAWN}),
    SubmissionState.PENDING: frozenset(
        {
            SubmissionState.APPROVED,
            SubmissionState.REJECTED,
            SubmissionState.SPAM,
            SubmissionState.NEEDS_CHANGES,
            SubmissionState.WITHDRAWN,
        }
    ),
    SubmissionState.NEEDS_CHANGES: frozenset(
        {
            SubmissionState.PENDING,
            SubmissionState.REJECTED,
            SubmissionState.SPAM,
            SubmissionState.WITHDRAWN,
        }
    ),
    SubmissionState.APPROVED: frozenset(),
    SubmissionState.REJECTED: frozenset(),
    SubmissionState.SPAM: frozenset(),
    SubmissionState.WITHDRAWN: frozenset(),
}

#: What waits for somebody at the desk or for the submitter.
OPEN_STATES = (SubmissionState.PENDING, SubmissionState.NEEDS_CHANGES)


#: What a moderator has made of a submission, and may take back for a while: it waits for a decision again.
UNDOABLE = frozenset(
    {
        SubmissionState.APPROVED,
        SubmissionState.REJECTED,
        SubmissionState.SPAM,
        SubmissionState.NEEDS_CHANGES,
    }
)


class SubmissionAlreadyDecided(Conflict):
    """This has been decided already. Look at the current state before you go on."""


class NothingToUndo(Conflict):
    """There is no decision here that could be undone. Look at the current state."""


def check_move(current: str, wanted: SubmissionState) -> None:
    """Raise `SubmissionAlreadyDecided` unless the table allows the move."""
    if wanted not in MOVES[SubmissionState(current)]:
        raise SubmissionAlreadyDecided


def check_undo(current: str) -> None:
    """Raise `NothingToUndo` unless this is the state that a moderator's decision led to."""
    if current not in UNDOABLE:
        raise NothingToUndo
