"""What is to become of each row, a batch at a time. Reads the database, writes nothing."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy.ext.asyncio import AsyncSession

from app.errors import FieldProblem, InvalidInput
from app.features.content import Content
from app.features.layer import Layer
from app.imports.contents import set_channel
from app.imports.duplicates import Candidate, possible_duplicates
from app.imports.known import KnownFeature, KnownSubmission, known_features, known_submissions
from app.imports.locating import Locator
from app.imports.mapping import SourceMapping
from app.imports.notes import Note
from app.imports.report import Duplicate, RowReport, Status
from app.imports.rows import Row
from app.imports.survey import Survey
from app.imports.transform import Draft, LeftOut, Refused, Transformer

#: As many rows as are looked at, and written, together.
BATCH: Final = 500


@dataclass(frozen=True, slots=True)
class Planned:
    """A row's report and, where it is to be written, its content; `feature_id` is of the one that it changes."""

    report: RowReport
    content: Content | None = None
    url: str = ""
    feature_id: uuid.UUID | None = None


class Planner:
    """Decides about the rows of one file, in this order: readable, ours, whole, located, known."""

    def __init__(
        self,
        session: AsyncSession,
        mapping: SourceMapping,
        layer: Layer,
        survey: Survey,
        countries: tuple[str, ...],
    ) -> None:
        """`countries` (ISO codes) are those of the installation."""
        self._session = session
        self._mapping = mapping
        self._layer = layer
        self._survey = survey
        self._transformer = Transformer(mapping, countries, survey.crs)
        self._locator = Locator(session, tuple(c for c in mapping.countries if c in countries))

    async def plan(self, rows: Sequence[Row]) -> list[Planned]:
        """Decide about a batch, in its order."""
        contents, plans = await self.contents(rows)
        await self._decide(contents, plans)
        return [plans[row.number] for row in rows]

    async def contents(self, rows: Sequence[Row]) -> tuple[list[tuple[Draft, Content]], dict[int, Planned]]:
        """Read a batch: drafts with their contents, and by number what becomes of the rows that have none."""
        plans: dict[int, Planned] = {}
        drafts: list[Draft] = []
        for row in rows:
            match self._transformed(row):
                case LeftOut() as left_out:
                    report = _report(row, left_out.source_id, Status.LEFT_OUT, reason=left_out.reason)
                    plans[row.number] = Planned(report)
                case Refused() as refused:
                    plans[row.number] = _refused(row, refused.source_id, refused.problems)
                case Draft() as draft:
                    drafts.append(draft)
        return await self._contents(drafts, plans), plans

    def _transformed(self, row: Row) -> Draft | LeftOut | Refused:
        outcome = self._transformer.transform(row)
        if row.number in self._survey.again:
            return LeftOut(row, outcome.source_id, "The same row stands in the file twice")
        twins = self._survey.repeated.get(outcome.source_id)
        if twins and not isinstance(outcome, LeftOut):
            numbers = ", ".join(map(str, twins))
            return Refused(row, outcome.source_id, (Note("id_repeated", detail={"rows": numbers}),))
        return outcome

    async def _contents(
        self, drafts: Sequence[Draft], plans: dict[int, Planned]
    ) -> list[tuple[Draft, Content]]:
        """Locate and validate the drafts; those that fail are planned as refused."""
        check = self._mapping.geocode is not None and self._mapping.geocode.check
        elsewhere = await self._locator.in_other_units(drafts) if check else set()
        contents = []
        for draft in drafts:
            if draft.row.number in elsewhere:
                plans[draft.row.number] = _refused(draft.row, draft.source_id, (Note("county_other"),))
                continue
            if draft.geocode:
                await self._locator.geocode(draft)
            set_channel(draft.data)
            try:
                contents.append((draft, self._layer.content.read(draft.data, country=draft.country)))
            except InvalidInput as error:
                problems = tuple(_note(found) for found in error.problems)
                plans[draft.row.number] = _refused(draft.row, draft.source_id, problems)
        return contents

    async def _decide(self, contents: Sequence[tuple[Draft, Content]], plans: dict[int, Planned]) -> None:
        """Compare with what is here already."""
        key, source = self._layer.key, self._mapping.source
        ids = [draft.source_id for draft, _ in contents]
        features = await known_features(self._session, key, source, ids) if ids else {}
        submissions = await known_submissions(self._session, key, source, ids) if ids else {}
        decided = [
            (d, content, _status(content, features.get(d.source_id), submissions.get(d.source_id)))
            for d, content in contents
        ]
        duplicates = await self._duplicates([(d, c) for d, c, status in decided if status is Status.NEW])
        for draft, content, status in decided:
            number = draft.row.number
            report = _report(
                draft.row, draft.source_id, status, tuple(draft.notes), duplicates=duplicates.get(number, ())
            )
            known = features.get(draft.source_id)
            written = status in (Status.NEW, Status.CHANGED, Status.EDITED)
            plans[number] = Planned(
                report, content if written else None, draft.url, known.feature_id if known else None
            )

    async def _duplicates(self, new: Sequence[tuple[Draft, Content]]) -> dict[int, tuple[Duplicate, ...]]:
        candidates = []
        for draft, content in new:
            place = draft.data.get("place", {})
            # A town's centre is near everything in it.
            if "position" in place and "geocoded" not in place:
                position = place["position"]
                candidates.append(Candidate(draft.row.number, position["lng"], position["lat"], content))
        return await possible_duplicates(self._session, self._layer.key, self._mapping.source, candidates)


def _status(content: Content, feature: KnownFeature | None, submission: KnownSubmission | None) -> Status:
    if feature is None and submission is None:
        return Status.NEW
    data = content.to_dict()
    if submission is not None and submission.waiting:
        return Status.WAITING
    if feature is not None:
        status = feature.status(data)
        declined = submission is not None and submission.rejected and submission.content == data
        return Status.DECLINED if declined and status is not Status.SAME else status
    if submission is not None and submission.rejected and submission.content == data:
        return Status.DECLINED
    return Status.NEW


def _note(problem: FieldProblem) -> Note:
    if problem.code == "position_missing":
        return Note("nowhere", problem.path)
    return Note("invalid", problem.path, {"reason": problem.message})


def _refused(row: Row, source_id: str, problems: tuple[Note, ...]) -> Planned:
    return Planned(_report(row, source_id, Status.REFUSED, problems))


def _report(row: Row, source_id: str, status: Status, notes: tuple[Note, ...] = (), **said: Any) -> RowReport:
    return RowReport(row.number, row.line, source_id, status, notes, **said)
