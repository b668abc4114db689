"""Spine and revisions under the locks that every change of what is public takes, with its audit and its news."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import orjson
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.audit import RECORD_ENTRIES, Actor, with_waiting
from app.errors import Conflict, NotFound
from app.features.layer import Layer
from app.features.models import FeatureState
from app.features.place import disclosure_in
from app.features.places_in_text import without_places
from app.features.spine import Spine, read_spines
from app.features.versions import advance


class FeatureNotFound(NotFound):
    """This place is not in the register."""


class NotOnTheMap(Conflict):
    """This was taken off the map. Put it back first, if it belongs there."""


class OnTheMapAlready(Conflict):
    """This is on the map already. Look at the current version first."""


class StaleRevision(Conflict):
    """This has changed since you opened it. Look at the current version first."""


@dataclass(frozen=True, slots=True)
class NewRevision:
    """A feature as it is from now on, from a submission if there was one, and its public members that changed."""

    spine: Spine
    submission_id: uuid.UUID | None = None
    changed: tuple[str, ...] = ()


async def hold_layers(session: AsyncSession, layers: Iterable[str]) -> None:
    """Count one change of each layer and hold them all until the end of the transaction.

    Whoever publishes takes its locks in this order: its submission, layers by their keys, features, the end of
    the audit log. So nobody waits for somebody who waits for them.
    """
    # An entry of the audit log that is not written yet would be written first, and the log held before the layer.
    with session.no_autoflush:
        for layer in sorted(layers):
            await advance(session, layer)


async def locked(
    session: AsyncSession,
    layer: Layer,
    ids: Sequence[uuid.UUID],
    state: FeatureState = FeatureState.PUBLISHED,
) -> dict[uuid.UUID, Spine]:
    """Give features that are all in a state, locked; the error says what they are instead."""
    if not ids:
        return {}
    found = await read_spines(session, ids, layer=layer.key, state=state, lock=True)
    if len(found) < len(set(ids)):
        if len(await read_spines(session, ids, layer=layer.key)) < len(set(ids)):
            raise FeatureNotFound
        raise NotOnTheMap if state is FeatureState.PUBLISHED else OnTheMapAlready
    return found


async def write_revisions(
    session: AsyncSession,
    state: FeatureState,
    revisions: Sequence[NewRevision],
    actor: Actor,
    action: str,
    reason: str | None,
) -> None:
    """Write features with their new revisions, and the audit of that.

    Of a protected place the reason says no more than the content: here, whatever the change was.
    """
    if reason is not None and any(disclosure_in(revision.spine.content) != "exact" for revision in revisions):
        reason = _unsaid(reason)
    objects = [
        (str(spine.id), {"layer": spine.layer, "revision": spine.revision})
        for spine in (revision.spine for revision in revisions)
    ]
    values = {
        "state": state,
        "action": action,
        "reason": reason,
        "actor_id": actor.user_id,
        "rows": orjson.dumps(revisions).decode(),
        "entries": with_waiting(session, actor, f"feature.{action}", "feature", objects),
    }
    await session.execute(_WRITE_SPINES, values)


def _unsaid(reason: str) -> str:
    """Why something was changed, without any address. The id of what it was merged with is none."""
    try:
        uuid.UUID(reason)
    except ValueError:
        return without_places(reason)
    return reason


async def tell(session: AsyncSession, layer: str, ids: Sequence[uuid.UUID], kind: str) -> None:
    """Add to the changes feed, and wake whoever listens. The caller holds the layer; nothing of no ids."""
    if not ids:
        return
    # As text: the driver would ask each id what it is.
    array = "{" + ",".join(map(str, ids)) + "}"
    await session.execute(_TELL, {"layer": layer, "kind": kind, "ids": array})


_TELL = text(
    """
    WITH told AS (
      INSERT INTO published.change (layer, feature_id, kind)
      SELECT :layer, id, :kind FROM unnest(CAST(:ids AS uuid[])) WITH ORDINALITY AS given (id, place)
      ORDER BY place
    )
    SELECT pg_notify('published', :layer)
    """
)
# One value holds all rows: the driver would spend more on 15 parameters a feature than the server on reading them.
_WRITE_SPINES = text(
    f"""
    WITH given AS (
      SELECT s.*, rows.submission_id, rows.changed
      FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS rows (spine jsonb, submission_id uuid, changed text[]),
      jsonb_to_record(rows.spine) AS s (
        id uuid, layer text, revision integer, content jsonb, source text, source_id text, source_url text,
        licence text, attribution text, example boolean, verified_at timestamptz, verified_how text,
        created_at timestamptz, updated_at timestamptz, published_at timestamptz)
    ),
    spine AS (
      INSERT INTO core.feature (
        id, layer, state, revision, content, source, source_id, source_url, licence, attribution, example,
        verified_at, verified_how, created_at, updated_at, published_at)
      SELECT DISTINCT ON (id)
        id, layer, :state, revision, content, source, source_id, source_url, licence, attribution, example,
        verified_at, verified_how, created_at, updated_at, published_at
      FROM given ORDER BY id, revision DESC
      ON CONFLICT (id) DO UPDATE SET
        state = excluded.state, revision = excluded.revision, content = excluded.content,
        source_url = excluded.source_url, licence = excluded.licence, attribution = excluded.attribution,
        verified_at = excluded.verified_at, verified_how = excluded.verified_how,
        updated_at = excluded.updated_at, published_at = excluded.published_at
    ),
    revision AS (
      INSERT INTO core.revision (
        feature_id, number, content, action, reason, actor_id, submission_id, created_at, changed, verified_at, verified_how)
      SELECT id, revision, content, :action, :reason, CAST(:actor_id AS uuid), submission_id, updated_at, changed,
        verified_at, verified_how
      FROM given
    )
    {RECORD_ENTRIES}
    """  # noqa: S608 - program text
)
