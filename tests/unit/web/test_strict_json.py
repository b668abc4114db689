import pytest

from app.errors import InvalidInput, PomapaError
from app.web import strict_json

HOSTILE = {
    "nan": (b'{"lat": NaN}', 400),
    "infinity": (b'{"lat": Infinity}', 400),
    "minus infinity": (b'{"lat": -Infinity}', 400),
    "1e999": (b'{"lat": 1e999}', 422),
    "-1e999": (b'{"lat": -1e999}', 422),
    "integer of 4299 digits": (b'{"lat": ' + b"9" * 4299 + b"}", 422),
    "integer of 5000 digits": (b'{"lat": ' + b"9" * 5000 + b"}", 400),
    "integer of 26 digits": (b'{"lat": ' + b"9" * 26 + b"}", 422),
    "decimal of 30 digits": (b'{"lat": 1.' + b"1" * 30 + b"}", 422),
    "lone surrogate in a value": (b'{"name": "\\ud800"}', 422),
    "lone surrogate in a name": (b'{"\\udfff": 1}', 422),
    "nul in text": (b'{"name": "a\\u0000b"}', 422),
    "nul in a name": (b'{"a\\u0000": 1}', 422),
    "nested 17 deep": (b"[" * 17 + b"]" * 17, 400),
    "nested 1000 deep": (b"[" * 1000 + b"]" * 1000, 400),
    "nested 100000 deep": (b"[" * 100_000 + b"]" * 100_000, 400),
    "objects nested 1000 deep": (b'{"a":' * 1000 + b"1" + b"}" * 1000, 400),
    "only opening brackets": (b"[" * 30_000, 400),
    "duplicate keys": (b'{"a": 1, "a": 2}', 400),
    "duplicate keys, one escaped": (b'{"a": 1, "\\u0061": 2}', 400),
    "duplicate keys deep inside": (b'{"x": [{"a": 1, "a": 2}]}', 400),
    "utf-16 with mark": ('{"a": 1}'.encode("utf-16"), 415),
    "utf-16-le without mark": ('{"a": 1}'.encode("utf-16-le"), 415),
    "utf-32": ('{"a": 1}'.encode("utf-32"), 415),
    "cp1250": ('{"name": "Łódź"}'.encode("cp1250"), 400),
    "iso-8859-2": ('{"name": "Łódź"}'.encode("iso-8859-2"), 400),
    "overlong utf-8": (b'{"name": "\xc0\xaf"}', 400),
    "surrogate as utf-8": (b'{"name": "\xed\xa0\x80"}', 400),
    "empty": (b"", 400),
    "only spaces": (b"  \n", 400),
    "two documents": (b"{}{}", 400),
    "lines of documents": (b"{}\n{}", 400),
    "trailing bytes": (b"{} x", 400),
    "trailing nul": (b"{}\x00", 400),
    "truncated": (b'{"a": [1, 2', 400),
    "single quotes": (b"{'a': 1}", 400),
    "comment": (b'{"a": 1 /* one */}', 400),
    "trailing comma": (b'{"a": 1,}', 400),
    "raw line break in text": (b'{"a": "x\ny"}', 400),
    "hexadecimal": (b'{"a": 0x10}', 400),
    "leading zero": (b'{"a": 01}', 400),
    "plus": (b'{"a": +1}', 400),
}


@pytest.mark.parametrize(("body", "status"), HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_json_has_its_exact_status(body: bytes, status: int) -> None:
    with pytest.raises(PomapaError) as refused:
        strict_json.parse(body)
    assert refused.value.status == status


@pytest.mark.parametrize(
    ("body", "value"),
    [
        (b'\xef\xbb\xbf{"a": 1}', {"a": 1}),
        (b"null", None),
        (b"[]", []),
        (b'"x"', "x"),
        (b'{"lat": -0.0, "n": -5}', {"lat": 0.0, "n": -5}),
        ('{"name": "Łódź ґє 🏥"}'.encode(), {"name": "Łódź ґє 🏥"}),
        (b'{"name": "\\ud83c\\udfe5"}', {"name": "🏥"}),
        (
            b'{"brackets": "[[[[[[[[[[[[[[[[[[[[[[[[ \\" {{{{{{{{{{"}',
            {"brackets": "[" * 24 + ' " ' + "{" * 10},
        ),
        (b"[" * 16 + b"]" * 16, [[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]),
    ],
)
def test_json_that_is_well_formed_is_read(body: bytes, value: object) -> None:
    assert strict_json.parse(body) == value


def test_the_field_is_named_and_the_value_is_not() -> None:
    with pytest.raises(InvalidInput) as refused:
        strict_json.parse(b'{"place": {"lat": 1e999}, "services": [{"name": "secret\\u0000"}]}')
    assert [(p.path, p.code) for p in refused.value.problems] == [
        ("place.lat", "number_out_of_range"),
        ("services.0.name", "unclean_text"),
    ]
    assert "secret" not in repr(refused.value.problems)


def test_problems_are_named_up_to_a_bound() -> None:
    with pytest.raises(InvalidInput) as refused:
        strict_json.parse(b"[" + b",".join([b"1e999"] * 5000) + b"]")
    assert len(refused.value.problems) == 20


def test_the_byte_order_mark_is_not_passed_on() -> None:
    assert strict_json.checked(b'\xef\xbb\xbf{"a":1}') == b'{"a":1}'
