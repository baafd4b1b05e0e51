"""Jobs against the times of the batch system: wall-clock, chains, checkpoints, debug queues, jobs at once."""

from __future__ import annotations

import math
from collections.abc import Iterator

from estimators.catalogue.records import Queue
from estimators.planning.run import JOB_START_HOURS
from estimators.quantity import Fact
from estimators.requests.campaign_results import RunLine
from estimators.requests.findings.case import (
    NOT_IN_CATALOGUE,
    REVIEWERS,
    UNPUBLISHED,
    Case,
    Passed,
    Rule,
    count,
    host_words,
    hours_words,
    never,
    nodes_words,
    size_words,
    source_words,
)
from estimators.requests.jobs import (
    admits,
    checkpoint_of,
    debug_queue_for,
    jobs_in_chain,
    most_at_once,
    queue_of,
    walltime_hours,
)
from estimators.requests.results import Finding, Fix
from estimators.words import Amount, Name, Said, say, say_many

SHORT_RUN_HOURS = 1.0
"""A run that is over so soon loses little where it writes no checkpoint: a judgement."""


def wall_clock(case: Case) -> Iterator[Finding]:
    """A run longer than the longest job has to go on from checkpoints in a chain of jobs."""
    for line in case.fitting:
        queue = queue_of(line, case.machine)
        longest = walltime_hours(queue)
        if queue is None or line.wall_hours is None or line.run.restarts_from_checkpoint:
            continue
        if line.wall_hours.p80 > longest:
            yield _too_long(line, queue, line.wall_hours.p80, longest)


def _too_long(line: RunLine, queue: Queue, needed: float, longest: float) -> Finding:
    chain = math.ceil(needed / longest)
    return Finding(
        rule="wall-clock",
        severity="fail",
        title=say(
            "{run}: {needed}; {queue} ends jobs after {longest}",
            run=Name(line.run.name),
            needed=hours_words(needed),
            queue=Name(queue.name),
            longest=hours_words(longest),
        ),
        why=say(
            "It does not restart from checkpoints, so the limit ends it. With them it is a "
            "chain of {chain} jobs.",
            chain=Amount(chain, form="fixed"),
        ),
        figure=say("{needed} at P80", needed=hours_words(needed)),
        limit=say("{longest} for one job", longest=hours_words(longest)),
        source=source_words(queue.max_walltime),
        fact=queue.max_walltime,
        fix=Fix(say("Restart from checkpoints"), "restarts_from_checkpoint", True, line.run.id),
        run_id=line.run.id,
    )


def _wall_clock_passed(case: Case) -> Passed | None:
    chains = []
    for line in case.fitting:
        queue = queue_of(line, case.machine)
        if queue is not None and line.wall_hours is not None and math.isfinite(walltime_hours(queue)):
            chains.append((jobs_in_chain(line.wall_hours, walltime_hours(queue)), queue))
    if not chains:
        return None
    jobs, queue = max(chains, key=lambda chain: chain[0])
    longest = hours_words(walltime_hours(queue))
    words = say("Every run ends within one job of {longest}", longest=longest)
    if jobs > 1:
        words = say(
            "{longest} jobs, up to {jobs} in a chain, {job_start_hours} for each start",
            longest=longest,
            jobs=Amount(jobs, form="fixed"),
            job_start_hours=hours_words(JOB_START_HOURS),
        )
    return Passed(
        words,
        say_many("{n} job", "{n} jobs", jobs, n=count(jobs)),
        say("{longest} in {queue}", longest=longest, queue=Name(queue.name)),
        queue.max_walltime,
    )


def no_checkpoint(case: Case) -> Iterator[Finding]:
    """A run that writes no checkpoints loses everything to one failure."""
    for line in case.fitting:
        if line.run.restarts_from_checkpoint or line.wall_hours is None:
            continue
        if line.wall_hours.p50 <= SHORT_RUN_HOURS:
            continue
        yield Finding(
            rule="no-checkpoint",
            severity="warn",
            title=say(
                "{run} writes no checkpoint in {wall_hours}",
                run=Name(line.run.name),
                wall_hours=hours_words(line.wall_hours.p50),
            ),
            why=say("One failure of a node loses it all. Reviewers praise checkpoints every 4 to 12 hours."),
            figure=say("no checkpoints"),
            limit=say("a checkpoint every 4 to 12 hours"),
            source=REVIEWERS,
            fact=None,
            fix=Fix(say("Write checkpoints"), "restarts_from_checkpoint", True, line.run.id),
            run_id=line.run.id,
        )


