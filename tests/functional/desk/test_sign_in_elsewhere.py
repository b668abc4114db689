"""Signing in with a municipality, against a real service over HTTP with faults of every kind."""

import asyncio
import contextlib
import functools
import re
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx2
import pyotp
import pytest
from fastapi import FastAPI
from joserfc.jwk import ECKey, RSAKey
from pydantic import SecretStr
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from app.accounts.audit import Actor
from app.accounts.granting import Wanted, grant_role, new_member, propose
from app.accounts.oidc import asking, kept
from app.accounts.oidc.service import Services
from app.accounts.roles import Role
from app.accounts.sign_in import make_one_time_link
from app.accounts.users import reset_second_step, suspend
from app.config import IdentityProvider, Settings
from app.db import Database, session
from app.desk import sign_in_elsewhere
from app.web.rate_limit import Limit
from tests.functional.conftest import ORIGIN, Mailbox
from tests.functional.desk.conftest import signed_in
from tests.sign_in_service import CLIENT_ID, CLIENT_SECRET, Person, SignInService, running_service

ANNA = "anna@gdansk.example"


@functools.cache
def rsa_key() -> RSAKey:
    """One for all: to make it takes longer than most of these tests."""
    return RSAKey.generate_key(2048, auto_kid=True)


def provider(service: SignInService, domains: str = "gdansk.example", **more: Any) -> IdentityProvider:
    return IdentityProvider(
        issuer=service.issuer,
        client_id=CLIENT_ID,
        client_secret=CLIENT_SECRET,
        name="Miasto Gdańsk",
        mail_domains=domains,
        **more,
    )


@pytest.fixture
def service() -> Iterator[SignInService]:
    with running_service(key=rsa_key()) as running:
        yield running


def set_up(site: FastAPI, **providers: IdentityProvider) -> None:
    """Set services up, as an operator does in the environment."""
    settings: Settings = site.state.settings.model_copy(update={"oidc": providers})
    site.state.settings, site.state.services = settings, Services(settings)


@pytest.fixture(autouse=True)
async def anna(site: FastAPI, service: SignInService, database: Database) -> None:
    """A moderator who was invited, of a municipality whose service is set up."""
    set_up(site, gdansk=provider(service))
    async with session(database) as s:
        await grant_role(s, ANNA, Role.MODERATOR)


@contextlib.asynccontextmanager
async def browser(site: FastAPI, address: str = "192.0.2.1") -> AsyncIterator[httpx2.AsyncClient]:
    transport = httpx2.ASGITransport(app=site, client=(address, 1), raise_app_exceptions=False)
    headers = {"Sec-Fetch-Site": "same-origin", "Origin": ORIGIN}
    async with httpx2.AsyncClient(transport=transport, base_url=ORIGIN, headers=headers) as opened:
        yield opened


@pytest.fixture
async def client(site: FastAPI) -> AsyncIterator[httpx2.AsyncClient]:
    async with browser(site) as opened:
        yield opened


async def sent_on(client: httpx2.AsyncClient, name: str = "gdansk") -> str:
    """Press the button and give the address that the browser is sent on to."""
    answer = await client.post(f"/desk/sign-in/with/{name}")
    assert answer.status_code == 200, answer.text
    return answer.headers["refresh"].removeprefix("0; url=")


async def came_back(client: httpx2.AsyncClient, address: str) -> httpx2.Response:
    """Come back as from another website."""
    return await client.get(address.removeprefix(ORIGIN), headers={"Sec-Fetch-Site": "cross-site"})


async def sign_in(client: httpx2.AsyncClient, service: SignInService) -> httpx2.Response:
    """Go there, be signed in there, and come back."""
    return await came_back(client, service.authorize(await sent_on(client)))


async def stored(database: Database, what: str) -> Any:
    async with session(database) as s:
        return (await s.execute(text(f"SELECT {what}"))).scalar()


async def assert_nobody_came_in(client: httpx2.AsyncClient, database: Database) -> None:
    assert "pomapa" not in client.cookies
    assert (await client.get("/desk")).status_code == 401
    assert await stored(database, "count(*) FROM core.session") == 0
    assert await stored(database, "count(*) FROM core.identity") == 0


