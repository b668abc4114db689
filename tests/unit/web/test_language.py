import pytest

from app.web.language import better_path, split_path


@pytest.mark.parametrize(
    ("path", "parts"),
    [
        ("/uk/add/aid_points", ("uk", "/add/aid_points")),
        ("/pl/", ("pl", "/")),
        ("/pl", ("pl", "/")),
        ("/xx/add", (None, "/xx/add")),
        ("/", (None, "/")),
        ("/desk/queue", (None, "/desk/queue")),
    ],
)
def test_the_language_stands_in_front(path: str, parts: tuple[str | None, str]) -> None:
    assert split_path(path) == parts


@pytest.mark.parametrize(
    ("path", "better"),
    [
        ("/ua/add", "/uk/add"),
        ("/ua", "/uk/"),
        ("/ua/", "/uk/"),
        ("/pl", "/pl/"),
        ("/pl/", None),
        ("/uk/x", None),
        ("/", None),
        ("//evil.example", None),
        ("/ua//evil.example", "/uk//evil.example"),
        ("/desk", None),
    ],
)
def test_each_page_has_one_address(path: str, better: str | None) -> None:
    assert better_path(path) == better
