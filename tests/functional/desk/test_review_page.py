"""What the page of one submission tells besides its content: risk, author, translations, what the submitter will read."""

import asyncio
import html
import re
from typing import Any

import httpx2
from fastapi import FastAPI
from sqlalchemy import text

from app.accounts.audit import verify_chain
from app.accounts.roles import Role
from app.db import Database, session
from app.moderation.models import Submission
from tests.functional.desk.conftest import Waiting, decision, signed_in


async def section(desk: httpx2.AsyncClient, submission: Submission, name: str) -> str:
    """The words of one section of the page; "" where it is not there."""
    page = (await desk.get(f"/desk/submissions/{submission.id}")).text
    found = re.search(rf'<section class="box" aria-labelledby="{name}">(.*?)</section>', page, re.DOTALL)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", found[1])).split()) if found else ""


async def state(database: Database) -> Any:
    async with session(database) as s:
        return (await s.execute(text("SELECT state, second_asked_by, decided_by FROM core.submission"))).one()


async def test_why_to_look_twice_is_said_in_words(
    moderator: httpx2.AsyncClient, waiting: Waiting, database: Database
) -> None:
    submission = await waiting(name="Kuchnia")
    clear = text("DELETE FROM core.screening")
    reasons = '[{"code": "capitals", "points": 35, "detail": {}}]'
    async with session(database) as s:
        await s.execute(clear)
    assert await section(moderator, submission, "risk") == ""
    async with session(database) as s:
        await s.execute(
            text(
                "INSERT INTO core.screening (submission_id, score, reasons, at)"
                " VALUES (:id, 35, CAST(:reasons AS jsonb), now())"
            ),
            {"id": submission.id, "reasons": reasons},
        )
    told = await section(moderator, submission, "risk")
    assert "35" in told
    # So does its row in the queue beside it.
    assert "Ryzyko: 35 na 100" in (await moderator.get(f"/desk/submissions/{submission.id}")).text
    assert "wielkimi literami" in told


async def test_the_record_of_an_author_is_numbers_and_nothing_else(
    moderator: httpx2.AsyncClient, waiting: Waiting, database: Database
) -> None:
    first = await waiting(name="Pierwsze")
    assert await section(moderator, first, "author") == "Z tego samego adresu e-mail Poza tym jeszcze nic."
    for name, act in (("Drugie", "approve"), ("Trzecie", "reject"), ("Czwarte", "reject")):
        other = await waiting(name=name)
        data = decision(other) | ({"reason": "duplicate"} if act == "reject" else {})
        assert (await moderator.post(f"/desk/submissions/{other.id}/{act}", data=data)).status_code == 303
    await waiting(name="Nie potwierdzone", confirmed=False)
    async with session(database) as s:
        await s.execute(
            text("UPDATE core.submission SET created_at = '2026-03-14 12:00Z' WHERE state = 'approved'")
        )
    told = await section(moderator, first, "author")
    assert "Opublikowane: 1. Odrzucone: 2. Wycofane: 0. Czekające: 0." in told
    assert "marzec 2026" in told
    for kept in ("olena@example.org", "Drugie", "14"):
        assert kept not in told
    # One look-up by an index, however many there are.
    async with session(database) as s:
        await s.execute(text("SET LOCAL enable_seqscan = off"))
        plan = await s.execute(
            text(
                "EXPLAIN SELECT state, count(*) FROM core.submission WHERE contact_email = 'x' GROUP BY state"
            )
        )
        assert "ix_submission_contact_email" in str(plan.all())


async def test_translations_stand_side_by_side(moderator: httpx2.AsyncClient, waiting: Waiting) -> None:
    one = await waiting(name="Tylko po polsku")
    assert await section(moderator, one, "translations") == ""
    texts = {"uk": "Гаряча їжа <b>", "pl": "Gorące posiłki"}
    both = await waiting(name="Dwa języki", description={"texts": texts, "source": "uk"})
    told = await section(moderator, both, "translations")
    assert re.search(r"українська · .*Гаряча їжа <b>.*polski Gorące posiłki", told)
    page = (await moderator.get(f"/desk/submissions/{both.id}")).text
    assert '<dd lang="uk" dir="ltr">Гаряча їжа &lt;b&gt;</dd>' in page


