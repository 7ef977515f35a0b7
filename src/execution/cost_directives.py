"""The directives by which a schema says what its fields cost: IBM's cost specification.

How deep a list is nested and how long it may be says more of the work behind a query than the
length of its text. https://ibm.github.io/graphql-specs/cost-spec.html
"""

import strawberry
from strawberry.schema_directive import Location


@strawberry.schema_directive(
    locations=[
        Location.ARGUMENT_DEFINITION,
        Location.ENUM,
        Location.FIELD_DEFINITION,
        Location.OBJECT,
        Location.SCALAR,
    ],
    name="cost",
    description="What one appearance of it adds to the cost of an operation. Unless told, fields "
    "of objects and objects weigh 1, and all else weighs nothing.",
)
class CostDirective:
    """A weight other than the usual one, as a number in a string."""

    weight: str = strawberry.directive_field(name="weight")


@strawberry.schema_directive(
    locations=[Location.FIELD_DEFINITION],
    name="listSize",
    description="How long a list is taken to be in the estimate of an operation's cost: as the "
    "greatest of `slicingArguments` that is given (of a list, its length), else `assumedSize`. "
    "With `sizedFields` that is the size of these lists of the object, and not of the field.",
)
class ListSizeDirective:
    """The size of a list, before it is known."""

    assumed_size: int | None = strawberry.directive_field(
        name="assumedSize", default=strawberry.UNSET
    )
    slicing_arguments: list[str] | None = strawberry.directive_field(
        name="slicingArguments", default=strawberry.UNSET
    )
    sized_fields: list[str] | None = strawberry.directive_field(
        name="sizedFields", default=strawberry.UNSET
    )
    require_one_slicing_argument: bool | None = strawberry.directive_field(
        name="requireOneSlicingArgument", default=True
    )
