"""A function under several names, its namesake, and who calls which of the two.

Not here: how a name is resolved; the tests do that again from the text.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from scenarios.repositories.aspect import Aspect
from scenarios.repositories.skeletons import filled

if TYPE_CHECKING:
    from collections.abc import Mapping
    from random import Random

    from scenarios.repositories.vocabulary import Cast

TARGETS: Final = ["late_fee", "surcharge", "handling_fee", "storage_fee", "levy", "holding_fee"]
ALIASES: Final = ["extra_charge", "markup", "add_on", "top_up"]
FORMERS: Final = ["former_fee", "fee_of_old", "earlier_fee", "bygone_fee"]
MODULES: Final = {
    "charging": ["charging", "pricing", "costs"],
    "batches": ["batches", "bulk", "rounds"],
    "closing": ["closing", "settlement", "books"],
    "preview": ["archive", "lookback", "bygones"],
    "letters": ["letters", "notices", "mailing"],
}
JOBS: Final = {
    "job_batch": ["nightly", "overnight", "daily_run"],
    "job_settle": ["month_end", "monthly", "settle_up"],
    "job_old": ["old_terms", "legacy_books", "grandfathered"],
    "job_draft": ["drafts", "translations", "proofs"],
    "job_letters": ["last_letters", "warnings", "dunning"],
    "job_waive": ["goodwill", "amends", "make_good"],
}
UNSCHEDULED: Final = "job_letters"
REACHING: Final = ("job_batch", "job_settle", "job_waive")


def told(cast: Cast, rng: Random) -> Aspect:
    words = words_of(cast, rng)
    jobs = list(JOBS)
    rng.shuffle(jobs)
    words["jobfiles"] = ", ".join(sorted(str(words[job]) for job in jobs if job != UNSCHEDULED))
    words["schedule"] = "\n".join(schedule_line(job, str(words[job]), rng) for job in jobs)
    return Aspect(filled("callers", words), dict(facts(cast.package, words)))


def words_of(cast: Cast, rng: Random) -> dict[str, object]:
    picked = {name: rng.choice(choices) for name, choices in (MODULES | JOBS).items()}
    numbers = {"free": rng.randint(2, 9), "cents": rng.randint(20, 90), "most": rng.randint(20, 90) * 100}
    target = rng.choice(TARGETS)
    return {
        **cast.words,
        **picked,
        **numbers,
        "target": target,
        "alias": rng.choice(ALIASES),
        "former": rng.choice(FORMERS),
        "total": f"with_{target}",
        "restate": rng.choice(("restate", "recount", "redo")),
        "percent": rng.randint(3, 12),
        "batch": rng.randint(2, 9) * 100,
    }


def schedule_line(job: str, name: str, rng: Random) -> str:
    line = f'"{name.replace("_", "-")}": ({name}.run, "{rng.randint(0, 59)} {rng.randint(0, 23)} * * *"),'
    return f"    # {line}" if job == UNSCHEDULED else f"    {line}"


def facts(package: str, words: Mapping[str, object]) -> dict[str, int | str | list[str]]:
    def function(module: str, name: str) -> str:
        return f"{package}.{module.format(**words)}:{name.format(**words)}"

    charge, quote = (function("{many1}.{charging}", f"{verb}_{{one1}}") for verb in ("charge", "quote"))
    total, target = function("charges.rules", "{total}"), function("charges.rules", "{target}")
    settle, final = function("{many2}.{closing}", "settle_{one2}"), function("{many4}.{letters}", "final_letter")
    old_settle = function("{many2}.{closing}", "settle_old_{one2}")
    archived, gap = (function("{many3}.{preview}", f"archived_{what}") for what in ("cost", "gap"))
    restate = function("charges.history", "{restate}")
    draft, waive = function("{many4}.{letters}", "draft_letter"), function("charges.rules", "waive")
    batch, nightly = function("{many1}.{batches}", "run_batch"), function("{jobs}.{job_batch}", "run")
    jobs = {job: str(words[job]).replace("_", "-") for job in JOBS}
    return {
        "target": target,
        "target_name": str(words["target"]),
        "job": jobs["job_batch"],
        "other": function("charges.history", "{target}"),
        "schedule": f"src/{package}/{words['jobs']}/__init__.py",
        "answer_callers": sorted([charge, quote, total, settle, final]),
        "decoy_callers_by_name": sorted([total, settle, final, archived, gap, restate, draft]),
        "decoy_callers_and_draft": sorted([charge, quote, total, settle, final, draft]),
        "decoy_callers_without_alias": sorted([total, settle, final]),
        "decoy_callers_and_archive": sorted([charge, quote, total, settle, final, archived, gap]),
        "answer_call_sites": 6,
        "decoy_call_sites_by_name": 8,
        "decoy_call_sites_without_alias": 3,
        "decoy_call_sites_and_draft": 7,
        "decoy_call_sites_and_archive": 9,
        "answer_others": sorted([old_settle, archived, gap, restate]),
        "decoy_others_own": [restate],
        "decoy_others_without_import": sorted([old_settle, restate]),
        "answer_names": sorted([str(words["target"]), str(words["alias"])]),
        "decoy_names_all": sorted([str(words["target"]), str(words["alias"]), str(words["former"])]),
        "answer_jobs": sorted(jobs[job] for job in REACHING),
        "decoy_jobs_unscheduled": sorted([*(jobs[job] for job in REACHING), jobs[UNSCHEDULED]]),
        "decoy_jobs_without_alias": sorted([jobs["job_settle"], jobs["job_waive"]]),
        "decoy_jobs_and_draft": sorted([*(jobs[job] for job in REACHING), jobs["job_draft"]]),
        "decoy_names_one": [str(words["target"])],
        "decoy_jobs_all": sorted(jobs.values()),
        "answer_chain": [nightly, batch, charge, target],
        "decoy_chain_short": [nightly, batch, target],
        "answer_chain_waive": [function("{jobs}.{job_waive}", "run"), waive, total, target],
        "decoy_chain_waive_short": [function("{jobs}.{job_waive}", "run"), waive, target],
        "job_waive": jobs["job_waive"],
        "answer_unused": quote,
        "decoy_unused": final,
        "answer_untouched_jobs": sorted(jobs[job] for job in ("job_old", "job_draft")),
    }
