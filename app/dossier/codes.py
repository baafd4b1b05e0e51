"""What the programs of the runs are called: the class of each run, with the release that the plan names."""

from __future__ import annotations

from app.dossier.material import Material
from app.present.inputs import SOFTWARE
from app.words import text

_CLASSES = {key: name for name, key in SOFTWARE}


def code_of(material: Material, run_id: str) -> str:
    """The program of a run: "FSDP or DeepSpeed, PyTorch 2.9".

    Only runs of the main run's class bear the release. One that names its class, as "Megatron-LM core 0.14",
    stands for both.
    """
    software = material.campaign.line(run_id).run.spec.software
    name = text(_CLASSES.get(software, software))
    release = material.plan.dossier.software_version.strip()
    if not release or software != material.main.run.spec.software:
        return name
    names_itself = any(word.lower() in release.lower() for word in name.split() if word in _PROGRAMS)
    return release if names_itself else f"{name}, {release}"


_PROGRAMS = ("Megatron", "FSDP", "DeepSpeed", "Trainer")
"""Words of a class that are names of programs."""
