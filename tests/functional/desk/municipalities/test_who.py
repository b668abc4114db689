"""Whom a service speaks of: who comes in, and who does not."""

import re
from collections.abc import Callable

import httpx2
from fastapi import FastAPI

from app.accounts.audit import Actor
from app.accounts.granting import Wanted, grant_role, new_member, propose
from app.accounts.roles import Role
from app.accounts.users import suspend
from app.db import Database, session
from tests.functional.desk.municipalities.browsers import (
    ANNA,
    assert_nobody_came_in,
    browser,
    came_back,
    provider,
    rsa_key,
    sent_on,
    set_up,
    sign_in,
    stored,
)
from tests.sign_in_service import Person, SignInService, running_service


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
