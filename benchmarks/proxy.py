"""nginx as `docker/nginx.conf` sets it up, before a web server of this machine."""

import contextlib
import re
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

#: Where the server with TLS stands that says for whom it asks.
TLS_SERVER = "127.5.0.1"
CONFIGURATION = Path(__file__).resolve().parents[1] / "docker" / "nginx.conf"
_PATIENCE_S = 20.0


@contextlib.contextmanager
def nginx(program: str, folder: Path, behind: int, port: int, bare_port: int) -> Iterator[Path]:
    """Start it in a folder, at a port, before another; at `bare_port` it gives the file that is written where it says."""
    folder.mkdir()
    files = folder / "bare"
    files.mkdir()
    words = CONFIGURATION.read_text()
    # Everything but where it listens, what it stands before and where its files are is as it is there.
    for there, here in (
        ("/tmp/", f"{folder}/"),
        ("listen 8080;", f"listen 127.0.0.1:{port};"),
        ("server web:8000", f"server 127.0.0.1:{behind}"),
        ("/var/cache/nginx/pomapa", str(folder / "cache")),
        ("set_real_ip_from 10.151.77.0/24;", f"set_real_ip_from {TLS_SERVER};"),
    ):
        assert there in words, there
        words = words.replace(there, here)
    server = f"server {{ listen 127.0.0.1:{bare_port}; location / {{ root {files}; }} }}"
    words = words.rstrip().removesuffix("}") + f"    {server}\n}}\n"
    words = re.sub(
        r"^worker_processes auto;",
        "worker_processes auto;\nuser root;\ndaemon off;",
        words,
        flags=re.MULTILINE,
    )
    written = folder / "nginx.conf"
    written.write_text(words)
    process = subprocess.Popen([program, "-e", "stderr", "-p", str(folder), "-c", str(written)])
    try:
        deadline = time.monotonic() + _PATIENCE_S
        while True:
            with contextlib.suppress(OSError):
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                break
            if time.monotonic() > deadline or process.poll() is not None:
                raise RuntimeError("nginx did not start")
            time.sleep(0.1)
        yield files / "file"
    finally:
        process.terminate()
        process.wait(timeout=30)
