"""Sending in by program: the same content, checks, screening, confirmation by mail and queue as the form."""

import secrets
import uuid
from collections.abc import Mapping
from typing import Any

import orjson
from fastapi import Request
from starlette.responses import Response

from app.db import PublicReader, session
from app.entering.by_program import changed_content, new_content
from app.entering.complaint import AN_HOUR, problem_of_reason
from app.entering.complaint import LONGEST as LONGEST_REPORT
from app.errors import InvalidInput, TooManyRequests, UnsupportedMedia
from app.layers import registry
from app.mail.addresses import normalised
from app.map_api.answers import layer_versions
from app.map_api.private_answers import PATH, PROBLEM, private_json, public_url, secret_of
from app.map_api.submission_bodies import (
    LONGEST_REMARK,
    Change,
    New,
    ReportSent,
    body_schema,
    id_of,
    paragraphs,
    read_body,
)
from app.moderation.actions.report import Complaint, report, will_be_cut
from app.moderation.actions.submit import Proposal, submit
from app.moderation.being_checked import kind_of
from app.moderation.links import make_token
from app.moderation.suggesting import read_suggestible
from app.taxonomy.vocabulary import load_vocabulary
from app.web.dependencies import database_of, limited, refuse_told, settings_of
from app.web.idempotency import SentUnderKey, answered_before, hold_key, remember, sent_under_key
from app.web.in_turn import in_turn
from app.web.language import language_for_program
from app.web.rate_limit import Limit
from app.web.routes import PUBLIC, api_router, requires
from app.web.sent_often import (
    SentOften,
    challenge_if_many,
    fresh_challenge,
    is_first_of_day,
    proof_needed_for_s,
    sent_often,
    without_proof,
)
from app.web.strict_json import parse

router = api_router(PATH, tags=["submissions"])

#: Before anything is read, but for a proof in a flood: whoever sends more is told so at the price of one question to the
#: database.
TRIES = Limit("submission-tried", 60, 600)
_KEY_PARAMETER: dict[str, Any] = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "16 to 128 characters, best a UUID. The same key with the same body is taken in once and answered "
    "alike for 24 hours; with another body it is refused (422)",
    "schema": {"type": "string", "minLength": 16, "maxLength": 130},
}
_ANSWER: dict[str, Any] = {
    "type": "object",
    "required": ["kind", "state"],
    "properties": {
        "kind": {"enum": ["new", "change", "report"]},
        "state": {"enum": ["unconfirmed", "received"]},
        "status": {
            "type": "string",
            "format": "uri",
            "description": "Where a program asks what became of it",
        },
        "page": {"type": "string", "format": "uri", "description": "The same for people"},
        "computed_position": {
            "type": "object",
            "description": "Nobody has sent a position, so the place stands in the middle of what its address names. Send one if you know it.",
            "properties": {
                "level": {"type": "string", "description": "What it is the middle of, for example locality"},
                "confidence": {"type": "number", "description": "How likely that is right, 0 to 1"},
            },
        },
        "places_left_out_of": {
            "type": "array",
            "items": {"enum": ["body"]},
            "description": "Texts out of which an address or a position was taken: where the place is must not be known",
        },
    },
}


class ProofNeeded(TooManyRequests):
    """Very many are sent at the moment. Solve the challenge of /api/v1/submissions/challenge and send the solution as proof."""


class SentTooOften(TooManyRequests):
    """You have sent a lot within an hour. Wait, then send the rest."""


@router.post(
    "",
    dependencies=[requires(PUBLIC)],
    summary="Send in something new, a change, or a report",
    status_code=202,
    response_class=Response,
    responses={
        202: {"description": "Taken in", "content": {"application/json": {"schema": _ANSWER}}},
        **dict.fromkeys((400, 403, 404, 408, 409, 413, 415, 422, 429, 503), PROBLEM),
    },
    openapi_extra={
        "parameters": [_KEY_PARAMETER],
        "requestBody": {"required": True, "content": {"application/json": {"schema": body_schema()}}},
    },
)
async def send(request: Request) -> Response:
    """Take it in. What is proposed waits for the link in the mail to `email`, then for a moderator; so does the form.

    A report goes to the moderators at once.
    """
    # While nobody gets through without a proof, looking for one comes first: it costs no question. What has a key may have
    # been taken in before, and is answered as it was then.
    if not _in_flood(request):
        refuse_told(request, TRIES)
    async with in_turn(request, _proof_in(await request.body())):
        # Of those who waited most are refused by what was learned meanwhile.
        return await _send(request, in_flood=_in_flood(request))


@router.get(
    "/challenge",
    dependencies=[requires(PUBLIC)],
    summary="A proof of work, as ALTCHA asks for it",
    response_class=Response,
    responses={200: {"content": {"application/json": {}}}, 503: PROBLEM},
)
async def challenge(request: Request) -> Response:
    """Find the `number` from 0 to `maxnumber` for which the SHA-256 of `salt` and the number, in hexadecimal, is `challenge`.

    `required` says whether a proof is asked for at the moment. The proof is the base64 of a JSON object with `algorithm`,
    `challenge`, `number`, `salt` and `signature`; it is good for one sending, within two hours.
    """
    found = await challenge_if_many(request, "submission")
    body = {**(found or fresh_challenge(request)).to_dict(), "required": found is not None}
    return private_json(orjson.dumps(body))


def _in_flood(request: Request) -> bool:
    return any(proof_needed_for_s(request, name) for name in ("submission", "report"))


