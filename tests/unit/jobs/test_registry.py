import pytest

from app.jobs import Retry, Work, task
from app.jobs.registry import tasks
from app.jobs.schema import apply_sql


@pytest.mark.parametrize(
    ("attempts", "wait_s"), [(0, 10), (1, 20), (4, 160), (10, 3600), (11, None), (99, None)]
)
def test_waiting_grows_and_ends(attempts: int, wait_s: int | None) -> None:
    assert Retry(times=11, first_s=10, longest_s=3600).wait_s(attempts) == wait_s


def test_a_name_means_one_task() -> None:
    @task("test.registry")
    async def one(_work: Work) -> None: ...

    async def other(_work: Work) -> None: ...

    other.__module__ = "elsewhere"
    assert tasks()["test.registry"].run is one
    with pytest.raises(ValueError, match=r"test\.registry"):
        task("test.registry")(other)


def test_the_queues_tables_come_with_rights_for_the_application_only() -> None:
    script = apply_sql()
    assert "CREATE TABLE procrastinate_jobs" in script
    assert "SET search_path = jobs" in script
    assert "pomapa_reader" not in script
