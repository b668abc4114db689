from app.desk.checks import checks

CONTENT = {
    "contacts": [
        {"kind": "phone", "value": "+48413445566"},
        {"kind": "email", "value": "biuro@example.org"},
        {"kind": "web", "value": "https://example.org/"},
        {"kind": "web", "value": "javascript:alert(1)"},
    ],
    "website": "https://example.org/",
    "place": {"position": {"lng": 20.6286, "lat": 50.8661}},
}


def test_every_way_to_check_is_offered_once() -> None:
    assert [(check.kind, check.words) for check in checks(CONTENT)[1]] == [
        ("phone", "+48 41 344 55 66"),
        ("email", "biuro@example.org"),
        ("web", "example.org"),
        ("map", ""),
    ]


def test_only_the_web_a_telephone_and_a_mailbox_are_opened() -> None:
    assert {check.href.split(":")[0] for check in checks(CONTENT)[1]} == {"tel", "mailto", "https"}


def test_a_content_without_anything_to_check_has_no_links() -> None:
    assert checks({"place": {}, "website": None}) == ([], [])


def test_of_a_change_what_is_on_the_map_comes_first_and_what_is_proposed_apart() -> None:
    live = {"contacts": [{"kind": "phone", "value": "+48413440000"}], "website": "https://example.org/"}
    now, proposed = checks(CONTENT, live)
    assert [check.href for check in now] == ["tel:+48413440000", "https://example.org/"]
    assert [check.kind for check in proposed] == ["phone", "email", "map"]
