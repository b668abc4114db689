"""The least that FastAPI costs: one route with two checked parameters, to judge the other figures of the same run by."""

from typing import Annotated

from fastapi import FastAPI, Query
from starlette.responses import Response

app = FastAPI()


@app.get("/")
async def nothing(a: Annotated[int, Query(ge=0)], b: Annotated[str, Query(max_length=9)]) -> Response:
    """Answer with nothing."""
    return Response(f"{a}{b}")