def _no_checkpoint_passed(case: Case) -> Passed | None:
    job = next((job for job in case.jobs if job.run_id == case.campaign.main.run.id), None)
    if job is None or job.checkpoint_minutes is None or job.checkpoint_bytes is None:
        return None
    every = hours_words(job.checkpoint_minutes / 60.0)
    size = size_words(job.checkpoint_bytes)
    return Passed(
        say("{size} every {every}", size=size, every=every),
        every,
        say("a checkpoint every 4 to 12 hours"),
        source=REVIEWERS,
    )


def checkpoint_interval(case: Case) -> Iterator[Finding]:
    """A checkpoint has to be written within each job, and writing it must not fill the job."""
    for line in case.fitting:
        queue = queue_of(line, case.machine)
        longest, wall = walltime_hours(queue), line.wall_hours
        if queue is None or wall is None or not line.run.restarts_from_checkpoint or wall.p50 <= longest:
            continue
        saves = checkpoint_of(line, case.campaign, case.catalogue)
        if saves.interval_hours <= longest:
            continue
        yield Finding(
            rule="checkpoint-interval",
            severity="info",
            title=say(
                "A checkpoint every {interval_hours} would be best; {queue} ends jobs after {longest}",
                interval_hours=hours_words(saves.interval_hours),
                queue=Name(queue.name),
                longest=hours_words(longest),
            ),
            why=say(
                "Write one at the end of each job of {run}, else the chain starts anew.",
                run=Name(line.run.name),
            ),
            figure=hours_words(saves.interval_hours),
            limit=say("{longest} for one job", longest=hours_words(longest)),
            source=source_words(queue.max_walltime),
            fact=queue.max_walltime,
            run_id=line.run.id,
        )


def _checkpoint_interval_passed(case: Case) -> Passed | None:
    main = case.campaign.main
    if main.wall_hours is None or not main.run.restarts_from_checkpoint:
        return None
    saves = checkpoint_of(main, case.campaign, case.catalogue)
    queue = queue_of(main, case.machine)
    longest = walltime_hours(queue)
    words = say(
        "Every {interval_hours}, written in {save_hours}",
        interval_hours=hours_words(saves.interval_hours),
        save_hours=hours_words(saves.save_hours),
    )
    limit = (
        say("{longest} for one job", longest=hours_words(longest)) if math.isfinite(longest) else UNPUBLISHED
    )
    return Passed(words, hours_words(saves.interval_hours), limit, source=say("Young, CACM 1974"))


def debug_queue(case: Case) -> Iterator[Finding]:
    """Tests that outgrow the debug queue wait in the production queue."""
    queues = [queue for queue in case.machine.queues if queue.kind == "debug"]
    for line in case.fitting:
        if line.run.role != "test" or not queues or line.wall_hours is None:
            continue
        hours = line.wall_hours.p80
        if debug_queue_for(case.machine, line.nodes, hours) is None:
            yield _outgrown(case, line, queues, hours)


def _outgrown(case: Case, line: RunLine, queues: list[Queue], hours: float) -> Finding:
    """Names the bound that is crossed; fewer GPUs help only where nodes are the reason."""
    taking = [queue for queue in queues if admits(queue, line.nodes)]
    if taking:
        queue = max(taking, key=lambda item: item.max_walltime.si)
        fact, figure, limit = queue.max_walltime, hours_words(hours), hours_words(walltime_hours(queue))
        fix = None
    else:
        queue = max(queues, key=lambda item: item.max_nodes.si)
        fact, figure, limit = queue.max_nodes, nodes_words(line.nodes), nodes_words(queue.max_nodes.si)
        slower = hours * float(line.nodes) / fact.si
        devices = int(fact.si) * case.campaign.devices_per_node
        fix = (
            Fix(say("Test on {limit}", limit=limit), "gpus", devices, line.run.id)
            if slower <= walltime_hours(queue)
            else None
        )
    return Finding(
        rule="debug-queue",
        severity="warn" if fix is not None else "info",
        title=say(
            "{run}: {figure}; the debug queue {queue} gives {limit}",
            run=Name(line.run.name),
            figure=figure,
            queue=Name(queue.name),
            limit=limit,
        ),
        why=say("It waits with the production jobs, and no site publishes how long."),
        figure=figure,
        limit=limit,
        source=source_words(fact),
        fact=fact,
        fix=fix,
        run_id=line.run.id,
    )


