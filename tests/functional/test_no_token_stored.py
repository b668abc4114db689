"""A copy of the database opens nothing: no link of any mail stands in it, neither before nor after it is sent."""

import base64
import datetime as dt
import re
import uuid
from dataclasses import dataclass, field

import httpx2
from sqlalchemy import select, text

from app.accounts.audit import Actor
from app.accounts.granting import grant_role
from app.accounts.roles import Role
from app.accounts.sign_in import ISSUE
from app.config import Settings
from app.db import Database, session
from app.features.models import Feature
from app.features.publishing import Item, publish_many
from app.features.setting import Setting
from app.jobs.registry import Work, tasks
from app.layers.registry import LAYERS
from app.moderation.actions.approve import approve
from app.moderation.actions.close import close, reopen
from app.moderation.actions.confirm import confirm
from app.moderation.actions.open_up import agree, ask, refuse
from app.moderation.actions.protect import protect
from app.moderation.actions.reject import reject
from app.moderation.actions.report import Complaint, Resolution, report, resolve
from app.moderation.actions.request_changes import request_changes
from app.moderation.actions.restore import restore
from app.moderation.actions.submit import Proposal, submit
from app.moderation.actions.take_down import Move, put_back, take_down
from app.moderation.models import Report, Submission
from app.templating.environment import TEMPLATES
from tests.functional.conftest import Mailbox, aid_point, links_in

STAFF = Actor("staff", uuid.UUID(int=7))
OTHER = Actor("staff", uuid.UUID(int=8))
TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")


async def _dump(database: Database) -> str:
    """Everything that is stored about people and work, as text."""
    async with session(database) as s:
        tables = await s.execute(
            text("SELECT schemaname, tablename FROM pg_tables WHERE schemaname IN ('core', 'jobs')")
        )
        found: list[str] = []
        for schema, table in tables:
            rows = await s.execute(text(f'SELECT t::text FROM "{schema}"."{table}" t'))
            found += rows.scalars().all()
    return "\n".join(found)


def _forms(token: str) -> list[str]:
    """A token as it might be stored: as it is, as bytes, and its secret half alone."""
    raw = base64.urlsafe_b64decode(token + "=")
    return [
        token,
        token.encode().hex(),
        base64.b64encode(token.encode()).decode().rstrip("="),
        raw.hex(),
        raw[16:].hex(),
        base64.b64encode(raw).decode().rstrip("="),
        base64.b64encode(raw[16:]).decode().rstrip("="),
        base64.urlsafe_b64encode(raw[16:]).decode().rstrip("="),
    ]


async def _work_off(database: Database, settings: Settings) -> None:
    """Do what defers mails, so that they are queued and not sent yet."""
    async with session(database) as s:
        waiting = await s.execute(
            text(
                "UPDATE jobs.procrastinate_jobs SET status = 'succeeded'"
                " WHERE status = 'todo' AND task_name <> 'mail.send' RETURNING task_name, args"
            )
        )
        jobs = waiting.all()
    for name, args in jobs:
        await tasks()[name].run(Work(settings=settings, database=database), **args)


@dataclass(slots=True)
class Watched:
    """What is stored before and after each mail, and the links of these."""

    database: Database
    settings: Settings
    mailbox: Mailbox
    seen: dict[str, int] = field(default_factory=dict)
    dumps: list[str] = field(default_factory=list)
    tokens: list[str] = field(default_factory=list)

    async def mailed(self, kind: str) -> None:
        """One mail of this kind is queued, then sent."""
        await _work_off(self.database, self.settings)
        self.dumps.append(await _dump(self.database))
        assert kind in self.dumps[-1]
        (mail,) = await self.mailbox.collect()
        found = [token for link in links_in(mail) for token in TOKEN.findall(link)]
        self.seen[kind] = len(found)
        self.tokens.extend(found)
        self.dumps.append(await _dump(self.database))


