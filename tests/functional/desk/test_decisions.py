import asyncio
import html
import json
import re

import httpx2
import pytest
from fastapi import FastAPI
from sqlalchemy import text

from app.accounts.audit import verify_chain
from app.accounts.roles import Role
from app.db import Database, session
from app.desk.shown import LEAST_S
from tests.functional.conftest import Publish, aid_point
from tests.functional.desk.conftest import Waiting, decision, signed_in

FEATURES = "/api/v1/layers/aid_points/features.geojson"


async def _public_names(client: httpx2.AsyncClient) -> list[str]:
    # Another question each time: what was known of the layer's version may be a quarter of a second old.
    await asyncio.sleep(0.3)
    return [f["properties"]["name"] for f in (await client.get(FEATURES)).json()["features"]]


async def test_what_is_approved_is_public_at_once(
    client: httpx2.AsyncClient, moderator: httpx2.AsyncClient, waiting: Waiting, database: Database
) -> None:
    submission = await waiting(name="Kuchnia")
    assert await _public_names(client) == []
    page = await moderator.get(f"/desk/submissions/{submission.id}")
    assert page.status_code == 200
    assert "Kuchnia" in page.text
    assert page.headers["cache-control"] == "no-store"
    sent = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page.text))
    stamped = {name: sent[name] for name in ("version", "shown")}
    await asyncio.sleep(LEAST_S)
    answer = await moderator.post(f"/desk/submissions/{submission.id}/approve", data=stamped)
    assert answer.status_code == 303
    assert await _public_names(client) == ["Kuchnia"]
    async with session(database) as s:
        row = (await s.execute(text("SELECT state, feature_id, decided_by FROM core.submission"))).one()
        jobs = (
            (await s.execute(text("SELECT task_name FROM jobs.procrastinate_jobs ORDER BY id")))
            .scalars()
            .all()
        )
        assert await verify_chain(s) is None
        actions = (
            (await s.execute(text("SELECT action FROM core.audit WHERE object_type <> 'user' ORDER BY id")))
            .scalars()
            .all()
        )
    assert row.state == "approved"
    assert row.feature_id
    assert row.decided_by
    assert "notifications.decision" in jobs
    assert actions == [
        "submission.submitted", "submission.pending", "submission.approved", "feature.publish",
    ]  # fmt: skip


async def test_a_second_decision_is_refused_and_changes_nothing(
    client: httpx2.AsyncClient, moderator: httpx2.AsyncClient, waiting: Waiting
) -> None:
    submission = await waiting(name="Raz")
    url = f"/desk/submissions/{submission.id}"
    answers = await asyncio.gather(
        *(moderator.post(f"{url}/approve", data=decision(submission)) for _ in range(4))
    )
    assert sorted(answer.status_code for answer in answers) == [303, 409, 409, 409]
    refused = next(answer for answer in answers if answer.status_code == 409)
    assert "Raz" in refused.text
    assert await _public_names(client) == ["Raz"]
    late = await moderator.post(
        f"{url}/reject", data=decision(submission, version=submission.version + 1, reason="duplicate")
    )
    assert late.status_code == 409
    assert await _public_names(client) == ["Raz"]


async def test_a_rejection_needs_a_reason(
    moderator: httpx2.AsyncClient, waiting: Waiting, database: Database
) -> None:
    submission = await waiting(name="Reklama")
    url = f"/desk/submissions/{submission.id}/reject"
    assert (await moderator.post(url, data=decision(submission))).status_code == 422
    assert (await moderator.post(url, data=decision(submission, reason="other"))).status_code == 422
    kept = await moderator.post(url, data=decision(submission, reason="bogus", note="słowa"))
    assert kept.status_code == 422
    assert "słowa" in kept.text
    done = await moderator.post(url, data=decision(submission, reason="advertising", note="To reklama."))
    assert done.status_code == 303
    async with session(database) as s:
        row = (
            await s.execute(text("SELECT state, decision_reason, decision_note FROM core.submission"))
        ).one()
    assert tuple(row) == ("rejected", "advertising", "To reklama.")