async def test_who_was_invited_signs_in_and_is_told_by_mail_the_first_time(
    client: httpx2.AsyncClient,
    site: FastAPI,
    service: SignInService,
    database: Database,
    mailbox: Mailbox,
) -> None:
    page = (await client.get("/desk/sign-in")).text
    assert "Miasto Gdańsk" in page
    client.cookies.set("pomapa", "planted-by-somebody", domain="testserver.local")
    going = await client.post("/desk/sign-in/with/gdansk")
    assert going.headers["cache-control"] == "no-store"
    (cookie,) = going.headers.get_list("set-cookie")
    assert re.fullmatch(
        r"pomapa-attempt=[\w-]{43}; HttpOnly; Max-Age=600; Path=/; SameSite=lax", cookie, re.IGNORECASE
    )
    answer = await came_back(client, service.authorize(going.headers["refresh"].removeprefix("0; url=")))
    assert (answer.status_code, answer.headers["location"]) == (303, "/desk"), answer.text
    assert client.cookies["pomapa"] != "planted-by-somebody"
    assert "pomapa-attempt" not in client.cookies
    assert (await client.get("/desk")).status_code == 200
    (mail,) = await mailbox.collect()
    assert mail["To"] == ANNA
    body = mail.get_body(("plain",))
    assert body is not None
    assert "Miasto Gdańsk" in body.get_content()
    first = client.cookies["pomapa"]
    # From then on by what the service calls her, whatever has become of her address; under a new session (B8).
    service.person = Person(email="panna.anna@elsewhere.example", verified=False)
    assert (await sign_in(client, service)).status_code == 303
    assert client.cookies["pomapa"] != first
    assert await mailbox.collect() == []
    actions = "string_agg(action, ' ' ORDER BY id) FROM core.audit WHERE action NOT LIKE 'user.grant%'"
    told = await stored(database, actions)
    assert told == "user.identity_connected user.signed_in user.signed_in"
    assert await stored(database, "count(*) FROM core.grant") == 1
    async with browser(site) as thief:
        thief.cookies.set("pomapa", first)
        assert (await thief.get("/desk")).status_code == 401


async def test_nothing_is_offered_where_no_service_is_set_up(
    client: httpx2.AsyncClient, site: FastAPI
) -> None:
    set_up(site)
    assert "/desk/sign-in/with/" not in (await client.get("/desk/sign-in")).text
    answer = await client.post("/desk/sign-in/with/gdansk")
    assert answer.status_code == 410
    assert "/desk/sign-in" in answer.text


async def test_an_attempt_is_bound_to_its_browser_and_works_once(
    client: httpx2.AsyncClient, site: FastAPI, service: SignInService, database: Database
) -> None:
    back = service.authorize(await sent_on(client))
    async with browser(site) as other:
        assert (await came_back(other, back)).status_code == 410
        await sent_on(other)
        assert (await came_back(other, back)).status_code == 410
    await assert_nobody_came_in(client, database)
    # Of several at once one comes in.
    answers = await asyncio.gather(*(came_back(client, back) for _ in range(8)))
    assert sorted(answer.status_code for answer in answers) == [303] + [410] * 7
    assert await stored(database, "count(*) FROM core.session") == 1
    assert (await came_back(client, back)).status_code == 410
    assert len(service.forms) == 1


async def test_what_is_sent_is_new_each_time_and_kept_nowhere(
    client: httpx2.AsyncClient, service: SignInService, database: Database
) -> None:
    browsers = []
    for _ in range(2):
        await sent_on(client)
        browsers.append(client.cookies["pomapa-attempt"])
        service.authorize(await sent_on(client))
    asked, rows = (
        service.authorizations,
        await stored(database, "string_agg(t::text, ' ') FROM core.sign_in_attempt t"),
    )
    for name in ("state", "nonce", "code_challenge"):
        assert asked[0][name] != asked[1][name]
        for form in (asked[0][name], asked[0][name].encode().hex()):
            assert form not in rows
    assert len(set(browsers)) == 2
    assert asked[0]["redirect_uri"] == f"{ORIGIN}/desk/sign-in/from/gdansk"
    assert asked[0]["scope"] == "openid email"


