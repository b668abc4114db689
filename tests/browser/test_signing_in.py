"""A link of a mail is opened in another browser than the one that asked, and another site tries what it can (SECURITY B2, B3, C1)."""

import asyncio
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.async_api import Page, Request, expect

from tests.browser.conftest import Installation, MakeVisitor, link_in

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("no_tries_before")]
IZA = "iza@kielce.example"
ENCTYPES = ("application/x-www-form-urlencoded", "multipart/form-data", "text/plain")


@pytest.fixture
def other_site() -> Iterator[str]:
    """The address of a site that is not ours: empty pages, and what a page of it does is up to whoever opens it."""

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(b"<!doctype html><title>Another site</title>")

        def log_message(self, *_said: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Answer) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        # By another name than ours: to a browser that is another site.
        yield f"http://localhost:{server.server_port}/"
        server.shutdown()
        thread.join()


async def test_b2_b3_c1_a_link_needs_the_code_elsewhere_and_no_other_site_can_use_who_is_signed_in(
    installation: Installation, visitor: MakeVisitor, other_site: str
) -> None:
    address = installation.address
    installation.command("users", "grant", "moderator", IZA)
    asking = await (await visitor()).page()
    await asking.goto(f"{address}/desk/sign-in")
    await asking.locator("input[name=email]").fill(IZA)
    await asking.locator("input[name=email]").press("Enter")
    code = await asking.locator("main strong.nobr").text_content()
    mail = await asyncio.to_thread(installation.mail.wait_for, IZA, "/desk/sign-in/link")
    link = link_in(mail)
    token = link.partition("#")[2]

    # In another browser the link is out of the address at once, signs nobody in, and asks for the code of the first one.
    other = await visitor()
    page, asked = await other.page(), list[Request]()

    def note(request: Request) -> None:
        asked.append(request)

    page.on("request", note)
    await page.goto(link)
    await expect(page.locator("input[name=token]")).to_have_value(token)
    await expect(page).to_have_url(f"{address}/desk/sign-in/link")
    await page.locator("main form button[type=submit]").click()
    await expect(page.locator("input[name=code]")).to_be_visible()
    assert (await other.context.request.get(f"{address}/desk")).status == 401
    await page.locator("input[name=code]").fill(code or "")
    await page.locator("main form button[type=submit]").click()
    await expect(page).to_have_url(f"{address}/desk")
    for request in asked:
        assert token not in request.url
        assert token not in (await request.all_headers()).get("referer", "")

    evil = await other.page()
    for path in ("/desk/sign-out", "/desk/sign-in/link", "/desk/sign-in", "/desk/language"):
        for enctype in ENCTYPES:
            await evil.goto(other_site)
            assert await _form_is_answered(evil, f"{address}{path}", enctype) == 403, (path, enctype)
    await evil.goto(other_site)
    # What is answered to this a browser tells nobody.
    fetched = (
        "to => fetch(to, {method: 'POST', mode: 'no-cors', credentials: 'include', body: 'x'}).catch(() => 0)"
    )
    await evil.evaluate(f"async to => {{ await ({fetched})(to); }}", f"{address}/desk/sign-out")
    assert (await other.context.request.get(f"{address}/desk")).status == 200


async def _form_is_answered(page: Page, to: str, enctype: str) -> int:
    # The page of the refusal has come when the next one is asked for.
    async with page.expect_event("load"), page.expect_response(to) as answered:
        await page.evaluate(
            """([to, enctype]) => {
              const form = Object.assign(document.createElement("form"), {method: "post", action: to, enctype});
              for (const [name, value] of [["email", "evil@example.org"], ["token", "x"], ["language", "uk"]])
                form.append(Object.assign(document.createElement("input"), {name, value}));
              document.body.append(form);
              form.submit();
            }""",
            [to, enctype],
        )
    return (await answered.value).status