async def test_who_has_checked_it_says_so_with_the_same_press(
    moderator: httpx2.AsyncClient, waiting: Waiting, database: Database
) -> None:
    async def checked() -> tuple[str, bool, str]:
        """Of the one place: the way and whether there is a day of it, and all that the public may know of its checks."""
        async with session(database) as s:
            row = (
                await s.execute(
                    text(
                        "SELECT f.verified_how, p.verified_on IS NOT NULL, jsonb_path_query_array(h.events, '$[*] ? (@.kind == \"checked\")')"
                        " FROM core.feature f JOIN published.feature p USING (id) JOIN published.history h ON h.feature_id = f.id"
                    )
                )
            ).one()
        return row[0], row[1], " ".join(f"{event['how']} {event.get('by', '')}" for event in row[2])

    new = await waiting(name="Łaźnia")
    path = f"/desk/submissions/{new.id}"
    # None chosen; visitors' word, which is not the moderator's own; what there is not.
    for typed in ({"checked": "1"}, {"how": "two_visitors"}, {"how": "magic"}):
        refused = await moderator.post(f"{path}/approve", data=decision(new) | typed)
        assert refused.status_code == 422
        assert re.search(r'<details [^>]*id="checked" open>', refused.text)
    async with session(database) as s:
        assert await s.scalar(text("SELECT count(*) FROM core.feature")) == 0
    done = await moderator.post(f"{path}/approve", data=decision(new) | {"checked": "1", "how": "phone"})
    assert done.status_code == 303
    assert await checked() == ("phone", True, "phone moderator")
    async with session(database) as s:
        feature_id = await s.scalar(text("SELECT id FROM core.feature"))
        said = await s.scalar(text("SELECT count(*) FROM core.audit WHERE action = 'feature.verify'"))
    assert said == 1
    # A change that is taken back takes its check with it.
    change = await waiting(feature_id=feature_id, name="Łaźnia miejska")
    path = f"/desk/submissions/{change.id}"
    assert (
        await moderator.post(f"{path}/approve", data=decision(change) | {"how": "visit"})
    ).status_code == 303
    assert (await checked())[0] == "visit"
    undone = await moderator.post(f"{path}/undo", data={"version": str(change.version + 1)})
    assert undone.status_code == 303
    assert (await checked())[:2] == ("phone", True)


async def test_a_question_sends_the_submission_back(
    moderator: httpx2.AsyncClient, waiting: Waiting, database: Database
) -> None:
    submission = await waiting(name="Niejasne")
    url = f"/desk/submissions/{submission.id}/ask"
    assert (await moderator.post(url, data=decision(submission))).status_code == 422
    answer = await moderator.post(url, data=decision(submission, question="Które piętro?"))
    assert answer.status_code == 303
    async with session(database) as s:
        assert (await s.execute(text("SELECT state FROM core.submission"))).scalar_one() == "needs_changes"
        assert (
            await s.execute(text("SELECT body FROM core.submission_note"))
        ).scalar_one() == "Które piętro?"


async def test_a_change_shows_what_is_live_beside_what_is_proposed(
    moderator: httpx2.AsyncClient, waiting: Waiting, publish: Publish
) -> None:
    (made,) = await publish(aid_point("Stara nazwa"))
    submission = await waiting(name="Nowa nazwa", feature_id=made.feature_id)
    page = await moderator.get(f"/desk/submissions/{submission.id}")
    assert re.search(r"<del>\s*Stara</del>", page.text)
    assert re.search(r"<ins>\s*Nowa</ins>", page.text)


async def test_a_change_of_something_that_has_changed_since_is_refused(
    client: httpx2.AsyncClient, moderator: httpx2.AsyncClient, waiting: Waiting, publish: Publish
) -> None:
    (made,) = await publish(aid_point("Pierwsza"))
    first = await waiting(name="Druga", feature_id=made.feature_id)
    second = await waiting(name="Trzecia", feature_id=made.feature_id)
    for submission, status in ((first, 303), (second, 409)):
        answer = await moderator.post(f"/desk/submissions/{submission.id}/approve", data=decision(submission))
        assert answer.status_code == status
    assert await _public_names(client) == ["Druga"]


