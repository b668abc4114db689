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
    WITHDRAWN = "withdrawn"


MOVES: dict[SubmissionState, frozenset[SubmissionState]] = {
    SubmissionState.UNCONFIRMED: frozenset({SubmissionState.PENDING, SubmissionState.WITHDRAWN}),
    SubmissionState.PENDING: frozenset(
        {
            SubmissionState.APPROVED,
            SubmissionState.REJECTED,
            SubmissionState.NEEDS_CHANGES,
            SubmissionState.WITHDRAWN,
        }
    ),
    SubmissionState.NEEDS_CHANGES: frozenset(
        {SubmissionState.PENDING, SubmissionState.REJECTED, SubmissionState.WITHDRAWN}
    ),
    SubmissionState.APPROVED: frozenset(),
    SubmissionState.REJECTED: frozenset(),
    SubmissionState.WITHDRAWN: frozenset(),
}

#: What waits for somebody at the desk or for the submitter.
OPEN_STATES = (SubmissionState.PENDING, SubmissionState.NEEDS_CHANGES)


class SubmissionAlreadyDecided(Conflict):
    """This has been decided already. Look at the current state before you go on."""


def check_move(current: str, wanted: SubmissionState) -> None:
    """Raise `SubmissionAlreadyDecided` unless the table allows the move."""
    if wanted not in MOVES[SubmissionState(current)]:
        raise SubmissionAlreadyDecided
