"""JSON as `domain.json` reads and writes it, for the process's edge."""

from domain.json import MalformedJson, dumps, loads

__all__ = ["MalformedJson", "dumps", "loads"]
