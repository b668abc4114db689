"""`python -m tests.browser.serve_front_end DIST --port N`: the product with the front end that is built in a folder."""

import argparse
from pathlib import Path

import uvicorn

from app.config import get_settings
from app.main import PROGRAM_PATHS, create_app
from app.templating import Assets, Templates
from app.web.stack import equip


def main() -> None:
    """Serve until told to stop. A build into the folder is seen by the next request."""
    parser = argparse.ArgumentParser()
    parser.add_argument("dist", type=Path)
    parser.add_argument("--port", type=int, required=True)
    asked = parser.parse_args()
    settings = get_settings()
    app = create_app(settings)
    templates = Templates(settings.public_url, timezone=settings.timezone, assets=Assets(asked.dist))
    equip(app, settings, templates, program_paths=PROGRAM_PATHS)
    uvicorn.run(app, host="127.0.0.1", port=asked.port, access_log=False, log_level="warning")


if __name__ == "__main__":
    main()
