import pytest

from app.errors import InvalidInput, PomapaError
from app.web.strict_form import clean_filename, parse_multipart, parse_urlencoded

BOUNDARY = "multipart/form-data; boundary=x"


def part(name: str, data: bytes, filename: str | None = None) -> bytes:
    extra = f'; filename="{filename}"' if filename is not None else ""
    return f'--x\r\nContent-Disposition: form-data; name="{name}"{extra}\r\n\r\n'.encode() + data + b"\r\n"


def test_fields_keep_their_order_and_repetitions() -> None:
    form = parse_urlencoded(b"name=Ciep%C5%82y+St%C3%B3%C5%82&service=a&service=b&empty=")
    assert form.one("name") == "Ciepły Stół"
    assert form.all("service") == ["a", "b"]
    assert form.one("empty", "x") == ""
    assert form.one("missing", "x") == "x"
    assert list(form.lists) == ["name", "service", "empty"]


def test_a_single_field_sent_twice_is_refused() -> None:
    form = parse_urlencoded(b"name=a&name=b")
    with pytest.raises(InvalidInput) as refused:
        form.one("name")
    assert [(p.path, p.code) for p in refused.value.problems] == [("name", "sent_twice")]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"name=%ff", 422),
        (b"name=%ed%a0%80", 422),
        (b"name=a%00b", 422),
        (b"%ff=a", 422),
        (b"name=" + "Łódź".encode("cp1250"), 422),
        (b"&".join(b"a%d=1" % i for i in range(2000)), 400),
        (b"name=" + b"a" * 70_000, 413),
        (b"n" * 300 + b"=1", 400),
    ],
)
def test_hostile_urlencoded_forms(body: bytes, status: int) -> None:
    with pytest.raises(PomapaError) as refused:
        parse_urlencoded(body)
    assert refused.value.status == status


def test_line_ends_are_those_of_text() -> None:
    assert parse_urlencoded(b"a=x%0D%0Ay").one("a") == "x\ny"


def test_multipart_gives_fields_and_files() -> None:
    body = part("name", "Ciepły\r\nStół".encode()) + part("photo", b"\x89PNG\x00\xff", "a.png") + b"--x--\r\n"
    form = parse_multipart(body, BOUNDARY)
    assert form.one("name") == "Ciepły\nStół"
    photo = form.file("photo")
    assert photo is not None
    assert (photo.filename, photo.content) == ("a.png", b"\x89PNG\x00\xff")


def test_a_file_field_left_empty_is_no_file() -> None:
    assert parse_multipart(part("photo", b"", "") + b"--x--\r\n", BOUNDARY).file("photo") is None


@pytest.mark.parametrize(
    ("content_type", "body", "status"),
    [
        ("multipart/form-data", part("a", b"1") + b"--x--\r\n", 400),
        ("multipart/form-data; boundary=", part("a", b"1") + b"--x--\r\n", 400),
        ("multipart/form-data; boundary=other", part("a", b"1") + b"--x--\r\n", 400),
        ("multipart/form-data; boundary=" + "x" * 200, b"", 400),
        (BOUNDARY, part("a", b"1"), 400),
        (BOUNDARY, b"", 400),
        (BOUNDARY, b"not a form at all", 400),
        (BOUNDARY, b"--x\r\nContent-Disposition: form-data\r\n\r\n1\r\n--x--\r\n", 400),
        (BOUNDARY, b"".join(part(f"a{i}", b"1") for i in range(2000)) + b"--x--\r\n", 400),
        (BOUNDARY, b"".join(part("f", b"1", "a") for _ in range(30)) + b"--x--\r\n", 400),
        (BOUNDARY, part("a", b"1" * 70_000) + b"--x--\r\n", 413),
        (BOUNDARY, part("a", b"\xff\xfe") + b"--x--\r\n", 422),
        (BOUNDARY, part("a", b"a\x00b") + b"--x--\r\n", 422),
    ],
)
def test_hostile_multipart_forms(content_type: str, body: bytes, status: int) -> None:
    with pytest.raises(PomapaError) as refused:
        parse_multipart(body, content_type)
    assert refused.value.status == status


def test_the_same_file_field_twice_is_refused() -> None:
    form = parse_multipart(part("f", b"1", "a") + part("f", b"2", "b") + b"--x--\r\n", BOUNDARY)
    with pytest.raises(InvalidInput):
        form.file("f")


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        (b"../../etc/passwd", "passwd"),
        (b"..\\..\\x.jpg", "x.jpg"),
        (b"x.php\x00.jpg", "x.php"),
        ("gpj\u202eexe.png".encode(), "gpj_exe.png"),
        (b"a" * 5000 + b".jpg", "a" * 76 + ".jpg"),
        (b".htaccess", "htaccess"),
        (b"...", "file"),
        (b"\xff", "file"),
    ],
)
def test_file_names_are_harmless(raw: bytes, clean: str) -> None:
    assert clean_filename(raw) == clean