@pytest.mark.parametrize(
    "path", ["/desk", "/desk/inbox", "/desk/submissions/00000000-0000-0000-0000-000000000001"]
)
async def test_nobody_sees_the_desk_without_signing_in(client: httpx2.AsyncClient, path: str) -> None:
    answer = await client.get(path)
    assert answer.status_code == 401
    assert "/desk/sign-in" in answer.text


async def test_an_editor_does_not_decide(site: FastAPI, waiting: Waiting, client: httpx2.AsyncClient) -> None:
    submission = await waiting(name="Cudze")
    async with signed_in(site, Role.EDITOR, "editor@example.org") as editor:
        answer = await editor.post(f"/desk/submissions/{submission.id}/approve", data={"version": "2"})
        assert answer.status_code == 403
    assert await _public_names(client) == []


async def test_a_decision_from_another_site_is_refused(
    moderator: httpx2.AsyncClient, waiting: Waiting, client: httpx2.AsyncClient
) -> None:
    submission = await waiting(name="Podstęp")
    answer = await moderator.post(
        f"/desk/submissions/{submission.id}/approve",
        data=decision(submission),
        headers={"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"},
    )
    assert answer.status_code == 403
    assert await _public_names(client) == []


async def test_signing_out_ends_the_session_on_the_server(moderator: httpx2.AsyncClient) -> None:
    cookies = dict(moderator.cookies)
    assert (await moderator.get("/desk")).status_code == 200
    assert (await moderator.post("/desk/sign-out")).status_code == 303
    moderator.cookies.update(cookies)
    assert (await moderator.get("/desk")).status_code == 401


async def test_what_is_not_confirmed_waits_for_nobody(
    moderator: httpx2.AsyncClient, waiting: Waiting
) -> None:
    await waiting(name="Bez potwierdzenia", confirmed=False)
    assert "Bez potwierdzenia" not in (await moderator.get("/desk")).text


async def test_text_of_a_submission_is_text(moderator: httpx2.AsyncClient, waiting: Waiting) -> None:
    script = "<script>alert(1)</script>\"'"
    submission = await waiting(name=script, description={"texts": {"pl": script}, "source": "pl"})
    for path in ("/desk", f"/desk/submissions/{submission.id}"):
        page = (await moderator.get(path)).text
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert(1)" in page


async def test_a_decision_leads_to_what_waits_next_and_says_what_was_decided(
    moderator: httpx2.AsyncClient, waiting: Waiting
) -> None:
    first, second = await waiting(name="Pierwsze"), await waiting(name="Drugie")
    answer = await moderator.post(f"/desk/submissions/{second.id}/approve", data=decision(second))
    # Behind the last of the queue its front comes again.
    assert answer.headers["location"] == f"/desk/submissions/{first.id}?after={second.id}"
    page = await moderator.get(answer.headers["location"])
    assert "Opublikowano: Drugie" in page.text
    assert "<h1>Pierwsze</h1>" in page.text
    answer = await moderator.post(
        f"/desk/submissions/{first.id}/reject", data=decision(first, reason="duplicate")
    )
    assert answer.headers["location"] == f"/desk?after={first.id}"
    page = await moderator.get(answer.headers["location"])
    assert "Odrzucono: Pierwsze" in page.text
    assert "<ul>" not in page.text.split('id="queue"')[1].split("</section>")[0]


@pytest.mark.parametrize("after", ["x", "00000000-0000-0000-0000-000000000001", "<script>"])
async def test_an_address_that_was_made_up_says_nothing_of_a_decision(
    moderator: httpx2.AsyncClient, waiting: Waiting, after: str
) -> None:
    submission = await waiting(name="Czeka")
    for wrong in (after, str(submission.id)):
        page = await moderator.get("/desk", params={"after": wrong})
        assert page.status_code == 200
        assert 'id="decided"' not in page.text