def _debug_queue_passed(case: Case) -> Passed | None:
    for line in case.fitting:
        queue = queue_of(line, case.machine)
        if line.run.role == "test" and queue is not None and queue.kind == "debug":
            limit = say(
                "{nodes}, {time}",
                nodes=nodes_words(queue.max_nodes.si),
                time=hours_words(walltime_hours(queue)),
            )
            return Passed(
                say("Tests run in {queue}", queue=Name(queue.name)),
                nodes_words(line.nodes),
                limit,
                queue.max_walltime,
            )
    return None


def jobs_at_once(case: Case) -> Iterator[Finding]:
    """Some queues run only so many jobs of one project at a time."""
    for line in case.fitting:
        queue = queue_of(line, case.machine)
        together = min(line.run.at_once, line.run.count)
        if queue is None:
            continue
        bound, fact = most_at_once(queue, float(line.nodes) * case.machine.devices_per_node.si)
        if fact is None or together <= bound:
            continue
        most = int(bound)
        yield Finding(
            rule="jobs-at-once",
            severity="warn",
            title=say(
                "{together} jobs of {run} at once; {queue} runs {most} of a project",
                together=Amount(together, form="fixed"),
                run=Name(line.run.name),
                queue=Name(queue.name),
                most=Amount(most, form="fixed"),
            ),
            why=say(
                "The others wait, so the calendar of this run is {together} times too short.",
                together=Amount(together / most, form="fixed", digits=1),
            ),
            figure=say_many("{n} job", "{n} jobs", together, n=count(together)),
            limit=say(
                "{jobs} of a project at a time", jobs=say_many("{n} job", "{n} jobs", most, n=count(most))
            ),
            source=source_words(fact),
            fact=fact,
            fix=Fix(
                say("Run {most} at a time", most=Amount(most, form="fixed")), "at_once", most, line.run.id
            ),
            run_id=line.run.id,
        )


def _jobs_at_once_passed(case: Case) -> Passed | None:
    for line in case.fitting:
        queue = queue_of(line, case.machine)
        if queue is not None and queue.max_jobs is not None:
            limit = say_many("{n} job", "{n} jobs", queue.max_jobs.si, n=count(queue.max_jobs.si))
            return Passed(
                say("{queue} runs {limit} of a project at a time", queue=Name(queue.name), limit=limit),
                limit=limit,
                fact=queue.max_jobs,
            )
    return None


def limits_known(case: Case) -> Iterator[Finding]:
    """Where a site publishes no limit for jobs of this size, nobody can promise that they run."""
    queues = {queue.name: queue for line in case.fitting if (queue := queue_of(line, case.machine))}
    if case.fitting and not case.machine.queues:
        yield _unknown(
            case, say("No queue limit of {machine} was found", machine=Name(case.machine_name)), None
        )
    for queue in queues.values():
        if queue.max_nodes.value is None:
            yield _unknown(
                case, say("The node limit of {queue} was not found", queue=Name(queue.name)), queue.max_nodes
            )
        if queue.max_walltime.value is None:
            yield _unknown(
                case,
                say("The wall-clock limit of {queue} was not found", queue=Name(queue.name)),
                queue.max_walltime,
            )


def _unknown(case: Case, title: Said, fact: Fact[float] | None) -> Finding:
    return Finding(
        rule="queue-limits",
        severity="warn",
        title=title,
        why=say(
            "Ask {host} before you file; the plan assumes that jobs run.",
            host=host_words(case),
        ),
        figure=nodes_words(max(line.nodes for line in case.fitting)),
        limit=UNPUBLISHED,
        source=source_words(fact) if fact is not None else NOT_IN_CATALOGUE,
        fact=fact,
    )


RULES = (
    Rule("wall-clock", say("Job time"), wall_clock, _wall_clock_passed),
    Rule("no-checkpoint", say("Checkpoints"), no_checkpoint, _no_checkpoint_passed),
    Rule("checkpoint-interval", say("Checkpoint interval"), checkpoint_interval, _checkpoint_interval_passed),
    Rule("debug-queue", say("Debug queue"), debug_queue, _debug_queue_passed),
    Rule("jobs-at-once", say("Jobs at once"), jobs_at_once, _jobs_at_once_passed),
    Rule("queue-limits", say("Known limits"), limits_known, never),
)
