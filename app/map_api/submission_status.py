"""What became of something that was sent in, for whoever has the address that it was answered with."""

import datetime as dt
import uuid

import orjson
from fastapi import Request
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.responses import Response

from app.db import session
from app.features.published_models import PublishedFeature
from app.map_api.private_answers import PATH, PROBLEM, private_json, public_url, secret_of
from app.moderation.links import read_token
from app.moderation.submissions import read
from app.web.dependencies import database_of, settings_of
from app.web.routes import BY_LINK, api_router, requires

router = api_router(PATH, tags=["submissions"])


@router.get(
    "/{token}",
    dependencies=[requires(BY_LINK)],
    summary="What became of something that was sent in",
    response_class=Response,
    responses={200: {"content": {"application/json": {}}}, 404: PROBLEM},
)
async def status(request: Request, token: str) -> Response:
    """Its state, for whoever has the address that the sending was answered with.

    Questions and decisions in words go to the submitter alone, by mail.
    """
    submission_id = read_token(secret_of(settings_of(request)), "sent", token)
    async with session(database_of(request)) as transaction:
        submission = await read(transaction, submission_id)
        on_the_map = await _is_published(transaction, submission.feature_id)
    feature = f"{public_url(request)}/api/v1/layers/{submission.layer}/features/{submission.feature_id}"
    told = {
        "kind": submission.kind,
        "layer": submission.layer,
        "state": submission.state,
        "submitted": _moment(submission.created_at),
        "confirmed": _moment(submission.confirmed_at),
        "decided": _moment(submission.decided_at),
        "feature": feature if on_the_map else None,
    }
    return private_json(orjson.dumps({name: value for name, value in told.items() if value is not None}))


async def _is_published(transaction: AsyncSession, feature_id: uuid.UUID | None) -> bool:
    if feature_id is None:
        return False
    found = await transaction.scalar(select(PublishedFeature.id).where(PublishedFeature.id == feature_id))
    return found is not None


def _moment(at: dt.datetime | None) -> str | None:
    return at.astimezone(dt.UTC).isoformat(timespec="seconds") if at else None
