"""What every test may use: a real PostGIS, and the folder of real data sets when it is there."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

pytest_plugins = ("tests.postgis", "tests.front_end")

# How long an example takes on a machine that others use too says nothing about the program.
settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")
# For hours in which nobody waits: `./run test … --hypothesis-profile=thorough`.
settings.register_profile("thorough", settings.get_profile("patient"), max_examples=1000, print_blob=True)

SHARED_DATA = Path(__file__).resolve().parents[2] / "shared" / "data"


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real data sets beside the checkout; the test is skipped where it is absent."""
    if not SHARED_DATA.is_dir():
        pytest.skip("the real data sets (../shared/data) are not on this machine")
    return SHARED_DATA
