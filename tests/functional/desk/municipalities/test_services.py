"""Services that answer wrongly, late or for somebody else."""

from typing import Any

import httpx2
import pytest
from fastapi import FastAPI
from joserfc.jwk import ECKey
from pydantic import SecretStr

from app.accounts.oidc import asking, kept
from app.db import Database
from tests.functional.desk.municipalities.browsers import (
    assert_nobody_came_in,
    came_back,
    provider,
    rsa_key,
    sent_on,
    set_up,
    sign_in,
)
from tests.sign_in_service import CLIENT_SECRET, SignInService, running_service


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
    caplog: pytest.LogCaptureFixture,
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
        # Where another test of this process has set the log up, it goes by the handlers.
        logged = capsys.readouterr().out + caplog.text
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
    client: httpx2.AsyncClient,
    site: FastAPI,
    service: SignInService,
    capsys: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    wrong = provider(service).model_copy(update={"client_secret": SecretStr("wrong")})
    set_up(site, gdansk=wrong)
    assert (await sign_in(client, service)).status_code == 502
    assert "no token: status 401" in capsys.readouterr().out + caplog.text
