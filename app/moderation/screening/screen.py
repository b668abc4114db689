"""Screen: say how suspicious a submission is and why, and leave behind by what the next ones are compared with it.

What costs next to nothing is said in the transaction that takes a submission in; how alike its text is to others is
found out by a job, which does the rest anew as well, since more is known by then.
"""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import delete, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from app.features.models import Feature, FeatureState
from app.jobs import defer
from app.moderation.models import Screened, ScreeningTrace, Submission
from app.moderation.screening.alphabets import alphabet_signals
from app.moderation.screening.author import author_signals
from app.moderation.screening.bursts import burst_signals
from app.moderation.screening.contacts import (
    Way,
    elsewhere_signals,
    refused_signals,
    waiting_signals,
    ways_of,
)
from app.moderation.screening.gathering import Facts, gather, town_of
from app.moderation.screening.hidden_place import hidden_place_signals
from app.moderation.screening.likeness import ALIKE, bands, comparable, likeness
from app.moderation.screening.links import link_signals, links_in, text_link_signals
from app.moderation.screening.names import name_signals, names_of
from app.moderation.screening.phones import phone_signals
from app.moderation.screening.pin import pin_signals, shown_signals
from app.moderation.screening.protected import protected_signals
from app.moderation.screening.reading import written
from app.moderation.screening.signals import Screening, Signal, screening_of
from app.moderation.screening.subject import Subject
from app.moderation.screening.traces import key_of, keys_of_ways
from app.moderation.screening.writing import texts_of, writing_signals

TASK = "moderation.screen"
#: Texts that are compared in full, at most.
_CANDIDATES = 20
_LIKE = text(
    f"""
    SELECT DISTINCT t.submission_id AS id
    FROM unnest(CAST(:keys AS bigint[])) AS k(key),
    LATERAL (SELECT submission_id FROM core.screening_trace
             WHERE key = k.key AND submission_id <> CAST(:own AS uuid) ORDER BY at DESC LIMIT {_CANDIDATES}) t
    LIMIT {_CANDIDATES}
    """  # noqa: S608 - a constant of this module
)


async def screen_quickly(session: AsyncSession, submission: Submission) -> Screening:
    """Screen by all but the likeness of texts, which is deferred to a job."""
    subject = Subject.of(submission)
    screening = screening_of(signals_of(subject, await gather(session, subject)))
    await _keep(session, submission, screening, keys_of_ways(ways_of(submission.content)))
    await screen_again(session, submission)
    return screening


async def screen_again(session: AsyncSession, submission: Submission) -> None:
    """Have a submission screened by everything, soon; asked for twice, it is done once."""
    await defer(session, TASK, submission_id=str(submission.id), once=f"{TASK}:{submission.id}")


async def screen(session: AsyncSession, submission: Submission) -> Screening:
    """Screen by everything."""
    subject = Subject.of(submission)
    facts = await gather(session, subject)
    compared = comparable(texts_of(submission.content))
    text_keys = {key_of("text", band): band for band in bands(compared)}
    alike = await _likest(session, submission, compared, list(text_keys))
    signals = [*signals_of(subject, facts), *([alike] if alike else [])]
    screening = screening_of(signals)
    await _keep(session, submission, screening, keys_of_ways(ways_of(submission.content)) | text_keys)
    return screening


async def new_signals(
    session: AsyncSession, submission: Submission, sent: Mapping[str, Any], corrected: Mapping[str, Any]
) -> tuple[Signal, ...]:
    """Give what there is to say of a corrected content that could not be said of it as it was sent.

    The author is left out: whoever corrects something answers for it.
    """
    return await added_signals(session, replace(Subject.of(submission), content=corrected), sent)


