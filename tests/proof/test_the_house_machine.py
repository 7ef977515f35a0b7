"""Whatever a house does with its stock, the books say what plain dictionaries say."""

import re
from pathlib import Path

import pytest
from graphql import build_schema
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import invariant, run_state_machine_as_test

import house_driver
from graph import schema
from house_documents import DocumentActs


class Everything(DocumentActs):
    """All acts, and what must be true after each."""

    @invariant()
    def buckets_are_the_sums_of_their_entries(self) -> None:
        """Invariants 1 and 5."""
        if not hasattr(self, "house"):
            return
        there = {b: int(row.on_hand) for b, row in self.found.items.items()}
        assert there == {b: n for b, n in self.house.on_hand.items() if b in there}
        assert there == {b: int(row.posted) for b, row in self.found.items.items()}
        assert all(n >= 0 for n in there.values())
        expired = {b for b, row in self.found.items.items() if row.expired}
        assert expired == {b for b, n in there.items() if n and self.house.is_expired(b)}

    @invariant()
    def sums_are_kept(self) -> None:
        """Invariants 3, 4 and 6."""
        if not hasattr(self, "house"):
            return
        assert self.found.broken == []
        levels = {p: level for p, level in self.found.levels.items() if any(level)}
        ours = {place: self.house.level(place) for place in {b.place for b in self.buckets}}
        assert levels == {place: level for place, level in ours.items() if any(level)}
        reserved = {b: int(row.reserved) for b, row in self.found.items.items()}
        assert reserved == {b: self.house.promised(b) for b in self.found.items}

    @invariant()
    def documents_stand_where_they_should(self) -> None:
        """Invariant 12, and what requests have got."""
        if not hasattr(self, "house"):
            return
        told = {
            n: (rows[0].status, self.found.numbers(n)) for n, rows in self.found.transfers.items()
        }
        assert told == {n: (t.status, t.numbers) for n, t in self.house.transfers.items()}
        aside = {name: sum(units.values()) for name, units in self.house.aside.items()}
        left = {n: t.aside for n, t in self.house.transfers.items() if t.aside}
        left |= {n: r.allocated for n, r in self.house.requests.items() if r.allocated}
        assert {name: n for name, n in aside.items() if not name.startswith("ORDER-")} == left
        asked = {
            number: (row.status, tuple(None if n is None else int(n) for n in row.told))
            for number, row in self.found.requests.items()
        }
        assert asked == {n: (r.status, r.numbers) for n, r in self.house.requests.items()}


# Mutations that move or promise stock and are not among the acts, and why not.
ELSEWHERE = {
    "correctStock": "setStock by the bucket's id",
    "changeTransfer": "the steps of a transfer by name",
    "changeStockRequestStatus": "the steps of a request by name",
    "generateStockRequests": "requests that are submitted, of stocklists",
    "acceptReplenishmentSuggestions": "transfers, requests and orders that are made of suggestions",
    "splitPutAwayTask": "divides what is planned and moves nothing",
}
# What is told of stock, and what sets it aside for channels; quotas have races of their own.
STILL = re.compile(
    r"(create|update|delete|clone|publish|retire|edit|comment|move|set|add|remove|assign|pin"
    r"|keep|revoke|rotate)(Category|Product|Location|Bin|Lot|Channel|ChannelPolicy|ChannelQuota"
    r"|ReasonCode|ApiKey|Stocklist|PutAwayRule|TenantSettings|CountSettings|AbcClass|AbcRun"
    r"|InventoryLevel|RequestApprover|ReplenishmentConfig|Replenishment|Transfer|StockRequest"
    r"|StockRequestLine|PutAwayTask|CycleCount)"
    r"|(reject|close|cancel)Replenishment|recordAvailability|closePeriod|approveCountLines"
    r"|createAbcCount|changeStockRequestLine|(start|pick)PutAwayTask"
)


def test_every_mutation_that_moves_or_promises_stock_is_among_the_acts() -> None:
    mutations = build_schema(schema().as_str()).mutation_type
    assert mutations is not None
    sources = Path(house_driver.__file__).parent.glob("house_*.py")
    acts = set(re.findall(r'"([a-z]+[A-Z]\w+)"', "".join(one.read_text() for one in sources)))
    acts |= {f"{act}StockRequest" for act in ("cancel", "close")}

    left = {name for name in mutations.fields if not STILL.fullmatch(name)} - acts

    assert left == set(ELSEWHERE)


def test_invariants_01_02_03_04_05_06_07_12_16_23_hold_after_every_act(
    urls: tuple[str, str], run_seed: int, pytestconfig: pytest.Config, *, is_long: bool
) -> None:
    is_whole = pytestconfig.option.broken is None
    Everything.app_url = urls[1]
    machine = seed(run_seed)(Everything)

    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=120 if is_long else 5,
            stateful_step_count=60 if is_long else 40,
            deadline=None,
            database=None,
            print_blob=True,
            suppress_health_check=list(HealthCheck),
            phases=(Phase.generate, Phase.shrink) if is_whole else (Phase.generate,),
        ),
    )
