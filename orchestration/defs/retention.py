"""How long answers and measurements are kept, and the months of tables ahead."""

from datetime import UTC, datetime, timedelta

import dagster as dg

from orchestration.defs.resources import ArchiveResource, DatabaseResource
from orchestration.defs.run_log import RUN_LOG, run_log
from orchestration.settings import settings
from orchestration.storage.archive_retention import expire_answers
from orchestration.storage.measurement_retention import drop_old_months
from orchestration.storage.partitions import kept_since, make_months_ahead


@dg.op(
    description="Takes the text of old answers out of the archive. Broken files are left as they are and named.",
    out=dg.Out(dg.Nothing),
)
def expire_old_answers(context: dg.OpExecutionContext, archive: ArchiveResource) -> None:
    before = datetime.now(UTC) - timedelta(days=settings().answers_kept_days)
    done = expire_answers(archive.open(), before)
    for line in done.left:
        context.log.warning(line)
    context.add_output_metadata(
        {
            "before": before.isoformat(),
            "expired_files": done.expired_files,
            "expired_answers": done.expired_answers,
            "removed_files": done.removed_files,
            "left": len(done.left),
        }
    )


@dg.op(
    ins={"after": dg.In(dg.Nothing)},
    out=dg.Out(dg.Nothing),
    description="Makes the months ahead of the tables that grow. A month that is measured sooner is made then.",
)
def make_partitions_ahead(context: dg.OpExecutionContext, database: DatabaseResource) -> None:
    with database.connect() as connection:
        context.add_output_metadata({"made": make_months_ahead(connection, datetime.now(UTC))})


@dg.op(
    ins={"after": dg.In(dg.Nothing)},
    out=dg.Out(dg.Nothing),
    description=(
        "Drops whole months of plans, responses and scores that are older than AIBAAS_MEASUREMENTS_KEPT_MONTHS, where "
        "the archive and the marts have them. Off without that setting."
    ),
)
def drop_old_measurements(context: dg.OpExecutionContext, archive: ArchiveResource, database: DatabaseResource) -> None:
    kept_months = settings().measurements_kept_months
    if kept_months is None:
        context.add_output_metadata({"policy": "measurements are kept for ever"})
        return
    before = kept_since(kept_months, datetime.now(UTC))
    with database.connect(role=None) as connection:
        done = drop_old_months(connection, archive.open(), before)
    for line in done.left:
        context.log.warning("not dropped: %s", line)
    context.add_output_metadata({"before": before.isoformat(), "dropped": done.dropped, "left": done.left})


@dg.job(
    description=(
        "Takes the text out of archived answers that are older than AIBAAS_ANSWERS_KEPT_DAYS. Measurements, hashes and "
        "scores stay for ever; such answers can't be graded by a later scorer. Makes the next months of the tables "
        "that grow, and with AIBAAS_MEASUREMENTS_KEPT_MONTHS drops old ones. Safe to rerun at any time."
    ),
    logger_defs={"console": run_log},
    config=RUN_LOG,
    tags={dg.MAX_RUNTIME_SECONDS_TAG: str(3 * 60 * 60)},
)
def retention_job() -> None:
    drop_old_measurements(make_partitions_ahead(expire_old_answers()))


daily_retention_schedule = dg.ScheduleDefinition(
    name="daily_retention_schedule",
    job=retention_job,
    cron_schedule="50 2 * * *",
    execution_timezone="UTC",
    default_status=dg.DefaultScheduleStatus.RUNNING,
    description="Takes old answers out of the archive, at 02:50 UTC.",
)
