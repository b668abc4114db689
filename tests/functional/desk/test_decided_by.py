"""Who decides a moment too late is told who has decided what, and keeps every word that they typed."""

from typing import Any

import httpx2
import pytest
from fastapi import FastAPI

from app.accounts.roles import Role
from tests.functional.desk.conftest import Waiting, decision, signed_in
from tests.functional.desk.test_editing import opened, publishes
from tests.functional.pages.conftest import Person

WORDS = "Zamknięte od maja, numer nie odpowiada."


@pytest.mark.parametrize(
    ("act", "typed"), [("reject", {"reason": "closed", "note": WORDS}), ("ask", {"question": WORDS})]
)
async def test_words_to_the_submitter_are_kept(
    moderator: httpx2.AsyncClient, waiting: Waiting, site: FastAPI, act: str, typed: dict[str, Any]
) -> None:
    submission = await waiting(name="Kuchnia")
    path = f"/desk/submissions/{submission.id}"
    await moderator.post(f"{path}/approve", data=decision(submission))
    async with signed_in(site, Role.MODERATOR, "second@example.org") as other:
        late = await other.post(f"{path}/{act}", data=decision(submission, **typed))
        assert late.status_code == 409
        assert "Decyzja: Opublikowane. Kto: moderator, kiedy: " in late.text
        assert f'<textarea id="left" rows="4" readonly>{WORDS}</textarea>' in late.text
    # Whoever presses twice, or in another tab, is told of no colleague: it was their own decision, and every word is kept.
    again = await moderator.post(f"{path}/{act}", data=decision(submission, **typed))
    assert again.status_code == 409
    assert "Decyzja:" not in again.text
    assert "To już Twoja decyzja, " in again.text
    assert "Ktoś to w międzyczasie zmienił." not in again.text
    assert f'<textarea id="left" rows="4" readonly>{WORDS}</textarea>' in again.text


async def test_a_correction_is_kept(moderator: httpx2.AsyncClient, waiting: Waiting, site: FastAPI) -> None:
    submission = await waiting(name="Kuchnia")
    async with signed_in(site, Role.MODERATOR, "second@example.org") as other:
        page = await opened(Person(other), submission)
        path = f"/desk/submissions/{submission.id}"
        await moderator.post(f"{path}/reject", data=decision(submission, reason="closed"))
        late = await publishes(Person(other), page, name="Kuchnia Poprawiona")
        assert late.status == 409
        assert late.fields["name"] == ["Kuchnia Poprawiona"]
        assert "Kto: moderator, kiedy: " in late.text
