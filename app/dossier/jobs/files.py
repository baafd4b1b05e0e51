"""All files of a run's job: batch scripts, settings of every launcher, and what to check."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from app.dossier.jobs import accelerate, deepspeed, megatron, torchtitan
from app.dossier.jobs.job import Job, NoJobError, job_of
from app.dossier.jobs.launcher import Launcher
from app.dossier.jobs.sites import pages_of
from app.dossier.jobs.slurm import batch_script, chain_words, script_name, submit_script
from app.dossier.jobs.words import NOT_PUBLISHED, line, lines
from estimators.catalogue.load import Catalogue, load_catalogue
from estimators.requests.campaign_results import Campaign
from estimators.software import software_named
from estimators.words import Name, say

CHECK_MARK = "# CHECK: "

_LAUNCHERS: Mapping[str, Callable[[Job], Launcher]] = {
    "megatron": megatron.launcher,
    "torchtitan": torchtitan.launcher,
    "accelerate": accelerate.launcher,
    "deepspeed": deepspeed.launcher,
}


def job_files(
    campaign: Campaign, run_id: str, plan_name: str, catalogue: Catalogue | None = None
) -> dict[str, str]:
    """Batch scripts and settings of one run for every launcher, the one that fits the estimate first.

    Args:
        campaign: The campaign on its machine.
        run_id: Which of its runs.
        plan_name: Named in comments and in the job's name.
        catalogue: Facts of the estimate; None reads the shipped ones.

    Returns:
        Text by file name; README.md says what to check.

    Raises:
        NoJobError: The campaign has no such run, it cannot be had on the machine, or no launcher has
            its family.
    """
    facts = catalogue or load_catalogue()
    job = job_of(campaign, run_id, plan_name, facts)
    names = [name for name in launcher_order(job.software) if name in job.family.launchers]
    if not names:
        raise NoJobError(
            say(
                '"{run}": no job files are written for a {family} yet.',
                run=Name(job.run),
                family=job.family.name,
            )
        )
    launchers = [_LAUNCHERS[name](job) for name in names]
    found: dict[str, str] = {}
    for launcher in launchers:
        found[script_name(launcher)] = batch_script(job, launcher)
        found |= launcher.files
    found["submit.sh"] = submit_script(job, launchers[0])
    return {"README.md": _readme(job, launchers, found, facts.date), **found}


def launcher_order(software: str) -> list[str]:
    """Names of all launchers, those that fit the software class first."""
    fitting = software_named(software).launchers
    return [*fitting, *(name for name in _LAUNCHERS if name not in fitting)]


def _readme(job: Job, launchers: list[Launcher], files: Mapping[str, str], date: str) -> str:
    first = launchers[0]
    return lines(
        f"# Job files: {_markdown(job.run)}",
        "",
        f"Plan {_markdown(job.plan)}, {_markdown(job.machine.name)}, "
        f"{job.layout.gpus} GPUs, {job.gpus_per_node} on each node.",
        "",
        f"The estimate speaks of the software class {_markdown(job.software)}, which {first.title} fits.",
        "The other launchers have the same layout where they can; their speed is not the estimate's.",
        "",
        f"Submit with `bash submit.sh`: {chain_words(job)}.",
        "Nothing here was run on the machine. Check these lines first:",
        *_checklists(files),
        *_unknown(job, files, date),
        "",
        "## Ask the site when it would start",
        "",
        "On the machine, in this folder; nothing is submitted:",
        "",
        *(f"    sbatch --test-only {script_name(launcher)}" for launcher in launchers),
    )


def _unknown(job: Job, files: Mapping[str, str], date: str) -> list[str]:
    """What the catalogue does not know of the site, once each, with the pages where it may be found."""
    sentences = dict.fromkeys(s for text in files.values() for s in _marked(text) if NOT_PUBLISHED in s)
    if not sentences:
        return []
    pages = pages_of(job.machine)
    where = f" Look for it at {' and '.join(pages)}." if pages else ""
    return [
        "",
        f"## What the catalogue does not know of {_markdown(job.machine.name)}",
        "",
        f"As of the catalogue of {date}.{where}",
        "",
        *(f"- [ ] {_markdown(sentence)}" for sentence in sentences),
    ]


def _checklists(files: Mapping[str, str]) -> list[str]:
    """What each file asks a person to look at, after what all batch scripts ask."""
    marked = {name: _to_check(text) for name, text in files.items()}
    scripts = [sentences for name, sentences in marked.items() if name.endswith(".sbatch")]
    shared = [sentence for sentence in scripts[0] if all(sentence in other for other in scripts)]
    found = _checklist("Every batch script", shared)
    for name, sentences in marked.items():
        found += _checklist(name, [sentence for sentence in sentences if sentence not in shared])
    return found


def _marked(text: str) -> list[str]:
    return [row.partition(CHECK_MARK)[2] for row in text.splitlines() if CHECK_MARK in row]


def _to_check(text: str) -> list[str]:
    """What a person must look at in the file itself; what the catalogue lacks has a list of its own."""
    return [sentence for sentence in _marked(text) if NOT_PUBLISHED not in sentence]


def _checklist(title: str, sentences: list[str]) -> list[str]:
    if not sentences:
        return []
    return ["", f"## {title}", "", *(f"- [ ] {_markdown(sentence)}" for sentence in sentences)]


def _markdown(text: str) -> str:
    """One line that Markdown shows as it stands."""
    return "".join(f"\\{char}" if char in "\\`*_[]<>#|!" else char for char in line(text))
