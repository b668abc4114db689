"""A form that is being filled in: kept sealed while somebody goes on, back and on again; then forgotten."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Self

import orjson
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from app.errors import FieldProblem
from app.forms.sealing import Seal

#: After so long without a press of a button nothing of it is left.
KEPT = "6 hours"
#: Longer ones are not kept, in bytes: what people type takes some two thousand, packed.
LARGEST = 32 * 1024
#: All together hold no more, in bytes: of more, those go first that nobody has touched for longest.
MOST_TOGETHER = 50 * 1024 * 1024
#: One draft in so many makes room when it is kept: a look at all of them costs more than keeping one.
ONE_IN = 64

_READ = text(f"SELECT sealed FROM core.form_draft WHERE id = :id AND touched_at > now() - interval '{KEPT}'")  # noqa: S608 - a constant
_KEEP = text(
    """
    INSERT INTO core.form_draft (id, sealed) VALUES (:id, :sealed)
    ON CONFLICT (id) DO UPDATE SET sealed = excluded.sealed, touched_at = now()
    """
)
_DROP = text("DELETE FROM core.form_draft WHERE id = :id")
# One that is touched at this moment, or was since the look, is no longer among the oldest.
_MAKE_ROOM = text(
    """
    DELETE FROM core.form_draft WHERE id IN (
      SELECT d.id FROM core.form_draft d JOIN (
        SELECT id, touched_at, sum(octet_length(sealed)) OVER (ORDER BY touched_at DESC, id) AS held
        FROM core.form_draft) AS newer ON newer.id = d.id AND newer.touched_at = d.touched_at
      WHERE newer.held > :most FOR UPDATE OF d SKIP LOCKED)
    """
)
_FORGET = text(f"DELETE FROM core.form_draft WHERE touched_at < now() - interval '{KEPT}'")  # noqa: S608 - our own constants; values are parameters


@dataclass(frozen=True, slots=True)
class Draft:
    """What was typed so far (`pairs` of input and text), and what the last press of a button led to.

    `at` is the step that it led to, `problems` and `candidates` are that step's, `retry_after_s` is set when it was
    one time too many. `started` is the form's stamp.
    """

    pairs: Sequence[tuple[str, str]]
    at: int
    started: str = ""
    email: str = ""
    problems: tuple[FieldProblem, ...] = ()
    candidates: Mapping[str, Sequence[tuple[str, str]]] = field(default_factory=dict)
    retry_after_s: int | None = None

    def written(self) -> bytes:
        """The draft as JSON."""
        return orjson.dumps(self)

    @property
    def version(self) -> str:
        """A name for exactly this draft: it changes with every change."""
        return hashlib.sha256(self.written()).hexdigest()[:16]

    @classmethod
    def of(cls, written: bytes) -> Self | None:
        """The draft that `written` gave; None for that of another version of the program, which had other members."""
        data = orjson.loads(written)
        try:
            return cls(
                pairs=[(name, words) for name, words in data["pairs"]],
                at=data["at"],
                started=data["started"],
                email=data["email"],
                problems=tuple(FieldProblem(**problem) for problem in data["problems"]),
                candidates={
                    name: [(code, words) for code, words in offered]
                    for name, offered in data["candidates"].items()
                },
                retry_after_s=data["retry_after_s"],
            )
        except (AttributeError, KeyError, TypeError, ValueError):
            return None


async def read_draft(session: AsyncSession, seal: Seal) -> Draft | None:
    """The draft of an address; None when there is none, or its time is over."""
    sealed = await session.scalar(_READ, {"id": seal.id})
    plain = seal.open(bytes(sealed)) if sealed is not None else None
    return None if plain is None else Draft.of(plain)


async def keep_draft(session: AsyncSession, seal: Seal, draft: Draft) -> bool:
    """Keep a draft in the place of what its address had before; False for one that is longer than any person's."""
    sealed = seal.close(draft.written())
    if len(sealed) > LARGEST:
        return False
    await session.execute(_KEEP, {"id": seal.id, "sealed": sealed})
    return True


def makes_room(seal: Seal) -> bool:
    """Whether it is this draft's turn to `make_room`; which ones do, nobody can choose, for their ids are ours."""
    return seal.id[0] < 256 // ONE_IN


async def make_room(session: AsyncSession) -> None:
    """Delete the drafts beyond `MOST_TOGETHER`. In a transaction of its own: who keeps a draft holds it locked.

    Nobody loses an answer by that: an open page carries them all.
    """
    await session.execute(_MAKE_ROOM, {"most": MOST_TOGETHER})


async def drop_draft(session: AsyncSession, seal: Seal) -> None:
    """Delete a draft: it was sent, or the page knows more."""
    await session.execute(_DROP, {"id": seal.id})


async def forget_old_drafts(session: AsyncSession) -> None:
    """Delete the drafts whose time is over, and those beyond `MOST_TOGETHER` (a periodic job)."""
    await session.execute(_FORGET)
    await make_room(session)
