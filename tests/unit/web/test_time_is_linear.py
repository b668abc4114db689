"""Whatever a stranger sends is read in a time that grows no faster than its length."""

import pytest

from app.i18n import negotiate
from app.mail.addresses import normalised
from app.web import body, strict_form, strict_json
from app.web.client_address import client_address
from app.web.compression import accepts_gzip
from app.web.etag import matching_etag
from app.web.language import better_path
from app.web.own_cookies import is_own
from app.web.own_host import OwnHosts
from app.web.query import KnownParameters, check_query
from app.web.request_line import LARGEST_HEADERS, LONGEST_ADDRESS
from tests.linear_time import PATTERNS, Reader, assert_linear

LONGEST_BODY = 256_000
KNOWN = KnownParameters(frozenset("a"), frozenset("a"))
HOSTS = OwnHosts("a.example", literal_addresses=True)


def content_type(text: str) -> None:
    scope = {"headers": [(b"content-type", text.encode("latin-1", "ignore"))], "path": "/"}
    body.check(scope, b"--x", json_taken=False)


def part_header(text: str) -> None:
    head = f'--x\r\nContent-Disposition: form-data; name="a"{text}\r\n\r\n1\r\n--x--\r\n'
    strict_form.parse_multipart(head.encode(), "multipart/form-data; boundary=x")


def part_headers(text: str) -> None:
    strict_form.parse_multipart(f"--x\r\n{text}".encode(), "multipart/form-data; boundary=x")


def part(text: str) -> None:
    whole = f'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n{text}\r\n--x--\r\n'
    strict_form.parse_multipart(whole.encode(), "multipart/form-data; boundary=x")


def forwarded(text: str) -> None:
    headers = [(b"x-forwarded-for", text.encode("latin-1", "ignore"))]
    client_address({"client": ("127.0.0.1", 1), "headers": headers}, ("127.0.0.1",))


READERS: dict[str, tuple[Reader, int]] = {
    "JSON": (lambda text: strict_json.parse(text.encode()), LONGEST_BODY),
    "a text in JSON": (lambda text: strict_json.parse(f'["{text}'.encode()), LONGEST_BODY),
    "an urlencoded form": (lambda text: strict_form.parse_urlencoded(text.encode()), LONGEST_BODY),
    "the header of a part": (part_header, LONGEST_BODY),
    "the headers of a part": (part_headers, LONGEST_BODY),
    "the content of a part": (part, LONGEST_BODY),
    "the name of a file": (lambda text: strict_form.clean_filename(text.encode()), LONGEST_BODY),
    "Content-Type of JSON": (lambda text: content_type(f"application/json;{text}"), LARGEST_HEADERS),
    "Content-Type of parts": (
        lambda text: content_type(f"multipart/form-data; boundary=x;{text}"), LARGEST_HEADERS,
    ),
    "Cookie": (lambda text: is_own(f'pomapa="{text}"'.encode()), LARGEST_HEADERS),
    "Host": (HOSTS.allow, LARGEST_HEADERS),
    "X-Forwarded-For": (forwarded, LARGEST_HEADERS),
    "Accept-Language": (negotiate, LARGEST_HEADERS),
    "Accept-Encoding": (accepts_gzip, LARGEST_HEADERS),
    "If-None-Match": (lambda text: matching_etag(text, '"a"'), LARGEST_HEADERS),
    "the path": (lambda text: better_path(f"/pl{text}"), LONGEST_ADDRESS),
    "the query": (lambda text: check_query(text.encode(), KNOWN, unknown_allowed=True), LONGEST_ADDRESS),
    "a parameter": (lambda text: check_query(b"a=" + text.encode(), KNOWN, unknown_allowed=True), LONGEST_ADDRESS),
    "an e-mail address": (normalised, strict_form.LONGEST_FIELD),
}  # fmt: skip


@pytest.mark.parametrize(("read", "longest"), READERS.values(), ids=READERS.keys())
def test_a_reader_of_requests_is_linear(read: Reader, longest: int) -> None:
    for pattern in PATTERNS:
        assert_linear(read, pattern, longest)
        assert_linear(read, f'"{pattern}', longest)
