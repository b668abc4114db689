"""Direct routes say the same as FastAPI's own reading of the same model, and refuse what they cannot do."""

from typing import Annotated

import pytest
from fastapi import Depends, FastAPI, Query, Request
from fastapi.routing import APIRoute
from fastapi.testclient import TestClient
from pydantic import BaseModel, Field
from starlette.responses import JSONResponse, Response

from app.errors import InvalidInput
from app.web.direct import DirectRoute
from app.web.problems import problem_of
from app.web.query import COMPOSED, PLAIN_INTEGER, Codes
from app.web.routes import api_router, requires


class Asked(BaseModel):
    limit: Annotated[int, Field(ge=1, le=9, description="How many"), PLAIN_INTEGER] = 5
    code: Codes = ()
    q: Annotated[str, Field(max_length=5), COMPOSED] = ""


def _application(route: type[DirectRoute] | None) -> TestClient:
    router = api_router(route_class=route or APIRoute)

    @router.get("/{layer}/things", dependencies=[requires("public")])
    async def things(request: Request, layer: str, asked: Annotated[Asked, Query()]) -> Response:
        return JSONResponse({"layer": layer, **asked.model_dump(mode="json")})

    app = FastAPI()
    app.include_router(router)

    async def tell(_request: Request, error: Exception) -> Response:
        problem = problem_of(error)
        return JSONResponse([[p.path, p.code, p.message] for p in problem.fields], problem.status)

    app.add_exception_handler(InvalidInput, tell)
    return TestClient(app, raise_server_exceptions=False)


@pytest.mark.parametrize(
    "query",
    [
        "",
        "limit=3",
        "limit=3&code=a&code=b,c&q=%C5%82%C3%B3d%C5%BA",
        "q=a+b",
        "limit=",
        "limit=0",
        "limit=10",
        "limit=%2B1",
        "limit=1_0",
        "limit=1&limit=2",
        "q=123456",
        "q=%ff",
        "q=%00",
        "other=1",
        "code=&code=,",
    ],
)
def test_a_direct_route_answers_as_the_usual_one(query: str) -> None:
    usual, direct = (_application(route).get(f"/aid_points/things?{query}") for route in (None, DirectRoute))
    if usual.status_code == 200:
        assert direct.json() == usual.json()
    assert direct.status_code == (usual.status_code if usual.status_code == 200 else 422)


def test_every_wrong_parameter_is_named_and_its_value_is_not() -> None:
    answer = _application(DirectRoute).get("/aid_points/things?limit=77777&q=secretsecret")
    assert answer.status_code == 422
    assert [(path, code) for path, code, _ in answer.json()] == [
        ("limit", "less_than_equal"),
        ("q", "string_too_long"),
    ]
    assert "77777" not in answer.text
    assert "secret" not in answer.text


def test_its_parameters_are_described() -> None:
    described = _application(DirectRoute).get("/openapi.json").json()["paths"]["/{layer}/things"]["get"]
    assert [parameter["name"] for parameter in described["parameters"]] == ["layer", "limit", "code", "q"]
    assert described["parameters"][1]["schema"]["maximum"] == 9


def test_a_direct_route_cannot_leave_out_a_permission() -> None:
    router = api_router(route_class=DirectRoute)
    with pytest.raises(TypeError, match="asks for nothing but"):

        @router.get("/secrets", dependencies=[requires("desk.enter")])
        async def secrets(request: Request) -> Response:
            return Response()


def test_a_direct_route_cannot_leave_out_a_dependency() -> None:
    router = api_router(route_class=DirectRoute)

    async def somebody() -> str:
        return "somebody"

    with pytest.raises(TypeError, match="asks for nothing but"):

        @router.get("/things", dependencies=[requires("public")])
        async def things(request: Request, who: Annotated[int, Depends(somebody)]) -> Response:
            return Response()


def test_a_direct_route_reads_nothing_but_paths_and_one_model() -> None:
    router = api_router(route_class=DirectRoute)
    with pytest.raises(TypeError, match="cannot read limit"):

        @router.get("/things", dependencies=[requires("public")])
        async def things(request: Request, limit: int = 3) -> Response:
            return Response()
