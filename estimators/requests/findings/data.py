"""Data that have to travel to the site and to be prepared there."""

from __future__ import annotations

from collections.abc import Iterator

from estimators.quantity import SECONDS_PER_DAY
from estimators.requests.findings.case import (
    NOT_IN_CATALOGUE,
    UNPUBLISHED,
    YOUR_INPUT,
    Case,
    Passed,
    Rule,
    hours_words,
    never,
    size_words,
    source_words,
)
from estimators.requests.results import Finding
from estimators.requests.storage import (
    data_of,
    transfer_seconds,
)
from estimators.words import Amount, Name, Value, say, together

LONG_TRANSFER_DAYS = 7.0
"""Data that travel longer than a week need a plan of their own: a judgement."""


def transfer(case: Case) -> Iterator[Finding]:
    """Data have to reach the site before the first run."""
    raw = data_of(case.campaign, case.catalogue).raw_bytes
    seconds = transfer_seconds(case.campaign, case.catalogue)
    if seconds is None:
        figure: Value = say("not known")
        title = say(
            "{size} have to reach {machine}; the rate is not known",
            size=size_words(raw),
            machine=Name(case.machine_name),
        )
        why = say("Measure it with one large file, and enter the rate; no site publishes one.")
    elif seconds > LONG_TRANSFER_DAYS * SECONDS_PER_DAY:
        figure = hours_words(seconds / 3600.0)
        title = say(
            "{size} take {time} to reach {machine}",
            size=size_words(raw),
            time=figure,
            machine=Name(case.machine_name),
        )
        why = say("Start the transfer before the first month, or bring less: packed and cleaned data.")
    else:
        return
    yield Finding(
        rule="transfer",
        severity="info" if seconds is None else "warn",
        title=title,
        why=why,
        figure=figure,
        limit=say("{n} days", n=Amount(LONG_TRANSFER_DAYS, form="fixed")),
        source=say("Size of the data; the rate is your input"),
    )


def _transfer_passed(case: Case) -> Passed | None:
    seconds = transfer_seconds(case.campaign, case.catalogue)
    if seconds is None:
        return None
    words = say(
        "{size} in {time}",
        size=size_words(data_of(case.campaign, case.catalogue).raw_bytes),
        time=hours_words(seconds / 3600.0),
    )
    return Passed(words, hours_words(seconds / 3600.0), source=YOUR_INPUT)


def preparation(case: Case) -> Iterator[Finding]:
    """Preparing text takes CPU hours that no site or paper of the catalogue states."""
    data = data_of(case.campaign, case.catalogue)
    if not data.tokens:
        return
    cpu = case.machine.cpu_partition
    where = (
        say(
            "{machine} has a CPU partition for it: {cpu}.",
            machine=Name(case.machine_name),
            cpu=Name(cpu.value or ""),
        )
        if cpu is not None
        else say("No CPU partition of the site stands in the catalogue.")
    )
    yield Finding(
        rule="data-preparation",
        severity="info",
        title=say("CPU hours to tokenise {size} are not published", size=size_words(data.raw_bytes)),
        why=together(
            say("No fact gives a rate, so none is invented: time a sample and ask for CPU hours beside."),
            where,
        ),
        figure=size_words(data.raw_bytes),
        limit=UNPUBLISHED,
        source=source_words(cpu) if cpu is not None else NOT_IN_CATALOGUE,
        fact=cpu,
    )


RULES = (
    Rule("transfer", say("Data transfer"), transfer, _transfer_passed),
    Rule("data-preparation", say("Data preparation"), preparation, never),
)
