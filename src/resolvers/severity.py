"""The severity of a cell, as an enum of the graph."""

from resolvers.fields import choices
from services.atp import Severity

choices(Severity)

__all__ = ["Severity"]
