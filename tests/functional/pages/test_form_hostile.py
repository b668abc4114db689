"""What no page of a form sends: answered, and never by an error of ours."""

import pytest

from tests.functional.pages.conftest import Person


@pytest.mark.parametrize("at", ["0100", "01", "11", "²", ""])
async def test_a_step_that_is_none_is_taken_for_the_first(person: Person, at: str) -> None:
    page = await person.opens("/pl/add/aid_points")
    # Something is kept, which is put together with what is sent.
    await person.presses(page, "next")
    answer = await person.sends(page.url, [("at", at), ("name", "Jadłodajnia"), ("action", "next")])
    assert answer.status == 422
    assert answer.url == page.url
    assert answer.fields["name"] == ["Jadłodajnia"]
