"""What a service says of somebody is believed only when all of it holds."""

import base64
import functools
import json
from typing import Any

import pytest
from joserfc.jwk import ECKey, RSAKey

from app.accounts.oidc.id_token import Expected, KeyUnknown, check_id_token, keys_of
from app.accounts.oidc.problems import ServiceAnswersWrongly
from tests.sign_in_service import CLIENT_ID, Person, SignInService

ISSUER = "https://login.gdansk.example"
EXPECTED = Expected(ISSUER, CLIENT_ID, "the-nonce")


@functools.cache
def rsa_key() -> RSAKey:
    return RSAKey.generate_key(2048, auto_kid=True)


@pytest.fixture
def service() -> SignInService:
    """Never asked over HTTP."""
    return SignInService(address=ISSUER, key=rsa_key())


def token(service: SignInService) -> str:
    return service.token(EXPECTED.nonce)


BAD: dict[str, tuple[str, dict[str, Any]]] = {
    "wrong nonce": ("", {"nonce": "another"}),
    "no nonce": ("", {"nonce": None}),
    "nonce of another kind": ("", {"nonce": ["the-nonce"]}),
    "nonce that is no ASCII": ("", {"nonce": "ż"}),
    "for somebody else": ("", {"aud": "another"}),
    "for somebody with a longer name": ("", {"aud": f"{CLIENT_ID}2"}),
    "for nobody": ("", {"aud": None}),
    "for several, none of them named": ("", {"aud": [CLIENT_ID, "another"]}),
    "for something that is no list": ("", {"aud": {CLIENT_ID: 1}}),
    "made for another party": ("", {"azp": "another"}),
    "for several, made for another": ("", {"aud": [CLIENT_ID, "another"], "azp": "another"}),
    "expired": ("", {"exp": 1}),
    "never expires": ("", {"exp": None}),
    "expires at NaN": ("", {"exp": float("nan")}),
    "expires at a text": ("", {"exp": "9999999999"}),
    "expires at true": ("", {"exp": True}),
    "made at no time": ("", {"iat": None}),
    "made long ago": ("", {"iat": 1}),
    "made in the future": ("", {"iat": 9_999_999_999}),
    "not valid yet": ("", {"nbf": 9_999_999_999}),
    "of another issuer": ("", {"iss": "https://another.example"}),
    "of an issuer with a slash": ("", {"iss": f"{ISSUER}/"}),
    "of nobody": ("", {"sub": None}),
    "of an empty name": ("", {"sub": ""}),
    "of a number": ("", {"sub": 7}),
    "of a name with a line break": ("", {"sub": "a\nb"}),
    "of a name in other letters": ("", {"sub": "а1b2c3"}),
    "of a name without end": ("", {"sub": "a" * 256}),
    "not signed": ("none", {}),
    "signed with what everybody reads": ("hs256", {}),
    "signed with a secret that stands in the set": ("listed secret", {}),
    "signed with another key": ("other key", {}),
}


@pytest.mark.parametrize("name", BAD)
def test_a_token_that_does_not_hold_is_refused(service: SignInService, name: str) -> None:
    fault, service.claims = BAD[name]
    service.faults = {fault}
    with pytest.raises(ServiceAnswersWrongly):
        check_id_token(token(service), keys_of(service.keys()), EXPECTED)


@pytest.mark.parametrize("sent", [None, 7, "", "a.b.c", "a", "ż.b.c", "a" * 40_000, {"a": "b"}])
def test_what_is_no_token_is_refused(service: SignInService, sent: object) -> None:
    with pytest.raises(ServiceAnswersWrongly):
        check_id_token(sent, keys_of(service.keys()), EXPECTED)


@pytest.mark.parametrize("place", range(3))
def test_a_token_that_was_touched_is_refused(service: SignInService, place: int) -> None:
    parts = token(service).split(".")
    middle = len(parts[place]) // 2
    letter = "A" if parts[place][middle] != "A" else "B"
    parts[place] = parts[place][:middle] + letter + parts[place][middle + 1 :]
    with pytest.raises(ServiceAnswersWrongly):
        check_id_token(".".join(parts), keys_of(service.keys()), EXPECTED)


