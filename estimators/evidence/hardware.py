"""Hardware and software of measured runs, in the terms of the catalogue."""

from __future__ import annotations

import re

import msgspec

from estimators.catalogue.load import Catalogue
from estimators.catalogue.records import Gpu, LinkTopology
from estimators.evidence.rows import Row
from estimators.hardware.systems import SystemFacts, system_facts

SYSTEM_OF_GPU = {
    "v100-16-sxm": "dgx-1-v100",
    "v100-32-sxm": "dgx-2",
    "a100-40-sxm": "dgx-a100-40",
    "a100-80-sxm": "dgx-a100",
    "h100-80-sxm": "dgx-h100",
    "h100-96-sxm": "grand-teton-h100-96",
    "h200-sxm": "dgx-h200",
    "b200-sxm": "dgx-b200",
    "b300-sxm": "dgx-b300",
    "gb200": "gb200-nvl72",
    "gb300": "gb300-nvl72",
    "gh200-96": "jupiter-booster",
    "mi250x-gcd": "lumi-g",
}
"""Reference system of a card where the publisher does not describe the node."""
GBIT = 1e9 / 8.0
LARGE_PARAMETERS, LARGE_GPUS = 20e9, 512.0
"""Runs above either are trained with tensor and pipeline parallelism where no software is named."""
BLOCK_SCALED = ("mxfp8", "nvfp4")
FAST_LINK = 100e9
"""Bytes/s from which a link is NVLink or Infinity Fabric, not PCIe."""
UNFUSED = ("megatron-2021", "megatron-deepspeed")
"""Software classes from before fused attention."""


def with_card(row: Row, catalogue: Catalogue) -> Row:
    """The row with the catalogue's card where it names none by id but one by its published name.

    "NVIDIA H800" is the one H800 of the catalogue; "NVIDIA A100" might be several and stays unknown.
    """
    hardware = row.hardware
    if hardware.gpu is not None or not hardware.gpu_as_published:
        return row
    wanted = _letters(hardware.gpu_as_published)
    found = [key for key, gpu in catalogue.gpus.items() if _letters(gpu.name).startswith(wanted)]
    exact = [key for key in found if _letters(catalogue.gpus[key].name) == wanted]
    named = exact or found
    if len(named) != 1:
        return row
    return msgspec.structs.replace(row, hardware=msgspec.structs.replace(hardware, gpu=named[0]))


def _letters(name: str) -> str:
    return "".join(char for char in name.lower() if char.isalnum())


def system_of(row: Row, catalogue: Catalogue) -> SystemFacts:
    """Node and network of a row: the named machine, else the card's reference system, else a plain host.

    Published node sizes and link rates come before those of the reference system.
    """
    machines = {**catalogue.machines, **catalogue.systems}
    named = machines.get(row.hardware.machine or "") or machines.get(
        SYSTEM_OF_GPU.get(row.hardware.gpu or "", "")
    )
    gpu = catalogue.gpus.get(row.hardware.gpu or "")
    link = gpu.link_bandwidth.si if gpu else float("nan")
    usable = named is not None and named.devices_per_node.si > 0
    base = system_facts(named, link) if named is not None and usable else _plain(gpu)
    per_node = row.hardware.gpus_per_node or min(base.devices_per_node, row.hardware.gpus or 8.0)
    per_node = max(per_node, 1.0)
    network = published_network(row.hardware.interconnect or "", per_node)
    rate = network / per_node if network else base.network_rate
    topology: LinkTopology = base.topology
    domain = base.domain if base.domain > base.devices_per_node else max(per_node, 1.0)
    return SystemFacts(per_node, domain, topology, link, rate)


def _plain(gpu: Gpu | None) -> SystemFacts:
    """A usual host of eight cards where nothing is published.

    Cards with fast links sit on a switch with a network card each, 400 Gbit/s from Hopper on and 200 before
    (DGX, HGX and OAM boards); others share the host's bus and one 100 Gbit/s card.
    """
    link = gpu.link_bandwidth.si if gpu else float("nan")
    if gpu is None or not link > FAST_LINK:
        return SystemFacts(8.0, 8.0, "pcie", link, 100.0 * GBIT / 8.0)
    rate = 400.0 if gpu.family in ("hopper", "blackwell", "cdna") else 200.0
    return SystemFacts(8.0, 8.0, "switch", link, rate * GBIT)


def published_network(text: str, devices_per_node: float) -> float | None:
    """Bytes/s of a node's network as published, one direction; None where the text gives none."""
    each = re.search(r"(\d+) ?x ?(?:HDR ?|NDR ?|EDR ?)?(\d{2,3}) ?G?(?:bps|bit/s)?", text, re.IGNORECASE)
    if each and int(each.group(2)) >= 25:
        return float(each.group(1)) * float(each.group(2)) * GBIT
    card = re.search(r"(\d+) ?Gb/?p?s[^.;]* per GPU|(\d+)Gb/s CX", text)
    if card:
        return float(card.group(1) or card.group(2)) * devices_per_node * GBIT
    node = re.search(r"(\d{3,4}) ?Gbps node", text)
    if node:
        return float(node.group(1)) * GBIT
    path = re.search(r"(\d) Omni-Path", text)
    return float(path.group(1)) * 100.0 * GBIT if path else None


def software_class(row: Row) -> str:
    """The software class of a row: by its framework and year."""
    name = (row.software or "").lower()
    year = row.year or 2024
    if "eager" in (row.precision_as_published or ""):
        return "trainer"
    if "megatron-deepspeed" in name:
        return "megatron-deepspeed"
    if "megatron-lm" in name and year <= 2022:
        return "megatron-2021"
    if any(part in name for part in ("megatron", "nemo", "nanotron")):
        return "megatron"
    if any(part in name for part in ("fsdp", "torchtitan", "foundry", "litgpt", "deepspeed")):
        return "fsdp"
    if name:
        return "trainer"
    large = (row.params.total or 0.0) > LARGE_PARAMETERS or (row.hardware.gpus or 0.0) >= LARGE_GPUS
    return "megatron" if large else "fsdp"


def has_fused_experts(row: Row, biased: bool) -> bool:
    """Whether routed experts run in fused, graph-captured kernels.

    Megatron-Bridge has them from 26.06 on, for block-scaled products (MXFP8, NVFP4) of experts without
    bias terms.
    """
    if row.precision not in BLOCK_SCALED or biased:
        return False
    release = re.search(r"container (\d\d)\.(\d\d)", row.software or "")
    return release is not None and (int(release.group(1)), int(release.group(2))) >= (26, 6)


def uses_fused_attention(row: Row) -> float:
    """1 where attention runs in a fused kernel: as published, else by software class."""
    flag = row.layout.get("flash_attention")
    if isinstance(flag, bool):
        return float(flag)
    return 0.0 if software_class(row) in UNFUSED else 1.0
