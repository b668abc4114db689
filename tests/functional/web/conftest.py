"""A client of the small application, and what it logs."""

import io
import logging
from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from app.log import configure
from app.templating import Templates
from tests.functional.web.small_app import small_app


@pytest.fixture
def client(templates: Templates) -> TestClient:
    return TestClient(small_app(templates), base_url="http://127.0.0.1:8000")


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    stream = io.StringIO()
    configure(production=True, stream=stream)
    yield stream
    root.handlers, root.level = handlers, level
