"""The batch script: resources, environment and start.

Options: https://slurm.schedmd.com/sbatch.html (--account, --partition, --qos, --nodes, --ntasks-per-node,
--gpus-per-node, --cpus-per-task, --time, --exclusive, --dependency, --parsable, --export) and
https://slurm.schedmd.com/srun.html (--kill-on-bad-exit, SRUN_CPUS_PER_TASK).
torchrun: https://docs.pytorch.org/docs/stable/elastic/run.html; the variables RANK, LOCAL_RANK, WORLD_SIZE,
MASTER_ADDR and MASTER_PORT: https://docs.pytorch.org/docs/stable/distributed.html.
"""

from __future__ import annotations

import math

from app.dossier.jobs.environment import environment, network
from app.dossier.jobs.job import Job
from app.dossier.jobs.launcher import Launcher
from app.dossier.jobs.sites import (
    gpu_request_of,
    is_so,
    partition_of,
    qos_of,
    text_of,
)
from app.dossier.jobs.words import NOT_PUBLISHED, check, comment, lines, slug
from estimators.catalogue.batch import Batch
from estimators.planning.targets import takes_whole_nodes
from estimators.requests.asked import site_of

GIB = 2.0**30
"""Slurm reads "G" as this."""


def batch_script(job: Job, launcher: Launcher) -> str:
    """Text of the batch script."""
    return lines(
        f"#!/bin/bash{' -l' if is_so(site_of(job.machine).login_shell) else ''}",
        _head(job, launcher),
        _resources(job, launcher),
        "",
        "set -euo pipefail",
        "",
        _folders(job),
        "",
        environment(job),
        "",
        network(job),
        "",
        launcher.prepare,
        *([""] if launcher.prepare else []),
        f"if {launcher.finished}; then",
        '  echo "This run has made its last step."',
        "  exit 0",
        "fi",
        _start(job, launcher),
    )


def script_name(launcher: Launcher) -> str:
    """File name of a launcher's batch script."""
    return f"{launcher.id}.sbatch"


def _head(job: Job, launcher: Launcher) -> list[str]:
    layout = job.layout
    parts = [
        f"tensor {layout.tensor_parallel}",
        f"pipeline {layout.pipeline_parallel}",
        f"context {layout.context_parallel}",
        f"data {layout.data_parallel}",
        *([f"experts over {layout.expert_parallel} of them"] if layout.expert_parallel > 1 else []),
    ]
    return [
        comment(f'"{job.run}" of the plan "{job.plan}" with {launcher.title} on {job.machine.name}.'),
        comment(f"{layout.gpus} GPUs{_as_counted(job)}: {', '.join(parts)}."),
        comment(
            f"{job.batch_samples} samples a step: micro-batch {layout.micro_batch} × {layout.micro_batches} "
            f"accumulated × data {layout.data_parallel}. {job.steps} steps."
        ),
        *_length(job),
        comment(
            "Written by Nodewise from an estimate; lines marked CHECK need a person before the first job."
        ),
        *_purpose(job),
        *(check(sentence) for sentence in launcher.objections),
    ]


def _length(job: Job) -> list[str]:
    if job.chain.is_named:
        return [
            check(f"{_hours(job.chain.wall.p50)} hours were named by hand; the steps are the estimate's.")
        ]
    low, high = _hours(job.chain.wall.p50), _hours(job.chain.wall.p80)
    return [comment(f"Estimated {low} hours, P80 {high}; {job.step_seconds:.3g} seconds a step.")]


def _purpose(job: Job) -> list[str]:
    if job.role != "evaluation":
        return []
    return [
        check("an evaluation runs a program of its own: nodes and time are its estimate, the rest trains.")
    ]


def _as_counted(job: Job) -> str:
    """What Slurm counts as a GPU where a grant counts otherwise."""
    if job.devices_of_node == job.grant_gpus_of_node:
        return ""
    return f" as Slurm counts them, {job.devices_of_node} on a node (a grant counts {job.grant_gpus_of_node})"


def _hours(hours: float) -> str:
    return f"{hours:.0f}" if hours >= 100.0 else f"{hours:.3g}"


