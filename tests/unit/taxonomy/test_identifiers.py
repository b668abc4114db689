import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from app.taxonomy.identifiers import IdentifierProblem, has_valid_check_digit, validate_identifier
from app.taxonomy.vocabulary import UnknownTerm, Vocabulary, load_vocabulary

LENGTHS = {"nip": 10, "regon": 9, "cui": 9, "edrpou": 8}


def checked(kind: str, text: str) -> str | IdentifierProblem:
    return validate_identifier(kind, text, load_vocabulary())


@st.composite
def valid_numbers(draw: st.DrawFn, kind: str, length: int) -> str:
    """A number of `length` digits whose last digit is the one that the checksum wants."""
    body = draw(st.text("0123456789", min_size=length - 1, max_size=length - 1))
    if kind == "regon" and length == 14:
        body = draw(valid_numbers("regon", 9)) + body[9:]
    digits = [digit for digit in "0123456789" if has_valid_check_digit(kind, body + digit)]
    assume(digits)
    return body + digits[0]


def with_other_digit(number: str, at: int, step: int) -> str:
    return number[:at] + str((int(number[at]) + step) % 10) + number[at + 1 :]


@pytest.mark.parametrize(
    ("kind", "text", "number"),
    [
        ("nip", "526-10-40-828", "5261040828"),
        ("nip", "PL 525 267 47 98", "5252674798"),
        ("regon", "000331501", "000331501"),
        ("regon", "12345678512347", "12345678512347"),
        ("krs", " 0000 030 897 ", "0000030897"),
        ("cui", "ro 361757", "361757"),
        ("cui", "1590082", "1590082"),
        ("edrpou", "14360570", "14360570"),
        ("edrpou", "31316718", "31316718"),
        ("edrpou", "00032106", "00032106"),
        ("teryt", "1465011", "1465011"),
        ("vr", " VR  12345 B ", "VR 12345 B"),
    ],
)
def test_real_numbers_are_taken_in_their_normal_form(kind: str, text: str, number: str) -> None:
    assert checked(kind, text) == number
    assert checked(kind, number) == number


@pytest.mark.parametrize(
    ("kind", "text", "problem"),
    [
        ("nip", "", IdentifierProblem.EMPTY),
        ("vr", "  ", IdentifierProblem.EMPTY),
        ("nip", "526104082", IdentifierProblem.SHAPE),
        ("nip", "５２６１０４０８２８", IdentifierProblem.SHAPE),
        ("nip", "526104082X", IdentifierProblem.SHAPE),
        ("nip", "5261040829", IdentifierProblem.CHECK_DIGIT),
        ("regon", "1234567850", IdentifierProblem.SHAPE),
        ("regon", "12345678612347", IdentifierProblem.CHECK_DIGIT),
        ("krs", "30897", IdentifierProblem.SHAPE),
        ("edrpou", "14360571", IdentifierProblem.CHECK_DIGIT),
        ("vr", "9" * 65, IdentifierProblem.SHAPE),
    ],
)
def test_wrong_numbers_are_refused_with_the_reason(kind: str, text: str, problem: IdentifierProblem) -> None:
    assert checked(kind, text) is problem


def test_an_unknown_kind_is_refused() -> None:
    with pytest.raises(UnknownTerm):
        checked("nonsense", "1")
    with pytest.raises(ValueError, match="nonsense"):
        has_valid_check_digit("nonsense", "1")


def test_every_identifier_has_a_checksum_that_we_know_and_a_pattern_that_compiles(
    vocabulary: Vocabulary,
) -> None:
    for identifier in vocabulary.identifiers.values():
        has_valid_check_digit(identifier.checksum, "0" * LENGTHS.get(identifier.code, 9))
        assert isinstance(checked(identifier.code, "a"), str | IdentifierProblem)


@given(st.data(), st.sampled_from(["nip", "regon", "regon14", "cui", "edrpou"]))
def test_every_generated_number_passes(data: st.DataObject, kind: str) -> None:
    kind, length = ("regon", 14) if kind == "regon14" else (kind, LENGTHS[kind])
    number = data.draw(valid_numbers(kind, length))
    assert checked(kind, number) == number


@given(valid_numbers("nip", 10), st.integers(0, 9), st.integers(1, 9))
def test_a_nip_with_one_other_digit_fails(number: str, at: int, step: int) -> None:
    assert checked("nip", with_other_digit(number, at, step)) is IdentifierProblem.CHECK_DIGIT


@given(valid_numbers("regon", 9), st.integers(0, 8), st.integers(1, 9))
def test_a_regon_with_one_other_digit_fails_unless_its_check_digit_is_zero(
    number: str, at: int, step: int
) -> None:
    # Zero stands for the remainders 0 and 10, so there one other digit may pass; the law has it so.
    assume(number[8] != "0")
    assert checked("regon", with_other_digit(number, at, step)) is IdentifierProblem.CHECK_DIGIT


@given(valid_numbers("regon", 14), st.integers(0, 13), st.integers(1, 9))
def test_a_long_regon_with_one_other_digit_fails_unless_a_check_digit_is_zero(
    number: str, at: int, step: int
) -> None:
    # The first nine are checked on their own: the weight of the fifth in the long rule is zero.
    assume("0" not in (number[8], number[13]))
    assert checked("regon", with_other_digit(number, at, step)) is IdentifierProblem.CHECK_DIGIT


@given(valid_numbers("cui", 9), st.integers(1, 8), st.integers(1, 9))
def test_a_cui_with_one_other_digit_fails_unless_its_check_digit_is_zero(
    number: str, at: int, step: int
) -> None:
    assume(number[8] != "0")
    assert checked("cui", with_other_digit(number, at, step)) is IdentifierProblem.CHECK_DIGIT


@given(st.sampled_from(["nip", "krs", "regon", "cui", "teryt", "vr"]), st.text(max_size=80))
def test_any_text_is_answered_and_a_normal_form_stays(kind: str, text: str) -> None:
    answer = checked(kind, text)
    if isinstance(answer, str):
        assert checked(kind, answer) == answer
