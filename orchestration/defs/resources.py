"""What assets are given: each resource constructs one domain client from the settings and does nothing else."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import dagster as dg
from pydantic import Field

from orchestration.alerting.channels.interface import Leave
from orchestration.alerting.installation import leave_of, places_of
from orchestration.alerting.wording import Places
from orchestration.collection.budget_leave import installed_proposals
from orchestration.collection.installation import askable_hosts, known_rotation, known_targets, stated_entries
from orchestration.collection.kept_budgets import exceeded_budgets, recent_budget_limits, stated_budgets
from orchestration.collection.plan import due_suites, measured_suites
from orchestration.collection.published_prices import KnownPrices, known_prices
from orchestration.collection.rotation import Rotation
from orchestration.collection.selection import checked_selection, late_by_force
from orchestration.collection.shares import WHOLE
from orchestration.providers.discovery import Proposal
from orchestration.providers.litellm_client import LiteLLMClient
from orchestration.providers.targets import Host, Target
from orchestration.records import Change, PriceRow, Selection
from orchestration.sandbox.interface import Sandbox
from orchestration.scoring.postgresql import sandbox_with_postgresql
from orchestration.settings import settings
from orchestration.storage.archive import Archive
from orchestration.storage.bulk_insert import Connection
from orchestration.storage.database import COLLECTOR, Database, LostDatabaseError, wait_for_database
from orchestration.storage.discovery_rows import read_enrolments
from orchestration.storage.operation_rows import StatedBudget
from orchestration.storage.spending import Account
from orchestration.storage.turns import take_turns
from scenarios.loader import Catalogue, load_catalogue
from scenarios.schema import Suite

ReportProgress = Callable[[str, int, int], None]


PATIENCE_S = 120
MOST_LOSSES = 3
MOST_RETURNS = 10_000
"""How often a step is begun again; with workers Dagster counts losses of the database and waits for a host together."""


class DatabaseResource(dg.ConfigurableResource[Any]):
    """The warehouse, as the role that writes schema raw."""

    def open(self) -> Connection:
        """A session whose loss its user hears."""
        return Database.from_settings(settings()).connect(COLLECTOR)

    @contextmanager
    def connect(self, role: str | None = COLLECTOR) -> Iterator[Connection]:
        """A session for a block of a step. A step that loses it waits for the database and is done again.

        Without a role it has the rights of who migrates.

        It waits itself, as Dagster keeps its events on the same server and is less patient.
        """
        try:
            with Database.from_settings(settings()).session(role) as connection:
                yield connection
        except LostDatabaseError as lost:
            self.wait()
            most = MOST_RETURNS if settings().executor == "celery" else MOST_LOSSES
            raise dg.RetryRequested(max_retries=most) from lost

    def wait(self) -> None:
        """Until the database answers. Raises LostDatabaseError when it does not for two minutes."""
        wait_for_database(settings(), PATIENCE_S)

    @contextmanager
    def turns(self, work: str, names: Iterable[str]) -> Iterator[None]:
        """Of all steps of all runs, the only one that does this work on what bears the names, to the end of the block.

        When the block fails and the database was lost meanwhile, the step is done again as with `connect`.
        """
        with self.connect() as connection:
            take_turns(connection, (f"{work} {name}" for name in names))
            try:
                yield
            except Exception:
                connection.execute("SELECT")
                raise


class ArchiveResource(dg.ConfigurableResource[Any]):
    """The Parquet archive of raw answers."""

    def open(self, share: str = WHOLE) -> Archive:
        """To collect into, as one share of an hour; all that there is can be read from any of them."""
        return Archive.from_settings(settings(), "" if share == WHOLE else share)


class CatalogueResource(dg.ConfigurableResource[Any]):
    """The scenarios and suites of the checkout and of imported packs.

    `suites` are the names of those that are measured, None for all.
    """

    suites: list[str] | None = None

    def load(self) -> Catalogue:
        config = settings()
        return load_catalogue(config.scenarios_dir, packs=config.packs_dir)

    def due(self, loaded: Catalogue, hour: datetime) -> list[Suite]:
        """The measured suites whose turn is in an hour. Raises OperatorError for a name that there is not."""
        return due_suites(hour, measured_suites(loaded, self.suites or settings().suite_names))

    def rotation(self) -> Rotation:
        return known_rotation(settings())


class ProviderResource(dg.ConfigurableResource[Any]):
    """The targets of this installation and the client that asks them."""

    spare_past: bool = False
    """Plan hours that have ended for simulated targets only, so that nothing is paid for late answers."""

    def targets(self) -> tuple[Target, ...]:
        with DatabaseResource().connect() as connection:
            return known_targets(settings(), read_enrolments(connection))

    def faults(self) -> list[str]:
        """The mistakes in single entries of the targets file."""
        return [str(fault) for fault in stated_entries(settings()).faults]

    def hosts(self) -> list[Host]:
        return askable_hosts(settings())

    def proposals(self, connection: Connection) -> list[Proposal]:
        return installed_proposals(settings(), connection)

    def budgets(self, moment: datetime) -> list[StatedBudget]:
        return stated_budgets(settings(), self.targets(), moment)

    def exceeded_budgets(self, connection: Connection, moment: datetime) -> list[str]:
        """The accounts that hold more than their budget now, in words."""
        return exceeded_budgets(settings(), connection, self.targets(), moment)

    def budget_limits(self, moment: datetime) -> dict[Account, Decimal]:
        """The accounts of the moment and of the hours before it that have a budget, with it."""
        return recent_budget_limits(settings(), self.targets(), moment)

    def client(self, askers: Mapping[str, int] | None = None) -> LiteLLMClient:
        """`askers` says by the host's name how many steps may ask it at once; 1 where it says nothing."""
        return LiteLLMClient(askers=askers)

    async def prices(
        self,
        targets: Sequence[Target],
        stored: Sequence[PriceRow],
        newest: Sequence[Change],
        now: datetime,
        *,
        asks_all_hosts: bool,
    ) -> KnownPrices:
        """What known_prices finds with the price rows of this installation."""
        return await known_prices(
            targets,
            self.client(),
            stored=stored,
            newest_changes=newest,
            now=now,
            price_file=settings().price_rows_file,
            asks_all_hosts=asks_all_hosts,
        )


