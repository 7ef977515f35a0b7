"""Which policy speaks for a cell: the most specific first, field by field."""

from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from services.atp.policies import PolicyBook
from services.atp.rules import Mode, Terms

D = Decimal


@dataclass
class Policy:
    """A row of models.availability.terms."""

    policy_id: str | None
    location_id: str | None = None
    product_id: str | None = None
    category_id: str | None = None
    mode: str | None = None
    tier: str | None = None
    priority: int | None = None
    share: Decimal | None = None
    cap: Decimal | None = None
    spill_over: bool | None = None
    minimum_stock: Decimal | None = None
    safety_stock: Decimal | None = None
    reserve_stock: Decimal | None = None
    buffer: Decimal | None = None
    backorder_limit: Decimal | None = None
    low_atp_threshold: Decimal | None = None
    allocation_weight: Decimal | None = None
    can_preempt: bool | None = None
    minimum_atp: Decimal | None = None
    maximum_fraction: Decimal | None = None
    include_inbound: bool | None = None
    inbound_horizon_days: int | None = None
    minimum_shelf_life_days: int | None = None
    reservation_ttl_seconds: int | None = None
    reservation_ttl_max_seconds: int | None = None
    late_consume_seconds: int | None = None
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    policy_created_at: datetime = datetime(2026, 1, 1, tzinfo=UTC)
    channel_id: str = "DTC"
    channel__position: int = 0
    default_threshold: Decimal = D(10)


def chosen(*policies: Policy, location: str = "L", path: list[str] | None = None) -> Terms:
    """The terms of channel DTC for a product with those of the policies that are about it."""
    own = [
        asdict(policy)
        | {"id": policy.policy_id, "created_at": policy.policy_created_at.isoformat()}
        for policy in policies
        if policy.product_id is not None
    ]
    general = [policy for policy in policies if policy.product_id is None]
    [terms] = PolicyBook(general or [Policy(None)]).terms(location, path, own)
    return terms


def test_prefers_what_is_more_specific() -> None:
    scopes: list[dict[str, Any]] = [
        {"product_id": "P", "location_id": "L"},
        {"product_id": "P"},
        {"category_id": "child", "location_id": "L"},
        {"category_id": "root", "location_id": "L"},
        {"category_id": "child"},
        {"category_id": "root"},
        {"location_id": "L"},
        {},
    ]
    policies = [Policy(str(n), **scope) for n, scope in enumerate(scopes)]

    found = []
    while policies:
        found.append(chosen(*reversed(policies), path=["root", "child"]).policy_id)
        policies = [policy for policy in policies if policy.policy_id != found[-1]]

    assert found == ["0", "1", "2", "3", "4", "5", "6", "7"]


def test_leaves_out_policies_of_other_places_and_categories() -> None:
    policies = [
        Policy("a", location_id="elsewhere"),
        Policy("c", category_id="another"),
    ]

    assert chosen(*policies, path=["root"]).policy_id is None


def test_breaks_ties_by_priority_and_then_by_age() -> None:
    old, new = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 2, 1, tzinfo=UTC)

    assert chosen(Policy("low"), Policy("high", priority=5)).policy_id == "high"
    assert (
        chosen(Policy("old", policy_created_at=old), Policy("new", policy_created_at=new)).policy_id
        == "new"
    )


def test_lets_an_empty_field_fall_to_the_next_policy() -> None:
    terms = chosen(
        Policy("near", product_id="P", safety_stock=D(3)),
        Policy("far", mode="CAP", cap=D(7), safety_stock=D(9), low_atp_threshold=D(2)),
    )

    assert terms == Terms(
        channel_id="DTC",
        policy_id="near",
        mode=Mode.CAP,
        cap=D(7),
        safety_stock=D(3),
        threshold=D(2),
    )


def test_adds_up_minimum_safety_and_reserve_stock() -> None:
    policy = Policy("p", minimum_stock=D(1), safety_stock=D(2), reserve_stock=D(4))

    assert chosen(policy).safety_stock == 7


def test_without_a_policy_shares_all_with_the_tenants_threshold() -> None:
    row = Policy(None, default_threshold=D(4))

    assert chosen(row) == Terms(channel_id="DTC", threshold=D(4))


def test_ranks_channels_by_tier_then_priority_then_position() -> None:
    rows = [
        Policy("a", channel_id="A", tier="LOW", channel__position=0),
        Policy("b", channel_id="B", priority=900, channel__position=1),
        Policy("c", channel_id="C", tier="HIGH", priority=1, channel__position=2),
        Policy(None, channel_id="D", channel__position=3),
    ]

    ranks = {t.channel_id: t.rank for t in PolicyBook(rows).terms("L")}

    assert ranks == {"C": 0, "B": 1, "D": 2, "A": 3}
