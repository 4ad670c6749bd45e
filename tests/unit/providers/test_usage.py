from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from orchestration.providers.usage import reported_cost_usd


@pytest.mark.parametrize(
    ("stated", "usd"),
    [
        ({"cost": 0.00123}, "0.00123"),
        ({"cost": "0.5"}, "0.5"),
        ({"cost": 0}, "0"),
        ({"cost": 0.0001, "is_byok": True, "cost_details": {"upstream_inference_cost": 0.002}}, "0.0021"),
        ({"cost": 0.0001, "is_byok": True, "cost_details": {"upstream_inference_cost": None}}, None),
        ({"cost": 0.0001, "is_byok": True}, None),
        ({"cost": -1}, None),
        ({"cost": "much"}, None),
        ({"cost": True}, None),
        ({"cost": float("inf")}, None),
        ({"cost": float("nan")}, None),
        ({"cost": {"total_cost": 1}}, None),
        ({}, None),
    ],
)
def test_the_host_s_own_cost_is_kept_only_where_it_is_one(stated: dict[str, Any], usd: str | None) -> None:
    assert reported_cost_usd(stated) == (None if usd is None else Decimal(usd))