@pytest.mark.parametrize(
    "claims",
    [
        {},
        {"aud": [CLIENT_ID]},
        {"azp": CLIENT_ID},
        {"aud": [CLIENT_ID, "x"], "azp": CLIENT_ID},
        {"amr": "pwd", "acr": 1},
    ],
    ids=json.dumps,
)
@pytest.mark.parametrize("kind", ["RS256", "ES256"])
def test_what_the_standard_allows_is_believed(
    service: SignInService, claims: dict[str, Any], kind: str
) -> None:
    service.claims = claims
    if kind == "ES256":
        service.key = ECKey.generate_key("P-256", auto_kid=True)
    said = check_id_token(token(service), keys_of(service.keys()), EXPECTED)
    assert (said.issuer, said.subject, said.email) == (ISSUER, "a1b2c3", "anna@gdansk.example")
    assert said.means == frozenset()


@pytest.mark.parametrize("verified", [False, None, "true", 1, "1", ["true"]])
def test_an_address_of_which_the_service_is_not_sure_is_none(service: SignInService, verified: Any) -> None:
    service.person = Person(verified=verified)
    assert check_id_token(token(service), keys_of(service.keys()), EXPECTED).email is None


def test_a_service_may_say_with_another_claim_that_it_is_sure(service: SignInService) -> None:
    otherwise = Expected(ISSUER, CLIENT_ID, EXPECTED.nonce, "xms_edov")
    service.claims = {"email_verified": True}
    assert check_id_token(token(service), keys_of(service.keys()), otherwise).email is None
    service.claims = {"email_verified": None, "xms_edov": True}
    assert check_id_token(token(service), keys_of(service.keys()), otherwise).email
    assert check_id_token(token(service), keys_of(service.keys()), EXPECTED).email is None


def test_how_somebody_has_shown_who_they_are(service: SignInService) -> None:
    service.claims = {"amr": ["pwd", "mfa", 7], "acr": "high"}
    said = check_id_token(token(service), keys_of(service.keys()), EXPECTED)
    assert said.means == {"pwd", "mfa", "high"}


def test_a_key_that_is_not_in_the_set_may_be_a_new_one(service: SignInService) -> None:
    keys = keys_of(service.keys())
    service.key = ECKey.generate_key("P-256", auto_kid=True)
    with pytest.raises(KeyUnknown):
        check_id_token(token(service), keys, EXPECTED)


@pytest.mark.parametrize(
    "keys",
    [
        {},
        {"keys": None},
        {"keys": {}},
        {"keys": []},
        {"keys": ["a", 7, None]},
        {"keys": [{"kty": "oct", "k": "AAAA"}]},
        {"keys": [{"kty": "RSA"}, {"kty": "RSA", "n": "ż", "e": 7}, {"kty": "EC", "crv": "P-0"}]},
        {"keys": [{"kty": ["RSA"]}]},
    ],
    ids=json.dumps,
)
def test_a_set_without_keys_for_signatures_is_none(keys: dict[str, Any]) -> None:
    with pytest.raises(ServiceAnswersWrongly):
        keys_of(keys)


def test_keys_that_are_short_or_for_something_else_are_left_out(service: SignInService) -> None:
    public = rsa_key().as_dict(private=False)
    with pytest.raises(ServiceAnswersWrongly):
        keys_of({"keys": [{**public, "use": "enc"}]})
    with pytest.warns(match="Key size"):
        short = RSAKey.generate_key(1024, auto_kid=True)
    with pytest.raises(ServiceAnswersWrongly):
        keys_of({"keys": [short.as_dict(private=False)]})


@pytest.mark.parametrize("crv", ["P-999", "", 7, None, ["P-256"]])
def test_a_key_that_cannot_be_read_does_not_spoil_the_others(service: SignInService, crv: object) -> None:
    strange = {"kty": "EC", "crv": crv, "x": "eA", "y": "eA"}
    keys = keys_of({"keys": [strange, *service.keys()["keys"]]})
    assert check_id_token(token(service), keys, EXPECTED).subject == Person().subject
    with pytest.raises(ServiceAnswersWrongly):
        keys_of({"keys": [strange]})


def test_a_token_of_boxes_in_boxes_is_refused(service: SignInService) -> None:
    header = base64.urlsafe_b64encode(b"[" * 20_000).decode().rstrip("=")
    with pytest.raises(ServiceAnswersWrongly):
        check_id_token(f"{header}.e30.eA", keys_of(service.keys()), EXPECTED)
