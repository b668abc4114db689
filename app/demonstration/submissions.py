"""Invented submissions, so that the desk is not empty at first sight."""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.audit import SYSTEM
from app.demonstration.phones import invented_phone
from app.demonstration.points import LICENCE
from app.demonstration.reading import submission_rows
from app.demonstration.spots import Spot
from app.features.publishing import DEMONSTRATION, Provenance
from app.features.setting import Setting
from app.layers.registry import layer
from app.moderation.actions.submit import Proposal, submit_imports


@dataclass(frozen=True, slots=True)
class Placed:
    """An example that was published: its id, its kind's key, where it is, its content."""

    id: uuid.UUID
    kind: str
    spot: Spot
    content: Mapping[str, Any]


async def add_submissions(session: AsyncSession, setting: Setting, places: Sequence[Placed]) -> int:
    """Put them into the queue as if somebody had sent and confirmed them; give how many."""
    rows = [row for row in submission_rows() if _spot_for(row, places)]
    for number, row in enumerate(rows):
        declared = layer(row["layer"])
        place = _spot_for(row, places)
        assert place is not None
        content = declared.content.read(_content(row, place, number, setting.today))
        proposal = Proposal(
            declared,
            content,
            feature_id=place.id if "like" in row else None,
            provenance=Provenance(
                source=DEMONSTRATION, source_id=f"submission-{row['key']}", licence=LICENCE, example=True
            ),
        )
        (submission,) = await submit_imports(session, [proposal], language=row["language"], actor=SYSTEM)
        submission.channel = "form"
        submission.contact_email = row["email"]
        submission.created_at = setting.now - dt.timedelta(hours=row["hours_ago"])
        submission.confirmed_at = submission.created_at + dt.timedelta(minutes=4)
    await session.flush()
    return len(rows)


def _spot_for(row: Mapping[str, Any], places: Sequence[Placed]) -> Placed | None:
    """A published place of the kind that a change is about, or one in the town of what is new."""
    for place in places:
        usual = place.content.get("place", {}).get("position") and "status" not in place.content
        fits = place.kind == row["like"] if "like" in row else place.spot.town.name == row["town"]
        if usual and fits:
            return place
    return None


def _content(row: Mapping[str, Any], place: Placed, number: int, today: dt.date) -> dict[str, Any]:
    given = {key: _dated(value, today) for key, value in row["content"].items()}
    if "like" in row:
        return {**place.content, **given}
    town = place.spot.town
    given["contacts"] = [
        {"kind": "phone", "value": invented_phone(town.area_code, 9000 + number)},
        {"kind": "email", "value": row["email"]},
    ]
    if row.get("protected"):
        area = {"code": town.powiat, "name": town.name}
        return given | {"place": {"disclosure": "contact_only", "area": area}}
    lng, lat = place.spot.position
    # A few doors further on, or exactly where another place is.
    step = 0.0 if row.get("same_spot") else 0.0021
    return given | {
        "address": {**place.spot.address, "house_number": str(3 + number)},
        "place": {"position": {"lng": round(lng + step, 6), "lat": round(lat + step / 2, 6)}},
    }


def _dated(value: Any, today: dt.date) -> Any:
    """The same with days counted from today, written `+2`, as dates."""
    if isinstance(value, dict):
        return {key: _dated(inner, today) for key, inner in value.items()}
    if isinstance(value, str) and value.startswith("+") and value[1:].isdigit():
        return (today + dt.timedelta(days=int(value[1:]))).isoformat()
    return value
