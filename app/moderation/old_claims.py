"""Claims that nobody decides on end by themselves, and what people wrote in ended ones is erased."""

import uuid
from collections.abc import Sequence
from typing import Final

from sqlalchemy import text

from app.accounts.audit import SYSTEM, record
from app.db import Database
from app.db import session as transaction

#: So long a claim waits for a moderator, and so long after its end it is kept what people wrote.
ASKED_FOR: Final = "60 days"
PERSONAL_KEPT: Final = "90 days"
#: So many of them end in one transaction.
BATCH: Final = 100


async def end_old_claims(database: Database, *, batch: int = BATCH) -> None:
    """End what nobody decided on, and erase what people wrote in what ended. Twice does nothing more.

    Each batch is a transaction: interrupted, it goes on from there the next time. Where one fails, its claims are tried
    one by one, and what stands in the way of one of them is raised when all others are done.
    """
    failed: list[Exception] = []
    after = uuid.UUID(int=0)
    while due := await _due(database, after, batch):
        after = due[-1]
        try:
            await _end_old(database, due)
        except Exception:  # noqa: BLE001 - each by itself, and raised below
            failed += [error for one in due if (error := await _refused(database, one)) is not None]
    if failed:
        raise failed[0]


async def _due(database: Database, after: uuid.UUID, batch: int) -> Sequence[uuid.UUID]:
    async with transaction(database) as session:
        return (await session.scalars(_DUE, {"after": after, "batch": batch})).all()


async def _refused(database: Database, claim_id: uuid.UUID) -> Exception | None:
    try:
        await _end_old(database, [claim_id])
    except Exception as error:  # noqa: BLE001 - raised by the caller
        return error
    return None


async def _end_old(database: Database, ids: Sequence[uuid.UUID]) -> None:
    async with transaction(database) as session:
        await session.execute(_HOLD_OLD, {"ids": ids})
        ended = (await session.scalars(_OLD, {"ids": ids})).all()
        await session.execute(_FORGET, {"ids": ids})
        # The end of the log is held after every claim, as by whoever decides on one.
        for claim_id in ended:
            record(session, SYSTEM, "claim.expired", "claim", claim_id)


_IS_OLD: Final = f"state = 'asked' AND asked_at <= now() - interval '{ASKED_FOR}'"
_IS_TO_FORGET: Final = f"""
    coalesce(undone_at, ended_at) < now() - interval '{PERSONAL_KEPT}'
      AND (reason IS NOT NULL OR first_said IS NOT NULL OR said IS NOT NULL OR note IS NOT NULL)
"""
_DUE = text(
    f"""
    SELECT id FROM core.place_claim WHERE id > :after AND (({_IS_OLD}) OR ({_IS_TO_FORGET}))
    ORDER BY id LIMIT :batch
    """  # noqa: S608 - our own constants
)
# In the order in which `app.features.family` holds them.
_HOLD_OLD = text("SELECT FROM core.place_claim WHERE id = ANY(:ids) ORDER BY id FOR UPDATE")
_OLD = text(
    f"""
    UPDATE core.place_claim SET state = 'expired', ended_at = now(), version = version + 1,
      code_hash = NULL, code_id = NULL
    WHERE id = ANY(:ids) AND {_IS_OLD} RETURNING id
    """  # noqa: S608 - our own constants
)
_FORGET = text(
    f"""
    UPDATE core.place_claim SET reason = NULL, first_said = NULL, said = NULL, note = NULL
    WHERE id = ANY(:ids) AND {_IS_TO_FORGET}
    """  # noqa: S608 - our own constants
)
