"""Every setting, read once from the environment and refused at once when it makes no sense.

Each field's description is its line in the table of settings; a test compares the two.
"""

import difflib
import os
import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

from pydantic import AfterValidator, Field, ValidationError
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, SettingsConfigDict

from gateway.problems import Problem

PREFIX = "STOCKGRAPH_"
DATABASE_SCHEMES = ("postgresql://", "postgres://", "postgresql+asyncpg://")
# Two variables that hosting platforms set under these very names.
UNPREFIXED = {"database_url", "database_owner_url"}


class LogLevel(StrEnum):
    """How much is logged."""

    DEBUG = "debug"
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


class LogFormat(StrEnum):
    """How a line of the log looks."""

    AUTO = "auto"
    TEXT = "text"
    JSON = "json"


def _default_data_dir() -> Path:
    if os.geteuid() == 0:
        return Path("/var/lib/stockgraph")
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "stockgraph"
    data_home = os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share"
    return Path(data_home) / "stockgraph"


def _database_url(url: str | None) -> str | None:
    """Bring the spellings of a PostgreSQL address down to one, which every driver takes."""
    if url is None:
        return None
    for scheme in DATABASE_SCHEMES:
        if url.startswith(scheme):
            return "postgresql://" + url.removeprefix(scheme)
    message = "it must begin with postgresql://"
    raise ValueError(message)


def _public_url(url: str | None) -> str | None:
    if url is None or url.startswith(("http://", "https://")):
        return url and url.rstrip("/")
    message = "it must begin with http:// or https://"
    raise ValueError(message)


DatabaseUrl = Annotated[str | None, AfterValidator(_database_url)]


class Settings(BaseSettings):
    """The settings of one process. They do not change while it runs."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_ignore_empty=True, frozen=True, populate_by_name=True
    )

    database_url: DatabaseUrl = Field(
        None,
        validation_alias="DATABASE_URL",
        description="PostgreSQL 15 or newer, as `postgresql://user:password@host/database`, for a "
        "role that row-level security binds. When unset, a PostgreSQL of its own is started.",
    )
    database_owner_url: DatabaseUrl = Field(
        None,
        validation_alias="DATABASE_OWNER_URL",
        description="The same database for the role that owns the tables: upgrades, dumps and the "
        "removal of tenants need it. When unset, `DATABASE_URL`.",
    )
    data_dir: Path = Field(
        default_factory=_default_data_dir,
        description="Folder of the built-in PostgreSQL.",
        json_schema_extra={"default_text": "`/var/lib/stockgraph` as root, else the user's data"},
    )
    pg_bindir: Path | None = Field(
        None,
        description="Folder of the PostgreSQL programs (`initdb`, `postgres`, `psql` …) to use. "
        "When unset, the installed package's, else the system's newest.",
    )
    db_pool_size: int = Field(
        10, ge=1, le=1000, description="Database connections of each worker process."
    )
    db_prepared: bool = Field(
        default=True,
        description="Prepared statements (`on` or `off`): `off` for PgBouncer older than 1.21.",
    )
    reference_cache_mb: int = Field(
        128,
        ge=0,
        le=65_536,
        description="About how much reference data (names of products, places and channels, with "
        "what was written of them) each worker process keeps, in MB; 0 keeps none.",
    )
    cost_max: int = Field(
        250_000,
        ge=1,
        le=1_000_000_000,
        description="The most that one operation may be estimated to cost (docs/graphql.md); a key "
        "may be given less.",
    )
    host: str = Field("127.0.0.1", description="Address to listen on; `0.0.0.0` is all.")
    port: int = Field(8000, ge=0, le=65535, description="Port to listen on; 0 takes a free one.")
    workers: int = Field(1, ge=1, le=64, description="Processes that serve requests.")
    public_url: Annotated[str | None, AfterValidator(_public_url)] = Field(
        None,
        description="Address under which clients reach the server, when a proxy stands before it.",
    )
    ledger_check_hours: int = Field(
        24,
        ge=0,
        le=8760,
        description="After how many hours each tenant's ledger is checked again while the server "
        "runs; 0 for never.",
    )
    explorer: bool = Field(
        default=True, description="GraphiQL at `/graphql` for browsers (`on` or `off`)."
    )
    log_level: LogLevel = Field(
        LogLevel.INFO, description="How much is logged: `debug`, `info`, `warning` or `error`."
    )
    log_format: LogFormat = Field(
        LogFormat.AUTO,
        description="How it is logged: `text`, `json`, or `auto` for text on a terminal and JSON "
        "elsewhere.",
    )

    @property
    def owner_url(self) -> str | None:
        """The address for the role that owns the tables."""
        return self.database_owner_url or self.database_url

    @property
    def base_url(self) -> str:
        """The address under which clients reach the server, without a slash at its end."""
        if self.public_url:
            return self.public_url
        everywhere = {"127.0.0.1", "0.0.0.0", "::", "::1"}  # noqa: S104 - compared, not bound
        host = "localhost" if self.host in everywhere else self.host
        return f"http://[{host}]:{self.port}" if ":" in host else f"http://{host}:{self.port}"

    def environment(self) -> dict[str, str]:
        """Return the variables that give another process these very settings."""
        values = {name: getattr(self, name) for name in Settings.model_fields}
        return {variable(name): str(value) for name, value in values.items() if value is not None}


def load_settings(**overrides: Any) -> Settings:
    """Return the settings of the environment; what is given and not None goes before it.

    Raises:
        Problem: a value makes no sense; names the variable.
    """
    given = {name: value for name, value in overrides.items() if value is not None}
    try:
        return Settings(**given)
    except ValidationError as error:
        raise Problem(" ".join(_sentence(dict(fault)) for fault in error.errors())) from None


def _sentence(fault: dict[str, Any]) -> str:
    first = str(fault["loc"][0])
    name = next(name for name in Settings.model_fields if first in {name, variable(name)})
    # An address may hold a password, so it is not repeated.
    value = "" if name in UNPREFIXED else f"={str(fault['input'])!r}"
    reason = fault["msg"].removeprefix("Value error, ")
    reason = reason[0].lower() + reason[1:]
    return f"{variable(name)}{value} does not fit: {reason}; docs/settings.md says more."


def variable(name: str) -> str:
    """Return the environment variable of a field."""
    return name.upper() if name in UNPREFIXED else PREFIX + name.upper()


def default_text(field: FieldInfo) -> str:
    """Return a field's default for people to read; empty when it has none."""
    extra = field.json_schema_extra
    if isinstance(extra, dict):
        return str(extra["default_text"])
    if field.default is None:
        return ""
    if isinstance(field.default, bool):
        return "`on`" if field.default else "`off`"
    return f"`{field.default}`"


def unknown_variables() -> dict[str, str]:
    """Return the variables that look like settings and are none, with the likeliest meant one."""
    known = [variable(name) for name in Settings.model_fields]
    return {
        name: next(iter(difflib.get_close_matches(name, known, n=1)), "")
        for name in sorted(os.environ)
        if name.startswith(PREFIX) and name not in known
    }
