"""How long answers and raw rows are kept, and the months of tables ahead."""

from datetime import UTC, datetime, timedelta

import dagster as dg

from orchestration.defs.resources import ArchiveResource, DatabaseResource
from orchestration.defs.run_log import RUN_LOG, run_log
from orchestration.settings import settings
from orchestration.storage.archive_retention import expire_answers
from orchestration.storage.partitions import expire_rows, make_months_ahead


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
    description="Makes the months ahead of the tables that grow. A month that is measured sooner is made then.",
    out=dg.Out(dg.Nothing),
)
def make_partitions_ahead(context: dg.OpExecutionContext, database: DatabaseResource) -> None:
    with database.connect() as connection:
        context.add_output_metadata({"made": make_months_ahead(connection, datetime.now(UTC))})


@dg.op(
    ins={"after": dg.In(dg.Nothing)},
    description="Lets go of raw rows of months that were kept long enough, where AIBAAS_RAW_KEPT_DAYS is set.",
)
def expire_raw_rows(context: dg.OpExecutionContext, database: DatabaseResource) -> None:
    if (kept_days := settings().raw_kept_days) is None:
        return
    with database.connect() as connection:
        kept_from = expire_rows(connection, datetime.now(UTC), kept_days)
    context.add_output_metadata({"kept_from": kept_from.isoformat()})


@dg.job(
    description=(
        "Takes the text out of archived answers that are older than AIBAAS_ANSWERS_KEPT_DAYS; such answers can't be "
        "graded by a later scorer. The archive keeps measurements and hashes for ever. Makes the next months of the "
        "tables that grow, and lets go of raw rows older than AIBAAS_RAW_KEPT_DAYS where that is set. Safe to rerun "
        "at any time."
    ),
    logger_defs={"console": run_log},
    config=RUN_LOG,
)
def retention_job() -> None:
    expire_raw_rows(make_partitions_ahead(expire_old_answers()))


daily_retention_schedule = dg.ScheduleDefinition(
    name="daily_retention_schedule",
    job=retention_job,
    cron_schedule="50 2 * * *",
    execution_timezone="UTC",
    default_status=dg.DefaultScheduleStatus.RUNNING,
    description="Takes old answers out of the archive, at 02:50 UTC.",
)
