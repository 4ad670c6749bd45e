"""Changes as charts read them: each by the targets that it concerns, and prices with their ratio."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Warehouse

START = datetime(2026, 11, 1, tzinfo=UTC)
MORE_TARGETS = """
insert into raw.targets (
    target_id, label, provider, model, host, definition_sha256, recorded_at, sampling, is_simulated, is_open_weights,
    lifecycle, is_enabled
)
select *, 'definition', '2020-01-01Z'::timestamptz, '{}'::jsonb, false, false, 'active', true
from (values
    ('routed', 'Routed', 'router', 'org/big', 'router.example/north'),
    ('direct', 'Direct', 'router', 'org/big', 'router.example'),
    ('own-host', 'Own', 'own', 'x', 'own-host'),
    ('neighbour', 'Neighbour', 'own', 'y', 'own-host')
) as stated
"""
CHANGES = """
insert into raw.changes (kind, subject, effective_at, old_value, new_value, source, noticed_at)
values
    (
        'served_model', 'sim-1', '2026-11-01T02:00Z', '{"served_models": ["a"]}', '{"served_models": ["b"]}',
        'responses', now()
    ),
    (
        'price', 'router/org/big', '2026-11-01T02:30Z', '{"input_usd_per_mtok": "2", "output_usd_per_mtok": "0"}',
        '{"input_usd_per_mtok": "3.0", "output_usd_per_mtok": "1"}', 'page', now()
    ),
    ('price', 'simulator/model-1', '2026-11-01T03:00Z', '{"input_usd_per_mtok": "2"}', null, 'page', now()),
    ('limits', 'router.example', '2026-11-01T04:00Z', '{"a": 1}', '{"a": 2}', 'host', now()),
    ('limits', 'own-host', '2026-11-01T04:00Z', '{"a": 1}', '{"a": 2}', 'targets', now()),
    ('listing', 'nobody/nothing', '2026-11-01T05:00Z', null, '{"host": "nobody"}', 'listing', now())
"""


@pytest.fixture(scope="module")
def published(warehouse: Warehouse) -> Warehouse:
    warehouse.draw_history(START, START + timedelta(hours=2), targets=2, scenarios=4)
    warehouse.change(MORE_TARGETS, {})
    warehouse.change(CHANGES, {})
    warehouse.publish()
    return warehouse


def test_a_change_stands_with_every_target_that_it_concerns_and_no_other(published: Warehouse) -> None:
    rows = published.rows(
        "select kind, subject, target_id, effective_hour, is_simulated from marts.fct_target_changes order by 1, 2, 3"
    )
    at = [START + timedelta(hours=number) for number in range(6)]
    assert rows == [
        ("limits", "own-host", "own-host", at[4], False),
        ("limits", "router.example", "direct", at[4], False),
        ("limits", "router.example", "routed", at[4], False),
        ("price", "router/org/big", "direct", at[2], False),
        ("price", "router/org/big", "routed", at[2], False),
        ("price", "simulator/model-1", "sim-1", at[3], True),
        ("served_model", "sim-1", "sim-1", at[2], True),
    ]
    ((old, new),) = published.rows(
        "select old_value, new_value from marts.fct_target_changes where kind = 'served_model'"
    )
    assert (old, new) == ({"served_models": ["a"]}, {"served_models": ["b"]})


def test_a_price_change_has_its_ratio_where_there_is_one(published: Warehouse) -> None:
    rows = published.rows("""
        select provider, model, effective_at, old_input_usd_per_mtok::text, new_input_usd_per_mtok::text,
            input_price_ratio, new_output_usd_per_mtok::text, output_price_ratio, is_simulated
        from marts.fct_price_changes order by provider
    """)
    at = START + timedelta(hours=2, minutes=30)
    assert rows == [
        ("router", "org/big", at, "2.000000000", "3.000000000", 1.5, "1.000000000", None, False),
        ("simulator", "model-1", START + timedelta(hours=3), "2.000000000", None, None, None, None, True),
    ]


def test_a_kind_that_nobody_knows_fails_by_name(published: Warehouse) -> None:
    unknown = (
        "insert into raw.changes (kind, subject, effective_at, new_value, source, noticed_at) "
        "values ('mood', 'sim-1', now(), '{}', 'x', now())"
    )
    published.change(unknown, {})
    with pytest.raises(AssertionError, match="changes_have_a_known_kind"):
        published.build("resolved")
