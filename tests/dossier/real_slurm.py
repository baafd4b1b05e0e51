"""Debian's own Slurm, configured as a machine of the catalogue: one controller, no nodes, nothing ever runs.

`sbatch --test-only` then answers for a script as the site's controller would: by time, nodes, CPUs, memory
and GPUs. Nodes are declared in the cloud, so that the controller believes what the file says of them. A QoS
is checked only with an accounting database, which is not here: its caps stand in the findings.
"""

from __future__ import annotations

import contextlib
import getpass
import os
import socket
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

NEEDED = ("slurmctld", "munged", "sbatch", "scontrol")
PATIENCE_SECONDS = 20.0
CALL_SECONDS = 10.0


@dataclass(frozen=True)
class Partition:
    """One partition with its limits; None where the site publishes none."""

    name: str
    minutes: int | None
    most_nodes: int | None


@dataclass(frozen=True)
class Cluster:
    """What the controller is told of a machine."""

    nodes: int
    cpus: int
    memory_mib: int
    gpus: int
    partitions: tuple[Partition, ...]


@dataclass(frozen=True)
class Verdict:
    """What the controller says of a script."""

    accepted: bool
    words: str


class Slurm:
    """A running controller; `close` ends it."""

    def __init__(self, folder: Path, cluster: Cluster) -> None:
        self._folder = folder
        path = f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin"
        self._environment = {**os.environ, "PATH": path, "SLURM_CONF": str(folder / "slurm.conf")}
        (folder / "state").mkdir()
        self._write_configuration(cluster)
        self._munge = self._start_munge()
        with (folder / "controller.out").open("wb") as log:
            self._controller = subprocess.Popen(
                ["slurmctld", "-D"], env=self._environment, stdout=log, stderr=subprocess.STDOUT
            )
        self._wait()

    def test(self, script: str) -> Verdict:
        """What `sbatch --test-only` answers for a script."""
        done = subprocess.run(
            ["sbatch", "--test-only", "--account=test"],
            input=script,
            env=self._environment,
            cwd=self._folder,
            capture_output=True,
            text=True,
            timeout=CALL_SECONDS,
            check=False,
        )
        return Verdict(done.returncode == 0, done.stderr.strip())

    def close(self) -> None:
        """Ends the controller and its munge by their ids."""
        for process in (self._controller, self._munge):
            process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(5.0)
            if process.poll() is None:
                process.kill()
                process.wait()

    def _start_munge(self) -> subprocess.Popen[bytes]:
        folder = self._folder / "munge"
        folder.mkdir(mode=0o755)
        (folder / "key").write_bytes(os.urandom(1024))
        (folder / "key").chmod(0o400)
        places = {f"--{name}-file": folder / name for name in ("key", "pid", "log", "seed")} | {
            "--socket": folder / "socket"
        }
        return subprocess.Popen(
            ["munged", "--foreground", "--force", *(f"{name}={path}" for name, path in places.items())],
            env=self._environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def _write_configuration(self, cluster: Cluster) -> None:
        folder = self._folder
        names = f"n[1-{cluster.nodes}]"
        lines = [
            "ClusterName=test",
            f"SlurmctldHost={socket.gethostname()}(127.0.0.1)",
            f"SlurmctldPort={free_port()}",
            f"SlurmUser={getpass.getuser()}",
            "AuthType=auth/munge",
            f"AuthInfo=socket={folder / 'munge' / 'socket'}",
            "SelectType=select/cons_tres",
            "SelectTypeParameters=CR_Core_Memory",
            "GresTypes=gpu",
            "EnforcePartLimits=ALL",
            "SwitchType=switch/none",
            "MpiDefault=none",
            "ProctrackType=proctrack/linuxproc",
            "SlurmdTimeout=0",
            f"StateSaveLocation={folder / 'state'}",
            f"SlurmctldPidFile={folder / 'controller.pid'}",
            f"SlurmctldLogFile={folder / 'controller.log'}",
            "ResumeProgram=/bin/true",
            "SuspendProgram=/bin/true",
            "SuspendTime=60",
            " ".join(
                (
                    f"NodeName={names} State=CLOUD NodeAddr=127.0.0.1 Port=17001",
                    f"CPUs={cluster.cpus} RealMemory={cluster.memory_mib} Gres=gpu:{cluster.gpus}",
                )
            ),
            *(_partition_line(partition) for partition in cluster.partitions),
        ]
        (folder / "slurm.conf").write_text("\n".join(lines) + "\n", encoding="utf-8")
        gres = f"NodeName={names} Name=gpu Count={cluster.gpus}\n"
        (folder / "gres.conf").write_text(gres, encoding="utf-8")

    def _wait(self) -> None:
        end = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < end:
            with contextlib.suppress(subprocess.TimeoutExpired):
                ping = subprocess.run(
                    ["scontrol", "ping"], env=self._environment, capture_output=True, timeout=2.0, check=False
                )
                if ping.returncode == 0:
                    return
            time.sleep(0.05)
        self.close()
        raise AssertionError((self._folder / "controller.out").read_text(errors="replace")[-2000:])


@contextlib.contextmanager
def slurm(folder: Path, cluster: Cluster) -> Iterator[Slurm]:
    """A controller for as long as the block lasts."""
    running = Slurm(folder, cluster)
    try:
        yield running
    finally:
        running.close()


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def _partition_line(partition: Partition) -> str:
    minutes = "INFINITE" if partition.minutes is None else partition.minutes
    nodes = "UNLIMITED" if partition.most_nodes is None else partition.most_nodes
    return f"PartitionName={partition.name} Nodes=ALL MaxTime={minutes} MaxNodes={nodes} State=UP"
