"""Whether programs run there: processor, accelerator stack, containers, internet on the nodes."""

from __future__ import annotations

from collections.abc import Iterator

from estimators.requests.findings.case import Case, Passed, Rule, source_words
from estimators.requests.form.project import SOFTWARE_WORDS
from estimators.requests.results import Finding, Fix

ARM = "aarch64"
PORTED = ("fsdp", "trainer")
"""Classes that use PyTorch alone, which ROCm sites offer in ready images."""


def _is_arm(case: Case) -> bool:
    architecture = case.machine.cpu_architecture
    return architecture is not None and ARM in (architecture.value or "")


def containers(case: Case) -> Iterator[Finding]:
    """Container images are built for the processor of the nodes."""
    if not (case.campaign.spec.containers and _is_arm(case)):
        return
    fact = case.machine.cpu_architecture
    yield Finding(
        rule="containers",
        severity="fail",
        title=f"Your x86 images do not run on the Arm processors of {case.machine_name}",
        why="Build them for aarch64, or use what the site installed.",
        figure="own container images",
        limit="aarch64 images",
        source=source_words(fact),
        fact=fact,
        fix=Fix("Use the site's software", "containers", False),
    )


def _containers_passed(case: Case) -> Passed | None:
    engine = case.machine.containers
    if not case.campaign.spec.containers or engine is None:
        return None
    return Passed(f"Own images run in {engine.value}", fact=engine)


def software(case: Case) -> Iterator[Finding]:
    """The training program runs on the accelerator stack and the processor of the site."""
    stack = case.machine.accelerator_stack
    classes = dict.fromkeys(run.spec.software for run in case.campaign.spec.runs)
    others = [SOFTWARE_WORDS.get(name, name) for name in classes if name not in PORTED]
    if case.gpu.vendor == "amd" and others:
        yield Finding(
            rule="software",
            severity="warn",
            title=f"{case.machine_name} runs ROCm; check that your {others[0]} does too",
            why=(
                "Reviewers ask whether the code suits the machine and is installed there. "
                "The site offers PyTorch in ready images."
            ),
            figure=others[0],
            limit="ROCm",
            source=source_words(stack),
            fact=stack,
            fix=Fix("Plan with PyTorch FSDP", "software", "fsdp"),
        )
    if _is_arm(case):
        fact = case.machine.cpu_architecture
        yield Finding(
            rule="software",
            severity="info",
            title=f"{case.machine_name} has Arm processors: check that every package has an aarch64 build",
            why="Python wheels and compiled extensions made for x86 do not load there.",
            figure="x86 packages" if not case.campaign.spec.containers else "own images",
            limit=ARM,
            source=source_words(fact),
            fact=fact,
        )


def _software_passed(case: Case) -> Passed | None:
    stack, architecture = case.machine.accelerator_stack, case.machine.cpu_architecture
    if stack is None or stack.value is None:
        return None
    names = {"cuda": "CUDA", "rocm": "ROCm"}
    cpu = "x86" if architecture is not None and architecture.value == "x86_64" else "its processors"
    return Passed(f"PyTorch on {cpu} and {names.get(stack.value, stack.value)}", fact=stack)


def stack_known(case: Case) -> Iterator[Finding]:
    """The software of the site is known."""
    if case.machine.accelerator_stack is not None:
        return
    yield Finding(
        rule="software-known",
        severity="info",
        title=f"The software stack of {case.machine_name} was not found",
        why="Look at the site's module list before you name your programs.",
        figure="not published",
        limit="a stack that your programs know",
        source="Not found in the catalogue",
    )


def internet(case: Case) -> Iterator[Finding]:
    """Jobs need no internet where compute nodes have none."""
    fact = case.machine.node_internet
    if fact is not None and fact.value:
        return
    known = fact is not None and fact.value is False
    yield Finding(
        rule="internet",
        severity="info",
        title=(
            f"Compute nodes of {case.machine_name} have no internet"
            if known
            else f"Whether compute nodes of {case.machine_name} reach the internet was not found"
        ),
        why="Bring models, data and packages before the first job, and log to files.",
        figure="jobs without internet",
        limit="no internet" if known else "not published",
        source=source_words(fact) if known else "Not found in the catalogue",
        fact=fact,
    )


def _internet_passed(case: Case) -> Passed | None:
    return Passed("Compute nodes reach the internet", fact=case.machine.node_internet)


def never_passed(_: Case) -> None:
    """A known stack is said by the rule on software."""
    return


RULES = (
    Rule("software", "Software", software, _software_passed),
    Rule("software-known", "Known software", stack_known, never_passed),
    Rule("containers", "Containers", containers, _containers_passed),
    Rule("internet", "Internet", internet, _internet_passed),
)
