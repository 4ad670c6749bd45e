"""Lines of all three programs: the same keys, and no secret in any of them."""

import json
import logging
import sys
from datetime import datetime
from typing import Any

import dagster as dg
import pytest

from api.logs import JsonFormatter as ApiFormatter
from dashboard.logs import JsonFormatter as DashboardFormatter
from orchestration.collection.installation import known_secrets
from orchestration.defs.run_log import RUN_LOG, run_log
from orchestration.logs import JsonFormatter, TextFormatter
from orchestration.settings import Settings

SECRET = "sk-4f9a-secret-key"
URL = f"postgresql://someone:{SECRET}@127.0.0.1:5432/aibaas"
FORMATTERS = [ApiFormatter(), DashboardFormatter(), JsonFormatter(frozenset)]


def record(message: str, *arguments: Any, **extra: Any) -> logging.LogRecord:
    made = logging.LogRecord("orchestration.scoring", logging.WARNING, __file__, 1, message, arguments, None)
    made.__dict__.update(extra)
    return made


def failed(said: str) -> logging.LogRecord:
    made = record("it failed")
    try:
        int(said)
    except ValueError:
        made.exc_info = sys.exc_info()
    return made


@pytest.mark.parametrize("formatter", FORMATTERS, ids=["api", "dashboard", "orchestration"])
def test_a_line_is_one_json_object_with_the_time_in_utc(formatter: logging.Formatter) -> None:
    text = formatter.format(record("two\nlines of %s", "words"))
    assert "\n" not in text
    line = json.loads(text)
    assert list(line) == ["time", "level", "logger", "message"]
    assert (line["level"], line["logger"], line["message"]) == (
        "WARNING", "orchestration.scoring", "two\nlines of words",
    )  # fmt: skip
    offset = datetime.fromisoformat(line["time"]).utcoffset()
    assert offset is not None
    assert not offset


@pytest.mark.parametrize("formatter", FORMATTERS, ids=["api", "dashboard", "orchestration"])
def test_passwords_of_urls_are_hidden_in_messages_and_tracebacks(formatter: logging.Formatter) -> None:
    said = formatter.format(record("can't reach %s", URL)) + formatter.format(failed(URL))
    assert SECRET not in said
    assert "postgresql://someone:***@127.0.0.1:5432/aibaas" in said


@pytest.mark.parametrize("formatter", [JsonFormatter(lambda: {SECRET}), TextFormatter(lambda: {SECRET})])
def test_known_secrets_are_hidden_wherever_they_stand(formatter: logging.Formatter) -> None:
    said = formatter.format(record("refused: %s", f"Bearer {SECRET}")) + formatter.format(failed(SECRET))
    assert SECRET not in said
    assert "Bearer ***" in said


def test_keys_of_hosts_and_passwords_are_known_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANTHROPIC_API_KEY", SECRET)
    monkeypatch.setenv("SOME_SERVICE_TOKEN", "token-of-a-service")
    monkeypatch.setenv("PLAIN_SETTING", "an-ordinary-word")
    config = Settings(
        DATABASE_URL="postgresql://someone:p%40ss-word@127.0.0.1/aibaas",
        rotation_key="rotation-key-1",
        smtp_url="smtp://someone:mail-word@127.0.0.1",
    )
    found = known_secrets(config)
    assert {SECRET, "token-of-a-service", "p@ss-word", "rotation-key-1", "mail-word"} <= found
    assert "an-ordinary-word" not in found


def test_what_a_step_says_carries_its_run_partition_and_step(capsys: pytest.CaptureFixture[str]) -> None:
    hours = dg.HourlyPartitionsDefinition(start_date="2026-11-01-00:00")

    @dg.asset(partitions_def=hours)
    def answers(context: dg.AssetExecutionContext) -> None:
        context.log.warning("the step speaks")
        logging.getLogger("orchestration.collection.collect").warning("a module speaks")

    job = dg.define_asset_job("hourly", selection=[answers], config=RUN_LOG)
    defs = dg.Definitions(assets=[answers], jobs=[job], loggers={"console": run_log})
    managed = {"python_logs": {"managed_python_loggers": ["orchestration"], "python_log_level": "WARNING"}}
    with dg.instance_for_test(overrides=managed) as instance:
        result = defs.resolve_job_def("hourly").execute_in_process(instance=instance, partition_key="2026-11-23-20:00")
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines() if line.startswith("{")]
    said = {line["message"]: line for line in lines}
    for message in ("the step speaks", "a module speaks"):
        line = said[message]
        assert (line["run_id"], line["partition"]) == (result.run_id, "2026-11-23-20:00")
        assert (line["job"], line["step"]) == ("hourly", "answers")


def test_words_name_the_run_too() -> None:
    text = TextFormatter(frozenset).format(record("it is late", run_id="r-1", partition="2026-11-23-20:00"))
    assert text.endswith("WARNING orchestration.scoring: it is late [run_id=r-1 partition=2026-11-23-20:00]")


def test_the_product_uses_that_log_for_every_run() -> None:
    from orchestration.definitions import build_defs  # noqa: PLC0415 - it parses the dbt project

    defs = build_defs()
    for job in defs.jobs or ():
        config: Any = job.run_config if isinstance(job, dg.JobDefinition) else job.config
        told = config.to_config_dict() if isinstance(config, dg.RunConfig) else config
        assert told["loggers"] == RUN_LOG["loggers"], job.name
        assert defs.resolve_job_def(job.name).loggers == {"console": run_log}