class Only(dg.Config):
    """A part of the hours: empty lists are no limit."""

    targets: list[str] = Field(default=[], description="Ids of targets, like sim-atlas; empty for all.")
    scenarios: list[str] = Field(default=[], description="Ids of scenarios, like sql/second-highest; empty for all.")


class RerunResource(dg.ConfigurableResource[Any]):
    """What an operator asks of a run beyond the rule: a part of its hours, or answers anew. Set once for a run."""

    only: Only = Field(default=Only(), description="Plan, ask and grade these targets and scenarios alone.")
    force: bool = Field(
        default=False,
        description=(
            "Ask again what has been answered, as a new attempt that is paid for and that the marts read from then on. "
            "A retry of the same run asks only for what it has not asked yet."
        ),
    )

    def selection(self, targets: Iterable[Target], catalogue: Catalogue) -> Selection:
        """Raises OperatorError for a name that there is not."""
        known = {target.target_id for target in targets}
        return checked_selection(self.only.targets, self.only.scenarios, known, catalogue.scenarios)

    def warning(
        self, provider: ProviderResource, catalogue: CatalogueResource, hours: Iterable[datetime]
    ) -> str | None:
        """What to say before anything is asked; None when a rerun costs no hour its place in trends."""
        if not self.force:
            return None
        targets = provider.targets()
        return late_by_force(targets, self.selection(targets, catalogue.load()), hours, datetime.now(UTC))

    def forced_by(self, run: dg.DagsterRun) -> str | None:
        """The run that was told to ask again, also for its retries; None for a run that was not."""
        return (run.root_run_id or run.run_id) if self.force else None


class SandboxResource(dg.ConfigurableResource[Any]):
    """Where answers are run. Raises OperatorError when this machine gives no isolation."""

    def open(self) -> AbstractContextManager[Sandbox]:
        return sandbox_with_postgresql(settings().home).proven()


class AlertsResource(dg.ConfigurableResource[Any]):
    """What the operator gives alerts: a mail server, leave to reach private networks, addresses for their links."""

    def leave(self) -> Leave:
        return leave_of(settings())

    def places(self) -> Places:
        return places_of(settings())


class ProgressResource(dg.ConfigurableResource[Any]):
    """Told how far a long stage is. In Dagster a run's events say it; the command line puts its own in place."""

    def report(self, stage: str, done: int, total: int) -> None:
        """Say nothing."""
