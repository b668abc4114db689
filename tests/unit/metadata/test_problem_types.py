import pytest

from app.errors import NotFound
from app.metadata.problem_types import problem_type, problem_types


def test_every_error_is_described() -> None:
    import app.web.body  # noqa: F401 - the errors of bodies are known once somebody can meet them

    types = {kind.code: kind for kind in problem_types()}
    assert types["not_found"].status == 404
    assert types["malformed_json"].status == 400
    assert types["slow_body"].status == 408
    assert types["unexpected"].status == 500
    assert all(kind.description and kind.title for kind in types.values())


def test_a_code_that_no_answer_has_is_not_there() -> None:
    with pytest.raises(NotFound):
        problem_type("nothing")
