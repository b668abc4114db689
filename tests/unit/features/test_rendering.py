import pytest

from app.features.rendering import LONGEST_SLUG, slug_of
from geo.names import fold_name


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Jadłodajnia „Ciepły Stół”", "jadlodajnia-cieply-stol"),
        ("Їдальня «Теплий стіл»", "idalnia-teply-stil"),
        ("Dom 12/3", "dom-12-3"),
        ("عربي", "-"),
        ("!!!", "-"),
    ],
)
def test_a_name_becomes_a_readable_address(name: str, slug: str) -> None:
    assert slug_of(fold_name(name)) == slug


def test_a_long_name_is_cut_between_hyphens() -> None:
    slug = slug_of(fold_name("bardzo długa nazwa " * 20))
    assert len(slug) <= LONGEST_SLUG
    assert not slug.endswith("-")