def _resources(job: Job, launcher: Launcher) -> list[str]:
    site = site_of(job.machine)
    tasks = job.gpus_per_node if is_so(site.srun_only) and launcher.starter == "torchrun" else 1
    added = text_of(site.account_suffix) or ""
    account = f"PROJECT{added}"
    suffix = f'; the site adds "{added}" for GPU work' if added else ""
    found = [
        f"#SBATCH --job-name={slug(job.plan, job.run)}",
        check(f"the account of your project in place of PROJECT{suffix}."),
        f"#SBATCH --account={account}",
        *_authorization(site),
        *_queue(job, site),
        f"#SBATCH --nodes={job.nodes}",
        f"#SBATCH --ntasks-per-node={tasks}",
        *_devices(job, tasks),
        *_cores(job, tasks),
        *_time(job),
        "#SBATCH --output=%x-%j.out",
    ]
    if takes_whole_nodes(job.machine):
        found.append("#SBATCH --exclusive")
    return found


def _authorization(site: Batch) -> list[str]:
    asked = text_of(site.authorization)
    return [check(asked)] if asked is not None else []


def _devices(job: Job, tasks: int) -> list[str]:
    asked = gpu_request_of(job.machine, job.gpus_per_node, job.nodes, tasks)
    if asked is not None:
        return [f"#SBATCH {asked}"]
    return [
        check(f"the form of the GPU request (--gpus-per-node or --gres=gpu:N) is {NOT_PUBLISHED}."),
        f"#SBATCH --gpus-per-node={job.gpus_per_node}",
    ]


def _queue(job: Job, site: Batch) -> list[str]:
    partition, qos = partition_of(job.machine, job.queue), qos_of(job.machine, job.queue)
    found = []
    if job.queue is None:
        found.append(check(f"queue and limits of this machine for a job of this size are {NOT_PUBLISHED}."))
    elif job.queue.max_walltime.confidence not in {"official", "secondary"}:
        found.append(
            check(f'the limits of queue "{job.queue.name}" are {job.queue.max_walltime.confidence}.')
        )
    if partition is not None:
        found.append(f"#SBATCH --partition={partition}")
    else:
        found.append(check(f"the partition is {NOT_PUBLISHED}; add #SBATCH --partition=..."))
    if qos is not None:
        found.append(f"#SBATCH --qos={qos}")
    elif site.partition is not None and job.queue is not None:
        found.append(check(f"a QoS may be needed; that of your project is {NOT_PUBLISHED}."))
    return found


def _cores(job: Job, tasks: int) -> list[str]:
    asked = job.asked
    found = []
    if asked.cpus_of_node is None:
        found.append(
            check(f"cores for each GPU (--cpus-per-task) are {NOT_PUBLISHED}; the site's default holds.")
        )
    else:
        found.append(f"#SBATCH --cpus-per-task={asked.cpus_of_node // tasks}")
    if asked.memory_of_node_bytes is not None:
        found.append(f"#SBATCH --mem={asked.memory_of_node_bytes / GIB:.0f}G")
    return found


def _time(job: Job) -> list[str]:
    found = []
    if not job.chain.limit_is_published:
        found.append(
            check(
                f"the longest job of this queue is {NOT_PUBLISHED}; this is the whole run at P80 in one job."
            )
        )
    elif job.chain.wall.p80 > job.chain.limit_hours and job.chain.jobs == 1:
        found.append(
            check(f"at P80 the run takes {_hours(job.chain.wall.p80)} hours, more than this job may.")
        )
    return [*found, f"#SBATCH --time={_clock(job.chain.limit_hours)}"]


def _clock(hours: float) -> str:
    minutes = max(1, math.floor(hours * 60.0 + 1e-6))
    return f"{minutes // 60:02d}:{minutes % 60:02d}:00"


def _folders(job: Job) -> list[str]:
    scratch = [area.name for area in job.machine.storage if area.place in {"scratch", "work"}]
    where = f" The catalogue names: {', '.join(scratch)}." if scratch else ""
    return [
        'cd "$SLURM_SUBMIT_DIR"',
        check(f"a folder with room for checkpoints and logs.{where}"),
        f'RUN_FOLDER=${{RUN_FOLDER:-"$PWD/{slug(job.plan, job.run)}"}}',
        check("where your training data lies: set DATA before you submit."),
        'DATA=${DATA:?"set DATA to the folder of your training data"}',
        *_weights(job),
        "SEED=${SEED:-1}",
        f"STEPS={job.steps}",
        'OUTPUT="$RUN_FOLDER/seed-$SEED"',
        'mkdir -p "$OUTPUT"',
    ]


