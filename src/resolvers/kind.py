"""What is known of one type of the graph that is listed."""

from dataclasses import dataclass
from functools import cached_property
from importlib import import_module
from typing import Annotated, Any

import strawberry

from domain.permissions import Permission
from services.lists import Reader


@dataclass(frozen=True, eq=False, kw_only=True)
class Kind:
    """One type of the graph that is listed, and has an id unless it is a mere sum.

    `needs` is the right to read it from another area; `order` is how a list of it is sorted when
    the client does not say, the greatest first when `descending`; `prefix` begins the ids that we
    make.
    """

    name: str
    module: str
    reader: Reader
    needs: Permission
    order: str
    descending: bool = False
    prefix: str = ""

    @cached_property
    def type(self) -> Any:
        """Its GraphQL type."""
        return getattr(import_module(self.module), self.name)

    def annotation(self) -> Any:
        """Its type, as a signature names it before it is declared."""
        return Annotated[self.name, strawberry.lazy(self.module)]

    def input(self, ending: str) -> Any:
        """The input type that filters or sorts a list of it: its name with this ending."""
        module = import_module(self.module.replace("resolvers.", "resolvers.filters."))
        return getattr(module, self.name + ending)