async def added_signals(
    session: AsyncSession, subject: Subject, before: Mapping[str, Any]
) -> tuple[Signal, ...]:
    """Give what there is to say of a content that could not be said of the one before it; its author is left out."""
    after = replace(subject, email=None)
    known_before = replace(after, content=before)
    known = {
        (one.code, str(one.detail)) for one in signals_of(known_before, await gather(session, known_before))
    }
    found = screening_of(signals_of(after, await gather(session, after))).reasons
    return tuple(one for one in found if (one.code, str(one.detail)) not in known)


def signals_of(subject: Subject, facts: Facts) -> Iterator[Signal]:
    """All signals but that of the likeness of texts.

    What comes in one file shares pages, numbers and the hour, which says nothing of it.
    """
    content = subject.content
    ways, names = ways_of(content), names_of(content)
    behind = content.get("organisation") or {}
    if facts.has_author:
        yield from author_signals(facts.author, facts.author_refused)
    yield from elsewhere_signals(ways, facts.elsewhere, str(behind.get("id") or behind.get("name") or ""))
    if not subject.is_imported:
        yield from waiting_signals(ways, facts.waiting)
        yield from burst_signals(facts.recent)
        yield from shown_signals(subject.layer, content)
    yield from refused_signals(facts.refused)
    texts = texts_of(content)
    links = links_in(texts)
    yield from link_signals((*ways, *(Way("link", link) for link in links)))
    yield from text_link_signals(ways, links)
    yield from phone_signals(ways)
    yield from pin_signals(town_of(content), facts.town_units, facts.pin_unit)
    yield from alphabet_signals(names)
    yield from name_signals(names, facts.namesakes, new_organisation=subject.is_new_organisation)
    yield from writing_signals(texts, names)
    yield from hidden_place_signals(content)
    if not subject.is_imported:
        yield from protected_signals(facts.live, content)


async def _likest(
    session: AsyncSession, submission: Submission, compared: str, keys: list[int]
) -> Signal | None:
    """The signal for the text that is most like ours: of another submission, or on the map by way of one."""
    if not keys:
        return None
    rows = await session.execute(_LIKE, {"keys": keys, "own": submission.id})
    others = (
        await session.scalars(select(Submission).where(Submission.id.in_([row.id for row in rows])))
    ).all()
    best: tuple[float, Submission] | None = None
    for other in others:
        # A change says most of what the feature says already.
        if submission.feature_id is not None and other.feature_id == submission.feature_id:
            continue
        share = likeness(compared, comparable(texts_of(other.content)))
        if share >= ALIKE and (best is None or share > best[0]):
            best = share, other
    return await _alike(session, *best) if best else None


async def _alike(session: AsyncSession, share: float, other: Submission) -> Signal:
    percent = int(share * 100)
    points = 30 if percent >= 90 else 20
    live = await session.get(Feature, other.feature_id) if other.feature_id else None
    if live is not None and live.state == FeatureState.PUBLISHED:
        name = live.content["name"]
        detail = {"percent": percent, "id": str(live.id), "name": name["texts"][name["source"]]}
        return Signal("text_like_published", points, detail)
    return Signal("text_like_waiting", points, {"percent": percent, "submission": str(other.id)})


async def _keep(
    session: AsyncSession, submission: Submission, screening: Screening, keys: dict[int, str]
) -> None:
    """Write the screening and the traces in place of those that there were."""
    values = {
        "score": screening.score,
        "reasons": written(screening.reasons),
        "at": dt.datetime.now(dt.UTC),
    }
    await session.execute(
        insert(Screened)
        .values(submission_id=submission.id, **values)
        .on_conflict_do_update(index_elements=[Screened.submission_id], set_=values)
    )
    await session.execute(
        delete(ScreeningTrace).where(
            ScreeningTrace.submission_id == submission.id, ScreeningTrace.key.not_in(keys)
        )
    )
    if keys:
        await session.execute(
            insert(ScreeningTrace)
            .values([{"submission_id": submission.id, "key": key} for key in keys])
            .on_conflict_do_nothing()
        )
