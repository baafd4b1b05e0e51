"""Whether programs run there: processor, accelerator stack, containers, internet on the nodes."""

from __future__ import annotations

from collections.abc import Iterator

from estimators.requests.findings.case import NOT_IN_CATALOGUE, UNPUBLISHED, Case, Passed, Rule, source_words
from estimators.requests.form.project import SOFTWARE_WORDS
from estimators.requests.results import Finding, Fix
from estimators.words import Name, Value, say

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
        title=say(
            "Your x86 images do not run on the Arm processors of {machine}", machine=Name(case.machine_name)
        ),
        why=say("Build them for aarch64, or use what the site installed."),
        figure=say("own container images"),
        limit=say("aarch64 images"),
        source=source_words(fact),
        fact=fact,
        fix=Fix(say("Use the site's software"), "containers", False),
    )


def _containers_passed(case: Case) -> Passed | None:
    engine = case.machine.containers
    if not case.campaign.spec.containers or engine is None:
        return None
    return Passed(say("Own images run in {engine}", engine=Name(engine.value or "")), fact=engine)


def software(case: Case) -> Iterator[Finding]:
    """The training program runs on the accelerator stack and the processor of the site."""
    stack = case.machine.accelerator_stack
    classes = dict.fromkeys(run.spec.software for run in case.campaign.spec.runs)
    others = [SOFTWARE_WORDS.get(name, Name(name)) for name in classes if name not in PORTED]
    if case.gpu.vendor == "amd" and others:
        yield Finding(
            rule="software",
            severity="warn",
            title=say(
                "{machine} runs ROCm; check that your {program} does too",
                machine=Name(case.machine_name),
                program=others[0],
            ),
            why=say(
                "Reviewers ask whether the code suits the machine and is installed there. The site "
                "offers PyTorch in ready images."
            ),
            figure=others[0],
            limit=Name("ROCm"),
            source=source_words(stack),
            fact=stack,
            fix=Fix(say("Plan with PyTorch FSDP"), "software", "fsdp"),
        )
    if _is_arm(case):
        fact = case.machine.cpu_architecture
        yield Finding(
            rule="software",
            severity="info",
            title=say(
                "{machine} has Arm processors: check that every package has an aarch64 build",
                machine=Name(case.machine_name),
            ),
            why=say("Python wheels and compiled extensions made for x86 do not load there."),
            figure=say("x86 packages") if not case.campaign.spec.containers else say("own images"),
            limit=Name(ARM),
            source=source_words(fact),
            fact=fact,
        )


def _software_passed(case: Case) -> Passed | None:
    stack, architecture = case.machine.accelerator_stack, case.machine.cpu_architecture
    if stack is None or stack.value is None:
        return None
    names = {"cuda": "CUDA", "rocm": "ROCm"}
    cpu: Value = (
        Name("x86") if architecture is not None and architecture.value == "x86_64" else say("its processors")
    )
    return Passed(
        say("PyTorch on {cpu} and {stack}", cpu=cpu, stack=Name(names.get(stack.value, stack.value))),
        fact=stack,
    )


def stack_known(case: Case) -> Iterator[Finding]:
    """The software of the site is known."""
    if case.machine.accelerator_stack is not None:
        return
    yield Finding(
        rule="software-known",
        severity="info",
        title=say("The software stack of {machine} was not found", machine=Name(case.machine_name)),
        why=say("Look at the site's module list before you name your programs."),
        figure=UNPUBLISHED,
        limit=say("a stack that your programs know"),
        source=NOT_IN_CATALOGUE,
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
            say("Compute nodes of {machine} have no internet", machine=Name(case.machine_name))
            if known
            else say(
                "Whether compute nodes of {machine} reach the internet was not found",
                machine=Name(case.machine_name),
            )
        ),
        why=say("Bring models, data and packages before the first job, and log to files."),
        figure=say("jobs without internet"),
        limit=say("no internet") if known else UNPUBLISHED,
        source=source_words(fact) if known else NOT_IN_CATALOGUE,
        fact=fact,
    )


def _internet_passed(case: Case) -> Passed | None:
    return Passed(say("Compute nodes reach the internet"), fact=case.machine.node_internet)


def never_passed(_: Case) -> None:
    """A known stack is said by the rule on software."""
    return


RULES = (
    Rule("software", say("Software"), software, _software_passed),
    Rule("software-known", say("Known software"), stack_known, never_passed),
    Rule("containers", say("Containers"), containers, _containers_passed),
    Rule("internet", say("Internet"), internet, _internet_passed),
)
