"""Forgetting where a protected place was: in every older version and submission, also of what was merged into it."""

import uuid
from collections.abc import Callable, Collection, Mapping
from typing import Any, Final

import orjson
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.audit import SYSTEM, Actor, record
from app.features.family import IMPORTS_ABOUT_THEM, Family, family_of, hold_submissions
from app.features.forgetting_words import forget_said, forget_written
from app.features.place import disclosure_in, is_tightened
from app.features.protected import streets_of, without_any_place
from app.jobs import Retry, Work, defer, task
from app.photos.keeping import files_in, forget_photos

#: The task that forgets where a place was after an ordinary change has made it a protected one.
TASK: Final = "features.forget_place"

Contents = Mapping[Any, Mapping[str, Any]]
#: Gives a content as JSON that tells no more of its place than may be known.
Erase = Callable[[Mapping[str, Any]], dict[str, Any]]


async def forget_later(session: AsyncSession, feature_ids: Collection[uuid.UUID]) -> None:
    """Have forgotten where these were, right after this transaction: it holds their layer, and must not wait for submissions."""
    for feature_id in feature_ids:
        await defer(session, TASK, feature_id=str(feature_id))


@task(TASK, retry=Retry(times=12))
async def forget_place(work: Work, *, feature_id: str) -> None:
    """Erase where a feature was that is protected now; nothing for one that is not, and nothing the second time."""
    async with work.transaction() as session:
        family = await family_of(session, uuid.UUID(feature_id))
        submissions = await hold_submissions(session, family)
        content = (await session.scalars(_HOLD, {"id": family.ids[0]})).one_or_none()
        if content is not None and disclosure_in(content) != "exact":
            await forget(session, family, content["place"], submissions, actor=SYSTEM)
            await session.execute(_FORGET_SOURCE, {"id": family.ids[0]})


async def forget(
    session: AsyncSession,
    family: Family,
    place: Mapping[str, Any],
    submissions: Contents,
    *,
    actor: Actor,
    streets: Collection[str] = (),
) -> int:
    """Have everything that is kept of these features say of their place what `place` does, and give how many contents were changed.

    The caller holds the submissions (`hold_submissions`) and the first feature. `streets` are names that no text keeps;
    those of all that is erased are among them anyway.
    """
    revisions = await _revisions(session, family)
    turned = {row.id: row.sent_as_new for row in await session.execute(_TURNED, {"ids": list(submissions)})}
    was_sent = [content for contents in turned.values() for content in contents.values()]
    streets = {*streets, *streets_of(*revisions.values(), *submissions.values(), *was_sent)}

    def erased(content: Mapping[str, Any]) -> dict[str, Any]:
        # What told less already goes on telling no more.
        stricter = is_tightened({"place": place}, content)
        kept = {key: value for key, value in content.items() if key != "address"}
        return without_any_place(kept if stricter else kept | {"place": dict(place)}, streets)

    changed = {
        "revisions": await _erase_revisions(session, family, revisions, erased),
        "submissions": await _erase_submissions(session, submissions, turned, erased),
    }
    await _erase_merges(session, family, erased)
    await _erase_imports(session, family, erased)
    await session.execute(_ERASE_AGREEMENTS, {"ids": list(family.ids), "submissions": list(submissions)})
    await session.execute(_ERASE_PAIRS, {"ids": list(family.ids)})
    await forget_written(session, list(family.ids), streets)
    await forget_said(session, list(submissions), streets)
    before = (*revisions.values(), *submissions.values(), *was_sent)
    if photos := {file for content in before for file in files_in(content)}:
        await forget_photos(session, photos)
    done = sum(changed.values())
    if done:
        record(
            session,
            actor,
            "feature.place_erased",
            "feature",
            family.ids[0],
            disclosure=place["disclosure"],
            **changed,
        )
    return done


