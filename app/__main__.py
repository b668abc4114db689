"""`python -m app` is the command `pomapa`."""

from app.cli import main

main()