@pytest.mark.parametrize(("form", "other"), [("reject", "ask"), ("ask", "reject")])
async def test_without_script_the_bar_of_decisions_unfolds_the_form_too(
    moderator: httpx2.AsyncClient, waiting: Waiting, form: str, other: str
) -> None:
    address = f"/desk/submissions/{(await waiting(name='Bez skryptu')).id}"
    page = (await moderator.get(address)).text
    assert f'href="?unfold={form}#{form}"' in page
    assert not re.search(r'id="(ask|reject)" open', page)
    page = (await moderator.get(address, params={"unfold": form})).text
    assert re.search(rf'id="{form}" open', page)
    assert not re.search(rf'id="{other}" open', page)


async def test_what_is_missing_is_said_at_its_field_in_its_own_form(
    moderator: httpx2.AsyncClient, waiting: Waiting
) -> None:
    submission = await waiting(name="Bez powodu")
    url, data = f"/desk/submissions/{submission.id}", decision(submission)
    page = (await moderator.post(f"{url}/reject", data=data)).text
    assert re.search(r'id="reject" open', page)
    assert re.search(r'id="problem".*?href="#reject"', page, re.DOTALL)
    assert not re.search(r'id="ask" open', page)
    page = (await moderator.post(f"{url}/ask", data=data)).text
    assert re.search(r'id="ask" open', page)
    assert 'id="question-error"' in page
    assert not re.search(r'id="reject" open', page)


async def test_what_was_shown_a_moment_ago_has_not_been_read(
    client: httpx2.AsyncClient, moderator: httpx2.AsyncClient, waiting: Waiting
) -> None:
    first, second = await waiting(name="Pierwsze"), await waiting(name="Drugie")
    acts: list[tuple[str, dict[str, str]]] = [
        ("approve", {}),
        ("reject", {"reason": "duplicate", "note": "To samo co obok."}),
        ("ask", {"question": "Które piętro?"}),
    ]
    for act, typed in acts:
        for shown in (
            decision(second, shown_for_s=0) | typed,
            # Of another submission, of another version, made up, without any.
            decision(second) | typed | {"shown": decision(first)["shown"]},
            decision(second, version=second.version + 1) | typed | {"version": str(second.version)},
            decision(second) | typed | {"shown": "1.aa"},
            decision(second) | typed | {"shown": "ą.ą"},
            {"version": str(second.version), **typed},
        ):
            answer = await moderator.post(f"/desk/submissions/{second.id}/{act}", data=shown)
            assert answer.status_code == 409
            assert "<h1>Drugie</h1>" in answer.text
            assert "Najpierw przeczytaj, potem zdecyduj." in answer.text
            # Nothing that was typed is lost, and it is in sight.
            assert all(value in answer.text for value in typed.values())
            assert bool(typed) == bool(re.search(rf'id="{act}" open', answer.text))
    assert await _public_names(client) == []
    assert (await moderator.get("/desk")).text.count("Drugie") == 1
    sent = decision(second)
    assert (await moderator.post(f"/desk/submissions/{second.id}/approve", data=sent)).status_code == 303
    assert await _public_names(client) == ["Drugie"]


async def test_the_map_of_a_review_is_told_what_is_near(
    moderator: httpx2.AsyncClient, waiting: Waiting, publish: Publish
) -> None:
    await publish(
        aid_point("Obok & naprzeciw"), aid_point("Daleko", place={"position": {"lng": 21, "lat": 51}})
    )
    page = (await moderator.get(f"/desk/submissions/{(await waiting(name='Nowe')).id}")).text
    near = re.search(r'data-near="([^"]*)"', page)
    assert near
    assert json.loads(html.unescape(near[1])) == [[20.6286, 50.8661, "Obok & naprzeciw"]]
    # What is asked for is said once, on every page of the queue.
    assert (await moderator.get("/desk")).text.count("<h1") == 1
