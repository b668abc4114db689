"""An installation of its own, with a database of its own, whose web server can be stopped, and the front end it serves."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path

from app.localdb import ClusterUrls
from tests.browser.small_set import SmallSet, publish_small_set

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_S = 60


@dataclass
class OwnSite:
    """A site on a migrated database, with a folder for what it keeps.

    `dist` is the built front end that it serves, the checkout's if there is none. `code` is the folder with the product's code. `settings` are the environment's, beside those that a test always has.
    """

    folder: Path
    urls: ClusterUrls
    dist: Path | None = None
    code: Path = ROOT
    settings: dict[str, str] = field(default_factory=dict)
    port: int = field(init=False)
    places: SmallSet = field(init=False)
    _web: subprocess.Popen[bytes] | None = None

    def __post_init__(self) -> None:
        self.places = publish_small_set(self.urls)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start the web server, again at the same address when it was stopped."""
        urls = self.urls
        environment = os.environ | {
            "SECRET_KEY": "not-a-real-secret-but-long-enough-0123456789",
            "PUBLIC_URL": self.address,
            "DATA_DIR": str(self.folder / "data"),
            "DATABASE_URL": urls.owner,
            "DATABASE_APP_URL": urls.app,
            "DATABASE_READ_URL": urls.reader,
            "BASEMAP_TILES_URL": "off",
            # Numbers are compared: on a machine with much to do they may come late, and are to come.
            "COUNTS_TIMEOUT_MS": "10000",
            **self.settings,
        }
        command = ["app", "web"] if self.dist is None else ["tests.browser.serve_front_end", str(self.dist)]
        self._web = subprocess.Popen(
            [sys.executable, "-m", *command, "--port", str(self.port)], cwd=self.code, env=environment
        )
        deadline = time.monotonic() + PATIENCE_S
        while True:
            try:
                urllib.request.urlopen(f"{self.address}/healthz", timeout=5).close()
            except (urllib.error.URLError, OSError):
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.2)
            else:
                return

    def stop(self) -> None:
        """Stop the web server; nobody answers at its address any more."""
        if self._web is not None:
            self._web.send_signal(signal.SIGTERM)
            try:
                self._web.wait(20)
            except subprocess.TimeoutExpired:
                self._web.kill()
                self._web.wait()
        self._web = None
