"""What the simulated models are like, read strictly from profiles.yaml.

Not here: what follows from it at a given moment (conditions) and for a given question (skills).
"""

from __future__ import annotations

from decimal import Decimal  # noqa: TC003 - pydantic needs it at run time
from pathlib import Path
from typing import Annotated, Literal, Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from orchestration.settings import OperatorError

PROFILES_FILE = Path(__file__).with_name("profiles.yaml")

Rate = Annotated[float, Field(ge=0, le=1)]
Positive = Annotated[float, Field(gt=0)]
Points = Annotated[float, Field(ge=0, le=10)]
Days = Annotated[int, Field(ge=0)]


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Skill(Strict):
    """Mean scores by family; `spread` is how far single scenarios lie from their family's mean."""

    default: Points
    families: dict[str, Points] = {}
    spread: Points = 0.0
    drift_points: Points = 0.0
    drift_period_days: Positive = 7

    def of(self, family: str) -> float:
        return self.families.get(family, self.default)


class Speed(Strict):
    """Lognormal times; `load_effect` is the share by which the busiest hour is slower than the quietest."""

    first_token_ms: Positive
    first_token_sigma: Annotated[float, Field(ge=0, le=2)]
    tokens_per_s: Positive
    tokens_per_s_sigma: Annotated[float, Field(ge=0, le=2)]
    load_effect: Annotated[float, Field(ge=0, le=5)]
    busiest_hour: Annotated[int, Field(ge=0, le=23)]


class Manner(Strict):
    """How an answer is worded."""

    remarks: Annotated[int, Field(ge=0, le=3)]
    reasoning_tokens: Annotated[int, Field(ge=0)] = 0
    second_block: Rate = 0.0
    unfenced: Rate = 0.0


class Price(Strict):
    """USD per million tokens, valid from `days_before` the events anchor on."""

    input_usd_per_mtok: Annotated[Decimal, Field(ge=0)]
    output_usd_per_mtok: Annotated[Decimal, Field(ge=0)]
    days_before: Days


class Reliability(Strict):
    """Shares of calls: the first three fail, the others are answered badly."""

    rate_limit: Rate = 0.0
    server_error: Rate = 0.0
    timeout: Rate = 0.0
    refusal: Rate = 0.0
    unparsable: Rate = 0.0
    truncated: Rate = 0.0

    @property
    def usable(self) -> float:
        """The share of answers that are neither refusals nor garbage nor cut."""
        return 1 - self.refusal - self.unparsable - self.truncated

    @model_validator(mode="after")
    def leaves_something(self) -> Self:
        if self.usable <= 0 or self.rate_limit + self.server_error + self.timeout > 1:
            raise ValueError("the rates add up to more than 1")
        return self


class Degradation(Strict):
    """Every family's mean is lower by `points` from the start of a day on; for good, or for some hours."""

    kind: Literal["degradation"]
    days_before: Days
    points: Points
    hours: Annotated[int, Field(ge=1)] | None = None


class PriceChange(Strict):
    kind: Literal["price_change"]
    days_before: Days
    factor: Annotated[Decimal, Field(gt=0)]


class Outage(Strict):
    """Every call fails with 503 for some hours."""

    kind: Literal["outage"]
    days_before: Days
    hour: Annotated[int, Field(ge=0, le=23)]
    hours: Annotated[int, Field(ge=1)]


class LatencyIncident(Strict):
    """Every call takes `factor` times as long for some hours."""

    kind: Literal["latency_incident"]
    days_before: Days
    hour: Annotated[int, Field(ge=0, le=23)]
    hours: Annotated[int, Field(ge=1)]
    factor: Positive


Event = Annotated[Degradation | PriceChange | Outage | LatencyIncident, Field(discriminator="kind")]


class ModelProfile(Strict):
    skill: Skill
    speed: Speed
    manner: Manner
    price: Price
    reliability: Reliability
    events: tuple[Event, ...] = ()


class Profiles(Strict):
    seed: int
    models: Annotated[dict[str, ModelProfile], Field(min_length=1)]


def load_profiles(path: Path = PROFILES_FILE) -> Profiles:
    """Raises OperatorError with file, field and reason."""
    try:
        return Profiles.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    except OSError as error:
        raise OperatorError(f"{path}: can't read the profiles: {error.strerror}") from None
    except yaml.YAMLError as error:
        raise OperatorError(f"{path}: not YAML: {' '.join(str(error).split())}") from None
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"]) or "the file"
        raise OperatorError(f"{path}: {field}: {first['msg']}") from None
