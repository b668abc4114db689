"""The settings of one installation, read from the environment once, never at import."""

import datetime as dt
import functools
import re
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from pydantic import BaseModel, Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict
from sqlalchemy import make_url

SAMPLE_SECRETS = frozenset({"change-me", "changeme", "secret", "development", "sample", "pomapa"})
SHORTEST_SECRET = 32
#: Of several hosts only one takes these at a time.
ONE_SERVER = frozenset({"primary", "read-write"})
#: Hosts of a developer's own machine, to which nothing travels that others could read.
OWN_MACHINE = frozenset({"localhost", "127.0.0.1", "::1"})


class IdentityProvider(BaseModel):
    """A municipality's own sign-in service (OpenID Connect), as it knows us and as we know it."""

    #: As the service writes it itself, down to a slash at its end.
    issuer: str = Field(min_length=1, max_length=500)
    client_id: str = Field(min_length=1, max_length=500)
    client_secret: SecretStr = Field(min_length=1)
    #: What its button says; `names` has others by language.
    name: str = Field(min_length=1, max_length=80)
    names: dict[str, str] = Field(default_factory=dict)
    #: What stands behind the @ of those for whom it may speak.
    mail_domains: Annotated[tuple[str, ...], NoDecode] = Field(min_length=1)
    #: The claim with which it says that it has made sure of an address.
    verified_claim: str = Field(default="email_verified", min_length=1, max_length=80)
    #: Hosts beside the issuer's on which it answers, such as that of its keys.
    hosts: Annotated[tuple[str, ...], NoDecode] = ()
    #: Values of `amr` or `acr` with which it says that it has asked for a second step; none: it never counts.
    second_step: Annotated[tuple[str, ...], NoDecode] = ()

    @field_validator("mail_domains", "hosts", "second_step", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return _parts(value)

    @field_validator("mail_domains", "hosts")
    @classmethod
    def _lower(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(part.lower() for part in value)

    @field_validator("mail_domains")
    @classmethod
    def _are_domains(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if any("@" in part or "*" in part or "." not in part.strip(".") for part in value):
            msg = "Write what stands behind the @, in whole, for example gdansk.example"
            raise ValueError(msg)
        return value

    def called(self, language: str) -> str:
        """Its name in a language."""
        return self.names.get(language) or self.name


class Settings(BaseSettings):
    """Everything an operator may set; each field's name in capitals is its environment variable.

    `pydantic.ValidationError` when a value cannot be used; `app.cli` turns it into sentences.
    """

    model_config = SettingsConfigDict(
        env_file=None, extra="ignore", env_ignore_empty=True, env_nested_delimiter="__"
    )

    environment: Literal["development", "production"] = "development"
    secret_key: SecretStr = SecretStr("")
    public_url: str = "http://127.0.0.1:8000"
    data_dir: Path = Path("var")

    #: The owner's address: migrations run with it. Empty: the embedded cluster is used.
    database_url: str = ""
    #: The writer `pomapa_app` and the reader `pomapa_reader`; made from `database_url` when empty.
    database_app_url: str = ""
    database_read_url: str = ""
    #: For LISTEN and advisory locks, which do not survive a pooler; the writer's when empty.
    database_direct_url: str = ""
    pool_size: int = Field(default=4, ge=1, le=50)
    read_statement_timeout_ms: int = Field(default=2000, ge=50)
    #: What the numbers on a page of the finder may take together; without them it shows itself all the same.
    counts_timeout_ms: int = Field(default=1000, ge=1)
    write_statement_timeout_ms: int = Field(default=10000, ge=50)

    smtp_url: str = ""
    mail_from: str = "Pomapa <pomapa@localhost>"

    #: ISO 3166-1 alpha-2, capital letters; the first is home (its holidays, its phone prefix).
    countries: Annotated[tuple[str, ...], NoDecode] = ("PL",)
    timezone: str = "Europe/Warsaw"

    basemap_pmtiles: str = ""
    #: Upstream of the caching proxy `/tiles/base/{z}/{x}/{y}`; "off" switches the proxy off.
    basemap_tiles_url: str = "https://tile.openstreetmap.org/{z}/{x}/{y}.png"
    basemap_attribution: str = "© OpenStreetMap"
    basemap_max_zoom: int = Field(default=17, ge=0, le=19)
    #: Whom the tile server's people can write to; goes into the User-Agent. Empty: the public address.
    basemap_contact: str = ""
    basemap_cache_mb: int = Field(default=1000, ge=10)

    #: Codes of municipalities whose files are made every night in all languages, whoever asks for them.
    offline_areas: Annotated[tuple[str, ...], NoDecode] = ()

    #: Who runs this installation, and whom to write to about its accessibility; each is said to be missing where empty.
    operator_name: str = ""
    accessibility_contact: str = ""
    accessibility_email: str = ""
    accessibility_phone: str = ""
    #: When this website was published and last changed in an important way, and when its statement was made.
    website_published: dt.date | None = None
    website_changed: dt.date | None = None
    accessibility_stated: dt.date | None = None

    #: Where people report weaknesses in private: `mailto:…` or `https://…`. Empty: no security.txt is given.
    security_contact: str = ""

    #: Whether staff need a second step to sign in. Not set: in production and wherever people come by https (decision 0019).
    staff_second_step: bool | None = None
    #: Sign-in services of municipalities by a short name, which stands in their addresses (decision 0030).
    oidc: dict[str, IdentityProvider] = {}

    #: Who is asked every night where mail for the domains of organisations' admins is handed in: addresses, with or without
    #: a port; `off` for nobody. Empty: the name servers of the system.
    name_servers: Annotated[tuple[str, ...], NoDecode] = ()
    #: Addresses of proxies whose X-Forwarded-For is believed.
    trusted_proxies: Annotated[tuple[str, ...], NoDecode] = ()
    #: Accepted submissions from one address in an hour.
    submissions_per_hour: int = Field(default=5, ge=1)
    #: So many of those behind entries are asked by mail on a working day whether their entries are still true; 0: nobody.
    reminders_per_day: int = Field(default=20, ge=0, le=10_000)
    #: So long a decision of the desk can be undone; its mail waits as long.
    undo_seconds: int = Field(default=600, ge=0, le=86_400)
    #: Forms of one kind that all together may send in an hour before a browser has to prove that it takes its time.
    proof_above_per_hour: int = Field(default=120, ge=1)

    @field_validator("countries", "trusted_proxies", "offline_areas", "name_servers", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return _parts(value)

    @field_validator("public_url")
    @classmethod
    def _no_trailing_slash(cls, value: str) -> str:
        return value.rstrip("/")

    @field_validator("smtp_url")
    @classmethod
    def _names_a_mail_server(cls, value: str) -> str:
        """Refused by every command, since a map that takes submissions and cannot send its links loses them."""
        if value and not _mail_server(value):
            msg = (
                "It has to look like smtp://user:password@host:587?starttls or smtps://user:password@host:465"
            )
            raise ValueError(msg)
        return value

    @field_validator("name_servers")
    @classmethod
    def _are_name_servers(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if value != ("off",):
            for part in value:
                if _name_server(part) is None:
                    msg = "Write addresses of name servers such as 9.9.9.9, 127.0.0.1:5353 or [::1]:5353, or off"
                    raise ValueError(msg)
        return value

    @model_validator(mode="after")
    def _one_server_to_read_from(self) -> Self:
        """A version from one replica and rows from another that lags would be kept as what they are not (decision 0013)."""
        name = "DATABASE_READ_URL" if self.database_read_url else "DATABASE_URL"
        if _several_servers(self.database_read_url or self.database_url):
            msg = (
                f"{name} has several hosts, and one process may read from one server only. Give each web process one "
                "of them, or add target_session_attrs=primary"
            )
            raise ValueError(msg)
        return self

    @model_validator(mode="after")
    def _each_provider_by_itself(self) -> Self:
        """What one of them says must never be taken for what another one says."""
        for name, provider in self.oidc.items():
            if not _PROVIDER_NAME.fullmatch(name):
                msg = f"OIDC__{name.upper()}: its name has to be letters and digits, 30 at most"
                raise ValueError(msg)
            if not _is_issuer(provider.issuer, own_machine=self.environment != "production"):
                msg = f"OIDC__{name.upper()}__ISSUER has to be an address that begins with https://, without ? and #"
                raise ValueError(msg)
        issuers = [one.issuer.rstrip("/") for one in self.oidc.values()]
        domains = [domain for one in self.oidc.values() for domain in set(one.mail_domains)]
        if len(set(issuers)) < len(issuers) or len(set(domains)) < len(domains):
            msg = "Two of OIDC__… have the same ISSUER, or one of their MAIL_DOMAINS in common"
            raise ValueError(msg)
        return self

    @model_validator(mode="after")
    def _secret_fit_for_production(self) -> Self:
        if self.environment != "production":
            return self
        secret = self.secret_key.get_secret_value()
        if len(secret) < SHORTEST_SECRET or secret.lower() in SAMPLE_SECRETS or len(set(secret)) < 10:
            msg = (
                "SECRET_KEY is missing, short or a sample. Set it to 32 or more random characters, "
                "for example the output of: openssl rand -hex 32"
            )
            raise ValueError(msg)
        return self

    @property
    def second_step_required(self) -> bool:
        """Whether staff without a second step may do nothing; where nobody has said, as `staff_second_step` tells."""
        if self.staff_second_step is not None:
            return self.staff_second_step
        return self.environment == "production" or self.secure_cookies

    @property
    def asks_name_servers(self) -> bool:
        """Whether anybody is asked where mail is handed in."""
        return self.name_servers != ("off",)

    @property
    def name_server_addresses(self) -> tuple[tuple[str, int], ...]:
        """The name servers to ask with their ports; none: those of the system."""
        return tuple(found for part in self.name_servers if (found := _name_server(part)) is not None)

    @property
    def secure_cookies(self) -> bool:
        """Whether cookies carry `Secure` and the `__Host-` prefix: wherever people reach us by https."""
        return self.public_url.startswith("https://")


_PROVIDER_NAME = re.compile("[a-z0-9_-]{1,30}")


def _parts(value: object) -> object:
    """What stands between the commas of a text."""
    if isinstance(value, str):
        return tuple(part.strip() for part in value.split(",") if part.strip())
    return value


def _is_issuer(url: str, *, own_machine: bool) -> bool:
    """Whether an address may be asked about people: https, or http on a developer's own machine."""
    try:
        parts = urlsplit(url)
        secure = parts.scheme == "https" or (
            own_machine and parts.scheme == "http" and parts.hostname in OWN_MACHINE
        )
        plain = not (parts.query or parts.fragment or parts.username or parts.password)
        return secure and plain and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


def _mail_server(url: str) -> bool:
    """Whether an address names a server to hand mail to; a port that is no number or above 65535 names none."""
    try:
        parts = urlsplit(url)
        return parts.scheme in {"smtp", "smtps"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


def _name_server(given: str) -> tuple[str, int] | None:
    """Read an address with or without a port; None for what is none. Names are none: who would be asked for them?"""
    try:
        return str(ip_address(given)), 53
    except ValueError:
        pass
    try:
        parts = urlsplit(f"//{given}")
        return str(ip_address(parts.hostname or "")), parts.port or 53
    except ValueError:
        return None


def _several_servers(url: str) -> bool:
    """Whether connections of an address may lead to different servers (libpq, "Specifying Multiple Hosts")."""
    if not url:
        return False
    address = make_url(url)
    given = {
        name: ",".join([value] if isinstance(value, str) else value) for name, value in address.query.items()
    }
    hosts = (address.host or "", given.get("host", ""), given.get("hostaddr", ""))
    return any("," in host for host in hosts) and given.get("target_session_attrs") not in ONE_SERVER


@functools.cache
def get_settings() -> Settings:
    """The settings of this process, read at the first call."""
    return Settings()
