"""What a row is beside what is here: create, update, same or conflict, how sure that is and why. Writes nothing."""

import datetime as dt
import enum
import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from sqlalchemy.ext.asyncio import AsyncSession

from app.errors import InvalidInput
from app.features.content import Content, OutdatedContent
from app.features.layer import Layer
from app.features.protected import as_protected_as
from app.features.setting import Setting
from app.imports.models import ImportRun
from app.imports.staging.known import (
    Gone,
    Known,
    Live,
    Refusal,
    known_places,
    linked_rows,
    live_of,
    lives_of,
    off_the_map,
    refusals,
)
from app.imports.staging.laying import differing, laid, stated
from app.moderation.actions.close import is_closed
from app.moderation.duplicates.scoring import Likeness, likeness
from app.moderation.duplicates.search import LikelyDuplicate, likely_duplicates_of_each
from app.moderation.duplicates.traits import alike, traits_of
from app.moderation.withheld import is_protected
from geo.distance import distance_m

#: A place that is so like a row, and the only one, is the row's.
SURE: Final = 90
#: Names less alike than this, and pins further apart, are not of one place, whatever an id says.
_UNLIKE: Final = 0.3
_FAR_M: Final = 1000.0
#: A new place whose pin is only the middle of its town could not be compared by distance.
_GEOCODED: Final = 70
_NOTICED: Final = 95


class Kind(enum.StrEnum):
    """What is to be done with a row."""

    CREATE = "create"
    UPDATE = "update"
    SAME = "same"
    CONFLICT = "conflict"
    REFUSED = "refused"
    LEFT_OUT = "left_out"


#: What somebody decides about.
OPEN_KINDS: Final = (Kind.CREATE, Kind.UPDATE, Kind.SAME, Kind.CONFLICT)

