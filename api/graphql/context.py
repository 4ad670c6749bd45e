"""What a field can ask of: the database, the events, and loaders that ask for many at once.

Not here: the statements (each resource's queries.py).
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from fastapi.requests import HTTPConnection  # noqa: TC002 - FastAPI reads the annotation
from strawberry.dataloader import DataLoader
from strawberry.fastapi import BaseContext

from api.accounts.principal import get_principal
from api.models.queries import model_rows, model_score_rows
from api.models.schemas import Model, ModelScore
from api.prices.queries import price_rows
from api.prices.schemas import Price

if TYPE_CHECKING:
    from api.database import Database
    from api.entitlements import Tier
    from api.realtime.feed import Feed

MOST_PRICES = 10_000


class Context(BaseContext):
    """Of one request, or of one connection of subscriptions: loaders gather what is asked at once, and keep nothing."""

    def __init__(self, connection: HTTPConnection) -> None:
        super().__init__()
        self.connection = connection
        self.models: DataLoader[str, Model | None] = DataLoader(self._load_models, cache=False)
        self.prices: DataLoader[str, list[Price]] = DataLoader(self._load_prices, cache=False)
        self.scores: DataLoader[tuple[str, str], list[ModelScore]] = DataLoader(self._load_scores, cache=False)

    @property
    def tier(self) -> Tier:
        return get_principal(self.connection).tier

    @property
    def database(self) -> Database:
        database: Database = self.connection.app.state.database
        return database

    @property
    def feed(self) -> Feed:
        feed: Feed = self.connection.app.state.feed
        return feed

    async def _load_models(self, target_ids: list[str]) -> list[Model | None]:
        rows = await model_rows(self.database, target_ids=target_ids, row_limit=len(target_ids))
        models = {row["target_id"]: Model.model_validate(row) for row in rows}
        return [models.get(target_id) for target_id in target_ids]

    async def _load_prices(self, target_ids: list[str]) -> list[list[Price]]:
        """A handful for each host's models: they are read whole."""
        rows = await price_rows(self.database, row_limit=MOST_PRICES)
        prices = [Price.model_validate(row) for row in rows]
        return [[price for price in prices if target_id in price.target_ids] for target_id in target_ids]

    async def _load_scores(self, wanted: list[tuple[str, str]]) -> list[list[ModelScore]]:
        """One question for each window that is asked for."""
        targets: defaultdict[str, list[str]] = defaultdict(list)
        for target_id, window in wanted:
            targets[window].append(target_id)
        found: defaultdict[tuple[str, Any], list[ModelScore]] = defaultdict(list)
        for window, target_ids in targets.items():
            for row in await model_score_rows(self.database, target_ids, window):
                found[row["target_id"], window].append(ModelScore.model_validate(row))
        return [found[key] for key in wanted]


def get_context(connection: HTTPConnection) -> Context:
    return Context(connection)
