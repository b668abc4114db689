import os
from pathlib import Path

import pytest

from app.cli.installation import use_own_secret
from app.config import get_settings


def test_a_process_started_alone_never_signs_with_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    monkeypatch.setenv("SECRET_KEY", "")
    use_own_secret()
    secret = get_settings().secret_key.get_secret_value()
    assert len(secret) == 64
    # Another process of the same installation signs with the same one.
    monkeypatch.setenv("SECRET_KEY", "")
    use_own_secret()
    assert os.environ["SECRET_KEY"] == secret
    get_settings.cache_clear()
