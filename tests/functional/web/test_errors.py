"""What somebody is told when something is not as it should be, and what nobody is told."""

import io
import json

import pytest
from fastapi.testclient import TestClient


def test_problems_speak_the_programs_language_and_echo_nothing(client: TestClient) -> None:
    answer = client.post("/api/v1/places", json={"name": "<secret>" * 10, "lat": 1})
    document = answer.json()
    assert answer.headers["content-language"] == "en"
    assert document["type"] == "/problems/invalid_input"
    assert document["status"] == 422
    assert document["problems"] == [
        {"path": "name", "code": "string_too_long", "message": "Write at most 20 characters."}
    ]
    assert "secret" not in answer.text
    polish = client.get("/api/v1/nothing", headers={"accept-language": "pl"})
    assert polish.headers["content-language"] == "pl"


@pytest.mark.parametrize("path", ["/pl/nothing", "/xx/place", "/nothing", "/pl/place/", "/desk/nothing"])
def test_people_get_a_page(client: TestClient, path: str) -> None:
    answer = client.get(path, headers={"accept": "text/html"})
    assert answer.status_code == 404
    assert answer.headers["content-type"].startswith("text/html")
    assert answer.headers["cache-control"] == "no-store"
    assert '<html lang="pl"' in answer.text


def test_an_error_page_speaks_the_language_of_its_path(client: TestClient) -> None:
    answer = client.get("/uk/conflict")
    assert answer.status_code == 409
    assert '<html lang="uk"' in answer.text
    assert 'href="/de/conflict"' in answer.text


def test_unexpected_errors_tell_nobody_anything(client: TestClient, log: io.StringIO) -> None:
    answer = client.get("/api/v1/boom?x=1")
    assert answer.status_code == 422
    answer = client.get("/api/v1/boom")
    assert answer.status_code == 500
    assert answer.json()["code"] == "unexpected"
    lines = [json.loads(line) for line in log.getvalue().splitlines()]
    failure = next(line for line in lines if line["event"] == "request failed")
    assert failure["error_type"] == "RuntimeError"
    assert failure["route"] == "/api/v1/boom"
    assert failure["request_id"] == answer.headers["x-request-id"]
    for canary in ("ola@poczta", "203.0.113.5", "testclient", "x=1"):
        assert canary not in log.getvalue() + answer.text


def test_a_database_that_is_down_is_503(client: TestClient, log: io.StringIO) -> None:
    answer = client.get("/api/v1/down")
    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "30"
    assert "ola@poczta" not in log.getvalue() + answer.text


def test_the_access_log_knows_the_template_and_not_the_address(client: TestClient, log: io.StringIO) -> None:
    client.get("/api/v1/places/123?secret=1")
    line = json.loads(log.getvalue().splitlines()[-1])
    assert (line["route"], line["method"], line["status"]) == ("/api/v1/places/{number}", "GET", 422)
    assert "123" not in json.dumps(
        {k: v for k, v in line.items() if k not in {"timestamp", "duration_ms", "request_id"}}
    )


def test_too_many_requests_say_when_to_come_again(client: TestClient) -> None:
    answer = client.get("/api/v1/busy")
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "17")


def test_what_needs_a_user_is_closed(client: TestClient) -> None:
    answer = client.get("/desk/queue", headers={"accept": "text/html"})
    assert answer.status_code == 401
    assert 'href="/desk/sign-in"' in answer.text
