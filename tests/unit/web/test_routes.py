from fastapi import FastAPI

from app.web.routes import RoutePermission, api_router, declared, page_router, requires, undeclared


def test_a_route_that_does_not_say_who_may_use_it_is_found() -> None:
    app = FastAPI(openapi_url=None)
    api, pages = api_router("/api/v1"), page_router("/desk")

    @api.get("/open", dependencies=[requires("public")])
    async def everybody() -> None: ...

    @pages.post("/decide", dependencies=[requires("submission.decide")])
    async def decide() -> None: ...

    @pages.get("/decide")
    async def forgotten() -> None: ...

    @api.get("/both", dependencies=[requires("public"), requires("desk.enter")])
    async def both() -> None: ...

    app.include_router(api)
    app.include_router(pages)
    assert undeclared(app) == [
        RoutePermission("GET", "/api/v1/both", None),
        RoutePermission("GET", "/desk/decide", None),
    ]
    assert RoutePermission("POST", "/desk/decide", "submission.decide") in list(declared(app))


def test_plain_routes_are_declared_beside_the_application() -> None:
    app = FastAPI(docs_url=None, redoc_url=None)
    assert undeclared(app)
    assert undeclared(app, {"/openapi.json": "public"}) == []
