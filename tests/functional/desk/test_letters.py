"""Administrators give letters their own words: looked at, tried on themselves, used by the next mail, and put back."""

import re
from typing import Any, Final

import httpx2
from sqlalchemy import text

from app.accounts.roles import Role
from app.db import Database, session
from app.mail.letter_kinds import KINDS
from tests.functional.conftest import ORIGIN, Mailbox, links_in
from tests.functional.desk.conftest import Waiting, decision, somebody

Client = httpx2.AsyncClient
ANNA = "anna@kielce.example"
SIGN_IN = "/desk/letters/sign_in/pl"
BODY = "Dzień dobry,\n\noto wejście do Kielc:\n\n{link}\n\nDziała {minutes} minut."
WARNING = "jeśli to nie Ty, nic nie rób"


administrator = somebody(Role.ADMINISTRATOR, ANNA)


def typed(act: str, *, base: int = 0, subject: str = "Wejście do Kielc", body: str = BODY) -> dict[str, str]:
    return {"act": act, "base": str(base), "subject": subject, "body": body}


def plain(message: Any) -> str:
    part = message.get_body(("plain",))
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n")


def missing_in(page: str) -> list[str]:
    """The placeholders that the list says are missing."""
    rows = re.findall(r"<li><code[^>]*>([^<]+)</code>(.*?)</li>", page, re.DOTALL)
    return [name for name, said in rows if "brakuje" in said]


async def audited(database: Database) -> list[tuple[str, str]]:
    async with session(database) as s:
        rows = await s.execute(
            text("SELECT action, object_id FROM core.audit WHERE object_type = 'letter' ORDER BY id")
        )
        return [(row.action, row.object_id) for row in rows]


async def ask_to_sign_in(client: Client, mailbox: Mailbox) -> Any:
    await client.post("/desk/sign-in", data={"email": ANNA}, headers={"Accept-Language": "pl"})
    [mail] = await mailbox.collect()
    return mail


async def test_the_next_letter_has_the_new_words_and_a_worker_that_runs_needs_no_start(
    client: Client, administrator: Client, mailbox: Mailbox, database: Database
) -> None:
    before = await ask_to_sign_in(client, mailbox)
    assert (await administrator.post(SIGN_IN, data=typed("keep"))).status_code == 303
    after = await ask_to_sign_in(client, mailbox)
    assert before["Subject"] != after["Subject"] == "Wejście do Kielc"
    assert "oto wejście do Kielc:" in plain(after)
    [link] = [one for one in links_in(after) if "/desk/sign-in" in one]
    assert link in after.get_body(("html",)).get_content()
    # Why somebody gets it, and what to do if it was not them, stands under every one of these.
    assert plain(after).rpartition("--")[2] == plain(before).rpartition("--")[2]
    assert (await administrator.post(SIGN_IN, data={"act": "products", "base": "1"})).status_code == 303
    assert (await ask_to_sign_in(client, mailbox))["Subject"] == before["Subject"]


async def test_words_of_one_language_change_no_other(
    client: Client, administrator: Client, mailbox: Mailbox
) -> None:
    await administrator.post("/desk/letters/sign_in/uk", data=typed("keep"))
    assert (await ask_to_sign_in(client, mailbox))["Subject"] != "Wejście do Kielc"


async def test_a_decision_says_its_reason_in_the_new_words_and_the_moderator_sees_them_before(
    administrator: Client, waiting: Waiting, mailbox: Mailbox
) -> None:
    body = "O „{name}”:\n\n{reason}\n\nOd nas:\n{note}\n\n{status}"
    form = typed("keep", subject="Про {name}", body=body)
    assert (await administrator.post("/desk/letters/rejected/uk", data=form)).status_code == 303
    submission = await waiting()
    await mailbox.collect()
    reject = f"/desk/submissions/{submission.id}/reject"
    given: dict[str, Any] = {"reason": "closed", "note": "Ми там були."}
    look = await administrator.post(reject, data=decision(submission, **given, preview="1"))
    assert "Od nas:" in look.text
    assert (await administrator.post(reject, data=decision(submission, **given))).status_code == 303
    [mail] = await mailbox.collect()
    assert mail["Subject"] == "Про Jadłodajnia „Ciepły Stół”"
    assert "Od nas:\nМи там були." in plain(mail)
    assert f"{ORIGIN}/uk/status/" in plain(mail)


WRONG: Final[tuple[tuple[dict[str, Any], str], ...]] = (
    ({"subject": ""}, "subject"),
    ({"subject": "A\r\nBcc: b@example.org"}, "subject"),
    ({"subject": "{link}"}, "subject"),
    ({"body": BODY.replace("{link}", "")}, "body"),
    ({"body": BODY + " {{ 7*7 }}"}, "body"),
    ({"body": BODY + " {link.__class__}"}, "body"),
    ({"body": BODY + " https://evil.example"}, "body"),
    ({"body": "x" * 3001}, "body"),
)