def _weights(job: Job) -> list[str]:
    if not job.starts_from_weights:
        return []
    return [
        check("where the weights lie that the run begins with: set WEIGHTS before you submit."),
        'WEIGHTS=${WEIGHTS:?"set WEIGHTS to the folder of the first weights"}',
    ]


def _start(job: Job, launcher: Launcher) -> list[str]:
    """The last command of the script: one srun for all processes."""
    program = [f"  {word} \\" for word in launcher.program]
    program[-1] = program[-1].removesuffix(" \\")
    if launcher.starter == "accelerate":
        return [
            'srun --kill-on-bad-exit=1 "${INSIDE[@]}" accelerate launch \\',
            '  --main_process_ip "$MASTER_ADDR" --main_process_port "$MASTER_PORT" \\',
            *program,
        ]
    if is_so(site_of(job.machine).srun_only):
        return [
            comment("Only srun starts processes here: one task for each GPU."),
            "# shellcheck disable=SC2016 # the shell of each task puts its own values in",
            "srun --kill-on-bad-exit=1 bash -c '",
            "  export RANK=$SLURM_PROCID LOCAL_RANK=$SLURM_LOCALID WORLD_SIZE=$SLURM_NTASKS",
            '  exec "$@"\' rank \\',
            '  "${INSIDE[@]}" python -u \\',
            *program,
        ]
    options = text_of(site_of(job.machine).torchrun_options)
    return [
        'srun --kill-on-bad-exit=1 "${INSIDE[@]}" torchrun \\',
        *([f"  {options} \\"] if options is not None else []),
        f'  --nnodes="$SLURM_JOB_NUM_NODES" --nproc-per-node={job.gpus_per_node} \\',
        '  --rdzv-backend=c10d --rdzv-id="$SLURM_JOB_ID" --rdzv-endpoint="$MASTER_ADDR:$MASTER_PORT" \\',
        *program,
    ]


def chain_words(job: Job) -> str:
    """How often the run is made, and in how many jobs."""
    jobs = f"{job.chain.jobs} job{'s' if job.chain.jobs > 1 else ''}"
    if job.runs == 1:
        return f"one run in {jobs}"
    return f"{job.runs} runs, {job.side_by_side} side by side, each in {jobs}"


def submit_script(job: Job, launcher: Launcher) -> str:
    """Submits the chain of jobs of every repeat, so many side by side as the campaign says."""
    return lines(
        "#!/bin/bash",
        comment(f'Submits "{job.run}": {chain_words(job)}.'),
        comment("A job goes on from the last checkpoint of the one before, also after a failure."),
        comment(f"Usage: bash submit.sh [SCRIPT], where SCRIPT is {script_name(launcher)} if not given"),
        *_waiting(job),
        "set -euo pipefail",
        "",
        f"script=${{1:-{script_name(launcher)}}}",
        f"runs={job.runs}",
        f"side_by_side={job.side_by_side}",
        f"jobs={job.chain.jobs}",
        "last=()",
        "for ((run = 1; run <= runs; run++)); do",
        "  lane=$(((run - 1) % side_by_side))",
        "  for ((number = 1; number <= jobs; number++)); do",
        "    after=()",
        '    [ -z "${last[lane]:-}" ] || after=(--dependency="afterany:${last[lane]}")',
        '    id=$(sbatch --parsable "${after[@]}" --export="ALL,SEED=$run" "$script")',
        "    last[lane]=${id%%;*}",
        '    echo "run $run, job $number of $jobs: ${last[lane]}"',
        "  done",
        "done",
    )


def _waiting(job: Job) -> list[str]:
    """How many jobs stand in the queue at once, which sites limit."""
    submitted = job.runs * job.chain.jobs
    if submitted == 1:
        return []
    most = job.queue.max_submitted if job.queue is not None else None
    if most is None or most.value is None:
        return [check(f"{submitted} jobs are submitted at once; how many may wait is {NOT_PUBLISHED}.")]
    if submitted > most.value:
        return [check(f"{submitted} jobs at once; the site takes {most.value:g}: submit the rest later.")]
    return [comment(f"{submitted} jobs are submitted at once; the site takes {most.value:g}.")]
