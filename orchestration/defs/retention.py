"""How long answers are kept."""

from datetime import UTC, datetime, timedelta

import dagster as dg

from orchestration.defs.resources import ArchiveResource
from orchestration.settings import settings
from orchestration.storage.archive_retention import expire_answers


@dg.op(description="Takes the text of old answers out of the archive. Broken files are left as they are and named.")
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


@dg.job(
    description=(
        "Takes the text out of archived answers that are older than AIBAAS_ANSWERS_KEPT_DAYS. Measurements, hashes and "
        "scores stay for ever; such answers can't be graded by a later scorer. Safe to rerun at any time."
    )
)
def retention_job() -> None:
    expire_old_answers()


daily_retention_schedule = dg.ScheduleDefinition(
    name="daily_retention_schedule",
    job=retention_job,
    cron_schedule="50 2 * * *",
    execution_timezone="UTC",
    default_status=dg.DefaultScheduleStatus.RUNNING,
    description="Takes old answers out of the archive, at 02:50 UTC.",
)
