import httpx2
import pytest

from app.log import access

FEATURES = "/api/v1/layers/aid_points/features.geojson"
TILE = "/api/v1/tiles/aid_points/6/35/21.geojson"


@pytest.mark.parametrize("path", [f"{FEATURES}?bbox=20,50,21,51", f"{TILE}?service=hot_meals"])
async def test_whoever_has_the_answer_gets_304_with_the_headers_of_the_answer(
    client: httpx2.AsyncClient, path: str
) -> None:
    first = await client.get(path)
    again = await client.get(path, headers={"If-None-Match": f'"other", {first.headers["etag"]}'})
    assert (again.status_code, again.content) == (304, b"")
    for name in ("etag", "cache-control", "access-control-allow-origin"):
        assert again.headers[name] == first.headers[name]


@pytest.mark.parametrize("condition", ["*", '"made-up"', "", "W/*"])
@pytest.mark.parametrize(
    "path", [f"{FEATURES}?bbox=nonsense", f"{FEATURES}?unknown=1", f"{TILE}?service=nope"]
)
async def test_a_condition_does_not_excuse_a_wrong_question(
    client: httpx2.AsyncClient, path: str, condition: str
) -> None:
    plain = await client.get(path)
    answer = await client.get(path, headers={"If-None-Match": condition})
    assert answer.status_code == plain.status_code == 422


async def test_the_validator_of_one_question_does_not_answer_another(client: httpx2.AsyncClient) -> None:
    etag = (await client.get(f"{FEATURES}?bbox=20,50,21,51")).headers["etag"]
    other = await client.get(f"{FEATURES}?bbox=20,50,21,52", headers={"If-None-Match": etag})
    assert other.status_code == 200


@pytest.mark.parametrize("layer", ["nothing", "aid_points%00", ".."])
async def test_an_unknown_layer_is_not_found_whatever_the_condition(
    client: httpx2.AsyncClient, layer: str
) -> None:
    answer = await client.get(f"/api/v1/layers/{layer}/features.geojson", headers={"If-None-Match": "*"})
    assert answer.status_code == 404


async def test_whoever_comes_by_another_name_or_with_too_much_is_refused_whatever_they_have(
    client: httpx2.AsyncClient,
) -> None:
    etag = (await client.get(TILE)).headers["etag"]
    assert (await client.get(TILE, headers={"If-None-Match": etag})).status_code == 304
    foreign = await client.get(TILE, headers={"If-None-Match": etag, "Host": "elsewhere.example"})
    assert foreign.status_code == 400
    much = {f"X-{i}": "x" for i in range(101)}
    assert (await client.get(TILE, headers={"If-None-Match": etag} | much)).status_code == 431


async def test_nothing_changed_for_head_too_and_every_answer_has_the_headers_of_the_platform(
    client: httpx2.AsyncClient,
) -> None:
    first = await client.get(TILE)
    held = {"If-None-Match": first.headers["etag"]}
    for method in ("GET", "HEAD"):
        again = await client.request(method, TILE, headers=held)
        assert again.status_code == 304
        missing = set(first.headers) - set(again.headers)
        assert missing <= {"content-type", "content-length", "content-encoding", "x-keep"}
        assert again.headers["x-request-id"] != first.headers["x-request-id"]


async def test_it_is_logged_under_its_route(
    client: httpx2.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[dict[str, object]] = []
    monkeypatch.setattr(access, "log_often", lambda _name, _event, values: said.append(values))
    etag = (await client.get(TILE)).headers["etag"]
    await client.get(TILE, headers={"If-None-Match": etag})
    assert [line["status"] for line in said] == [200, 304]
    assert {line["route"] for line in said} == {"/api/v1/tiles/{layer}/{z}/{x}/{y}.geojson"}