async def test_what_is_wrong_is_said_and_neither_kept_nor_sent(
    administrator: Client, mailbox: Mailbox, database: Database
) -> None:
    for act in ("keep", "try", "look"):
        for change, field in WRONG:
            answer = await administrator.post(SIGN_IN, data=typed(act, **change))
            assert answer.status_code == 422, change
            assert f'id="{field}-error"' in answer.text, change
    # The list of placeholders says which one it is.
    answer = await administrator.post(SIGN_IN, data=typed("keep", body="Zaloguj się: {link}"))
    assert missing_in(answer.text) == ["{minutes}"]
    assert await mailbox.collect() == []
    assert await audited(database) == []


async def test_a_look_shows_the_words_with_a_samples_values_and_keeps_nothing(
    administrator: Client, database: Database
) -> None:
    answer = await administrator.post(SIGN_IN, data=typed("look", body=BODY + "\n\n<b>Kielce</b>"))
    assert answer.status_code == 200
    shown = answer.text.partition('id="look"')[2]
    assert "Działa 15 minut." in shown
    assert "&lt;b&gt;Kielce&lt;/b&gt;" in shown
    assert await audited(database) == []


async def test_a_trial_goes_by_the_worker_to_whoever_asks_and_to_nobody_else_and_not_without_end(
    administrator: Client, mailbox: Mailbox, database: Database
) -> None:
    form = typed("try") | {"to": "victim@example.org", "email": "victim@example.org"}
    assert (await administrator.post(SIGN_IN, data=form)).status_code == 200
    [mail] = await mailbox.collect()
    assert mail["To"] == ANNA
    assert mail["Subject"] == "Wejście do Kielc"
    assert "oto wejście do Kielc:" in plain(mail)
    # What the link of a trial opens is the page of signing in, and nobody is signed in by it.
    assert f"{ORIGIN}/desk/sign-in\n" in plain(mail)
    codes = [(await administrator.post(SIGN_IN, data=form)).status_code for _ in range(12)]
    assert 429 in codes
    assert len(await mailbox.collect()) < 12
    assert ("letter.tried", "sign_in:pl") in await audited(database)
    async with session(database) as s:
        assert (await s.execute(text("SELECT count(*) FROM core.letter_wording"))).scalar_one() == 0


async def test_what_a_letter_said_is_kept_and_can_be_said_again(
    administrator: Client, database: Database
) -> None:
    await administrator.post(SIGN_IN, data=typed("keep", subject="Pierwsze"))
    await administrator.post(SIGN_IN, data=typed("keep", subject="Drugie", base=1))
    await administrator.post(SIGN_IN, data={"act": "products", "base": "2"})
    back = {"act": "back", "base": "3", "number": "1"}
    assert (await administrator.post(SIGN_IN, data=back)).status_code == 303
    page = (await administrator.get(SIGN_IN)).text
    assert 'value="Pierwsze"' in page
    assert "Drugie" in page
    assert [action for action, _ in await audited(database)] == [
        "letter.changed", "letter.changed", "letter.products_words", "letter.put_back",
    ]  # fmt: skip
    assert (await administrator.get("/desk/letters")).text.count("Własna treść") == 1


async def test_of_two_who_change_a_letter_the_second_is_told_and_loses_no_word(
    administrator: Client, database: Database
) -> None:
    await administrator.post(SIGN_IN, data=typed("keep", subject="Pierwsze"))
    late = await administrator.post(SIGN_IN, data=typed("keep", subject="Spóźnione"))
    assert late.status_code == 409
    assert 'value="Spóźnione"' in late.text
    assert 'value="Pierwsze"' in (await administrator.get(SIGN_IN)).text
    assert len(await audited(database)) == 1


async def test_words_that_do_not_fit_any_more_give_way_to_the_programs_so_that_no_letter_is_lost(
    client: Client, mailbox: Mailbox, database: Database, administrator: Client
) -> None:
    async with session(database) as s:
        await s.execute(
            text(
                "INSERT INTO core.letter_wording (kind, language, number, subject, body)"
                " VALUES ('sign_in', 'pl', 1, 'Stare', '{what_was_once}')"
            )
        )
    mail = await ask_to_sign_in(client, mailbox)
    assert mail["Subject"] != "Stare"
    assert any("/desk/sign-in" in link for link in links_in(mail))


async def test_every_letter_has_a_page_in_every_language(administrator: Client) -> None:
    listed = (await administrator.get("/desk/letters")).text
    assert listed.count('href="/desk/letters/') == 6 * len(KINDS)
    for key in KINDS:
        assert (await administrator.get(f"/desk/letters/{key}/ro")).status_code == 200
    for nowhere in ("/desk/letters/no_such/pl", "/desk/letters/sign_in/xx", "/desk/letters/sign_in/PL"):
        assert (await administrator.get(nowhere)).status_code == 404
