"""What the program logs: one line for each event on stderr, as text or as JSON.

Events of libraries go the same way as our own, so that there is one format to read.
"""

import logging
import sys
from typing import Any

import structlog

from gateway.settings import LogFormat, Settings

# What uvicorn tells about itself is said better by the command that serves.
QUIET = ("uvicorn", "uvicorn.error", "uvicorn.access", "alembic", "asyncio")


def configure(settings: Settings) -> None:
    """Set this process's logging up; a second call replaces the first."""
    level = getattr(logging, settings.log_level.upper())
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
    ]
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            structlog.stdlib.PositionalArgumentsFormatter(),
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared, processors=_rendering(settings.log_format)
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level)
    for name in QUIET:
        library = logging.getLogger(name)
        library.handlers = []
        library.propagate = True
        library.setLevel(max(level, logging.WARNING))


def _rendering(chosen: LogFormat) -> list[Any]:
    strip = structlog.stdlib.ProcessorFormatter.remove_processors_meta
    terminal = sys.stderr.isatty()
    if chosen is LogFormat.TEXT or (chosen is LogFormat.AUTO and terminal):
        return [strip, structlog.dev.ConsoleRenderer(colors=terminal)]
    return [strip, structlog.processors.format_exc_info, structlog.processors.JSONRenderer()]