async def test_an_attempt_lasts_ten_minutes(
    client: httpx2.AsyncClient, service: SignInService, database: Database
) -> None:
    back = service.authorize(await sent_on(client))
    lasts = "extract(epoch FROM expires_at - created_at) FROM core.sign_in_attempt"
    assert await stored(database, lasts) == 600
    async with session(database) as s:
        await s.execute(text("UPDATE core.sign_in_attempt SET expires_at = now()"))
    assert (await came_back(client, back)).status_code == 410
    await assert_nobody_came_in(client, database)


async def test_the_code_of_somebody_else_does_not_sign_in(
    client: httpx2.AsyncClient, site: FastAPI, service: SignInService, database: Database
) -> None:
    """An attacker puts the victim's code into an attempt of their own, or theirs into one of the victim's."""
    stolen = parse_qs(urlsplit(service.authorize(await sent_on(client))).query)["code"][0]
    own = service.authorize(await sent_on(client))
    injected = re.sub("code=[^&]+", f"code={stolen}", own)
    assert (await came_back(client, injected)).status_code == 410
    # It is used up, so the right one comes too late.
    assert (await came_back(client, own)).status_code == 410
    await assert_nobody_came_in(client, database)


async def test_a_token_that_does_not_hold_signs_nobody_in(
    client: httpx2.AsyncClient, service: SignInService, database: Database
) -> None:
    """All that can be wrong with one: `tests/unit/accounts/oidc/test_id_token.py`."""
    for fault, claims in (("", {"nonce": "another"}), ("none", {}), ("hs256", {}), ("", {"aud": "another"})):
        service.faults, service.claims = {fault}, claims
        answer = await sign_in(client, service)
        assert answer.status_code == 502, (fault, claims)
        assert 'href="/desk/sign-in"' in answer.text
    await assert_nobody_came_in(client, database)


