"""What makes a way to reach an entry and one to reach an organisation the same, and what does not."""

import datetime as dt

import pytest

from app.desk.claim_evidence import marks_of
from app.moderation.standing_contacts import StandingContact


def sites(kind: str, value: str, *, settled: bool = True) -> set[str]:
    since = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    marks = marks_of(StandingContact(kind, value, since=since, settled=settled))
    return {said for what, said in marks if what == "site"}


def test_a_mailbox_and_a_page_of_one_site_agree() -> None:
    assert sites("email", "Biuro@Stol.example") == {"stol.example"}
    assert sites("web", "https://www.stol.example/kontakt") == {"stol.example"}


@pytest.mark.parametrize(
    ("value", "site"),
    [
        ("https://evil.example/@stol.example", "evil.example"),
        ("https://evil.example/?to=a@stol.example", "evil.example"),
        ("https://stol.example@evil.example/", "evil.example"),
    ],
)
def test_what_stands_behind_the_at_of_a_page_is_not_its_site(value: str, site: str) -> None:
    assert sites("web", value) == {site}


@pytest.mark.parametrize(
    "domain",
    [
        "gmail.com",
        "vp.pl",
        "tlen.pl",
        "op.pl",
        "live.com",
        "yahoo.co.uk",
        "yahoo.pl",
        "ukr.net",
        "meta.ua",
        "gmx.net",
    ],
)
def test_a_mailbox_that_anybody_gets_is_nobodys_site(domain: str) -> None:
    assert sites("email", f"stol@{domain}") == set()


@pytest.mark.parametrize(
    "host",
    [
        "www.facebook.com",
        "pl-pl.facebook.com",
        "instagram.com",
        "t.me",
        "linktr.ee",
        "stol.wixsite.com",
        "a.blogspot.com",
    ],
)
def test_a_page_that_anybody_gets_is_nobodys_site(host: str) -> None:
    assert sites("web", f"https://{host}/stol") == set()


def test_what_is_new_agrees_with_nothing() -> None:
    since = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    new = StandingContact("phone", "+48413680000", since=since, settled=False)
    assert marks_of(new) == set()
