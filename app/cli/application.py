"""All commands in one program, and its errors as sentences instead of stack traces."""

import sys

import typer
from pydantic import ValidationError
from sqlalchemy.exc import ArgumentError, OperationalError

from app.cli.areas import area_commands
from app.cli.audit import audit_commands
from app.cli.db import db_commands
from app.cli.demo import demo_commands
from app.cli.duplicates import duplicates
from app.cli.exports import export_commands
from app.cli.imports import import_data
from app.cli.reindex import reindex
from app.cli.serve import serve
from app.cli.taking_down import republish, unpublish
from app.cli.translations import commands as translation_commands
from app.cli.users import user_commands
from app.cli.web import web
from app.cli.worker import worker
from app.config import Settings
from app.errors import PomapaError

cli = typer.Typer(
    name="pomapa",
    help="An open, moderated map of help. `pomapa serve` starts everything.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
cli.command()(serve)
cli.command()(web)
cli.command()(worker)
cli.command("import")(import_data)
cli.command()(reindex)
cli.command()(duplicates)
cli.command()(unpublish)
cli.command()(republish)
cli.add_typer(export_commands, name="export")
cli.add_typer(area_commands, name="areas")
cli.add_typer(user_commands, name="users")
cli.add_typer(db_commands, name="db")
cli.add_typer(audit_commands, name="audit")
cli.add_typer(demo_commands, name="demo")
cli.add_typer(translation_commands, name="translations")


def main() -> None:
    """Run the command line; exit 1 with a sentence on what stands in the way."""
    try:
        cli(prog_name="pomapa")
    except PomapaError as error:
        _fail(error.message)
    except ArgumentError:
        _fail("DATABASE_URL is not an address. Write it as postgresql://user:password@host:5432/database")
    except OperationalError as error:
        reason = " ".join(str(error.orig).split())
        _fail(
            f"The database does not answer. Check DATABASE_URL, and that its server runs. It said: {reason}"
        )
    except ValidationError as error:
        # The values are not repeated: one of them may be a secret.
        for problem in error.errors(include_input=False, include_url=False):
            # A setting of a service has its variable's name: OIDC__GDANSK__ISSUER.
            between = "__" if problem["loc"][:1] == ("oidc",) else "."
            name = between.join(str(part) for part in problem["loc"])
            text = problem["msg"].removeprefix("Value error, ")
            where = f"setting {name.upper()}" if error.title == Settings.__name__ else f"{error.title} {name}"
            print(f"pomapa: {where}: {text}" if name else f"pomapa: {text}", file=sys.stderr)
        sys.exit(1)


def _fail(message: str) -> None:
    print(f"pomapa: {' '.join(message.split())}", file=sys.stderr)
    sys.exit(1)
