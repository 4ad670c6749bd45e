"""How long answers are kept, and the months of tables ahead."""

from datetime import UTC, datetime, timedelta

import dagster as dg

from orchestration.defs.resources import ArchiveResource, DatabaseResource
from orchestration.defs.run_log import RUN_LOG, run_log
from orchestration.settings import settings
from orchestration.storage.archive_retention import expire_answers
from orchestration.storage.partitions import make_months_ahead


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
)
def make_partitions_ahead(context: dg.OpExecutionContext, database: DatabaseResource) -> None:
    with database.connect() as connection:
        context.add_output_metadata({"made": make_months_ahead(connection, datetime.now(UTC))})


@dg.job(
    description=(
        "Takes the text out of archived answers that are older than AIBAAS_ANSWERS_KEPT_DAYS. Measurements, hashes and "
        "scores stay for ever; such answers can't be graded by a later scorer. Makes the next months of the tables "
        "that grow. Safe to rerun at any time."
    ),
    logger_defs={"console": run_log},
    config=RUN_LOG,
)
def retention_job() -> None:
    make_partitions_ahead(expire_old_answers())


daily_retention_schedule = dg.ScheduleDefinition(
    name="daily_retention_schedule",
    job=retention_job,
    cron_schedule="50 2 * * *",
    execution_timezone="UTC",
    default_status=dg.DefaultScheduleStatus.RUNNING,
    description="Takes old answers out of the archive, at 02:50 UTC.",
)