async def _revisions(session: AsyncSession, family: Family) -> dict[tuple[uuid.UUID, int], dict[str, Any]]:
    rows = await session.execute(_REVISIONS, {"ids": list(family.ids)})
    own = {(row.feature_id, row.number): row.content for row in rows}
    # While it was merged into another, that one may have said where this is.
    places = [_where(content) for content in own.values() if _where(content)]
    lent = await session.execute(_LENT, {"ids": list(family.ids)})
    return own | {
        (row.feature_id, row.number): row.content
        for row in lent
        if any(_where(row.content).items() & place.items() for place in places)
    }


def _where(content: Mapping[str, Any]) -> dict[str, str]:
    """What says where a place is: its pin and its house, each as text."""
    position = content.get("place", {}).get("position")
    address = content.get("address", {})
    said = {
        "pin": f"{position['lng']} {position['lat']}" if position else "",
        "house": f"{address.get('street', '')} {address.get('house_number', '')} {address.get('city', '')}".strip()
        if address.get("street") or address.get("house_number")
        else "",
    }
    return {key: value for key, value in said.items() if value}


async def _erase_revisions(
    session: AsyncSession,
    family: Family,
    revisions: Mapping[tuple[uuid.UUID, int], Mapping[str, Any]],
    erased: Erase,
) -> int:
    rows = [
        {"id": key, "number": number, "content": cleaned}
        for (key, number), content in revisions.items()
        if (cleaned := erased(content)) != content
    ]
    await session.execute(_ERASE_REVISIONS, {"rows": orjson.dumps(rows).decode()})
    await session.execute(_FOLLOW_REVISIONS, {"ids": list(family.merged)})
    return len(rows)


async def _erase_submissions(
    session: AsyncSession, submissions: Contents, turned: Mapping[uuid.UUID, Contents], erased: Erase
) -> int:
    """`turned` is what moderators made changes of: as it came, and the change."""
    rows = [
        {"id": key, "content": cleaned}
        for key, content in submissions.items()
        if (cleaned := erased(content)) != content
    ]
    await session.execute(_ERASE_SUBMISSIONS, {"rows": orjson.dumps(rows).decode()})
    # What is left of it would be taken for what its sender wrote.
    emptied = [
        key for key, contents in turned.items() if any(erased(one) != one for one in contents.values())
    ]
    await session.execute(_ERASE_TURNED, {"ids": emptied})
    return len(rows)


async def _erase_merges(session: AsyncSession, family: Family, erased: Erase) -> None:
    """What is kept so that a merge can be taken back holds whole contents, too."""
    for row in (await session.execute(_MERGES, {"ids": list(family.ids)})).all():
        moved = row.moved
        for was in moved.get("submissions", {}).values():
            was |= {key: erased(was[key]) for key in ("content", "laid") if key in was}
        await session.execute(_ERASE_MERGE, {"id": row.id, "moved": orjson.dumps(moved).decode()})


async def _erase_imports(session: AsyncSession, family: Family, erased: Erase) -> None:
    """What sources say of them, in files that wait at the desk and in what is known of the last ones."""
    ids = {"ids": list(family.ids)}
    named = {str(one) for one in family.ids}
    for row in (await session.execute(_IMPORT_ROWS, ids | {"named": sorted(named)})).all():
        before = row.link_before or {}
        # A row stands beside one place and may have been linked to another one before.
        if (link := before.get("link")) and link.get("feature_id") in named:
            before["link"] = link | {"content": erased(link["content"]), "source_url": None}
        if row.is_theirs and before.get("spine"):
            before["spine"] |= {"source_url": None}
        await session.execute(
            _ERASE_IMPORT_LINK_BEFORE, {"id": row.id, "before": orjson.dumps(before or None).decode()}
        )
        if row.is_theirs and row.content is not None:
            said = orjson.dumps(erased(row.content)).decode()
            await session.execute(_ERASE_IMPORT_ROW, {"id": row.id, "content": said})
    for row in (await session.execute(_IMPORT_LINKS, ids)).all():
        said = orjson.dumps(erased(row.content)).decode()
        await session.execute(
            _ERASE_IMPORT_LINK,
            {"layer": row.layer, "source": row.source, "source_id": row.source_id, "content": said},
        )


