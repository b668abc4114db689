"""What is kept of submissions and reports, and for how long."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.audit import SYSTEM, record
from app.db import Database
from app.db import session as transaction
from app.moderation.states import OPEN_STATES, SubmissionState

UNCONFIRMED_KEPT = "72 hours"
REJECTED_KEPT = "30 days"
EMAIL_KEPT = "90 days"
CONFIRMATIONS_KEPT = "1 year"
REMINDERS_KEPT = "1 year"
#: Longer than any of them can be undone.
BULK_KEPT = "1 day"
MISSING_KEPT = "1 year"
AGREED_KEPT = "30 days"
#: So many rows at once: whoever waits for one of them waits for a moment.
BATCH: Final = 500


@dataclass(frozen=True, slots=True)
class Rule:
    """Rows of a table of `core` that are due, by the columns of their key, and what is erased of them; nothing: the row."""

    table: str
    due: str
    erased: tuple[str, ...] = ()
    key: tuple[str, ...] = ("id",)


RULES: Final = {
    "unconfirmed": Rule(
        "submission", f"state = 'unconfirmed' AND created_at < now() - interval '{UNCONFIRMED_KEPT}'"
    ),
    "rejected": Rule(
        "submission",
        # What was turned down of an import stays: the next import of the source must not offer it again.
        "state IN ('rejected', 'spam', 'withdrawn') AND channel <> 'import'"
        f" AND coalesce(decided_at, created_at) < now() - interval '{REJECTED_KEPT}'",
    ),
    "addresses": Rule(
        "submission",
        f"contact_email IS NOT NULL AND decided_at < now() - interval '{EMAIL_KEPT}'",
        ("contact_email",),
    ),
    "reports": Rule(
        "report",
        f"(contact_email IS NOT NULL OR body IS NOT NULL) AND resolved_at < now() - interval '{EMAIL_KEPT}'",
        ("contact_email", "body"),
    ),
    "missing_words": Rule(
        "missing",
        f"(searched IS NOT NULL OR body IS NOT NULL) AND created_at < now() - interval '{EMAIL_KEPT}'",
        ("searched", "body"),
    ),
    "missing": Rule("missing", f"created_at < now() - interval '{MISSING_KEPT}'"),
    # Thousands of them may be of one decision.
    "bulk_items": Rule(
        "bulk_item",
        "bulk_id IN (SELECT id FROM core.bulk"  # noqa: S608 - our own constants
        f" WHERE coalesce(begun_at, created_at) < now() - interval '{BULK_KEPT}')",
        key=("bulk_id", "submission_id"),
    ),
    "bulk_decisions": Rule(
        "bulk",
        f"coalesce(begun_at, created_at) < now() - interval '{BULK_KEPT}'"
        " AND NOT EXISTS (SELECT FROM core.bulk_item i WHERE i.bulk_id = bulk.id)",
    ),
    "openings": Rule(
        "opening",
        "(contact_email IS NOT NULL OR reason IS NOT NULL OR note IS NOT NULL)"
        f" AND ended_at < now() - interval '{EMAIL_KEPT}'",
        ("contact_email", "reason", "note"),
    ),
    "verifications": Rule(
        "verification",
        "(first_said IS NOT NULL OR second_said IS NOT NULL OR note IS NOT NULL)"
        f" AND ended_at < now() - interval '{EMAIL_KEPT}'",
        ("first_said", "second_said", "note"),
    ),
    "trusts": Rule("trust", f"note IS NOT NULL AND ended_at < now() - interval '{EMAIL_KEPT}'", ("note",)),
    # Of two people nobody came second: whoever said yes then begins anew.
    "agreements": Rule("agreement", f"at < now() - interval '{AGREED_KEPT}'"),
    "reminders": Rule("reminder", f"at < now() - interval '{REMINDERS_KEPT}'", key=("mailing", "feature_id")),
    "confirmations": Rule("confirmation", f"created_at < now() - interval '{CONFIRMATIONS_KEPT}'"),
}


async def forget(database: Database, *, batch: int = BATCH) -> dict[str, int]:
    """Delete what was never confirmed or was turned down, and erase addresses and reports, when their time is over.

    A merge forgets the submissions that it has led on when they are decided, or when it is taken back.

    Each batch is a transaction with its entry in the audit log: interrupted, it goes on from there the next time, and what
    stands in the way of one rule does not stop the others; it is raised when all of them have been tried. Gives how many
    rows each rule touched. Done twice, it does nothing the second time.
    """
    acts: dict[str, Callable[[AsyncSession], Awaitable[int]]] = {
        name: _by_rule(rule, batch) for name, rule in RULES.items()
    }
    # What was led on by a merge is led back as it was only while it waits.
    acts["merged"] = _by_merges(batch)
    done = dict.fromkeys(acts, 0)
    failed: list[Exception] = []
    for name, act in acts.items():
        try:
            while number := await _one_batch(database, name, act):
                done[name] += number
        except Exception as error:  # noqa: BLE001 - raised below
            failed.append(error)
    if failed:
        raise failed[0]
    return done


async def _one_batch(database: Database, name: str, act: Callable[[AsyncSession], Awaitable[int]]) -> int:
    async with transaction(database) as session:
        number = await act(session)
        if number:
            record(session, SYSTEM, "submission.forgotten", "submission", "retention", **{name: number})
        return number


def _by_rule(rule: Rule, batch: int) -> Callable[[AsyncSession], Awaitable[int]]:
    key = ", ".join(rule.key)
    same = " AND ".join(f"t.{column} = held.{column}" for column in rule.key)
    erased = ", ".join(f"{column} = NULL" for column in rule.erased)
    act = (
        f"UPDATE core.{rule.table} t SET {erased} FROM held"  # noqa: S608 - program text
        if erased
        else f"DELETE FROM core.{rule.table} t USING held"  # noqa: S608 - program text
    )
    # Looked at once more when it is held: somebody may have confirmed it meanwhile.
    statement = text(
        f"""
        WITH batch AS (SELECT {key} FROM core.{rule.table} WHERE {rule.due} LIMIT :batch),
        held AS (
          SELECT {key} FROM core.{rule.table} WHERE ({key}) IN (SELECT {key} FROM batch) AND {rule.due}
          ORDER BY {key} FOR UPDATE
        )
        {act} WHERE {same}
        """  # noqa: S608 - program text
    )

    async def act_on_batch(session: AsyncSession) -> int:
        result = await session.execute(statement, {"batch": batch})
        return int(result.rowcount)  # type: ignore[attr-defined]

    return act_on_batch


def _by_merges(batch: int) -> Callable[[AsyncSession], Awaitable[int]]:
    async def act_on_batch(session: AsyncSession) -> int:
        due = (await session.scalars(_DUE_MERGES, {"batch": batch})).all()
        # Held before they are looked at once more: somebody may be taking one of them back.
        await session.execute(_HOLD_MERGES, {"ids": list(due)})
        result = await session.execute(_DECIDED_SINCE, {"ids": list(due)})
        return int(result.rowcount)  # type: ignore[attr-defined]

    return act_on_batch


_OPEN = ", ".join(f"'{state}'" for state in (*OPEN_STATES, SubmissionState.UNCONFIRMED))
_WAITING = f"""
    core.merge o CROSS JOIN LATERAL (
      SELECT coalesce(jsonb_object_agg(key, value) FILTER (WHERE o.undone_at IS NULL AND EXISTS (
        SELECT FROM core.submission s WHERE s.id = CAST(key AS uuid) AND s.state IN ({_OPEN}))), '{{}}') AS waiting
      FROM jsonb_each(o.moved -> 'submissions')
    ) kept
"""  # noqa: S608 - our own constants
_DUE_MERGES = text(
    f"SELECT o.id FROM {_WAITING} WHERE o.moved -> 'submissions' <> kept.waiting LIMIT :batch"  # noqa: S608 - program text
)
_HOLD_MERGES = text("SELECT FROM core.merge WHERE id = ANY(:ids) ORDER BY id FOR UPDATE")
_DECIDED_SINCE = text(
    f"""
    UPDATE core.merge m SET moved = jsonb_set(m.moved, '{{submissions}}', kept.waiting)
    FROM {_WAITING}
    WHERE m.id = ANY(:ids) AND m.id = o.id AND m.moved -> 'submissions' <> kept.waiting
    """  # noqa: S608 - program text
)