async def test_reasons_stand_beside_what_the_submitter_will_read(
    moderator: httpx2.AsyncClient, waiting: Waiting
) -> None:
    page = (await moderator.get(f"/desk/submissions/{(await waiting(name='Kuchnia')).id}")).text
    assert re.search(
        r'to miejsce jest już na mapie\..*?<span lang="uk" dir="ltr">[^<]*вже є на мапі', page, re.DOTALL
    )


async def test_the_mail_can_be_looked_at_before_and_decides_nothing(
    moderator: httpx2.AsyncClient, waiting: Waiting, database: Database
) -> None:
    submission = await waiting(name="Kuchnia")
    data = decision(submission, reason="duplicate", note="Дякую <script>!", preview="1")
    page = (await moderator.post(f"/desk/submissions/{submission.id}/reject", data=data)).text
    letter = page.split('id="letter"')[1].split("</section>")[0]
    assert "вже є на мапі" in letter
    assert "Дякую &lt;script&gt;!" in letter
    # The link by which the submitter answers is theirs alone.
    assert "/uk/status/…" in letter
    assert "Дякую &lt;script&gt;!" in page.split("<textarea")[1]
    assert (await state(database)).state == "pending"


async def test_who_asks_for_a_second_pair_of_eyes_leaves_the_decision_to_somebody_else(
    site: FastAPI, moderator: httpx2.AsyncClient, waiting: Waiting, database: Database
) -> None:
    submission = await waiting(name="Wątpliwe")
    address = f"/desk/submissions/{submission.id}"
    left = await moderator.post(f"{address}/second", data=decision(submission))
    assert left.status_code == 303
    # That it was done is said where one goes on, as of every decision.
    assert "Decyduje ktoś inny: Wątpliwe" in (await moderator.get(left.headers["location"])).text
    version = submission.version + 1
    page = (await moderator.get(address)).text
    assert 'id="second-asked"' in page
    for act in ("approve", "reject", "edit", "second"):
        assert f"{address}/{act}" not in page
    refusal = {"reason": "duplicate"}
    nothing: dict[str, str] = {}
    for act, typed in (("approve", nothing), ("reject", refusal), ("second", nothing)):
        refused = await moderator.post(f"{address}/{act}", data=decision(submission, version=version) | typed)
        assert refused.status_code == 409, act
    assert (await state(database)).state == "pending"
    async with signed_in(site, Role.MODERATOR, "druga@example.org") as other:
        page = (await other.get(address)).text
        assert "moderator" in page.split('id="second-asked"')[1].split("</div>")[0]
        done = await other.post(f"{address}/approve", data=decision(submission, version=version))
        assert done.status_code == 303
    row = await state(database)
    assert row.state == "approved"
    assert row.decided_by != row.second_asked_by
    async with session(database) as s:
        assert await verify_chain(s) is None
        asked = text("SELECT count(*) FROM core.audit WHERE action = 'submission.second_asked'")
        assert (await s.execute(asked)).scalar_one() == 1


async def test_a7_asking_and_deciding_at_once_never_leaves_both_to_one_person(
    moderator: httpx2.AsyncClient, waiting: Waiting, database: Database
) -> None:
    """SECURITY A7: one moderator presses both in two tabs; whichever comes second is refused."""
    for turn in range(6):
        submission = await waiting(name=f"Wyścig {turn}")
        address = f"/desk/submissions/{submission.id}"
        acts = ["second", "approve", "second", "approve"]
        answers = await asyncio.gather(
            *(moderator.post(f"{address}/{act}", data=decision(submission)) for act in acts)
        )
        assert sorted(answer.status_code for answer in answers) == [303, 409, 409, 409]
    async with session(database) as s:
        both = text(
            "SELECT count(*) FROM core.submission WHERE state <> 'pending' AND second_asked_by = decided_by"
        )
        assert (await s.execute(both)).scalar_one() == 0
        assert await verify_chain(s) is None


async def test_only_who_decides_asks_for_a_second(
    site: FastAPI, waiting: Waiting, database: Database
) -> None:
    submission = await waiting(name="Cudze")
    async with signed_in(site, Role.EDITOR, "editor@example.org") as editor:
        answer = await editor.post(f"/desk/submissions/{submission.id}/second", data=decision(submission))
    assert answer.status_code == 403
    assert (await state(database)).second_asked_by is None
