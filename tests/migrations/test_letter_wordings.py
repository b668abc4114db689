"""0078: words of letters go with the program that knows them; the program before writes its own."""

from alembic import command
from alembic.config import Config
from sqlalchemy import NullPool, create_engine, text

from app.localdb import ClusterUrls
from app.localdb.schema import migrate

PUT = text(
    "INSERT INTO core.letter_wording (kind, language, number, subject, body) VALUES ('sign_in', 'pl', 1, 'A', '{link}')"
)
COUNT = text("SELECT count(*) FROM core.letter_wording")


def test_words_of_letters_go_with_the_program_that_knows_them(database_urls: ClusterUrls) -> None:
    engine = create_engine(database_urls.owner, poolclass=NullPool)
    with engine.connect() as connection:
        connection.execute(PUT)
        connection.commit()
        config = Config("alembic.ini")
        config.attributes["connection"] = connection
        command.downgrade(config, "0077")
        connection.commit()
        assert connection.execute(text("SELECT to_regclass('core.letter_wording')")).scalar_one() is None
    migrate(database_urls.owner)
    with engine.connect() as connection:
        assert connection.execute(COUNT).scalar_one() == 0
