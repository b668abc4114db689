"""What every test may use: a real PostGIS, and the folder of real data sets when it is there."""

from pathlib import Path

import pytest

pytest_plugins = ("tests.postgis", "tests.front_end")

SHARED_DATA = Path(__file__).resolve().parents[2] / "shared" / "data"


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real data sets beside the checkout; the test is skipped where it is absent."""
    if not SHARED_DATA.is_dir():
        pytest.skip("the real data sets (../shared/data) are not on this machine")
    return SHARED_DATA
