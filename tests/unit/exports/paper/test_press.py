"""The press: a tagged PDF in the language of its page, from what was handed in and nothing else, within its limits."""

import asyncio
import http.server
import io
import signal
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.exports.paper import printing
from app.exports.paper.press import ForeignAddress, pdf_of, read_request, request_of
from app.exports.paper.printing import NotPrinted, PangoMissing, PrintedTooLong, printed
from tests.pdf import Claims, claims_of, text_of

PAGE = '<!doctype html><html lang="pl"><head><title>Tytuł</title></head><body><h1>Zażółć</h1>{}</body></html>'
DOT = b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><circle cx="4" cy="4" r="4"/></svg>'


@pytest.fixture
def asked() -> Iterator[tuple[str, list[str]]]:
    """A server's address, and the paths that somebody asked it for."""
    paths: list[str] = []

    class Noting(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            paths.append(self.path)
            self.send_error(404)

        def log_message(self, *_: object) -> None:
            pass

    server = http.server.HTTPServer(("127.0.0.1", 0), Noting)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}", paths
    server.shutdown()
    server.server_close()
    thread.join()


def test_a_request_comes_through_as_it_was() -> None:
    files = {"a.svg": DOT, "b.woff2": bytes(range(256)), "c.svg": b""}
    assert read_request(io.BytesIO(request_of("ąż\n…", files))) == ("ąż\n…", files)


def test_it_is_tagged_and_says_its_language_and_its_title() -> None:
    made = pdf_of(PAGE.format(""), {})
    assert claims_of(made) == Claims("pl", "Tytuł", tagged=True, accessible="1")
    assert "Zażółć" in text_of(made)


@pytest.mark.parametrize(
    "wish",
    [
        '<img src="{}/a.png">',
        '<link rel="stylesheet" href="{}/a.css">',
        '<link rel="attachment" href="{}/a.txt">',
        "<style>@import url({}/a.css);</style>",
        "<style>@font-face {{ font-family: x; src: url({}/a.woff2); }} body {{ font-family: x }}</style>",
        '<div style="background: url({}/a.png)">x</div>',
        '<svg><image href="{}/a.png" width="9" height="9"/></svg>',
        '<object data="{}/a.svg"></object>',
        '<embed src="{}/a.svg">',
    ],
)
def test_it_asks_nobody_for_anything(wish: str, asked: tuple[str, list[str]]) -> None:
    address, paths = asked
    with pytest.raises(ForeignAddress):
        pdf_of(PAGE.format(wish.format(address)), {})
    assert paths == []


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "a.png",
        "/a.png",
        "//127.0.0.1/a.png",
        "data:image/gif;base64,R0lGODlhAQABAAAAACw=",
        "ftp://127.0.0.1/a.png",
        "pomapa:other.svg",
        "pomapa:../dot.svg",
    ],
)
def test_nothing_of_the_machine_gets_into_it(url: str) -> None:
    with pytest.raises(ForeignAddress):
        pdf_of(PAGE.format(f'<img src="{url}" alt="x">'), {"dot.svg": DOT})


def test_what_was_handed_in_is_there() -> None:
    bare, with_dot = (
        pdf_of(PAGE.format(body), {"dot.svg": DOT})
        for body in ("", '<p style="background: url(pomapa:dot.svg)">.</p>')
    )
    assert len(with_dot) > len(bare)


async def test_a_process_of_its_own_makes_it() -> None:
    assert "Zażółć" in text_of(await printed(PAGE.format(""), {}))


async def test_it_knows_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("SECRET_KEY", "DATABASE_URL", "DATABASE_APP_URL", "SMTP_URL"):
        monkeypatch.setenv(name, "hidden")
    names = "import os; print(sorted(os.environ))"
    monkeypatch.setattr(printing, "_PRESS", ("-c", names))
    known = (await printed("", {})).decode()
    assert "PYTHONPATH" in known
    assert "SECRET" not in known
    assert "URL" not in known


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[asyncio.subprocess.Process]:
    """The processes that were started; they would sleep for ever."""
    processes: list[asyncio.subprocess.Process] = []
    start = asyncio.create_subprocess_exec

    async def noting(*words: str, **options: Any) -> asyncio.subprocess.Process:
        processes.append(await start(*words, **options))
        return processes[-1]

    monkeypatch.setattr(asyncio, "create_subprocess_exec", noting)
    monkeypatch.setattr(printing, "_PRESS", ("-c", "import time; time.sleep(86400)"))
    return processes


async def test_what_takes_too_long_is_ended(started: list[asyncio.subprocess.Process]) -> None:
    with pytest.raises(PrintedTooLong):
        await printed("", {}, within_s=0.1)
    assert [process.returncode for process in started] == [-signal.SIGKILL]


async def test_who_stops_waiting_leaves_no_process(started: list[asyncio.subprocess.Process]) -> None:
    waiting = asyncio.create_task(printed("", {}))
    while not started:
        assert not waiting.done()
        await asyncio.sleep(0.01)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    assert [process.returncode for process in started] == [-signal.SIGKILL]


@pytest.mark.parametrize("limit", ["MOST_CPU_S = 1", "MOST_MEMORY = 96 * 1024**2"])
async def test_what_takes_too_much_is_ended(monkeypatch: pytest.MonkeyPatch, limit: str) -> None:
    script = f"import sys; from app.exports.paper import press; press.{limit}; sys.exit(press.main())"
    monkeypatch.setattr(printing, "_PRESS", ("-c", script))
    with pytest.raises(NotPrinted):
        await printed(PAGE.format("<p>Zażółć gęślą jaźń</p>" * 5000), {})


async def test_a_page_that_asks_for_anything_else_is_not_printed() -> None:
    with pytest.raises(NotPrinted):
        await printed(PAGE.format('<img src="http://127.0.0.1/">'), {})


async def test_without_pango_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "weasyprint.py").write_text("raise OSError('cannot load library libpango-1.0-0')")
    script = f"import sys; sys.path.insert(0, {str(tmp_path)!r}); from app.exports.paper.press import main; sys.exit(main())"
    monkeypatch.setattr(printing, "_PRESS", ("-c", script))
    with pytest.raises(PangoMissing, match=r"apt-get install libpango-1\.0-0 libpangoft2-1\.0-0"):
        await printed("", {})


async def test_a_press_that_fails_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(printing, "_PRESS", ("-c", "import sys; sys.exit('broken')"))
    with pytest.raises(NotPrinted):
        await printed("", {})