async def test_a_new_key_of_the_service_is_looked_up_once(
    client: httpx2.AsyncClient, service: SignInService, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.accounts.oidc.service.LOOK_AGAIN_S", 600)
    assert (await sign_in(client, service)).status_code == 303
    service.key = ECKey.generate_key("P-256", auto_kid=True)
    # Looked up just now: whoever sends tokens with made-up keys makes us ask no more often.
    assert (await sign_in(client, service)).status_code == 502
    monkeypatch.setattr("app.accounts.oidc.service.LOOK_AGAIN_S", 0)
    assert (await sign_in(client, service)).status_code == 303
    assert service.asked.count("discovery") == 1
    assert service.asked.count("keys") == 2


FAULTS = {
    "down": 503,
    "slow": 503,
    "huge": 502,
    "no json": 502,
    "redirect": 502,
}


@pytest.mark.parametrize("fault", FAULTS)
async def test_a_service_that_does_not_answer_well_signs_nobody_in(
    client: httpx2.AsyncClient,
    site: FastAPI,
    service: SignInService,
    database: Database,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    fault: str,
) -> None:
    for step in ("discovery", "token", "keys"):
        # Known of it is nothing.
        set_up(site, gdansk=provider(service))
        service.faults = {f"{step} {fault}"}
        hurry = 0.5 if fault == "slow" else 60.0
        monkeypatch.setattr(asking, "PATIENCE_S", hurry if step == "discovery" else 60.0)
        answer = await client.post("/desk/sign-in/with/gdansk")
        if step != "discovery":
            monkeypatch.setattr(asking, "PATIENCE_S", hurry)
            back = service.authorize(answer.headers["refresh"].removeprefix("0; url="))
            answer = await came_back(client, back)
        assert answer.status_code == FAULTS[fault], step
        assert ("retry-after" in answer.headers) == (FAULTS[fault] == 503)
        logged = capsys.readouterr().out
        assert "signing in with a municipality failed" in logged
        assert CLIENT_SECRET not in logged
    await assert_nobody_came_in(client, database)


async def test_a_service_that_stands_still_is_left_alone_for_a_while(
    client: httpx2.AsyncClient, site: FastAPI, service: SignInService, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept, "REST_S", 600)
    service.faults = {"discovery down"}
    for _ in range(3):
        assert (await client.post("/desk/sign-in/with/gdansk")).status_code == 503
    assert service.asked == ["discovery"]
    # And is asked again after it.
    monkeypatch.setattr(kept, "REST_S", 0)
    set_up(site, gdansk=provider(service))
    assert (await client.post("/desk/sign-in/with/gdansk")).status_code == 503
    service.faults = set()
    assert (await client.post("/desk/sign-in/with/gdansk")).status_code == 200


ELSEWHERE: tuple[dict[str, Any], ...] = (
    {"issuer": "https://another.example"},
    {"issuer": None},
    {"token_endpoint": "http://127.0.0.1:1/token"},
    {"token_endpoint": None},
    {"jwks_uri": "http://127.0.0.1:1/keys"},
    {"jwks_uri": "file:///etc/passwd"},
    {"jwks_uri": "http://localhost@127.0.0.1:1/keys"},
    {"authorization_endpoint": "javascript:alert(1)"},
    {"authorization_endpoint": "https://another.example/authorize"},
)


async def test_only_the_service_s_own_host_is_asked_and_led_to(
    client: httpx2.AsyncClient, site: FastAPI, service: SignInService
) -> None:
    for metadata in ELSEWHERE:
        set_up(site, gdansk=provider(service))
        service.metadata = metadata
        answer = await client.post("/desk/sign-in/with/gdansk")
        assert answer.status_code == 502, metadata
        assert "refresh" not in answer.headers
        assert "pomapa-attempt" not in client.cookies
    assert service.asked == ["discovery"] * len(ELSEWHERE)


def _as_a_text(service: SignInService) -> None:
    service.person.verified = "true"


def _not_verified(service: SignInService) -> None:
    service.person.verified = False


def _without_an_address(service: SignInService) -> None:
    service.person.email = None


def _unknown(service: SignInService) -> None:
    service.person.email = "jan@gdansk.example"


def _of_another_domain(service: SignInService) -> None:
    service.person.email = "ola@fundacja.example"


def _of_a_longer_domain(service: SignInService) -> None:
    service.person.email = "ewa@biuro.gdansk.example"


def _suspended(service: SignInService) -> None:
    service.person.email = "suspended@gdansk.example"


def _proposed(service: SignInService) -> None:
    service.person.email = "proposed@gdansk.example"


def _no_address_at_all(service: SignInService) -> None:
    service.person.email = "gdansk.example"


async def test_b4_whoever_does_not_come_in_is_told_the_same(
    site: FastAPI, service: SignInService, database: Database
) -> None:
    async with session(database) as s:
        await grant_role(s, "ola@fundacja.example", Role.MODERATOR)
        await grant_role(s, "ewa@biuro.gdansk.example", Role.MODERATOR)
        await grant_role(s, "suspended@gdansk.example", Role.MODERATOR)
        await suspend(s, "suspended@gdansk.example")
        first = await grant_role(s, "first@gdansk.example", Role.ADMINISTRATOR)
        person = await new_member(s, "proposed@gdansk.example", "", "pl")
        await propose(s, person, Wanted.of(Role.MODERATOR), by=Actor("staff", first.id))
    cases: list[Callable[[SignInService], None]] = [
        _as_a_text, _not_verified, _without_an_address, _unknown, _of_another_domain, _of_a_longer_domain,
        _suspended, _proposed, _no_address_at_all,
    ]  # fmt: skip
    answers = set()
    for case in cases:
        service.person = Person(subject=case.__name__)
        case(service)
        async with browser(site) as client:
            answer = await sign_in(client, service)
            assert answer.status_code == 403, case.__name__
            await assert_nobody_came_in(client, database)
        headers = {name for name in answer.headers if name != "x-request-id"}
        answers.add((re.sub("[0-9a-f]{16,}", "", answer.text), tuple(sorted(headers))))
    assert len(answers) == 1


async def test_an_address_that_was_given_to_a_colleague_does_not_bring_them_the_account(
    client: httpx2.AsyncClient, site: FastAPI, service: SignInService, database: Database
) -> None:
    assert (await sign_in(client, service)).status_code == 303
    service.person = Person(subject="somebody-else")
    async with browser(site) as other:
        assert (await sign_in(other, service)).status_code == 403
    assert await stored(database, "string_agg(subject, ' ') FROM core.identity") == "a1b2c3"


async def test_no_service_speaks_for_the_people_of_another(
    client: httpx2.AsyncClient, site: FastAPI, service: SignInService, database: Database
) -> None:
    """Nobody connects an account of somebody else's before they do it themselves, nor takes it over after."""
    with running_service(key=rsa_key(), host="127.0.0.1") as hostile:
        set_up(site, gdansk=provider(service), sopot=provider(hostile, "sopot.example"))
        for _ in range(2):
            async with browser(site) as attacker:
                back = hostile.authorize(await sent_on(attacker, "sopot"))
                assert (await came_back(attacker, back)).status_code == 403
            # Now she is connected herself, and the other service calls somebody by the same name.
            assert (await sign_in(client, service)).status_code == 303
        assert await stored(database, "string_agg(issuer, ' ') FROM core.identity") == service.issuer


async def test_what_was_begun_with_one_service_does_not_end_with_another(
    client: httpx2.AsyncClient, site: FastAPI, service: SignInService, database: Database
) -> None:
    """The mix-up of two services (RFC 9700, 4.4)."""
    with running_service(key=rsa_key(), host="127.0.0.1") as hostile:
        set_up(site, gdansk=provider(service), sopot=provider(hostile, "sopot.example"))
        back = service.authorize(await sent_on(client))
        mixed = back.replace("/from/gdansk", "/from/sopot")
        assert (await came_back(client, mixed)).status_code == 410
        # The code was shown to nobody, and the attempt is used up.
        assert hostile.forms == []
        assert (await came_back(client, back)).status_code == 410
        # A service that names itself names itself rightly.
        service.faults = {"names itself"}
        assert (await sign_in(client, service)).status_code == 502
        assert len(service.forms) == 0
    await assert_nobody_came_in(client, database)


async def test_a_service_that_says_it_names_itself_has_to(
    client: httpx2.AsyncClient, service: SignInService, database: Database
) -> None:
    service.metadata = {"authorization_response_iss_parameter_supported": True}
    assert (await sign_in(client, service)).status_code == 502
    back = service.authorize(await sent_on(client))
    assert (await came_back(client, f"{back}&iss={service.issuer}")).status_code == 303


async def test_the_service_is_shown_our_secret_as_it_wants_it(
    client: httpx2.AsyncClient, site: FastAPI, service: SignInService
) -> None:
    for methods in (None, ["client_secret_basic"], ["client_secret_basic", "client_secret_post"]):
        set_up(site, gdansk=provider(service))
        service.metadata = {"token_endpoint_auth_methods_supported": methods}
        assert (await sign_in(client, service)).status_code == 303
    assert ["client_secret" in form for form in service.forms] == [False, False, True]


async def test_a_wrong_secret_is_our_fault_and_said_in_the_log(
    client: httpx2.AsyncClient, site: FastAPI, service: SignInService, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong = provider(service).model_copy(update={"client_secret": SecretStr("wrong")})
    set_up(site, gdansk=wrong)
    assert (await sign_in(client, service)).status_code == 502
    assert "no token: status 401" in capsys.readouterr().out


async def test_whoever_gives_up_there_is_told_so(client: httpx2.AsyncClient, service: SignInService) -> None:
    state = parse_qs(urlsplit(await sent_on(client)).query)["state"][0]
    answer = await client.get(
        f"/desk/sign-in/from/gdansk?error=access_denied&error_description=%3Cb%3Eboo&state={state}"
    )
    assert answer.status_code == 403
    assert "boo" not in answer.text
    assert service.forms == []


async def test_it_leads_to_the_desk_and_nowhere_else(
    client: httpx2.AsyncClient, service: SignInService
) -> None:
    back = service.authorize(await sent_on(client))
    more = "&next=https://evil.example&redirect_uri=https://evil.example&return_to=//evil.example"
    assert (await came_back(client, back + more)).headers["location"] == "/desk"


async def test_a5_whoever_is_suspended_is_out_and_stays_out(
    client: httpx2.AsyncClient, service: SignInService, database: Database
) -> None:
    assert (await sign_in(client, service)).status_code == 303
    back = service.authorize(await sent_on(client))
    async with session(database) as s:
        await suspend(s, ANNA)
    assert (await client.get("/desk")).status_code == 401
    assert (await came_back(client, back)).status_code == 403
    assert (await sign_in(client, service)).status_code == 403


async def own_app(client: httpx2.AsyncClient) -> pyotp.TOTP:
    """Connect an app for codes in the browser of somebody signed in."""
    assert (await client.post("/desk/account/connect", data={"code": ""})).status_code == 303
    page = (await client.get("/desk/account/second-step")).text
    key = re.search(r'<code class="typed-key">(.*?)</code>', page)
    assert key
    app = pyotp.TOTP(re.sub(r"<[^>]+>|\s", "", key[1]))
    answer = await client.post("/desk/account/second-step", data={"code": app.now()})
    assert answer.status_code == 200, answer.text
    return app


async def lead_to(client: httpx2.AsyncClient, page: str = "/desk") -> str | None:
    return (await client.get(page)).headers.get("location")


@pytest.mark.parametrize("counting", [(), ("mfa",)])
async def test_a_second_step_of_their_own_is_asked_for_whatever_the_service_says(
    client: httpx2.AsyncClient, site: FastAPI, service: SignInService, counting: tuple[str, ...]
) -> None:
    async with signed_in(site, Role.MODERATOR, ANNA) as own:
        await own_app(own)
    set_up(site, gdansk=provider(service, second_step=counting))
    service.person.more = {"amr": ["pwd", "mfa"]}
    # However often they come: no service takes away what there was before it.
    for _ in range(2):
        assert (await sign_in(client, service)).status_code == 303
        assert await lead_to(client) == "/desk/sign-in/code"
    service.person.more = {"amr": ["pwd"]}
    assert (await sign_in(client, service)).status_code == 303
    assert await lead_to(client) == "/desk/sign-in/code"


async def test_a_second_step_there_that_counted_before_there_was_one_here_still_counts(
    client: httpx2.AsyncClient, site: FastAPI, service: SignInService
) -> None:
    set_up(site, gdansk=provider(service, second_step=("mfa",)))
    service.person.more = {"amr": ["pwd", "mfa"]}
    assert (await sign_in(client, service)).status_code == 303
    await own_app(client)
    assert (await sign_in(client, service)).status_code == 303
    assert await lead_to(client) is None
    service.person.more = {"amr": ["pwd"]}
    assert (await sign_in(client, service)).status_code == 303
    assert await lead_to(client) == "/desk/sign-in/code"


async def test_who_passes_a_second_step_there_cannot_be_taken_over_by_mail(
    client: httpx2.AsyncClient, site: FastAPI, service: SignInService, database: Database
) -> None:
    set_up(site, gdansk=provider(service, second_step=("https://refeds.example/mfa",)))
    site.state.settings = site.state.settings.model_copy(update={"staff_second_step": True})
    # Before, they are as everybody: let in no further than to setting one up.
    assert (await sign_in(client, service)).status_code == 303
    assert await lead_to(client) == "/desk/account"
    service.person.more = {"acr": "https://refeds.example/mfa"}
    assert (await sign_in(client, service)).status_code == 303
    assert await lead_to(client) is None
    # Whoever reads the mailbox does not get as far as to setting up a second step of their own.
    async with session(database) as s:
        token = await make_one_time_link(s, ANNA)
    async with browser(site) as thief:
        assert (await thief.post("/desk/sign-in/link", data={"token": token})).status_code == 303
        assert await lead_to(thief, "/desk/account") == "/desk/sign-in/code"
        assert (await thief.post("/desk/account/connect", data={"code": ""})).status_code == 401
        page = (await thief.get("/desk/sign-in/code")).text
        assert "/desk/sign-in/with/gdansk" in page
        assert 'name="code"' not in page
        # Nor does whoever knows the password there.
        service.person.more = {"acr": "password"}
        assert (await sign_in(thief, service)).status_code == 303
        assert await lead_to(thief, "/desk/account") == "/desk/sign-in/code"
    # An administrator helps whoever has lost it, as with any other.
    async with session(database) as s:
        await reset_second_step(s, ANNA)
    assert (await client.get("/desk")).status_code == 401
    assert (await sign_in(client, service)).status_code == 303
    assert await lead_to(client) == "/desk/account"


async def test_somebody_disconnects_it_on_their_page(
    client: httpx2.AsyncClient, site: FastAPI, service: SignInService, database: Database
) -> None:
    assert (await sign_in(client, service)).status_code == 303
    async with browser(site) as other:
        assert (await sign_in(other, service)).status_code == 303
        before = client.cookies["pomapa"]
        assert "Miasto Gdańsk" in (await client.get("/desk/account")).text
        answer = await client.post("/desk/account/disconnect")
        assert answer.headers["location"] == "/desk/account?done=disconnected"
        assert client.cookies["pomapa"] != before
        page = await client.get("/desk/account")
        assert page.status_code == 200
        assert "Miasto Gdańsk" not in page.text
        assert (await other.get("/desk")).status_code == 401
    assert await stored(database, "count(*) FROM core.identity") == 0
    assert await stored(database, "count(*) FROM core.audit WHERE action = 'user.identity_disconnected'") == 1


async def test_administrators_see_who_somebody_is_there_and_disconnect_it(
    client: httpx2.AsyncClient, site: FastAPI, service: SignInService
) -> None:
    assert (await sign_in(client, service)).status_code == 303
    async with signed_in(site, Role.ADMINISTRATOR, "basia@kielce.example") as administrator:
        page = (await administrator.get("/desk/people")).text
        assert "a1b2c3" in page
        person = re.search(
            r'name="person" value="([^"]+)"><input type="hidden" name="act" value="disconnect"', page
        )
        assert person
        form = {"person": person[1], "act": "disconnect"}
        assert (await administrator.post("/desk/people", data=form)).status_code == 303
        assert (await client.get("/desk")).status_code == 401
        assert "a1b2c3" not in (await administrator.get("/desk/people")).text
        assert (await administrator.post("/desk/people", data=form)).status_code == 409


async def test_tries_are_counted_by_address_and_of_everybody_together(
    site: FastAPI, service: SignInService, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def tries(client: httpx2.AsyncClient, method: str, path: str) -> int:
        """How many get through at once; on a slow machine one or the other comes free meanwhile."""
        for number in range(40):
            if (await client.request(method, path)).status_code == 429:
                return number
        return 40

    async with browser(site) as client:
        for way in (("GET", "/desk/sign-in/from/gdansk?state=a"), ("POST", "/desk/sign-in/with/gdansk")):
            assert 20 <= await tries(client, *way) < 30, way
    monkeypatch.setattr(sign_in_elsewhere, "OF_ALL", Limit("few", times=3, period_s=86_400))
    for number in range(4):
        async with browser(site, f"198.51.100.{number}") as client:
            answer = await client.post("/desk/sign-in/with/gdansk")
            assert answer.status_code == (200 if number < 3 else 429)


async def test_what_anybody_can_have_a_browser_ask_for_keeps_nobody_from_coming_back(
    client: httpx2.AsyncClient, site: FastAPI, service: SignInService, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A picture on another website may lie at the address where people come back."""
    back = service.authorize(await sent_on(client))
    monkeypatch.setattr(sign_in_elsewhere, "OF_ALL", Limit("few", times=2, period_s=86_400))
    async with browser(site) as other:
        for number in range(24):
            answer = await came_back(other, f"/desk/sign-in/from/gdansk?state={number}")
        assert answer.status_code == 429
    assert (await came_back(client, back)).status_code == 303
    async with browser(site, "198.51.100.1") as other:
        await sent_on(other)


async def test_who_is_sent_on_is_counted_with_all_networks_of_a_customer(
    site: FastAPI, service: SignInService, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sign_in_elsewhere, "GOING", Limit("few", times=1, period_s=86_400))
    for number, status in ((1, 200), (2, 429)):
        async with browser(site, f"2001:db8:1:{number}::1") as client:
            assert (await client.post("/desk/sign-in/with/gdansk")).status_code == status


async def test_b6_where_nobody_can_count_nobody_comes_in(
    client: httpx2.AsyncClient, service: SignInService, settings: Settings
) -> None:
    address = service.authorize(await sent_on(client))
    owner = create_async_engine(settings.database_url)
    async with owner.begin() as connection:
        await connection.execute(text("ALTER TABLE core.rate_limit RENAME TO gone"))
    await owner.dispose()
    assert (await came_back(client, address)).status_code == 503
    assert (await client.post("/desk/sign-in/with/gdansk")).status_code == 503
    assert "pomapa" not in client.cookies
    assert service.forms == []