def _proof_in(body: bytes) -> str:
    """The proof of what was sent, whatever else is in it."""
    sent = parse(body) if b'"proof"' in body else None
    proof = sent.get("proof") if isinstance(sent, dict) else None
    return proof if isinstance(proof, str) else ""


async def _send(request: Request, *, in_flood: bool) -> Response:
    if not in_flood:
        await limited(request, TRIES)
    body = await request.body()
    if not body:
        raise UnsupportedMedia
    # What was added to the vocabulary can be sent from then on.
    await layer_versions(request)
    sent = read_body(parse(body))
    if in_flood:
        name = "report" if isinstance(sent, ReportSent) else "submission"
        if "idempotency-key" not in request.headers:
            _refuse(without_proof(request, name, sent.proof or ""))
        await limited(request, TRIES)
    language = sent.language or language_for_program(request.scope)
    key = _key_of(request, body + b"\x00" + language.encode())
    if key is not None:
        async with session(database_of(request)) as transaction:
            before = await answered_before(transaction, key)
        if before is not None:
            return _answer(request, before)
    if isinstance(sent, ReportSent):
        return await _take_report(request, sent, language, key)
    return await _take_proposal(request, sent, language, key)


async def _take_proposal(
    request: Request, sent: New | Change, language: str, key: SentUnderKey | None
) -> Response:
    settings, database = settings_of(request), database_of(request)
    email, remark = normalised(sent.email), paragraphs("remark", sent.remark, LONGEST_REMARK)
    proposal = await (_new(request, sent) if isinstance(sent, New) else _change(request, sent))
    await _count(request, "submission", settings.submissions_per_hour, email, sent.proof)
    async with session(database) as transaction:
        if key is not None and (before := await hold_key(transaction, key)) is not None:
            return _answer(request, before)
        submission = await submit(
            transaction, proposal, language=language, contact_email=email, channel="api", remark=remark
        )
        made: dict[str, Any] = {"kind": submission.kind, "id": str(submission.id), "language": language}
        if geocoded := submission.content.get("place", {}).get("geocoded"):
            made["position"] = {"level": geocoded["level"], "confidence": geocoded["confidence"]}
        if key is not None:
            await remember(transaction, key, made)
    return _answer(request, made)


async def _new(request: Request, sent: New) -> Proposal:
    layer, countries = registry.layer(sent.layer), settings_of(request).countries
    reader = PublicReader(database_of(request).read)
    return Proposal(
        layer, await new_content(reader, layer, sent.content, countries, sure=sent.position_is_right)
    )


async def _change(request: Request, sent: Change) -> Proposal:
    feature_id, database = id_of(sent.feature_id), database_of(request)
    async with session(database) as transaction:
        at = await read_suggestible(
            transaction, registry.LAYERS, load_vocabulary(), feature_id, sent.revision
        )
    content = await changed_content(
        PublicReader(database.read),
        at,
        sent.changes,
        settings_of(request).countries,
        sure=sent.position_is_right,
    )
    return Proposal(at.layer, content, feature_id, at.revision)


async def _take_report(
    request: Request, sent: ReportSent, language: str, key: SentUnderKey | None
) -> Response:
    email = normalised(sent.email) if sent.email else ""
    body = paragraphs("body", sent.body, LONGEST_REPORT)
    problem = problem_of_reason(sent.reason, body)
    if problem is not None:
        raise InvalidInput(problem)
    await _count(request, "report", AN_HOUR, email, sent.proof)
    independent = await is_first_of_day(request, kind_of(sent.reason), sent.feature_id)
    # A key makes it once by itself; it may come again a day later with another report.
    number = secrets.token_bytes(8)
    complaint = Complaint(
        id_of(sent.feature_id), sent.reason, body, email, language, number, independent=independent
    )
    made = {"kind": "report"}
    async with session(database_of(request)) as transaction:
        if key is not None and (before := await hold_key(transaction, key)) is not None:
            return _answer(request, before)
        await report(transaction, complaint)
        if await will_be_cut(transaction, complaint):
            made["left_out"] = "body"
        if key is not None:
            await remember(transaction, key, made)
    return _answer(request, made)


async def _count(request: Request, name: str, times_an_hour: int, email: str, proof: str | None) -> None:
    _refuse(await sent_often(request, name, times_an_hour, email, proof=proof or ""))


def _refuse(often: SentOften | None) -> None:
    if often is not None:
        kind = ProofNeeded if often.code == "proof_needed" else SentTooOften
        raise kind(retry_after_s=often.retry_after_s)


def _key_of(request: Request, body: bytes) -> SentUnderKey | None:
    given = request.headers.get("idempotency-key")
    return None if given is None else sent_under_key(given, body, secret_of(settings_of(request)))


def _answer(request: Request, made: Mapping[str, Any]) -> Response:
    """The answer to what was taken in: the same whenever it is made from the same."""
    told: dict[str, Any] = {"kind": made["kind"], "state": "received"}
    headers = {}
    if "position" in made:
        told["computed_position"] = made["position"]
    if "left_out" in made:
        told["places_left_out_of"] = [made["left_out"]]
    if made["kind"] != "report":
        token = make_token(secret_of(settings_of(request)), "sent", uuid.UUID(made["id"]))
        base = public_url(request)
        told |= {
            "state": "unconfirmed",
            "status": f"{base}{PATH}/{token}",
            "page": f"{base}/{made['language']}/sent/{token}",
        }
        headers = {"Location": told["status"]}
    return private_json(orjson.dumps(told), status=202, headers=headers)
