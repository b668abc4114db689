"""A list on somebody else's website: only this page may stand in a frame, and nothing in it changes what it shows."""

import httpx2

from tests.functional.conftest import Publish, aid_point
from tests.functional.html_page import HtmlPage


async def test_a_list_stands_in_any_frame_as_it_was_asked_for_and_everything_else_in_none(
    client: httpx2.AsyncClient, publish: Publish
) -> None:
    await publish(
        aid_point("Stołówka", contacts=[{"kind": "phone", "value": "+48413445599"}]),
        aid_point("Poradnia", services=[{"type": "legal_advice"}]),
    )
    address = "/en/embed?service=hot_meals"
    answer = await client.get(address)
    page = HtmlPage(answer.text)
    assert page.unbalanced == []
    assert "Stołówka" in answer.text
    assert "Poradnia" not in answer.text
    assert [one for tag in ("form", "input", "script", "iframe") for one in page.all(tag)] == []
    assert '<base target="_blank">' in answer.text
    assert "set-cookie" not in answer.headers
    again = await client.get(address, headers={"If-None-Match": answer.headers["etag"]})
    assert again.status_code == 304
    for framed in (answer, again):
        policy = framed.headers["content-security-policy"]
        assert "frame-ancestors *" in policy
        assert "form-action 'none'" in policy
        assert "default-src 'none'" in policy

    finder = await client.get("/en/?service=hot_meals")
    assert "/en/embed/code?service=hot_meals" in finder.text
    code = await client.get("/en/embed/code?service=hot_meals&q=%22%3E%3C/textarea%3E%3Cscript%3E")
    shown = HtmlPage(code.text)
    assert shown.unbalanced == []
    assert "<script>" not in code.text
    assert "&lt;iframe src=" in code.text
    assert "http://testserver/en/embed?" in code.text
    assert "&lt;/textarea" not in code.text
    for other in (finder, code, await client.get("/desk/sign-in"), await client.get("/en/embed/nothing")):
        assert "frame-ancestors 'none'" in other.headers["content-security-policy"]