_HOLD = text("SELECT content FROM core.feature WHERE id = :id FOR UPDATE")
_REVISIONS = text(
    "SELECT feature_id, number, content FROM core.revision WHERE feature_id = ANY(:ids) ORDER BY feature_id, number"
)
# Of what it was merged into once: the versions of that time.
_LENT = text(
    """
    SELECT r.feature_id, r.number, r.content
    FROM core.merge m JOIN core.revision r ON r.feature_id = m.winner_id
    WHERE m.loser_id = ANY(:ids) AND NOT m.winner_id = ANY(:ids) AND m.undone_at IS NOT NULL
      AND r.number >= m.winner_revision AND r.created_at < m.undone_at
    ORDER BY r.feature_id, r.number
    """
)
_IMPORT_ROWS = text(
    f"""
    SELECT id, content, link_before, coalesce(feature_id = ANY(:ids), false) AS is_theirs
    FROM core.import_row WHERE {IMPORTS_ABOUT_THEM} ORDER BY id
    """  # noqa: S608 - program text
)
# Its cells hold the street as well.
_ERASE_IMPORT_ROW = text(
    """
    UPDATE core.import_row SET content = CAST(:content AS jsonb), cells = NULL
    WHERE id = :id
    """
)
_ERASE_IMPORT_LINK_BEFORE = text(
    "UPDATE core.import_row SET link_before = nullif(CAST(:before AS jsonb), 'null') WHERE id = :id"
)
_IMPORT_LINKS = text(
    """
    SELECT layer, source, source_id, content FROM core.import_link
    WHERE feature_id = ANY(:ids) ORDER BY layer, source, source_id FOR UPDATE
    """
)
_ERASE_IMPORT_LINK = text(
    """
    UPDATE core.import_link SET content = CAST(:content AS jsonb), source_url = NULL
    WHERE layer = :layer AND source = :source AND source_id = :source_id
    """
)
_FORGET_SOURCE = text("UPDATE core.feature SET source_url = NULL WHERE id = :id AND source_url IS NOT NULL")
_ERASE_REVISIONS = text(
    """
    UPDATE core.revision r SET content = given.content
    FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS given (id uuid, number integer, content jsonb)
    WHERE r.feature_id = given.id AND r.number = given.number
    """
)
# What was merged is off the map, so that no row of the public changes with it; where it was must not come back with it.
_FOLLOW_REVISIONS = text(
    """
    UPDATE core.feature f SET content = r.content, source_url = NULL
    FROM core.revision r
    WHERE f.id = ANY(:ids) AND r.feature_id = f.id AND r.number = f.revision
    """
)
# Whoever has one open looks at it again before they decide.
_ERASE_SUBMISSIONS = text(
    """
    UPDATE core.submission s SET content = given.content, source_url = NULL, version = version + 1
    FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS given (id uuid, content jsonb)
    WHERE s.id = given.id
    """
)
# What came as something new, before a moderator made a change of it, and that change.
_TURNED = text("SELECT id, sent_as_new FROM core.submission WHERE id = ANY(:ids) AND sent_as_new IS NOT NULL")
_ERASE_TURNED = text("UPDATE core.submission SET sent_as_new = NULL WHERE id = ANY(:ids)")
_MERGES = text(
    "SELECT id, moved FROM core.merge WHERE winner_id = ANY(:ids) OR loser_id = ANY(:ids) ORDER BY id FOR UPDATE"
)
_ERASE_MERGE = text("UPDATE core.merge SET moved = CAST(:moved AS jsonb) WHERE id = :id")
# A first yes to what is read no more, and to what somebody has corrected in it.
_ERASE_AGREEMENTS = text(
    "DELETE FROM core.agreement WHERE feature_id = ANY(:ids) OR submission_id = ANY(:submissions)"
)
# "12 m apart" says where it was; the next search says what may be said now.
_ERASE_PAIRS = text("DELETE FROM core.duplicate WHERE a = ANY(:ids) OR b = ANY(:ids)")