async def test_no_link_of_a_mail_is_in_the_database(
    client: httpx2.AsyncClient, database: Database, settings: Settings, setting: Setting, mailbox: Mailbox
) -> None:
    layer, now = LAYERS["aid_points"], dt.datetime.now(dt.UTC)
    # A mail about a decision waits for as long as it can be undone.
    settings = settings.model_copy(update={"undo_seconds": 0})
    watched = Watched(database, settings, mailbox)
    mailed = watched.mailed
    async with session(database) as s:
        await grant_role(s, "anna@kielce.example", Role.MODERATOR)
    await client.post("/desk/sign-in", data={"email": "anna@kielce.example"})
    assert ISSUE in await _dump(database)
    await mailed("sign_in")
    made: list[Submission] = []
    for name in ("Pierwsze", "Drugie"):
        async with session(database) as s:
            proposal = Proposal(layer, layer.content.read(aid_point(name)))
            made.append(await submit(s, proposal, language="pl", contact_email="ola@poczta.pl"))
        await mailed("confirm_submission")
        async with session(database) as s:
            made[-1] = await confirm(s, made[-1].id, now=now)
    first, second = made
    async with session(database) as s:
        await request_changes(s, second.id, version=second.version, actor=STAFF, question="Gdzie?")
    await mailed("question")
    async with session(database) as s:
        await reject(s, second.id, version=second.version + 1, actor=STAFF, reason="closed", now=now)
    await mailed("rejected")
    async with session(database) as s:
        live = await approve(s, setting, layer, first.id, version=first.version, actor=STAFF)
    await mailed("approved")
    async with session(database) as s:
        await take_down(s, setting, layer, Move(live.feature_id, STAFF, "Zamknięte."))
    await mailed("taken_down")
    async with session(database) as s:
        await put_back(s, setting, layer, Move(live.feature_id, STAFF, "Pomyłka."))
    await mailed("put_back")
    await _closed_and_opened(watched, setting, live.feature_id)
    async with session(database) as s:
        await report(s, Complaint(live.feature_id, "spam", "", "ola@poczta.pl", "pl", b"12345678"))
        reported = (await s.scalars(select(Report))).one()
        await resolve(s, setting, layer, reported.id, Resolution("done", "Dziękujemy.", 1, 1), actor=STAFF)
    await mailed("report_resolved")

    await _restored_and_protected(watched, setting, live.feature_id, first.id)

    # Who is told that somebody suggests a change, or is invited, or of their passkeys, has no link of their own: see `test_material_edits`,
    # `test_inviting`, `test_organisation_people`, `municipalities`.
    without = {
        "base",
        # In which words of an installation's own stand, those of any of the others.
        "worded",
        "change_suggested",
        "changed_by_itself",
        "invitation",
        "membership",
        "admin_seated",
        "admin_unseated",
        "mail_servers_changed",
        "app_connected",
        "codes_renewed",
        "passkey_added",
        "passkey_removed",
        "identity_connected",
    }
    # Of who is asked whether an entry is still true: `pages/test_asked`, where its link is looked for as well.
    without |= {"reminder"}
    # Of who says that an entry is theirs: `desk/claims/test_flow`, where no code is stored either.
    without |= {"claim_code", "claim_decided", "claim_behind"}
    kinds = {path.stem for path in (TEMPLATES / "mail").glob("*.txt")} - without
    # Whoever reports something has nothing to confirm, and follows nothing.
    assert watched.seen == dict.fromkeys(kinds, 1) | {"report_resolved": 0}
    for token in watched.tokens:
        for form in _forms(token):
            assert not any(form in dump for dump in watched.dumps), form


async def _closed_and_opened(watched: Watched, setting: Setting, feature_id: uuid.UUID) -> None:
    database, layer = watched.database, LAYERS["aid_points"]
    async with session(database) as s:
        revision = (await s.get_one(Feature, feature_id)).revision
        status = {"state": "closed", "since": setting.today.isoformat(), "reason": "moved"}
        await close(s, setting, layer, Move(feature_id, STAFF, "Koniec.", revision), status)
    await watched.mailed("closed")
    async with session(database) as s:
        await reopen(s, setting, layer, Move(feature_id, STAFF, "Znów jest.", revision + 1))
    await watched.mailed("reopened")


async def _restored_and_protected(
    watched: Watched, setting: Setting, feature_id: uuid.UUID, submission_id: uuid.UUID
) -> None:
    """What becomes of a place on the map: an older version is put back, it is protected, its owner wants it shown again."""
    database, layer, mailed = watched.database, LAYERS["aid_points"], watched.mailed
    async with session(database) as s:
        feature = await s.get_one(Feature, feature_id)
        item = Item(
            layer.content.read(aid_point("Inne")), feature_id=feature.id, base_revision=feature.revision
        )
        (changed,) = await publish_many(s, setting, layer, [item], actor=STAFF)
    async with session(database) as s:
        await restore(s, setting, layer, Move(feature.id, STAFF, "Pomyłka.", changed.revision), 1)
    await mailed("restored")
    async with session(database) as s:
        await protect(s, setting, layer, Move(feature.id, STAFF, "Prosi o to.", changed.revision + 1))
    await mailed("protected")
    async with session(database) as s:
        safe = "Jest już bezpiecznie."
        await ask(s, setting.vocabulary, submission_id, reason=safe, email="ola@poczta.pl", language="pl")
    await mailed("opening_asked")
    for version, who in enumerate((STAFF, OTHER), 1):
        async with session(database) as s:
            await agree(s, setting.vocabulary, feature.id, version=version, actor=who, now=setting.now)
    await mailed("opening_allowed")
    async with session(database) as s:
        await refuse(s, feature.id, version=3, actor=STAFF, note="Jednak nie.", now=setting.now)
    await mailed("opening_refused")


async def test_what_a_mail_said_is_erased_when_it_is_sent(database: Database, mailbox: Mailbox) -> None:
    layer = LAYERS["aid_points"]
    async with session(database) as s:
        proposal = Proposal(layer, layer.content.read(aid_point()))
        await submit(s, proposal, language="pl", contact_email="ola@poczta.pl")
    assert len(await mailbox.collect()) == 1
    async with session(database) as s:
        (row,) = (await s.execute(text("SELECT values, sent_at FROM core.outbox_mail"))).all()
    assert row.values is None
    assert row.sent_at is not None