Reason = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Incoming:
    """One row on its way: `content` is what it says, `noticed` whether something was odd about it."""

    number: int
    source_id: str
    content: Content
    noticed: bool = False


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a row is; `content` is what of it may be kept, which of a protected place is less than it said."""

    kind: Kind
    likelihood: int
    reasons: tuple[Reason, ...]
    content: dict[str, Any]
    feature_id: uuid.UUID | None = None
    revision: int | None = None
    withheld: bool = False


@dataclass(frozen=True, slots=True)
class _Around:
    """What is here of a row that is no known place: what was taken off the map, and what on it is likely to be the same, with
    the rows of its source that are that place.
    """

    gone: Sequence[Gone]
    likely: Sequence[tuple[LikelyDuplicate, Live, Collection[str]]]


class Comparer:
    """Compares rows of one run with what is here now."""

    def __init__(self, session: AsyncSession, setting: Setting, layer: Layer, run: ImportRun) -> None:
        self._session = session
        self._setting = setting
        self._layer = layer
        self._run = run

    async def compare(self, rows: Sequence[Incoming], made_here: uuid.UUID | None = None) -> list[Verdict]:
        """Give the verdicts in the rows' order. `made_here` is a place off the map that the row itself once made."""
        ids = [row.source_id for row in rows]
        places = await known_places(self._session, self._layer.key, self._run.source, ids)
        refused = await refusals(self._session, self._layer.key, self._run.source, ids)
        unknown = {
            number: row.content.to_dict()
            for number, row in enumerate(rows)
            if self._may_be_new(places.get(row.source_id), made_here)
        }
        around = await self._around(unknown)
        return [
            self._of_unknown(row, around[number], refused.get(row.source_id), made_here)
            if number in around
            else self._of_known(row, places[row.source_id], refused.get(row.source_id))
            for number, row in enumerate(rows)
        ]

    async def beside(self, row: Incoming, feature_id: uuid.UUID) -> Verdict:
        """Give the verdict where somebody says which place it is: an update, if there is anything to change."""
        live = await live_of(self._session, feature_id)
        if live is None:
            return Verdict(Kind.CONFLICT, 0, ({"code": "taken_down"},), stated(row.content))
        known = (await known_places(self._session, self._layer.key, self._run.source, [row.source_id])).get(
            row.source_id
        )
        is_its = known is not None and known.live.feature_id == live.feature_id
        found = self._beside(row, live, as_stated(self._layer, known.said) if known and is_its else None)
        return found if found.kind is Kind.SAME else replace(found, kind=Kind.CONFLICT)

    @staticmethod
    def _may_be_new(known: Known | None, made_here: uuid.UUID | None) -> bool:
        return known is None or (known.live.feature_id == made_here and not known.live.published)

    async def _around(self, contents: Mapping[int, Mapping[str, Any]]) -> dict[int, _Around]:
        """Give what is here of each content, by its number: so many statements, however many contents."""
        layer, source = self._layer.key, self._run.source
        gone = await off_the_map(self._session, layer, contents)
        likely = await likely_duplicates_of_each(self._session, list(contents.values()), layer)
        lives = await lives_of(self._session, {one.feature_id for alike in likely for one in alike})
        linked = await linked_rows(self._session, layer, source, {live.feature_id for live in lives.values()})
        return {
            number: _Around(
                gone.get(number, ()),
                [
                    (one, live, linked[live.feature_id])
                    for one in alike
                    if (live := lives.get(one.feature_id)) is not None
                ],
            )
            for number, alike in zip(contents, likely, strict=True)
        }

    def _of_unknown(
        self, row: Incoming, around: _Around, refusal: Refusal | None, made_here: uuid.UUID | None
    ) -> Verdict:
        found = self._by_likeness(row, around, made_here)
        if refusal is not None and found.kind is not Kind.SAME:
            return _doubtful(found, refusal.code)
        return found

    def _of_known(self, row: Incoming, known: Known, refusal: Refusal | None) -> Verdict:
        live = known.live
        found = self._beside(row, live, as_stated(self._layer, known.said))
        if found.kind is Kind.SAME:
            return found
        doubts = [
            code for code, holds in (("taken_down", not live.published), ("merged", live.merged)) if holds
        ]
        if not doubts and found.kind is not Kind.CONFLICT:
            if _is_unlike(row.content.to_dict(), live.content):
                doubts.append("unlike")
            elif refusal is not None:
                doubts.append(refusal.code)
            elif late := self._too_late(known):
                doubts.append(late)
        if doubts:
            return _doubtful(found, doubts[0])
        if found.kind is Kind.CONFLICT:
            return found
        return replace(found, likelihood=100, reasons=({"code": f"by_{known.how}"},))

    def _too_late(self, known: Known) -> str | None:
        """Whose word is later than the file's: of people (`edited`, `checked`), of the same source (`older`), or nobody's."""
        live = known.live
        if known.said_at is None:
            return self._spoken_since(live)
        if live.decided > known.said_at:
            return "edited"
        said_on = known.as_of or (self._setting.day_of(known.taken_at) if known.taken_at else None)
        if said_on is not None and self._run.as_of < said_on:
            return "older"
        return "checked" if self._is_of_day_or_later(live.checked_at) else None

    def _spoken_since(self, live: Live) -> str | None:
        """Whether people spoke of a place on the day of which the file speaks, or later."""
        if self._is_of_day_or_later(live.decided_at):
            return "edited"
        return "checked" if self._is_of_day_or_later(live.checked_at) else None

    def _is_of_day_or_later(self, moment: dt.datetime | None) -> bool:
        # Whose word was the last on that day nobody knows.
        return moment is not None and self._setting.day_of(moment) >= self._run.as_of

    def _by_likeness(self, row: Incoming, around: _Around, made_here: uuid.UUID | None) -> Verdict:
        likely = around.likely
        if not likely:
            return self._as_new(row, around.gone, made_here)
        best, live, linked = likely[0]
        found = self._beside(row, live, None)
        why = tuple(reason.to_dict() for reason in best.reasons)
        found = replace(found, likelihood=best.score, reasons=(*found.reasons, *why))
        if best.score < SURE:
            return replace(found, kind=Kind.CONFLICT)
        if len(likely) > 1:
            return _doubtful(found, "several")
        if set(linked) - {row.source_id}:
            return _doubtful(found, "another_row")
        if found.kind is Kind.UPDATE and (late := self._spoken_since(live)):
            return _doubtful(found, late)
        return found

    def _as_new(self, row: Incoming, gone: Sequence[Gone], made_here: uuid.UUID | None) -> Verdict:
        data = row.content.to_dict()
        own = traits_of(data, self._layer.key)
        for key, revision, content in gone:
            like = likeness(own, traits_of(content, self._layer.key, key))
            if like is not None and key != made_here:
                told = as_protected_as(content, row.content)
                return Verdict(
                    Kind.CONFLICT,
                    like.score,
                    ({"code": "gone"}, *_why(like)),
                    stated(told),
                    key,
                    revision,
                    withheld=is_protected(content),
                )
        reasons: tuple[Reason, ...] = ({"code": "nothing_like_it"},)
        likelihood = 100
        if "geocoded" in data.get("place", {}):
            likelihood, reasons = _GEOCODED, (*reasons, {"code": "geocoded"})
        elif row.noticed:
            likelihood, reasons = _NOTICED, (*reasons, {"code": "noticed"})
        return Verdict(Kind.CREATE, likelihood, reasons, stated(row.content))

    def _beside(self, row: Incoming, live: Live, said: Mapping[str, Any] | None) -> Verdict:
        """Compare with one place: the same, an update, or a conflict that lies in the place itself."""
        told = as_protected_as(live.content, row.content)
        protected = is_protected(live.content)
        content = stated(told)
        base = Verdict(Kind.UPDATE, 100, (), content, live.feature_id, live.revision, withheld=protected)
        if said is not None and content == said:
            return replace(base, kind=Kind.SAME, reasons=({"code": "as_before"},))
        try:
            wanted = self.wanted(content, live.content, said)
        except InvalidInput:
            return _doubtful(base, "does_not_fit")
        if not differing(live.content, wanted):
            return replace(base, kind=Kind.SAME, reasons=({"code": "says_the_same"},))
        if protected:
            return _doubtful(base, "protected")
        if is_closed(self._layer, live.content):
            return _doubtful(base, "closed")
        return base

    def wanted(
        self, row: Mapping[str, Any], live: Mapping[str, Any], said: Mapping[str, Any] | None
    ) -> dict[str, Any]:
        """Give the content of a place as a row wants it; `InvalidInput` where that cannot be."""
        result = laid(row, live, said)
        if result == live:
            return dict(live)
        return self._layer.content.read(result, country=self._setting.country).to_dict()


def as_stated(layer: Layer, said: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """Give what a source said last as it is compared; None where that is not known, or fits no rule of today."""
    if said is None:
        return None
    try:
        return stated(layer.content.kept(said))
    except OutdatedContent:
        return None


def _doubtful(verdict: Verdict, code: str) -> Verdict:
    return replace(verdict, kind=Kind.CONFLICT, reasons=({"code": code}, *verdict.reasons))


def _is_unlike(row: Mapping[str, Any], live: Mapping[str, Any]) -> bool:
    """Whether an id has slipped to another line: neither the name nor the pin is near."""
    ours, theirs = traits_of(row, ""), traits_of(live, "")
    if max((alike(one, other) for one in ours.names for other in theirs.names), default=0.0) >= _UNLIKE:
        return False
    if ours.position is None or theirs.position is None:
        return True
    return distance_m(*ours.position, *theirs.position) > _FAR_M


def _why(like: Likeness) -> tuple[Reason, ...]:
    return tuple(reason.to_dict() for reason in like.reasons)
