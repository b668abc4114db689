"""Mails to whoever is behind a place already, when somebody else wants to change what matters of it, or its trusted organisation has (SECURITY E8)."""

import datetime as dt
import hashlib
import uuid
from collections.abc import Mapping
from typing import Any

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.memberships import colleagues, is_organisation
from app.features.content import OutdatedContent
from app.features.models import Feature, FeatureState, Revision
from app.i18n import LANGUAGES
from app.jobs import Work, task
from app.layers import registry
from app.mail import queue_mail
from app.mail.addresses import UnusableAddress, normalised
from app.moderation.letters import name_in
from app.moderation.live import id_in, owner_of, submitter_of
from app.moderation.material import material_changes
from app.moderation.models import Submission
from app.moderation.states import OPEN_STATES, SubmissionState
from app.moderation.suggesting import is_suggestion, merge_of
from app.moderation.trusts import ORGANISATIONS
from app.notifications.submissions import RETRY
from app.taxonomy.vocabulary import load_vocabulary

#: A place that names more addresses is told at the first of them.
MOST = 5
#: For so long whoever could be reached at a place before is told too: a change that was let through must not silence them.
STILL_TOLD = dt.timedelta(weeks=8)


@task("notifications.previous_contact", retry=RETRY)
async def previous_contact(work: Work, *, submission_id: str) -> None:
    """Tell them, each once a day for a place however many suggest something; nobody of what changes little."""
    async with work.transaction() as session:
        submission = await session.get(Submission, uuid.UUID(submission_id))
        if submission is None or submission.state not in OPEN_STATES or not is_suggestion(submission):
            return
        live = await session.get(Feature, submission.feature_id)
        if (
            live is None
            or live.state != FeatureState.PUBLISHED
            or not await _matters(session, submission, live)
        ):
            return
        layer = registry.layer(live.layer)
        found = await behind(session, live, but=submission.contact_email)
        told = list(found.items())[:MOST]
        for address, language in told:
            values = {
                "name": await name_in(session, layer, submission, live.content, language=language),
                "feature": f"{work.settings.public_url}/{language}/{live.layer}/{live.id}",
            }
            whose = hashlib.sha256(address.encode()).hexdigest()[:16]
            await queue_mail(
                session,
                to=address,
                template="change_suggested",
                language=language,
                values=values,
                dedupe_key=f"change-suggested:{live.id}:{whose}:{submission.confirmed_at:%Y-%m-%d}",
            )


@task("notifications.changed_by_itself", retry=RETRY)
async def changed_by_itself(work: Work, *, submission_id: str) -> None:
    """Tell whoever stood behind it before that its organisation has changed what matters of it; nobody of what was undone."""
    async with work.transaction() as session:
        submission = await session.get(Submission, uuid.UUID(submission_id))
        if submission is None or submission.state != SubmissionState.APPROVED:
            return
        query = select(Revision).where(Revision.submission_id == submission.id)
        made = await session.scalar(query.order_by(Revision.number.desc()).limit(1))
        live = await session.get(Feature, submission.feature_id)
        before = await session.get(Revision, (made.feature_id, made.number - 1)) if made else None
        if made is None or before is None or live is None or live.state != FeatureState.PUBLISHED:
            return
        if not material_changes(before.content, made.content):
            return
        layer, own = registry.layer(live.layer), submission.contact_email
        changed = submission.id
        told = await behind(session, live, but=own, before=before, submission=changed, admins=False)
        organisation = await session.get(Feature, submission.organisation_id)
        for address, language in list(told.items())[:MOST]:
            page = f"{work.settings.public_url}/{language}"
            values = {
                "name": await name_in(session, layer, submission, before.content, language=language),
                "organisation": _name(organisation.content if organisation else {}),
                "feature": f"{page}/{live.layer}/{live.id}",
                "report": f"{page}/report/{live.id}",
            }
            whose = hashlib.sha256(address.encode()).hexdigest()[:16]
            await queue_mail(
                session,
                to=address,
                template="changed_by_itself",
                language=language,
                values=values,
                dedupe_key=f"changed-by-itself:{submission.id}:{whose}",
            )


def _name(content: Mapping[str, Any]) -> str:
    name = content.get("name") or {}
    return str(name.get("texts", {}).get(name.get("source"), ""))


async def _matters(session: AsyncSession, submission: Submission, live: Feature) -> bool:
    layer = registry.layer(live.layer)
    try:
        merged = await merge_of(session, layer, load_vocabulary(), submission, live)
        now = layer.content.kept(live.content).to_dict()
    except OutdatedContent:
        # Nobody can say what it would change.
        return True
    return bool(material_changes(now, merged.content))


async def behind(
    session: AsyncSession,
    live: Feature,
    *,
    but: str | None,
    before: Revision | None = None,
    submission: uuid.UUID | None = None,
    admins: bool = True,
) -> dict[str, str]:
    """Give their addresses, each with the language to write in, those who know best first.

    Whoever sent an entry in, the admins of its organisation (unless it is they who want something, `admins`), the entry
    itself as it could be reached lately and as it can be now. Whoever changed it last is asked only where nobody of the first two is
    known: they may be a stranger to it. `but` is the address of whoever wants something of it now. Of what was changed
    already `before` is the version until then, and `submission` the change.
    """
    content = live.content if before is None else before.content
    name: dict[str, Any] = content.get("name") or {}
    source = str(name.get("source", ""))
    language = source if source in LANGUAGES else "en"
    found: dict[str, str] = {}
    given = []
    owner = await owner_of(session, live.id)
    if owner is not None:
        given.append((owner.contact_email or "", owner.language))
    if admins:
        given += await _admins(session, live, content)
    is_known = bool(given)
    given += [(address, language) for address in await _lately(session, live.id, before)]
    given += [
        (str(contact.get("value", "")), language)
        for contact in content.get("contacts", ())
        if contact.get("kind") == "email"
    ]
    last = None if is_known else await submitter_of(session, live.id, but=submission)
    if last is not None:
        given.append((last.contact_email or "", last.language))
    for address, theirs in given:
        try:
            found.setdefault(normalised(address), theirs)
        except UnusableAddress:
            continue
    found.pop(normalised(but) if but else "", None)
    return found


async def _admins(session: AsyncSession, live: Feature, content: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Those of the organisation that runs it, or that it is, while that is on the map."""
    runs = (
        live.id
        if live.layer == ORGANISATIONS
        else id_in(str((content.get("organisation") or {}).get("id", "")))
    )
    if runs is None or not await is_organisation(session, runs):
        return []
    people = await colleagues(session, runs)
    return [(one.user.email, one.user.language) for one in people if one.is_admin]


async def _lately(session: AsyncSession, feature_id: uuid.UUID, last: Revision | None) -> list[str]:
    """The e-mail addresses of all versions, up to the last that counts, that were on the map within the last weeks, the oldest first."""
    since = dt.datetime.now(dt.UTC) - STILL_TOLD
    values = {"id": feature_id, "since": since, "last": last.number if last is not None else None}
    return list((await session.scalars(_LATELY, values)).all())


# From the version that was live then.
_LATELY = text(
    """
    SELECT c ->> 'value' FROM core.revision r, jsonb_path_query(r.content, '$.contacts[*]') AS c
    WHERE r.feature_id = :id AND c ->> 'kind' = 'email' AND r.number >= coalesce((
      SELECT max(p.number) FROM core.revision p WHERE p.feature_id = :id AND p.created_at <= :since), 1)
      AND r.number <= coalesce(CAST(:last AS integer), r.number)
    GROUP BY 1 ORDER BY min(r.number)
    """
)
