"""A report about help that nobody else is to find: the answer in the visitor's mailbox does not name it."""

from fastapi import FastAPI

from app.accounts.roles import Role
from app.db import Database
from tests.functional.conftest import Mailbox, Publish, aid_point
from tests.functional.desk.conftest import signed_in
from tests.functional.pages.conftest import Person
from tests.functional.pages.test_reporting import reports, send

NAME = "Azyl Kanarek"


async def test_the_answer_about_a_refuge_does_not_name_it(
    person: Person, publish: Publish, database: Database, mailbox: Mailbox, site: FastAPI
) -> None:
    protected = {"disclosure": "contact_only", "area": {"code": "PL-1863", "name": "Rzeszów"}}
    (made,) = await publish(aid_point(NAME, services=[{"type": "violence_shelter"}], place=protected))
    page = await person.opens(f"/en/report/{made.feature_id}")
    await send(person, page, reason="wrong_hours", email="ola@poczta.pl")
    (report,) = await reports(database)
    async with signed_in(site, Role.MODERATOR, "mod@example.org") as desk:
        form = {"version": "1", "revision": "1", "outcome": "done", "note": "It is put right."}
        assert (await desk.post(f"/desk/reports/{report.id}/resolve", data=form)).status_code == 303
    (mail,) = await mailbox.collect()
    assert mail["Subject"] == "About your report"
    for kind in ("plain", "html"):
        body = mail.get_body((kind,))
        assert body is not None
        assert "The moderator writes:" in body.get_content()
        assert "It is put right." in body.get_content()
    assert "Kanarek" not in str(mail)
