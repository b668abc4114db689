"""An editor, who uploads and does not decide."""

from collections.abc import AsyncIterator

import httpx2
import pytest
from fastapi import FastAPI

from app.accounts.roles import Role
from tests.functional.desk.conftest import signed_in


@pytest.fixture
async def editor(site: FastAPI) -> AsyncIterator[httpx2.AsyncClient]:
    async with signed_in(site, Role.EDITOR, "editor@example.org") as browser:
        yield browser
