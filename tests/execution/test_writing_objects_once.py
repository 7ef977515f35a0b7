"""Objects whose JSON is kept: for which selections, with which mark, and how they are written."""

from typing import Any

import orjson
import strawberry
from graphql import OperationDefinitionNode, parse

from execution.links import ASK, LINK, Link
from execution.strawberry_fields import plans_of


class Store:
    def __init__(self) -> None:
        self.kept: dict[Any, tuple[Any, Any]] = {}
        self.hits = 0

    def get(self, key: Any, mark: Any) -> Any:
        known = self.kept.get(key)
        if known is None or known[0] != mark:
            return None
        self.hits += 1
        return known[1]

    def put(self, key: Any, mark: Any, written: Any, size: int) -> None:
        assert size > 0
        self.kept[key] = (mark, written)


@strawberry.type
class Owner:
    id: strawberry.ID
    name: str


def linked(method: Any, *, closed: bool) -> Any:
    setattr(method, LINK, Link(closed))
    return strawberry.field(method)


def owner(self: Any, info: strawberry.Info) -> Owner:  # noqa: ARG001 - fields have their object
    return Owner(id=strawberry.ID("1"), name=info.context["owner"])


def stranger(self: Any, info: strawberry.Info) -> Owner:  # noqa: ARG001 - as above
    return Owner(id=strawberry.ID("2"), name=info.context["owner"])


@strawberry.type
class Row:
    number: int
    store: strawberry.Private[Any]
    mark: strawberry.Private[Any] = 0

    @property
    def kept_as(self) -> Any:
        return None if self.store is None else (self.store, self.number, self.mark)

    @strawberry.field
    def half(self) -> float:
        return 1 / self.number

    @strawberry.field
    def named(self, info: strawberry.Info) -> str:
        return str(info.context["owner"])

    owner: Owner = linked(owner, closed=True)
    stranger: Owner = linked(stranger, closed=False)


@strawberry.type
class Query:
    @strawberry.field
    def rows(self, info: strawberry.Info) -> list[Row | None]:
        found: list[Row | None] = info.context["rows"]
        return found


SCHEMA = strawberry.Schema(Query)
PLANS = plans_of(SCHEMA)


def plan_of(fields: str, finishes: Any = None) -> Any:
    document = parse(f"query ($b: Boolean = false) {{ rows {{ {fields} }} }}")
    (operation,) = document.definitions
    assert isinstance(operation, OperationDefinitionNode)
    return PLANS.of(document, operation, finishes)


def run(plan: Any, *rows: Row, owner: str = "Ann", **variables: Any) -> Any:
    result = plan.execute(context={"rows": list(rows), "owner": owner}, variables=variables)
    return orjson.loads(orjson.dumps(result.data)), result.errors


def test_what_the_object_has_in_it_is_written_once() -> None:
    store, plan = Store(), plan_of("__typename n: number half owner { id name }")
    first = run(plan, Row(number=2, store=store))

    again = run(plan, Row(number=2, store=store), owner="Bob")

    assert store.hits == 1
    assert again == first
    assert again[0]["rows"] == [
        {"__typename": "Row", "n": 2, "half": 0.5, "owner": {"id": "1", "name": "Ann"}}
    ]


def test_another_mark_writes_it_anew() -> None:
    store, plan = Store(), plan_of("number owner { name }")
    run(plan, Row(number=2, store=store))

    data, _ = run(plan, Row(number=2, store=store, mark=1), owner="Bob")

    assert store.hits == 0
    assert data["rows"][0]["owner"]["name"] == "Bob"


def test_selections_and_conditions_keep_their_own() -> None:
    store = Store()
    one = plan_of("number half @include(if: $b)")
    assert run(one, Row(number=2, store=store))[0] == {"rows": [{"number": 2}]}
    assert run(one, Row(number=2, store=store), b=True)[0] == {"rows": [{"number": 2, "half": 0.5}]}
    assert run(plan_of("x: number"), Row(number=2, store=store))[0] == {"rows": [{"x": 2}]}
    assert store.hits == 0


def test_what_asks_for_more_than_the_object_has_is_not_kept() -> None:
    store = Store()
    for fields in ("number named", "number stranger { name }"):
        run(plan_of(fields), Row(number=2, store=store))
    assert store.kept == {}

    run(plan_of("number stranger { id }"), Row(number=2, store=store))
    assert len(store.kept) == 1


def test_an_object_with_an_error_is_not_kept() -> None:
    store, plan = Store(), plan_of("number half")

    for _ in range(2):
        data, errors = run(plan, Row(number=0, store=store), Row(number=2, store=store))
        assert data["rows"] == [None, {"number": 2, "half": 0.5}]
        assert [error.path for error in errors] == [["rows", 0, "half"]]
    assert len(store.kept) == 1


def test_it_is_written_as_its_finish_says_and_not_where_that_is_not_known() -> None:
    store = Store()
    finishes = {("Query", "rows"): lambda made: {"folded": made["number"]}}
    row = Row(number=2, store=store)
    for _ in range(2):
        assert run(plan_of("number", finishes), row)[0] == {"rows": [{"folded": 2}]}

    assert run(plan_of("number", {}), row)[0] == {"rows": [{"number": 2}]}
    assert len(store.kept) == 2


def test_a_link_is_asked_only_for_what_is_not_at_hand() -> None:
    asked: list[object] = []

    def resolver(self: Any, info: strawberry.Info) -> Owner:  # noqa: ARG001 - fields have it
        asked.append(info)
        return Owner(id=strawberry.ID("7"), name="Asked")

    def id_of(_self: Any) -> str:
        return "7"

    def at_hand(_self: Any, context: Any) -> Any:
        return context.get("known", ASK)

    setattr(resolver, LINK, Link(True, id_of, at_hand))  # noqa: FBT003 - it is closed

    field: Any = strawberry.field(resolver)

    @strawberry.type
    class Root:
        owner: Owner = field

    plans = plans_of(strawberry.Schema(Root))

    def name_of(fields: str, **context: Any) -> Any:
        document = parse(f"{{ owner {{ {fields} }} }}")
        (operation,) = document.definitions
        assert isinstance(operation, OperationDefinitionNode)
        result: Any = plans.of(document, operation).execute(context=context)
        return result.data["owner"]

    known = Owner(id=strawberry.ID("7"), name="Known")
    assert name_of("id __typename") == {"id": "7", "__typename": "Owner"}
    assert name_of("one: id two: id @skip(if: true)") == {"one": "7"}
    assert name_of("name", known=known) == {"name": "Known"}
    assert asked == []
    assert name_of("name") == {"name": "Asked"}
    assert len(asked) == 1
